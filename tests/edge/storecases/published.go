package storecases

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
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

// Seed brings in n made-up people who registered at a time, in one statement.
func Seed(s *store.Store, n, at int64) error { return SeedInto(ctx, s.Write, n, at) }

// SeedInto is Seed for a database that is not opened as a store.
func SeedInto(ctx context.Context, db *sql.DB, n, at int64) error {
	_, err := db.ExecContext(ctx, `
		INSERT INTO accounts (id, epoch, credential, search, listed, tag, record, consent, registered, seen)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
		SELECT randomblob(16), epoch, randomblob(32), 1, 1, randomblob(5), randomblob(64), randomblob(32), ?2, ?2
		FROM n, directory`, n, at)
	return err
}

// More people than fit in a page of anything.
func manyPeople(t T, s *store.Store) {
	const n = 2*4096 + 1
	must(t, Seed(s, n, now))
	all, j := people(t, s)
	if len(all) != n || j.Read != n {
		t.Fatalf("%d people, read up to %d", len(all), j.Read)
	}
	if !slices.IsSortedFunc(all, func(a, b store.Person) int { return a.Key.Compare(b.Key) }) {
		t.Errorf("people are not sorted")
	}
	j, err := changes(s, n-5)
	if err != nil || len(j.Changes) != 5 {
		t.Errorf("%d changes %v, want 5", len(j.Changes), err)
	}
}

// leaf makes the next leaf of the log.
func leaf(t T, s *store.Store, n int64) store.Leaf {
	l := store.Leaf{N: n, Text: fmt.Sprintf("leaf %d", n), Epoch: 1, Hour: n / 3, Read: 0, Files: fmt.Sprintf("files %d", n), Sizes: "1 2", At: now + 60*n, Took: n}
	r := s.Hashes(ctx)
	var err error
	l.Hashes, err = tlog.StoredHashes(n, []byte(l.Text), r)
	must(t, err)
	l.Root = sha256.Sum256([]byte(l.Text)) // not looked at here
	return l
}

func log(t T, s *store.Store) {
	_, err := s.Newest(ctx)
	wantErr(t, err, store.ErrNone)
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (all []tlog.Hash, err error) {
		for _, i := range indexes {
			all = append(all, stored[i])
		}
		return all, nil
	})
	const n = 13
	for i := range int64(n) {
		l := leaf(t, s, i)
		stored = append(stored, l.Hashes...)
		must(t, s.Append(ctx, l))
		wantErr(t, s.Append(ctx, l), store.ErrTaken)
		got, err := s.Newest(ctx)
		l.Hashes = nil
		if err != nil || fmt.Sprint(got) != fmt.Sprint(l) {
			t.Errorf("%+v %v, want %+v", got, err, l)
		}
		want, err := tlog.TreeHash(i+1, reader)
		must(t, err)
		if root, err := tlog.TreeHash(i+1, s.Hashes(ctx)); err != nil || root != want {
			t.Errorf("the root of %d is another, %v", i+1, err)
		}
	}
	wantErr(t, s.Append(ctx, store.Leaf{N: n + 1, Text: "gap", Epoch: 1}), store.ErrTaken)
	late := leaf(t, s, n)
	late.Epoch = 2
	wantErr(t, s.Append(ctx, late), store.ErrTaken)
	indexes := make([]int64, len(stored))
	for i := range indexes {
		indexes[i] = int64(i)
	}
	if all, err := s.Hashes(ctx).ReadHashes(indexes); err != nil || !slices.Equal(all, stored) {
		t.Errorf("the hashes are others, %v", err)
	}
	if _, err := s.Hashes(ctx).ReadHashes([]int64{tlog.StoredHashIndex(0, n)}); err == nil {
		t.Errorf("a hash beyond the log")
	}
	leaves, err := s.Leaves(ctx, 3, 5)
	if err != nil || !slices.Equal(leaves, []string{"leaf 3", "leaf 4", "leaf 5", "leaf 6", "leaf 7"}) {
		t.Errorf("%q %v", leaves, err)
	}
	for version, want := range map[int64]store.Version{
		1: {Version: 1, Files: "files 0", Sizes: "1 2", Hour: 0, Replaced: now + 60}, 13: {Version: 13, Files: "files 12", Sizes: "1 2", Hour: 4},
	} {
		if v, newest, err := s.Version(ctx, version); err != nil || v != want || newest != n {
			t.Errorf("%+v of %d %v, want %+v", v, newest, err, want)
		}
	}
	for _, version := range []int64{0, 14, -1} {
		_, _, err := s.Version(ctx, version)
		wantErr(t, err, store.ErrNone)
	}
	if v, hours, err := s.Hour(ctx, 1); err != nil || v.Version != 6 || v.Files != "files 5" || hours != (store.Hours{First: 0, Newest: 4}) {
		t.Errorf("%+v %+v %v", v, hours, err)
	}
	_, _, err = s.Hour(ctx, 7)
	wantErr(t, err, store.ErrNone)
	kept, err := s.Versions(ctx, []int64{3, 4, 13, 99})
	if err != nil || len(kept) != 3 || !kept[0].LastOfHour || kept[1].LastOfHour || !kept[2].LastOfHour || kept[2].Replaced != 0 {
		t.Errorf("%+v %v", kept, err)
	}
	// What can be read: versions by when they were replaced, hours by their last.
	all, hours, err := s.Readable(ctx, now+60*10, 2)
	var readable []string
	for _, k := range all {
		readable = append(readable, fmt.Sprint(k.Version.Version, k.Hour, k.Replaced, k.LastOfHour))
	}
	if want := []string{"13 4 0 false", fmt.Sprint("12 3 ", now+60*12, " false"), fmt.Sprint("11 3 ", now+60*11, " false"),
		"13 4 0 true", "12 3 0 true", "9 2 0 true"}; err != nil || !slices.Equal(readable, want) || hours != (store.Hours{First: 0, Newest: 4}) {
		t.Errorf("%q %+v %v, want %q", readable, hours, err, want)
	}
}

// However many publish at once, the log grows by one.
func logAtOnce(t T, s *store.Store) {
	add(t, s, person(1))
	l := leaf(t, s, 0)
	l.Read = 1
	appended := atOnce(20, func(i int) bool {
		l := l
		l.Files = fmt.Sprint(i)
		err := s.Append(ctx, l)
		if err != nil {
			wantErr(t, err, store.ErrTaken)
		}
		return err == nil
	})
	if appended != 1 {
		t.Errorf("%d of 20 were appended", appended)
	}
	if h, err := s.Head(ctx); err != nil || h.Size != 1 || h.Read != 1 || h.Changed != 0 {
		t.Errorf("%+v %v", h, err)
	}
	wantJournal(t, s, 0)
	// What comes then has later positions.
	add(t, s, person(2))
	if h, err := s.Head(ctx); err != nil || h.Changed != 2 {
		t.Errorf("%+v %v", h, err)
	}
}

// Whoever withdraws while a publication may be reading is told the version after
// it.
func absentFrom(t T, s *store.Store) {
	for i := range 4 {
		add(t, s, person(i))
	}
	absent := func(i int, want uint64) {
		if got, err := s.Withdraw(ctx, person(i).Credential, now); err != nil || got.Absent != want {
			t.Errorf("absent from %d %v, want %d", got.Absent, err, want)
		}
	}
	absent(0, 1)
	reading(t, s, 1)
	absent(1, 2)
	must(t, s.Append(ctx, leaf(t, s, 0)))
	absent(2, 2)
	reading(t, s, 2)
	absent(3, 3)
}

// reading says that a publication reads.
func reading(t T, s *store.Store, version int64) store.Moment {
	m, err := s.Reading(ctx, version)
	must(t, err)
	return m
}

// A moment stays what it was while more comes, however many pages are read of
// it; and where another state is published or an epoch begins it is told.
func moments(t T, s *store.Store) {
	const n = 6000
	must(t, Seed(s, n, now))
	then, _ := people(t, s)
	m := reading(t, s, 1)
	if m.Epoch != 1 || m.Size != 0 || m.Read != n {
		t.Errorf("%+v", m)
	}
	before, err := s.Changes(ctx, m, 0)
	if err != nil || len(before) != n {
		t.Errorf("%d changes, %v", len(before), err)
	}
	pages := s.People(m, m.Read)
	got, err := pages.Next(ctx)
	must(t, err)
	// Before the first page's end and behind it: who is there gets another record,
	// goes, or comes; and who changed twice was as at first.
	for _, sql := range []string{
		"UPDATE accounts SET record = randomblob(64) WHERE tag < x'40' OR tag > x'c0'",
		"UPDATE accounts SET record = randomblob(64) WHERE tag > x'f0'",
		"DELETE FROM accounts WHERE tag BETWEEN x'30' AND x'50' OR tag BETWEEN x'd0' AND x'e0'",
	} {
		_, err := s.Write.ExecContext(ctx, sql)
		must(t, err)
	}
	must(t, Seed(s, 500, now))
	for {
		page, err := pages.Next(ctx)
		must(t, err)
		if len(page) == 0 {
			break
		}
		got = append(got, page...)
	}
	if !slices.Equal(got, then) {
		t.Errorf("page by page there are %d people, and others", len(got))
	}
	if again := everybodyAt(t, s, m, m.Read); !slices.Equal(again, then) {
		t.Errorf("read again there are %d people, and others", len(again))
	}
	after1, err := s.Changes(ctx, m, 0)
	if err != nil || len(after1) != n {
		t.Errorf("%d changes, %v", len(after1), err)
	}
	for i := range after1 {
		if !slices.Equal(before[i].Now, after1[i].Now) || len(after1[i].Before) != 0 {
			t.Errorf("change %d is another", i)
			break
		}
	}
	l := leaf(t, s, 0)
	l.Read = m.Read
	must(t, s.Append(ctx, l))
	_, err = s.Changes(ctx, m, 0)
	wantErr(t, err, store.ErrTaken)
	_, err = s.People(m, m.Read).Next(ctx)
	wantErr(t, err, store.ErrTaken)
	m = reading(t, s, 2)
	// What the moment before lacked is what has changed since.
	late, err := s.Changes(ctx, m, n)
	must(t, err)
	all, _ := people(t, s)
	if got, err := after(then, journaled{m, late}); err != nil || !slices.Equal(got, all) {
		t.Errorf("the changes since lead to %d people of %d, %v", len(got), len(all), err)
	}
	must(t, s.StartEpoch(ctx, 1, now, []byte{2}))
	_, err = s.Changes(ctx, m, n)
	wantErr(t, err, store.ErrEpoch)
	_, err = s.People(m, m.Read).Next(ctx)
	wantErr(t, err, store.ErrEpoch)
}

// What has had its time goes, and nothing else.
func purge(t T, s *store.Store) {
	a, b := person(1), person(2)
	add(t, s, a)
	b.Seen += 86400
	add(t, s, b)
	old := begin(t, s, 3)
	gone := func(at, registrations, counts, accounts int64) {
		if _, err := s.Purge(ctx, at); err != nil {
			t.Errorf("purge: %v", err)
		}
		wantCount(t, s, "registrations", registrations)
		wantCount(t, s, "counts", counts)
		wantCount(t, s, "accounts", accounts)
	}
	gone(old.Expires-1, 1, 12, 2)
	gone(old.Expires, 0, 12, 2)
	gone(now+3599, 0, 12, 2)
	gone(now+3600, 0, 3, 2)
	gone(now+86400, 0, 0, 2)
	gone(a.Seen+store.Lapse-1, 0, 0, 2)
	gone(a.Seen+store.Lapse, 0, 0, 1)
	wantGone(t, s, a)
	wantAccount(t, s, b)
	wantJournal(t, s, 3)
}

// In a new epoch nobody is published, and people are known for 30 days.
func epoch(t T, s *store.Store) {
	a, b := person(1), person(2)
	add(t, s, a)
	add(t, s, b)
	wantErr(t, s.StartEpoch(ctx, 7, now, []byte{2}), store.ErrEpoch)
	started := atOnce(8, func(int) bool {
		err := s.StartEpoch(ctx, 1, now+5, []byte{2})
		if err != nil {
			wantErr(t, err, store.ErrEpoch)
		}
		return err == nil
	})
	if started != 1 {
		t.Errorf("%d epochs began at once", started)
	}
	h, err := s.Head(ctx)
	if want := (store.Head{Epoch: 2, Began: now + 5}); err != nil || h != want {
		t.Errorf("%+v %v, want %+v", h, err, want)
	}
	if all, j := people(t, s); len(all) != 0 || j.Epoch != 2 {
		t.Errorf("%d people in epoch %d", len(all), j.Epoch)
	}
	wantAccount(t, s, a)
	_, err = s.Charge(ctx, a.Credential, 1, fifty, now)
	wantErr(t, err, store.ErrBudget)
	again, err := s.PutRecord(ctx, a.Credential, a.Record, many, now)
	wantErr(t, err, store.ErrLimit)
	if again != 0 {
		t.Errorf("again at %d", again)
	}
	_, err = s.Withdraw(ctx, b.Credential, now)
	must(t, err)
	wantJournal(t, s, 0)
	_, err = s.Purge(ctx, now+5+store.Overlap-1)
	must(t, err)
	wantAccount(t, s, a)
	wantCount(t, s, "epochs", 2)
	_, err = s.Purge(ctx, now+5+store.Overlap)
	must(t, err)
	wantGone(t, s, a)
	wantCount(t, s, "epochs", 1)
	wantJournal(t, s, 0)
}

// However soon one epoch follows another, a key goes 30 days after the next
// began.
func epochs(t T, s *store.Store) {
	a := person(1)
	add(t, s, a)
	for i := range uint32(4) {
		must(t, s.StartEpoch(ctx, 1+i, now+20*86400*int64(i+1), []byte{2}))
	}
	for _, c := range []struct{ days, keys, accounts int64 }{{49, 5, 1}, {50, 4, 0}, {69, 4, 0}, {70, 3, 0}, {200, 1, 0}} {
		_, err := s.Purge(ctx, now+c.days*86400)
		must(t, err)
		wantCount(t, s, "epochs", c.keys)
		wantCount(t, s, "accounts", c.accounts)
	}
}

// An account moves to the next epoch, and is there once; its budget goes with
// it, whatever way it came.
func move(t T, s *store.Store) {
	a, b, c := person(1), person(2), person(3)
	for _, p := range []store.Account{a, b, c} {
		add(t, s, p)
		wantCharge(t, s, p, 20, now, 30)
	}
	must(t, s.StartEpoch(ctx, 1, now, []byte{2}))
	next := func(p store.Account, n int) store.Account {
		p.ID, p.Epoch, p.Credential, p.Tag = bytes16('j', n), 2, bytes32('d', n), [5]byte{byte(n)}
		return p
	}
	// With its credential.
	a2 := next(a, 1)
	got, err := s.Register(ctx, a2, store.Entry{Former: &a.ID, Credential: &a.Credential, Wait: 100})
	if a2.Used = 20 * 86400; err != nil || got != a2 {
		t.Errorf("%+v %v, want %+v", got, err, a2)
	}
	wantGone(t, s, a)
	_, err = s.Register(ctx, next(a, 9), store.Entry{Former: &a.ID, Credential: &a.Credential, Wait: 100})
	must(t, err) // it is gone, so this is as if it never was; callers authorize first
	// With a code: the account of the epoch before has an owner too.
	b2, r := next(b, 2), begin(t, s, 20)
	_, err = s.Register(ctx, b2, store.Entry{Registration: &r.ID, Former: &b.ID, Wait: 100})
	wantErr(t, err, store.ErrBarred)
	renewal, err := s.Renew(ctx, b2.ID, &b.ID, r.ID, 100, now)
	if err != nil || renewal.Ready != now+100 {
		t.Errorf("%+v %v", renewal, err)
	}
	b2.Registered = now + 100
	got, err = s.Register(ctx, b2, store.Entry{Registration: &r.ID, Former: &b.ID, Wait: 100})
	if b2.Used = 20 * 86400; err != nil || got != b2 {
		t.Errorf("%+v %v, want %+v", got, err, b2)
	}
	wantGone(t, s, b)
	// Withdrawn in the epoch before, with a code of this one.
	r = begin(t, s, 21)
	_, err = s.WithdrawNumber(ctx, r.ID, bytes16('j', 3), &c.ID, 100, now)
	must(t, err)
	wantGone(t, s, c)
	c2, r := next(c, 3), begin(t, s, 22)
	_, err = s.Register(ctx, c2, store.Entry{Registration: &r.ID, Former: &c.ID, Wait: 100})
	wantErr(t, err, store.ErrBarred)
	c2.Registered = now + 100
	got, err = s.Register(ctx, c2, store.Entry{Registration: &r.ID, Former: &c.ID, Wait: 100})
	if c2.Used = 20 * 86400; err != nil || got != c2 {
		t.Errorf("%+v %v, want %+v", got, err, c2)
	}
	if all, _ := people(t, s); len(all) != 4 {
		t.Errorf("%d people", len(all))
	}
	wantCount(t, s, "accounts WHERE epoch = 1", 0)
}

// Numbers beyond what a float32 or an int32 holds come back as they went in.
func greatNumbers(t T, s *store.Store) {
	const great = 1<<53 - 3
	reading(t, s, great)
	a := person(1)
	a.Registered = 1 << 40
	add(t, s, a)
	a.UsedAt = a.Registered
	wantAccount(t, s, a)
	budget := directory.Budget{Size: 1<<36 - 1, PerDay: 1 << 30}
	got, err := s.Charge(ctx, a.Credential, 1<<35, budget, now)
	if err != nil || got.Used != (1<<35)*86400 || budget.Available(got.Used, got.UsedAt, now) != 1<<35-1 {
		t.Errorf("%+v %v", got, err)
	}
	if got, err := s.Withdraw(ctx, a.Credential, now); err != nil || got.Absent != great+1 {
		t.Errorf("absent from %d %v", got.Absent, err)
	}
}

// A directory goes over to another seed: keys are kept anew once, whoever is first,
// and the verifier key is another only where it was the one before.
func anotherSeed(t T, s *store.Store) {
	_, err := s.Claim(ctx, "one", 200)
	must(t, err)
	must(t, s.ResealEpoch(ctx, 1, []byte{1}, []byte{2, 2}))
	must(t, s.ResealEpoch(ctx, 1, []byte{1}, []byte{3, 3}))
	must(t, s.ResealEpoch(ctx, 7, []byte{1}, []byte{3, 3}))
	if key, err := s.EpochKey(ctx, 1); err != nil || string(key) != "\x02\x02" {
		t.Errorf("key %x, %v", key, err)
	}
	for _, c := range []struct{ from, want string }{{"other", "one"}, {"one", "two"}, {"one", "two"}} {
		if key, err := s.Reclaim(ctx, c.from, "two"); err != nil || key != c.want {
			t.Errorf("from %s: %s, %v", c.from, key, err)
		}
	}
}
