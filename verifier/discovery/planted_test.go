package discovery_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sealbook/verifier/discovery/discoverytest"
	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

// A leak is a client that gives something away. It stands between the client and
// the network: what it sends is written down, what it gets past the record is
// not.
type leak struct {
	name string
	trip func(c *client, next http.RoundTripper, r *http.Request) (*http.Response, error)
}

type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// has says whether a client has contacts in the directory: whom it would find.
func (c *client) has() bool { return c.name == "A" }

// matchedBlocks are those with a contact of A.
func (c *client) matchedBlocks() (blocks []int) {
	if !c.has() {
		return nil
	}
	for _, number := range c.numbers[:3] {
		y := c.world.Output(number)
		tag := directory.Tag(&y, c.world.Epoch)
		for i, p := range c.world.People() {
			if p.Tag == tag {
				blocks = append(blocks, i/directory.Block)
			}
		}
	}
	return blocks
}

// ask sends a request of the leak's own, and reads the answer.
func ask(next http.RoundTripper, method, path string, body []byte, fields ...string) []byte {
	r, _ := http.NewRequest(method, discoverytest.URL+path[1:], bytes.NewReader(body))
	r.Header.Set("User-Agent", "")
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	response, err := next.RoundTrip(r)
	if err != nil {
		return nil
	}
	defer response.Body.Close()
	b, _ := io.ReadAll(response.Body)
	return b
}

func is(r *http.Request, method, part string) bool {
	return r.Method == method && strings.Contains(r.URL.Path, part)
}

func block(i int) string {
	return fmt.Sprintf("bytes=%d-%d", directory.HeaderSize+i*directory.Block*directory.RecordSize, directory.HeaderSize+(i+1)*directory.Block*directory.RecordSize-1)
}

var leaks = []leak{
	{"finalises or matches before its last request", func(c *client, next http.RoundTripper, r *http.Request) (*http.Response, error) {
		if is(r, "POST", "/evaluations") && c.has() {
			time.Sleep(3 * time.Millisecond) // a millisecond a match
		}
		return next.RoundTrip(r)
	}},
	{"sends no batch when nothing is new", func(c *client, next http.RoundTripper, r *http.Request) (*http.Response, error) {
		if is(r, "POST", "/evaluations") && c.fresh == 0 {
			return c.world.RoundTrip(r)
		}
		return next.RoundTrip(r)
	}},
	{"reads only matched blocks", func(c *client, next http.RoundTripper, r *http.Request) (*http.Response, error) {
		if is(r, "GET", "/records") && is(r, "GET", "/states/") {
			for _, i := range c.matchedBlocks() {
				ask(next, "GET", r.URL.Path, nil, "Range", block(i))
			}
			return c.world.RoundTrip(r)
		}
		return next.RoundTrip(r)
	}},
	{"reads matched blocks first", func(c *client, next http.RoundTripper, r *http.Request) (*http.Response, error) {
		if is(r, "GET", "/records") && is(r, "GET", "/states/") {
			order := append(c.matchedBlocks(), 0, 1)
			seen := map[int]bool{}
			for _, i := range order {
				if !seen[i] {
					ask(next, "GET", r.URL.Path, nil, "Range", block(i))
				}
				seen[i] = true
			}
			return c.world.RoundTrip(r)
		}
		return next.RoundTrip(r)
	}},
	{"stops at its match", func(c *client, next http.RoundTripper, r *http.Request) (*http.Response, error) {
		if is(r, "GET", "/records") && c.has() {
			if response, err := next.RoundTrip(r); err == nil {
				io.CopyN(io.Discard, response.Body, 64)
				response.Body.Close()
			}
			return c.world.RoundTrip(r)
		}
		return next.RoundTrip(r)
	}},
	{"reads a block again whose record does not open", func(c *client, next http.RoundTripper, r *http.Request) (*http.Response, error) {
		if is(r, "GET", "/v2/me") && c.has() {
			ask(next, "GET", fmt.Sprintf("/v2/states/%d/records", c.world.Last().Version), nil, "Range", block(c.matchedBlocks()[2]))
		}
		return next.RoundTrip(r)
	}},
	{"does not pad", func(c *client, next http.RoundTripper, r *http.Request) (*http.Response, error) {
		if is(r, "POST", "/evaluations") {
			body, _ := io.ReadAll(r.Body)
			ask(next, "POST", r.URL.Path, body[:oprf.ElementSize*c.fresh], "Authorization", r.Header.Get("Authorization"))
			r.Body = io.NopCloser(bytes.NewReader(body))
			return c.world.RoundTrip(r)
		}
		return next.RoundTrip(r)
	}},
	{"asks for changes only with a match", func(c *client, next http.RoundTripper, r *http.Request) (*http.Response, error) {
		if is(r, "GET", "/changes/") && !c.has() {
			return c.world.RoundTrip(r)
		}
		return next.RoundTrip(r)
	}},
	{"sends an ETag", func(c *client, next http.RoundTripper, r *http.Request) (*http.Response, error) {
		if is(r, "GET", "/states/") {
			r.Header.Set("If-None-Match", `"1"`)
		}
		return next.RoundTrip(r)
	}},
	{"sends a cookie", func(c *client, next http.RoundTripper, r *http.Request) (*http.Response, error) {
		r.Header.Set("Cookie", "a=1")
		return next.RoundTrip(r)
	}},
	{"shows its credential in public", func(c *client, next http.RoundTripper, r *http.Request) (*http.Response, error) {
		if is(r, "GET", "/states/") {
			r.Header.Set("Authorization", "Bearer "+c.mine.Credential)
		}
		return next.RoundTrip(r)
	}},
	{"retries a failed batch without its padding", func(c *client, next http.RoundTripper, r *http.Request) (*http.Response, error) {
		if !is(r, "POST", "/evaluations") {
			return next.RoundTrip(r)
		}
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		response, err := next.RoundTrip(r)
		if err == nil && response.StatusCode == http.StatusServiceUnavailable {
			ask(next, "POST", r.URL.Path, body[:oprf.ElementSize*c.fresh], "Authorization", r.Header.Get("Authorization"))
		}
		return response, err
	}},
	{"puts its record again when its own tag is missing", func(c *client, next http.RoundTripper, r *http.Request) (*http.Response, error) {
		if is(r, "GET", "/v2/me") && c.sync == 3 {
			ask(next, "PUT", "/v2/me/record", c.mine.Sealed[:], "Authorization", r.Header.Get("Authorization"), "Content-Type", "application/octet-stream")
		}
		return next.RoundTrip(r)
	}},
	{"sleeps after a match", func(c *client, next http.RoundTripper, r *http.Request) (*http.Response, error) {
		if is(r, "GET", "/v2/me") && c.has() {
			time.Sleep(time.Second)
		}
		return next.RoundTrip(r)
	}},
}

// short is a few syncs of two people, with all that the leaks need: new numbers
// of one of them alone, an own tag that goes missing, a batch that fails.
func short(t *testing.T, l *leak) (wrong []string) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(300)
		w.Put(w.PersonOf(fiction(0), "0"), w.PersonOf(fiction(1), "1"))
		unopened := w.PersonOf(fiction(2), "2")
		unopened.Record[20] ^= 1
		w.Put(unopened)
		clients := []*client{w.client(t, 0, "A", numbers(0, 20)), w.client(t, 1, "B", numbers(100, 40))}
		for _, c := range clients {
			if l != nil && l.trip != nil {
				c.through = func(c *client, next http.RoundTripper) http.RoundTripper {
					return tripper(func(r *http.Request) (*http.Response, error) { return l.trip(c, next, r) })
				}
			}
		}
		for sync := 1; sync <= 4; sync++ {
			time.Sleep(2 * time.Hour)
			w.fill(300 + sync)
			if sync == 3 {
				for _, c := range clients {
					y := w.Output(c.mine.Number)
					w.Remove(discoverytest.Person{Tag: directory.Tag(&y, w.Epoch), ID: directory.AccountID(&y, w.Epoch)})
				}
			}
			w.Publish()
			w.Lie = nil
			if sync == 4 {
				w.Lie = func(e *discoverytest.Exchange) {
					if e.Method == "POST" {
						e.Refuse(directory.StoreBusy)
					}
				}
			}
			for i, c := range clients {
				c.fresh = []int{20, 40}[i]
				if sync > 1 {
					// One has new numbers and the other has not.
					c.fresh = []int{0, 3}[i]
					c.numbers = append(c.numbers, numbers(1000+10*sync, c.fresh)...)
				}
				if l != nil && l.name == "keeps blinds for a number" {
					c.random = zeros{}
					c.directory = nil
				}
				c.run(sync)
			}
			wrong = append(wrong, differences(clients...)...)
		}
		wrong = append(wrong, stale(clients...)...)
	})
	return wrong
}

// zeros are random bytes that are always the same: each number has its blind.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(i) | 1
	}
	return len(b), nil
}

// The test of uniformity turns red for every client that gives something away,
// and for no other.
func TestPlantedLeaks(t *testing.T) {
	if wrong := short(t, nil); len(wrong) > 0 {
		t.Fatalf("an honest client: %s", wrong)
	}
	all := append(leaks, leak{name: "keeps blinds for a number"})
	if len(all) != 15 {
		t.Errorf("%d leaks", len(all))
	}
	for _, l := range all {
		t.Run(l.name, func(t *testing.T) {
			if wrong := short(t, &l); len(wrong) == 0 {
				t.Error("is not seen")
			} else {
				t.Logf("%d differences; %.200s", len(wrong), wrong[0])
			}
		})
	}
}
