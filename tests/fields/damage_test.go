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
	var names []string
	for name := range counts {
		names = append(names, name)
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
