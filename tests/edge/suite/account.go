package suite

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sealbook/wasm/directory"
)

var both = directory.Scopes()

// parameters: what the server says about itself is signed, whole, and what the
// log commits to.
func parameters(t *testing.T, s *Server) {
	p := s.about(t)
	want := directory.DefaultLimits()
	if !reflect.DeepEqual(p.Limits, want) {
		t.Errorf("limits %+v, want %+v", p.Limits, want)
	}
	if p.Epoch != 1 || p.BucketBits != 0 || !slices.Equal(p.Scopes, both) || p.Consent.Text != directory.Consent {
		t.Errorf("parameters %+v", p)
	}
	state := s.update(t)
	if err := p.Fit(&state); err != nil {
		t.Errorf("the log: %v", err)
	}
	head := s.do(t, request{method: "HEAD", path: "/v2/directory"})
	if head.status != 200 || len(head.body) != 0 {
		t.Errorf("HEAD: %d, %d bytes", head.status, len(head.body))
	}
}

// life is what a person goes through, from the code to the withdrawal.
func life(t *testing.T, s *Server) {
	before := s.newest(t)
	p := s.register(t, both...)
	if !slices.Equal(p.receipt.Scopes, both) {
		t.Errorf("scopes %v", p.receipt.Scopes)
	}
	after := s.published(t, p, 1)
	if after.Version <= before.Version {
		t.Errorf("version %d → %d", before.Version, after.Version)
	}
	if _, found := p.in(after); found {
		t.Error("a record opens before the person put one")
	}
	mine := directory.Record{Handle: [32]byte{1, 2, 3}, Flags: 7}
	s.putRecord(t, p, mine)
	s.with(t, p, mine)
	m := s.me(t, p.credential)
	tag := p.tag()
	var raw directory.Bytes
	if err := raw.UnmarshalText([]byte(p.credential)); err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256(raw)
	if m.Account != p.receipt.Account || m.Epoch != 1 || string(m.Tag) != string(tag[:]) ||
		len(m.Record) != directory.RecordSize || m.CredentialSHA256 != hex.EncodeToString(hash[:]) ||
		!slices.Equal(m.Scopes, both) || m.Registered != p.receipt.Time || m.ConsentSHA256 != p.receipt.ConsentSHA256 ||
		m.Budget.Used != 0 || m.Budget.Available != m.Budget.Limit || m.Budget.Limit != 5120 || m.Budget.RefillPerDay != 200 ||
		m.Renewal != nil {
		t.Errorf("held: %+v", m)
	}
	kept := map[string]int{"sends": 0, "tries": 0, "registration": 0, "records": 1}
	if got := elsewhere(t, m); !maps.Equal(got, kept) {
		t.Errorf("held elsewhere: %v, want %v", got, kept)
	}
	s.putRecord(t, p, mine)
	kept["records"] = 2
	if got := elsewhere(t, s.me(t, p.credential)); !maps.Equal(got, kept) {
		t.Errorf("held elsewhere, after another record: %v, want %v", got, kept)
	}
	w := s.withdraw(t, p)
	gone := s.until(t, "the version that the receipt names", func(st *state) bool { return st.Version >= w.AbsentFromVersion || p.times(st) == 0 })
	if w.Account != p.receipt.Account || w.Epoch != 1 || w.AbsentFromVersion <= after.Version {
		t.Errorf("withdrawal %+v", w)
	}
	if p.times(gone) != 0 {
		t.Error("the tag is still there")
	}
	s.replay(t, after, gone)
	if w.BudgetKeptUntil != w.Time || w.RemovalListedUntil <= w.Time {
		t.Errorf("kept: %+v", w)
	}
	for _, r := range []request{{method: "DELETE", path: "/v2/me"}, {method: "GET", path: "/v2/me"}} {
		r.bearer = p.credential
		s.do(t, r).want(t, directory.CredentialUnknown)
	}
	// And again, with the same number: the same account, as if never there.
	again := s.registerNumber(t, p.number, both...)
	delete(kept, "records")
	if got := elsewhere(t, s.me(t, again.credential)); !maps.Equal(got, kept) {
		t.Errorf("held elsewhere, of a new account: %v, want %v", got, kept)
	}
	if again.receipt.Account != p.receipt.Account || again.credential == p.credential {
		t.Error("the same number has another account, or the same credential")
	}
	if _, found := again.in(s.published(t, again, 1)); found {
		t.Error("the withdrawn record is back")
	}
	s.withdraw(t, again)
}

// elsewhere is how many times are named of each thing that is held beside an
// account. None is forgotten already, and those of an account within a day.
func elsewhere(t *testing.T, m directory.Held) map[string]int {
	t.Helper()
	now, err := directory.ParseTime(m.Budget.At)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]int{}
	for _, e := range m.Elsewhere {
		named[e.What] = len(e.Times)
		until, err := directory.ParseTime(e.Until)
		if err != nil || until.Before(now) || len(e.Times) > 0 && until.After(now.Add(24*time.Hour)) {
			t.Errorf("%s until %s, now %s: %v", e.What, e.Until, m.Budget.At, err)
		}
		for _, at := range e.Times {
			if at, err := directory.ParseTime(at); err != nil || at.After(now) || until.Before(at) {
				t.Errorf("%s at %s, until %s: %v", e.What, at, e.Until, err)
			}
		}
	}
	return named
}

// credentials: who has none, or not one that is known, gets nowhere.
func credentials(t *testing.T, s *Server) {
	p := s.register(t, both...)
	paths := []request{
		{method: "GET", path: "/v2/me"},
		{method: "DELETE", path: "/v2/me"},
		{method: "PUT", path: "/v2/me/record", contentType: "application/octet-stream", body: make([]byte, 64)},
		{method: "POST", path: "/v2/evaluations", contentType: "application/octet-stream", body: make([]byte, 256)},
		{method: "DELETE", path: "/v2/me/renewal"},
		{method: "POST", path: "/v2/me/epoch", contentType: "application/json", body: []byte("{}")},
	}
	other := p.credential[:10] + map[bool]string{true: "B", false: "A"}[p.credential[10] == 'A'] + p.credential[11:]
	for _, c := range []struct {
		field string
		code  directory.Code
	}{
		{"", directory.CredentialMissing},
		{"Bearer", directory.CredentialMissing},
		{"Bearer ", directory.CredentialMissing},
		{"Basic " + p.credential, directory.CredentialMissing},
		{p.credential, directory.CredentialMissing},
		{"Bearer " + other, directory.CredentialUnknown},
		{"Bearer " + p.credential[:42], directory.CredentialUnknown},
		{"Bearer " + p.credential + "A", directory.CredentialUnknown},
		{"Bearer " + p.credential + "=", directory.CredentialUnknown},
		{"Bearer " + strings.ToLower(p.credential) + "!", directory.CredentialUnknown},
		{"Bearer " + hex.EncodeToString(make([]byte, 32)), directory.CredentialUnknown},
	} {
		for _, r := range paths {
			if c.field != "" {
				r.header = map[string]string{"Authorization": c.field}
			}
			a := s.do(t, r)
			a.want(t, c.code)
			if got := a.header.Get("WWW-Authenticate"); got != "Bearer" {
				t.Errorf("WWW-Authenticate %q", got)
			}
		}
	}
	// The scheme's name may be written in any case.
	s.do(t, request{method: "GET", path: "/v2/me", header: map[string]string{"Authorization": "bearer " + p.credential}}).wantStatus(t, 200)
}

// scopes: what was not granted is not done.
func scopes(t *testing.T, s *Server) {
	listed := s.register(t, directory.Discoverable)
	b := blind(t, s.about(t), padded("one")...)
	s.evaluate(t, listed.credential, b.blinded).want(t, directory.ScopeMissing)
	s.published(t, listed, 1)
	quiet := s.register(t, directory.Search)
	s.putRecord(t, quiet, directory.Record{Flags: 3})
	if quiet.receipt.Tag != nil {
		t.Error("the receipt has a tag")
	}
	tag := quiet.tag()
	if m := s.me(t, quiet.credential); string(m.Tag) != string(tag[:]) || !slices.Equal(m.Scopes, []directory.Scope{directory.Search}) {
		t.Errorf("held: %+v", m)
	}
	s.evaluate(t, quiet.credential, b.blinded).wantStatus(t, 200)
	s.withdraw(t, quiet)
	// In either order.
	turned := s.register(t, directory.Discoverable, directory.Search)
	if !slices.Equal(turned.receipt.Scopes, both) {
		t.Errorf("scopes %v", turned.receipt.Scopes)
	}
	if quiet.times(s.published(t, turned, 1)) != 0 {
		t.Error("published without the scope")
	}
}

// recordsAtOnce: 24 new records a day, however many come at once.
func recordsAtOnce(t *testing.T, s *Server) {
	p := s.register(t, both...)
	put := func(i int) answer {
		return s.do(t, request{method: "PUT", path: "/v2/me/record", contentType: octets, bearer: p.credential, body: bytes.Repeat([]byte{byte(i)}, 64)})
	}
	count := s.atOnce(t, 40, put)
	if count[""] != 24 || count[directory.RecordsExceeded] != 16 {
		t.Errorf("40 records at once: %v", count)
	}
	put(99).wantRetry(t, 86000, 86400)
	// Nor does a withdrawal and a new account change what others may.
	s.do(t, request{method: "PUT", path: "/v2/me/record", contentType: octets, bearer: s.register(t, both...).credential, body: make([]byte, 64)}).wantStatus(t, 204)
}
