package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sealbook/site"
)

const headers = `/*
  X-Content-Type-Options: nosniff
  Cache-Control: no-cache

/
  Content-Security-Policy: default-src 'none'

/find
  Content-Security-Policy: default-src 'self'

/find.html
  Content-Security-Policy: default-src 'self'

/404.html
  Content-Security-Policy: sandbox
`

// Every field of the list is in each configuration, for each of its paths. What a
// server makes of it, ./build.sh hosts shows.
func TestConfigurations(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, site.HeadersFile), []byte(headers), 0o600); err != nil {
		t.Fatal(err)
	}
	for server, want := range map[string][]string{
		"nginx":  {"listen 127.0.0.1:1;", "location = /find {", "location = /find.html {", "try_files /index.html =404;", `add_header Content-Security-Policy "sandbox" always;`, "location = /_headers {"},
		"caddy":  {"http://127.0.0.1:1 {", "path /find\n", "path /find.html\n", `Content-Security-Policy "sandbox"`, "@list path /_headers"},
		"apache": {"<VirtualHost 127.0.0.1:1>", "== '/find.html'", `Header always set Content-Security-Policy "sandbox"`, "^_headers$ - [R=404,L]"},
	} {
		text, err := run(dir, server, "127.0.0.1:1")
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range append(want, `X-Content-Type-Options "nosniff"`, `Cache-Control "no-cache"`, "default-src 'none'", "default-src 'self'", dir) {
			if !strings.Contains(text, part) {
				t.Errorf("%s: no %s in\n%s", server, part, text)
			}
		}
		if strings.Count(text, "{") != strings.Count(text, "}") {
			t.Errorf("%s: not balanced", server)
		}
	}
	// In nginx a location's fields replace those around it.
	text, _ := run(dir, "nginx", "127.0.0.1:1")
	if fields, places := strings.Count(text, "add_header X-Content-Type-Options "), strings.Count(text, "location ")-1; fields != places {
		t.Errorf("%d of %d locations have the common fields", fields, places)
	}
	if _, err := run(dir, "iis", ""); err == nil {
		t.Error("a server that is not known")
	}
	if _, err := run(t.TempDir(), "nginx", ""); err == nil {
		t.Error("a folder that is no site")
	}
	for _, bad := range []string{`"`, "$x", "{", "%"} {
		if _, err := newHost("/*\n  A: b\n\n/404.html\n  C: d" + bad + "\n"); err == nil {
			t.Errorf("%s goes into a configuration", bad)
		}
	}
}
