//go:build old

// Package discoverytest is a directory for tests: the real handler on the real database,
// with a post that keeps the codes, and a place where a test can lie.
package discoverytest

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"time"

	"sealbook/verifier/discovery"
	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
	"sealbook/wasm/edge/sqlite"
)

// Lie alters the answer to a request on its way; nil breaks the connection.
type Lie func(r *http.Request, a *httptest.ResponseRecorder) *httptest.ResponseRecorder

// Request is one that came.
type Request struct {
	Line string // method and path
	Body []byte
}

// Town is a running directory. Make it with New, and close it.
type Town struct {
	URL string
	Key string // the verifier key

	server *httptest.Server
	file   *sqlite.File
	edge   *edge.Handler
	post   func(m edge.Message)

	mu   sync.Mutex
	lie  Lie
	came []Request
}

// New starts a directory in a folder. The seed tells directories apart; post
// gets the codes.
func New(ctx context.Context, folder string, seed byte, post func(edge.Message)) (*Town, error) {
	file, err := sqlite.Open(ctx, filepath.Join(folder, "directory.db"), sqlite.Options{})
	if err != nil {
		return nil, err
	}
	w := &Town{file: file, post: post}
	limits := edge.DefaultLimits()
	limits.SendsPerHour, limits.SendsPerAddress = 1000, 1000
	w.edge, err = edge.New(edge.Config{
		Name: "directory.example", Seed: [32]byte{seed}, Store: file.Store, Evaluator: edge.Native, Sender: w,
		Address: func(*http.Request) string { return "192.0.2.1" }, Now: time.Now, Random: rand.Reader, Limits: limits,
		Consent: directory.Consent, Erased: func() {}, Cache: 1 << 20,
	})
	if err != nil {
		file.Close()
		return nil, err
	}
	w.server = httptest.NewServer(w)
	w.URL, w.Key = w.server.URL, w.edge.VerifierKey()
	return w, nil
}

// Close stops it.
func (w *Town) Close() {
	w.server.CloseClientConnections()
	w.server.Close()
	w.file.Close()
}

// Send gives a code to the post.
func (w *Town) Send(_ context.Context, m edge.Message) error {
	w.post(m)
	return nil
}

// StartEpoch begins the epoch after another one.
func (w *Town) StartEpoch(ctx context.Context, from uint32, bits uint8) error {
	return w.file.Store.StartEpoch(ctx, from, bits)
}

// SetLie has further answers altered; nil tells the truth again.
func (w *Town) SetLie(lie Lie) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lie = lie
}

// Came answers the requests since it was asked last.
func (w *Town) Came() []Request {
	w.mu.Lock()
	defer w.mu.Unlock()
	came := w.came
	w.came = nil
	return came
}

func (w *Town) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	w.mu.Lock()
	w.came = append(w.came, Request{r.Method + " " + r.URL.RequestURI(), body})
	lie := w.lie
	w.mu.Unlock()
	a := httptest.NewRecorder()
	w.edge.ServeHTTP(a, r)
	if lie != nil {
		if a = lie(r, a); a == nil {
			panic(http.ErrAbortHandler)
		}
	}
	for name, values := range a.Header() {
		out.Header()[name] = values
	}
	out.WriteHeader(a.Code)
	out.Write(a.Body.Bytes()) // if the client has gone, nobody is left to tell
}

// Confirmation confirms a registration with the code that was sent. Handle and
// flags are the mark.
func Confirmation(r discovery.Registration, code string, mark byte, scopes ...directory.Scope) discovery.Confirmation {
	record := directory.Record{Flags: uint32(mark)}
	for i := range record.Handle {
		record.Handle[i] = mark
	}
	return discovery.Confirmation{Registration: r.ID, Number: r.Number, Code: code, Scopes: scopes, Record: record}
}
