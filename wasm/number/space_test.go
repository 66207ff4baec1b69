package number

import (
	"math/rand/v2"
	"strings"
	"testing"
)

func TestSpaces(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	var none []string
	most, counted := 0, 0
	var s Space
	for _, region := range Regions() {
		if !s.Reset(region) {
			none = append(none, region)
			if s.Len() != 0 || s.At(0) != (Number{}) {
				t.Errorf("%s: numbers in an empty space", region)
			}
			continue
		}
		most = max(most, int(s.count))
		check := func(i uint64) string {
			n := s.At(i)
			info := n.Info()
			if info.Region != region || info.Type != Mobile && info.Type != FixedLineOrMobile {
				t.Fatalf("%s: number %d is of %+v", region, i, info)
			}
			return n.String()
		}
		for range 300 {
			i := random.Uint64N(s.Len())
			if i+1 < s.Len() && check(i) >= check(i+1) {
				t.Fatalf("%s: number %d is not before the next", region, i)
			}
		}
		check(0)
		check(s.Len() - 1)
		if s.At(s.Len()) != (Number{}) {
			t.Errorf("%s: a number beyond the last", region)
		}
		// All of a small space, by trying every number of its lengths.
		e := &entries[regionOf(region)]
		if e.lengths >= 1<<7 {
			continue
		}
		counted++
		count := uint64(0)
		for digits := uint8(2); digits < 7; digits++ {
			end := uint64(1)
			for range digits {
				end *= 10
			}
			for v := uint64(0); e.lengths>>digits&1 != 0 && v < end; v++ {
				n := Number{plan: e.plan}
				n.setNational(decimalDigits(v, int(digits)))
				info := n.Info()
				if info.Type == Mobile || info.Type == FixedLineOrMobile {
					count++
				}
			}
		}
		if count != s.Len() {
			t.Errorf("%s: %d numbers, %d by trying", region, s.Len(), count)
		}
	}
	if most != 144 || most > spaceNodes {
		t.Errorf("at most %d nodes", most)
	}
	if got := strings.Join(none, " "); got != "AX BL CC CX EH MF SJ TA VA" {
		t.Errorf("no mobile numbers in %s", got)
	}
	if counted < 5 {
		t.Errorf("%d spaces counted", counted)
	}
}
