package discovery_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"math/bits"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sealbook/verifier/discovery"
	"sealbook/verifier/discovery/discoverytest"
	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
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

// 20 syncs of four people with disjoint address books, while people join, leave
// and change their records beside their contacts, in the next block and far off.
func TestUniform(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(1600)
		var contacts []discoverytest.Person // of A
		for i := range 300 {
			contacts = append(contacts, w.PersonOf(fiction(i), fmt.Sprint("a", i)))
		}
		w.Put(contacts...)
		// Two strangers and a contact share a tag.
		w.Put(w.Stranger(contacts[7].Tag), w.Stranger(contacts[7].Tag))
		a := w.client(t, 0, "A", numbers(0, 900))
		b := w.client(t, 1, "B", numbers(1000, 1024))
		c := w.client(t, 2, "C", numbers(2100, 950))
		d := w.client(t, 3, "D", numbers(4000, 1000))
		clients := []*client{a, b, c, d}
		w.fill(2000)
		if blocks := (len(w.People()) + directory.Block - 1) / directory.Block; blocks != 8 {
			t.Fatalf("%d blocks", blocks)
		}
		time.Sleep(time.Hour)
		w.Publish()
		joined, found := 0, map[string]bool{}
		for sync := 1; sync <= 20; sync++ {
			if sync > 1 {
				// A person of each kind, each time beside another contact.
				contact := contacts[13*sync%300]
				near, next, far := w.beside(contact, 1), w.beside(contact, directory.Block), w.beside(contact, 3*directory.Block)
				switch sync % 5 {
				case 0:
					w.Put(near, next)
				case 1:
					w.Put(near, next, far)
					w.Remove(next)
				case 2:
					w.Put(w.PersonOf(fiction(13*sync%300), "new record"))
					w.Put(next)
				case 3:
					w.Remove(contact)
					w.Put(far)
				case 4:
					back := 13 * (sync - 1) % 300
					w.Put(w.PersonOf(fiction(back), fmt.Sprint("a", back)))
					w.Put(near)
				}
				// C's contacts join during the test.
				for range 50 {
					w.Put(w.PersonOf(fiction(2100+joined), fmt.Sprint("c", joined)))
					joined++
				}
				people := 2000 + sync
				if 12 <= sync && sync < 16 {
					people = 2100 // past the limit of the records
				}
				w.fill(people)
				// Several versions, over some hours; before sync 9 more than 8 days.
				time.Sleep(40 * time.Minute)
				w.Publish()
				if sync == 9 {
					for range 9 * 24 / 5 {
						time.Sleep(5 * time.Hour)
						w.Publish()
					}
				}
				w.Put(w.beside(contact, 2))
				w.fill(people)
				time.Sleep(time.Duration(sync) * 17 * time.Minute)
				w.Publish()
				time.Sleep(30 * time.Second)
			}
			// All plans have the same padded size.
			more := map[int][]int{3: {1, 8, 3, 5}, 7: {8, 1, 2, 4}, 13: {2, 6, 8, 1}, 5: {3, 0, 0, 8}}[sync]
			for i, n := range more {
				clients[i].numbers = append(clients[i].numbers, numbers(5000+1000*i+10*sync, n)...)
			}
			for _, c := range clients {
				if sync == 10 {
					c.restart()
				}
				c.run(sync)
				if c.err != nil {
					t.Fatal(sync, c.name, c.err)
				}
			}
			for _, difference := range differences(clients...) {
				t.Errorf("sync %d: %s", sync, difference)
			}
			found[fmt.Sprint(sync, " records ", a.result.Counts.Records)] = true
			if n := len(a.result.Found); n < 290 || n > 300 || len(b.result.Found) != 0 || len(d.result.Found) != 0 || len(c.result.Found) != joined {
				t.Errorf("sync %d: A finds %d, B %d, C %d of %d, D %d", sync, n, len(b.result.Found), len(c.result.Found), joined, len(d.result.Found))
			}
			for _, f := range slices.Concat(a.result.Found, c.result.Found) {
				if (f.Record != nil) != a.result.Counts.Records {
					t.Errorf("sync %d: a record is shown, or is not: %v", sync, a.result.Counts.Records)
				}
			}
			if want := map[bool]int{true: 5, false: 4}[a.result.Counts.Records]; sync == 1 && len(a.lines) != want+2 {
				t.Errorf("the first sync sends %d requests: %s", len(a.lines), strings.Join(a.lines, "\n"))
			}
		}
		if joined != 950 {
			t.Errorf("%d joined", joined)
		}
		for _, must := range []string{"11 records true", "12 records false", "15 records false", "16 records true"} {
			if !found[must] {
				t.Errorf("not %s", must)
			}
		}
		checkFresh(t, clients...)
	})
}

// checkFresh computes every element of the clients' transcripts again, and says
// where a blind or an element comes twice.
func checkFresh(t *testing.T, clients ...*client) {
	t.Helper()
	for _, wrong := range stale(clients...) {
		t.Error(wrong)
	}
}

func stale(clients ...*client) (all []string) {
	blinds, elements := map[string]bool{}, map[string]bool{}
	count := 0
	for _, c := range clients {
		sent, err := directory.ParseTranscript(c.sent.Bytes())
		if err != nil {
			return []string{err.Error()}
		}
		for _, e := range sent.Exchanges {
			if e.Request.Path != "/v2/evaluations" {
				continue
			}
			var in oprf.Inputs
			var secret []byte
			for _, item := range e.Items {
				if item.Number != "" {
					in.Text = append(in.Text, item.Number...)
				} else {
					in.Text = append(in.Text, item.Padding...)
				}
				in.End = append(in.End, uint32(len(in.Text)))
				secret = append(secret, item.Blind...)
				if blinds[string(item.Blind)] {
					all = append(all, c.name+": a blind comes twice")
				}
				blinds[string(item.Blind)] = true
			}
			public := [oprf.ElementSize]byte(c.server.Parameters().PublicKey)
			var o oprf.Client
			o.Init(oprf.VOPRF, &public, new(oprf.Room))
			again := make([]byte, len(secret))
			// A blind that is 0 or not canonical is refused.
			if _, code := o.BlindWith(in, secret, again); code != oprf.OK || !bytes.Equal(again, e.Request.Body) {
				all = append(all, c.name+": an element is not that of its number and blind")
			}
			for element := range slices.Chunk(again, oprf.ElementSize) {
				count++
				if elements[string(element)] {
					all = append(all, c.name+": an element comes twice")
				}
				elements[string(element)] = true
			}
		}
	}
	if count == 0 {
		all = append(all, "nothing was sent")
	}
	return all
}

// The same client with the same random bytes and one number in the place of
// another, of somebody who is there: the requests are the same, and of all
// elements one is another.
func TestUniformSwap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(500)
		w.Put(w.PersonOf(fiction(1), "registered"))
		a := w.client(t, 0, "A", numbers(100, 60))
		b := w.client(t, 0, "B", slices.Clone(a.numbers))
		b.numbers[17] = fiction(1)
		other := w.client(t, 1, "another stream", slices.Clone(a.numbers))
		time.Sleep(time.Hour)
		w.Publish()
		for _, c := range []*client{a, b, other} {
			c.run(1)
			if c.err != nil {
				t.Fatal(c.err)
			}
		}
		for _, difference := range differences(a, b, other) {
			t.Error(difference)
		}
		if len(a.result.Found) != 0 || len(b.result.Found) != 1 {
			t.Errorf("%d and %d are found", len(a.result.Found), len(b.result.Found))
		}
		same := func(x, y *client) (n int) {
			for i := range x.bodies {
				for j := 0; j < len(x.bodies[i]); j += oprf.ElementSize {
					if bytes.Equal(x.bodies[i][j:j+oprf.ElementSize], y.bodies[i][j:j+oprf.ElementSize]) {
						n++
					}
				}
			}
			return n
		}
		if got := same(a, b); got != 63 || len(a.bodies) != 1 || len(a.bodies[0]) != 64*oprf.ElementSize {
			t.Errorf("%d of 64 elements are the same", got)
		}
		if got := same(a, other); got != 0 {
			t.Errorf("%d elements do not depend on the random bytes", got)
		}
		checkFresh(t, a)
		checkFresh(t, other)
	})
}

// Elements look random: statistics that a client with one scalar for all numbers
// passes too, which is why the test above computes them again.
func TestUniformStatistics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(10)
		clients := []*client{w.client(t, 0, "A", numbers(0, 2048)), w.client(t, 1, "B", numbers(3000, 2048))}
		time.Sleep(time.Hour)
		w.Publish()
		var ones [2][256]int
		for i, c := range clients {
			c.run(1)
			elements := slices.Concat(c.bodies...)
			if c.err != nil || len(elements) != 2048*oprf.ElementSize {
				t.Fatal(len(elements), c.err)
			}
			for element := range slices.Chunk(elements, oprf.ElementSize) {
				for at, b := range element {
					for ; b != 0; b &= b - 1 {
						ones[i][8*at+bits.TrailingZeros8(b)]++
					}
				}
			}
		}
		const n = 2048
		for i := range ones {
			sum := 0.0
			for bit, count := range ones[i] {
				if bit == 0 || bit == 255 {
					if count != 0 {
						t.Errorf("bit %d is 1", bit)
					}
					continue
				}
				z := (float64(count) - n/2) / math.Sqrt(n/4)
				between := float64(ones[0][bit]-ones[1][bit]) / math.Sqrt(n/2)
				if math.Abs(z) >= 6.5 || math.Abs(between) >= 6.5 {
					t.Errorf("bit %d: z is %.1f, between both %.1f", bit, z, between)
				}
				sum += z * z
			}
			if sum < 120 || sum > 400 {
				t.Errorf("the sum of squares is %.0f", sum)
			}
		}
	})
}
