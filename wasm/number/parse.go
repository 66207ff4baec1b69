package number

import "unsafe"

// maxUnits is the longest text that is read, in UTF-16 units.
const maxUnits = 250

// maxDigits is as many digits as are kept. What can be stripped from the front,
// prefixes and a calling code, has at most 18 together, so of 40 digits more
// than 17 are left in any case, and that is all that matters of longer ones.
const maxDigits = 40

// work is the digits of a text, 0–9 each, and behind them room for two numbers
// that a prefix rule rewrites. Parts of it are passed as places and not as
// slices: TinyGo keeps on the stack only what no pointer leaves.
type work [maxDigits + 2*rewritten]byte

// rewritten is the most digits of a rewritten number.
const rewritten = maxDigits + 8

// span is the digits from from to before to.
type span struct{ from, to int }

func (s span) len() int { return s.to - s.from }

// Parse reads the number in a text as libphonenumber does. region, two
// upper-case letters, says how to read a number without a calling code; "",
// "ZZ", "001" and anything else that is not a region say that there must be
// one. It answers a number of a plausible shape, not a valid one: Info says
// whether it is. The error is a Code.
func Parse(text, region string) (Number, error) {
	n, c := ParseBytes(unsafe.Slice(unsafe.StringData(text), len(text)), region)
	if c != OK {
		return Number{}, c
	}
	return n, nil
}

// ParseBytes does the same for a buffer. It never allocates.
func ParseBytes(text []byte, region string) (Number, Code) {
	ready()
	r := regionOf(region)
	var w work
	// The usual text: digits and ASCII punctuation, perhaps a plus before.
	i := 0
	for i < len(text) && kinds[text[i]] != kindSlow {
		i++
	}
	plus := false
	for i < len(text) && text[i] == '+' {
		plus = true
		i++
	}
	n := 0
	for i < len(text) {
		c := text[i]
		if d := c - '0'; d < 10 {
			if n == maxDigits {
				break
			}
			w[n] = d
			n++
		} else if kinds[c] != kindPlain {
			break
		}
		i++
	}
	if i < len(text) || n < 3 || len(text) > maxUnits {
		return parseText(text, r)
	}
	return w.parse(n, plus, r)
}

// parse finds the number in n normalised digits: what Java's parseHelper does
// after it has taken off the extension and turned letters into digits.
func (w *work) parse(n int, plus bool, region uint8) (Number, Code) {
	if region == 0 && !plus {
		return Number{}, InvalidCountryCode
	}
	rest := span{0, n}
	var p uint8
	code := OK
	if plus {
		p, rest, code = w.callingCode(rest)
		if code == InvalidCountryCode && region != 0 {
			// Once more, as if there were no plus.
			p, rest, code = w.implicitCode(span{0, n}, region)
			if code == OK && p == 0 {
				code = InvalidCountryCode
			}
		}
	} else {
		p, rest, code = w.implicitCode(rest, region)
	}
	if code != OK {
		return Number{}, code
	}
	e := &entries[region]
	if p != 0 {
		e = &entries[plans[p].main]
	}
	if rest.len() < 2 {
		return Number{}, TooShortNSN
	}
	national := w.stripPrefix(e, rest, maxDigits+rewritten)
	switch e.test(national.len()) {
	case IsPossible, PossibleTooLong:
		rest = national
	}
	if rest.len() < 2 {
		return Number{}, TooShortNSN
	}
	if rest.len() > maxNational {
		return Number{}, TooLong
	}
	var v uint64
	for i := rest.from; i < rest.to; i++ {
		v = v*10 + uint64(w[i])
	}
	return Number{code: e.code, national: v, digits: uint8(rest.len())}, OK
}

// callingCode takes the calling code off what follows an international prefix.
func (w *work) callingCode(d span) (p uint8, rest span, code Code) {
	if d.len() <= 2 {
		return 0, d, TooShortAfterIDD
	}
	p = planOfDigits(w[d.from:d.to])
	if p == 0 {
		return 0, d, InvalidCountryCode
	}
	return p, span{d.from + int(plans[p].width), d.to}, OK
}

// implicitCode looks for a calling code in digits without a plus: after the
// region's international prefix, or the region's own where the number makes
// more sense without. p is 0 if there is none.
func (w *work) implicitCode(d span, region uint8) (p uint8, rest span, code Code) {
	if d.len() == 0 {
		return 0, d, OK
	}
	e := &entries[region]
	if m, ok := matchPrefix(programs[e.idd], w[d.from:d.to]); ok && (m.end == d.len() || w[d.from+m.end] != 0) {
		return w.callingCode(span{d.from + m.end, d.to})
	}
	if planOfDigits(w[d.from:d.to]) != e.plan {
		return 0, d, OK
	}
	national := w.stripPrefix(e, span{d.from + int(plans[e.plan].width), d.to}, maxDigits)
	if e.test(d.len()) == PossibleTooLong || !e.matches(w[d.from:d.to]) && e.matches(w[national.from:national.to]) {
		return e.plan, national, OK
	}
	return 0, d, OK
}

// stripPrefix answers the digits without the national prefix and carrier code,
// or rewritten at spare as the region's rule says. It leaves them alone where
// they match the general description and would no longer do so.
//
//go:noinline
func (w *work) stripPrefix(e *entry, d span, spare int) span {
	if d.len() == 0 || e.prefix == 0 {
		return d
	}
	m, ok := matchPrefix(programs[e.prefix], w[d.from:d.to])
	if !ok {
		return d
	}
	out := span{d.from + m.end, d.to}
	if e.moves && m.open >= 0 {
		out = span{spare, spare}
		for i := 0; i < len(e.transform); i++ {
			w[out.to] = e.transform[i] - '0'
			out.to++
		}
		out.to += copy(w[out.to:], w[d.from+m.open:d.from+m.close])
		out.to += copy(w[out.to:], w[d.from+m.end:d.to])
	}
	if !e.matches(w[out.from:out.to]) && e.matches(w[d.from:d.to]) {
		return d
	}
	return out
}

// test says whether a number of n digits is possible.
func (e *entry) test(n int) Possibility {
	if n > maxNational {
		// No region has longer ones.
		return PossibleTooLong
	}
	bit := uint32(1) << uint(n)
	switch {
	case e.local&bit != 0:
		return IsPossibleLocalOnly
	case e.lengths&bit != 0:
		return IsPossible
	case e.lengths&(bit<<1-1) == 0:
		return PossibleTooShort
	case e.lengths < bit:
		return PossibleTooLong
	}
	return PossibleInvalidLength
}
