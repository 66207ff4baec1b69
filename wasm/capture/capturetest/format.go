package capturetest

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

type object = map[string]any

// pairs are headers as a HAR has them.
func pairs(header [][2]string) []object {
	list := []object{}
	for _, h := range header {
		list = append(list, object{"name": h[0], "value": h[1]})
	}
	return list
}

// Entries are the entries of a HAR as objects that a test may change.
func Entries(exchanges ...Exchange) []object {
	list := []object{}
	for _, e := range exchanges {
		request := object{"method": e.method(), "url": e.url(), "httpVersion": "HTTP/1.1", "headers": pairs(e.Header), "cookies": []any{}, "queryString": []any{}, "headersSize": -1, "bodySize": len(e.Body)}
		if len(e.Body) > 0 {
			request["postData"] = body(e.Body, "text")
		}
		content := body(e.ResponseBody, "text")
		content["size"] = len(e.ResponseBody)
		response := object{"status": e.status(), "statusText": "", "headers": pairs(e.ResponseHeader), "content": content, "bodySize": len(e.ResponseBody)}
		list = append(list, object{"startedDateTime": "2026-03-05T12:00:00.123Z", "time": 1.5, "request": request, "response": response, "cache": object{}, "timings": object{"send": 1}})
	}
	return list
}

func body(p []byte, key string) object {
	if utf8.Valid(p) {
		return object{"mimeType": "", key: string(p)}
	}
	return object{"mimeType": "", key: base64.StdEncoding.EncodeToString(p), "encoding": "base64"}
}

// HAR writes entries.
func HAR(entries []object) []byte {
	return must(json.Marshal(object{"log": object{"version": "1.2", "creator": object{"name": "capturetest", "version": "1"}, "entries": entries}}))
}

func must(p []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return p
}

// Zip writes an archive; names in order, deflated.
func Zip(members ...[2]string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range members {
		f, err := w.Create(m[0])
		if err == nil {
			_, err = f.Write([]byte(m[1]))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// HARZip writes a HAR with its bodies in members, as Playwright does.
func HARZip(exchanges ...Exchange) []byte {
	var members [][2]string
	entries := Entries(exchanges...)
	for i, e := range exchanges {
		if len(e.Body) > 0 {
			name := fmt.Sprintf("request-%d.bin", i)
			members = append(members, [2]string{name, string(e.Body)})
			entries[i]["request"].(object)["postData"] = object{"mimeType": "", "_file": name}
		}
		if len(e.ResponseBody) > 0 {
			name := fmt.Sprintf("resources/response-%d.bin", i)
			members = append(members, [2]string{name, string(e.ResponseBody)})
			entries[i]["response"].(object)["content"] = object{"mimeType": "", "size": len(e.ResponseBody), "_file": name}
		}
	}
	return Zip(append([][2]string{{"har.har", string(HAR(entries))}}, members...)...)
}

// SAZ writes a Fiddler archive.
func SAZ(exchanges ...Exchange) []byte {
	members := [][2]string{{"[Content_Types].xml", "<Types/>"}}
	for i, e := range exchanges {
		members = append(members, [2]string{fmt.Sprintf("raw/%d_c.txt", i+1), string(e.RawRequest())},
			[2]string{fmt.Sprintf("raw/%d_m.xml", i+1), "<Session/>"}, [2]string{fmt.Sprintf("raw/%d_s.txt", i+1), string(e.RawResponse())})
	}
	return Zip(members...)
}

// Burp writes what "Save items" does, in base64 or in CDATA sections.
func Burp(coded bool, exchanges ...Exchange) []byte {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\"?>\n<!DOCTYPE items [\n<!ELEMENT items (item*)>\n<!ATTLIST items burpVersion CDATA \"\">\n]>\n<items burpVersion=\"2026.1\" exportTime=\"Thu Mar 05 12:00:00 CET 2026\">\n")
	message := func(name string, p []byte) {
		text := string(p)
		if coded {
			text = base64.StdEncoding.EncodeToString(p)
		}
		fmt.Fprintf(&b, "    <%s base64=\"%v\"><![CDATA[%s]]></%s>\n", name, coded, text, name)
	}
	for _, e := range exchanges {
		fmt.Fprintf(&b, "  <item>\n    <time>Thu Mar 05 12:00:00 CET 2026</time>\n    <url><![CDATA[%s]]></url>\n    <host ip=\"198.51.100.7\">%s</host>\n    <port>443</port>\n", e.url(), e.host())
		message("request", e.RawRequest())
		fmt.Fprintf(&b, "    <status>%d</status>\n", e.status())
		message("response", e.RawResponse())
		b.WriteString("    <comment></comment>\n  </item>\n")
	}
	b.WriteString("</items>\n")
	return []byte(b.String())
}

// Chlsj writes Charles's JSON.
func Chlsj(exchanges ...Exchange) []byte {
	list := []object{}
	for _, e := range exchanges {
		u, err := url.Parse(e.url())
		if err != nil {
			panic(err)
		}
		side := func(header [][2]string, p []byte) object {
			o := object{"sizes": object{"headers": 1, "body": len(p)}, "mimeType": nil, "header": object{"headers": pairs(header)}}
			if len(p) > 0 {
				text := object{"text": string(p), "charset": nil}
				if !utf8.Valid(p) {
					text = object{"encoding": "base64", "encoded": base64.StdEncoding.EncodeToString(p)}
				}
				o["body"] = text
			}
			return o
		}
		response := side(e.ResponseHeader, e.ResponseBody)
		response["status"] = e.status()
		list = append(list, object{"status": "COMPLETE", "method": e.method(), "protocolVersion": "HTTP/1.1", "scheme": "https", "host": e.host(), "port": nil, "actualPort": 443,
			"path": u.EscapedPath(), "query": u.RawQuery, "times": object{"start": "2026-03-05T12:00:00.123Z"}, "request": side(e.Header, e.Body), "response": response})
	}
	return must(json.Marshal(list))
}

// Tnet writes a value as a tnetstring: nil, bool, int, float64, string (bytes),
// Text, []any, and [][2]any for dictionaries.
func Tnet(v any) []byte {
	kind, data := byte('~'), []byte(nil)
	switch v := v.(type) {
	case bool:
		kind, data = '!', strconv.AppendBool(nil, v)
	case int:
		kind, data = '#', strconv.AppendInt(nil, int64(v), 10)
	case float64:
		kind, data = '^', strconv.AppendFloat(nil, v, 'f', 6, 64)
	case string:
		kind, data = ',', []byte(v)
	case Text:
		kind, data = ';', []byte(v)
	case []any:
		kind = ']'
		for _, x := range v {
			data = append(data, Tnet(x)...)
		}
	case [][2]any:
		kind = '}'
		for _, x := range v {
			data = append(append(data, Tnet(x[0])...), Tnet(x[1])...)
		}
	}
	return append(append(strconv.AppendInt(nil, int64(len(data)), 10), ':'), append(data, kind)...)
}

// Text is a tnetstring of Unicode text.
type Text string

// MitmVersions are the versions of mitmproxy's flows; 10 and below stand for
// 0.10 to 0.18.
var MitmVersions = []any{
	[]any{0, 10, 1}, []any{0, 11, 0}, []any{0, 13, 0}, []any{0, 14, 0}, []any{0, 17, 0}, []any{0, 18, 2},
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
}

// Mitm writes exchanges as flows of a version.
func Mitm(version any, exchanges ...Exchange) (out []byte) {
	old := false
	if list, ok := version.([]any); ok {
		old = list[1].(int) < 13
	}
	for _, e := range exchanges {
		side := func(header [][2]string, p []byte) [][2]any {
			list := []any{}
			for _, h := range header {
				list = append(list, []any{h[0], h[1]})
			}
			return [][2]any{{"headers", list}, {"content", string(p)}, {"timestamp_start", 1772712000.25}, {"timestamp_end", 1772712000.5}}
		}
		http, status := "http_version", "status_code"
		var v any = "HTTP/1.1"
		if old {
			http, status, v = "httpversion", "code", []any{1, 1}
		}
		request := append(side(append([][2]string{{"Host", e.host()}}, e.Header...), e.Body), [][2]any{{"method", e.method()}, {"scheme", "https"}, {"host", Text(e.host())}, {"port", 443}, {"path", e.path()}, {http, v}}...)
		response := append(side(e.ResponseHeader, e.ResponseBody), [][2]any{{status, e.status()}, {http, v}}...)
		flow := [][2]any{{"version", version}, {"request", request}, {"response", response}, {"error", nil}}
		if !old {
			flow = append(flow, [2]any{"type", Text("http")})
		}
		out = append(out, Tnet(flow)...)
	}
	return out
}

// MitmMessages writes a flow of type websocket (before version 12 of its own,
// then inside http), tcp or udp.
func MitmMessages(version int, kind string, said ...Said) []byte {
	list := []any{}
	for _, s := range said {
		m := []any{s.Client, string(s.Data), 1772712000.75}
		if kind == "websocket" {
			m = []any{1, s.Client, string(s.Data), 1772712000.75, false}
		}
		list = append(list, m)
	}
	server := [][2]any{{"address", []any{Text("server.example.com"), 5222}}}
	if kind != "websocket" || version < 12 {
		return Tnet([][2]any{{"version", version}, {"type", Text(kind)}, {"server_conn", server}, {"messages", list}})
	}
	request := [][2]any{{"method", "GET"}, {"host", Text("ws.example.com")}, {"path", "/live"}, {"headers", []any{}}, {"content", ""}}
	response := [][2]any{{"status_code", 101}, {"headers", []any{}}, {"content", ""}}
	return Tnet([][2]any{{"version", version}, {"type", Text("http")}, {"request", request}, {"response", response}, {"websocket", [][2]any{{"messages", list}}}})
}
