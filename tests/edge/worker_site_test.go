package edge_test

import (
	"bytes"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"sealbook/site"
)

// The worker answers with the site as package site does: every file, its own
// header fields, and what is no file.
func TestWorkerSite(t *testing.T) {
	built, err := builtSite()
	if err != nil {
		t.Fatal(err)
	}
	p := startWorkerWith(t, "worker", built, t.TempDir(), nil)
	folder := os.DirFS(built)
	pages, err := site.New(folder)
	if err != nil {
		t.Fatal(err)
	}
	native := httptest.NewServer(pages)
	defer native.Close()

	paths := []string{"/", "/no-such-page", "/_headers", "/script/", "/safety"}
	err = fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && name != site.HeadersFile {
			paths = append(paths, "/"+name)
		}
		return err
	})
	if err != nil || len(paths) < 20 {
		t.Fatalf("%d paths, %v", len(paths), err)
	}
	ask := func(method, url string) (*http.Response, []byte) {
		req, err := http.NewRequest(method, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Close = true
		req.Header.Set("Accept-Encoding", "identity")
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res, body
	}
	fields := 0
	for _, path := range paths {
		want, wantBody := ask("GET", native.URL+path)
		got, body := ask("GET", p.url+path)
		if got.StatusCode != want.StatusCode || !bytes.Equal(body, wantBody) {
			t.Errorf("%s: status %d with %d bytes, want %d with %d", path, got.StatusCode, len(body), want.StatusCode, len(wantBody))
		}
		for _, name := range []string{
			"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy",
			"Cross-Origin-Embedder-Policy", "Cross-Origin-Resource-Policy", "Connection-Allowlist", "Integrity-Policy",
			"Permissions-Policy", "Cache-Control", "X-Dns-Prefetch-Control",
		} {
			if got.Header.Get(name) != want.Header.Get(name) {
				t.Errorf("%s: %s is %q, want %q", path, name, got.Header.Get(name), want.Header.Get(name))
			}
			if want.Header.Get(name) != "" {
				fields++
			}
		}
	}
	if fields < 200 {
		t.Errorf("only %d header fields compared", fields)
	}
	if res, _ := ask("POST", p.url+"/"); res.StatusCode != http.StatusMethodNotAllowed || res.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %s, Allow %q", res.Status, res.Header.Get("Allow"))
	}
}
