package check_test

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"sealbook/site"
	"sealbook/verifier/check"
	"sealbook/verifier/release"
	"sealbook/wasm/trust"
)

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

// lies of a server, of each kind of file, header, path and visitor. The honest
// answer is that of package site.
func lies(t testing.TB, honest release.Files) []lie {
	return slices.Concat(fileLies(honest), statusLies(honest), headerLies(), visitorLies(), answerLies(honest), logLies(t, honest))
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
	if r := look(t, honest, p.policy, check.Options{}); r.Exit() != 0 || r.Version != "1.1.0" || r.Entries != 3 || r.Files != 13 || len(r.Visitors) != 7 {
		t.Fatalf("honest: %+v", r)
	}
	if f := (check.Finding{Code: trust.File, Where: "a.js", What: "other bytes", Visitor: "Chrome"}); f.String() != "FILE a.js: other bytes (seen as Chrome)" {
		t.Errorf("a finding is written as %q", f)
	}
	all := lies(t, files)
	if len(all) != 103 {
		t.Errorf("%d lies", len(all))
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
		"an encoding of what was not sent": fields(has("If-None-Match", `"`), func(h http.Header) { h.Set("Content-Encoding", "gzip") }),
		"no tags, so nobody gets 304":      fields(all, del("ETag")),
		"fields by the path that was asked for, as Cloudflare Pages and Netlify": fields(func(r *http.Request) bool {
			_, there := files[strings.TrimPrefix(r.URL.Path, "/")]
			return !there && r.URL.Path != "/"
		}, func(h http.Header) { h.Del("Content-Security-Policy"); h.Set("Cache-Control", "no-store") }),
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
	keeps := fields(all, func(h http.Header) {
		h.Del("Content-Security-Policy")
		h.Set("Cache-Control", "max-age=600")
	})
	if r := look(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { keeps(w, r, h) }), p.policy, check.Options{Bare: true}); r.Exit() != 0 || len(r.Remarks) != 2 {
		t.Errorf("known to send a Cache-Control of its own: %v %v", r.Findings, r.Remarks)
	}
	if r := look(t, serve, p.policy, check.Options{}); r.Exit() != 1 || r.Findings[0].Code != check.Header {
		t.Errorf("without headers: %v", r.Findings)
	}
	if r := look(t, serve, p.policy, check.Options{Bare: true}); r.Exit() != 0 || len(r.Remarks) != 3 {
		t.Errorf("known to send none: %v %v", r.Findings, r.Remarks)
	}
}
