package storecases

import (
	"sealbook/wasm/edge/store"
)

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
