package audit

import (
	"bytes"
	"compress/gzip"
	"crypto/tls"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sealbook/wasm/audit"
	"sealbook/wasm/capture"
	"sealbook/wasm/capture/capturetest"
	"sealbook/wasm/capture/file"
)

// A body that was lost is never clean, in any format: the verdict is that nobody
// can tell, and the reason is said.
func TestLost(t *testing.T) {
	const text = `{"hello":"there is more text than this"}`
	post := func(header ...string) capturetest.Exchange {
		e := capturetest.Exchange{Method: "POST", Path: "/up", Body: []byte(text), Header: [][2]string{{"Content-Type", "application/json"}}}
		if len(header) > 0 {
			e.Header = append(e.Header, [2]string{header[0], header[1]})
		}
		return e
	}
	broken := post("Content-Encoding", "gzip")
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(broken.Body)
	w.Close()
	broken.Body = b.Bytes()[:b.Len()-12]
	unknown := post("Content-Encoding", "aes128gcm")
	replaced := post()
	replaced.Body = []byte("\ufffd\x08\ufffd\ufffdabc, and more text")
	short := post("Content-Length", "500")

	har := func(change func(request map[string]any)) []byte {
		list := capturetest.Entries(post())
		change(list[0]["request"].(map[string]any))
		return capturetest.HAR(list)
	}
	postData := func(r map[string]any) map[string]any { return r["postData"].(map[string]any) }
	swap := func(p []byte, old, new string) []byte {
		if bytes.Count(p, []byte(old)) != 1 {
			t.Fatalf("%q stands there %d times", old, bytes.Count(p, []byte(old)))
		}
		return bytes.Replace(p, []byte(old), []byte(new), 1)
	}
	pcap := func(talk capturetest.Talk) []byte {
		return capturetest.Capture{Link: 1}.Pcap(capturetest.Wire{}.Packets(talk)...)
	}
	cut := func(e capturetest.Exchange) capturetest.Talk {
		return capturetest.Talk{{Client: true, Data: e.RawRequest()}}
	}
	secret, _, err := capturetest.TLS(capturetest.HTTP1(post()), tls.VersionTLS13, 0, "api.vendor.example")
	if err != nil {
		t.Fatal(err)
	}
	message := func(content any, more ...[2]any) [][2]any {
		return append([][2]any{{"headers", []any{[]any{"Content-Type", "application/json"}}}, {"content", content}, {"http_version", "HTTP/1.1"}}, more...)
	}
	streamed := capturetest.Tnet([][2]any{{"version", 20}, {"type", capturetest.Text("http")}, {"error", nil},
		{"request", message(nil, [2]any{"method", "POST"}, [2]any{"scheme", "http"}, [2]any{"host", capturetest.Text("api.example.com")}, [2]any{"port", 80}, [2]any{"path", "/up"})},
		{"response", message("ok", [2]any{"status_code", 200})}})
	quic := append([]byte{0xc3, 0, 0, 0, 1, 8}, make([]byte, 1194)...)
	large := post()
	large.Body = bytes.Repeat([]byte("some text, "), 400)
	whole := capturetest.Wire{}.Packets(capturetest.HTTP1(large))
	gap := slices.Delete(slices.Clone(whole), 4, 5) // of the body

	for _, test := range []struct {
		name   string
		data   []byte
		reason string
	}{
		{"size.har", har(func(r map[string]any) { r["bodySize"] = 500 }), "BODY_TRUNCATED"},
		{"nothing.har", har(func(r map[string]any) { delete(r, "postData") }), "BODY_MISSING"},
		{"null.har", har(func(r map[string]any) { postData(r)["text"] = nil }), "BODY_MISSING"},
		{"replaced.har", har(func(r map[string]any) { postData(r)["text"] = "\ufffd\x08\ufffd" }), "BODY_REPLACED"},
		{"file.har", har(func(r map[string]any) { delete(postData(r), "text"); postData(r)["_file"] = "gone.bin" }), "FILE_MISSING"},
		{"outside.har", har(func(r map[string]any) { delete(postData(r), "text"); postData(r)["_file"] = "../gone.bin" }), "FILE_OUTSIDE"},
		{"discarded.har", har(func(r map[string]any) {
			delete(r, "postData")
			r["_requestBodyStatus"] = "discarded:too-large"
		}), "BODY_DISCARDED"},
		{"unknown.har", har(func(r map[string]any) { postData(r)["encoding"] = "rot13" }), "UNKNOWN_ENCODING"},
		{"broken.har", har(func(r map[string]any) { postData(r)["encoding"] = "base64" }), "BROKEN_ENCODING"},
		{"content.har", capturetest.HAR(capturetest.Entries(broken)), "BROKEN_ENCODING"},
		{"member.har.zip", capturetest.Zip([2]string{"har.har", string(har(func(r map[string]any) { delete(postData(r), "text"); postData(r)["_file"] = "gone.bin" }))}), "FILE_MISSING"},

		{"size.chlsj", swap(capturetest.Chlsj(post()), `"sizes":{"body":40`, `"sizes":{"body":500`), "BODY_TRUNCATED"},
		{"null.chlsj", bytes.Replace(capturetest.Chlsj(post()), []byte(`"text":"{\"hello\":\"there is more text than this\"}"`), []byte(`"text":null`), 1), "BODY_MISSING"},
		{"replaced.chlsj", capturetest.Chlsj(replaced), "BODY_REPLACED"},
		{"unknown.chlsj", capturetest.Chlsj(unknown), "UNKNOWN_ENCODING"},
		{"broken.chlsj", capturetest.Chlsj(broken), "BROKEN_ENCODING"},

		{"size.xml", capturetest.Burp(true, short), "BODY_TRUNCATED"},
		{"replaced.xml", capturetest.Burp(false, replaced), "BODY_REPLACED"},
		{"unknown.xml", capturetest.Burp(true, unknown), "UNKNOWN_ENCODING"},
		{"broken.xml", capturetest.Burp(true, broken), "BROKEN_ENCODING"},

		{"size.saz", capturetest.SAZ(short), "BODY_TRUNCATED"},
		{"unknown.saz", capturetest.SAZ(unknown), "UNKNOWN_ENCODING"},
		{"broken.saz", capturetest.SAZ(broken), "BROKEN_ENCODING"},

		{"streamed.mitm", streamed, "BODY_STREAMED"},
		{"size.mitm", capturetest.Mitm(20, short), "BODY_TRUNCATED"},
		{"unknown.mitm", capturetest.Mitm(20, unknown), "UNKNOWN_ENCODING"},
		{"broken.mitm", capturetest.Mitm(20, broken), "BROKEN_ENCODING"},

		{"size.pcap", pcap(cut(short)), "BODY_TRUNCATED"},
		{"unknown.pcap", pcap(capturetest.HTTP1(unknown)), "UNKNOWN_ENCODING"},
		{"broken.pcap", pcap(capturetest.HTTP1(broken)), "BROKEN_ENCODING"},
		{"tls.pcap", capturetest.Capture{Link: 1}.Pcap(capturetest.Wire{Port: 443}.Packets(secret)...), "NO_KEY"},
		{"quic.pcap", capturetest.Capture{Link: 1}.Pcap(capturetest.Wire{}.UDP(true, quic)), "QUIC"},
		{"gap.pcap", capturetest.Capture{Link: 1}.Pcap(gap...), "GAP"},
		{"tls.pcapng", capturetest.Capture{Link: 1}.Pcapng(capturetest.Wire{Port: 443}.Packets(secret)...), "NO_KEY"},
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, test.name)
		if err := os.WriteFile(path, test.data, 0o600); err != nil {
			t.Fatal(err)
		}
		a := audit.New(new(audit.Book), audit.Options{})
		if _, err := file.Read(path, capture.Options{}, func(m *capture.Message) { a.Message(m) }, nil); err != nil {
			t.Fatal(err)
		}
		r := a.End()
		var reasons []string
		for _, u := range r.Unreadable {
			reasons = append(reasons, u.Reason)
		}
		if !slices.Contains(reasons, test.reason) || r.Verdict() != audit.CannotTell {
			t.Errorf("%s: %v because of %s, want cannot tell because of %s", test.name, r.Verdict(), strings.Join(reasons, ", "), test.reason)
		}
	}
}
