package upload

import (
	"slices"
	"testing"

	"sealbook/wasm/email"
	"sealbook/wasm/recipe"
)

// Each preset has a column, recipes of the right kind, and says where the names
// are from.
func TestPresets(t *testing.T) {
	var ids []string
	published := 0
	for _, p := range Presets() {
		if slices.Contains(ids, p.ID) {
			t.Errorf("%s: twice", p.ID)
		}
		ids = append(ids, p.ID)
		if got, ok := Lookup(p.ID); !ok || got.ID != p.ID {
			t.Errorf("%s: not found", p.ID)
		}
		if p.Phone.Name == "" && p.Email.Name == "" || p.Vendor == "" || len(p.Source) < 20 || len(p.Read) != len("2026-11") {
			t.Errorf("%s: %+v", p.ID, p)
		}
		if p.Phone.Name != "" {
			if r, ok := recipe.Lookup(p.Phone.Recipe); !ok || !r.Computable() || r.Form() == recipe.Email {
				t.Errorf("%s: no recipe for numbers %q", p.ID, p.Phone.Recipe)
			}
		}
		if p.Email.Name != "" {
			if r, ok := email.Lookup(p.Email.Recipe); !ok || r.Vendor != p.Vendor {
				t.Errorf("%s: no recipe for addresses %q", p.ID, p.Email.Recipe)
			}
		}
		if p.Confidence != recipe.RecallOnly {
			published++
		}
	}
	if len(ids) != 9 || published != 4 {
		t.Errorf("%d presets, %d of them with a source, want 9 and 4", len(ids), published)
	}
	if _, ok := Lookup("nobody"); ok {
		t.Error("found what is not there")
	}
}
