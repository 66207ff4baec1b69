//go:build ignore

package storecases

import (
	"sealbook/wasm/edge/store"
)

func state(t T, s *store.Store) {
	st, err := s.State(ctx)
	if want := (store.State{Epoch: 1, Version: 1}); err != nil || st != want {
		t.Errorf("%+v %v, want %+v", st, err, want)
	}
	for _, key := range []string{"first", "second"} {
		if stands, err := s.Claim(ctx, key); err != nil || stands != "first" {
			t.Errorf("claim: %q %v", stands, err)
		}
	}
	if st, err := s.State(ctx); err != nil || st.Key != "first" {
		t.Errorf("%+v %v", st, err)
	}
}

// The limits hold in any hour, not only in each one by the clock, and a refused
// send counts nowhere.
func sends(t T, s *store.Store) {
	limits := store.SendLimits{Number: 3, Address: 5}
	n := 0
	send := func(number, address int, at int64, want bool, again int64) {
		n++
		r := registration(n)
		r.Number, r.Sent, r.Expires = bytes32('n', number), at, at+600
		ok, when, err := s.Begin(ctx, r, bytes32('a', address), limits)
		if err != nil || ok != want || when != again {
			t.Errorf("send %d at +%d: %v, again +%d, %v; want %v, +%d", n, at-now, ok, when-now, err, want, again-now)
		}
	}
	send(1, 1, now, true, 0)
	send(1, 1, now+1800, true, 0)
	send(1, 1, now+3000, true, 0)
	send(1, 2, now+3001, false, now+3600)
	send(1, 2, now+3599, false, now+3600)
	send(1, 1, now+3600, true, 0) // the first is an hour ago
	send(1, 2, now+3601, false, now+1800+3600)
	send(2, 1, now+3601, true, 0)         // another number; the address has 4 of this hour
	send(3, 1, now+3602, true, 0)         // 5
	send(4, 1, now+3603, false, now+5400) // 6
	send(4, 2, now+3604, true, 0)         // another address
	wantCount(t, s, "registrations", 7)
	wantCount(t, s, "sends", 14)
	wantCount(t, s, "registrations WHERE address IS NOT NULL", 0)
}

func sendsAtOnce(t T, s *store.Store) {
	limits := store.SendLimits{Number: 3, Address: 1000}
	sent := atOnce(20, func(i int) bool {
		r := registration(i)
		r.Number = bytes32('n', 0)
		ok, _, err := s.Begin(ctx, r, bytes32('a', 0), limits)
		if err != nil {
			t.Errorf("begin: %v", err)
		}
		return ok
	})
	if sent != 3 {
		t.Errorf("%d of 20 sends at once passed a limit of 3", sent)
	}
}

func tries(t T, s *store.Store) {
	r := begin(t, s, 1)
	for left := int64(4); left >= 0; left-- {
		got, err := s.Try(ctx, r.ID, now)
		want := r
		want.Tries = left
		if err != nil || got != want {
			t.Errorf("try: %+v %v, want %+v", got, err, want)
		}
	}
	pending := func(id [16]byte, want bool) {
		if got, err := s.Pending(ctx, id); err != nil || got != want {
			t.Errorf("pending: %v %v, want %v", got, err, want)
		}
	}
	_, err := s.Try(ctx, r.ID, now)
	wantErr(t, err, store.ErrNone)
	pending(r.ID, true)

	_, err = s.Try(ctx, bytes16('r', 99), now)
	wantErr(t, err, store.ErrNone)
	pending(bytes16('r', 99), false)

	late := begin(t, s, 2)
	if _, err := s.Try(ctx, late.ID, late.Expires-1); err != nil {
		t.Errorf("in its last second: %v", err)
	}
	_, err = s.Try(ctx, late.ID, late.Expires)
	wantErr(t, err, store.ErrNone)
	pending(late.ID, true)

	if err := s.Abandon(ctx, late.ID); err != nil {
		t.Errorf("abandon: %v", err)
	}
	pending(late.ID, false)
	wantCount(t, s, "sends", 4)
}

func triesAtOnce(t T, s *store.Store) {
	r := begin(t, s, 1)
	got := atOnce(40, func(int) bool {
		_, err := s.Try(ctx, r.ID, now)
		if err != nil {
			wantErr(t, err, store.ErrNone)
		}
		return err == nil
	})
	if got != 5 {
		t.Errorf("%d tries of 5", got)
	}
}
