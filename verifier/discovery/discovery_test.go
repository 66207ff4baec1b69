package discovery_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"sealbook/verifier/discovery"
	"sealbook/verifier/discovery/discoverytest"
	"sealbook/wasm/directory"
)

// Two people register and find each other, as the README tells it.
func TestTwoPeople(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		path := filepath.Join(t.TempDir(), "ann.state")
		d, s := r.open(path)
		ann, ben := fiction(0), fiction(1)
		register := func(number, handle string) *discovery.Mine {
			reg, err := d.Register(background, number)
			if err != nil {
				t.Fatal(err)
			}
			mine, err := d.Confirm(background, nil, discovery.Confirmation{Registration: reg.ID, Number: number, Code: r.Code, Scopes: directory.Scopes()})
			if err != nil {
				t.Fatal(err)
			}
			var record directory.Record
			copy(record.Handle[:], handle)
			if err := d.Publish(background, &mine, record); err != nil {
				t.Fatal(err)
			}
			return &mine
		}
		mine := register(ann, "@ann")
		register(ben, "@ben")
		time.Sleep(time.Minute)
		r.Publish()
		result, err := d.Sync(background, discovery.Search{Mine: mine, Numbers: []string{ben, fiction(2)}, State: s})
		if err != nil || len(result.Found) != 1 || handle(result.Found[0]) != "@ben" {
			t.Fatal(result, err)
		}
		if c := result.Counts; c.Charged != 8 || c.Evaluated != 2 || !c.Records || c.People != 2 || *c.Budget != 5112 {
			t.Errorf("%+v", c)
		}
		// Another process goes on with the state, and pays for nothing but 8.
		time.Sleep(2 * time.Hour)
		r.Put(r.PersonOf(fiction(2), "@cem"))
		r.Publish()
		d, s = r.open(path)
		result, err = d.Sync(background, discovery.Search{Mine: mine, Numbers: []string{ben, fiction(2)}, State: s})
		if err != nil || len(result.Found) != 2 || handle(result.Found[1]) != "@cem" || result.Counts.Known != 2 || result.Counts.Charged != 8 {
			t.Fatal(result, err)
		}
	})
}

// Own acts are no reason to warn.
func TestOwnActs(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		path := filepath.Join(t.TempDir(), "state")
		d, s := r.open(path)
		ann := fiction(0)
		reg, err := d.Register(background, ann)
		if err != nil {
			t.Fatal(err)
		}
		mine, err := d.Confirm(background, s, discovery.Confirmation{Registration: reg.ID, Number: ann, Code: r.Code, Scopes: directory.Scopes()})
		if err != nil {
			t.Fatal(err)
		}
		step := func(what string) {
			t.Helper()
			d, s := r.open(path)
			if _, err := d.Sync(background, discovery.Search{Mine: &mine, State: s}); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		step("not published yet")
		r.later(time.Hour)
		step("published with a random record")
		for i := range 3 {
			if err := d.Publish(background, &mine, directory.Record{Flags: uint32(i)}); err != nil {
				t.Fatal(err)
			}
			step("put, and not published yet")
			r.later(time.Hour)
			step("published")
		}
		r.Put(r.Stranger(r.Draw()))
		r.later(3 * time.Hour)
		step("others come")
		for range 50 {
			r.later(5 * time.Hour)
		}
		d, s = r.open(path)
		result, err := d.Sync(background, discovery.Search{Mine: &mine, State: s})
		if err != nil || result.Unwatched[0].IsZero() {
			t.Errorf("after more than 8 days: %v %v", result.Unwatched, err)
		}
		// What somebody else does is: also where the whole list was read.
		y := r.Output(ann)
		r.Remove(discoverytest.Person{Tag: directory.Tag(&y, 1), ID: directory.AccountID(&y, 1)})
		for range 50 {
			r.later(5 * time.Hour)
		}
		d, s = r.open(path)
		if _, err := d.Sync(background, discovery.Search{Mine: &mine, State: s}); !errors.Is(err, discovery.Own) {
			t.Error(err)
		}
	})
}

// What the budget does not cover waits, and comes later.
func TestBudgetWaits(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		path := filepath.Join(t.TempDir(), "state")
		r.Limits.Budget, r.Limits.RefillPerDay = 1024, 300
		r.later(time.Hour)
		mine := r.Account(fiction(0), "me")
		r.later(time.Hour)
		var book []string
		for i := range 1400 {
			book = append(book, fiction(1000+i))
		}
		result, err := r.sync(path, mine, book...)
		if c := result.Counts; err != nil || c.Evaluated != 1024 || c.Charged != 1024 || c.Waiting != 376 || !result.WaitUntil.After(time.Now()) {
			t.Fatal(result.Counts, result.WaitUntil, err)
		}
		r.later(20 * time.Hour)
		result, err = r.sync(path, mine, book...)
		if c := result.Counts; err != nil || c.Evaluated != 248 || c.Charged != 248 || c.Waiting != 128 {
			t.Fatal(result.Counts, err)
		}
		r.later(24 * time.Hour)
		result, err = r.sync(path, mine, book...)
		if c := result.Counts; err != nil || c.Waiting != 0 || c.Known != 1272 || c.Charged != 256 {
			t.Fatal(result.Counts, err)
		}
	})
}

// A version that is replaced while it is read begins a sync again.
func TestReplacedWhileRead(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		mine := r.Account(fiction(0), "me")
		r.later(time.Hour)
		times := 0
		r.Lie = func(e *discoverytest.Exchange) {
			if times < 3 && e.Method == "GET" && len(e.Path) > 11 && e.Path[:11] == "/v2/states/" {
				times++
				r.Put(r.Stranger(r.Draw()))
				r.Publish()
				e.Refuse(directory.VersionGone)
			}
		}
		result, err := r.sync("", mine, fiction(1))
		if err != nil || times != 3 || result.Counts.Version != r.Last().Version {
			t.Error(result.Counts, err, times)
		}
	})
}

// Of two batches the one that is proved is kept, whichever it is, and the next
// sync has the other evaluated again.
func TestTwoBatches(t *testing.T) {
	for lied := range 2 {
		inBubble(t, func(t *testing.T, r *rig) {
			path := filepath.Join(t.TempDir(), "state")
			mine := r.Account(fiction(0), "me")
			r.later(time.Hour)
			book := numbers(1000, 1030)
			batch := 0
			r.Lie = func(e *discoverytest.Exchange) {
				if e.Method == "POST" {
					if batch == lied {
						e.Body[len(e.Body)-1] ^= 1
					}
					batch++
				}
			}
			_, err := r.sync(path, mine, book...)
			code(t, err, discovery.Proof)
			if batch != 2 {
				t.Errorf("%d batches", batch)
			}
			r.Lie = nil
			result, err := r.sync(path, mine, book...)
			want := map[int]int{0: 6, 1: 1024}[lied]
			if err != nil || result.Counts.Known != want || result.Counts.Evaluated != 1030-want {
				t.Errorf("%+v %v", result.Counts, err)
			}
		})
	}
}
