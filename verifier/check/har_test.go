package check_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"sealbook/site"
	"sealbook/verifier/check"
	"sealbook/wasm/trust"
)

type object = map[string]any

// entryOf is how a browser's tools write a request and its answer down: HAR 1.2
// with fields of their own, pseudo fields of HTTP/2, and what is no text in Base64.
func entryOf(address, method string, status int, header http.Header, body []byte) object {
	fields := []object{{"name": ":status", "value": "200"}}
	for _, name := range slices.Sorted(maps.Keys(header)) {
		fields = append(fields, object{"name": strings.ToLower(name), "value": strings.Join(header[name], "\n")})
	}
	content := object{"size": len(body), "mimeType": header.Get("Content-Type"), "text": string(body)}
	if !utf8.Valid(body) || strings.Contains(header.Get("Content-Type"), "wasm") {
		content["text"], content["encoding"] = base64.StdEncoding.EncodeToString(body), "base64"
	}
	return object{
		"_initiator": object{"type": "other"}, "_priority": "VeryHigh", "_resourceType": "document", "_connectionId": "97",
		"cache": object{}, "connection": "443", "startedDateTime": "2026-11-29T08:00:00.123Z", "time": 12.3,
		"timings": object{"blocked": 1.5, "dns": -1, "ssl": -1, "connect": -1, "send": 0.1, "wait": 9.2, "receive": 1.5}, "serverIPAddress": "192.0.2.1",
		"request": object{
			"method": method, "url": address, "httpVersion": "http/2.0", "queryString": []object{}, "cookies": []object{}, "headersSize": -1, "bodySize": 0,
			"headers": []object{{"name": ":authority", "value": "sealbook.example"}, {"name": ":path", "value": "/"}},
		},
		"response": object{
			"status": status, "statusText": "", "httpVersion": "http/2.0", "headers": fields, "cookies": []object{}, "content": content,
			"redirectURL": "", "headersSize": -1, "bodySize": -1, "_transferSize": 4321, "_error": nil, "_fetchedViaServiceWorker": false,
		},
	}
}

func TestHAR(t *testing.T) {
	const origin = "https://sealbook.example/"
	p := newPublisher(t)
	files := p.publish(t, "1.0.0")
	policy, err := trust.ParsePolicy(p.policy)
	if err != nil {
		t.Fatal(err)
	}
	h, err := site.Handler(files)
	if err != nil {
		t.Fatal(err)
	}
	visited := func(path string) object {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/"+path, nil))
		return entryOf(origin+path, "GET", w.Code, w.Header(), w.Body.Bytes())
	}
	response := func(e object) object { return e["response"].(object) }
	content := func(e object) object { return response(e)["content"].(object) }
	addField := func(e object, name, value string) {
		r := response(e)
		r["headers"] = append(r["headers"].([]object), object{"name": name, "value": value})
	}
	// A page and what it loads, an icon that is not there, and what is no request to a site.
	visit := func() []object {
		list := []object{visited(""), visited("find"), visited("style.css"), visited("worker/book.js"), visited("core.wasm"), visited("favicon.ico"), visited("sw.js?x=1")}
		list[1] = visited("find.html")
		list[1]["request"].(object)["url"] = origin + "find" // of a host that drops the ending
		blocked := entryOf("https://sealbook.example/blocked", "GET", 0, http.Header{}, nil)
		response(blocked)["_error"] = "net::ERR_BLOCKED_BY_CSP"
		fresh := entryOf(origin+"icon.svg", "GET", 304, http.Header{"Etag": {`"x"`}}, nil)
		return append(list, blocked, fresh, entryOf("data:image/svg+xml,x", "GET", 200, http.Header{}, nil), entryOf("blob:https://sealbook.example/1", "GET", 200, http.Header{}, nil),
			entryOf(origin+"v2/directory", "GET", 200, http.Header{"Set-Cookie": {"a=b"}}, []byte("{}")))
	}
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	if err := files.Write(log); err != nil {
		t.Fatal(err)
	}
	judge := func(text []byte) (*check.Report, error) {
		file := filepath.Join(t.TempDir(), "visit.har")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		source, err := check.Open(file)
		if err != nil {
			return nil, err
		}
		if check.Origin(source) != origin {
			t.Errorf("the HAR is of %s", check.Origin(source))
		}
		o := check.Options{Policy: policy, Now: now}
		if o.Log, err = check.Open(log); err != nil {
			t.Fatal(err)
		}
		return check.Site(context.Background(), source, o), nil
	}
	for _, c := range []struct {
		name, where string
		code        trust.Code
		exit        int
		change      func([]object) []object
	}{
		{"honest", "", "", 0, func(l []object) []object { return l }},
		{"a bit of the page", "/", trust.File, 1, func(l []object) []object {
			content(l[0])["text"] = strings.Replace(content(l[0])["text"].(string), "text", "test", 1)
			return l
		}},
		{"a bit of a page without its ending", "find.html", trust.File, 1, func(l []object) []object {
			content(l[1])["text"] = "<!doctype html>fine"
			return l
		}},
		{"a bit of the module", "core.wasm", trust.File, 1, func(l []object) []object {
			content(l[4])["text"] = base64.StdEncoding.EncodeToString(flip(files["core.wasm"]))
			return l
		}},
		{"another sw.js", "sw.js", trust.File, 1, func(l []object) []object {
			content(l[6])["text"] = "self.skipWaiting()"
			content(l[6])["size"] = 18
			return l
		}},
		{"two cookies in a line", "/", check.Header, 1, func(l []object) []object { addField(l[0], "set-cookie", "a=b\nc=d"); return l }},
		{"a policy doubled", "/", check.Header, 1, func(l []object) []object {
			addField(l[0], "content-security-policy", "default-src 'none'")
			return l
		}},
		{"a field with 304", "icon.svg", check.Header, 1, func(l []object) []object { addField(l[8], "clear-site-data", `"storage"`); return l }},
		{"a path that the release does not have", "x.js", check.Extra, 1, func(l []object) []object {
			return append(l, entryOf(origin+"x.js", "GET", 200, http.Header{}, []byte("1")))
		}},
		{"304 for such a path", "x.js", check.Extra, 1, func(l []object) []object {
			return append(l, entryOf(origin+"x.js", "GET", 304, http.Header{}, nil))
		}},
		{"another host", "/", check.Extra, 1, func(l []object) []object {
			return append(l, entryOf("https://x.example/a.js", "GET", 200, http.Header{}, []byte("1")))
		}},
		{"a redirect", "style.css", check.Status, 1, func(l []object) []object { response(l[2])["status"] = 302; return l }},
		{"a body that was left out", "core.wasm", check.Fetch, 2, func(l []object) []object { delete(content(l[4]), "text"); return l }},
		{"a body that was cut short", "style.css", check.Fetch, 2, func(l []object) []object { content(l[2])["size"] = 1000; return l }},
		{"Base64 that is none", "core.wasm", check.Fetch, 2, func(l []object) []object { content(l[4])["text"] = "?"; return l }},
	} {
		text, err := json.Marshal(object{"log": object{"version": "1.2", "creator": object{"name": "WebInspector", "version": "537.36"}, "pages": []object{}, "entries": c.change(visit())}})
		if err != nil {
			t.Fatal(err)
		}
		r, err := judge(text)
		if err != nil {
			t.Fatal(c.name, err)
		}
		named := slices.ContainsFunc(r.Findings, func(f check.Finding) bool {
			return f.Code == c.code && (f.Where == c.where || f.Where == strings.TrimSuffix(c.where, ".html") || c.where == "/" && f.Where == "index.html")
		})
		if r.Exit() != c.exit || c.exit != 0 && !named || c.exit == 0 && (r.Requests != 8 || len(r.Remarks) != 1) {
			t.Errorf("%s: exit %d, %d requests, %v %v", c.name, r.Exit(), r.Requests, r.Findings, r.Remarks)
		}
	}
	for _, text := range []string{"{}", `{"log":{"entries":[]}}`, `{"log":{"entries":[{"request":{"url":"data:,"}}]}}`, "[1", "text", `{"log":{"entries":[{"request":{"url":"https:///"}}]}}`} {
		if r, err := judge([]byte(text)); err == nil {
			t.Errorf("%s was read: %v", text, r.Findings)
		}
	}
}
