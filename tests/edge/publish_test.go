package edge_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
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
	"sealbook/wasm/edge/store"
	"sealbook/wasm/trust"
)

// dying are files whose process is killed at a step: from then on nothing is
// written, and the database is gone too. A file that is being written stays as
// it is, half.
type dying struct {
	edge.Files
	folder string
	step   int // of its death
	die    func()

	mu  sync.Mutex
	now int
}

func (d *dying) dead() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now >= d.step
}

var errDead = errors.New("killed")

// alive counts a step.
func (d *dying) alive() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now++
	if d.now == d.step {
		d.die()
	}
	return d.now < d.step
}

func (d *dying) Write(ctx context.Context, name string, write func(io.Writer) error) error {
	if !d.alive() {
		return errDead
	}
	// Half a file, as a cut leaves it, instead of the file.
	d.mu.Lock()
	half := d.now+1 == d.step
	d.mu.Unlock()
	if half {
		d.alive()
		file := filepath.Join(d.folder, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte("SB"), 0o600)); err != nil {
			return err
		}
		return errDead
	}
	if err := d.Files.Write(ctx, name, write); err != nil {
		return err
	}
	if !d.alive() {
		return errDead
	}
	return nil
}

func (d *dying) Open(ctx context.Context, name string) (io.ReadSeekCloser, int64, error) {
	if d.dead() {
		return nil, 0, errDead
	}
	return d.Files.Open(ctx, name)
}

func (d *dying) List(ctx context.Context) ([]string, error) {
	if !d.alive() {
		return nil, errDead
	}
	return d.Files.List(ctx)
}

func (d *dying) Remove(ctx context.Context, names ...string) error {
	if !d.alive() {
		return errDead
	}
	return d.Files.Remove(ctx, names...)
}

// Killed at any step of publishing, the service goes on: what was in the log can
// be read, what was acknowledged is in the next state, and nobody sees half of
// anything.
func TestPublishingKilled(t *testing.T) {
	p := newInProcess(t)
	follower := p.suite(t).Follow()
	follower.Look(t)
	var tags [][directory.TagSize]byte
	for step := 1; ; step++ {
		_, tag := follower.Join(t)
		tags = append(tags, tag)
		d := &dying{folder: filepath.Join(p.folder, "published"), step: step}
		p.restartWith(t, func(c *edge.Config) {
			d.Files, d.die = c.Files, func() { p.file.Close() }
			c.Files = d
			c.Log = nil
		})
		err := p.handler.PublishNow(t.Context())
		if alive := !d.dead(); alive != (err == nil) {
			t.Fatalf("step %d: %v", step, err)
		}
		p.restartWith(t, nil)
		follower.URL = p.server.URL
		// Before anything is published again: what the log has can be read.
		follower.Look(t)
		p.publish(t)
		all := follower.Look(t)
		for i, tag := range tags {
			if from, to := all.Find(tag); to-from != 1 {
				t.Fatalf("step %d: person %d is there %d times", step, i, to-from)
			}
		}
		if err == nil {
			if step < 12 {
				t.Errorf("only %d steps", step)
			}
			t.Logf("counts: killed at %d steps", step-1)
			break
		}
	}
	// What came to nothing is removed when it is surely nobody's.
	p.ahead.Add(int64(2 * time.Hour))
	follower.Join(t)
	p.publish(t)
	names, err := p.files.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	folders := map[string]bool{}
	for _, name := range names {
		folder, _, _ := strings.Cut(name, "/")
		folders[folder] = true
	}
	// The newest, the one before it, and the last of each hour.
	if len(folders) > 4 {
		t.Errorf("%d publications are kept: %v", len(folders), folders)
	}
}

// Two processes publish the same database: one log, whole states, and whoever is
// second begins again.
func TestTwoPublishers(t *testing.T) {
	p := newInProcess(t)
	p.publish(t)
	second, err := edge.New(p.config(t, p.file.Store, p.files))
	if err != nil {
		t.Fatal(err)
	}
	follower := p.suite(t).Follow()
	follower.Look(t)
	ctx, end := context.WithCancel(t.Context())
	var group sync.WaitGroup
	var published atomic.Int64
	for _, h := range []*edge.Handler{p.handler, second, p.handler, second} {
		group.Go(func() {
			for ctx.Err() == nil {
				err := h.PublishNow(ctx)
				if err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrTaken) {
					t.Errorf("publish: %v", err)
				}
				published.Add(1)
			}
		})
	}
	var tags [][directory.TagSize]byte
	for range 12 {
		_, tag := follower.Join(t)
		tags = append(tags, tag)
		follower.Look(t)
	}
	end()
	group.Wait()
	p.publish(t)
	all := follower.Look(t)
	for i, tag := range tags {
		if from, to := all.Find(tag); to-from != 1 {
			t.Errorf("person %d is there %d times", i, to-from)
		}
	}
	if published.Load() < 4 {
		t.Error("hardly anything was published")
	}
}

// And as processes, each of which sees what the other writes.
func TestTwoServers(t *testing.T) {
	data := t.TempDir()
	one := start(t, data)
	two := start(t, data)
	for i, p := range []*process{one, two, one, two} {
		mustJoin(t, p, fmt.Sprintf("+120255501%02d", i))
	}
	for _, p := range []*process{one, two} {
		s := suite.New(p.url, p.key, p.code).Follow()
		late := time.Now().Add(30 * time.Second)
		for s.Look(t).Count != 4 {
			if time.Now().After(late) {
				t.Fatal("not everybody is published")
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	two.stop(t)
	one.stop(t)
	checkIntegrity(t, data)
}

// Restarts, and whoever asks for them, do not make states come faster; changes
// wait for the interval, and then come at once.
func TestInterval(t *testing.T) {
	p := newInProcess(t)
	p.restartWith(t, func(c *edge.Config) { c.Limits.Interval = 60 })
	follower := p.suite(t).Follow()
	version := func() uint64 { t.Helper(); return follower.Look(t).Version }
	tick := func(want time.Duration) {
		t.Helper()
		wait, err := p.handler.Publish(t.Context())
		if err != nil || wait != want {
			t.Errorf("wait %v %v, want %v", wait, err, want)
		}
	}
	first := version()
	follower.Join(t)
	tick(60 * time.Second)
	p.ahead.Add(int64(20 * time.Second))
	follower.Join(t)
	tick(40 * time.Second)
	if got := version(); got != first {
		t.Errorf("version %d before the interval's end", got)
	}
	p.ahead.Add(int64(40 * time.Second))
	tick(60 * time.Second)
	if got := version(); got != first+1 || follower.Look(t).Count != 2 {
		t.Errorf("version %d after %d", got, first)
	}
	// Nothing changed: the next leaf is one of every six hours.
	tick(6*time.Hour - 10*time.Minute)
	p.ahead.Add(int64(time.Hour))
	follower.Join(t)
	tick(60 * time.Second) // at once
	if got := version(); got != first+2 {
		t.Errorf("version %d after %d", got, first)
	}
}

// slowFiles take their time, by the clock of the machine.
type slowFiles struct {
	edge.Files
	wait time.Duration
}

func (s slowFiles) Write(ctx context.Context, name string, write func(io.Writer) error) error {
	timer := time.NewTimer(s.wait)
	<-timer.C
	return s.Files.Write(ctx, name, write)
}

// Where publishing takes long, states are further apart: at least 20 times that.
func TestIntervalGrows(t *testing.T) {
	p := newInProcess(t)
	p.restartWith(t, func(c *edge.Config) { c.Files = slowFiles{c.Files, 120 * time.Millisecond} })
	follower := p.suite(t).Follow() // its files are written at once
	follower.Join(t)
	wait, err := p.handler.Publish(t.Context())
	if err != nil || wait < 2*time.Second {
		t.Errorf("after a publication of over 120 ms the next is due in %v, %v", wait, err)
	}
}

// The development server publishes every 2 seconds also where publishing takes a
// while, as on a busy machine: people who try things out are found within 5.
func TestIntervalOfDevelopment(t *testing.T) {
	usual := func(l *edge.Limits) { l.Interval = 2 }
	development := func(l *edge.Limits) { edge.Development(l, false, false) }
	for _, c := range []struct {
		limits func(*edge.Limits)
		took   int64 // milliseconds
		want   time.Duration
	}{
		{usual, 100, 2 * time.Second}, {usual, 500, 10 * time.Second},
		{development, 100, 2 * time.Second}, {development, 500, 2 * time.Second}, {development, 1000, 4 * time.Second},
	} {
		p := newInProcess(t)
		p.restartWith(t, func(to *edge.Config) { c.limits(&to.Limits) })
		follower := p.suite(t).Follow()
		if _, err := p.file.Store.Write.Exec("UPDATE log SET took = ?", c.took); err != nil {
			t.Fatal(err)
		}
		follower.Join(t)
		if wait, err := p.handler.Publish(t.Context()); err != nil || wait != c.want {
			t.Errorf("after a publication of %d ms the next is due in %v, %v, want %v", c.took, wait, err, c.want)
		}
	}
}

// Nor does a machine that slept while it published close the directory for days.
func TestIntervalAfterSleep(t *testing.T) {
	p := newInProcess(t)
	follower := p.suite(t).Follow()
	if _, err := p.file.Store.Write.Exec("UPDATE log SET took = 8 * 3600 * 1000"); err != nil {
		t.Fatal(err)
	}
	follower.Join(t)
	if wait, err := p.handler.Publish(t.Context()); err != nil || wait > 6*time.Hour {
		t.Errorf("the next state is due in %v, %v", wait, err)
	}
}

// A clock that is far ahead publishes nothing, and erases nothing: one leaf of a
// far year would close the directory for ever.
func TestClockJumps(t *testing.T) {
	p := newInProcess(t)
	p.restartWith(t, func(c *edge.Config) { c.ClockChecked = nil })
	follower := p.suite(t).Follow()
	credential, _ := follower.Join(t)
	p.publish(t)
	before := follower.Look(t)
	p.ahead.Add(int64(25*time.Hour + time.Minute))
	follower.Join(t)
	if err := p.handler.PublishNow(t.Context()); !errors.Is(err, edge.ErrClock) {
		t.Errorf("25 hours ahead: %v", err)
	}
	p.ahead.Add(int64(70 * 365 * 24 * time.Hour))
	if _, err := p.handler.Publish(t.Context()); !errors.Is(err, edge.ErrClock) {
		t.Errorf("70 years ahead: %v", err)
	}
	if err := p.handler.Clean(t.Context()); !errors.Is(err, edge.ErrClock) {
		t.Errorf("70 years ahead it cleans: %v", err)
	}
	p.begin(t, "+12025550177", "") // what it cleans, it does not
	if now := follower.Look(t); now.Version != before.Version {
		t.Errorf("version %d after %d", now.Version, before.Version)
	}
	if status, _, err := raw("GET", p.server.URL+"/v2/me", "", credential, nil); err != nil || status != 200 {
		t.Errorf("me: %d %v", status, err)
	}
	// Back again, or checked.
	p.ahead.Store(int64(25*time.Hour + time.Minute))
	p.restartWith(t, nil)
	follower.URL = p.server.URL
	p.publish(t)
	if now := follower.Look(t); now.Version != before.Version+1 {
		t.Errorf("version %d after %d", now.Version, before.Version)
	}
}

// The server says what to do about such a clock, at its start.
func TestClockAtStart(t *testing.T) {
	data := t.TempDir()
	p := start(t, data)
	p.stop(t)
	old := time.Now().Add(-26 * time.Hour).UTC()
	ageLog(t, data, old)
	if code, out := run(t, "-data", data, "-addr", "127.0.0.1:0"); code != 2 || !strings.Contains(out, "-clock-checked") {
		t.Errorf("%d %s", code, out)
	}
	p = start(t, data, "-clock-checked")
	p.stop(t)
	p = start(t, data)
	p.stop(t)
}

// behind is a proxy that keeps answers for as long as they say, and longer asks
// nobody.
func behind(t *testing.T, target string) *httptest.Server {
	to, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	type kept struct {
		status int
		header http.Header
		body   []byte
	}
	var mu sync.Mutex
	cache := map[string]kept{}
	proxy := httputil.NewSingleHostReverseProxy(to)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Requests overtake each other.
		time.Sleep(time.Duration(rand.IntN(3)) * time.Millisecond)
		key := r.Method + " " + r.URL.String() + " " + r.Header.Get("Range")
		mu.Lock()
		k, ok := cache[key]
		mu.Unlock()
		if !ok {
			rec := httptest.NewRecorder()
			proxy.ServeHTTP(rec, r)
			k = kept{rec.Code, rec.Header(), rec.Body.Bytes()}
			if strings.Contains(k.header.Get("Cache-Control"), "max-age") {
				mu.Lock()
				cache[key] = k
				mu.Unlock()
			}
		}
		for name, values := range k.header {
			w.Header()[name] = values
		}
		w.WriteHeader(k.status)
		w.Write(k.body)
	}))
	t.Cleanup(server.Close)
	return server
}

// Behind a proxy that caches for ever what may be cached, and lets requests
// overtake each other, everybody sees whole and present states.
func TestBehindAProxy(t *testing.T) {
	p := newInProcess(t)
	s := p.suite(t)
	proxy := behind(t, p.server.URL)
	follower := suite.New(proxy.URL, s.Key, s.Code).Follow()
	var count uint32
	for range 10 {
		follower.Join(t)
		count++
		p.publish(t)
		if tags := follower.Look(t); tags.Count != count {
			t.Errorf("%d people are published, and %d seen", count, tags.Count)
		}
		p.ahead.Add(int64(time.Minute))
	}
	// Many at once, while states come.
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() {
			other := suite.New(proxy.URL, s.Key, s.Code).Follow()
			for range 5 {
				other.Look(t)
			}
		})
	}
	for range 5 {
		follower.Join(t)
		p.publish(t)
	}
	group.Wait()
}

// Files that were lost or changed behind the service's back are told, and made
// again from the database: the log goes on from the state it has.
func TestFilesLost(t *testing.T) {
	p := newInProcess(t)
	p.restartWith(t, func(c *edge.Config) { c.Log = nil })
	follower := p.suite(t).Follow()
	for round, damage := range []func(name string) error{
		os.Remove,
		func(name string) error { return os.WriteFile(name, []byte("SBR2"), 0o600) },
		func(name string) error {
			b, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			b[len(b)-1] ^= 1
			return os.WriteFile(name, b, 0o600)
		},
	} {
		for _, file := range []string{"records", "tags", "root"} {
			for _, change := range []bool{true, false} {
				follower.Join(t)
				p.publish(t)
				before := follower.Look(t)
				names, err := filepath.Glob(filepath.Join(p.folder, "published", fmt.Sprintf("%d-*", before.Version), file))
				if err != nil || len(names) != 1 {
					t.Fatalf("%q %v", names, err)
				}
				if err := damage(names[0]); err != nil {
					t.Fatal(err)
				}
				if round < 2 { // of wrong length, or none: it is not served
					status, body, err := raw("GET", fmt.Sprintf("%s/v2/states/%d/%s", p.server.URL, before.Version, file), "", "", nil)
					if err != nil || status != 503 || problemCode(body) != directory.FileMissing {
						t.Errorf("%d %v", status, err)
					}
				}
				if change {
					follower.Join(t)
				}
				p.restartWith(t, func(c *edge.Config) { c.Log = nil })
				follower.URL = p.server.URL
				p.publish(t)
				if after := follower.Look(t); after.Version != before.Version+1 {
					t.Errorf("%s, round %d: version %d after %d", file, round, after.Version, before.Version)
				}
			}
		}
	}
}

// ageLog makes the newest leaf of a log older, and all before it.
func ageLog(t testing.TB, data string, at time.Time) {
	t.Helper()
	db := openDatabase(t, data)
	defer db.Close()
	var leaf string
	if err := db.QueryRow("SELECT leaf FROM log ORDER BY n DESC LIMIT 1").Scan(&leaf); err != nil {
		t.Fatal(err)
	}
	state, err := trust.ParseState([]byte(leaf))
	if err != nil {
		t.Fatal(err)
	}
	state.Time = at.Truncate(time.Second)
	if _, err := db.Exec("UPDATE log SET leaf = ?, at = ?, hour = ?", string(state.Leaf()), at.Unix(), at.Unix()/3600); err != nil {
		t.Fatal(err)
	}
}
