package field

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// vector is one of tests/vectors/fields.json, which JavaScript's tests read too.
type vector struct {
	Kind, Input, Region, Country, Habit string
	Want                                []string // E.164
	Repairs                             []string // of each, commas between
	Error                               string
}

var habits = map[string]Habit{"": AnyHabit, "NATIONAL": National, "CODE_WITHOUT_PLUS": CodeWithoutPlus}

func TestVectors(t *testing.T) {
	text, err := os.ReadFile("../../tests/vectors/fields.json")
	if err != nil {
		t.Fatal(err)
	}
	var vectors []vector
	if err := json.Unmarshal(text, &vectors); err != nil {
		t.Fatal(err)
	}
	if len(vectors) != 768 {
		t.Errorf("%d vectors", len(vectors))
	}
	var r Reader
	seen := Repairs(0)
	for _, v := range vectors {
		habit, ok := habits[v.Habit]
		if !ok {
			t.Fatalf("%s: no such habit", v.Kind)
		}
		found, code := r.Read([]byte(v.Input), Options{Region: v.Region, Country: v.Country, Habit: habit})
		if code.String() != v.Error && !(code == OK && v.Error == "") {
			t.Errorf("%s: %q: %v, want %s", v.Kind, v.Input, code, v.Error)
		}
		var got, repairs []string
		for i := range found {
			got = append(got, found[i].String())
			repairs = append(repairs, string(found[i].Repairs.Append(nil)))
			seen |= found[i].Repairs
		}
		if strings.Join(got, " ") != strings.Join(v.Want, " ") {
			t.Errorf("%s: %q in %s: %v, want %v", v.Kind, v.Input, v.Region, got, v.Want)
		} else if strings.Join(repairs, " ") != strings.Join(v.Repairs, " ") {
			t.Errorf("%s: %q in %s: %v, want %v", v.Kind, v.Input, v.Region, repairs, v.Repairs)
		}
	}
	for r := range repairCount {
		if !seen.Has(r) {
			t.Errorf("no vector has %v", r)
		}
	}
}
