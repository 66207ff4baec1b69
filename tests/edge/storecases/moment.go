package storecases

import (
	"slices"

	"sealbook/wasm/edge/store"
)

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
