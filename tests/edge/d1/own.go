//go:build js && wasm

package main

import (
	"context"
	"strings"

	"sealbook/tests/edge/storecases"
	"sealbook/wasm/edge/store"
)

// own are cases about D1 itself: what package store rests on, and must do
// without.
var own = []storecases.Case{
	{Name: "no transactions", Run: transactions},
	{Name: "a statement is whole or not at all", Run: whole},
	{Name: "great integers are rounded", Run: rounded},
	{Name: "a hundred parameters", Run: parameters},
}

var ctx = context.Background()

func transactions(t storecases.T, s *store.Store) {
	if tx, err := s.Write.BeginTx(ctx, nil); err == nil {
		tx.Rollback()
		t.Errorf("D1 has transactions now; package store could use them")
	}
	if _, err := s.Write.ExecContext(ctx, "BEGIN"); err == nil {
		t.Errorf("D1 takes BEGIN now")
	}
}

// A trigger that fails takes everything back that its statement did.
func whole(t storecases.T, s *store.Store) {
	_, err := s.Write.ExecContext(ctx, `
		INSERT INTO registrations (id, number, code, tries, sent, expires)
		VALUES (x'01', x'02', x'03', 5, 1, 2)`)
	if err == nil || !strings.Contains(err.Error(), "NOT NULL") {
		t.Errorf("a send without an address: %v", err)
	}
	var n int64
	if err := s.Read.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM registrations) + (SELECT count(*) FROM counts)").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d rows of a statement that failed, %v", n, err)
	}
}

// From 2^53 on: the tables keep below.
func rounded(t storecases.T, s *store.Store) {
	const great = 1<<53 + 1
	var got int64
	if err := s.Read.QueryRowContext(ctx, "SELECT ?", int64(great)).Scan(&got); err != nil || got == great {
		t.Errorf("2^53+1 came back as %d, %v; the limit is gone", got, err)
	}
	if err := s.Read.QueryRowContext(ctx, "SELECT ?", int64(great-2)).Scan(&got); err != nil || got != great-2 {
		t.Errorf("2^53-1 came back as %d, %v", got, err)
	}
}

func parameters(t storecases.T, s *store.Store) {
	for n, want := range map[int]bool{100: true, 101: false} {
		args := make([]any, n)
		for i := range args {
			args[i] = int64(i)
		}
		var got int64
		err := s.Read.QueryRowContext(ctx, "SELECT count(*) FROM (VALUES (?)"+strings.Repeat(", (?)", n-1)+")", args...).Scan(&got)
		if (err == nil) != want || want && got != int64(n) {
			t.Errorf("%d parameters: %d, %v", n, got, err)
		}
	}
}
