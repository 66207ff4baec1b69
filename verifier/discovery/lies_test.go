package discovery_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"sealbook/verifier/discovery"
	"sealbook/verifier/discovery/discoverytest"
	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

var rows = []hostile{
	{row: 1, name: "one bucket bit", code: discovery.Note, until: "D", evidence: 1, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		parameters(e, w, func(p *directory.Parameters) { p.BucketBits = 1 })
	}},
	{row: 1, name: "17 bucket bits", code: discovery.Note, until: "D", evidence: 1, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		parameters(e, w, func(p *directory.Parameters) { p.BucketBits = 17 })
	}},
	{row: 1, name: "one bucket bit in the log", code: discovery.Rules, until: "U", evidence: 1, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/v2/log/update") {
			leaf := bytes.Replace(w.Last().Leaf(), []byte("bucket_bits 0"), []byte("bucket_bits 1"), 1)
			e.Body = []byte(w.UpdateOf(w.clients[0].size(), leaf))
		}
	}},
	{row: 2, name: "batches of other sizes", code: discovery.Note, until: "D", evidence: 1, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		parameters(e, w, func(p *directory.Parameters) { p.Limits.Batches = []int{1, 2, 8, 64, 256, 1024} })
	}},
	{row: 2, name: "a block of one", code: discovery.Note, until: "D", evidence: 1, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		parameters(e, w, func(p *directory.Parameters) { p.Limits.Block = 1 })
	}},
	{row: 2, name: "a budget of 8", code: discovery.Note, until: "D", evidence: 1, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		parameters(e, w, func(p *directory.Parameters) { p.Limits.Budget = 8 })
	}},
	{row: 2, name: "another protocol", code: discovery.Protocol, until: "D", evidence: 1, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		parameters(e, w, func(p *directory.Parameters) { p.Protocol = 3 })
	}},
	{row: 3, name: "another key in the parameters", code: discovery.Key, until: "U", evidence: 2, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		parameters(e, w, func(p *directory.Parameters) { p.PublicKey = otherKey[:] })
	}},
	{row: 4, name: "the same with a fork of the log", code: discovery.Consistency, until: "U", evidence: 2,
		prepare: func(w *hostileWorld) {
			// Forked before what the clients know, then longer than the true log.
			w.other = w.Fork()
			w.other.Rewind(1)
			for range 3 {
				w.other.Put(w.Stranger(w.Draw()))
				w.other.Publish()
			}
			w.Publish()
		},
		lie: func(w *hostileWorld, e *discoverytest.Exchange) {
			if path(e, "/v2/log/update") {
				e.Body = []byte(w.other.Update(w.clients[0].size(), w.other.Last()))
			}
		}},
	{row: 4, name: "a fork of the same size", code: discovery.Consistency, until: "U", evidence: 2,
		prepare: func(w *hostileWorld) {
			w.other = w.Fork()
			w.other.Rewind(1)
			w.other.Put(w.Stranger(w.Draw()))
			w.other.Publish()
		},
		lie: func(w *hostileWorld, e *discoverytest.Exchange) {
			if path(e, "/v2/log/update") {
				e.Body = []byte(w.other.Update(w.clients[0].size(), w.other.Last()))
			}
		}},
	{row: 5, name: "a batch by another key", code: discovery.Proof, until: "E", evidence: 1,
		prepare: func(w *hostileWorld) { w.other = discoverytest.New(77, time.Now); w.Publish() },
		lie: func(w *hostileWorld, e *discoverytest.Exchange) {
			if e.Method == "POST" {
				e.Body = w.other.Evaluate(1, e.Sent)
			}
		}},
	{row: 5, name: "an element by another key", code: discovery.Proof, until: "E", evidence: 1,
		prepare: func(w *hostileWorld) { w.other = discoverytest.New(77, time.Now); w.Publish() },
		lie: func(w *hostileWorld, e *discoverytest.Exchange) {
			if e.Method == "POST" {
				copy(e.Body, w.other.Evaluate(1, e.Sent)[:oprf.ElementSize])
			}
		}},
	{row: 5, name: "elements in each other's place", code: discovery.Proof, until: "E", evidence: 1, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if e.Method == "POST" {
			first := bytes.Clone(e.Body[:oprf.ElementSize])
			copy(e.Body, e.Body[oprf.ElementSize:2*oprf.ElementSize])
			copy(e.Body[oprf.ElementSize:], first)
		}
	}},
	{row: 6, name: "the log rolled back", code: discovery.Rollback, until: "U", evidence: 1, prepare: func(w *hostileWorld) { w.Rewind(1) }},
	{row: 7, name: "another key within the epoch", code: discovery.Rules, until: "U", evidence: 2, prepare: state(func(s *discoverytest.State) { s.Key = otherKey })},
	{row: 7, name: "the version falls", code: discovery.Rules, until: "U", evidence: 2, prepare: state(func(s *discoverytest.State) { s.Version = 1 })},
	{row: 7, name: "the epoch falls", code: discovery.Rules, until: "U", evidence: 2, prepare: state(func(s *discoverytest.State) { s.Epoch = 0 })},
	{row: 8, name: "frozen", code: discovery.Stale, until: "U", evidence: 1, prepare: func(w *hostileWorld) { time.Sleep(26 * time.Hour) }},
	{row: 9, name: "a tag less", code: discovery.Inclusion, until: "T", evidence: 1, first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		ownTags(w, e, func(list []uint64) []uint64 { return list[1:] })
	}},
	{row: 9, name: "a tag more", code: discovery.Inclusion, until: "T", evidence: 1, first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		ownTags(w, e, func(list []uint64) []uint64 { return append([]uint64{1}, list...) })
	}},
	{row: 9, name: "a tag alone", code: discovery.Inclusion, until: "T", evidence: 1, first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		ownTags(w, e, func(list []uint64) []uint64 { return list[:1] })
	}},
	{row: 10, name: "tags of the version before", code: discovery.TagsWrong, until: "T", evidence: 1, first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/states/") && path(e, "/tags") {
			e.Body = w.before.Tags
		}
	}},
	{row: 10, name: "records of the version before", code: discovery.TagsWrong, until: "R", evidence: 1, first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/states/") && path(e, "/records") {
			e.Body = w.before.Records
		}
	}},
	{row: 10, name: "changes to a version to come", code: discovery.TagsWrong, until: "T", evidence: 1,
		prepare: func(w *hostileWorld) {
			w.Publish()
			w.other = w.Fork()
			w.other.Put(w.Stranger(w.Draw()))
			w.other.Publish()
		},
		lie: func(w *hostileWorld, e *discoverytest.Exchange) {
			if path(e, "/changes/") && !path(e, "/records") {
				e.Body = append(e.Body, w.other.Last().Changes...)
			}
		}},
	{row: 10, name: "404 for the version", code: discovery.TagsWrong, until: "T", evidence: 1, first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/states/") && path(e, "/tags") {
			e.Refuse(directory.VersionUnknown)
		}
	}, check: func(t *testing.T, w *hostileWorld, c *client) {
		if n := strings.Count(strings.Join(c.lines, "\n"), " /v2/log/update"); n != 4 {
			t.Errorf("began %d times", n)
		}
	}},
	{row: 10, name: "410 for the records", code: discovery.TagsWrong, until: "R", evidence: 1, first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/states/") && path(e, "/records") {
			e.Refuse(directory.VersionGone)
		}
	}},
	{row: 11, name: "changes gone", code: discovery.TagsWrong, until: "T", evidence: 1, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/changes/") {
			e.Refuse(directory.HourGone)
		}
	}, check: neverWhole},
	{row: 11, name: "changes of an hour that is over gone", code: discovery.Refused, until: "T",
		prepare: func(w *hostileWorld) { time.Sleep(2 * time.Hour); w.Publish() },
		lie: func(w *hostileWorld, e *discoverytest.Exchange) {
			if path(e, "/changes/") {
				e.Refuse(directory.HourGone)
			}
		}, check: neverWhole},
	{row: 11, name: "changes withheld as nothing", code: discovery.TagsWrong, until: "T", evidence: 1, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/changes/") {
			e.Body = []byte{}
		}
	}, check: neverWhole},
	{row: 11, name: "changes that lie", code: discovery.TagsWrong, until: "T", evidence: 1, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/changes/") && len(e.Body) > 0 {
			e.Body[len(e.Body)-1] ^= 1
		}
	}, check: neverWhole},
	{row: 11, name: "a version left out", code: discovery.TagsWrong, until: "T", evidence: 1,
		prepare: func(w *hostileWorld) {
			for range 3 {
				w.Put(w.Stranger(w.Draw()))
				w.Publish()
			}
		},
		lie: func(w *hostileWorld, e *discoverytest.Exchange) {
			if path(e, "/changes/") && len(e.Body) > 0 {
				e.Body = e.Body[len(w.Last().Changes):]
			}
		}, check: neverWhole},
	{row: 11, name: "another chain in the log", code: discovery.TagsWrong, until: "T", evidence: 1,
		prepare: state(func(s *discoverytest.State) { s.State.Changes[0] ^= 1 }), check: neverWhole},
	{row: 12, name: "another count of people in the log", code: discovery.TagsWrong, until: "T", evidence: 1,
		prepare: state(func(s *discoverytest.State) { s.People++ })},
	{row: 12, name: "2^24+1 people in the log", code: discovery.Size, until: "U", evidence: 1,
		prepare: state(func(s *discoverytest.State) { s.People = 1<<24 + 1 })},
	{row: 12, name: "2^24+1 tags in the file", code: discovery.TagsWrong, until: "T", evidence: 1, first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/tags") {
			copy(e.Body[24:], []byte{1, 0, 0, 1})
		}
	}},
	{row: 12, name: "a count without bits", code: discovery.TagsWrong, until: "T", evidence: 1, first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/tags") {
			e.Body[9] = 15
			copy(e.Body[24:], []byte{1, 0, 0, 0})
		}
	}},
	{row: 12, name: "1 GB announced", code: discovery.Size, until: "T", evidence: 1, first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/tags") {
			e.Header.Set("Content-Length", "1000000000")
		}
	}},
	{row: 12, name: "a gzip bomb", code: discovery.TagsWrong, until: "T", evidence: 1, first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/tags") {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			z.Write(make([]byte, 1<<20))
			z.Close()
			e.Body = b.Bytes()[:min(b.Len(), 1000)]
			e.Header.Set("Content-Encoding", "gzip")
		}
	}},
	{row: 12, name: "a file without an end", code: discovery.Size, until: "T", evidence: 1, first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/tags") {
			e.Stream = endless{b: 0xff}
		}
	}},
	{row: 12, name: "endless unary", code: discovery.TagsWrong, until: "T", evidence: 1, first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/tags") {
			for i := directory.HeaderSize; i < len(e.Body); i++ {
				e.Body[i] = 0xff
			}
		}
	}},
	{row: 13, name: "another record in the hour's", code: discovery.RecordWrong, until: "R", evidence: 1, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/changes/") && path(e, "/records") && len(e.Body) > 0 {
			e.Body[0] ^= 1
		}
	}},
	{row: 13, name: "the hour's records cut", code: discovery.RecordWrong, until: "R", evidence: 1, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/changes/") && path(e, "/records") && len(e.Body) > 0 {
			e.Body = e.Body[1:]
		}
	}},
	{row: 14, name: "one block of the records alone", code: discovery.RecordWrong, until: "R", evidence: 1, first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/states/") && path(e, "/records") {
			e.Body = e.Body[:directory.HeaderSize+directory.Block*directory.RecordSize]
		}
	}},
	{row: 14, name: "a block changed", code: discovery.RecordWrong, until: "R", evidence: 1, first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/states/") && path(e, "/records") {
			e.Body[len(e.Body)-1] ^= 1
		}
	}},
	{row: 15, name: "records withheld", code: discovery.Refused, until: "R", first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/records") {
			e.Refuse(directory.StoreBusy)
		}
	}},
	{row: 15, name: "the root withheld", code: discovery.Refused, until: "T", lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/root") {
			e.Refuse(directory.StoreBusy)
		}
	}},
	{row: 16, name: "304 to everything", code: discovery.Refused, until: "D", lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		e.Status, e.Body = http.StatusNotModified, nil
	}},
	{row: 16, name: "304 to the tags", code: discovery.Refused, until: "T", first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/tags") {
			e.Status, e.Body = http.StatusNotModified, nil
		}
	}},
	{row: 16, name: "an ETag and a cookie of one's own", until: "E", first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		e.Header.Set("ETag", `"you"`)
		e.Header.Set("Set-Cookie", "you=1")
		e.Header.Set("Last-Modified", "Sat, 28 Nov 2026 22:00:00 GMT")
	}},
	{row: 17, name: "301 elsewhere", code: discovery.Refused, until: "T", first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/tags") {
			e.Status, e.Body = http.StatusMovedPermanently, nil
			e.Header.Set("Location", "/v2/states/1/tags?you")
		}
	}},
	{row: 17, name: "308 of the account", code: discovery.Refused, until: "M", lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/v2/me") {
			e.Status, e.Body = http.StatusPermanentRedirect, nil
			e.Header.Set("Location", "https://elsewhere.example/")
		}
	}},
	{row: 18, name: "a byte a second", code: discovery.Slow, until: "T", first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/tags") {
			e.Stream = endless{wait: time.Second}
		}
	}},
	{row: 18, name: "cut", code: discovery.Network, until: "T", first: true, lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if path(e, "/tags") {
			e.Stream = cut{bytes.NewReader(e.Body[:100])}
		}
	}},
	{row: 18, name: "no connection", code: discovery.Network, until: "E", lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if e.Method == "POST" {
			e.Err = errors.New("reset")
		}
	}},
	{row: 19, name: "429 with years", code: discovery.Budget, until: "E", lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if e.Method == "POST" {
			e.Refuse(directory.BudgetExceeded)
			e.Header.Set("Retry-After", "99999999")
		}
	}},
	{row: 19, name: "503", code: discovery.Refused, until: "E", lie: func(w *hostileWorld, e *discoverytest.Exchange) {
		if e.Method == "POST" {
			e.Refuse(directory.StoreBusy)
		}
	}},
	{row: 20, name: "a contact's tag twice, records that do not open", until: "E",
		prepare: func(w *hostileWorld) {
			p := w.PersonOf(fiction(0), "")
			p.Record[30] ^= 1
			w.Put(p, w.Stranger(p.Tag))
			w.Publish()
		},
		check: func(t *testing.T, w *hostileWorld, c *client) {
			if want := map[string]int{"A": 1}[c.name]; c.result.Counts.Unopened != want {
				t.Errorf("%s: %d unopened", c.name, c.result.Counts.Unopened)
			}
		}},
	{row: 21, name: "the own tag missing", code: discovery.Own, until: "E", evidence: 2, prepare: func(w *hostileWorld) {
		for _, c := range w.clients {
			w.Remove(ownOf(w, c))
		}
		w.Publish()
	}},
	{row: 21, name: "the own tag twice", code: discovery.Own, until: "E", evidence: 2, prepare: func(w *hostileWorld) {
		for _, c := range w.clients {
			w.Put(w.Stranger(ownOf(w, c).Tag))
		}
		w.Publish()
	}},
	{row: 21, name: "the own record replaced", code: discovery.Own, until: "E", evidence: 2, prepare: func(w *hostileWorld) {
		for _, c := range w.clients {
			w.Put(w.PersonOf(c.mine.Number, "forged"))
		}
		w.Publish()
	}},
	{row: 22, name: "a new epoch", until: "E", prepare: func(w *hostileWorld) {
		w.NextEpoch()
		w.Put(w.PersonOf(fiction(0), "0"))
		w.fill(300)
		w.Publish()
	}, check: func(t *testing.T, w *hostileWorld, c *client) {
		if c.result.Moved == nil || c.result.Counts.Evaluated != len(c.numbers) || c.result.Counts.Charged != 64 {
			t.Errorf("%s: %+v", c.name, c.result.Counts)
		}
	}},
	{row: 23, name: "a forged leaf, taken back", code: discovery.Own, until: "E", evidence: 2, prepare: func(w *hostileWorld) {
		for _, c := range w.clients {
			w.Put(w.PersonOf(c.mine.Number, "forged"))
		}
		w.Publish()
		for _, c := range w.clients {
			w.Put(ownOf(w, c))
		}
		w.Publish()
	}},
	{row: 23, name: "the own tag missing, taken back", code: discovery.Own, until: "E", evidence: 2, prepare: func(w *hostileWorld) {
		for _, c := range w.clients {
			w.Remove(ownOf(w, c))
		}
		w.Publish()
		for _, c := range w.clients {
			w.Put(ownOf(w, c))
		}
		w.Publish()
	}},
	{row: 24, name: "rows made up to isolate somebody", until: "E", prepare: func(w *hostileWorld) {
		contact := w.PersonOf(fiction(0), "")
		for i := range 600 {
			tag := directory.NumberTag((directory.TagNumber(contact.Tag) + uint64(i) - 300) % (1 << 40))
			w.Put(w.Stranger(tag))
		}
		w.Publish()
	}},
	{row: 24, name: "rows made up to push everybody over the limit", until: "E", prepare: func(w *hostileWorld) {
		w.fill(2100)
		w.Publish()
	}, check: func(t *testing.T, w *hostileWorld, c *client) {
		if c.result.Counts.Records || c.name == "A" && (len(c.result.Found) == 0 || c.result.Found[0].Record != nil) {
			t.Errorf("%s: %+v", c.name, c.result)
		}
	}},
	{row: 25, name: "a leaf an hour ahead", code: discovery.Clock, until: "U", evidence: 1,
		prepare: state(func(s *discoverytest.State) { s.Time = s.Time.Add(time.Hour) })},
	{row: 25, name: "a leaf of the year 2099", code: discovery.Clock, until: "U", evidence: 1,
		prepare: state(func(s *discoverytest.State) { s.Time = time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC) })},
}

// ownTags returns a file of one's own instead of the tags.
func ownTags(w *hostileWorld, e *discoverytest.Exchange, change func([]uint64) []uint64) {
	if !path(e, "/tags") {
		return
	}
	tags, err := directory.ParseTags(w.Last().Tags)
	if err != nil {
		panic(err)
	}
	e.Body = directory.NewTags(tags.Place, tags.Version, change(tags.List)).Append(nil)
}
