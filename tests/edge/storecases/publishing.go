package storecases

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
	"sealbook/wasm/edge/store"
	"sealbook/wasm/trust"
)

// How states are published from a database: cases for a whole handler, whose
// published files lie in memory. They break off where a case says.

// memory is a place for files that ends at a step, as if the process were
// killed: from then on nothing is written, and what was being written is half
// there. 0 is never.
type memory struct {
	mu    sync.Mutex
	files map[string][]byte
	half  map[string]bool // broken off
	step  int
	end   int
}

var errKilled = errors.New("killed")

// live counts a step, and reports whether it is still before the end.
func (m *memory) live() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.step++; m.end == 0 || m.step < m.end {
		return true
	}
	return false
}

func (m *memory) Write(_ context.Context, name string, write func(io.Writer) error) error {
	var b bytes.Buffer
	whole := m.live()
	err := write(&b)
	if err != nil || !whole {
		m.put(name, nil, true)
		return errors.Join(err, errKilled)
	}
	m.put(name, b.Bytes(), false)
	if !m.live() { // written, and nobody was told
		return errKilled
	}
	return nil
}

func (m *memory) put(name string, b []byte, half bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.half[name] = half; !half {
		m.files[name] = b
	}
}

// opened is a file in memory.
type opened struct{ *bytes.Reader }

func (opened) Close() error { return nil }

func (m *memory) Open(_ context.Context, name string) (io.ReadSeekCloser, int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok := m.files[name]
	if !ok {
		return nil, 0, fs.ErrNotExist
	}
	return opened{bytes.NewReader(b)}, int64(len(b)), nil
}

func (m *memory) List(context.Context) (names []string, err error) {
	if !m.live() {
		return nil, errKilled
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for name := range m.half {
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}

func (m *memory) Remove(_ context.Context, names ...string) error {
	if !m.live() {
		return errKilled
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, name := range names {
		delete(m.files, name)
		delete(m.half, name)
	}
	return nil
}

// town is a directory on a database, and somebody who looks at all that it
// publishes, as clients do.
type town struct {
	t     T
	s     *store.Store
	files *memory
	clock int64
	seed  [32]byte

	people int
	log    note.Verifier
	tree   tlog.Tree
	leaf   trust.State
	tags   *directory.Tags
}

func newTown(t T, s *store.Store) *town {
	// The handler begins its own epoch, whose key it can read.
	for _, sql := range []string{"DELETE FROM epochs", "UPDATE directory SET epoch = 0"} {
		if _, err := s.Write.ExecContext(ctx, sql); err != nil {
			t.Fatalf("%v", err)
		}
	}
	w := &town{t: t, s: s, clock: now, files: &memory{files: map[string][]byte{}, half: map[string]bool{}}}
	rand.Read(w.seed[:])
	keys, err := directory.NewKeys(w.seed, "town.example")
	must(t, err)
	w.log, err = trust.NewVerifier(keys.LogVerifier(), trust.Origin("town.example"))
	must(t, err)
	must(t, w.start().PublishNow(ctx))
	w.look(w.start())
	return w
}

// start starts a process.
func (w *town) start() *edge.Handler {
	limits := edge.DefaultLimits()
	limits.Interval = 1
	h, err := edge.New(edge.Config{
		Name: "town.example", Seed: w.seed, Store: w.s, Files: w.files, Evaluator: edge.Native, Sender: nobody{},
		Address: func(*http.Request) netip.Addr { return netip.Addr{} },
		Now:     func() time.Time { return time.Unix(w.clock, 0) }, Random: rand.Reader,
		Limits: limits, Consent: directory.Consent,
		ClockChecked: func() time.Time { return time.Unix(w.clock, 0) },
	})
	must(w.t, err)
	return h
}

type nobody struct{}

func (nobody) Send(context.Context, edge.Message) error { return nil }

// join lets somebody come.
func (w *town) join() {
	w.people++
	add(w.t, w.s, person(w.people))
}

func (w *town) get(h *edge.Handler, path string) []byte {
	r := httptest.NewRecorder()
	h.ServeHTTP(r, httptest.NewRequest("GET", path, nil))
	if r.Code != http.StatusOK {
		w.t.Fatalf("%s: %d %s", path, r.Code, r.Body)
	}
	return r.Body.Bytes()
}

// look reads the newest state and holds it against the log; and goes there from
// the one looked at last, by the changes.
func (w *town) look(h *edge.Handler) {
	t := w.t
	u, err := trust.OpenUpdate(string(w.get(h, fmt.Sprintf("/v2/log/update?from=%d", w.tree.N))), w.tree, w.log)
	if err == nil && w.tags != nil && u.Tree.N > w.tree.N {
		err = u.State.Follows(&w.leaf)
	}
	if err != nil || u.State.Version != uint64(u.Tree.N) {
		t.Fatalf("a log of %d with version %d: %v", u.Tree.N, u.State.Version, err)
	}
	at := fmt.Sprintf("/v2/states/%d/", u.State.Version)
	file := w.get(h, at+"tags")
	tags, err := directory.ParseTags(file)
	must(t, err)
	records := w.get(h, at+"records")
	if err := u.State.CheckFiles(sha256.Sum256(file), trust.RecordsRoot(records[directory.HeaderSize:])); err != nil {
		t.Fatalf("version %d: %v", u.State.Version, err)
	}
	if w.tags != nil && w.leaf.Version < u.State.Version {
		r := directory.NewReplay(*w.tags, w.leaf.Changes)
		for hour := w.leaf.Time.Unix() / 3600; hour <= u.State.Time.Unix()/3600; hour++ {
			path := fmt.Sprintf("/v2/changes/%d", hour)
			if hour == u.State.Time.Unix()/3600 {
				path += fmt.Sprintf("/%d", u.State.Version)
			}
			body := w.get(h, path)
			if len(body) == 0 {
				continue
			}
			versions, raw, err := directory.ParseHour(body)
			must(t, err)
			for i := range versions {
				if versions[i].Version > w.leaf.Version {
					must(t, r.Next(&versions[i], raw[i]))
				}
			}
		}
		if r.Chain() != u.State.Changes || !bytes.Equal(r.Tags().Append(nil), file) {
			t.Fatalf("the changes do not lead from version %d to %d", w.leaf.Version, u.State.Version)
		}
	}
	w.tree, w.leaf, w.tags = u.Tree, u.State, &tags
}

// allThere checks that everybody who came is published, once.
func (w *town) allThere() {
	for n := 1; n <= w.people; n++ {
		p := person(n)
		if from, to := w.tags.Find(p.Tag); to-from != 1 {
			w.t.Errorf("person %d is published %d times", n, to-from)
		}
	}
	if int(w.tags.Count) != w.people {
		w.t.Errorf("%d people are published, want %d", w.tags.Count, w.people)
	}
}

// publishingKilled: killed at any step of publishing, what is in the log can be
// read by the next process, and nothing that was written down is lost.
func publishingKilled(t T, s *store.Store) {
	w := newTown(t, s)
	for step := 1; ; step++ {
		w.join()
		w.clock += 61
		w.files.step, w.files.end = 0, step
		err := w.start().PublishNow(ctx)
		killed := w.files.step >= step
		if killed != (err != nil) {
			t.Fatalf("step %d of %d: %v", step, w.files.step, err)
		}
		w.files.end = 0
		next := w.start()
		w.look(next) // before anything is published again
		must(t, next.PublishNow(ctx))
		w.look(next)
		w.allThere()
		if !killed {
			if step < 12 {
				t.Errorf("only %d steps", step)
			}
			break
		}
	}
	// What came to nothing goes when it is surely nobody's.
	w.clock += 2 * 3600
	w.join()
	must(t, w.start().PublishNow(ctx))
	for name, half := range w.files.half {
		if half {
			t.Errorf("%s was broken off, and stays", name)
		}
	}
}

// publishingAtOnce: several processes publish one database, while people come:
// one log, whole states, nobody lost.
func publishingAtOnce(t T, s *store.Store) {
	w := newTown(t, s)
	before := w.tree.N
	for range 4 {
		for range 3 {
			w.join()
		}
		w.clock += 61
		published := atOnce(4, func(int) bool {
			err := w.start().PublishNow(ctx)
			if err != nil && !errors.Is(err, store.ErrTaken) {
				t.Errorf("publish: %v", err)
			}
			return err == nil
		})
		if published == 0 {
			t.Errorf("nobody published")
		}
		w.look(w.start())
		w.allThere()
	}
	if w.tree.N != before+4 {
		t.Errorf("%d states of 4 rounds", w.tree.N-before)
	}
}

// publishingClock: a clock that is set back, by a second or a month, makes no
// time fall, and keeps nobody from being published.
func publishingClock(t T, s *store.Store) {
	w := newTown(t, s)
	at := w.leaf.Time
	for _, back := range []int64{1, 3600, 30 * 86400} {
		w.clock -= back
		w.join()
		h := w.start()
		if _, err := h.Publish(ctx); err != nil {
			t.Fatalf("%d s back: %v", back, err)
		}
		w.look(h)
		w.allThere()
		if !w.leaf.Time.Equal(at) {
			t.Errorf("%d s back: a leaf of %v after one of %v", back, w.leaf.Time, at)
		}
	}
	// When it is right again, so are the times.
	w.clock = at.Unix() + 7200
	w.join()
	h := w.start()
	if _, err := h.Publish(ctx); err != nil {
		t.Fatalf("right again: %v", err)
	}
	w.look(h)
	w.allThere()
	if w.leaf.Time.Unix() != w.clock {
		t.Errorf("right again: a leaf of %v", w.leaf.Time)
	}
}
