//go:build ignore

package storecases

import (
	"errors"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
)

func wantAccount(t T, s *store.Store, want store.Account) {
	got, err := s.Account(ctx, want.Credential)
	want.UsedAt = got.UsedAt
	if err != nil || got != want {
		t.Errorf("account %+v %v, want %+v", got, err, want)
	}
}

func register(t T, s *store.Store) {
	a, r := person(1), begin(t, s, 1)
	wantErr(t, s.Register(ctx, a, bytes16('r', 2)), store.ErrNone) // no such registration
	wantCount(t, s, "accounts", 0)
	wantCount(t, s, "registrations", 1)

	if err := s.Register(ctx, a, r.ID); err != nil {
		t.Fatalf("register: %v", err)
	}
	wantAccount(t, s, a)
	wantCount(t, s, "registrations", 0)
	wantCount(t, s, "accounts WHERE registration IS NOT NULL", 0)

	again := a
	again.Credential = bytes32('c', 2)
	wantErr(t, s.Register(ctx, again, r.ID), store.ErrNone) // spent
	wantAccount(t, s, a)

	_, err := s.Account(ctx, bytes32('c', 3))
	wantErr(t, err, store.ErrNone)

	other, r := person(4), begin(t, s, 4)
	other.Epoch = 2
	wantErr(t, s.Register(ctx, other, r.ID), store.ErrNone) // not the epoch
	wantCount(t, s, "registrations", 1)
}

func registerAtOnce(t T, s *store.Store) {
	r := begin(t, s, 1)
	made := atOnce(20, func(i int) bool {
		a := person(1)
		a.Credential = bytes32('c', i)
		err := s.Register(ctx, a, r.ID)
		if err != nil {
			wantErr(t, err, store.ErrNone)
		}
		return err == nil
	})
	if made != 1 {
		t.Errorf("%d accounts were made with one registration", made)
	}
	wantCount(t, s, "accounts", 1)
}

// A renewed account has another credential and record and what was used of its
// budget: a code buys no second one.
func renew(t T, s *store.Store) {
	a := person(1)
	add(t, s, a)
	if _, err := s.Charge(ctx, a.Credential, 7, fifty, now); err != nil {
		t.Fatalf("charge: %v", err)
	}
	b := person(2)
	b.ID, b.Tag, b.Registered, b.Search = a.ID, a.Tag, now+5, false
	r := begin(t, s, 2)
	if err := s.Register(ctx, b, r.ID); err != nil {
		t.Fatalf("renew: %v", err)
	}
	_, err := s.Account(ctx, a.Credential)
	wantErr(t, err, store.ErrNone)
	b.Used = 7 * 86400
	wantAccount(t, s, b)
	wantCount(t, s, "accounts", 1)
	wantCount(t, s, "registrations", 0)
}

func record(t T, s *store.Store) {
	a, b := person(1), person(2)
	add(t, s, a)
	add(t, s, b)
	a.Record[5]++
	if err := s.PutRecord(ctx, a.Credential, a.Record); err != nil {
		t.Errorf("record: %v", err)
	}
	wantAccount(t, s, a)
	wantAccount(t, s, b)
	wantErr(t, s.PutRecord(ctx, bytes32('c', 3), a.Record), store.ErrNone)
}

func withdraw(t T, s *store.Store) {
	a, b := person(1), person(2)
	add(t, s, a)
	add(t, s, b)
	got, err := s.Withdraw(ctx, a.Credential)
	got.UsedAt = 0
	if err != nil || got != a {
		t.Errorf("withdraw: %+v %v", got, err)
	}
	_, err = s.Withdraw(ctx, a.Credential)
	wantErr(t, err, store.ErrNone)
	_, err = s.Account(ctx, a.Credential)
	wantErr(t, err, store.ErrNone)
	wantAccount(t, s, b)
	wantCount(t, s, "accounts", 1)
}

var fifty = directory.Budget{Size: 50, PerDay: 10}

// wantCharge charges and checks what is left; left < 0 means refused.
func wantCharge(t T, s *store.Store, a store.Account, n, at, left int64) {
	got, err := s.Charge(ctx, a.Credential, n, fifty, at)
	if left < 0 {
		wantErr(t, err, store.ErrBudget)
	} else if err != nil || fifty.Available(got.Used, got.UsedAt, at) != left {
		t.Errorf("charge %d at +%d: %d left, %v; want %d", n, at-now, fifty.Available(got.Used, got.UsedAt, at), err, left)
	}
}

func budget(t T, s *store.Store) {
	a := person(1)
	add(t, s, a)
	wantCharge(t, s, a, 20, now, 30)
	wantCharge(t, s, a, 30, now, 0)
	wantCharge(t, s, a, 1, now, -1)
	// One comes back after 8640 s, not a second earlier.
	wantCharge(t, s, a, 1, now+8639, -1)
	wantCharge(t, s, a, 1, now+8640, 0)
	// Of 10 days at most 50.
	wantCharge(t, s, a, 51, now+10*86400, -1)
	wantCharge(t, s, a, 50, now+10*86400, 0)

	got, err := s.Account(ctx, a.Credential)
	if err != nil {
		t.Fatalf("account: %v", err)
	}
	at := now + 10*86400
	if used, wait := fifty.Size-fifty.Available(got.Used, got.UsedAt, at), fifty.Wait(got.Used, got.UsedAt, at, 3); used != 50 || wait != 3*8640 {
		t.Errorf("used %d, 3 more in %d s", used, wait)
	}
	if _, err := s.Charge(ctx, bytes32('c', 2), 1, fifty, now); !errors.Is(err, store.ErrNone) {
		t.Errorf("unknown account: %v", err)
	}
	quiet := person(3)
	quiet.Search = false
	add(t, s, quiet)
	wantCharge(t, s, quiet, 1, now, -1)

	// An operator who lowers the budget makes it spent, not overspent: the wait
	// that is told is the wait there is.
	less := directory.Budget{Size: 8, PerDay: 1}
	got, err = s.Charge(ctx, a.Credential, 1, less, at)
	wantErr(t, err, store.ErrBudget)
	wait := less.Wait(got.Used, got.UsedAt, at, 1)
	if wait != 86400 {
		t.Errorf("of a lowered budget 1 is there in %d s", wait)
	}
	if _, err = s.Charge(ctx, a.Credential, 1, less, at+wait); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

func budgetAtOnce(t T, s *store.Store) {
	a := person(1)
	add(t, s, a)
	granted := atOnce(64, func(int) bool {
		_, err := s.Charge(ctx, a.Credential, 1, fifty, now)
		if err != nil {
			wantErr(t, err, store.ErrBudget)
		}
		return err == nil
	})
	if granted != 50 {
		t.Errorf("%d of 64 charges at once were granted from a budget of 50", granted)
	}
}

// A clock that jumps ahead refills; one that is set back refills nothing and
// takes nothing away.
func budgetAndClock(t T, s *store.Store) {
	a := person(1)
	add(t, s, a)
	wantCharge(t, s, a, 50, now, 0)
	wantCharge(t, s, a, 1, now-1_000_000, -1)
	wantCharge(t, s, a, 5, now+43200, 0)
	wantCharge(t, s, a, 1, now, -1) // back
	wantCharge(t, s, a, 1, now+43200+8640, 0)
}
