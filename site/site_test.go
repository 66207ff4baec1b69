package site

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

const testHeaders = `# comment

/*
  X-Content-Type-Options: nosniff

/
  Content-Security-Policy: default-src 'none'

/index.html
  Content-Security-Policy: default-src 'none'

/404.html
  Content-Security-Policy: sandbox
`

func testFolder() fstest.MapFS {
	return fstest.MapFS{
		"_headers":       {Data: []byte(testHeaders)},
		"index.html":     {Data: []byte("<!doctype html>" + strings.Repeat("long ", 1000))},
		"404.html":       {Data: []byte("nothing here")},
		"page/a.js":      {Data: []byte("1")},
		"core.wasm":      {Data: []byte("\x00asm")},
		"SHA256SUMS":     {Data: []byte("sums")},
		"style/base.css": {Data: []byte("a{}")},
	}
}

func get(t *testing.T, h http.Handler, method, target string, fields ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestHandler(t *testing.T) {
	h, err := New(testFolder())
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		method, target string
		status         int
		mime, policy   string
	}{
		{"GET", "/", 200, "text/html; charset=utf-8", "default-src 'none'"},
		{"GET", "/index.html", 200, "text/html; charset=utf-8", "default-src 'none'"},
		{"GET", "/index.html?x=1", 200, "text/html; charset=utf-8", "default-src 'none'"},
		{"GET", "/page/a.js", 200, "text/javascript; charset=utf-8", ""},
		{"GET", "/core.wasm", 200, "application/wasm", ""},
		{"GET", "/SHA256SUMS", 200, "text/plain; charset=utf-8", ""},
		{"HEAD", "/style/base.css", 200, "text/css; charset=utf-8", ""},
		{"GET", "/_headers", 404, "text/html; charset=utf-8", "sandbox"},
		{"GET", "/../site.go", 404, "text/html; charset=utf-8", "sandbox"},
		{"GET", "/script", 404, "text/html; charset=utf-8", "sandbox"},
		{"HEAD", "/nothing", 404, "text/html; charset=utf-8", "sandbox"},
		{"POST", "/", 405, "text/plain; charset=utf-8", "default-src 'none'"},
	} {
		r := get(t, h, test.method, test.target)
		body, _ := io.ReadAll(r.Body)
		if r.StatusCode != test.status || r.Header.Get("Content-Type") != test.mime || r.Header.Get("Content-Security-Policy") != test.policy {
			t.Errorf("%s %s: %d %v", test.method, test.target, r.StatusCode, r.Header)
		}
		if r.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s %s: a field for all paths is missing", test.method, test.target)
		}
		if (len(body) == 0) != (test.method == "HEAD") {
			t.Errorf("%s %s: %d bytes", test.method, test.target, len(body))
		}
	}
}

func TestCompressionAndTags(t *testing.T) {
	h, err := New(testFolder())
	if err != nil {
		t.Fatal(err)
	}
	for accept, zipped := range map[string]bool{"": false, "br": false, "gzip": true, "br, GZIP ; q=0.5": true, "gzip;q=0": false, "gzip;q=0.000": false, "x-gzip": false} {
		r := get(t, h, "GET", "/", "Accept-Encoding", accept)
		if got := r.Header.Get("Content-Encoding") == "gzip"; got != zipped {
			t.Errorf("Accept-Encoding %q: gzip is %v", accept, got)
		}
		tag := r.Header.Get("ETag")
		if again := get(t, h, "GET", "/", "Accept-Encoding", accept, "If-None-Match", tag); again.StatusCode != 304 {
			t.Errorf("Accept-Encoding %q: %d for the same tag", accept, again.StatusCode)
		}
		if other := get(t, h, "GET", "/", "Accept-Encoding", accept, "If-None-Match", `"other"`); other.StatusCode != 200 {
			t.Errorf("Accept-Encoding %q: %d for another tag", accept, other.StatusCode)
		}
	}
	if r := get(t, h, "GET", "/page/a.js", "Accept-Encoding", "gzip"); r.Header.Get("Content-Encoding") != "" {
		t.Error("what does not get smaller is not compressed")
	}
}

func TestNewRefuses(t *testing.T) {
	for name, change := range map[string]func(fstest.MapFS){
		"no list of headers": func(f fstest.MapFS) { delete(f, "_headers") },
		"no 404 page":        func(f fstest.MapFS) { delete(f, "404.html") },
		"unknown type":       func(f fstest.MapFS) { f["a.exe"] = &fstest.MapFile{} },
		"field twice":        func(f fstest.MapFS) { f["_headers"] = &fstest.MapFile{Data: []byte("/*\n  A: b\n/x\n  A: c\n")} },
		"field before path":  func(f fstest.MapFS) { f["_headers"] = &fstest.MapFile{Data: []byte("  A: b\n")} },
		"path twice":         func(f fstest.MapFS) { f["_headers"] = &fstest.MapFile{Data: []byte("/x\n  A: b\n/x\n  B: c\n")} },
	} {
		f := testFolder()
		change(f)
		if _, err := New(f); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
