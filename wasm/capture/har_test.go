package capture_test

import (
	"fmt"
	"strings"
	"testing"

	"sealbook/wasm/capture"
)

// entry is a HAR of one entry, whose request and response have these members.
func entry(request, response string) string {
	if response != "" {
		response = `,"response":{"status":200,` + response + `}`
	}
	return `{"log":{"entries":[{"startedDateTime":"2026-03-05T12:00:00Z","request":{"method":"POST","url":"http://a.example/",` + request + `}` + response + `}]}}`
}

// What tools really write. The names are the recorders that do.
var harTraps = []struct{ name, har, want string }{
	{"Proxyman: binary body lost", entry(`"headers":[{"name":"Content-Length","value":"12"}],"bodySize":12`, ""), "0 request POST a.example: !BODY_MISSING"},
	{"Proxyman: only bodySize tells", entry(`"headers":[],"bodySize":40,"postData":{"mimeType":"","text":""}`, ""), "0 request POST a.example: !BODY_MISSING"},
	{"mitmproxy: text is null", entry(`"headers":[],"bodySize":0,"postData":{"mimeType":"","text":null}`, `"content":{"size":0,"text":null}`), "0 request POST a.example: !BODY_MISSING|0 response POST a.example 200:"},
	{"null of unknown size", entry(`"headers":[],"bodySize":-1,"postData":{"text":null}`, ""), "0 request POST a.example: !BODY_MISSING"},
	{"text shorter than stated", entry(`"headers":[],"bodySize":9,"postData":{"text":"12345678"}`, ""), "0 request POST a.example: body=12345678 !BODY_TRUNCATED"},
	{"stated size of the packed body", entry(`"headers":[{"name":"Content-Encoding","value":"gzip"}],"bodySize":30,"postData":{"text":"12345678"}`, ""), "0 request POST a.example: body=12345678"},
	{"HTTP Toolkit: too large", entry(`"headers":[],"bodySize":900,"_requestBodyStatus":"discarded:too-large"`, ""), "0 request POST a.example: !BODY_DISCARDED"},
	{"HTTP Toolkit: not decodable", entry(`"headers":[],"bodySize":900,"_requestBodyStatus":"discarded:not-decodable"`, ""), "0 request POST a.example: !BODY_DISCARDED"},
	{"HTTP Toolkit: binary in _content", entry(`"headers":[],"bodySize":4,"_requestBodyStatus":"discarded:not-representable","_content":{"text":"//4AAQ==","size":4,"encoding":"base64"}`, ""), "0 request POST a.example: body=\xff\xfe\x00\x01"},
	{"HTTP Toolkit: a form without text", entry(`"headers":[],"bodySize":24,"postData":{"mimeType":"application/x-www-form-urlencoded","params":[{"name":"phone","value":"+442079460018"},{"name":"x","value":"y"}]}`, ""), "0 request POST a.example: part:phone[form]=+442079460018 part:x[form]=y"},
	{"HTTP Toolkit: trailers", entry(`"headers":[],"bodySize":0,"_trailers":[{"name":"Referer","value":"tel:+442079460018"}]`, ""), "0 request POST a.example: header:Referer=tel:+442079460018"},
	{"multipart as params, a file without content", entry(`"headers":[],"bodySize":-1,"postData":{"mimeType":"multipart/form-data; boundary=x","params":[{"name":"a","value":"1"},{"name":"f","fileName":"contacts.vcf"}]}`, ""), "0 request POST a.example: part:a[multipart]=1 part:f[multipart]=contacts.vcf !BODY_MISSING"},
	{"PCAPdroid up to 1.9.1: replaced", entry(`"headers":[],"bodySize":-1,"postData":{"text":"a\ufffdb"}`, ""), "0 request POST a.example: body=a\ufffdb !BODY_REPLACED"},
	{"replaced, as UTF-8", entry(`"headers":[],"bodySize":-1,"postData":{"text":"a`+"\ufffd"+`b"}`, ""), "0 request POST a.example: body=a\ufffdb !BODY_REPLACED"},
	{"Reqable: postData.encoding", entry(`"headers":[],"bodySize":4,"postData":{"text":"//4AAQ==","encoding":"base64"}`, ""), "0 request POST a.example: body=\xff\xfe\x00\x01"},
	{"broken base64", entry(`"headers":[],"bodySize":-1,"postData":{"text":"YWJj!","encoding":"base64"}`, ""), "0 request POST a.example: body=abc !BROKEN_ENCODING"},
	{"an encoding nobody knows", entry(`"headers":[],"bodySize":-1,"postData":{"text":"abc","encoding":"rot13"}`, ""), "0 request POST a.example: body=abc !UNKNOWN_ENCODING"},
	{"ProxyPin: bytes as code points, by size", entry(`"headers":[],"bodySize":3,"postData":{"text":"a\u00e9\u00ff"}`, ""), "0 request POST a.example: body=a\xe9\xff"},
	{"bytes as code points, by control characters", entry(`"headers":[],"bodySize":-1,"postData":{"text":"\u0008\u0096\u0001"}`, ""), "0 request POST a.example: body=\x08\x96\x01"},
	{"text of the same code points, by size", entry(`"headers":[],"bodySize":5,"postData":{"text":"a\u00e9\u00ff"}`, ""), "0 request POST a.example: body=aéÿ"},
	{"mitmproxy: surrogate escapes", entry(`"headers":[],"bodySize":-1,"postData":{"text":"a\udcff\udc80b"}`, ""), "0 request POST a.example: body=a\xff\x80b"},
	{"a pair of surrogates", entry(`"headers":[],"bodySize":-1,"postData":{"text":"\ud83d\ude00"}`, ""), "0 request POST a.example: body=😀"},
	{"half a pair", entry(`"headers":[],"bodySize":-1,"postData":{"text":"\ud83dx"}`, ""), "0 request POST a.example: body=\xed\xa0\xbdx"},
	{"charset stated falsely: latin-1", entry(`"headers":[{"name":"Content-Type","value":"text/plain; charset=iso-8859-1"}],"bodySize":-1,"postData":{"text":"\u00c3\u00a9"}`, ""), "0 request POST a.example: body=é"},
	{"charset stated falsely: windows-1252", entry(`"headers":[],"bodySize":-1,"postData":{"text":"\u00e2\u20ac\u2122"}`, ""), "0 request POST a.example: body=’"},
	{"charset stated falsely: UTF-16", entry(`"headers":[{"name":"Content-Type","value":"text/plain; charset=utf-16le"}],"bodySize":-1,"postData":{"text":"\u342b\u3234\u3730\u3439\u3036\u3130\u2138"}`, ""), "0 request POST a.example: body=+442079460018!"},
	{"UTF-16 truly", entry(`"headers":[{"name":"Content-Type","value":"text/plain; charset=utf-16"}],"bodySize":10,"postData":{"text":"né42"}`, ""), "0 request POST a.example: body=né42"},
	{"Slack: pairs", entry(`"headers":[["Referer","x"],["Content-Type","text/plain"]],"bodySize":0`, ""), "0 request POST a.example: header:Referer=x"},
	{"an object of headers", entry(`"headers":{"Referer":"x","Other":"y"},"bodySize":0`, ""), "0 request POST a.example: header:Referer=x"},
	{"Playwright: missing file", entry(`"headers":[],"bodySize":0,"postData":{"_file":"gone.bin"}`, ""), "0 request POST a.example: !FILE_MISSING"},
	{"a file outside", entry(`"headers":[],"bodySize":0,"postData":{"_file":"../secret.txt"}`, ""), "0 request POST a.example: !FILE_OUTSIDE"},
	{"a file outside, absolute", entry(`"headers":[],"bodySize":0,"postData":{"_file":"/etc/passwd"}`, ""), "0 request POST a.example: !FILE_OUTSIDE"},
	{"a file outside, of Windows", entry(`"headers":[],"bodySize":0,"postData":{"_file":"c:\\x"}`, ""), "0 request POST a.example: !FILE_OUTSIDE"},
	{"a file outside, in the middle", entry(`"headers":[],"bodySize":0,"postData":{"_file":"a/../../b"}`, ""), "0 request POST a.example: !FILE_OUTSIDE"},
	{"a file beside", entry(`"headers":[],"bodySize":0,"postData":{"_file":"sub/there.bin"}`, `"content":{"size":5,"_file":"there.txt"}`), "0 request POST a.example: body=there|0 response POST a.example 200: body=hello"},
	{"cookies without a header", entry(`"headers":[],"bodySize":0,"cookies":[{"name":"tel","value":"123"}],"queryString":[{"name":"q","value":"z"}]`, ""), "0 request POST a.example: query:q=z cookie:tel=123"},
	{"Chrome: pseudo headers", entry(`"headers":[{"name":":authority","value":"b.example"},{"name":":path","value":"/"},{"name":"referer","value":"r"}],"bodySize":0`, ""), "0 request POST a.example: header:referer=r"},
	{"a body that was packed and is not any more", entry(`"headers":[{"name":"Content-Encoding","value":"br"}],"bodySize":10,"postData":{"text":"plain"}`, ""), "0 request POST a.example: body=plain"},
	{"a response without content", entry(`"headers":[],"bodySize":0`, `"content":{"size":100,"mimeType":"text/html"}`), "0 request POST a.example:|0 response POST a.example 200: !BODY_MISSING"},
	{"WebSocket", `{"log":{"entries":[{"request":{"method":"GET","url":"wss://a.example/s","headers":[]},"_webSocketMessages":[{"type":"send","opcode":1,"data":"one"},{"type":"receive","opcode":2,"data":"//4AAQ=="},{"type":"send","opcode":2,"encoding":"base64","data":"AAE="},{"type":"send","opcode":2,"data":"\u0008\u0096\u0001"},{"type":"send","opcode":1,"data":null}]}]}}`,
		"0 request GET a.example: path=/s|0 request GET a.example websocket: websocket[0]=one|0 response GET a.example websocket: websocket[1]=\xff\xfe\x00\x01|0 request GET a.example websocket: websocket[2]=\x00\x01|0 request GET a.example websocket: websocket[3]=\x08\x96\x01|0 request GET a.example websocket: websocket[4]= !BODY_MISSING"},
	{"broken behind an entry", strings.TrimSuffix(entry(`"headers":[],"bodySize":3,"postData":{"text":"abc"}`, ""), "]}}") + "x", "0 request POST a.example: body=abc|-1 request  : !BAD_CAPTURE"},
	{"cut inside an entry", entry(`"headers":[],"bodySize":3,"postData":{"text":"+442079460018"},"headersSize":1`, "")[:150], "0 request POST a.example: !BODY_MISSING !TRUNCATED|-1 request  : !TRUNCATED"},
	{"no entries", `{"log":[1,2,3],"x":NaN}`, "-1 request  : !BAD_CAPTURE"},
	{"an empty list of entries", `{"log":{"entries":[]}}`, ""},
	{"nothing", ``, "-1 request  : !TRUNCATED"},
}

func TestHARTraps(t *testing.T) {
	beside := map[string][]byte{"sub/there.bin": []byte("there"), "there.txt": []byte("hello")}
	for _, test := range harTraps {
		for _, n := range []int{1 << 20, 1} {
			got, _ := lines("x.har", []byte(test.har), capture.Options{}, n, beside)
			var want []string
			if test.want != "" {
				want = strings.Split(test.want, "|")
			}
			compare(t, fmt.Sprintf("%s, in pieces of %d", test.name, n), got, want)
		}
	}
	if len(harTraps) < 40 {
		t.Errorf("%d traps", len(harTraps))
	}
}
