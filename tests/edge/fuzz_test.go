package edge_test

import (
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
	"sealbook/wasm/edge/sqlite"
)

// Whatever is asked, the answer is one of the protocol's: never a failure, and
// nothing of the request in a refusal.
func FuzzRequest(f *testing.F) {
	for _, seed := range []struct{ method, path, mediaType, field, body string }{
		{"GET", "/v1/directory", "", "", ""},
		{"POST", "/v1/registrations", "application/json", "", `{"number":"+12025550101"}`},
		{"POST", "/v1/registrations/00000000000000000000000000000000", "application/json", "", `{"number":"+12025550101","code":"123456","blinded":"4vKuCmq8TnGohKlhxQBRX1jjC2qlgt2NtqZZReCNLXY","consent":{"text_sha256":"","scopes":["search"]}}`},
		{"POST", "/v1/evaluations", "application/octet-stream", "Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", strings.Repeat("x", 32)},
		{"PUT", "/v1/me/record", "application/octet-stream", "Bearer x", strings.Repeat("x", 64)},
		{"GET", "/v1/buckets/0/records", "", "bytes=0-27", ""},
		{"GET", "/v1/buckets/0/delta?since=1", "", `"1-0-1"`, ""},
		{"DELETE", "/v1/me", "", "Basic eDp5", ""},
		{"OPTIONS", "/v1/me", "", "", ""},
		{"GET", "/v1/buckets/%2f/tags?%zz", "", "", ""},
	} {
		f.Add(seed.method, seed.path, seed.mediaType, seed.field, seed.body)
	}
	file, err := sqlite.Open(f.Context(), filepath.Join(f.TempDir(), "directory.db"), sqlite.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { file.Close() })
	limits := edge.DefaultLimits()
	limits.SendsPerAddress = 1 << 40
	sender := &inProcess{codes: map[string]string{}}
	handler, err := edge.New(edge.Config{
		Name: "directory.example", Store: file.Store, Evaluator: edge.Native, Sender: sender, Now: time.Now, Random: rand.Reader,
		Address: func(*http.Request) string { return "" }, Limits: limits, Consent: directory.Consent, Cache: 1 << 20,
		Log: func(err error) { f.Errorf("log: %v", err) },
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, method, path, mediaType, field, body string) {
		u, err := url.ParseRequestURI(path)
		if err != nil {
			t.Skip()
		}
		r, err := http.NewRequest(method, "http://directory.example/", strings.NewReader(body))
		if err != nil {
			t.Skip()
		}
		r.URL.Path, r.URL.RawQuery = u.Path, u.RawQuery
		r.Header["Content-Type"] = []string{mediaType}
		for _, name := range []string{"Authorization", "Range", "If-None-Match", "If-Range"} {
			r.Header[name] = []string{field}
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code >= 500 || w.Code < 200 {
			t.Fatalf("status %d: %s", w.Code, w.Body)
		}
		if w.Code >= 400 {
			code := problemCode(w.Body.Bytes())
			if code.Status() != w.Code {
				t.Errorf("status %d with problem %q", w.Code, code)
			}
			for _, secret := range []string{body, strings.TrimPrefix(field, "Bearer ")} {
				if len(secret) > 60 && strings.Contains(w.Body.String(), secret) {
					t.Errorf("the problem quotes from the request")
				}
			}
		}
	})
}
