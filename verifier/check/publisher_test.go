package check_test

import (
	"crypto/sha256"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sealbook/site"
	"sealbook/verifier/release"
	"sealbook/wasm/trust"
)

var now = time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)

func key(kind string, letter byte) *release.Key {
	return release.NewKey("host.example/"+kind, sha256.Sum256([]byte{letter}))
}

// publisher has a log of releases.
type publisher struct {
	release, log *release.Key
	entries      *release.Log
	policy       string
}

func newPublisher(t testing.TB) *publisher {
	t.Helper()
	p := &publisher{release: key("release", 'r'), log: key("log", 'l')}
	var err error
	if p.entries, err = release.ReadLog(filepath.Join(t.TempDir(), "none"), now); err != nil {
		t.Fatal(err)
	}
	keys := trust.Keys{Threshold: 1, Release: []string{p.release.Verifier()}, Log: []string{p.log.Verifier()}}
	p.append(t, keys.Text())
	p.policy = "release " + p.release.Verifier() + "\nlog " + p.log.Verifier() + "\nquorum none\n"
	return p
}

func (p *publisher) append(t testing.TB, text string, keys ...*release.Key) {
	t.Helper()
	if len(keys) == 0 {
		keys = []*release.Key{p.release}
	}
	if err := p.entries.Append(text, now, keys...); err != nil {
		t.Fatal(err)
	}
}

const headersFile = `/*
  X-Content-Type-Options: nosniff
  Cache-Control: no-cache

/
  Content-Security-Policy: default-src 'none'

/index.html
  Content-Security-Policy: default-src 'none'

/404.html
  Content-Security-Policy: sandbox

/sw.js
  Content-Security-Policy: default-src 'none'; connect-src 'self'
`

// siteOf is a small site with a file of each kind.
func siteOf(version string) release.Files {
	return release.Files{
		"index.html": []byte("<!doctype html><title>" + version + "</title>" + strings.Repeat("<p>text</p>", 300)), "find.html": []byte("<!doctype html>find"), "404.html": []byte("<!doctype html>nothing"),
		"style.css": []byte("a{}"), "worker/book.js": []byte("1;"), "sw.js": []byte("'" + version + "';" + strings.Repeat("// worker\n", 99)), "core.wasm": []byte("\x00asm\x01\x00\x00\x00"),
		"icon.svg": []byte("<svg/>"), "icon.png": []byte("\x89PNG"), "manifest.webmanifest": []byte("{}"), "NOTICE.txt": []byte("notice"), "SHA256SUMS": []byte("sums"), "_headers": []byte(headersFile),
	}
}

func manifestOf(t testing.TB, version string, files release.Files) *trust.Manifest {
	t.Helper()
	m := &trust.Manifest{Version: version, Commit: strings.Repeat("a", 40), Tools: []trust.Tool{{Name: "go", Version: "1.26.8"}}}
	fields, err := site.Fields(headersFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fields {
		m.Headers = append(m.Headers, trust.Header(f))
	}
	for name, data := range files {
		m.Files = append(m.Files, trust.NewManifestFile("site/"+name, data))
	}
	return m
}

// release enters a release and returns all that its host has.
func (p *publisher) publish(t testing.TB, version string) release.Files {
	t.Helper()
	files := siteOf(version)
	m := manifestOf(t, version, files)
	made := trust.Release{Version: version, Manifest: m.SHA256(), Time: now.Add(-time.Hour), Expires: now.Add(300 * 24 * time.Hour)}
	p.append(t, made.Text())
	p.entries.Manifests[made.Manifest] = m.Text()
	return p.host(t, version, files, p.log)
}

// host puts the log beside a site's files.
func (p *publisher) host(t testing.TB, version string, files release.Files, keys ...*release.Key) release.Files {
	t.Helper()
	r, err := p.entries.Sign(now, keys...)
	if err != nil {
		t.Fatal(err)
	}
	log, err := p.entries.Files(r)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := r.Prove(r.Version(version).Index, p.entries.Checkpoint())
	if err != nil {
		t.Fatal(err)
	}
	all := maps.Clone(files)
	for name, data := range log {
		all["log/"+name] = data
	}
	all["release.tlog-proof"] = proof.Append(nil)
	return all
}
