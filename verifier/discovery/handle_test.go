package discovery_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sealbook/verifier/discovery"
	"sealbook/verifier/discovery/discoverytest"
	"sealbook/wasm/directory"
)

// One friend's handle where records are not read whole: the hashes of all blocks
// and then the friend's block, without a credential and never by itself.
func TestHandle(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		path := filepath.Join(t.TempDir(), "state")
		mine := r.Account(fiction(0), "me")
		friend := r.PersonOf(fiction(1), "@ben")
		r.Put(friend)
		for range 700 {
			r.Put(r.Stranger(r.Draw()))
		}
		r.later(time.Hour)
		result, err := r.sync(path, mine, fiction(1))
		if err != nil || len(result.Found) != 1 || result.Found[0].Record != nil || result.Counts.Records {
			t.Fatal(result, err)
		}
		ask := func() (discovery.Found, []string, error) {
			var asked []string
			lie := r.Lie
			defer func() { r.Lie = lie }()
			r.Lie = func(e *discoverytest.Exchange) {
				if lie != nil {
					lie(e)
				}
				asked = append(asked, e.Method+" "+e.Path+" "+e.Request.Get("Range"))
				if e.Request.Get("Authorization") != "" {
					t.Error("a credential is sent")
				}
			}
			d, s := r.open(path)
			f, err := d.Handle(background, s, fiction(1))
			return f, asked, err
		}
		at := slices.IndexFunc(r.People(), func(p discoverytest.Person) bool { return p.ID == friend.ID })
		block := at / directory.Block
		from := directory.HeaderSize + block*directory.Block*directory.RecordSize
		to := min(from+directory.Block*directory.RecordSize, directory.HeaderSize+len(r.People())*directory.RecordSize) - 1
		found, asked, err := ask()
		want := []string{"GET /v2/directory ", "GET /v2/log/update?from=2 ", "GET /v2/states/2/hashes ", fmt.Sprintf("GET /v2/states/2/records bytes=%d-%d", from, to)}
		if err != nil || handle(found) != "@ben" || !slices.Equal(asked, want) {
			t.Errorf("%v %v %q", found, err, asked)
		}
		// After another version the tags are brought up to date first.
		r.Put(r.Stranger(r.Draw()))
		r.later(time.Hour)
		found, asked, err = ask()
		if err != nil || handle(found) != "@ben" || len(asked) != 7 || asked[2] != "GET /v2/states/3/root " {
			t.Errorf("%v %v %q", found, err, asked)
		}
		for _, c := range []struct {
			why  string
			lie  func(e *discoverytest.Exchange)
			code discovery.Code
		}{
			{"another hash", func(e *discoverytest.Exchange) {
				if path := e.Path; path == "/v2/states/3/hashes" {
					e.Body[0] ^= 1
				}
			}, discovery.RecordWrong},
			{"hashes withheld", func(e *discoverytest.Exchange) {
				if e.Path == "/v2/states/3/hashes" {
					e.Refuse(directory.StoreBusy)
				}
			}, discovery.Refused},
			{"the block withheld", func(e *discoverytest.Exchange) {
				if e.Request.Get("Range") != "" {
					e.Refuse(directory.VersionGone)
				}
			}, discovery.Refused},
			{"another block", func(e *discoverytest.Exchange) {
				if e.Request.Get("Range") != "" {
					e.Body[0] ^= 1
				}
			}, discovery.RecordWrong},
			{"the whole file", func(e *discoverytest.Exchange) {
				if e.Request.Get("Range") != "" {
					e.Status, e.Body = 200, r.Last().Records
				}
			}, discovery.Refused},
		} {
			r.Lie = c.lie
			_, _, err := ask()
			if !errors.Is(err, c.code) {
				t.Errorf("%s: %v", c.why, err)
			}
			r.Lie = nil
			if result, err := r.sync(path, nil, fiction(1)); err != nil || len(result.Found) != 1 {
				t.Errorf("%s: then %v %v", c.why, result, err)
			}
		}
		// A tag that is in every block does not have them all read.
		for range 1500 {
			r.Put(r.Stranger(friend.Tag))
		}
		r.later(time.Hour)
		_, asked, err = ask()
		code(t, err, discovery.TagsWrong)
		if strings.Contains(strings.Join(asked, "\n"), "/records") {
			t.Errorf("%q", asked)
		}
		if _, s := r.open(path); s != nil {
			d, _ := r.open("")
			if _, err := d.Handle(background, s, fiction(1)); !errors.Is(err, discovery.Input) {
				t.Error(err)
			}
		}
	})
}

// The handle that was seen first is kept, and another one is told of.
func TestFirstHandleIsKept(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		path := filepath.Join(t.TempDir(), "state")
		mine := r.Account(fiction(0), "me")
		r.Put(r.PersonOf(fiction(1), "first"))
		r.later(time.Hour)
		if result, err := r.sync(path, mine, fiction(1)); err != nil || handle(result.Found[0]) != "first" || result.Found[0].Before != nil {
			t.Fatal(result, err)
		}
		r.Put(r.PersonOf(fiction(1), "second"))
		r.later(time.Hour)
		for range 2 {
			result, err := r.sync(path, mine, fiction(1))
			if err != nil || handle(result.Found[0]) != "second" || result.Found[0].Before == nil || string(result.Found[0].Before.Handle[:5]) != "first" {
				t.Fatal(result, err)
			}
		}
		// Two records that open for one number.
		two := r.PersonOf(fiction(1), "third")
		two.ID[0] ^= 1
		r.Put(two)
		r.later(time.Hour)
		if result, err := r.sync(path, mine, fiction(1)); err != nil || !result.Found[0].Several {
			t.Fatal(result, err)
		}
	})
}
