// Package edge_test runs directory servers: the suite of HTTP against the native
// one as a process and in this process with a clock of its own, the store's
// cases on SQLite, and what happens when things break.
package edge_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sealbook/tests/edge/suite"
	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
	"sealbook/wasm/edge/folder"
	"sealbook/wasm/edge/sqlite"
	"sealbook/wasm/edge/store"
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
		Cosigned: func(t testing.TB, text string) string {
			putCosigned(t, data, text)
			return p.url
		},
	})
	p.stop(t)
	if p.stderr.Len() > 0 {
		t.Errorf("the server wrote errors: %s", p.stderr.String())
	}
}

// putCosigned puts what witnesses signed into a data folder, as verifier log cosign
// does.
func putCosigned(t testing.TB, data, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(data, "published/cosigned"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// inProcess is a server whose clock stands still until it is moved, and which
// publishes when it is told to.
type inProcess struct {
	began   time.Time
	folder  string
	seed    [32]byte
	ahead   atomic.Int64
	file    *sqlite.File
	files   *folder.Files
	handler *edge.Handler
	server  *httptest.Server

	mu    sync.Mutex
	codes map[string]string
	fail  error // what the sender answers
	sent  int
}

func newInProcess(t testing.TB) *inProcess {
	p := &inProcess{began: time.Now(), folder: t.TempDir(), codes: map[string]string{}}
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

// wide are the protocol's limits, but that one address may have many codes.
func wide() edge.Limits {
	l := edge.DefaultLimits()
	l.SendsAddress, l.SendsNetwork, l.SendsCalling, l.SendsTotal = 1_000_000, 1_000_000, 1_000_000, 1_000_000
	l.Interval = 1
	return l
}

// config is what a handler in this process gets.
func (p *inProcess) config(t testing.TB, s *store.Store, f edge.Files) edge.Config {
	return edge.Config{
		Name: "directory.example", Seed: p.seed, Store: s, Files: f, Evaluator: edge.Native, Sender: p,
		Address: func(r *http.Request) netip.Addr { return edge.ParseAddress(r.Header.Get("X-Address")) },
		Now:     p.now, Random: rand.Reader, Limits: wide(), Consent: directory.Consent,
		Log: func(err error) {
			if !strings.Contains(err.Error(), "without an address") {
				t.Errorf("log: %v", err)
			}
		},
	}
}

// start starts it; change may change the configuration.
func (p *inProcess) start(t testing.TB, change func(*edge.Config)) {
	file, err := sqlite.Open(t.Context(), filepath.Join(p.folder, "directory.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	files, err := folder.Open(filepath.Join(p.folder, "published"))
	if err != nil {
		t.Fatal(err)
	}
	c := p.config(t, file.Store, files)
	// The clock jumps in tests, and is right.
	c.ClockChecked = p.now
	if change != nil {
		change(&c)
	}
	if p.handler, err = edge.New(c); err != nil {
		t.Fatal(err)
	}
	p.file, p.files, p.server = file, files, httptest.NewServer(p.handler)
}

func (p *inProcess) stop() {
	p.server.Close()
	p.file.Close()
	p.files.Close()
}

func (p *inProcess) publish(t testing.TB) {
	t.Helper()
	if err := p.handler.PublishNow(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (p *inProcess) key(t testing.TB) string {
	keys, err := directory.NewKeys(p.seed, "directory.example")
	if err != nil {
		t.Fatal(err)
	}
	return keys.Verifier()
}

func (p *inProcess) suite(t testing.TB) *suite.Server {
	p.publish(t)
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
			p.publish(t)
			return p.server.URL
		},
		Cosigned: func(t testing.TB, text string) string {
			putCosigned(t, p.folder, text)
			return p.server.URL
		},
		Publish: p.publish,
		Fresh:   func(t testing.TB) *suite.Server { return newInProcess(t).suite(t) },
		Advance: func(d time.Duration) { p.ahead.Add(int64(d)) },
	}
}

func TestHandlerWithAClock(t *testing.T) {
	suite.Run(t, newInProcess(t).suite(t))
}
