package discovery_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sealbook/verifier/discovery"
	"sealbook/verifier/discovery/discoverytest"
	"sealbook/wasm/directory"
)

// What a client sends is a function of what the directory publishes to
// everybody, of how many new numbers there are, of the time, and of fresh random
// bytes: of no contact and of no match. The tests of this file hold clients with
// different address books against each other.

// A client is somebody with an address book, whose requests are written down.
type client struct {
	t       *testing.T
	name    string
	numbers []string
	mine    *discovery.Mine
	limit   int64
	path    string // of the state
	random  io.Reader
	through func(c *client, next http.RoundTripper) http.RoundTripper // a planted leak
	world   *discoverytest.Directory
	server  server
	began   time.Time

	directory *discovery.Directory
	sync      int
	under     int
	lines     []string // of the present sync
	bodies    [][]byte // of its evaluations
	result    discovery.Result
	err       error
	sent      transcript // everything ever sent
	fresh     int        // numbers that are new in the present sync
	before    []byte     // the state's file before it
}

// A server is a directory in memory, or the service itself.
type server interface {
	http.RoundTripper
	Key() string
	Parameters() *directory.Parameters
}

// transcript collects what Record writes.
type transcript struct{ bytes.Buffer }

// line writes down one exchange.
type line struct {
	c    *client
	text string
	read int
	end  bool
	io.ReadCloser
}

func (l *line) Read(b []byte) (int, error) {
	n, err := l.ReadCloser.Read(b)
	l.read += n
	l.end = l.end || err == io.EOF
	return n, err
}
func (l *line) Close() error {
	if l.c != nil {
		l.c.lines = append(l.c.lines, fmt.Sprintf("%s, %d bytes read, to the end %v", l.text, l.read, l.end))
		l.c.under--
		l.c = nil
	}
	return l.ReadCloser.Close()
}

// RoundTrip records a request: in the order of sending, with the requests under
// way, the clock, method, path, fields, the length of the body; then the status,
// and how much of the answer was read.
func (c *client) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	var fields []string
	for name, values := range r.Header {
		for _, value := range values {
			if name == "Authorization" {
				value = "masked"
			}
			fields = append(fields, name+": "+value)
		}
	}
	slices.Sort(fields)
	text := fmt.Sprintf("sync %d, %d under way, %v: %s %s %q, %d bytes", c.sync, c.under, time.Since(c.began), r.Method, r.URL.RequestURI(), fields, len(body))
	if r.URL.Path == "/v2/evaluations" {
		c.bodies = append(c.bodies, body)
	} else if len(body) > 0 {
		text += fmt.Sprintf(" %x", body)
	}
	c.under++
	response, err := c.server.RoundTrip(r)
	if err != nil {
		c.lines = append(c.lines, text+": "+err.Error())
		c.under--
		return nil, err
	}
	response.Body = &line{c: c, text: fmt.Sprintf("%s: %d", text, response.StatusCode), ReadCloser: response.Body}
	return response, nil
}

// restart is a new process, with the state of the one before.
func (c *client) restart() {
	var transport http.RoundTripper = c
	if c.through != nil {
		transport = c.through(c, c)
	}
	d, err := discovery.New(discoverytest.URL, discovery.Options{Key: c.server.Key(), Transport: transport, Random: c.random})
	if err != nil {
		c.t.Fatal(err)
	}
	if c.sent.Len() == 0 {
		err = d.Record(&c.sent)
	} else {
		d.RecordOn(&c.sent)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	c.directory = d
}

// run syncs with the state as it was saved.
func (c *client) run(sync int) {
	if c.directory == nil {
		c.restart()
	}
	state, err := discovery.LoadState(c.path, c.directory)
	if err != nil {
		c.t.Fatal(c.name, err)
	}
	c.sync, c.lines, c.bodies, c.began = sync, nil, nil, time.Now()
	c.before, _ = os.ReadFile(c.path)
	c.result, c.err = c.directory.Sync(context.Background(), discovery.Search{Mine: c.mine, Numbers: c.numbers, State: state, RecordsLimit: c.limit})
}

// changed says whether the state's file is another than before the sync.
func (c *client) changed() bool {
	now, _ := os.ReadFile(c.path)
	return !bytes.Equal(now, c.before)
}
func (c *client) code() discovery.Code {
	if e, ok := c.err.(*discovery.Error); ok {
		return e.Code
	}
	if c.err != nil {
		return "?"
	}
	return ""
}

// differences says where clients differ in what anybody can see.
func differences(clients ...*client) (all []string) {
	a := clients[0]
	for _, b := range clients[1:] {
		if len(a.lines) != len(b.lines) {
			all = append(all, fmt.Sprintf("%s sends %d requests, %s %d", a.name, len(a.lines), b.name, len(b.lines)))
		}
		for i := range min(len(a.lines), len(b.lines)) {
			if a.lines[i] != b.lines[i] {
				all = append(all, fmt.Sprintf("%s: %s\n%s: %s", a.name, a.lines[i], b.name, b.lines[i]))
				break
			}
		}
		if a.code() != b.code() {
			all = append(all, fmt.Sprintf("%s ends with %q, %s with %q: %v", a.name, a.code(), b.name, b.code(), b.err))
		}
		if a.changed() != b.changed() {
			all = append(all, "one state changed, the other did not")
		}
	}
	return append(all, improper(clients...)...)
}

// improper says what no sync may send: anything but reads and evaluations, a
// credential in a public request, cookies and validators, any field that is not
// needed.
func improper(clients ...*client) (all []string) {
	for _, c := range clients {
		for _, l := range c.lines {
			public := !strings.Contains(l, " /v2/me ") && !strings.Contains(l, " /v2/evaluations ")
			switch {
			case !strings.Contains(l, ": GET /v2/") && !strings.Contains(l, ": POST /v2/evaluations "),
				public && !strings.Contains(l, ` ["User-Agent: "], 0 bytes: `),
				!public && !strings.Contains(l, `["Authorization: masked" "User-Agent: "], 0 bytes: `) &&
					!strings.Contains(l, `["Authorization: masked" "Content-Type: application/octet-stream" "User-Agent: "], `):
				all = append(all, c.name+": not a request of a sync: "+l)
			}
		}
	}
	return all
}

// A world is a directory with people, some of them contacts.
type world struct {
	*discoverytest.Directory
	random    *rand.Rand
	strangers []discoverytest.Person
}

func newWorld(people int) *world {
	w := &world{Directory: discoverytest.New(2, time.Now), random: rand.New(rand.NewPCG(1, 2))}
	w.fill(people)
	return w
}

// fill lets strangers come or go until there are so many people.
func (w *world) fill(people int) {
	for len(w.People()) < people {
		p := w.Stranger(w.Draw())
		w.Put(p)
		w.strangers = append(w.strangers, p)
	}
	for len(w.People()) > people {
		i := w.random.IntN(len(w.strangers))
		w.Remove(w.strangers[i])
		w.strangers = slices.Delete(w.strangers, i, i+1)
	}
}

// beside is a stranger so many places of the list from a person.
func (w *world) beside(p discoverytest.Person, places int) discoverytest.Person {
	people := w.People()
	at := slices.IndexFunc(people, func(q discoverytest.Person) bool { return q.ID == p.ID })
	at = (max(at, 0) + places) % len(people)
	tag := directory.NumberTag((directory.TagNumber(people[at].Tag) + 1) % (1 << 40))
	return w.Stranger(tag)
}

// client makes one with an account.
func (w *world) client(t *testing.T, i int, name string, numbers []string) *client {
	return &client{
		t: t, name: name, numbers: numbers, mine: w.Account(fiction(11_900+i), name), limit: 128 << 10,
		path: filepath.Join(t.TempDir(), "state"), random: rand.NewChaCha8([32]byte{byte(i), 7}), world: w.Directory, server: w.Directory, began: time.Now(),
	}
}
func numbers(from, count int) (list []string) {
	for i := range count {
		list = append(list, fiction(from+i))
	}
	return list
}
