package check_test

import (
	"errors"
	"slices"
	"testing"

	"sealbook/verifier/check"
	"sealbook/wasm/directory"
)

// One signed receipt, as often as a file of 256 MB has it, is not held against itself
// as often: nobody would live to see the end.
func TestTooManyPapers(t *testing.T) {
	w := newToldWorld(t)
	p := w.Stranger(w.Draw())
	key, err := directory.NewVerifier(w.Key())
	if err != nil {
		t.Fatal(err)
	}
	some := slices.Repeat([]check.Paper{w.paper(p.Tag, nil)}, 1000)
	many := append(slices.Clone(some), some[0])
	if list, err := check.ReadReceipts(some, key); err != nil || len(list) != 1000 {
		t.Errorf("%d: %v", len(list), err)
	}
	if list, err := check.ReadReceipts(many, key); !errors.Is(err, check.Fetch) || list != nil {
		t.Errorf("%d: %v", len(list), err)
	}
	r, list, _ := w.told(t, w.Key(), nil, some...)
	want(t, "1000", r, 0, "")
	if len(list) != 1000 {
		t.Errorf("%d checked", len(list))
	}
	r, list, _ = w.told(t, w.Key(), nil, many...)
	want(t, "1001", r, 2, check.Fetch)
	if len(list) != 0 {
		t.Errorf("%d checked", len(list))
	}
}
