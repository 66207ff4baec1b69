package discovery_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sealbook/verifier/discovery"
	"sealbook/verifier/discovery/discoverytest"
	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// What a directory did to clients of version 1 of the protocol, done again. In
// brackets is what it got then, at the last commit of version 1.

// asked is everything that was sent.
func (r *rig) asked() *[]string {
	all := new([]string)
	r.Lie = func(e *discoverytest.Exchange) {
		*all = append(*all, e.Method+" "+e.Path+" "+e.Request.Get("Range"))
	}
	return all
}

// Fault 1: any number of bucket bits was obeyed [32 bits of SHA-256 of each
// number: 3 of 3 numbers recovered among 10⁷]. Now nothing is sent after the
// parameters.
func TestFaultBucketBits(t *testing.T) {
	for _, change := range []func(*directory.Parameters){
		func(p *directory.Parameters) { p.BucketBits = 32 },
		func(p *directory.Parameters) { p.BucketBits = 16 },
		func(p *directory.Parameters) { p.Limits.Block = 1 },
		func(p *directory.Parameters) { p.Limits.Batches = []int{1, 2, 3} },
	} {
		inBubble(t, func(t *testing.T, r *rig) {
			mine := r.Account(fiction(0), "me")
			r.later(time.Hour)
			var sent []string
			r.Lie = func(e *discoverytest.Exchange) {
				sent = append(sent, e.Path)
				p := r.Parameters()
				change(p)
				e.Body = fmt.Appendf(nil, `{"key":%q,"note":%q}`, r.Key(), r.SignText("sealbook directory v2", p))
			}
			_, err := r.sync("", mine, fiction(1), fiction(2), fiction(3))
			code(t, err, discovery.Note)
			if !slices.Equal(sent, []string{"/v2/directory"}) {
				t.Errorf("sent %q", sent)
			}
		})
	}
}

// Fault 2: a file of tags that gives each guessed number a block of its own [11
// of 12 contacts among 4,000 guesses in two syncs]. Now a file that is not in the
// log is refused, and one that is changes nothing in what is sent.
func TestFaultOwnFile(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		book := []string{}
		for i := range 12 {
			book = append(book, fiction(37*i+5))
		}
		var guesses []discoverytest.Person
		for i := range 450 {
			guesses = append(guesses, r.PersonOf(fiction(i), ""))
		}
		ann, eve := r.Account(fiction(9000), "ann"), r.Account(fiction(9001), "eve")
		r.later(time.Hour)
		// For one client alone.
		honest := r.Last()
		r.Lie = func(e *discoverytest.Exchange) {
			if strings.HasSuffix(e.Path, "/tags") {
				var list []uint64
				for _, p := range guesses {
					list = append(list, directory.TagNumber(p.Tag))
				}
				e.Body = directory.NewTags(directory.Place{Epoch: 1}, honest.Version, list[:2]).Append(nil)
			}
		}
		_, err := r.sync("", ann, book...)
		code(t, err, discovery.Inclusion)
		// For everybody: each guess isolated by made-up rows, a block of records for
		// each. Ann's book is among the guesses, Eve's is not.
		r.Lie = nil
		var rows []discoverytest.Person
		for _, p := range guesses {
			for i := range uint64(255) {
				rows = append(rows, r.Stranger(directory.NumberTag((directory.TagNumber(p.Tag)+1+i)%(1<<40))))
			}
		}
		r.PutAll(append(guesses, rows...))
		r.later(time.Hour)
		var other []string
		for i := range 12 {
			other = append(other, fiction(5000+i))
		}
		for range 2 {
			sent := r.asked()
			if _, err := r.sync(filepath.Join(t.TempDir(), "ann"), ann, book...); err != nil {
				t.Fatal(err)
			}
			hers := *sent
			sent = r.asked()
			if _, err := r.sync(filepath.Join(t.TempDir(), "eve"), eve, other...); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(hers, *sent) || len(hers) < 5 {
				t.Errorf("Ann sends %q, Eve %q", hers, *sent)
			}
			if strings.Contains(strings.Join(hers, "\n"), "bytes=") {
				t.Errorf("a block of records is read: %q", hers)
			}
			r.Put(r.Stranger(r.Draw()))
			r.later(time.Hour)
		}
	})
}

// Fault 3: a block that was newly read named who had joined [10 of 25 joins, none
// wrong]. Now what is read is the same whoever joins.
func TestFaultJoinsNamed(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		random := rand.New(rand.NewPCG(1, 2))
		for range 250 {
			r.Put(r.Stranger(r.Draw()))
		}
		ann, eve := r.Account(fiction(9000), "ann"), r.Account(fiction(9001), "eve")
		r.later(time.Hour)
		folder := t.TempDir()
		for i := range 25 {
			if random.IntN(2) == 0 {
				r.Put(r.PersonOf(fiction(i), "a contact of Ann's"))
			} else {
				r.Put(r.PersonOf(fiction(2000+i), "nobody's"))
			}
			r.later(time.Hour)
			var books [2][]string
			for j := range 25 {
				books[0], books[1] = append(books[0], fiction(j)), append(books[1], fiction(4000+j))
			}
			var sent [2][]string
			for who, mine := range []*discovery.Mine{ann, eve} {
				all := r.asked()
				if _, err := r.sync(filepath.Join(folder, fmt.Sprint(who)), mine, books[who]...); err != nil {
					t.Fatal(err)
				}
				sent[who] = *all
			}
			if !slices.Equal(sent[0], sent[1]) {
				t.Errorf("join %d: %q and %q", i, sent[0], sent[1])
			}
		}
	})
}

// Fault 4: the directory put a record of its own making under a tag, and nobody
// was told [1 of 1]. Now the person whose tag it is sees it in the log, and who
// knew another record is told.
func TestFaultForgedRecord(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		ben, ann := r.Account(fiction(1), "@ben"), r.Account(fiction(0), "@ann")
		r.later(time.Hour)
		folder := t.TempDir()
		look := func(who string, mine *discovery.Mine) (discovery.Result, error) {
			return r.sync(filepath.Join(folder, who), mine, fiction(0), fiction(1))
		}
		for who, mine := range map[string]*discovery.Mine{"ann": ann, "ben": ben} {
			if _, err := look(who, mine); err != nil {
				t.Fatal(who, err)
			}
		}
		r.Put(r.PersonOf(fiction(1), "key of the directory"))
		r.later(time.Hour)
		_, err := look("ben", ben)
		code(t, err, discovery.Own)
		result, err := look("ann", ann)
		if err != nil || len(result.Found) != 2 {
			t.Fatal(result, err)
		}
		for _, f := range result.Found {
			if f.Number == fiction(1) && (f.Before == nil || string(f.Before.Handle[:4]) != "@ben") {
				t.Errorf("Ann is not told: %+v", f)
			}
		}
	})
}

// Fault 10: what a directory signed once could be shown for ever. Now parameters
// are those of the newest leaf of the log, which is at most 25 hours old.
func TestFaultOldNotes(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		mine := r.Account(fiction(0), "me")
		r.later(time.Hour)
		old := r.Note(r.Parameters())
		r.Limits.RefillPerDay = 100 // others are published
		r.later(time.Hour)
		r.Lie = func(e *discoverytest.Exchange) {
			if e.Path == "/v2/directory" {
				e.Body = fmt.Appendf(nil, `{"key":%q,"note":%q}`, r.Key(), old)
			}
		}
		_, err := r.sync("", mine, fiction(1))
		code(t, err, discovery.Note)
		// All of it from then, the log too.
		r.Lie = nil
		time.Sleep(trust.MaxAge + time.Second)
		_, err = r.sync("", mine, fiction(1))
		code(t, err, discovery.Stale)
	})
}
