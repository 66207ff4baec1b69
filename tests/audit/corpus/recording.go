package corpus

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"
)

// A recording takes requests and writes them in the format of its name.
type recording struct {
	name     string
	requests []Request
	spare    []bool // body in gzip on the wire
}

// add puts a request into the recording and returns where it is.
func (f *recording) add(r *rand.Rand, q Request) (string, int) {
	f.requests = append(f.requests, q)
	f.spare = append(f.spare, r.IntN(4) == 0 && q.Lost == "" && len(q.Body) > 0)
	return f.name, len(f.requests) - 1
}

func (q *Request) target() string {
	t := q.Path
	for i, p := range q.Query {
		if i == 0 {
			t += "?"
		} else {
			t += "&"
		}
		t += p[0] + "=" + p[1]
	}
	return t
}

// headers are the request's header fields on the wire.
func (q *Request) headers(body []byte, packed bool) [][2]string {
	h := [][2]string{{"Host", q.Host}, {"User-Agent", "Corpus/1.0 (Linux; Android 14)"}}
	h = append(h, q.Header...)
	if len(body) > 0 {
		h = append(h, [2]string{"Content-Type", q.Type}, [2]string{"Content-Length", fmt.Sprint(len(body))})
	}
	if packed {
		h = append(h, [2]string{"Content-Encoding", "gzip"})
	}
	return h
}

// wire is the request as HTTP/1.1 sends it.
func (q *Request) wire(packed bool, absolute bool) []byte {
	body := q.Body
	if packed {
		body = gzipped(body)
	}
	target := q.target()
	if absolute {
		target = "http://" + q.Host + target
	}
	out := []byte(q.Method + " " + target + " HTTP/1.1\r\n")
	for _, h := range q.headers(body, packed) {
		out = append(out, h[0]+": "+h[1]+"\r\n"...)
	}
	return append(append(out, "\r\n"...), body...)
}

func gzipped(p []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(p)
	w.Close()
	return b.Bytes()
}

const answer = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"

func (f *recording) bytes() []byte {
	switch f.name[strings.LastIndexByte(f.name, '.'):] {
	case ".har":
		return f.har()
	case ".pcap":
		return f.pcap()
	case ".flow":
		return f.flow()
	case ".chlsj":
		return f.chlsj()
	case ".xml":
		return f.burp()
	}
	return f.saz()
}

type object = map[string]any

func pairs(list [][2]string) []object {
	out := []object{}
	for _, p := range list {
		out = append(out, object{"name": p[0], "value": p[1]})
	}
	return out
}

// har writes HAR 1.2. Bodies that are no text go where HTTP Toolkit or Reqable
// put them.
func (f *recording) har() []byte {
	var entries []object
	for i := range f.requests {
		q := &f.requests[i]
		req := object{"method": q.Method, "url": "https://" + q.Host + q.target(), "httpVersion": "HTTP/1.1", "headers": pairs(q.headers(q.Body, false)),
			"queryString": []object{}, "cookies": []object{}, "headersSize": -1, "bodySize": len(q.Body)}
		if len(q.Body) > 0 {
			data := object{"mimeType": q.Type}
			switch {
			case utf8.Valid(q.Body) && !bytes.ContainsRune(q.Body, 0):
				data["text"] = string(q.Body)
			case i%2 == 0:
				data["text"], data["encoding"] = base64.StdEncoding.EncodeToString(q.Body), "base64"
			default:
				req["_requestBodyStatus"] = "discarded:not-representable"
				req["_content"] = object{"text": base64.StdEncoding.EncodeToString(q.Body), "encoding": "base64", "size": len(q.Body)}
			}
			switch q.Lost {
			case "missing":
				delete(data, "text")
				req["bodySize"] = 500
			case "null":
				data["text"] = nil
			case "cut":
				req["bodySize"] = len(q.Body) + 200
			case "replaced":
				data["text"] = "\ufffd\ufffd\x08\ufffdabc"
			case "unknown encoding":
				data["text"] = base64.StdEncoding.EncodeToString([]byte("\x01\x02\xff\xfe secret"))
				data["encoding"] = "base64"
				req["headers"] = append(req["headers"].([]object), object{"name": "Content-Encoding", "value": "aes128gcm"})
			case "broken gzip":
				data["text"] = base64.StdEncoding.EncodeToString(gzipped(q.Body)[:20])
				data["encoding"] = "base64"
				req["headers"] = append(req["headers"].([]object), object{"name": "Content-Encoding", "value": "gzip"})
			}
			if req["_content"] == nil {
				req["postData"] = data
			}
		}
		entries = append(entries, object{"startedDateTime": fmt.Sprintf("2026-05-01T10:%02d:%02d.000Z", i/60%60, i%60), "time": 1, "request": req,
			"response": object{"status": 200, "statusText": "OK", "httpVersion": "HTTP/1.1", "headers": []object{}, "cookies": []object{}, "redirectURL": "", "headersSize": -1, "bodySize": 2,
				"content": object{"size": 2, "mimeType": "text/plain", "text": "ok"}}, "cache": object{}, "timings": object{"send": 0, "wait": 1, "receive": 0}})
	}
	out, _ := json.Marshal(object{"log": object{"version": "1.2", "creator": object{"name": "corpus", "version": "1"}, "entries": entries}})
	return out
}

// chlsj writes the session of Charles.
func (f *recording) chlsj() []byte {
	var list []object
	for i := range f.requests {
		q := &f.requests[i]
		body := object{}
		if utf8.Valid(q.Body) && !bytes.ContainsRune(q.Body, 0) {
			body["text"] = string(q.Body)
		} else {
			body["encoding"], body["encoded"] = "base64", base64.StdEncoding.EncodeToString(q.Body)
		}
		query := any(nil)
		if _, after, ok := strings.Cut(q.target(), "?"); ok {
			query = after
		}
		req := object{"sizes": object{"body": len(q.Body)}, "header": object{"headers": pairs(q.headers(q.Body, false)), "firstLine": q.Method + " " + q.target() + " HTTP/1.1"}}
		if len(q.Body) > 0 {
			req["body"], req["mimeType"] = body, q.Type
		}
		list = append(list, object{"status": "COMPLETE", "method": q.Method, "scheme": "https", "host": q.Host, "port": nil, "actualPort": 443, "path": q.Path, "query": query,
			"times": object{"start": "2026-05-01T10:00:00.000Z"}, "request": req,
			"response": object{"status": 200, "sizes": object{"body": 2}, "header": object{"headers": []object{}}, "body": object{"text": "ok"}}})
	}
	out, _ := json.Marshal(list)
	return out
}

// burp writes the items of Burp.
func (f *recording) burp() []byte {
	var b bytes.Buffer
	b.WriteString("<?xml version=\"1.0\"?>\n<items burpVersion=\"2026.1\" exportTime=\"Fri May 01 10:00:00 UTC 2026\">\n")
	for i := range f.requests {
		q := &f.requests[i]
		wire := q.wire(f.spare[i], false)
		fmt.Fprintf(&b, "<item><time>Fri May 01 10:00:00 UTC 2026</time><url><![CDATA[http://%s%s]]></url><host ip=\"\">%s</host><port>80</port><protocol>http</protocol><method><![CDATA[%s]]></method><path><![CDATA[%s]]></path>",
			q.Host, q.target(), q.Host, q.Method, q.target())
		fmt.Fprintf(&b, "<request base64=\"true\"><![CDATA[%s]]></request><status>200</status><response base64=\"true\"><![CDATA[%s]]></response></item>\n",
			base64.StdEncoding.EncodeToString(wire), base64.StdEncoding.EncodeToString([]byte(answer)))
	}
	b.WriteString("</items>\n")
	return b.Bytes()
}

// saz writes the archive of Fiddler.
func (f *recording) saz() []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := range f.requests {
		for _, m := range []struct {
			side string
			data []byte
		}{{"c", f.requests[i].wire(f.spare[i], true)}, {"s", []byte(answer)}} {
			member, _ := w.Create(fmt.Sprintf("raw/%d_%s.txt", i+1, m.side))
			member.Write(m.data)
		}
	}
	w.Close()
	return b.Bytes()
}

// flow writes mitmproxy's flows, version 20, as tnetstrings.
func (f *recording) flow() []byte {
	var out []byte
	for i := range f.requests {
		q := &f.requests[i]
		body := q.Body
		if f.spare[i] {
			body = gzipped(body)
		}
		var headers []any
		for _, h := range q.headers(body, f.spare[i]) {
			headers = append(headers, []any{[]byte(h[0]), []byte(h[1])})
		}
		req := object{"http_version": []byte("HTTP/1.1"), "headers": headers, "content": body, "trailers": nil, "timestamp_start": 1777629600.0 + float64(i), "timestamp_end": 1777629600.5 + float64(i),
			"host": q.Host, "port": 80, "method": []byte(q.Method), "scheme": []byte("http"), "authority": []byte(""), "path": []byte(q.target())}
		resp := object{"http_version": []byte("HTTP/1.1"), "headers": []any{[]any{[]byte("Content-Length"), []byte("2")}}, "content": []byte("ok"), "trailers": nil,
			"timestamp_start": 1777629601.0 + float64(i), "timestamp_end": 1777629601.5 + float64(i), "status_code": 200, "reason": []byte("OK")}
		out = append(out, tnet(object{"type": "http", "version": 20, "id": fmt.Sprintf("%032d", i), "error": nil, "client_conn": object{}, "server_conn": object{}, "intercepted": false, "is_replay": nil, "marked": "",
			"metadata": object{}, "comment": "", "timestamp_created": 1777629600.0, "request": req, "response": resp, "websocket": nil})...)
	}
	return out
}

func tnet(v any) []byte {
	var p []byte
	mark := byte(0)
	switch v := v.(type) {
	case nil:
		mark = '~'
	case bool:
		p, mark = fmt.Append(nil, v), '!'
	case int:
		p, mark = fmt.Append(nil, v), '#'
	case float64:
		p, mark = fmt.Appendf(nil, "%f", v), '^'
	case []byte:
		p, mark = v, ','
	case string:
		p, mark = []byte(v), ';'
	case []any:
		for _, x := range v {
			p = append(p, tnet(x)...)
		}
		mark = ']'
	case object:
		keys := make([]string, 0, len(v))
		for k := range v {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		for _, k := range keys {
			p = append(append(p, tnet(k)...), tnet(v[k])...)
		}
		mark = '}'
	}
	return append(append(fmt.Appendf(nil, "%d:", len(p)), p...), mark)
}

// pcap writes a TCP connection for each request, over raw IP, in segments of 700
// bytes.
func (f *recording) pcap() []byte {
	out := []byte{0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 101, 0, 0, 0}
	at := uint32(0)
	packet := func(port uint16, up bool, seq, ack uint32, flags byte, data []byte) {
		tcp := make([]byte, 20, 20+len(data))
		from, to := port, uint16(80)
		if !up {
			from, to = to, from
		}
		binary.BigEndian.PutUint16(tcp[0:], from)
		binary.BigEndian.PutUint16(tcp[2:], to)
		binary.BigEndian.PutUint32(tcp[4:], seq)
		binary.BigEndian.PutUint32(tcp[8:], ack)
		tcp[12], tcp[13] = 5<<4, flags
		binary.BigEndian.PutUint16(tcp[14:], 65535)
		tcp = append(tcp, data...)
		ip := []byte{0x45, 0, 0, 0, 0, 0, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 192, 0, 2, 1}
		if !up {
			copy(ip[12:], []byte{192, 0, 2, 1, 10, 0, 0, 1})
		}
		binary.BigEndian.PutUint16(ip[2:], uint16(20+len(tcp)))
		ip = append(ip, tcp...)
		at++
		out = binary.LittleEndian.AppendUint32(out, 1777629600+at/1000)
		out = binary.LittleEndian.AppendUint32(out, at%1000*1000)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(ip)))
		out = binary.LittleEndian.AppendUint32(out, uint32(len(ip)))
		out = append(out, ip...)
	}
	for i := range f.requests {
		port := uint16(20000 + i)
		packet(port, true, 100, 0, 2, nil)
		packet(port, false, 500, 101, 0x12, nil)
		packet(port, true, 101, 501, 0x10, nil)
		seq := uint32(101)
		for wire := f.requests[i].wire(f.spare[i], false); len(wire) > 0; {
			n := min(700, len(wire))
			packet(port, true, seq, 501, 0x18, wire[:n])
			seq += uint32(n)
			wire = wire[n:]
		}
		packet(port, false, 501, seq, 0x18, []byte(answer))
		packet(port, true, seq, 501+uint32(len(answer)), 0x11, nil)
		packet(port, false, 501+uint32(len(answer)), seq+1, 0x11, nil)
	}
	return out
}
