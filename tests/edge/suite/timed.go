package suite

import (
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
	s.Advance(599 * time.Second)
	s.post(t, "/v2/registrations/"+b.Registration, wrong).want(t, directory.CodeWrong)
	s.Advance(time.Second)
	s.post(t, "/v2/registrations/"+b.Registration, good).want(t, directory.CodeExpired)
	// Another registration cleans up.
	s.begin(t, s.numbers.next())
	s.post(t, "/v2/registrations/"+b.Registration, good).want(t, directory.RegistrationUnknown)
}

// sendsForgotten: each an hour after it was made, and six a day.
func sendsForgotten(t *testing.T, s *Server) {
	number := s.numbers.next()
	for range 3 {
		s.begin(t, number)
		s.Advance(10 * time.Minute)
	}
	refused := func(least, most int) {
		t.Helper()
		a := s.post(t, "/v2/registrations", map[string]any{"number": number})
		a.want(t, directory.SendsExceeded)
		a.wantRetry(t, least, most)
	}
	refused(1800, 1800)
	s.Advance(1799 * time.Second)
	refused(1, 1)
	s.Advance(time.Second)
	s.begin(t, number)
	refused(600, 600)
	s.Advance(2 * time.Hour)
	s.begin(t, number)
	s.begin(t, number)
	refused(86400-9000-1800, 86400-9000) // six in a day
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
	refused(8, 8*432)
	refused(1024, 1024*432)
	s.Advance((8*432 - 1) * time.Second)
	refused(8, 1)
	s.Advance(time.Second)
	s.evaluate(t, p.credential, b.blinded[:32*8]).wantStatus(t, 200)
	refused(8, 8*432)
	s.Advance(24 * time.Hour)
	if got := s.me(t, p.credential).Budget; got.Available != 200 || got.Used != 4920 {
		t.Errorf("after a day: %+v", got)
	}
	s.Advance(365 * 24 * time.Hour) // the epoch's key lasts 400 days
	if got := s.me(t, p.credential).Budget; got.Available != 5120 || got.Used != 0 {
		t.Errorf("after a year: %+v", got)
	}
}

// wrongForgotten: a day after ten wrong tries codes are short again, but not
// after thirty in a month.
func wrongForgotten(t *testing.T, s *Server) {
	number := s.numbers.next()
	wrong := func(times int) {
		t.Helper()
		b := s.begin(t, number)
		good, _ := s.confirmation(t, number, s.Code(t, b.Registration), both...)
		for i := range times {
			body := good
			body.Code = other(good.Code, i)
			s.post(t, "/v2/registrations/"+b.Registration, body).want(t, directory.CodeWrong)
		}
	}
	digits := func(want int) {
		t.Helper()
		if got := len(s.Code(t, s.begin(t, number).Registration)); got != want {
			t.Errorf("a code of %d digits, want %d", got, want)
		}
	}
	for day := range 3 {
		digits(8)
		wrong(5)
		wrong(5)
		s.Advance(2 * time.Hour)
		want := 12
		digits(want)
		s.Advance(22*time.Hour + time.Second)
		_ = day
	}
	digits(12)
	s.Advance(27 * 24 * time.Hour) // the first day is 30 days ago
	digits(8)
}

// recordsADay: 24 in any day.
func recordsADay(t *testing.T, s *Server) {
	p := s.register(t, both...)
	for i := range 24 {
		s.putRecord(t, p, directory.Record{Flags: uint32(i)})
		s.Advance(time.Minute)
	}
	put := func() answer {
		return s.do(t, request{method: "PUT", path: "/v2/me/record", contentType: octets, bearer: p.credential, body: make([]byte, 64)})
	}
	a := put()
	a.want(t, directory.RecordsExceeded)
	a.wantRetry(t, 86400-24*60, 86400-24*60)
	s.Advance((86400-24*60)*time.Second - time.Second)
	put().want(t, directory.RecordsExceeded)
	s.Advance(time.Second)
	put().wantStatus(t, 204)
	put().want(t, directory.RecordsExceeded)
}

// clockBack: a clock that was wrong costs nobody anything, and gives nothing.
func clockBack(t *testing.T, s *Server) {
	p := s.register(t, both...)
	b := blind(t, s.about(t), make([]string, 8)...)
	s.evaluate(t, p.credential, b.blinded).wantStatus(t, 200)
	before := s.published(t, p, 1)
	s.Advance(-30 * 24 * time.Hour)
	if got := s.me(t, p.credential).Budget; got.Used != 8 {
		t.Errorf("budget %+v", got)
	}
	s.evaluate(t, p.credential, b.blinded).wantStatus(t, 200)
	if got := s.me(t, p.credential).Budget; got.Used != 16 {
		t.Errorf("budget %+v", got)
	}
	// States go on, with times that do not fall.
	s.putRecord(t, p, directory.Record{Flags: 8})
	after := s.with(t, p, directory.Record{Flags: 8})
	if !after.Time.Equal(before.Time) {
		t.Errorf("a leaf of %v after one of %v", after.Time, before.Time)
	}
	s.replay(t, before, after)
	life(t, s)
}
