package discovery_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sealbook/verifier/discovery"
	"sealbook/verifier/discovery/discoverytest"
	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

// A hostile directory lies in what it can. Whatever it does, the clients' books
// change nothing in what is sent, in the error, or in whether the state changed.
type hostile struct {
	row  int
	name string
	// prepare is called when a honest sync is done and the next state is to be
	// published; nil publishes it.
	prepare func(w *hostileWorld)
	lie     func(w *hostileWorld, e *discoverytest.Exchange)
	code    discovery.Code
	until   string // D, U, T, R, M, E: where the last request belongs
	// evidence is how many signed texts are kept at least, those that contradict
	// each other (2) or a claim (1); 0: none.
	evidence int
	first    bool // the first sync is lied to as well
	then     discovery.Code
	check    func(t *testing.T, w *hostileWorld, c *client)
}
type hostileWorld struct {
	*world
	clients []*client
	other   *discoverytest.Directory
	calls   int
	before  *discoverytest.State
}

// phase is to which part of a sync a request belongs.
func phase(line string) string {
	for part, mark := range map[string]string{"D": " /v2/directory ", "U": " /v2/log/update", "M": " /v2/me ", "E": " /v2/evaluations "} {
		if strings.Contains(line, mark) {
			return part
		}
	}
	if strings.Contains(line, "/records ") {
		return "R"
	}
	return "T"
}
func path(e *discoverytest.Exchange, part string) bool { return strings.Contains(e.Path, part) }

// parameters signs others than the directory's.
func parameters(e *discoverytest.Exchange, w *hostileWorld, change func(p *directory.Parameters)) {
	if !path(e, "/v2/directory") {
		return
	}
	p := w.Parameters()
	change(p)
	// What no honest directory signs is signed below its own checks.
	e.Body, _ = json.Marshal(directory.DirectoryAnswer{Key: w.Key(), Note: w.SignText("sealbook directory v2", p)})
}

// state publishes a state that is changed before it goes into the log.
func state(change func(s *discoverytest.State)) func(w *hostileWorld) {
	return func(w *hostileWorld) {
		s := w.Make()
		change(s)
		w.Append(s)
	}
}
func ownOf(w *hostileWorld, c *client) discoverytest.Person {
	y := w.Output(c.mine.Number)
	return discoverytest.Person{Tag: directory.Tag(&y, w.Epoch), ID: directory.AccountID(&y, w.Epoch), Record: *c.mine.Sealed}
}

// endless is a body without an end.
type endless struct {
	b    byte
	wait time.Duration
}

func (s endless) Read(b []byte) (int, error) {
	if s.wait > 0 {
		time.Sleep(s.wait)
		b = b[:1]
	}
	for i := range b {
		b[i] = s.b
	}
	return len(b), nil
}
func (endless) Close() error { return nil }

// cut is a body that breaks.
type cut struct{ io.Reader }

func (c cut) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}
func (cut) Close() error { return nil }

var otherKey = func() (key [oprf.ElementSize]byte) {
	d := discoverytest.New(99, time.Now)
	return [oprf.ElementSize]byte(d.Parameters().PublicKey)
}()

// sealed are the bodies that move an account, which are of the own number alone.
var sealed = regexp.MustCompile(" bytes [0-9a-f]{20,}: ")

// neverWhole says whether the whole file was asked for.
func neverWhole(t *testing.T, w *hostileWorld, c *client) {
	if strings.Contains(strings.Join(c.lines, "\n"), "/tags") {
		t.Error("the whole file is asked for where changes are missing")
	}
}

// size is that of the log which a client knows.
func (c *client) size() int64 {
	b, err := os.ReadFile(c.path)
	if err != nil {
		return 0
	}
	var f struct {
		Size int64 `json:"log_size"`
	}
	json.Unmarshal(bytes.SplitN(b, []byte("\n"), 2)[0], &f)
	return f.Size
}

// outside is the state's file without the evaluations that were paid for.
func outside(t *testing.T, b []byte) string {
	var f map[string]any
	if len(b) == 0 {
		return ""
	}
	if err := json.Unmarshal(bytes.SplitN(b, []byte("\n"), 2)[0], &f); err != nil {
		t.Fatal(err)
	}
	delete(f, "outputs")
	delete(f, "epoch")
	text, _ := json.Marshal(f)
	return string(text)
}
func TestHostile(t *testing.T) {
	seen := map[int]bool{}
	for _, h := range rows {
		seen[h.row] = true
		t.Run(fmt.Sprintf("%d %s", h.row, h.name), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { h.run(t) })
		})
	}
	if len(seen) != 25 {
		t.Errorf("%d of 25 rows", len(seen))
	}
}
func (h hostile) run(t *testing.T) {
	w := &hostileWorld{world: newWorld(280)}
	for i := range 10 {
		w.Put(w.PersonOf(fiction(i), fmt.Sprint(i)))
	}
	// A finds ten, B nobody; swap is A with one number less that is there, and
	// another that is.
	w.clients = []*client{w.client(t, 0, "A", numbers(0, 40)), w.client(t, 1, "B", numbers(100, 50)), w.client(t, 2, "swap", append(numbers(10, 39), fiction(3)))}
	w.fill(300)
	time.Sleep(time.Hour)
	w.before = w.Publish()
	// A sync is as honest as the directory: rows about first contact lie at once.
	if !h.first {
		for _, c := range w.clients {
			if c.run(1); c.err != nil {
				t.Fatal(c.err)
			}
		}
	}
	time.Sleep(20 * time.Minute)
	w.Put(w.Stranger(w.Draw()), w.PersonOf(fiction(5), "new"))
	if h.prepare != nil {
		h.prepare(w)
	} else {
		w.Publish()
	}
	if h.lie != nil {
		w.Lie = func(e *discoverytest.Exchange) { h.lie(w, e) }
	}
	for _, c := range w.clients {
		c.numbers = append(c.numbers, numbers(3000+10*len(c.name), 3)...)
		c.run(2)
		h.judge(t, w, c)
	}
	// The changed own record makes other requests of nobody; a moved account
	// differs in nothing either, but that it is moved.
	if h.row != 22 {
		for _, difference := range differences(w.clients...) {
			t.Error(difference)
		}
	} else {
		for _, c := range w.clients {
			for i, l := range c.lines {
				c.lines[i] = sealed.ReplaceAllString(l, " bytes: ")
			}
		}
		for i, l := range w.clients[0].lines {
			if l != w.clients[1].lines[i] || l != w.clients[2].lines[i] {
				t.Error(l)
			}
		}
	}
}
func (h hostile) judge(t *testing.T, w *hostileWorld, c *client) {
	t.Helper()
	if c.code() != h.code {
		t.Errorf("%s ends with %q, not %q: %v", c.name, c.code(), h.code, c.err)
	}
	if last := c.lines[len(c.lines)-1]; phase(last) != h.until {
		t.Errorf("%s goes on until %s, not %s: %s", c.name, phase(last), h.until, last)
	}
	if h.check != nil {
		h.check(t, w, c)
	}
	if c.err == nil {
		return
	}
	if strings.Contains(c.err.Error(), "+44") {
		t.Error("the error tells a number")
	}
	after, _ := os.ReadFile(c.path)
	if h.code != discovery.Own && outside(t, c.before) != outside(t, after) {
		t.Errorf("%s: the state changed", c.name)
	}
	if h.code != discovery.Own && len(c.result.Found) > 0 {
		t.Errorf("%s: somebody is found beside an error", c.name)
	}
	e, _ := errors.AsType[*discovery.Error](c.err)
	files, _ := filepath.Glob(c.path + ".*.evidence")
	if (h.evidence > 0) != (len(files) == 1) || (e.Saved != "") != (len(files) == 1) {
		t.Errorf("%s: evidence in %v, %q", c.name, files, e.Saved)
		return
	}
	if h.evidence == 0 {
		return
	}
	info, err := os.Stat(e.Saved)
	if err != nil || info.Mode().Perm() != 0o600 || e.Saved != files[0] || !strings.Contains(e.Error(), e.Saved) {
		t.Errorf("%s: %v %v", c.name, info.Mode(), err)
	}
	signed := 0
	for _, s := range e.Evidence {
		if strings.Contains(s.Text, "\n— ") || strings.Contains(s.Text, `\n— `) {
			signed++
		}
	}
	if signed < h.evidence {
		t.Errorf("%s: %d signed texts of %d: %.300q", c.name, signed, h.evidence, e.Evidence)
	}
}
