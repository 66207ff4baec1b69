// Package edge_test runs directory servers: the suite of HTTP against the native
// one as a process and in this process with a clock of its own, the store's
// cases on SQLite, and what happens when things break.
package edge_test

import (
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"context"

	"sealbook/tests/edge/suite"
	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
	"sealbook/wasm/edge/sqlite"
)

func TestNativeServer(t *testing.T) {
	data := t.TempDir()
	p := start(t, data)
	suite.Run(t, &suite.Server{
		URL: p.url, Key: p.key,
		Code: func(t testing.TB, registration string) string { return p.code(t, registration) },
		Restart: func(testing.TB) string {
			p.stop(t)
			p = start(t, data) // which t outlives
			return p.url
		},
	})
	p.stop(t)
	if p.stderr.Len() > 0 {
		t.Errorf("the server wrote errors: %s", p.stderr.String())
	}
}

// inProcess is a server whose clock stands still until it is moved.
type inProcess struct {
	began  time.Time
	name   string
	seed   [32]byte
	ahead  atomic.Int64
	file   *sqlite.File
	server *httptest.Server

	mu    sync.Mutex
	codes map[string]string
	fail  error // what the sender answers
	sent  int
}

func newInProcess(t testing.TB) *inProcess {
	p := &inProcess{began: time.Now(), name: filepath.Join(t.TempDir(), "directory.db"), codes: map[string]string{}}
	rand.Read(p.seed[:])
	p.start(t, nil)
	t.Cleanup(p.stop)
	return p
}

func (p *inProcess) now() time.Time { return p.began.Add(time.Duration(p.ahead.Load())) }

func (p *inProcess) Send(_ context.Context, m edge.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent++
	p.codes[m.Registration] = m.Code
	return p.fail
}

// start starts it; change may change the configuration.
func (p *inProcess) start(t testing.TB, change func(*edge.Config)) {
	file, err := sqlite.Open(t.Context(), p.name, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := edge.Config{
		Name: "directory.example", Seed: p.seed, Store: file.Store, Evaluator: edge.Native, Sender: p,
		Address: func(r *http.Request) string { return r.Header.Get("X-Address") },
		Now:     p.now, Random: rand.Reader, Limits: edge.DefaultLimits(), Consent: directory.Consent, Cache: 1 << 20,
		Log: func(err error) { t.Errorf("log: %v", err) },
	}
	c.Limits.SendsPerAddress = 1_000_000
	if change != nil {
		change(&c)
	}
	handler, err := edge.New(c)
	if err != nil {
		t.Fatal(err)
	}
	p.file, p.server = file, httptest.NewServer(handler)
}

func (p *inProcess) stop() {
	p.server.Close()
	p.file.Close()
}

func (p *inProcess) key(t testing.TB) string {
	keys, err := directory.NewKeys(p.seed, "directory.example")
	if err != nil {
		t.Fatal(err)
	}
	return keys.Verifier()
}

func (p *inProcess) suite(t testing.TB) *suite.Server {
	return &suite.Server{
		URL: p.server.URL, Key: p.key(t),
		Code: func(_ testing.TB, registration string) string {
			p.mu.Lock()
			defer p.mu.Unlock()
			return p.codes[registration]
		},
		Restart: func(testing.TB) string {
			p.stop()
			p.start(t, nil)
			return p.server.URL
		},
		Advance: func(d time.Duration) { p.ahead.Add(int64(d)) },
	}
}

func TestHandlerWithAClock(t *testing.T) {
	suite.Run(t, newInProcess(t).suite(t))
}
