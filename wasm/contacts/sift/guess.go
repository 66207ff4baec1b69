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
// taken, few of them fit. A number fits a region if it is a valid one of it, or
// a possible one in the groups in which the region writes it; each that fits is a
// point, and another if it has those groups: "07400 123456" is British; India,
// where the digits are valid too, would write "074001 23456". All regions that
// come within a tenth of the best are contenders. Of these a hint decides, else
// where most of the numbers with a calling code come from, else where most are
// valid beside, unless that is equal too. Without contenders the majority of
// calling codes decides, from three on, and then a hint.
type Guess struct {
	fit, valid, written, international [number.RegionCount]uint32

	texts    uint32 // without calling code that fit somewhere
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
	ByNumbers                // numbers without calling code fit there
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
	Fit           int // texts without a calling code that fit, of GuessSample at most
	Valid         int // … that are valid
	Written       int // … that are in the groups in which it writes them
	International int // valid numbers with its calling code
}

// points is how well a contender fits.
func (c Contender) points() int { return c.Fit + c.Written }

// rank tells contenders apart.
func (c Contender) rank() int { return c.points() + c.Valid }

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
	for i := range g.fit {
		region := number.RegionAt(i)
		n, code := number.ParseBytes(text, region)
		if code != number.OK || n.CallingCode() != number.CallingCode(region) {
			continue
		}
		info := n.Info()
		if info.Possible != number.IsPossible || info.Valid && info.Region != region {
			continue
		}
		written := sameGroups(text, n.Append(room[:0], number.National))
		if written {
			g.written[i]++
		}
		if info.Valid {
			g.valid[i]++
		}
		if info.Valid || written {
			g.fit[i]++
			somewhere = true
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
	if len(out.Contenders) == 1 {
		return decided(out.Contenders[0].Region, ByNumbers)
	}
	if h := hinted(func(c Contender) bool { return slices.Contains(out.Contenders, c) }); h != "" {
		return decided(h, ByHint)
	}
	byCode := slices.Clone(out.Contenders)
	slices.SortStableFunc(byCode, func(a, b Contender) int { return b.International - a.International })
	if byCode[0].International > byCode[1].International {
		return decided(byCode[0].Region, ByCallingCode)
	}
	if out.Contenders[0].rank() > out.Contenders[1].rank() {
		return decided(out.Contenders[0].Region, ByNumbers)
	}
	return out
}

// fits says whether a region comes within a tenth of the best.
func (c Contender) fits(best int) bool { return c.points() > 0 && 10*c.points() >= 9*best }

func (g *Guess) contender(i int) Contender {
	return Contender{number.RegionAt(i), int(g.fit[i]), int(g.valid[i]), int(g.written[i]), int(g.international[i])}
}

// contenders answers the regions that fit, the best first and else by the
// alphabet; none if even the best fits less than half of the texts.
func (g *Guess) contenders() (list []Contender) {
	var best Contender
	for i := range g.fit {
		if c := g.contender(i); c.points() > best.points() {
			best = c
		}
	}
	if 2*best.Fit < int(g.texts) {
		return nil
	}
	for i := range g.fit {
		if c := g.contender(i); c.fits(best.points()) {
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b Contender) int { return b.rank() - a.rank() })
	return list
}

func isDigit(c byte) bool { return c-'0' < 10 }
