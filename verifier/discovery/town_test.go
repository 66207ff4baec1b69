package discovery

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
	"sealbook/wasm/edge/sqlite"
)

// town is a directory: the real handler on the real database, with whatever a
// test puts before it.
type town struct {
	t      *testing.T
	server *httptest.Server
	edge   *edge.Handler
	key    string
	codes  map[string]string // by registration
	// lie, if there is one, alters answers on their way.
	mu     sync.Mutex
	lie    func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder
	seen   []string // methods and paths of the requests that came
	bodies [][]byte
}

const (
	ann = "+442079460101"
	ben = "+442079460102"
)

// stranger is one of a hundred numbers of people.
func stranger(i int) string { return fmt.Sprintf("+4420794602%02d", i) }

func newTown(t *testing.T) *town {
	t.Helper()
	file, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "directory.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	w := &town{t: t, codes: map[string]string{}}
	limits := edge.DefaultLimits()
	limits.SendsPerHour, limits.SendsPerAddress = 1000, 1000
	w.edge, err = edge.New(edge.Config{
		Name: "directory.example", Seed: [32]byte{1}, Store: file.Store, Evaluator: edge.Native, Sender: w,
		Address: func(*http.Request) string { return "192.0.2.1" }, Now: time.Now, Random: random{}, Limits: limits,
		Consent: directory.Consent, Log: func(err error) { t.Log("directory:", err) }, Erased: func() {}, Cache: 1 << 20,
	})
	if err != nil {
		t.Fatal(err)
	}
	w.key = w.edge.VerifierKey()
	w.server = httptest.NewServer(w)
	t.Cleanup(w.server.Close)
	return w
}

// random is enough for tests, and quick.
type random struct{}

func (random) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	return len(b), nil
}

// Send takes codes to the town's post.
func (w *town) Send(_ context.Context, m edge.Message) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.codes[m.Registration] = m.Code
	return nil
}

func (w *town) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	w.mu.Lock()
	w.seen = append(w.seen, r.Method+" "+r.URL.RequestURI())
	w.bodies = append(w.bodies, body)
	lie := w.lie
	w.mu.Unlock()
	a := httptest.NewRecorder()
	w.edge.ServeHTTP(a, r)
	if lie != nil {
		if a = lie(r, a); a == nil {
			panic(http.ErrAbortHandler) // the connection breaks
		}
	}
	for name, values := range a.Header() {
		out.Header()[name] = values
	}
	out.WriteHeader(a.Code)
	out.Write(a.Body.Bytes())
}

func (w *town) setLie(lie func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lie = lie
}

func (w *town) requests() (seen []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	seen, w.seen = w.seen, nil
	return seen
}

func (w *town) open() *Directory {
	w.t.Helper()
	d, err := Open(w.t.Context(), w.server.URL, Options{Key: w.key})
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// join registers somebody.
func (w *town) join(d *Directory, number string, mark byte, scopes ...directory.Scope) Confirmed {
	w.t.Helper()
	r, err := d.Register(w.t.Context(), number)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(scopes) == 0 {
		scopes = directory.Scopes()
	}
	mine, err := d.Confirm(w.t.Context(), w.confirmation(r, mark, scopes...))
	if err != nil {
		w.t.Fatal(err)
	}
	return mine
}

func (w *town) confirmation(r Registration, mark byte, scopes ...directory.Scope) Confirmation {
	w.mu.Lock()
	defer w.mu.Unlock()
	record := directory.Record{Flags: uint32(mark)}
	for i := range record.Handle {
		record.Handle[i] = mark
	}
	return Confirmation{Registration: r.ID, Number: r.Number, Code: w.codes[r.ID], Scopes: scopes, Record: record}
}
