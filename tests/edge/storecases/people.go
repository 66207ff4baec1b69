package storecases

import (
	"context"
	"database/sql"
	"slices"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
)

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
