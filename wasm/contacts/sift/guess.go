package sift

import (
	"slices"

	"sealbook/wasm/number"
)

// A Guess finds out in which region somebody's contacts were written down, for
// that is how to read the numbers in them that have no calling code. It is a
// guess: show it, and let it be changed.
//
//	var g sift.Guess
//	for … { g.Add(text) }
//	found := g.Best("GB") // what else speaks for a region, the strongest first
//
// Numbers without a calling code tell the most: where the wrong region is
// taken, few of them are valid. A region has a point for each that is valid and
// its own there, and another if the text has the groups in which that region
// writes it: "07400 123456" is British; India, where the digits are valid too,
// would write "074001 23456". All regions that come within a tenth of the best are
// contenders. Of these a hint decides, else where most of the numbers with a
// calling code come from, else the points, unless two have the same. Without
// numbers that tell anything the majority of those with a calling code decides,
// from three on, and then a hint.
type Guess struct {
	valid, written, international [number.RegionCount]uint32

	texts    uint32 // without calling code and valid somewhere
	sampled  uint32 // without calling code
	worldly  uint32 // with one, and valid
	national uint32 // without one: all
}

// GuessSample is how many texts without calling code a Guess looks at; the rest
// is counted only. Each is read in every region: some 40 µs.
const GuessSample = 300

// Why says what decided a guess.
type Why uint8

const (
	NoGuess       Why = iota // nothing, or two regions equally
	ByNumbers                // numbers without calling code are valid and written so there
	ByHint                   // the same, and for other regions as well; or nothing else tells
	ByCallingCode            // the calling codes of the others
)

var whyNames = [...]string{"NONE", "NUMBERS", "HINT", "CALLING_CODE"}

// String gives NONE, NUMBERS, HINT or CALLING_CODE.
func (w Why) String() string { return whyNames[w] }

// Guessed is what a [Guess] comes to.
type Guessed struct {
	Region     string // "" for none
	Why        Why
	Contenders []Contender // the likeliest first; those that were not chosen too
	National   int         // texts without a calling code
	Known      int         // valid numbers with one
}

// Contender is a region that fits the numbers.
type Contender struct {
	Region        string
	Valid         int // texts without a calling code that are valid numbers of it, of GuessSample at most
	Written       int // … and have the groups that it writes
	International int // valid numbers with its calling code
}

// points is how well a contender fits.
func (c Contender) points() int { return c.Valid + c.Written }

// Add takes a number as somebody wrote it. What is no number tells nothing.
func (g *Guess) Add(text []byte) {
	n, code := number.ParseBytes(text, "")
	if code == number.OK {
		if info := n.Info(); info.Valid {
			if i := regionIndex(info.Region); i >= 0 {
				g.worldly++
				g.international[i]++
			}
		}
		return
	}
	if code != number.InvalidCountryCode {
		return
	}
	g.national++
	if g.sampled == GuessSample {
		return
	}
	g.sampled++
	var room [number.MaxText]byte
	somewhere := false
	for i := range g.valid {
		region := number.RegionAt(i)
		n, code := number.ParseBytes(text, region)
		if code != number.OK {
			continue
		}
		if info := n.Info(); !info.Valid || info.Region != region {
			continue
		}
		somewhere = true
		g.valid[i]++
		if sameGroups(text, n.Append(room[:0], number.National)) {
			g.written[i]++
		}
	}
	if somewhere {
		g.texts++
	}
}

// regionIndex finds a region in the list of all, -1 if it is not there.
func regionIndex(region string) int {
	for i := range number.RegionCount {
		if number.RegionAt(i) == region {
			return i
		}
	}
	return -1
}

// sameGroups says whether two texts have the same ASCII digits in the same
// groups, and more than one. What parts the groups does not matter.
func sameGroups(a, b []byte) bool {
	groups := 0
	for {
		a, b = skipOthers(a), skipOthers(b)
		if len(a) == 0 || len(b) == 0 {
			return len(a) == len(b) && groups > 1
		}
		groups++
		for len(a) > 0 && len(b) > 0 && isDigit(a[0]) && a[0] == b[0] {
			a, b = a[1:], b[1:]
		}
		if len(a) > 0 && isDigit(a[0]) || len(b) > 0 && isDigit(b[0]) {
			return false
		}
	}
}

func skipOthers(s []byte) []byte {
	for len(s) > 0 && !isDigit(s[0]) {
		s = s[1:]
	}
	return s
}

// Best answers the guess on all texts so far. Hints are regions that something
// else speaks for, such as the language or the time zone of the machine, the
// strongest first; what is not a region is passed over.
func (g *Guess) Best(hints ...string) Guessed {
	out := Guessed{National: int(g.national), Known: int(g.worldly), Contenders: g.contenders()}
	hinted := func(ok func(Contender) bool) string {
		for _, h := range hints {
			i := regionIndex(h)
			if i >= 0 && ok(g.contender(i)) {
				return h
			}
		}
		return ""
	}
	decided := func(region string, why Why) Guessed {
		if region != "" {
			out.Region, out.Why = region, why
		}
		return out
	}
	if len(out.Contenders) == 0 {
		for i, n := range g.international {
			if n >= 3 && 2*n > g.worldly {
				return decided(number.RegionAt(i), ByCallingCode)
			}
		}
		return decided(hinted(func(Contender) bool { return true }), ByHint)
	}
	best := out.Contenders[0].points()
	if len(out.Contenders) == 1 {
		return decided(out.Contenders[0].Region, ByNumbers)
	}
	if h := hinted(func(c Contender) bool { return c.fits(best) }); h != "" {
		return decided(h, ByHint)
	}
	byCode := slices.Clone(out.Contenders)
	slices.SortStableFunc(byCode, func(a, b Contender) int { return b.International - a.International })
	if byCode[0].International > byCode[1].International {
		return decided(byCode[0].Region, ByCallingCode)
	}
	if best > out.Contenders[1].points() {
		return decided(out.Contenders[0].Region, ByNumbers)
	}
	return out
}

// fits says whether a region comes within a tenth of the best.
func (c Contender) fits(best int) bool { return c.points() > 0 && 10*c.points() >= 9*best }

func (g *Guess) contender(i int) Contender {
	return Contender{number.RegionAt(i), int(g.valid[i]), int(g.written[i]), int(g.international[i])}
}

// contenders answers the regions that fit, the best first and else by the
// alphabet; none if even the best can read less than half of the texts.
func (g *Guess) contenders() (list []Contender) {
	best, valid := 0, 0
	for i := range g.valid {
		if c := g.contender(i); c.points() > best {
			best, valid = c.points(), c.Valid
		}
	}
	if 2*valid < int(g.texts) {
		return nil
	}
	for i := range g.valid {
		if c := g.contender(i); c.fits(best) {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b Contender) int { return b.points() - a.points() })
	return list
}

func isDigit(c byte) bool { return c-'0' < 10 }
