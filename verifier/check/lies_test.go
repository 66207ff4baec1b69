package check_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"sealbook/site"
	"sealbook/verifier/check"
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
		"icon.svg": []byte("<svg/>"), "NOTICE.txt": []byte("notice"), "SHA256SUMS": []byte("sums"), "_headers": []byte(headersFile),
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

// lie changes what a server answers.
type lie struct {
	name  string
	code  trust.Code
	where string // what the finding names; empty for any
	tell  func(w http.ResponseWriter, r *http.Request, honest http.Handler)
}

// changed is an answer whose body is another, for some requests.
func changed(when func(*http.Request) bool, change func([]byte) []byte) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, honest http.Handler) {
		if !when(r) {
			honest.ServeHTTP(w, r)
			return
		}
		plain := r.Clone(r.Context())
		for _, name := range []string{"Accept-Encoding", "If-None-Match", "Range"} {
			plain.Header.Del(name)
		}
		recorded := httptest.NewRecorder()
		honest.ServeHTTP(recorded, plain)
		maps.Copy(w.Header(), recorded.Header())
		body := change(recorded.Body.Bytes())
		w.Header().Del("ETag")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		w.WriteHeader(recorded.Code)
		w.Write(body)
	}
}

func at(path string) func(*http.Request) bool {
	return func(r *http.Request) bool { return r.URL.Path == "/"+path }
}

func both(a, b func(*http.Request) bool) func(*http.Request) bool {
	return func(r *http.Request) bool { return a(r) && b(r) }
}

func has(name, part string) func(*http.Request) bool {
	return func(r *http.Request) bool { return strings.Contains(r.Header.Get(name), part) }
}

func flip(b []byte) []byte {
	c := bytes.Clone(b)
	c[len(c)/2] ^= 1
	return c
}

func and(more string) func([]byte) []byte {
	return func(b []byte) []byte { return append(bytes.Clone(b), more...) }
}

// fields are an honest answer with other fields.
func fields(when func(*http.Request) bool, change func(http.Header)) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, honest http.Handler) {
		if when(r) {
			w = &changing{ResponseWriter: w, change: change}
		}
		honest.ServeHTTP(w, r)
	}
}

// changing is a writer that changes the fields before they go.
type changing struct {
	http.ResponseWriter
	change func(http.Header)
	once   sync.Once
}

func (c *changing) WriteHeader(code int) {
	c.once.Do(func() { c.change(c.Header()) })
	c.ResponseWriter.WriteHeader(code)
}

func (c *changing) Write(b []byte) (int, error) {
	c.once.Do(func() { c.change(c.Header()) })
	return c.ResponseWriter.Write(b)
}

func add(name, value string) func(http.Header) {
	return func(h http.Header) { h.Add(name, value) }
}

func set(name, value string) func(http.Header) {
	return func(h http.Header) { h.Set(name, value) }
}

func del(name string) func(http.Header) { return func(h http.Header) { h.Del(name) } }

func redirect(when func(*http.Request) bool, code int, to func(*http.Request) string) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, honest http.Handler) {
		if when(r) {
			w.Header().Set("Location", to(r))
			w.WriteHeader(code)
			return
		}
		honest.ServeHTTP(w, r)
	}
}

// raw answers with bytes and fields of its own.
func raw(path string, write func(http.ResponseWriter, *http.Request)) func(http.ResponseWriter, *http.Request, http.Handler) {
	return func(w http.ResponseWriter, r *http.Request, honest http.Handler) {
		if r.URL.Path == "/"+path {
			write(w, r)
			return
		}
		honest.ServeHTTP(w, r)
	}
}

func bomb() []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	zeros := make([]byte, 1<<20)
	for range 64 {
		z.Write(zeros)
	}
	z.Close()
	return b.Bytes()
}

// lies of a server, of each kind of file, header, path and visitor. The honest
// answer is that of package site.
func lies(t testing.TB, honest release.Files) []lie {
	file, status, header := trust.File, check.Status, check.Header
	index := at("index.html")
	var list []lie
	for _, path := range []string{"index.html", "404.html", "style.css", "worker/book.js", "sw.js", "core.wasm", "icon.svg", "NOTICE.txt", "SHA256SUMS"} {
		list = append(list, lie{"a bit of " + path, file, path, changed(at(path), flip)})
	}
	list = append(list,
		lie{"a bit of /", file, "index.html", changed(at(""), flip)},
		lie{"a blank at the end", file, "index.html", changed(index, and(" "))},
		lie{"a script", file, "index.html", changed(index, and("<script>1</script>"))},
		lie{"a script of another host", file, "index.html", changed(index, and(`<script src="//x.example/a.js"></script>`))},
		lie{"a handler", file, "index.html", changed(index, and(`<p onclick="1">`))},
		lie{"a base", file, "index.html", changed(index, and(`<base href="//x.example">`))},
		lie{"a refresh in the page", file, "index.html", changed(index, and(`<meta http-equiv="refresh" content="0;url=//x.example">`))},
		lie{"files swapped", file, "find.html", changed(at("find.html"), func([]byte) []byte { return honest["index.html"] })},
		lie{"an empty file", file, "style.css", changed(at("style.css"), func([]byte) []byte { return nil })},
		lie{"another sw.js", file, "sw.js", changed(at("sw.js"), func([]byte) []byte { return []byte("self.skipWaiting()") })},
		lie{"other bytes for a missing path", file, "404.html", changed(func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/.well-known/") }, flip)},

		lie{"a missing file", status, "style.css", raw("style.css", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(404) })},
		lie{"an error", status, "core.wasm", raw("core.wasm", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500) })},
		lie{"a path that is not listed", status, "404.html", func(w http.ResponseWriter, r *http.Request, h http.Handler) {
			if strings.HasSuffix(r.URL.Path, "/sw.js") && r.URL.Path != "/sw.js" {
				w.WriteHeader(200)
				return
			}
			h.ServeHTTP(w, r)
		}},
		lie{"a redirect to another host", status, "index.html", redirect(index, 302, func(*http.Request) string { return "https://x.example/" })},
		lie{"a redirect to another scheme", status, "index.html", redirect(index, 301, func(r *http.Request) string { return "https://" + r.Host + "/index.html" })},
		lie{"a redirect to another path", status, "index.html", redirect(index, 307, func(*http.Request) string { return "/find.html" })},
		lie{"a redirect nowhere", status, "sw.js", redirect(at("sw.js"), 303, func(*http.Request) string { return "" })},
		lie{"a redirect of missing paths", status, "404.html", redirect(func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/.well-known/") }, 302, func(*http.Request) string { return "/" })},
		lie{"206 for who did not ask", status, "icon.svg", raw("icon.svg", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(206); w.Write(honest["icon.svg"]) })},
		lie{"304 for who was never there", status, "icon.svg", raw("icon.svg", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(304) })},
	)
	everywhere := func(*http.Request) bool { return true }
	for _, h := range []struct {
		name string
		when func(*http.Request) bool
		do   func(http.Header)
	}{
		{"a policy weakened", index, set("Content-Security-Policy", "default-src *")},
		{"a policy missing", index, del("Content-Security-Policy")},
		{"a policy doubled", index, add("Content-Security-Policy", "default-src 'none'")},
		{"a policy of / missing", at(""), del("Content-Security-Policy")},
		{"a policy of sw.js weakened", at("sw.js"), set("Content-Security-Policy", "default-src 'none'; connect-src *")},
		{"a policy that only reports", index, add("Content-Security-Policy-Report-Only", "default-src 'none'; report-uri /r")},
		{"nosniff missing", at("style.css"), del("X-Content-Type-Options")},
		{"a cache for long", at("sw.js"), set("Cache-Control", "max-age=31536000")},
		{"Link", index, add("Link", "</x.js>; rel=preload")},
		{"Refresh", index, add("Refresh", "0; url=//x.example")},
		{"Set-Cookie", index, add("Set-Cookie", "a=b")},
		{"Clear-Site-Data", everywhere, add("Clear-Site-Data", `"storage"`)},
		{"Clear-Site-Data on a missing path", func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/.well-known/") }, add("Clear-Site-Data", `"storage"`)},
		{"NEL", index, add("NEL", `{"report_to":"x","max_age":1}`)},
		{"Report-To", index, add("Report-To", "{}")},
		{"Reporting-Endpoints", index, add("Reporting-Endpoints", `x="https://x.example"`)},
		{"Service-Worker-Allowed", at("sw.js"), add("Service-Worker-Allowed", "/")},
		{"SourceMap", at("worker/book.js"), add("SourceMap", "x.map")},
		{"Speculation-Rules", index, add("Speculation-Rules", `"/x.json"`)},
		{"Content-Disposition", index, add("Content-Disposition", "attachment")},
		{"a field nobody knows", index, add("X-Sealbook", "1")},
		{"Alt-Svc to another host", index, add("Alt-Svc", `h3="x.example:443"`)},
		{"a type for scripts", at("worker/book.js"), set("Content-Type", "text/html")},
		{"a type for pages", index, set("Content-Type", "text/plain")},
		{"another charset", index, set("Content-Type", "text/html; charset=utf-7")},
		{"two types", index, add("Content-Type", "text/plain")},
		{"a type for the module", at("core.wasm"), set("Content-Type", "text/javascript")},
		{"a header for the phone alone", both(index, has("User-Agent", "iPhone")), add("Set-Cookie", "a=b")},
		{"a header with 304 alone", func(r *http.Request) bool { return r.Header.Get("If-None-Match") != "" }, add("Clear-Site-Data", `"storage"`)},
		{"a header with the log alone", at("log/checkpoint"), add("Set-Cookie", "a=b")},
	} {
		list = append(list, lie{h.name, header, "", fields(h.when, h.do)})
	}
	list = append(list, lie{"early hints", header, "index.html", func(w http.ResponseWriter, r *http.Request, h http.Handler) {
		if r.URL.Path == "/index.html" {
			w.Header().Set("Link", "</x.js>; rel=preload")
			w.WriteHeader(http.StatusEarlyHints)
			w.Header().Del("Link")
		}
		h.ServeHTTP(w, r)
	}}, lie{"a trailer", header, "index.html", func(w http.ResponseWriter, r *http.Request, h http.Handler) {
		if r.URL.Path == "/index.html" {
			w.Header().Set("Trailer", "X-Late")
			defer w.Header().Set("X-Late", "1")
			fields(index, del("Content-Length"))(w, r, h)
			return
		}
		h.ServeHTTP(w, r)
	}})
	var visits atomic.Int64
	for _, v := range []struct {
		name string
		when func(*http.Request) bool
	}{
		{"for Chrome", has("Sec-Ch-Ua", "Chromium")},
		{"for a phone", has("User-Agent", "iPhone")},
		{"for a language", has("Accept-Language", "zh")},
		{"for who comes from an article", has("Referer", "article")},
		{"for who navigates", has("Sec-Fetch-Dest", "document")},
		{"for who wants a part", func(r *http.Request) bool { return r.Header.Get("Range") != "" }},
		{"for a query", func(r *http.Request) bool { return r.URL.RawQuery != "" }},
		{"for who has been there", func(r *http.Request) bool { return r.Header.Get("If-None-Match") != "" }},
		{"for whom no tool is", func(r *http.Request) bool { return !strings.HasPrefix(r.UserAgent(), "curl") }},
		{"from the third visit on", func(r *http.Request) bool { return visits.Add(1) > 2 }},
	} {
		list = append(list, lie{"other bytes " + v.name, file, "index.html", changed(both(index, v.when), flip)})
	}
	list = append(list,
		lie{"another sw.js for an update", file, "sw.js", changed(both(at("sw.js"), has("Service-Worker", "script")), flip)},
		lie{"other bytes for who has the cookie", file, "index.html", func(w http.ResponseWriter, r *http.Request, h http.Handler) {
			changed(both(index, has("Cookie", "a=b")), flip)(&changing{ResponseWriter: w, change: add("Set-Cookie", "a=b")}, r, h)
		}},

		lie{"a bomb", check.Fetch, "core.wasm", raw("core.wasm", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(bomb())
		})},
		lie{"an unknown coding", check.Fetch, "core.wasm", raw("core.wasm", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "rot13")
			w.Write(honest["core.wasm"])
		})},
		lie{"a coding that is none", check.Fetch, "core.wasm", raw("core.wasm", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			w.Write(honest["core.wasm"])
		})},
		lie{"a coding with more behind it", check.Fetch, "core.wasm", raw("core.wasm", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			z.Write(honest["core.wasm"])
			z.Close()
			w.Write([]byte("more"))
		})},
		lie{"a wrong length", check.Fetch, "core.wasm", raw("core.wasm", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100")
			w.Write(honest["core.wasm"])
		})},
		lie{"no end", check.Fetch, "core.wasm", raw("core.wasm", func(w http.ResponseWriter, r *http.Request) {
			block := make([]byte, 1<<20)
			for range 20 {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		})},
		lie{"a connection that breaks", check.Fetch, "core.wasm", raw("core.wasm", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })},

		lie{"no checkpoint", trust.LogFile, "log", raw("log/checkpoint", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(404) })},
		lie{"a checkpoint that is text", trust.Format, "log", changed(at("log/checkpoint"), func([]byte) []byte { return []byte("hello\n") })},
		lie{"a checkpoint that is long", trust.Format, "log", changed(at("log/checkpoint"), and(strings.Repeat("x", 1<<17)))},
		lie{"a root that is another", trust.Signature, "log", changed(at("log/checkpoint"), func(b []byte) []byte {
			lines := strings.Split(string(b), "\n")
			lines[2] = tlog.Hash{1}.String()
			return []byte(strings.Join(lines, "\n"))
		})},
		lie{"a size that is another", trust.LogFile, "log", changed(at("log/checkpoint"), func(b []byte) []byte { return bytes.Replace(b, []byte("\n3\n"), []byte("\n2\n"), 1) })},
		lie{"a checkpoint by the same name and another key", trust.Signature, "log", changed(at("log/checkpoint"), func([]byte) []byte { return signed(t, honest, key("log", 'x')) })},
		lie{"a checkpoint of another name", trust.Signature, "log", changed(at("log/checkpoint"), func([]byte) []byte {
			return signed(t, honest, release.NewKey("other.example/log", [32]byte{1}))
		})},
		lie{"a checkpoint for some alone", trust.LogFile, "log/checkpoint", changed(both(at("log/checkpoint"), has("User-Agent", "iPhone")), and("\n"))},
		lie{"a bundle cut short", trust.LogFile, "log", changed(at("log/tile/entries/000.p/3"), func(b []byte) []byte { return b[:len(b)-1] })},
		lie{"a bundle with more", trust.LogFile, "log", changed(at("log/tile/entries/000.p/3"), and("\x00\x01x"))},
		lie{"an entry changed", trust.Signature, "log", changed(at("log/tile/entries/000.p/3"), func(b []byte) []byte { return bytes.Replace(b, []byte("version 1.1.0"), []byte("version 1.2.0"), 1) })},
		lie{"a tile of hashes changed", trust.LogFile, "log/tile/0/000.p/3", changed(at("log/tile/0/000.p/3"), flip)},
		lie{"a tile cut short", trust.LogFile, "log/tile/0/000.p/3", changed(at("log/tile/0/000.p/3"), func(b []byte) []byte { return b[:32] })},
		lie{"no proof", trust.LogFile, "release.tlog-proof", raw("release.tlog-proof", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(404) })},
		lie{"a proof that is none", trust.Format, "release.tlog-proof", changed(at("release.tlog-proof"), func([]byte) []byte { return []byte("hello\n") })},
		lie{"a proof with another hash", trust.Inclusion, "release.tlog-proof", changed(at("release.tlog-proof"), func(b []byte) []byte {
			lines := strings.Split(string(b), "\n")
			lines[3] = tlog.Hash{1}.String()
			return []byte(strings.Join(lines, "\n"))
		})},
		lie{"a proof of another index", trust.Inclusion, "release.tlog-proof", changed(at("release.tlog-proof"), func(b []byte) []byte { return bytes.Replace(b, []byte("index 2"), []byte("index 1"), 1) })},
		lie{"a proof by another key", trust.Signature, "release.tlog-proof", changed(at("release.tlog-proof"), func(b []byte) []byte {
			head, _, _ := strings.Cut(string(b), "\n\n")
			return []byte(head + "\n\n" + string(signed(t, honest, key("log", 'x'))))
		})},
		lie{"a manifest changed", check.Manifest, "", changed(func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/log/manifest/") }, flip)},
		lie{"a manifest for some alone", check.Manifest, "", changed(both(func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/log/manifest/") }, has("User-Agent", "iPhone")), flip)},
		lie{"a manifest swapped", check.Manifest, "", func(w http.ResponseWriter, r *http.Request, h http.Handler) {
			if strings.HasPrefix(r.URL.Path, "/log/manifest/") {
				for name, data := range honest {
					if strings.HasPrefix(name, "log/manifest/") && "/"+name != r.URL.Path {
						w.Write(data)
						return
					}
				}
			}
			h.ServeHTTP(w, r)
		}},
		lie{"a manifest that is long", check.Manifest, "", changed(func(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/log/manifest/") }, and(strings.Repeat("x", 2<<20)))},
	)
	return list
}

// signed is the checkpoint of a host's log, signed by another key.
func signed(t testing.TB, files release.Files, k *release.Key) []byte {
	r, _, err := trust.ReadReleases(func(path string) ([]byte, error) { return files["log/"+path], nil }, now)
	if err != nil {
		t.Fatal(err)
	}
	text, err := trust.SignCheckpoint(r.Tree, k)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(text)
}

// look checks what a handler serves.
func look(t testing.TB, h http.Handler, policy string, o check.Options) *check.Report {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = nil
	server.Start()
	defer server.Close()
	source, err := check.Open(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if o.Policy, err = trust.ParsePolicy(policy); err != nil {
		t.Fatal(err)
	}
	if o.Now.IsZero() {
		o.Now = now
	}
	return check.Site(context.Background(), source, o)
}

func TestLies(t *testing.T) {
	p := newPublisher(t)
	p.publish(t, "1.0.0")
	files := p.publish(t, "1.1.0")
	honest, err := site.Handler(files)
	if err != nil {
		t.Fatal(err)
	}
	if r := look(t, honest, p.policy, check.Options{}); r.Exit() != 0 || r.Version != "1.1.0" || r.Entries != 3 || r.Files != 11 || len(r.Visitors) != 7 {
		t.Fatalf("honest: %+v", r)
	}
	if f := (check.Finding{Code: trust.File, Where: "a.js", What: "other bytes", Visitor: "Chrome"}); f.String() != "FILE a.js: other bytes (seen as Chrome)" {
		t.Errorf("a finding is written as %q", f)
	}
	all := lies(t, files)
	if len(all) < 90 {
		t.Errorf("only %d lies", len(all))
	}
	for _, l := range all {
		r := look(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { l.tell(w, r, honest) }), p.policy, check.Options{})
		named := slices.ContainsFunc(r.Findings, func(f check.Finding) bool {
			return f.Code == l.code && (l.where == "" || f.Where == l.where || l.where == "index.html" && f.Where == "/")
		})
		want := 1
		if l.code == check.Fetch {
			want = 2
		}
		if !named || r.Exit() != want {
			t.Errorf("%s: not named %s at %q, but %v", l.name, l.code, l.where, r.Findings)
		}
	}
}

// What a host may do: none of it is a finding.
func TestHonestHosts(t *testing.T) {
	p := newPublisher(t)
	files := p.publish(t, "1.0.0")
	h, err := site.Handler(files)
	if err != nil {
		t.Fatal(err)
	}
	all := func(*http.Request) bool { return true }
	for name, tell := range map[string]func(http.ResponseWriter, *http.Request, http.Handler){
		"usual fields": fields(all, func(h http.Header) {
			for _, name := range []string{"Server", "Age", "Via", "X-Cache", "Cf-Ray", "Strict-Transport-Security", "Last-Modified"} {
				h.Set(name, "1")
			}
			h.Set("Alt-Svc", `h3=":443"; ma=86400`)
		}),
		"no tags, so nobody gets 304": fields(all, del("ETag")),
		"no endings": redirect(func(r *http.Request) bool {
			return strings.HasSuffix(r.URL.Path, ".html") && r.URL.Path != "/404.html" && !strings.HasPrefix(r.URL.Path, "/log") && len(r.URL.Path) < 16
		}, 308, func(r *http.Request) string {
			return strings.TrimSuffix(strings.TrimSuffix(r.URL.Path, ".html"), "index")
		}),
		"the list of headers is given out": raw("_headers", func(w http.ResponseWriter, r *http.Request) { w.Write(files["_headers"]) }),
	} {
		if r := look(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { tell(w, r, h) }), p.policy, check.Options{}); r.Exit() != 0 {
			t.Errorf("%s: %v", name, r.Findings)
		}
	}
	bare := fields(all, func(h http.Header) {
		for name := range h {
			if !slices.Contains([]string{"Content-Type", "Content-Length", "Content-Encoding", "Etag"}, name) {
				delete(h, name)
			}
		}
	})
	serve := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { bare(w, r, h) })
	if r := look(t, serve, p.policy, check.Options{}); r.Exit() != 1 || r.Findings[0].Code != check.Header {
		t.Errorf("without headers: %v", r.Findings)
	}
	if r := look(t, serve, p.policy, check.Options{Bare: true}); r.Exit() != 0 || len(r.Remarks) != 3 {
		t.Errorf("known to send none: %v %v", r.Findings, r.Remarks)
	}
}

// The life of a log: what is newer, older, expired, withdrawn, rotated, forked.
func TestLogs(t *testing.T) {
	p := newPublisher(t)
	one := p.publish(t, "1.0.0")
	two := p.publish(t, "1.1.0")
	see := func(files release.Files, policy string, o check.Options) *check.Report {
		h, err := site.Handler(files)
		if err != nil {
			t.Fatal(err)
		}
		return look(t, h, policy, o)
	}
	expect := func(name string, r *check.Report, code trust.Code, exit int) {
		t.Helper()
		if r.Exit() != exit || exit > 0 && (len(r.Findings) == 0 || r.Findings[0].Code != code) {
			t.Errorf("%s: %d %v", name, r.Exit(), r.Findings)
		}
	}
	known := func() *check.Known {
		k, err := check.OpenKnown(filepath.Join(t.TempDir(), "sealbook", "known.json"))
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	k := known()
	expect("the older one", see(one, p.policy, check.Options{Known: k}), "", 0)
	expect("the newer one", see(two, p.policy, check.Options{Known: k}), "", 0)
	expect("rolled back", see(one, p.policy, check.Options{Known: k}), trust.Rollback, 1)
	if k.Evidence == "" {
		t.Error("no evidence of the rollback")
	}
	// The older files, with the newer log: an old release replayed.
	mixed := maps.Clone(siteOf("1.0.0"))
	for name, data := range two {
		if strings.HasPrefix(name, "log/") {
			mixed[name] = data
		}
	}
	mixed["release.tlog-proof"] = two["release.tlog-proof"]
	expect("older files with a newer proof", see(mixed, p.policy, check.Options{}), trust.File, 1)
	mixed["release.tlog-proof"] = one["release.tlog-proof"]
	expect("an older release", see(mixed, p.policy, check.Options{}), trust.Stale, 1)
	expect("an older release, as asked for", see(mixed, p.policy, check.Options{Version: "1.0.0"}), "", 0)
	expect("another than asked for", see(two, p.policy, check.Options{Version: "1.0.0"}), trust.Stale, 1)
	expect("expired", see(two, p.policy, check.Options{Now: now.Add(301 * 24 * time.Hour)}), trust.Expired, 1)
	expect("of the future", see(two, p.policy, check.Options{Now: now.Add(-2 * time.Hour)}), trust.Rules, 1)
	expect("another publisher", see(two, newPublisherOf(t, 'q').policy, check.Options{}), trust.Key, 1)
	expect("no key at all", see(two, "quorum none\n", check.Options{}), trust.Key, 1)
	expect("the log's key alone", see(two, "log "+p.log.Verifier()+"\nquorum none\n", check.Options{}), "", 0)

	// A fork: the same two entries, then others; of the same size and greater.
	fork := newPublisher(t)
	forked := fork.publish(t, "2.0.0")
	expect("forked at a smaller size", see(forked, p.policy, check.Options{Known: k}), trust.Rollback, 1)
	same := fork.publish(t, "2.1.0")
	expect("forked at the same size", see(same, p.policy, check.Options{Known: k}), trust.Consistency, 1)
	expect("forked at a greater size", see(fork.publish(t, "2.2.0"), p.policy, check.Options{Known: k}), trust.Consistency, 1)

	withdrawal := trust.Withdrawal{Version: "1.1.0", Reason: "a mistake", Time: now}
	p.append(t, withdrawal.Text())
	expect("withdrawn", see(p.host(t, "1.1.0", siteOf("1.1.0"), p.log), p.policy, check.Options{}), trust.Withdrawn, 1)
	expect("the one before it", see(p.host(t, "1.0.0", siteOf("1.0.0"), p.log), p.policy, check.Options{}), "", 0)

	// Other keys, in two steps: both log keys sign, then the new one alone.
	newRelease, newLog := key("release", 'n'), key("log", 'm')
	keys := trust.Keys{Threshold: 2, Release: []string{p.release.Verifier(), newRelease.Verifier()}, Log: []string{p.log.Verifier(), newLog.Verifier()}}
	if err := p.entries.Append(keys.Text(), now, newRelease); !errors.Is(err, trust.Signature) {
		t.Error("rotated without the old key:", err)
	}
	p.append(t, keys.Text(), p.release, newRelease)
	files := siteOf("1.2.0")
	m := manifestOf(t, "1.2.0", files)
	made := trust.Release{Version: "1.2.0", Manifest: m.SHA256(), Time: now, Expires: now.Add(time.Hour)}
	if err := p.entries.Append(made.Text(), now, newRelease); !errors.Is(err, trust.Signature) {
		t.Error("one of two:", err)
	}
	p.append(t, made.Text(), p.release, newRelease)
	p.entries.Manifests[made.Manifest] = m.Text()
	if _, err := p.entries.Sign(now, newLog); !errors.Is(err, trust.Signature) {
		t.Error("by one of two log keys:", err)
	}
	rotated := p.host(t, "1.2.0", files, p.log, newLog)
	expect("rotated", see(rotated, p.policy, check.Options{Known: known()}), "", 0)
	keys.Log, keys.Release, keys.Threshold = keys.Log[1:], keys.Release[1:], 1
	p.append(t, keys.Text(), p.release, newRelease)
	last := p.host(t, "1.2.0", files, newLog)
	expect("the old keys gone", see(last, p.policy, check.Options{}), "", 0)
	expect("the old log key alone is pinned", see(last, "log "+p.log.Verifier()+"\nquorum none\n", check.Options{}), trust.Signature, 1)

	unknown, err := note.Sign(&note.Note{Text: "sealbook deleted v1\n"}, newRelease)
	if err != nil {
		t.Fatal(err)
	}
	later := append(slices.Clone(p.entries.Entries), unknown)
	expect("an entry of a later kind", see(hostRaw(t, last, later, newLog), p.policy, check.Options{}), trust.Kind, 2)
}

func newPublisherOf(t testing.TB, letter byte) *publisher {
	p := newPublisher(t)
	p.policy = "release " + key("release", letter).Verifier() + "\nquorum none\n"
	return p
}

// hostRaw puts entries into a host that no honest log would have.
func hostRaw(t testing.TB, files release.Files, entries [][]byte, k *release.Key) release.Files {
	t.Helper()
	all := maps.Clone(files)
	var bundle []byte
	var hashes []tlog.Hash
	for _, e := range entries {
		bundle, hashes = trust.AppendEntry(bundle, e), append(hashes, tlog.RecordHash(e))
	}
	all[fmt.Sprintf("log/tile/entries/000.p/%d", len(entries))] = bundle
	text, err := trust.SignCheckpoint(tlog.Tree{N: int64(len(entries)), Hash: trust.BlocksRoot(hashes)}, k)
	if err != nil {
		t.Fatal(err)
	}
	all["log/checkpoint"] = []byte(text)
	return all
}

// Cosignatures: counted, held to the quorum, refused where they are of another
// time or log; those of strangers do not matter.
func TestWitnesses(t *testing.T) {
	p := newPublisher(t)
	files := p.publish(t, "1.0.0")
	skey, vkey, err := note.GenerateKey(strings.NewReader(strings.Repeat("w", 64)), "witness.example/w")
	if err != nil {
		t.Fatal(err)
	}
	witness, err := cosign.NewSignerForCosignatureV1(skey)
	if err != nil {
		t.Fatal(err)
	}
	checkpoint := string(files["log/checkpoint"])
	text, _, _ := strings.Cut(checkpoint, "\n\n")
	lineOf := func(text string, s note.Signer) string {
		b, err := note.Sign(&note.Note{Text: text}, s)
		if err != nil {
			t.Fatal(err)
		}
		_, line, _ := strings.Cut(string(b), "\n\n")
		return line
	}
	line := lineOf(text+"\n", witness)
	var strangers strings.Builder
	for i := range 16 {
		strangers.WriteString(lineOf(text+"\n", release.NewKey(fmt.Sprintf("stranger%d.example", i), [32]byte{byte(i)})))
	}
	policy := p.policy[:strings.Index(p.policy, "quorum")] + "witness w " + vkey + "\n"
	clock := time.Now().Add(time.Minute)
	for _, c := range []struct {
		name, more, quorum string
		code               trust.Code
		exit, cosigned     int
	}{
		{"nobody", "", "none", "", 0, 0},
		{"nobody, and one is needed", "", "w", trust.Witness, 2, 0},
		{"one", line, "w", "", 0, 1},
		{"16 strangers", strangers.String(), "none", "", 0, 0},
		{"one among 16 strangers", strangers.String() + line, "w", "", 0, 1},
		{"one of another log", lineOf("other.example/log\n1\n"+tlog.Hash{}.String()+"\n", witness), "w", trust.Signature, 1, 0},
		{"one of another time", string(flip([]byte(line[:len(line)-2]))) + "\n", "w", "", 1, 0},
	} {
		all := maps.Clone(files)
		all["log/checkpoint"] = []byte(checkpoint + c.more)
		h, err := site.Handler(all)
		if err != nil {
			t.Fatal(err)
		}
		r := look(t, h, policy+"quorum "+c.quorum+"\n", check.Options{Now: clock})
		if r.Exit() != c.exit || len(r.Cosigned) != c.cosigned || c.code != "" && (len(r.Findings) == 0 || r.Findings[0].Code != c.code) {
			t.Errorf("%s: %d, %d cosigned, %v", c.name, r.Exit(), len(r.Cosigned), r.Findings)
		}
	}
}

// Folders and zips hold the site and nothing else; a zip's copy of a lie is a lie.
func TestFolderAndZip(t *testing.T) {
	p := newPublisher(t)
	files := p.publish(t, "1.0.0")
	policy, err := trust.ParsePolicy(p.policy)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	n := 0
	for _, c := range []struct {
		name, where string
		code        trust.Code
		change      func(release.Files)
	}{
		{"honest", "", "", func(release.Files) {}},
		{"a bit", "worker/book.js", trust.File, func(f release.Files) { f["worker/book.js"] = flip(f["worker/book.js"]) }},
		{"a file more", "extra.js", check.Extra, func(f release.Files) { f["extra.js"] = nil }},
		{"a file more in the log", "log/extra", check.Extra, func(f release.Files) { f["log/extra"] = nil }},
		{"a tile more", "log/tile/0/000.p/9", check.Extra, func(f release.Files) { f["log/tile/0/000.p/9"] = nil }},
		{"an older tile", "", "", func(f release.Files) { f["log/tile/0/000.p/1"] = f["log/tile/0/000.p/2"][:32] }},
		{"a file less", "icon.svg", check.Status, func(f release.Files) { delete(f, "icon.svg") }},
		{"the list of headers", "_headers", trust.File, func(f release.Files) { f["_headers"] = []byte("/*\n  A: b\n") }},
	} {
		changed := maps.Clone(files)
		c.change(changed)
		below := release.Files{}
		for name, data := range changed {
			below["site/"+name] = data
		}
		n++
		folder, zip := filepath.Join(dir, strconv.Itoa(n)), release.Files{}
		if err := changed.Write(folder); err != nil {
			t.Fatal(err)
		}
		if zip["a.zip"], err = below.Zip(); err != nil {
			t.Fatal(err)
		}
		if err := zip.Write(folder + "z"); err != nil {
			t.Fatal(err)
		}
		for _, where := range []string{folder, filepath.Join(folder+"z", "a.zip")} {
			source, err := check.Open(where)
			if err != nil {
				t.Fatal(err)
			}
			r := check.Site(context.Background(), source, check.Options{Policy: policy, Now: now})
			if c.code == "" && r.Exit() != 0 || c.code != "" && (r.Exit() != 1 || r.Findings[0].Code != c.code || r.Findings[0].Where != c.where) {
				t.Errorf("%s: %v", c.name, r.Findings)
			}
		}
	}
}

func TestSlow(t *testing.T) {
	p := newPublisher(t)
	h, err := site.Handler(p.publish(t, "1.0.0"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/core.wasm" {
			<-r.Context().Done()
			return
		}
		h.ServeHTTP(w, r)
	}))
	defer server.Close()
	defer cancel()
	source, err := check.OpenWithin(server.URL, 2*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	policy, err := trust.ParsePolicy(p.policy)
	if err != nil {
		t.Fatal(err)
	}
	r := check.Site(ctx, source, check.Options{Policy: policy, Now: now})
	if !slices.ContainsFunc(r.Findings, func(f check.Finding) bool {
		return f.Code == check.Fetch && f.Reason == "slow" && f.Where == "core.wasm"
	}) {
		t.Errorf("%d %v", r.Exit(), r.Findings)
	}
}

// Nothing but what is on this machine is reached without TLS.
func TestAddresses(t *testing.T) {
	for address, ok := range map[string]bool{
		"https://sealbook.example/": true, "https://sealbook.example/sub": true, "http://127.0.0.1:1/": true, "http://localhost/": true, "http://[::1]/": true,
		"http://sealbook.example/": false, "https://user:pass@sealbook.example/": false, "https://sealbook.example/?q": false, "https://": false, "http://127.0.0.1.example/": false,
	} {
		if _, err := check.Open(address); (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
	}
}
