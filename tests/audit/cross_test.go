package audit

import (
	"fmt"
	"slices"
	"testing"

	"sealbook/tests/audit/corpus"
	"sealbook/wasm/audit"
	"sealbook/wasm/capture"
)

// A contact in any form behind up to four encodings in any order is found, and
// what is none is not, whatever is around it. Encodings that nobody puts around
// each other cost the few that may be missed.
func TestCross(t *testing.T) {
	const count = 1500
	list, contacts := corpus.Cross(1, count)
	a := audit.New(book(t, &corpus.Corpus{Contacts: contacts}), audit.Options{})
	planted, found, near := 0, 0, 0
	for _, c := range list {
		a.Message(&capture.Message{Parts: []capture.Part{{Place: capture.Body, Bytes: c.Body}}})
		findings := slices.DeleteFunc(a.End().Findings, func(f audit.Finding) bool { return f.Certainty < audit.Likely })
		for _, f := range findings {
			if c.Kind == "" || f.E164 != c.Contact.E164 {
				t.Errorf("a false alarm: %s in %v: %v %v %v", c.Form, c.Layers, f.Kind, f.Certainty, f.Chain)
			}
		}
		if c.Kind == "" {
			near++
			continue
		}
		planted++
		if slices.ContainsFunc(findings, func(f audit.Finding) bool {
			return f.Kind.String() == c.Kind && (c.Want != "certain" || f.Certainty == audit.Certain)
		}) {
			found++
		} else {
			t.Log("missed: ", c.Form, " in ", fmt.Sprint(c.Layers))
		}
	}
	if planted < 1100 || near < 250 {
		t.Fatalf("%d planted, %d near misses", planted, near)
	}
	t.Logf("%d of %d", found, planted)
	if 100*found < 99*planted {
		t.Errorf("%d of %d", found, planted)
	}
}
