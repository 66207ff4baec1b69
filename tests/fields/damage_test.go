package fields

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sealbook/wasm/field"
	"sealbook/wasm/number"
)

// outcome counts what became of numbers.
type outcome struct{ right, none, ambiguous, wrong int }

func (o outcome) total() int { return o.right + o.none + o.ambiguous + o.wrong }

// A limit is how many may be wrong and how many must be right, of one.
type limit struct{ wrong, right float64 }

// limitsOf has the damages that cannot be told from something else. A number
// with its code and no plus may be another one of the region, as 220 541 3434 is
// in the US and, behind +220, in Gambia: alone it is read as that, as people of the
// region write it. A national number behind a plus may be one of another country.
// Without a region nobody knows a code in less than 11 digits.
var limitsOf = map[string]limit{
	"no plus in":           {0.075, 0.70},
	"plus before national": {0.03, 0.40},
	"doubled code":         {0.0025, 0.99},
	"two with":             {0.0015, 0.99},
}

// TestDamage damages mobile numbers of all regions in all ways.
func TestDamage(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	var space number.Space
	var reader field.Reader
	counts := map[string]*outcome{}
	for _, region := range number.Regions() {
		// Gabon's old numbers of 7 digits are written as others of 8 are read.
		if region == "GA" || !space.Reset(region) {
			continue
		}
		for range 8 {
			n, other := space.At(r.Uint64N(space.Len())), space.At(r.Uint64N(space.Len()))
			if n.Region() != region || other.Region() != region || n == other {
				continue
			}
			for _, d := range Damages() {
				text, home, want := d.Make(r, n, other)
				if home == n.Region() {
					home = region
				}
				found, code := reader.Read([]byte(text), field.Options{Region: home})
				o := counts[d.Name]
				if o == nil {
					o = new(outcome)
					counts[d.Name] = o
				}
				switch {
				case code == field.Ambiguous:
					o.ambiguous++
				case code != field.OK:
					if want == nil {
						o.right++
					} else {
						o.none++
					}
				case same(found, want):
					o.right++
				case kept(found):
					o.wrong++
					if o.wrong <= 12 && testing.Verbose() {
						t.Logf("%-22s %-3s %-40q %v %v", d.Name, home, text, names(found), want)
					}
				default:
					o.none++
				}
			}
		}
	}
	if len(counts) != len(Damages()) {
		t.Errorf("%d damages", len(counts))
	}
	var names []string
	for name, o := range counts {
		names = append(names, name)
		limits := limit{0.001, 0.94}
		for prefix, l := range limitsOf {
			if strings.HasPrefix(name, prefix) {
				limits = l
			}
		}
		if n := float64(o.total()); n < 1500 || float64(o.wrong)/n > limits.wrong || float64(o.right)/n < limits.right {
			t.Errorf("%s: %+v", name, *o)
		}
	}
	slices.Sort(names)
	var b strings.Builder
	fmt.Fprintf(&b, "%-24s %7s %7s %9s %7s\n", "damage, of mobiles", "right", "none", "ambiguous", "wrong")
	for _, name := range names {
		o := counts[name]
		n := float64(o.total()) / 100
		fmt.Fprintf(&b, "%-24s %6.2f%% %6.2f%% %8.2f%% %6.2f%%\n", name, float64(o.right)/n, float64(o.none)/n, float64(o.ambiguous)/n, float64(o.wrong)/n)
	}
	t.Log("\n" + b.String())
}

func same(found []field.Found, want []number.Number) bool {
	if len(found) != len(want) {
		return false
	}
	for i := range found {
		if found[i].String() != want[i].String() {
			return false
		}
	}
	return true
}

// kept says whether one of the numbers would be kept: is valid.
func kept(found []field.Found) bool {
	for i := range found {
		if found[i].Valid {
			return true
		}
	}
	return false
}

func names(found []field.Found) (list []string) {
	for i := range found {
		list = append(list, found[i].String()+"{"+string(found[i].Repairs.Append(nil))+"}")
	}
	return list
}
