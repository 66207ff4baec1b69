package edge_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The site and the directory share an address, and neither gets in the way of
// the other.
func TestSiteOnTheSameAddress(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"index.html": "the page", "404.html": "no page", "_headers": "/*\n  Content-Security-Policy: default-src 'none'\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := start(t, t.TempDir(), "-dir", folder)
	for _, c := range []struct {
		path, body, policy string
		status             int
	}{
		{"/", "the page", "default-src 'none'", 200},
		{"/v2", "no page", "default-src 'none'", 404},
		{"/nothing", "no page", "default-src 'none'", 404},
		{"/v2/directory", `{"key"`, "", 200},
		{"/v2/nothing", `"not_found"`, "", 404},
		{"/v2/../index.html", `"not_found"`, "", 404},
		{"//v2/directory", "no page", "default-src 'none'", 404},
	} {
		r, err := http.NewRequest("GET", p.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.URL.Opaque = c.path // as it is
		if strings.HasPrefix(c.path, "//") {
			r.URL.Opaque, r.URL.Path = "", c.path
		}
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body := make([]byte, 200)
		n, _ := res.Body.Read(body)
		res.Body.Close()
		if res.StatusCode != c.status || !strings.Contains(string(body[:n]), c.body) || res.Header.Get("Content-Security-Policy") != c.policy {
			t.Errorf("%s: %d %q %q", c.path, res.StatusCode, body[:n], res.Header.Get("Content-Security-Policy"))
		}
	}
	p.stop(t)
}
