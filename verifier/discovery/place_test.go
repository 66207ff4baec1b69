//go:build old

package discovery_test

import (
	"fmt"
	"sync"
	"testing"

	. "sealbook/verifier/discovery"
	"sealbook/verifier/discovery/discoverytest"
	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
)

const (
	ann = "+442079460101"
	ben = "+442079460102"
)

// stranger is one of a hundred numbers of people.
func stranger(i int) string { return fmt.Sprintf("+4420794602%02d", i) }

// place is a town, and the test that it is for.
type place struct {
	*discoverytest.Town
	t     *testing.T
	codes sync.Map // by registration
}

func newTown(t *testing.T, seed byte) *place {
	t.Helper()
	w := &place{t: t}
	var err error
	w.Town, err = discoverytest.New(t.Context(), t.TempDir(), seed, func(m edge.Message) { w.codes.Store(m.Registration, m.Code) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

func (w *place) open() *Directory {
	w.t.Helper()
	d, err := Open(w.t.Context(), w.URL, Options{Key: w.Key})
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// begin asks for a code and answers what confirms it.
func (w *place) begin(d *Directory, number string, mark byte, scopes ...directory.Scope) Confirmation {
	w.t.Helper()
	r, err := d.Register(w.t.Context(), number)
	if err != nil {
		w.t.Fatal(err)
	}
	code, ok := w.codes.Load(r.ID)
	if !ok {
		w.t.Fatal("no code was sent")
	}
	return discoverytest.Confirmation(r, code.(string), mark, scopes...)
}

// join registers somebody, with all scopes if none are named.
func (w *place) join(d *Directory, number string, mark byte, scopes ...directory.Scope) Confirmed {
	w.t.Helper()
	if len(scopes) == 0 {
		scopes = directory.Scopes()
	}
	mine, err := d.Confirm(w.t.Context(), w.begin(d, number, mark, scopes...))
	if err != nil {
		w.t.Fatal(err)
	}
	return mine
}
