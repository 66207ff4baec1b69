package suite

import (
	"fmt"
	"testing"
	"time"

	"sealbook/wasm/directory"
)

// confirmWith asks for a code, and confirms it with a credential, or without.
func (s *Server) confirmWith(t testing.TB, number, bearer string, scopes ...directory.Scope) (answer, *batch) {
	t.Helper()
	b := s.begin(t, number)
	body, blinded := s.confirmation(t, number, s.Code(t, b.Registration), scopes...)
	return s.confirmAt(t, b.Registration, bearer, body), blinded
}

func (s *Server) confirmAt(t testing.TB, registration, bearer string, body any) answer {
	t.Helper()
	return s.do(t, request{method: "POST", path: "/v2/registrations/" + registration, contentType: "application/json", bearer: bearer, body: encode(t, body)})
}

// waits checks that an answer is that a renewal waits.
func (a answer) waits(t testing.TB) directory.RenewalAnswer {
	t.Helper()
	a.wantStatus(t, 202)
	var r directory.RenewalAnswer
	a.read(t, &r)
	return r
}

// renewal: with the credential a number's account is renewed at once, and the
// record stays; without it nothing happens for a day, whoever has the code.
func renewal(t *testing.T, s *Server) {
	p := s.register(t, both...)
	mine := directory.Record{Flags: 1}
	s.putRecord(t, p, mine)
	b := blind(t, s.about(t), padded("one", "two")...)
	s.evaluate(t, p.credential, b.blinded).wantStatus(t, 200)
	s.with(t, p, mine)

	a, blinded := s.confirmWith(t, p.number, p.credential, both...)
	a.wantStatus(t, 201)
	again := s.accept(t, a, blinded, p.number)
	if again.receipt.Account != p.receipt.Account || again.credential == p.credential {
		t.Error("another account, or the same credential")
	}
	s.do(t, request{method: "GET", path: "/v2/me", bearer: p.credential}).want(t, directory.CredentialUnknown)
	if m := s.me(t, again.credential); m.Budget.Used != 8 || m.Renewal != nil {
		t.Errorf("a code brings the budget back: %+v", m)
	}
	s.with(t, again, mine)

	// Without it, and with that of somebody else.
	stranger := s.register(t, both...)
	first, _ := s.confirmWith(t, p.number, stranger.credential, both...)
	r := first.waits(t)
	m := s.me(t, again.credential)
	if m.Renewal == nil || m.Renewal.Ready != r.Ready || m.Renewal.Refused {
		t.Errorf("the owner is told %+v, the other %+v", m.Renewal, r)
	}
	s.with(t, again, mine)
	s.me(t, stranger.credential)
}

// renewalRefused: the owner delays a renewal by a week, once; and renewing with
// the credential ends it.
func renewalRefused(t *testing.T, s *Server) {
	p := s.register(t, both...)
	refuseIt := func() answer {
		return s.do(t, request{method: "DELETE", path: "/v2/me/renewal", bearer: p.credential})
	}
	refuseIt().want(t, directory.RenewalUnknown)
	a, _ := s.confirmWith(t, p.number, "", both...)
	before := a.waits(t)
	count := s.atOnce(t, 8, func(int) answer { return refuseIt() })
	if count[""] != 1 || count[directory.RenewalFinal] != 7 {
		t.Errorf("refused at once: %v", count)
	}
	m := s.me(t, p.credential)
	ready, err1 := directory.ParseTime(before.Ready)
	if m.Renewal == nil || !m.Renewal.Refused || err1 != nil || m.Renewal.Ready != directory.Time(ready.Add(7*24*time.Hour)) {
		t.Errorf("ready %s, then %+v", before.Ready, m.Renewal)
	}
	over, blinded := s.confirmWith(t, p.number, p.credential, both...)
	over.wantStatus(t, 201)
	p = s.accept(t, over, blinded, p.number)
	if m := s.me(t, p.credential); m.Renewal != nil {
		t.Errorf("the renewal goes on: %+v", m.Renewal)
	}
	refuseIt().want(t, directory.RenewalUnknown)
}

// renewalComes: a day later whoever has the number's code has the account,
// without a code of the old owner's handle.
func renewalComes(t *testing.T, s *Server) {
	p := s.register(t, both...)
	mine := directory.Record{Flags: 9}
	s.putRecord(t, p, mine)
	s.with(t, p, mine)
	b := s.begin(t, p.number)
	body, _ := s.confirmation(t, p.number, s.Code(t, b.Registration), both...)
	first := s.confirmAt(t, b.Registration, "", body).waits(t)
	again := func() (answer, *batch) {
		next, blinded := s.confirmation(t, p.number, body.Code, both...)
		return s.confirmAt(t, first.Renewal, "", next), blinded
	}
	s.Advance(23*time.Hour + 59*time.Minute)
	a, _ := again()
	if r := a.waits(t); r != first {
		t.Errorf("%+v, then %+v", first, r)
	}
	wrong := body
	wrong.Code = other(body.Code, 1)
	s.confirmAt(t, first.Renewal, "", wrong).want(t, directory.CodeWrong)
	s.Advance(time.Minute)
	a, blinded := again()
	a.wantStatus(t, 201)
	heir := s.accept(t, a, blinded, p.number)
	s.do(t, request{method: "GET", path: "/v2/me", bearer: p.credential}).want(t, directory.CredentialUnknown)
	if _, found := heir.in(s.until(t, "the record of the former owner is gone", func(st *state) bool {
		_, found := heir.in(st)
		return !found
	})); found || heir.receipt.Account != p.receipt.Account {
		t.Error("the heir has the record of the former owner, or another account")
	}
	a, _ = again()
	a.want(t, directory.RegistrationUnknown)

	// Refused, it comes eight days after it was asked for; nobody who comes then
	// can be refused again.
	r, _ := s.confirmWith(t, p.number, "", both...)
	r.waits(t)
	s.do(t, request{method: "DELETE", path: "/v2/me/renewal", bearer: heir.credential}).wantStatus(t, 204)
	s.Advance(7*24*time.Hour + 23*time.Hour)
	r, _ = s.confirmWith(t, p.number, "", both...)
	r.waits(t)
	s.Advance(time.Hour)
	r, blinded = s.confirmWith(t, p.number, "", both...)
	r.wantStatus(t, 201)
	last := s.accept(t, r, blinded, p.number)

	// One that nobody takes is forgotten: two weeks later it begins anew.
	r, _ = s.confirmWith(t, p.number, "", both...)
	r.waits(t)
	s.Advance(15 * 24 * time.Hour)
	if m := s.me(t, last.credential); m.Renewal != nil {
		t.Errorf("still under way: %+v", m.Renewal)
	}
	r, _ = s.confirmWith(t, p.number, "", both...)
	r.waits(t)
}

// withdrawalByCode: who has the number's code can unpublish it at once; and is
// no sooner for it the owner of a new account.
func withdrawalByCode(t *testing.T, s *Server) {
	p := s.register(t, both...)
	s.published(t, p, 1)
	b := s.begin(t, p.number)
	code := s.Code(t, b.Registration)
	s.confirmAt(t, b.Registration, "", directory.WithdrawRequest{Number: p.number, Code: other(code, 0), Withdraw: true}).want(t, directory.CodeWrong)
	s.me(t, p.credential)
	body := directory.WithdrawRequest{Number: p.number, Code: code, Withdraw: true}
	a := s.confirmAt(t, b.Registration, "", body)
	a.wantStatus(t, 200)
	w := s.acceptWithdrawal(t, a)
	if w.Account != p.receipt.Account {
		t.Errorf("%+v", w)
	}
	s.published(t, p, 0)
	s.do(t, request{method: "GET", path: "/v2/me", bearer: p.credential}).want(t, directory.CredentialUnknown)
	s.confirmAt(t, b.Registration, "", body).want(t, directory.RegistrationUnknown)
	again, _ := s.confirmWith(t, p.number, "", both...)
	r := again.waits(t)
	at, err := directory.ParseTime(w.Time)
	if err != nil || r.Ready != directory.Time(at.Add(24*time.Hour)) {
		t.Errorf("withdrawn at %s, a new account at %s", w.Time, r.Ready)
	}
	// Nobody is there.
	nobody := s.numbers.next()
	b = s.begin(t, nobody)
	s.confirmAt(t, b.Registration, "", directory.WithdrawRequest{Number: nobody, Code: s.Code(t, b.Registration), Withdraw: true}).want(t, directory.AccountUnknown)
}

// budgetAfterWithdrawal: it belongs to the number. Withdrawing and registering
// again brings nothing back.
func budgetAfterWithdrawal(t *testing.T, s *Server) {
	p := s.register(t, both...)
	inputs := make([]string, 1024)
	for i := range inputs {
		inputs[i] = fmt.Sprint(i)
	}
	b := blind(t, s.about(t), inputs...)
	for range 5 {
		s.evaluate(t, p.credential, b.blinded).wantStatus(t, 200)
	}
	for range 2 {
		w := s.withdraw(t, p)
		if days := until(t, w); days < 25 || days > 26 {
			t.Errorf("the budget is kept for %v days", days)
		}
		p = s.registerNumber(t, p.number, both...)
		if got := s.me(t, p.credential).Budget; got.Available > 1 {
			t.Errorf("a new account has a budget of %+v", got)
		}
		s.evaluate(t, p.credential, b.blinded[:32*8]).want(t, directory.BudgetExceeded)
	}
}

// until is for how many days a withdrawn budget is kept.
func until(t testing.TB, w directory.Withdrawal) float64 {
	t.Helper()
	from, err1 := directory.ParseTime(w.Time)
	to, err2 := directory.ParseTime(w.BudgetKeptUntil)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	return to.Sub(from).Hours() / 24
}
