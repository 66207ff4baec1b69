//go:build old

package suite

import (
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"crypto/sha256"

	"sealbook/wasm/directory"
)

var both = directory.Scopes()

// parameters: what the server says about itself is signed and whole.
func parameters(t *testing.T, s *Server) {
	p := s.about(t)
	want := directory.DefaultLimits()
	got := p.Limits
	if !slices.Equal(got.Batches, want.Batches) {
		t.Errorf("batches %v", got.Batches)
	}
	got.Batches, want.Batches = nil, nil
	if got.Batch != want.Batch || got.Budget != want.Budget || got.RefillPerDay != want.RefillPerDay ||
		got.CodeDigits != want.CodeDigits || got.CodeTries != want.CodeTries || got.CodeSeconds != want.CodeSeconds ||
		got.SendsPerHour != want.SendsPerHour || got.Block != want.Block {
		t.Errorf("limits %+v, want %+v", got, want)
	}
	if p.Epoch != 1 || p.BucketBits != 0 || !slices.Equal(p.Scopes, both) || p.Consent.Text != directory.Consent {
		t.Errorf("parameters %+v", p)
	}
	if got := s.get(t, "/v1/directory").header.Get("Cache-Control"); got != "public, max-age=60" {
		t.Errorf("Cache-Control %q", got)
	}
	head := s.do(t, request{method: "HEAD", path: "/v1/directory"})
	if head.status != 200 || len(head.body) != 0 {
		t.Errorf("HEAD: %d, %d bytes", head.status, len(head.body))
	}
	if p.Version != s.tags(t).Version {
		t.Error("the version is not that of the tags")
	}
}

// life is what a person goes through, from the code to the withdrawal.
func life(t *testing.T, s *Server) {
	before := s.tags(t)
	p := s.register(t, both...)
	if !slices.Equal(p.receipt.Scopes, both) {
		t.Errorf("scopes %v", p.receipt.Scopes)
	}
	after := s.tags(t)
	if after.Version <= before.Version || after.Count != before.Count+1 {
		t.Errorf("version %d → %d, count %d → %d", before.Version, after.Version, before.Count, after.Count)
	}
	if from, to := after.Find(p.tag()); to-from != 1 {
		t.Errorf("%d tags", to-from)
	}
	if _, found := s.find(t, p); found {
		t.Error("a record opens before the person put one")
	}
	mine := directory.Record{Handle: [32]byte{1, 2, 3}, Flags: 7}
	s.putRecord(t, p, mine)
	if got, found := s.find(t, p); !found || got != mine {
		t.Errorf("found %v %+v", found, got)
	}
	m := s.me(t, p.credential)
	tag := p.tag()
	raw, _ := (directory.Bytes(nil)), error(nil)
	if err := raw.UnmarshalText([]byte(p.credential)); err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256(raw)
	if m.Account != p.receipt.Account || m.Epoch != 1 || string(m.Tag) != string(tag[:]) || m.Bucket != 0 ||
		len(m.Record) != directory.RecordSize || m.CredentialSHA256 != hex.EncodeToString(hash[:]) ||
		!slices.Equal(m.Scopes, both) || m.Registered != p.receipt.Time || m.ConsentSHA256 != p.receipt.ConsentSHA256 ||
		m.Budget.Used != 0 || m.Budget.Available != m.Budget.Limit || m.Budget.Limit != 5120 || m.Budget.RefillPerDay != 200 {
		t.Errorf("held: %+v", m)
	}
	w := s.withdraw(t, p)
	gone := s.tags(t)
	if w.Account != p.receipt.Account || w.Epoch != 1 || w.Bucket != 0 || w.AbsentFromVersion <= after.Version || gone.Version < w.AbsentFromVersion {
		t.Errorf("withdrawal %+v, version now %d", w, gone.Version)
	}
	if from, to := gone.Find(p.tag()); from != to {
		t.Error("the tag is still there")
	}
	for _, r := range []request{{method: "DELETE", path: "/v1/me"}, {method: "GET", path: "/v1/me"}} {
		r.bearer = p.credential
		s.do(t, r).want(t, directory.CredentialUnknown)
	}
	// And again, with the same number: the same account, as if never there.
	again := s.registerNumber(t, p.number, both...)
	if again.receipt.Account != p.receipt.Account || again.credential == p.credential {
		t.Error("the same number has another account, or the same credential")
	}
	if _, found := s.find(t, again); found {
		t.Error("the withdrawn record is back")
	}
	s.withdraw(t, again)
}

// renewal: whoever has the number takes the account over, and nothing doubles.
func renewal(t *testing.T, s *Server) {
	p := s.register(t, both...)
	s.putRecord(t, p, directory.Record{Flags: 1})
	b := blind(t, s.about(t), "one", "two")
	s.evaluate(t, p.credential, b.blinded).wantStatus(t, 200)
	count := s.tags(t).Count
	again := s.registerNumber(t, p.number, both...)
	if again.receipt.Account != p.receipt.Account || s.tags(t).Count != count {
		t.Error("another account")
	}
	s.do(t, request{method: "GET", path: "/v1/me", bearer: p.credential}).want(t, directory.CredentialUnknown)
	if used := s.me(t, again.credential).Budget.Used; used != 2 {
		t.Errorf("a code brings the budget back: %d used", used)
	}
	if _, found := s.find(t, again); found {
		t.Error("the record of the former owner still opens")
	}
	// Now without being listed.
	hidden := s.registerNumber(t, p.number, directory.Search)
	if hidden.receipt.Tag != nil || s.tags(t).Count != count-1 {
		t.Error("the tag is still published")
	}
}

// credentials: who has none, or not one that is known, gets nowhere.
func credentials(t *testing.T, s *Server) {
	p := s.register(t, both...)
	paths := []request{
		{method: "GET", path: "/v1/me"},
		{method: "DELETE", path: "/v1/me"},
		{method: "PUT", path: "/v1/me/record", contentType: "application/octet-stream", body: make([]byte, 64)},
		{method: "POST", path: "/v1/evaluations", contentType: "application/octet-stream", body: make([]byte, 32)},
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
	s.do(t, request{method: "GET", path: "/v1/me", header: map[string]string{"Authorization": "bearer " + p.credential}}).wantStatus(t, 200)
}

// scopes: what was not granted is not done.
func scopes(t *testing.T, s *Server) {
	count := s.tags(t).Count
	listed := s.register(t, directory.Discoverable)
	b := blind(t, s.about(t), "one")
	s.evaluate(t, listed.credential, b.blinded).want(t, directory.ScopeMissing)
	if s.tags(t).Count != count+1 {
		t.Error("not published")
	}
	version := s.tags(t).Version
	quiet := s.register(t, directory.Search)
	s.putRecord(t, quiet, directory.Record{Flags: 3})
	if quiet.receipt.Tag != nil {
		t.Error("the receipt has a tag")
	}
	if after := s.tags(t); after.Count != count+1 || after.Version != version {
		t.Error("published without the scope")
	}
	tag := quiet.tag()
	if m := s.me(t, quiet.credential); string(m.Tag) != string(tag[:]) || !slices.Equal(m.Scopes, []directory.Scope{directory.Search}) {
		t.Errorf("held: %+v", m)
	}
	s.evaluate(t, quiet.credential, b.blinded).wantStatus(t, 200)
	w := s.withdraw(t, quiet)
	if after := s.tags(t); w.AbsentFromVersion > after.Version || after.Version != version {
		t.Errorf("absent from %d, version %d", w.AbsentFromVersion, after.Version)
	}
	// In either order.
	turned := s.register(t, directory.Discoverable, directory.Search)
	if !slices.Equal(turned.receipt.Scopes, both) {
		t.Errorf("scopes %v", turned.receipt.Scopes)
	}
}
