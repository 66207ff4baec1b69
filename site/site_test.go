package site

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
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
	index := "<!doctype html>" + strings.Repeat("long ", 1000)
	return fstest.MapFS{
		"index.html.br":  {Data: compressed(index)},
		"_headers":       {Data: []byte(testHeaders)},
		"index.html":     {Data: []byte(index)},
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
		{"GET", "/index.html.br", 200, "application/octet-stream", ""},
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
	for accept, coding := range map[string]string{
		"": "", "identity": "", "x-gzip": "", "gzip;q=0": "", "gzip;q=0.000": "", "gzip;q=x": "", "gzip;q=2": "", "br;q=0, *;q=0": "",
		"gzip": "gzip", "GZIP ; q=0.5, deflate": "gzip", "br;q=0, *": "gzip", "br;q=0.1, gzip;q=0.5": "gzip",
		"br": "br", "gzip, deflate, br, zstd": "br", "BR;Q=0.5, gzip;q=0.5": "br", "*": "br", "gzip;q=0, *;q=0.1": "br",
	} {
		r := get(t, h, "GET", "/", "Accept-Encoding", accept)
		if got := r.Header.Get("Content-Encoding"); got != coding {
			t.Errorf("Accept-Encoding %q: encoding %q, want %q", accept, got, coding)
		}
		body, _ := io.ReadAll(r.Body)
		if got := decoded(t, coding, body); got != string(testFolder()["index.html"].Data) {
			t.Errorf("Accept-Encoding %q: %d bytes of something else", accept, len(got))
		}
		if r.Header.Get("Vary") != "Accept-Encoding" || r.Header.Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("Accept-Encoding %q: %v", accept, r.Header)
		}
		tag := r.Header.Get("ETag")
		if again := get(t, h, "GET", "/", "Accept-Encoding", accept, "If-None-Match", tag); again.StatusCode != 304 {
			t.Errorf("Accept-Encoding %q: %d for the same tag", accept, again.StatusCode)
		}
		if other := get(t, h, "GET", "/", "Accept-Encoding", accept, "If-None-Match", `"other"`); other.StatusCode != 200 {
			t.Errorf("Accept-Encoding %q: %d for another tag", accept, other.StatusCode)
		}
	}
	if r := get(t, h, "GET", "/page/a.js", "Accept-Encoding", "gzip, br"); r.Header.Get("Content-Encoding") != "" {
		t.Error("what does not get smaller is not compressed")
	}
}

func decoded(t *testing.T, coding string, body []byte) string {
	t.Helper()
	var r io.Reader = bytes.NewReader(body)
	var err error
	switch coding {
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		if r, err = gzip.NewReader(r); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(whole)
}

func compressed(text string) []byte {
	var b bytes.Buffer
	w := brotli.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.Bytes()
}

// A copy that does not hold its file is never sent.
func TestOtherCopies(t *testing.T) {
	for _, data := range [][]byte{compressed("2"), compressed("1 and more"), []byte("1"), {}} {
		f := testFolder()
		f["page/a.js.br"] = &fstest.MapFile{Data: data}
		h, err := New(f)
		if err != nil {
			t.Fatal(err)
		}
		r := get(t, h, "GET", "/page/a.js", "Accept-Encoding", "br")
		if body, _ := io.ReadAll(r.Body); r.Header.Get("Content-Encoding") != "" || string(body) != "1" {
			t.Errorf("%q: %v", data, r.Header)
		}
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
