package storecases

import (
	"errors"
	"reflect"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
)

func wantAccount(t T, s *store.Store, want store.Account) {
	got, err := s.Account(ctx, want.Credential)
	if err != nil || got != want {
		t.Errorf("account %+v %v, want %+v", got, err, want)
	}
}

func wantGone(t T, s *store.Store, a store.Account) {
	_, err := s.Account(ctx, a.Credential)
	wantErr(t, err, store.ErrNone)
}

func register(t T, s *store.Store) {
	a, r := person(1), begin(t, s, 1)
	other := bytes16('r', 2)
	_, err := s.Register(ctx, a, store.Entry{Registration: &other}) // no such registration
	wantErr(t, err, store.ErrNone)
	wantCount(t, s, "accounts", 0)
	wantCount(t, s, "registrations", 1)

	got, err := s.Register(ctx, a, store.Entry{Registration: &r.ID})
	if err != nil || got != a {
		t.Fatalf("register: %+v %v, want %+v", got, err, a)
	}
	wantAccount(t, s, a)
	wantCount(t, s, "registrations", 0)
	wantCount(t, s, "accounts WHERE registration IS NOT NULL OR moved IS NOT NULL", 0)

	again := a
	again.Credential = bytes32('c', 2)
	_, err = s.Register(ctx, again, store.Entry{Registration: &r.ID}) // spent
	wantErr(t, err, store.ErrNone)
	wantAccount(t, s, a)
	_, err = s.Account(ctx, bytes32('c', 3))
	wantErr(t, err, store.ErrNone)

	late, r := person(4), begin(t, s, 4)
	late.Epoch = 2
	_, err = s.Register(ctx, late, store.Entry{Registration: &r.ID}) // not the epoch
	wantErr(t, err, store.ErrNone)
	wantCount(t, s, "registrations", 1)
}

func registerAtOnce(t T, s *store.Store) {
	r := begin(t, s, 1)
	made := atOnce(20, func(i int) bool {
		a := person(1)
		a.Credential = bytes32('c', i)
		_, err := s.Register(ctx, a, store.Entry{Registration: &r.ID, Wait: 100})
		if err != nil && !errors.Is(err, store.ErrNone) {
			wantErr(t, err, store.ErrBarred)
		}
		return err == nil
	})
	if made != 1 {
		t.Errorf("%d accounts were made with one registration", made)
	}
	wantCount(t, s, "accounts", 1)
}

// A renewed account has another credential and what was used of its budget: a
// code buys no second one. With the credential the record stays.
func renewWith(t T, s *store.Store) {
	a := person(1)
	add(t, s, a)
	if _, err := s.Charge(ctx, a.Credential, 7, fifty, now); err != nil {
		t.Fatalf("charge: %v", err)
	}
	b := person(2)
	b.ID, b.Tag, b.Registered, b.Search = a.ID, a.Tag, now+5, false
	r := begin(t, s, 2)
	if _, err := s.Register(ctx, b, store.Entry{Registration: &r.ID, Credential: &a.Credential, Wait: 100}); err != nil {
		t.Fatalf("renew: %v", err)
	}
	wantGone(t, s, a)
	b.Used, b.Record = 7*86400, a.Record
	wantAccount(t, s, b)
	wantCount(t, s, "accounts", 1)
	wantCount(t, s, "registrations", 0)
}

// Without it somebody waits; then the record is another.
func renewWithout(t T, s *store.Store) {
	a := person(1)
	add(t, s, a)
	r := begin(t, s, 2)
	b := person(2)
	b.ID, b.Tag = a.ID, a.Tag
	stranger := bytes32('c', 9)
	take := func(at int64, credential *[32]byte) error {
		b.Registered = at
		_, err := s.Register(ctx, b, store.Entry{Registration: &r.ID, Credential: credential, Wait: 100})
		return err
	}
	wantErr(t, take(now, nil), store.ErrBarred)
	wantErr(t, take(now, &stranger), store.ErrBarred)
	for i := range int64(3) { // asking again changes nothing
		got, err := s.Renew(ctx, a.ID, nil, r.ID, 100, now+i)
		if want := (store.Renewal{Ready: now + 100}); err != nil || got != want {
			t.Errorf("%+v %v, want %+v", got, err, want)
		}
	}
	a.Ready = now + 100
	wantAccount(t, s, a)
	wantErr(t, take(now+99, nil), store.ErrBarred)
	wantCount(t, s, "registrations", 1)
	must(t, take(now+100, nil))
	wantGone(t, s, a)
	wantAccount(t, s, b)
	wantCount(t, s, "registrations", 0)
	// With no wait it comes at once.
	r = begin(t, s, 3)
	c := person(3)
	c.ID, c.Tag = a.ID, a.Tag
	_, err := s.Register(ctx, c, store.Entry{Registration: &r.ID})
	must(t, err)
	wantAccount(t, s, c)
}

// A renewal that nobody takes is forgotten after two weeks.
func renewalsEnd(t T, s *store.Store) {
	a := person(1)
	add(t, s, a)
	r := begin(t, s, 2)
	_, err := s.Renew(ctx, a.ID, nil, r.ID, 100, now)
	must(t, err)
	end := now + 100 + store.Claimable
	if _, err := s.Try(ctx, r.ID, end-1); err != nil {
		t.Errorf("the code, in the last second: %v", err)
	}
	b := person(2)
	b.ID, b.Tag, b.Registered = a.ID, a.Tag, end
	r = begin(t, s, 3)
	_, err = s.Register(ctx, b, store.Entry{Registration: &r.ID, Wait: 100})
	wantErr(t, err, store.ErrBarred)
	wantErr(t, s.Refuse(ctx, a.Credential, end), store.ErrNone)
	got, err := s.Renew(ctx, a.ID, nil, r.ID, 100, end)
	if want := (store.Renewal{Ready: end + 100}); err != nil || got != want {
		t.Errorf("%+v %v, want %+v", got, err, want)
	}
}

func refuse(t T, s *store.Store) {
	a := person(1)
	add(t, s, a)
	wantErr(t, s.Refuse(ctx, a.Credential, now), store.ErrNone)
	wantErr(t, s.Refuse(ctx, bytes32('c', 9), now), store.ErrNone)
	r := begin(t, s, 2)
	_, err := s.Renew(ctx, a.ID, nil, r.ID, 100, now)
	must(t, err)
	refused := atOnce(10, func(int) bool {
		err := s.Refuse(ctx, a.Credential, now)
		if err != nil {
			wantErr(t, err, store.ErrLimit)
		}
		return err == nil
	})
	if refused != 1 {
		t.Errorf("refused %d times at once", refused)
	}
	got, err := s.Renew(ctx, a.ID, nil, r.ID, 100, now+50)
	if want := (store.Renewal{Ready: now + 100 + store.Refusal, Refused: true}); err != nil || got != want {
		t.Errorf("%+v %v, want %+v", got, err, want)
	}
}

// One that is ready and was not taken is delayed from now on, not from then.
func refuseLate(t T, s *store.Store) {
	a := person(1)
	add(t, s, a)
	r := begin(t, s, 2)
	_, err := s.Renew(ctx, a.ID, nil, r.ID, 100, now)
	must(t, err)
	late := now + store.Refusal + 1000
	must(t, s.Refuse(ctx, a.Credential, late))
	a.Ready, a.Refused = late+store.Refusal, true
	wantAccount(t, s, a)
}

const many = int64(1000)

func records(t T, s *store.Store) {
	a, b := person(1), person(2)
	add(t, s, a)
	add(t, s, b)
	a.Record[5]++
	if _, err := s.PutRecord(ctx, a.Credential, a.Record, many, now); err != nil {
		t.Errorf("record: %v", err)
	}
	wantAccount(t, s, a)
	wantAccount(t, s, b)
	_, err := s.PutRecord(ctx, bytes32('c', 3), a.Record, many, now)
	wantErr(t, err, store.ErrNone)
	wantCount(t, s, "accounts WHERE put IS NOT NULL", 0)
	again, err := s.PutRecord(ctx, a.Credential, a.Record, 1, now+5)
	wantErr(t, err, store.ErrLimit)
	if again != now+86400 {
		t.Errorf("again at +%d", again-now)
	}
	_, err = s.PutRecord(ctx, a.Credential, a.Record, 1, now+86400)
	must(t, err)
}

func recordsAtOnce(t T, s *store.Store) {
	a := person(1)
	add(t, s, a)
	put := atOnce(40, func(i int) bool {
		_, err := s.PutRecord(ctx, a.Credential, [64]byte{byte(i)}, 24, now)
		if err != nil {
			wantErr(t, err, store.ErrLimit)
		}
		return err == nil
	})
	if put != 24 {
		t.Errorf("%d of 40 records passed a limit of 24", put)
	}
}

// What is counted of an account is told, and goes with it, whatever its id looks
// like as a text.
func tallies(t T, s *store.Store) {
	a, b := person(1), person(2)
	a.ID = [16]byte{0, 0xff, 0, 'm', 'o', 'v', 'e', 0x80}
	add(t, s, a)
	add(t, s, b)
	before := count(t, s, "counts")
	want := func(a store.Account, at int64, records, moves store.Tally) {
		gotRecords, gotMoves, err := s.Tallies(ctx, a.ID, at)
		if err != nil || !reflect.DeepEqual(gotRecords, records) || !reflect.DeepEqual(gotMoves, moves) {
			t.Errorf("at +%d: records %v, moves %v %v, want %v, %v", at-now, gotRecords, gotMoves, err, records, moves)
		}
	}
	none := store.Tally{}
	want(a, now, none, none)
	for _, at := range []int64{now, now + 10} {
		_, err := s.PutRecord(ctx, a.Credential, a.Record, many, at)
		must(t, err)
	}
	_, err := s.PutRecord(ctx, b.Credential, b.Record, many, now)
	must(t, err)
	for _, p := range []store.Account{a, b} {
		_, err := s.CountMove(ctx, p.ID, 1, now+20)
		must(t, err)
	}
	again, err := s.CountMove(ctx, a.ID, 1, now+30)
	if wantErr(t, err, store.ErrLimit); again != now+20+86400 {
		t.Errorf("again at +%d", again-now)
	}
	moves := store.Tally{At: []int64{now + 20}, Until: now + 20 + 86400}
	want(a, now+30, store.Tally{At: []int64{now, now + 10}, Until: now + 10 + 86400}, moves)
	want(a, now+86400, store.Tally{At: []int64{now + 10}, Until: now + 10 + 86400}, moves)
	want(a, now+20+86400, none, none)
	want(b, now+30, store.Tally{At: []int64{now}, Until: now + 86400}, moves)
	must(t, s.Erase(ctx, a.ID))
	want(a, now+30, none, none)
	wantCount(t, s, "counts", before+2)
	_, err = s.Withdraw(ctx, b.Credential, now+30)
	must(t, err)
	wantCount(t, s, "counts", before)
}

func withdraw(t T, s *store.Store) {
	a, b := person(1), person(2)
	add(t, s, a)
	add(t, s, b)
	_, err := s.PutRecord(ctx, a.Credential, a.Record, many, now)
	must(t, err)
	left := count(t, s, "counts")
	got, err := s.Withdraw(ctx, a.Credential, now)
	if err != nil || got.Account != a || got.Absent != 1 {
		t.Errorf("withdraw: %+v %v", got, err)
	}
	_, err = s.Withdraw(ctx, a.Credential, now)
	wantErr(t, err, store.ErrNone)
	wantGone(t, s, a)
	wantAccount(t, s, b)
	wantCount(t, s, "accounts", 1)
	wantCount(t, s, "withdrawn", 0) // the budget was full
	wantCount(t, s, "counts", left-1)
}

// Whoever has the codes alone unpublishes at once, and has no account for it.
func withdrawNumber(t T, s *store.Store) {
	a := person(1)
	add(t, s, a)
	r := begin(t, s, 2)
	_, err := s.WithdrawNumber(ctx, bytes16('r', 99), a.ID, nil, 100, now)
	wantErr(t, err, store.ErrNone)
	wantAccount(t, s, a)
	_, err = s.WithdrawNumber(ctx, r.ID, bytes16('i', 9), nil, 100, now)
	wantErr(t, err, store.ErrNone)
	got, err := s.WithdrawNumber(ctx, r.ID, a.ID, nil, 100, now)
	if err != nil || got.ID != a.ID || got.Absent != 1 {
		t.Errorf("withdraw: %+v %v", got, err)
	}
	wantGone(t, s, a)
	wantCount(t, s, "registrations", 0)
	r = begin(t, s, 3)
	a.Registered = now + 99
	_, err = s.Register(ctx, a, store.Entry{Registration: &r.ID, Wait: 100})
	wantErr(t, err, store.ErrBarred)
	renewal, err := s.Renew(ctx, a.ID, nil, r.ID, 100, now+99)
	if want := (store.Renewal{Ready: now + 100}); err != nil || renewal != want {
		t.Errorf("%+v %v, want %+v", renewal, err, want)
	}
	a.Registered = now + 100
	_, err = s.Register(ctx, a, store.Entry{Registration: &r.ID, Wait: 100})
	must(t, err)
	wantCount(t, s, "withdrawn", 0)
}

// A budget belongs to the number: what was used of it is kept until it is full
// again, and a new account goes on from there.
func budgetKept(t T, s *store.Store) {
	_, err := s.Claim(ctx, "key", fifty.PerDay)
	must(t, err)
	a := person(1)
	add(t, s, a)
	wantCharge(t, s, a, 20, now, 30)
	_, err = s.Withdraw(ctx, a.Credential, now+10)
	must(t, err)
	wantCount(t, s, "withdrawn", 1)
	// Full again after two days.
	n, err := s.Purge(ctx, now+2*86400-1)
	if err != nil || n == 0 {
		t.Errorf("%d %v", n, err)
	}
	wantCount(t, s, "withdrawn", 1)
	b := a
	b.Registered = now + 86400
	r := begin(t, s, 2)
	got, err := s.Register(ctx, b, store.Entry{Registration: &r.ID, Wait: 100})
	if err != nil || fifty.Available(got.Used, got.UsedAt, now+86400) != 40 {
		t.Errorf("after a day %d of 50, %v; want 40", fifty.Available(got.Used, got.UsedAt, now+86400), err)
	}
	wantCount(t, s, "withdrawn", 0)
	wantCharge(t, s, b, 41, now+86400, -1)
	wantCharge(t, s, b, 40, now+86400, 0)
	_, err = s.Withdraw(ctx, b.Credential, now+86400)
	must(t, err)
	_, err = s.Purge(ctx, now+6*86400)
	must(t, err)
	wantCount(t, s, "withdrawn", 0)
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
