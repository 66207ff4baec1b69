package storecases

import (
	"sealbook/wasm/edge/store"
)

func head(t T, s *store.Store) {
	h, err := s.Head(ctx)
	if want := (store.Head{Epoch: 1, Began: now}); err != nil || h != want {
		t.Errorf("%+v %v, want %+v", h, err, want)
	}
	for _, key := range []string{"first", "second"} {
		if stands, err := s.Claim(ctx, key, 100); err != nil || stands != "first" {
			t.Errorf("claim: %q %v", stands, err)
		}
	}
	if h, err := s.Head(ctx); err != nil || h.Key != "first" {
		t.Errorf("%+v %v", h, err)
	}
	if key, err := s.EpochKey(ctx, 1); err != nil || len(key) != 1 || key[0] != 1 {
		t.Errorf("key: %v %v", key, err)
	}
	_, err = s.EpochKey(ctx, 2)
	wantErr(t, err, store.ErrNone)
}

// The limits hold in any hour and day, not only in each one by the clock, and a
// refused send counts nowhere.
func sends(t T, s *store.Store) {
	n := 0
	do := func(limits store.SendLimits, number int, under store.Send, at, again int64) {
		n++
		r := registration(n)
		r.Number, r.Sent, r.Expires = bytes32('n', number), at, at+600
		when, err := s.Begin(ctx, r, under, limits)
		if again != 0 {
			wantErr(t, err, store.ErrLimit)
		} else if err != nil {
			t.Errorf("send %d: %v", n, err)
		}
		if when != again {
			t.Errorf("send %d at +%d: again +%d, want +%d", n, at-now, when-now, again-now)
		}
	}
	limits := wide
	limits.Number, limits.NumberDay, limits.Address = 3, 6, 5
	do(limits, 1, send(1), now, 0)
	do(limits, 1, send(1), now+1800, 0)
	do(limits, 1, send(1), now+3000, 0)
	do(limits, 1, send(2), now+3001, now+3600)
	do(limits, 1, send(2), now+3599, now+3600)
	do(limits, 1, send(1), now+3600, 0) // the first is an hour ago
	do(limits, 1, send(2), now+3601, now+1800+3600)
	do(limits, 2, send(1), now+3601, 0)          // another number; the address has 4 of this hour
	do(limits, 3, send(1), now+3602, 0)          // 5
	do(limits, 4, send(1), now+3603, now+5400)   // 6
	do(limits, 4, send(2), now+3604, 0)          // another address
	do(limits, 1, send(3), now+8000, 0)          // 5 of the day
	do(limits, 1, send(3), now+9000, 0)          // 6
	do(limits, 1, send(3), now+20000, now+86400) // an hour is free, the day is not
	do(limits, 1, send(3), now+86400, 0)
	wantCount(t, s, "registrations", 10)
	wantCount(t, s, "counts", 40)
	wantCount(t, s, "registrations WHERE address IS NOT NULL OR network IS NOT NULL OR calling IS NOT NULL OR total IS NOT NULL", 0)

	// Around many addresses there is a network; around all there are others.
	at := now + 200_000
	network := func(address, network, calling int) store.Send {
		k := bytes32('w', network)
		return store.Send{Address: bytes32('a', address), Network: &k, Calling: bytes32('g', calling), Total: bytes32('t', 0)}
	}
	limits = wide
	limits.Network, limits.Calling, limits.Total = 2, 3, 4
	do(limits, 10, network(10, 1, 1), at, 0)
	do(limits, 11, network(11, 1, 1), at, 0)
	do(limits, 12, network(12, 1, 2), at, at+3600)
	do(limits, 12, network(12, 2, 1), at, 0)
	do(limits, 13, network(13, 3, 1), at, at+3600)
	do(limits, 13, network(13, 3, 2), at, 0)
	do(limits, 14, network(14, 4, 3), at, at+3600)
	do(limits, 14, network(14, 4, 3), at+3600, 0)
}

// Each limit holds however many come at once.
func sendsAtOnce(t T, s *store.Store) {
	for i := range 6 {
		limits := store.SendLimits{Number: 9, NumberDay: 9, Address: 9, Network: 9, Calling: 9, Total: 9}
		*[]*int64{&limits.Number, &limits.NumberDay, &limits.Address, &limits.Network, &limits.Calling, &limits.Total}[i] = 3
		network := bytes32('w', i)
		under := store.Send{Address: bytes32('a', i), Network: &network, Calling: bytes32('g', i), Total: bytes32('t', i)}
		sent := atOnce(20, func(n int) bool {
			r := registration(100*i + n)
			r.Number = bytes32('n', i)
			_, err := s.Begin(ctx, r, under, limits)
			if err != nil {
				wantErr(t, err, store.ErrLimit)
			}
			return err == nil
		})
		if sent != 3 {
			t.Errorf("limit %d: %d of 20 sends at once passed a limit of 3", i, sent)
		}
	}
}

func counts(t T, s *store.Store) {
	key := bytes32('k', 1)
	for i, want := range []int64{0, 0, now + 100} {
		again, err := s.Count(ctx, key, 100, 2, now+int64(i))
		if again != want || (err == nil) != (want == 0) {
			t.Errorf("count %d: %d %v", i, again, err)
		}
	}
	for _, c := range []struct{ at, most, want int64 }{{now + 99, 9, 2}, {now + 99, 1, 1}, {now + 100, 9, 1}, {now + 101, 9, 0}} {
		if n, err := s.Counted(ctx, key, 100, c.most, c.at); err != nil || n != c.want {
			t.Errorf("counted at +%d: %d %v, want %d", c.at-now, n, err, c.want)
		}
	}
	if _, err := s.Count(ctx, key, 100, 2, now+100); err != nil {
		t.Errorf("when the first is forgotten: %v", err)
	}
}

func countsAtOnce(t T, s *store.Store) {
	counted := atOnce(40, func(int) bool {
		_, err := s.Count(ctx, bytes32('k', 2), 100, 7, now)
		if err != nil {
			wantErr(t, err, store.ErrLimit)
		}
		return err == nil
	})
	if counted != 7 {
		t.Errorf("%d of 40 passed a limit of 7", counted)
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
	wantCount(t, s, "counts", 8)
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
