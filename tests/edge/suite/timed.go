//go:build old

package suite

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"sealbook/wasm/directory"
)

// codeExpires: after ten minutes, and not before.
func codeExpires(t *testing.T, s *Server) {
	number := s.numbers.next()
	b := s.begin(t, number)
	good, _ := s.confirmation(t, number, s.Code(t, b.Registration), both...)
	wrong := good
	wrong.Code = other(good.Code, 0)
	s.advance(599 * time.Second)
	s.post(t, "/v1/registrations/"+b.Registration, wrong).want(t, directory.CodeWrong)
	s.advance(time.Second)
	s.post(t, "/v1/registrations/"+b.Registration, good).want(t, directory.CodeExpired)
	// Another registration cleans up.
	s.begin(t, s.numbers.next())
	s.post(t, "/v1/registrations/"+b.Registration, good).want(t, directory.RegistrationUnknown)
}

// sendsForgotten: each an hour after it was made.
func sendsForgotten(t *testing.T, s *Server) {
	number := s.numbers.next()
	for range 3 {
		s.begin(t, number)
		s.advance(10 * time.Minute)
	}
	refused := func(least, most int) {
		t.Helper()
		a := s.post(t, "/v1/registrations", map[string]any{"number": number})
		a.want(t, directory.SendsExceeded)
		a.wantRetry(t, least, most)
	}
	refused(1800, 1800)
	s.advance(1799 * time.Second)
	refused(1, 1)
	s.advance(time.Second)
	s.begin(t, number)
	refused(600, 600)
}

// budgetRefills: one every 432 seconds, and never beyond the whole.
func budgetRefills(t *testing.T, s *Server) {
	p := s.register(t, both...)
	inputs := make([]string, 1024)
	for i := range inputs {
		inputs[i] = fmt.Sprint(i)
	}
	b := blind(t, s.about(t), inputs...)
	for range 5 {
		s.evaluate(t, p.credential, b.blinded).wantStatus(t, 200)
	}
	refused := func(n, retry int) {
		t.Helper()
		a := s.evaluate(t, p.credential, b.blinded[:32*n])
		a.want(t, directory.BudgetExceeded)
		a.wantRetry(t, retry, retry)
	}
	refused(1, 432)
	refused(1024, 1024*432)
	s.advance(431 * time.Second)
	refused(1, 1)
	s.advance(time.Second)
	s.evaluate(t, p.credential, b.blinded[:32]).wantStatus(t, 200)
	refused(1, 432)
	s.advance(24 * time.Hour)
	if got := s.me(t, p.credential).Budget; got.Available != 200 || got.Used != 4920 {
		t.Errorf("after a day: %+v", got)
	}
	s.advance(365 * 24 * time.Hour)
	if got := s.me(t, p.credential).Budget; got.Available != 5120 || got.Used != 0 {
		t.Errorf("after a year: %+v", got)
	}
}

// removalsForgotten: after a day there is no delta across a withdrawal.
func removalsForgotten(t *testing.T, s *Server) {
	p := s.register(t, both...)
	before := s.tags(t).Version
	s.withdraw(t, p)
	after := s.tags(t).Version
	s.advance(48 * time.Hour)
	s.begin(t, s.numbers.next()) // cleans up
	s.get(t, fmt.Sprintf("/v1/buckets/0/delta?since=%d", before)).want(t, directory.VersionGone)
	a := s.get(t, fmt.Sprintf("/v1/buckets/0/delta?since=%d", after))
	a.wantStatus(t, 200)
	if d, err := directory.ParseDelta(a.body); err != nil || !bytes.Equal(d.Removed, nil) {
		t.Errorf("%+v %v", d, err)
	}
}

// clockBack: a clock that was wrong costs nobody anything, and gives nothing.
func clockBack(t *testing.T, s *Server) {
	p := s.register(t, both...)
	b := blind(t, s.about(t), make([]string, 8)...)
	s.evaluate(t, p.credential, b.blinded).wantStatus(t, 200)
	s.advance(-30 * 24 * time.Hour)
	if got := s.me(t, p.credential).Budget; got.Used != 8 {
		t.Errorf("budget %+v", got)
	}
	s.evaluate(t, p.credential, b.blinded).wantStatus(t, 200)
	if got := s.me(t, p.credential).Budget; got.Used != 16 {
		t.Errorf("budget %+v", got)
	}
	life(t, s)
}
