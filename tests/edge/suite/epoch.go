package suite

import (
	"testing"
	"time"

	"sealbook/wasm/directory"
)

// Epochs is what happens to people when an epoch ends. Start starts the next;
// the server has a clock that can be moved.
func Epochs(t *testing.T, s *Server, start func()) {
	if s.numbers == nil {
		s.numbers = new(numbers)
	}
	first := s.about(t)
	mover, late, coder, leaver, stranger := s.register(t, both...), s.register(t, both...), s.register(t, both...), s.register(t, both...), s.register(t, both...)
	mine := directory.Record{Flags: 5}
	s.putRecord(t, mover, mine)
	b := blind(t, first, padded("one")...)
	for _, p := range []*person{mover, coder} {
		s.evaluate(t, p.credential, b.blinded).wantStatus(t, 200)
	}
	before := s.with(t, mover, mine)
	move := func(p *person, number string) (answer, *batch) {
		blinded := blind(t, s.about(t), number)
		return s.do(t, request{method: "POST", path: "/v2/me/epoch", contentType: "application/json", bearer: p.credential,
			body: encode(t, directory.MoveRequest{Number: number, Blinded: blinded.blinded})}), blinded
	}
	a, _ := move(mover, mover.number)
	a.want(t, directory.EpochPassed) // there is none yet

	start()
	st := s.until(t, "the next epoch", func(st *state) bool { return st.Epoch == 2 })
	second := s.about(t)
	if second.Epoch != 2 || string(second.PublicKey) == string(first.PublicKey) || st.People != 0 || st.Version <= before.Version {
		t.Errorf("epoch %d with %d people, version %d after %d", second.Epoch, st.People, st.Version, before.Version)
	}
	// Known, but for nothing else than to move, to look and to leave.
	if m := s.me(t, mover.credential); m.Epoch != 1 || m.Budget.Used != 8 {
		t.Errorf("held: %+v", m)
	}
	s.evaluate(t, mover.credential, b.blinded).want(t, directory.CredentialUnknown)
	s.do(t, request{method: "PUT", path: "/v2/me/record", contentType: octets, bearer: mover.credential, body: make([]byte, 64)}).want(t, directory.CredentialUnknown)
	a, _ = move(mover, stranger.number)
	a.want(t, directory.NumberOther)
	if got := elsewhere(t, s.me(t, mover.credential)); got["moves"] != 1 {
		t.Errorf("held elsewhere, after a try to move: %v", got)
	}
	a, blinded := move(mover, mover.number)
	a.wantStatus(t, 201)
	moved := s.accept(t, a, blinded, mover.number)
	if m := s.me(t, moved.credential); m.Epoch != 2 || m.Budget.Used != 8 || moved.receipt.Account == mover.receipt.Account {
		t.Errorf("moved: %+v", m)
	} else if got := elsewhere(t, m); len(got) != 3 {
		t.Errorf("held elsewhere, of an account that moved: %v", got)
	}
	s.do(t, request{method: "GET", path: "/v2/me", bearer: mover.credential}).want(t, directory.CredentialUnknown)
	a, _ = move(moved, moved.number)
	a.want(t, directory.EpochPassed)
	s.putRecord(t, moved, mine)
	after := s.with(t, moved, mine)
	s.replay(t, st, after)

	// A code without the credential: the account of the epoch before has its owner.
	a, _ = s.confirmWith(t, coder.number, "", both...)
	a.waits(t)
	if m := s.me(t, coder.credential); m.Renewal == nil {
		t.Error("the owner is not told of the renewal")
	}
	a, blinded = s.confirmWith(t, coder.number, coder.credential, both...)
	a.wantStatus(t, 201)
	coder = s.accept(t, a, blinded, coder.number)
	if m := s.me(t, coder.credential); m.Epoch != 2 || m.Budget.Used != 8 {
		t.Errorf("with a code: %+v", m)
	}
	// Who withdraws in between is withdrawn.
	if w := s.withdraw(t, leaver); w.Epoch != 1 || w.Account != leaver.receipt.Account {
		t.Errorf("%+v", w)
	}
	a, _ = move(leaver, leaver.number)
	a.want(t, directory.CredentialUnknown)
	// Trying numbers is bounded.
	count := s.atOnce(t, 20, func(int) answer { a, _ := move(stranger, coder.number); return a })
	if count[directory.NumberOther] != 10 || count[directory.MovesExceeded] != 10 {
		t.Errorf("moves tried: %v", count)
	}
	if got := elsewhere(t, s.me(t, stranger.credential)); got["moves"] != 10 {
		t.Errorf("held elsewhere, after tries to move: %v", got)
	}
	// After 30 days nobody of the first epoch is known, nor its key kept.
	s.Advance(30*24*time.Hour - time.Second)
	s.me(t, late.credential)
	s.Advance(time.Second)
	a, _ = move(late, late.number)
	a.want(t, directory.EpochPassed)
	s.begin(t, s.numbers.next()) // cleans up
	s.do(t, request{method: "GET", path: "/v2/me", bearer: late.credential}).want(t, directory.CredentialUnknown)
	s.me(t, moved.credential)

	// Accounts lapse after 400 days without a code or a sync; and the epoch ends
	// by itself then.
	for range 20 {
		for range 18 {
			s.Advance(24 * time.Hour)
			s.Publish(t)
		}
		s.me(t, moved.credential) // a sync
	}
	s.Advance(10 * 24 * time.Hour)
	s.Publish(t)
	st = s.newest(t)
	if st.Epoch != 3 || st.People != 0 {
		t.Errorf("after 400 days it is epoch %d, with %d people", st.Epoch, st.People)
	}
	a, blinded = move(moved, moved.number)
	a.wantStatus(t, 201)
	again := s.accept(t, a, blinded, moved.number)
	s.published(t, again, 1)
	s.begin(t, s.numbers.next()) // cleans up
	s.do(t, request{method: "GET", path: "/v2/me", bearer: coder.credential}).want(t, directory.CredentialUnknown)
}
