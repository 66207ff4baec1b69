package storecases

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"sealbook/wasm/edge/store"
)

// journaled is what changed, and up to where and in which epoch.
type journaled struct {
	store.Moment
	Changes []store.Change
}

// changes reads what changed since a position.
func changes(s *store.Store, since int64) (j journaled, err error) {
	if j.Moment, err = s.Everybody(ctx); err == nil {
		j.Changes, err = s.Changes(ctx, j.Moment, since)
	}
	return j, err
}

// people reads everybody who is published.
func people(t T, s *store.Store) (all []store.Person, j journaled) {
	m, err := s.Everybody(ctx)
	must(t, err)
	all = everybodyAt(t, s, m, m.Read)
	if int64(len(all)) != m.People {
		t.Errorf("%d people, and %d counted", len(all), m.People)
	}
	return all, journaled{Moment: m}
}

func everybodyAt(t T, s *store.Store, m store.Moment, at int64) (all []store.Person) {
	for pages := s.People(m, at); ; {
		page, err := pages.Next(ctx)
		must(t, err)
		if len(page) == 0 {
			return all
		}
		all = append(all, page...)
	}
}

func personOf(a store.Account) store.Person {
	return store.Person{Key: store.Key(append(a.Tag[:], a.ID[:]...)), Record: a.Record}
}

// pending reports how many rows the journal has.
func wantJournal(t T, s *store.Store, want int64) {
	wantCount(t, s, "journal", want)
}

// Whatever changes what is published is written down, and nothing else is.
func journal(t T, s *store.Store) {
	a, hidden := person(1), person(2)
	hidden.Listed = false
	wantJournal(t, s, 0)
	add(t, s, a)
	wantJournal(t, s, 1)
	add(t, s, hidden)
	_, err := s.PutRecord(ctx, hidden.Credential, [64]byte{1}, many, now)
	must(t, err)
	_, err = s.Charge(ctx, a.Credential, 1, fifty, now)
	must(t, err)
	must(t, s.Touch(ctx, a.Credential, now+86400))
	wantJournal(t, s, 1)
	put := func(record [64]byte) {
		_, err := s.PutRecord(ctx, a.Credential, record, many, now)
		must(t, err)
	}
	put([64]byte{1})
	put([64]byte{2})
	wantJournal(t, s, 3)
	renew := func(a store.Account, listed bool, n int) {
		a.Listed = listed
		r := begin(t, s, n)
		_, err := s.Register(ctx, a, store.Entry{Registration: &r.ID})
		must(t, err)
	}
	renew(hidden, true, 12)  // now published
	renew(hidden, false, 13) // and not any more
	wantJournal(t, s, 5)
	renew(hidden, false, 14)
	wantJournal(t, s, 5)
	j, err := changes(s, 0)
	must(t, err)
	now1 := personOf(a)
	now1.Record = [64]byte{2}
	if j.Epoch != 1 || j.Read != 5 || len(j.Changes) != 1 { // who came and went is none
		t.Fatalf("%+v", j)
	}
	for _, c := range j.Changes {
		switch {
		case len(c.Before) != 0:
			t.Errorf("before: %+v", c)
		case c.Tag == a.Tag && (len(c.Now) != 1 || c.Now[0] != now1), c.Tag != a.Tag && len(c.Now) != 0:
			t.Errorf("now: %+v", c)
		}
	}
	// From a position in between, what was there then is before.
	j, err = changes(s, 2)
	must(t, err)
	then := now1
	then.Record = [64]byte{1}
	i := slices.IndexFunc(j.Changes, func(c store.Change) bool { return c.Tag == a.Tag })
	if i < 0 || !slices.Equal(j.Changes[i].Before, []store.Person{then}) || !slices.Equal(j.Changes[i].Now, []store.Person{now1}) {
		t.Errorf("%+v", j)
	}
	_, err = s.Withdraw(ctx, a.Credential, now)
	must(t, err)
	wantJournal(t, s, 6)
	if h, err := s.Head(ctx); err != nil || h.Changed != 6 || h.Read != 0 {
		t.Errorf("%+v %v", h, err)
	}
}

// Two people whose tags are equal are two; one goes, the other stays.
func equalTags(t T, s *store.Store) {
	a, b, c := person(1), person(2), person(3)
	a.Tag, b.Tag, c.Tag = [5]byte{7}, [5]byte{7}, [5]byte{6}
	for _, p := range []store.Account{b, a, c} {
		add(t, s, p)
	}
	all, j := people(t, s)
	if !slices.Equal(all, []store.Person{personOf(c), personOf(a), personOf(b)}) || j.Read != 3 || j.Epoch != 1 {
		t.Errorf("%x %+v", all, j)
	}
	_, err := s.Withdraw(ctx, a.Credential, now)
	must(t, err)
	j, err = changes(s, 3)
	if err != nil || len(j.Changes) != 1 || !slices.Equal(j.Changes[0].Before, []store.Person{personOf(a), personOf(b)}) ||
		!slices.Equal(j.Changes[0].Now, []store.Person{personOf(b)}) {
		t.Errorf("%+v %v", j, err)
	}
}

// Random lives: from every position the changes lead from who was published
// then to who is now.
func lives(t T, s *store.Store) {
	r := rand.New(rand.NewPCG(3, 4))
	type snapshot struct {
		at  int64
		all []store.Person
	}
	var snapshots []snapshot
	accounts := make([]store.Account, 12)
	for i := range accounts {
		accounts[i] = person(i)
		accounts[i].Tag = [5]byte{byte(i / 3)} // several equal tags
	}
	for step := range 100 {
		a := &accounts[r.IntN(len(accounts))]
		switch r.IntN(4) {
		case 0, 1:
			a.Listed = r.IntN(4) > 0
			a.Record[0] = byte(step)
			reg := begin(t, s, 100+step)
			_, err := s.Register(ctx, *a, store.Entry{Registration: &reg.ID})
			must(t, err)
		case 2:
			a.Record[1] = byte(step)
			if _, err := s.PutRecord(ctx, a.Credential, a.Record, many, now); err != nil && !errors.Is(err, store.ErrNone) {
				t.Fatalf("record: %v", err)
			}
		case 3:
			if _, err := s.Withdraw(ctx, a.Credential, now); err != nil && !errors.Is(err, store.ErrNone) {
				t.Fatalf("withdraw: %v", err)
			}
		}
		all, j := people(t, s)
		snapshots = append(snapshots, snapshot{j.Read, all})
	}
	last := snapshots[len(snapshots)-1]
	for _, from := range snapshots {
		j, err := changes(s, from.at)
		must(t, err)
		if j.Read != last.at {
			t.Fatalf("read up to %d, not %d", j.Read, last.at)
		}
		got, err := after(from.all, j)
		if err != nil || !slices.Equal(got, last.all) {
			t.Fatalf("from %d: %v", from.at, err)
		}
	}
}

// after does what a publication does with changes.
func after(all []store.Person, j journaled) (next []store.Person, err error) {
	for _, c := range j.Changes {
		i := slices.IndexFunc(all, func(p store.Person) bool { return bytes.Compare(p.Key[:5], c.Tag[:]) >= 0 })
		if i < 0 {
			i = len(all)
		}
		next, all = append(next, all[:i]...), all[i:]
		if len(all) < len(c.Before) || !slices.Equal(all[:len(c.Before)], c.Before) {
			return nil, fmt.Errorf("tag %x was not as the changes say", c.Tag)
		}
		next, all = append(next, c.Now...), all[len(c.Before):]
	}
	return append(next, all...), nil
}
