package edge_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// Whatever is asked, the answer is one of the protocol's: never a failure, and
// nothing of the request in a refusal.
func FuzzRequest(f *testing.F) {
	for _, seed := range []struct{ method, path, mediaType, field, body string }{
		{"GET", "/v2/directory", "", "", ""},
		{"POST", "/v2/registrations", "application/json", "", `{"number":"+12025550101"}`},
		{"POST", "/v2/registrations/00000000000000000000000000000000", "application/json", "", `{"number":"+12025550101","code":"123456","blinded":"4vKuCmq8TnGohKlhxQBRX1jjC2qlgt2NtqZZReCNLXY","consent":{"text_sha256":"","scopes":["search"]}}`},
		{"POST", "/v2/evaluations", "application/octet-stream", "Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", strings.Repeat("x", 32)},
		{"PUT", "/v2/me/record", "application/octet-stream", "Bearer x", strings.Repeat("x", 64)},
		{"GET", "/v2/states/1/records", "", "bytes=0-27", ""},
		{"GET", "/v2/changes/495000/1", "", `"1"`, ""},
		{"GET", "/v2/log/update?from=1", "", "", ""},
		{"GET", "/v2/log/tile/0/000.p/1", "", "", ""},
		{"POST", "/v2/registrations/00000000000000000000000000000000", "application/json", "", `{"number":"+12025550101","code":"12345678","withdraw":true}`},
		{"POST", "/v2/me/epoch", "application/json", "Bearer x", `{"number":"+12025550101","blinded":""}`},
		{"DELETE", "/v2/me/renewal", "", "Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", ""},
		{"DELETE", "/v2/me", "", "Basic eDp5", ""},
		{"OPTIONS", "/v2/me", "", "", ""},
		{"GET", "/v2/states/%2f/tags?%zz", "", "", ""},
	} {
		f.Add(seed.method, seed.path, seed.mediaType, seed.field, seed.body)
	}
	p := newInProcess(f)
	p.publish(f)
	handler := p.handler
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
		for _, name := range []string{"Authorization", "Range", "If-None-Match", "If-Range", "Origin"} {
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
