package storecases

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/edge/store"
)

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
