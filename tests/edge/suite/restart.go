package suite

import (
	"bytes"
	"testing"

	"sealbook/wasm/directory"
)

// restart: what was answered is there again, to the byte.
func restart(t *testing.T, s *Server) {
	p, late, gone := s.register(t, both...), s.register(t, both...), s.register(t, both...)
	mine := directory.Record{Handle: [32]byte{42}, Flags: 42}
	s.putRecord(t, p, mine)
	b := blind(t, s.about(t), padded("one", "two", "three")...)
	s.evaluate(t, p.credential, b.blinded).wantStatus(t, 200)
	s.withdraw(t, gone)
	number := s.numbers.next()
	pending := s.begin(t, number)
	confirmation, blinded := s.confirmation(t, number, s.Code(t, pending.Registration), both...)
	wrong := confirmation
	wrong.Code = other(wrong.Code, 0)
	s.post(t, "/v2/registrations/"+pending.Registration, wrong).want(t, directory.CodeWrong)
	about, me := s.about(t), s.me(t, p.credential)
	before := s.with(t, p, mine)
	// Not yet published when it ends: the start publishes it first.
	s.putRecord(t, late, mine)

	s.URL = s.Restart(t)

	again := s.about(t)
	if !bytes.Equal(again.PublicKey, about.PublicKey) {
		t.Error("another key")
	}
	after := s.with(t, late, mine)
	s.replay(t, before, after)
	got := s.me(t, p.credential)
	if got.Budget.Used != 8 || got.Account != me.Account || !bytes.Equal(got.Record, me.Record) {
		t.Errorf("held: %+v, before %+v", got, me)
	}
	if r, found := p.in(after); !found || r != mine {
		t.Error("the record does not open any more")
	}
	s.do(t, request{method: "GET", path: "/v2/me", bearer: gone.credential}).want(t, directory.CredentialUnknown)
	// The code that was sent before still counts, and so does the try.
	a := s.post(t, "/v2/registrations/"+pending.Registration, wrong)
	if a.want(t, directory.CodeWrong); a.problem.TriesLeft == nil || *a.problem.TriesLeft != 3 {
		t.Errorf("tries left %v", a.problem.TriesLeft)
	}
	a = s.post(t, "/v2/registrations/"+pending.Registration, confirmation)
	a.wantStatus(t, 201)
	s.accept(t, a, blinded, number)
}
