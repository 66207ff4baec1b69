package numbers

import (
	"strings"
	"testing"

	"sealbook/wasm/number"
)

// TestExamples compares with nyaruka's build on each example number of each
// region and type, in every form, read in its own region, in none and in two
// others.
func TestExamples(t *testing.T) {
	s, err := NewSource(0)
	if err != nil {
		t.Fatal(err)
	}
	r := newReport(nyarukaCauses)
	total := 0
	for _, e := range s.examples {
		n := e.number
		for _, f := range []number.Format{number.E164, number.International, number.National, number.RFC3966, number.Digits, number.Dialled, number.NationalDigits, number.Significant} {
			text := n.Format(f)
			for _, region := range []string{strings.Replace(e.region, "001", "ZZ", 1), "ZZ", "US", "DE"} {
				for _, suffix := range []string{"", " ext. 12"} {
					in := Input{text + suffix, region}
					r.compare(in, Ours(in), nyaruka(in))
					total++
				}
			}
		}
	}
	if len(s.examples) != 1144 {
		t.Errorf("%d examples", len(s.examples))
	}
	r.check(t, total, map[string]int{})
}
