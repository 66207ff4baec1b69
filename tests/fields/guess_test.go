package fields

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"sealbook/wasm/contacts/sift"
	"sealbook/wasm/field"
	"sealbook/wasm/number"
)

// guessed are regions of all continents, by the number of people who have phones
// there.
var guessed = strings.Fields("CN IN US ID BR RU NG JP BD PK MX DE VN PH ET EG TR IR TH GB FR IT ZA KR CO ES UA AR KE PL " +
	"DZ CA SA UZ MY PE GH MA NP VE AU KZ TW CL NL RO GT EC BE SE CZ PT GR HU AT CH IL HK SG DK")

// TestGuess writes mobile numbers of each region in four ways, guesses the region
// on machines of several languages, and reads the numbers in it.
func TestGuess(t *testing.T) {
	if len(guessed) != 60 {
		t.Fatalf("%d regions", len(guessed))
	}
	spellings := []struct {
		name  string
		write func(number.Number) string
	}{
		{"national", func(n number.Number) string { return n.Format(number.National) }},
		{"no zero", func(n number.Number) string { return n.Format(number.Significant) }},
		{"no plus", func(n number.Number) string { return n.Format(number.Digits) }},
		{"00", func(n number.Number) string { return n.Format(number.Dialled) }},
	}
	machines := []struct{ name, hint string }{{"none", ""}, {"US", "US"}, {"DE", "DE"}, {"own", "own"}}
	r := rand.New(rand.NewPCG(3, 3))
	var space number.Space
	var reader field.Reader
	var g sift.Guess
	var b strings.Builder
	fmt.Fprintf(&b, "%-10s %-6s %9s %9s %9s %9s %9s\n", "written", "hint", "region", "undecided", "right", "wrong", "lost")
	wrong, total, undecided, files := 0, 0, 0, 0
	for _, s := range spellings {
		for _, m := range machines {
			hit, none, right, bad, lost := 0, 0, 0, 0, 0
			for _, region := range guessed {
				space.Reset(region)
				var numbers []number.Number
				for len(numbers) < 8 {
					if n := space.At(r.Uint64N(space.Len())); n.Region() == region {
						numbers = append(numbers, n)
					}
				}
				g.Reset()
				for _, n := range numbers {
					g.Add([]byte(s.write(n)), "")
				}
				found := g.Best(strings.Replace(m.hint, "own", region, 1))
				if found.Region != region && found.Region != "" && testing.Verbose() {
					t.Logf("%s %s: %s taken for %s", s.name, m.name, region, found.Region)
				}
				switch found.Region {
				case region:
					hit++
				case "":
					none++
				}
				for _, n := range numbers {
					got, code := reader.Read([]byte(s.write(n)), field.Options{Region: found.Region, Habit: found.Habit})
					switch {
					case code != field.OK || !got[0].Valid:
						lost++
					case got[0].String() == n.String():
						right++
					default:
						bad++
						if testing.Verbose() && bad < 12 {
							t.Logf("%s %s: %q read in %s %v: %s", s.name, m.name, s.write(n), found.Region, found.Habit, got[0].String())
						}
					}
				}
			}
			fmt.Fprintf(&b, "%-10s %-6s %5d/60 %6d/60 %9d %9d %9d\n", s.name, m.name, hit, none, right, bad, lost)
			wrong, total = wrong+bad, total+right+bad+lost
			undecided, files = undecided+none, files+60
		}
	}
	t.Logf("\n%sundecided: %.1f %% of the files; kept wrong: %d of %d\n", b.String(), 100*float64(undecided)/float64(files), wrong, total)
	if wrong*1000 > total {
		t.Errorf("%d of %d numbers are kept wrong", wrong, total)
	}
}
