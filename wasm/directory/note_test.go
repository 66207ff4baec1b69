package directory

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// newStatement makes an empty one of a kind.
func newStatement(t testing.TB, kind string) Statement {
	t.Helper()
	for _, s := range []Statement{new(Parameters), new(Receipt), new(Withdrawal)} {
		if s.kind() == kind {
			return s
		}
	}
	t.Fatalf("kind %q", kind)
	return nil
}

func verifierOf(t testing.TB, v *vectors) *Verifier {
	t.Helper()
	verifier, err := NewVerifier(v.Keys.Verifier)
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

func TestNotes(t *testing.T) {
	v := readVectors(t)
	k, verifier := keysOf(t, v), verifierOf(t, v)
	if verifier.Name() != v.Keys.Name || verifier.String() != v.Keys.Verifier {
		t.Error("the verifier has another name or text")
	}
	for _, n := range v.Notes {
		s := newStatement(t, n.Kind)
		if err := json.Unmarshal(n.Content, s); err != nil {
			t.Fatal(err)
		}
		signed, err := k.Sign(s)
		if err != nil || signed != n.Note {
			t.Errorf("%s: %v\n%s", n.Kind, err, signed)
		}
		opened := newStatement(t, n.Kind)
		if err := verifier.Open(n.Note, opened); err != nil || encode(opened) != encode(s) {
			t.Errorf("%s: %v", n.Kind, err)
		}
	}
	for _, r := range v.RefusedNotes {
		want := map[string]error{"signature": ErrSignature, "malformed": ErrMalformed, "protocol": ErrProtocol}[r.Error]
		if want == nil {
			t.Fatalf("error %q", r.Error)
		}
		if err := verifier.Open(r.Note, newStatement(t, r.Kind)); !errors.Is(err, want) {
			t.Errorf("%s: %v", r.Why, err)
		}
	}
	for _, r := range v.RefusedKeys {
		if _, err := NewVerifier(r.Key); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", r.Why, err)
		}
	}
}

// Nothing is signed that could not be opened.
func TestSignRefuses(t *testing.T) {
	v := readVectors(t)
	k := keysOf(t, v)
	if _, err := k.Sign(&Receipt{}); !errors.Is(err, ErrMalformed) {
		t.Error(err)
	}
	var p Parameters
	if err := json.Unmarshal(v.Notes[0].Content, &p); err != nil {
		t.Fatal(err)
	}
	p.Consent.Text = strings.Repeat("a", MaxNote)
	p.Consent.SHA256 = TextSHA256(p.Consent.Text)
	if _, err := k.Sign(&p); !errors.Is(err, ErrMalformed) {
		t.Error(err)
	}
	// Letters that JSON writers like to escape come back as they were.
	p.Consent.Text = "<b>&\u2028\"\\ ünïcode\x7f"
	p.Consent.SHA256 = TextSHA256(p.Consent.Text)
	signed, err := k.Sign(&p)
	if err != nil {
		t.Fatal(err)
	}
	var opened Parameters
	if err := verifierOf(t, v).Open(signed, &opened); err != nil || opened.Consent != p.Consent {
		t.Error(err, opened.Consent)
	}
}
