package discovery_test

import (
	"bytes"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"sealbook/verifier/discovery/discoverytest"
	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

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
