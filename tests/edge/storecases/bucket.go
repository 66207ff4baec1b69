//go:build ignore

package storecases

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
)

// Every change of what is published has the next version, and nothing else has.
func versions(t T, s *store.Store) {
	a, hidden := person(1), person(2)
	hidden.Listed = false
	wantVersion(t, s, 0, 1)
	add(t, s, a)
	wantVersion(t, s, 0, 2)
	add(t, s, hidden)
	wantVersion(t, s, 0, 2)
	must(t, s.PutRecord(ctx, a.Credential, [64]byte{1}))
	wantVersion(t, s, 0, 3)
	must(t, s.PutRecord(ctx, hidden.Credential, [64]byte{1}))
	wantVersion(t, s, 0, 3)
	_, err := s.Charge(ctx, a.Credential, 1, fifty, now)
	must(t, err)
	wantVersion(t, s, 0, 3)

	renew := func(a store.Account, listed bool, n int) {
		a.Listed = listed
		must(t, s.Register(ctx, a, begin(t, s, n).ID))
	}
	renew(hidden, true, 12) // now published
	wantVersion(t, s, 0, 4)
	renew(hidden, false, 13) // and not any more
	wantVersion(t, s, 0, 5)
	renew(hidden, false, 14)
	wantVersion(t, s, 0, 5)
	_, err = s.Withdraw(ctx, hidden.Credential)
	must(t, err)
	wantVersion(t, s, 0, 5)
	_, err = s.Withdraw(ctx, a.Credential)
	must(t, err)
	wantVersion(t, s, 0, 6)
	_, all, err := entries(s, 0)
	if err != nil || len(all) != 0 {
		t.Errorf("%d entries %v", len(all), err)
	}
}

// entries reads a bucket.
func entries(s *store.Store, bucket uint32) (store.Bucket, []store.Entry, error) {
	b, err := s.Bucket(ctx, bucket)
	if err != nil {
		return b, nil, err
	}
	return s.Entries(ctx, b)
}

func must(t T, err error) {
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// Two people whose tags are equal are two entries; one goes, the other stays.
func equalTags(t T, s *store.Store) {
	a, b, c := person(1), person(2), person(3)
	a.Tag, b.Tag, c.Tag = [5]byte{7}, [5]byte{7}, [5]byte{6}
	for _, p := range []store.Account{b, a, c} {
		add(t, s, p)
	}
	wantEntries(t, s, c, a, b)
	_, err := s.Withdraw(ctx, a.Credential)
	must(t, err)
	wantEntries(t, s, c, b)
	changes, err := s.Changes(ctx, 0, 4)
	if err != nil || !slices.Equal(changes.Removed, [][5]byte{{7}}) || len(changes.Changed) != 0 {
		t.Errorf("%+v %v", changes, err)
	}
	wantAccount(t, s, b)
}

func wantEntries(t T, s *store.Store, want ...store.Account) {
	_, got, err := entries(s, 0)
	if err != nil || len(got) != len(want) {
		t.Fatalf("%d entries %v, want %d", len(got), err, len(want))
	}
	for i, e := range got {
		if w := entryOf(want[i]); e != w {
			t.Errorf("entry %d is %x, want %x", i, e.Key, w.Key)
		}
	}
}

func entryOf(a store.Account) store.Entry {
	return store.Entry{Key: store.Key(append(a.Tag[:], a.ID[:]...)), Record: a.Record}
}

// Seed brings n made-up accounts into a bucket, with a version of their own
// each, in one statement for each of some tables.
func Seed(s *store.Store, n int64, bucket uint32) error {
	for _, statement := range []struct {
		sql  string
		args []any
	}{
		{`INSERT INTO accounts (id, epoch, credential, search, listed, tag, bucket, record, consent, registered, added, changed)
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
			SELECT randomblob(16), epoch, randomblob(32), 1, 1, randomblob(5), ?2, randomblob(64), randomblob(32), ?3, version + i, version + i
			FROM n, directory`, []any{n, int64(bucket), now}},
		{"UPDATE directory SET version = version + ?", []any{n}},
		{`INSERT INTO buckets (bucket, version) SELECT ?, version FROM directory WHERE true
			ON CONFLICT (bucket) DO UPDATE SET version = excluded.version`, []any{int64(bucket)}},
	} {
		if _, err := s.Write.ExecContext(ctx, statement.sql, statement.args...); err != nil {
			return err
		}
	}
	return nil
}

// More entries than fit in a page, and others that are none of the bucket's
// business.
func manyEntries(t T, s *store.Store) {
	const n = 2*4096 + 1
	must(t, Seed(s, n, 0))
	must(t, Seed(s, 10, 1))
	b, all, err := entries(s, 0)
	if err != nil || len(all) != n {
		t.Fatalf("%d entries %v, want %d", len(all), err, n)
	}
	if want := (store.Bucket{Epoch: 1, Version: 1 + n, Floor: 1}); b != want {
		t.Errorf("%+v, want %+v", b, want)
	}
	if !slices.IsSortedFunc(all, func(a, b store.Entry) int { return a.Key.Compare(b.Key) }) {
		t.Errorf("entries are not sorted")
	}
	_, other, err := entries(s, 1)
	if err != nil || len(other) != 10 {
		t.Errorf("%d entries %v in the other bucket", len(other), err)
	}
	changes, err := s.Changes(ctx, 0, b.Version-5)
	if err != nil || len(changes.Changed) != 5 || len(changes.Removed) != 0 {
		t.Errorf("%d changes %v, want 5", len(changes.Changed), err)
	}
}

// Random lives: from every version the changes lead to the last state.
func deltas(t T, s *store.Store) {
	r := rand.New(rand.NewPCG(3, 4))
	snapshots := map[uint64][]store.Entry{}
	people := make([]store.Account, 12)
	for i := range people {
		people[i] = person(i)
		people[i].Tag = [5]byte{byte(i / 2)} // pairs of equal tags
	}
	for step := range 120 {
		i := r.IntN(len(people))
		a := &people[i]
		switch r.IntN(4) {
		case 0, 1:
			a.Listed = r.IntN(4) > 0
			a.Record[0] = byte(step)
			must(t, s.Register(ctx, *a, begin(t, s, 100+step).ID))
		case 2:
			a.Record[1] = byte(step)
			s.PutRecord(ctx, a.Credential, a.Record)
		case 3:
			s.Withdraw(ctx, a.Credential)
		}
		b, all, err := entries(s, 0)
		must(t, err)
		if old, seen := snapshots[b.Version]; seen && !slices.Equal(old, all) {
			t.Fatalf("step %d: version %d has two states", step, b.Version)
		}
		snapshots[b.Version] = all
	}
	last := version(t, s)
	if len(snapshots) < 50 {
		t.Fatalf("only %d versions", len(snapshots))
	}
	for v, old := range snapshots {
		changes, err := s.Changes(ctx, 0, v)
		must(t, err)
		got, err := tagsAfter(old, changes)
		if err != nil {
			t.Fatalf("from version %d: %v", v, err)
		}
		if want := tagsOf(snapshots[last]); !slices.Equal(got, want) {
			t.Fatalf("from version %d come %x, not %x", v, got, want)
		}
	}
	_, err := s.Changes(ctx, 0, last+1)
	wantErr(t, err, store.ErrGone)
	_, err = s.Changes(ctx, 0, 0)
	wantErr(t, err, store.ErrGone)
}

func tagsOf(entries []store.Entry) (tags [][5]byte) {
	for _, e := range entries {
		tags = append(tags, e.Key.Tag())
	}
	return tags
}

// tagsAfter does what a client does with a delta.
func tagsAfter(entries []store.Entry, c store.Changes) ([][5]byte, error) {
	tags := tagsOf(entries)
	for _, tag := range c.Removed {
		i := slices.Index(tags, tag)
		if i < 0 {
			return nil, fmt.Errorf("%x is removed and was not there", tag)
		}
		tags = slices.Delete(tags, i, i+1)
	}
	for _, e := range c.Changed {
		if e.New {
			tags = append(tags, e.Key.Tag())
		}
	}
	slices.SortFunc(tags, func(a, b [5]byte) int { return bytes.Compare(a[:], b[:]) })
	return tags, nil
}

// What has had its time goes, and nothing else; from before a forgotten removal
// there is no delta.
func purge(t T, s *store.Store) {
	a, b := person(1), person(2)
	add(t, s, a) // version 2
	add(t, s, b) // 3
	_, err := s.Withdraw(ctx, a.Credential)
	must(t, err) // 4
	old := begin(t, s, 3)
	// The database itself says when a tag was removed.
	var at int64
	must(t, s.Read.QueryRowContext(ctx, "SELECT at FROM removals").Scan(&at))
	n, err := s.Purge(ctx, old.Expires-1)
	if err != nil || n != 0 {
		t.Errorf("too early went %d %v", n, err)
	}
	n, err = s.Purge(ctx, old.Expires)
	if err != nil || n != 1 {
		t.Errorf("%d registrations expired, %v", n, err)
	}
	n, err = s.Purge(ctx, now+store.SendWindow)
	if err != nil || n != 6 {
		t.Errorf("%d sends were forgotten, %v", n, err)
	}
	_, err = s.Purge(ctx, at+store.Remembered-1)
	must(t, err)
	if _, err := s.Changes(ctx, 0, 3); err != nil {
		t.Errorf("from version 3: %v", err)
	}
	n, err = s.Purge(ctx, at+store.Remembered)
	if err != nil || n == 0 { // D1 counts what the trigger changed, too
		t.Errorf("%d removals were forgotten, %v", n, err)
	}
	wantCount(t, s, "removals", 0)
	_, err = s.Changes(ctx, 0, 3)
	wantErr(t, err, store.ErrGone)
	changes, err := s.Changes(ctx, 0, 4)
	if err != nil || len(changes.Changed)+len(changes.Removed) != 0 || changes.Bucket.Floor != 4 {
		t.Errorf("from version 4: %+v %v", changes, err)
	}
	wantAccount(t, s, b)
}

// In a new epoch nobody is known and nothing published; versions go on.
func epoch(t T, s *store.Store) {
	a, b, hidden := person(1), person(2), person(4)
	hidden.Listed = false
	add(t, s, a)
	add(t, s, b)
	add(t, s, hidden)
	wantErr(t, s.StartEpoch(ctx, 7, 0), store.ErrEpoch)
	old, err := s.Bucket(ctx, 0)
	must(t, err)
	must(t, s.StartEpoch(ctx, 1, 3))
	_, _, err = s.Entries(ctx, old)
	wantErr(t, err, store.ErrEpoch)
	wantErr(t, s.StartEpoch(ctx, 1, 3), store.ErrEpoch)
	st, err := s.State(ctx)
	if want := (store.State{Epoch: 2, BucketBits: 3, Version: 4}); err != nil || st != want {
		t.Errorf("%+v %v, want %+v", st, err, want)
	}
	wantEntries(t, s)
	_, err = s.Account(ctx, a.Credential)
	wantErr(t, err, store.ErrNone)
	wantErr(t, s.PutRecord(ctx, a.Credential, a.Record), store.ErrNone)
	_, err = s.Withdraw(ctx, a.Credential)
	wantErr(t, err, store.ErrNone)
	_, err = s.Charge(ctx, a.Credential, 1, fifty, now)
	wantErr(t, err, store.ErrNone)
	_, err = s.Changes(ctx, 0, 3)
	wantErr(t, err, store.ErrGone)
	if n, err := s.Purge(ctx, now); err != nil || n != 3 {
		t.Errorf("%d accounts were erased, %v", n, err)
	}
	wantVersion(t, s, 0, 4)
	wantCount(t, s, "removals", 0)

	c := person(3)
	c.Epoch, c.Bucket = 2, 5
	add(t, s, c)
	wantVersion(t, s, 5, 5)
	if other, err := s.Bucket(ctx, 4); err != nil || other.Version != 4 {
		t.Errorf("another bucket: %+v %v", other, err)
	}
	if _, err := s.Changes(ctx, 5, 4); err != nil {
		t.Errorf("from the epoch's first version: %v", err)
	}
}

// Numbers beyond what a float32 or an int32 holds come back as they went in.
func greatNumbers(t T, s *store.Store) {
	const great = 1<<53 - 3
	_, err := s.Write.ExecContext(ctx, "UPDATE directory SET version = ?", int64(great-1))
	must(t, err)
	a := person(1)
	a.Bucket = 1<<32 - 1
	a.Registered = 1 << 40
	add(t, s, a)
	wantVersion(t, s, a.Bucket, great)
	wantAccount(t, s, a)
	changes, err := s.Changes(ctx, a.Bucket, great-1)
	if err != nil || len(changes.Changed) != 1 || !changes.Changed[0].New {
		t.Errorf("%+v %v", changes, err)
	}
	budget := directory.Budget{Size: 1<<36 - 1, PerDay: 1 << 30}
	got, err := s.Charge(ctx, a.Credential, 1<<35, budget, now)
	if err != nil || got.Used != (1<<35)*86400 || budget.Available(got.Used, got.UsedAt, now) != 1<<35-1 {
		t.Errorf("%+v %v", got, err)
	}
}
