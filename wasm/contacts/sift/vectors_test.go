package sift

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// vectors is tests/vectors/sift.json, which JavaScript's tests read too.
type vectors struct {
	Filter []struct {
		Why, Text, Region, E164, Reason string
		Drop                            []string // nil: the usual
	}
	Guess []struct {
		Why, Region, Decided     string
		Texts, Hints, Contenders []string
	}
}

func readVectors(t *testing.T) (v vectors) {
	t.Helper()
	text, err := os.ReadFile("../../../tests/vectors/sift.json")
	if err == nil {
		err = json.Unmarshal(text, &v)
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Filter) != 46 || len(v.Guess) != 23 {
		t.Errorf("%d and %d vectors", len(v.Filter), len(v.Guess))
	}
	return v
}

func TestFilterVectors(t *testing.T) {
	byName := map[string]Reason{}
	for r := range OfType(11) + 1 {
		byName[r.String()] = r
	}
	seen := map[string]bool{}
	for _, c := range readVectors(t).Filter {
		f := Filter{Region: c.Region}
		if c.Drop != nil {
			f.Drop = Nothing
		}
		for _, name := range c.Drop {
			r, ok := byName[name]
			if !ok {
				t.Fatalf("%s: %s is no reason", c.Why, name)
			}
			f.Drop |= Set(r)
		}
		n, r := f.JudgeString(c.Text)
		if n.String() != c.E164 || r.String() != c.Reason {
			t.Errorf("%s: %s %v", c.Why, n, r)
		}
		seen[c.Reason] = true
	}
	for _, name := range []string{"KEPT", "INVALID_COUNTRY_CODE", "NOT_A_NUMBER", "TOO_SHORT_AFTER_IDD", "TOO_SHORT_NSN", "TOO_LONG", "EMERGENCY", "SHORT", "IMPOSSIBLE", "LOCAL_ONLY", "INVALID", "PREMIUM_RATE", "TOLL_FREE", "FIXED_LINE"} {
		if !seen[name] {
			t.Errorf("no vector is %s", name)
		}
	}
}

func TestGuessVectors(t *testing.T) {
	for _, c := range readVectors(t).Guess {
		var g Guess
		for _, text := range c.Texts {
			g.Add([]byte(text), "")
		}
		got := g.Best(c.Hints...)
		var contenders []string
		for _, o := range got.Contenders {
			contenders = append(contenders, o.Region)
		}
		if got.Region != c.Region || got.Why.String() != c.Decided || !slices.Equal(contenders, c.Contenders) {
			t.Errorf("%s: %s %v %v", c.Why, got.Region, got.Why, contenders)
		}
	}
}
