package sift

import (
	"sealbook/wasm/field"
	"sealbook/wasm/number"
)

// A Guess finds out in which region somebody's contacts were written down, and
// how, for that is how to read the numbers in them that have no calling code. It
// is a guess: show it, and let it be changed.
//
//	var g sift.Guess // about 120 KB: keep it in a variable, not on a stack
//	for … { g.Add(text, country) }
//	found := g.Best("GB") // what else speaks for a region, the strongest first
//
// Each region and way of writing (with the trunk zero, without it, with the
// calling code and no plus) is a hypothesis, and a number is evidence for it:
// the rarer what it looks like is, the stronger. A valid mobile number of a
// strict plan says much, one of a plan that accepts nearly every length and
// digit says little, and what is not valid speaks against the region.
// Premium-rate numbers and their like say nothing. All is counted in decibels, ten
// times the decimal logarithm. Whatever comes within [margin] of the best
// contends with it, and leaves the region undecided, unless reading in it would
// be the same.
type Guess struct {
	reader  field.Reader
	answers [guessQuestions]field.Answer
	list    [guessQuestions]field.Question

	digits  [24]byte // of the number that is asked about
	length  int
	plus    bool
	country int // place of the row's region, -1 for none
	groups  [24]byte
	parts   int // how many groups there are

	seen  [GuessSample]uint32 // beginnings of numbers
	begun int

	national      [planCount]int32  // cost of each region, if its numbers were written in the national way
	zeroless      [planCount]int32  // … without the trunk zero
	bare          int32             // cost if they were written with calling code and no plus
	bares         [planCount]uint16 // numbers that are valid so, by their region
	fit           [planCount]uint16 // numbers that are valid there
	own           [planCount]uint16 // … and not in another region of the calling code
	international [planCount]uint16
	countries     [planCount]uint16

	sampled uint32 // numbers without plus that were looked at
	all     uint32 // numbers without plus
	worldly uint32 // valid ones with a plus
	rows    uint32 // that have a country
}

// GuessSample is how many numbers without plus a Guess looks at; the rest is
// counted only. Each is read in every region: some 40 µs.
const GuessSample = 100

// guessQuestions is a number in every region, without a trunk zero, and behind a plus.
const guessQuestions = planCount + 2

// Decibels.
const (
	margin         = 25  // what is nearer than this contends
	hinted         = 10  // … where the first hint names the best
	odd            = 25  // a number that does not fit its file
	digitWeight    = 9   // each digit of such a one
	sister         = 6   // … of one with the same calling code
	notMobile      = 4   // fixed lines are fewer among contacts
	sameGroups     = 9   // written in the groups of the region
	sameButBracket = 4   // but for a bracket
	otherGroups    = 5   // in others
	misfit         = 10  // once more a number that does not fit, of a beginning that was there
	possible       = 14  // a range that is not in use, as far as the metadata knows, but for the digits
	withoutZero    = 12  // a number without the trunk zero of its region
	wayZeroless    = 12  // a file of such numbers
	wayBare        = 8   // a file of numbers with calling code and no plus
	perCountry     = 30  // a column of countries that names the region
	firstHint      = 30  // and less for each that follows
	perKnown       = 30  // a number with calling code, up to
	mostKnown      = 30  //
	ofAll          = 100 // the largest plan; smaller ones are less likely
)

// Why says what decided a guess.
type Why uint8

const (
	NoGuess       Why = iota // nothing, or two regions equally
	ByNumbers                // numbers without calling code fit there
	ByHint                   // the same, and for other regions as well; or nothing else tells
	ByCallingCode            // the calling codes of the others
	ByCountry                // the rows' countries
)

var whyNames = [...]string{"NONE", "NUMBERS", "HINT", "CALLING_CODE", "COUNTRY"}

// String gives NONE, NUMBERS, HINT, CALLING_CODE or COUNTRY.
func (w Why) String() string { return whyNames[w] }

// Guessed is what a [Guess] comes to.
type Guessed struct {
	Region     string // "" for none
	Habit      field.Habit
	Why        Why
	Contenders []Contender // the likeliest first; those that were not chosen too
	National   int         // numbers without plus
	Known      int         // valid numbers with one
}

// Contender is a region that fits the numbers.
type Contender struct {
	Region        string
	Fit           int // numbers without plus that are valid there, of GuessSample at most
	International int // valid numbers with its calling code
}

// Reset makes g new.
func (g *Guess) Reset() {
	g.national, g.zeroless, g.bare = [planCount]int32{}, [planCount]int32{}, 0
	g.bares = [planCount]uint16{}
	g.fit, g.own, g.international, g.countries = [planCount]uint16{}, [planCount]uint16{}, [planCount]uint16{}, [planCount]uint16{}
	g.sampled, g.all, g.worldly, g.rows, g.begun = 0, 0, 0, 0, 0
}

// Add takes a field as somebody filled it, and the region or calling code that
// its row's column of countries names, "" for none. What holds no number, or
// several, tells nothing.
func (g *Guess) Add(text []byte, country string) {
	questions := g.Ask(text, country)
	for i := range questions {
		g.answers[i] = field.Know(questions[i].Text(), string(questions[i].Region()))
	}
	g.Take(g.answers[:len(questions)])
}

// Ask lists what has to be known about a field; the answers go to Take. Like
// [field.Reader.Ask] it is for whoever has no package number at hand.
func (g *Guess) Ask(text []byte, country string) []field.Question {
	g.length = 0
	g.country = planOf(country)
	if g.country >= 0 {
		g.rows++
		g.countries[g.country]++
	}
	digits, plus := g.reader.Digits(text)
	if len(digits) < 6 {
		return nil
	}
	g.length = copy(g.digits[:], digits)
	g.parts = 0
	least := 2
	groups := g.reader.Groups(g.groups[:0])
	if groups[0] == '(' {
		least = 3
	}
	if len(groups) >= least {
		g.parts = len(groups)
	}
	g.plus = plus
	d := g.digits[:g.length]
	if plus {
		g.list[0].Set(true, d, "")
		return g.list[:1]
	}
	if d[0] == '0' && d[1] == '0' && g.length > 9 {
		// An international prefix of most countries.
		g.list[0].Set(true, d[2:], "")
	} else {
		g.list[0].Set(true, d, "")
	}
	g.all++
	if g.sampled == GuessSample {
		g.length = 0
		return nil
	}
	for i := range planCount {
		g.list[1+i].Set(false, d, planAt(i).region())
	}
	return g.list[:1+planCount]
}

// Take takes the answers to what Ask asked.
func (g *Guess) Take(answers []field.Answer) {
	if len(answers) == 0 {
		return
	}
	d := g.digits[:g.length]
	code := &answers[0]
	known := code.Valid && speaks(code)
	home := -1
	if known {
		home = planOf(string(code.Region[:]))
	}
	idd := d[0] == '0' && d[1] == '0'
	if g.plus || idd && known {
		if !g.plus {
			g.all--
		}
		if home >= 0 {
			g.worldly++
			g.international[home]++
		}
		return
	}
	g.sampled++
	unfit := int32(odd + digitWeight*len(d))
	again := g.again(d)
	bare := unfit
	if known && d[0] != '0' {
		bare = min(int32(g.weight(code, home)), unfit)
		if home >= 0 {
			g.bares[home]++
		}
	}
	if again {
		bare = again1(bare, unfit)
	}
	g.bare += bare
	fits := writtenList{rest: written}
	for i := range planCount {
		p := planAt(i)
		patterns := fits.next()
		cost, zeroless := unfit, unfit
		if a := &answers[1+i]; a.Valid && a.Calling == p.code() && speaks(a) {
			at := i
			c := 0
			if string(a.Region[:]) != p.region() {
				at = planOf(string(a.Region[:]))
				c = sister
			} else {
				g.own[i]++
			}
			c += g.weight(a, at)
			if p.trunk() != 0 && d[0] != p.trunk() {
				zeroless = min(int32(c), unfit)
				c += withoutZero
			}
			cost = min(int32(c), unfit)
			g.fit[i]++
		} else if a.Valid && a.Calling == p.code() {
			// Premium-rate and the like: neither for the region nor against it.
			cost = min(int32(possible+10*(int(a.Length)-1-codeWidth(a.Calling))), unfit)
			zeroless = cost
		} else if a.Code == number.OK && !a.Valid && a.Possible == number.IsPossible && a.Calling == p.code() && (p.trunk() == 0 || d[0] == p.trunk()) {
			cost = min(int32(possible+10*(int(a.Length)-1-codeWidth(a.Calling))), unfit)
		}
		if again {
			// Numbers of one company, or one block: no more evidence than the first.
			cost, zeroless = again1(cost, unfit), again1(zeroless, unfit)
		} else if g.parts > 0 && patterns != "" {
			c := int32(otherGroups)
			switch {
			case hasWord(patterns, g.groups[:g.parts]):
				c = -sameGroups
			case g.groups[0] == '(' && hasWord(patterns, g.groups[1:g.parts]):
				c = -sameButBracket
			}
			cost += c
			// Who leaves the zero out seldom groups what is left, unless as before.
			first := &g.groups[0]
			if *first == '(' {
				first = &g.groups[1]
			}
			*first++
			if hasWord(patterns, g.groups[:g.parts]) {
				zeroless -= sameButBracket
			} else {
				zeroless += 2 * otherGroups
			}
			*first--
		}
		g.national[i] += cost
		g.zeroless[i] += zeroless
	}
}

// again says whether a number with the same beginning was there.
func (g *Guess) again(d []byte) bool {
	h := uint32(len(d))
	for _, c := range d[:6] {
		h = h*10 + uint32(c-'0')
	}
	for _, s := range g.seen[:g.begun] {
		if s == h {
			return true
		}
	}
	g.seen[g.begun] = h
	g.begun++
	return false
}

func again1(cost, unfit int32) int32 {
	if cost == unfit {
		return misfit
	}
	return 0
}

// weight returns how little a valid number tells: the more numbers look like it.
//
//go:noinline
func (g *Guess) weight(a *field.Answer, at int) int {
	mobile := a.Type == number.Mobile || a.Type == number.FixedLineOrMobile
	length := int(a.Length) - 1 - codeWidth(a.Calling)
	n := 10*length - 30 // of a range that is too small to be counted
	if at >= 0 {
		if size := planAt(at).size(mobile, length); size > 0 {
			n = size
		}
	}
	switch {
	case mobile:
	case length >= 12:
		n = 10 * length // only loose plans have so long ones, and hardly anybody has one
	default:
		n += notMobile
	}
	return n
}

func codeWidth(code uint16) int {
	switch {
	case code < 10:
		return 1
	case code < 100:
		return 2
	}
	return 3
}

// speaks says whether a number is of a kind that people have.
//
//go:noinline
func speaks(a *field.Answer) bool {
	switch a.Type {
	case number.FixedLine, number.Mobile, number.FixedLineOrMobile, number.VoIP:
		return true
	}
	return false
}

// hypothesis is a region and a way of writing.
type hypothesis struct {
	cost int32
	at   int
	bare bool
}

// Best returns the guess on all fields so far. Hints are regions that something
// else speaks for, such as the language or the time zone of the machine, the
// strongest first; what is not a region is passed over.
func (g *Guess) Best(hints ...string) Guessed {
	out := Guessed{National: int(g.all), Known: int(g.worldly)}
	best, rival := g.weigh(hints)
	if g.sampled > 0 {
		out.Contenders = g.contenders(best)
		switch {
		case best.bare && rival.cost-best.cost >= margin:
			out.Habit = field.CodeWithoutPlus
		case !best.bare && g.withCode().cost-best.cost >= margin:
			out.Habit = field.National
		}
		least := int32(margin)
		if len(hints) > 0 && planAt(best.at).region() == hints[0] {
			least = hinted
		}
		if rival.cost-best.cost < least {
			return out
		}
		// The numbers must fit where they are said to be from.
		if !best.bare && 2*int(g.fit[best.at]) < int(g.sampled) && !named(hints, planAt(best.at).region()) {
			return out
		}
	} else {
		best.at = g.majority()
	}
	if best.at < 0 {
		for _, h := range hints {
			if i := planOf(h); i >= 0 {
				out.Region, out.Why = h, ByHint
				return out
			}
		}
		return out
	}
	out.Why = g.why(best)
	out.Region = planAt(g.sisterOf(best.at, hints)).region()
	return out
}

func named(hints []string, region string) bool {
	for _, h := range hints {
		if h == region {
			return true
		}
	}
	return false
}

// sisterOf returns which of the regions that share a calling code is meant, and
// in each of which numbers read the same: the one that is hinted at, or that has
// most of the numbers.
//
//go:noinline
func (g *Guess) sisterOf(at int, hints []string) int {
	code := planAt(at).code()
	for _, h := range hints {
		if i := planOf(h); i >= 0 && planAt(i).code() == code && (g.own[i] > 0 || g.sampled == 0) {
			return i
		}
	}
	for i := range planCount {
		if planAt(i).code() == code && g.own[i]+g.international[i] > g.own[at]+g.international[at] {
			at = i
		}
	}
	return at
}

// majority returns the region that most numbers with a calling code, and rows
// with a country, are from, three at least; -1 for none.
func (g *Guess) majority() int {
	for i := range planCount {
		if n := int(g.international[i]) + int(g.countries[i]); n >= 3 && 2*n > int(g.worldly+g.rows) {
			return i
		}
	}
	return -1
}

// why finds out what decided: without what the region would be another.
func (g *Guess) why(best hypothesis) Why {
	if g.sampled == 0 {
		if g.countries[best.at] > 0 {
			return ByCountry
		}
		return ByCallingCode
	}
	known, rows := g.worldly, g.rows
	g.worldly, g.rows = 0, 0
	b, r := g.weigh(nil)
	if b.at == best.at && r.cost-b.cost >= margin {
		g.worldly, g.rows = known, rows
		return ByNumbers
	}
	g.worldly, g.rows = known, rows
	b, r = g.weigh(nil)
	if b.at == best.at && r.cost-b.cost >= margin {
		if g.countries[best.at] > 0 {
			return ByCountry
		}
		return ByCallingCode
	}
	return ByHint
}

// prior returns what speaks against a region before its numbers are looked at.
//
//go:noinline
func (g *Guess) prior(i int, hints []string) int32 {
	p := planAt(i)
	size := 0
	for n := leastLength; n <= mostLength; n++ {
		size = max(size, p.numbers(true, n))
	}
	cost := max(ofAll-size, 0)
	if g.worldly > 0 {
		cost -= min(perKnown*int(g.international[i]), mostKnown*int(g.international[i])/int(g.worldly))
	}
	if g.rows > 0 {
		cost -= perCountry * int(g.countries[i]) / int(g.rows)
	}
	weight := firstHint
	for _, h := range hints {
		at := planOf(h)
		if at == i {
			cost -= weight
			break
		}
		if at >= 0 {
			weight = weight * 2 / 3
		}
	}
	return int32(cost)
}

// weigh returns the best hypothesis, and the best that would read numbers
// otherwise.
//
//go:noinline
func (g *Guess) weigh(hints []string) (best, rival hypothesis) {
	best, rival = hypothesis{cost: never}, hypothesis{cost: never}
	for i := range planCount {
		if c := g.written(i) + g.prior(i, hints); c < best.cost {
			best = hypothesis{c, i, false}
		}
	}
	if bare := g.withCode(); bare.cost < best.cost {
		best = bare
	} else if planAt(bare.at).code() != planAt(best.at).code() {
		rival = bare
	}
	for i := range planCount {
		if c := g.written(i) + g.prior(i, hints); c < rival.cost && planAt(i).code() != planAt(best.at).code() {
			rival = hypothesis{c, i, false}
		}
	}
	return best, rival
}

const never = 1 << 30

// withCode returns the hypothesis that the numbers are written with their calling
// codes and no plus. They read the same wherever the file is from; it is from
// where most of them are.
func (g *Guess) withCode() hypothesis {
	h := hypothesis{cost: never, bare: true}
	for i := range planCount {
		if n := g.bares[i]; n > 0 && (h.cost == never || n > g.bares[h.at]) {
			h = hypothesis{g.bare + g.prior(i, nil) + wayBare, i, true}
		}
	}
	return h
}

// written returns what a region costs if the numbers are without calling code.
//
//go:noinline
func (g *Guess) written(i int) int32 { return min(g.national[i], g.zeroless[i]+wayZeroless) }

// contenders returns the regions that are not much worse than the best, the best
// first, and else by the alphabet.
//
//go:noinline
func (g *Guess) contenders(best hypothesis) (list []Contender) {
	var costs [planCount]int32
	for i := range planCount {
		costs[i] = g.written(i) + g.prior(i, nil)
	}
	if h := g.withCode(); h.cost < never {
		costs[h.at] = min(costs[h.at], h.cost)
	}
	least := int32(never)
	for _, c := range costs[:] {
		least = min(least, c)
	}
	for range planCount {
		at := -1
		for i, c := range costs[:] {
			if c < least+margin && g.fit[i]+g.bares[i] > 0 && (at < 0 || c < costs[at]) {
				at = i
			}
		}
		if at < 0 {
			break
		}
		costs[at] = never
		list = append(list, Contender{planAt(at).region(), int(g.fit[at]), int(g.international[at])})
	}
	return list
}
