package number

import "unsafe"

// maxUnits is the longest text that is read, in UTF-16 units.
const maxUnits = 250

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
	// The usual text: digits and ASCII punctuation, perhaps a plus before.
	i := 0
	for i < len(text) && kinds[text[i]]&(kindPlain|kindSkip) != 0 {
		i++
	}
	plus := i < len(text) && text[i] == '+'
	for i < len(text) && text[i] == '+' {
		i++
	}
	if len(text)-i > maxDigits || len(text) > maxUnits {
		return parseText(text, r)
	}
	// Without branches, which nobody could foretell: what is not a digit is
	// overwritten by the next.
	var t tally
	n, seen := 0, byte(0)
	for _, c := range text[i:] {
		k := kinds[c]
		t[n] = c & 15
		n += int(k & kindDigit)
		seen |= k
	}
	if seen&^(kindDigit|kindPlain) != 0 || n < 3 {
		return parseText(text, r)
	}
	t[n] = 0
	return t.pack(n).parse(plus, r)
}

// parse finds the number in normalised digits: what Java's parseHelper does
// after it has taken off the extension and turned letters into digits.
func (d digits) parse(plus bool, region uint8) (Number, Code) {
	if region == 0 && !plus {
		return Number{}, InvalidCountryCode
	}
	var p uint8
	code := OK
	rest := d
	if plus {
		p, rest, code = d.callingCode()
		if code == InvalidCountryCode && region != 0 {
			// Once more, as if there were no plus.
			p, rest, code = d.implicitCode(region)
			if code == OK && p == 0 {
				code = InvalidCountryCode
			}
		}
	} else {
		p, rest, code = d.implicitCode(region)
	}
	if code != OK {
		return Number{}, code
	}
	if p != 0 {
		region = plans[p].main
	}
	e := &entries[region]
	if rest.n < 2 {
		return Number{}, TooShortNSN
	}
	if national := rest.stripPrefix(e); e.keeps(national.n) {
		rest = national
	}
	if rest.n < 2 {
		return Number{}, TooShortNSN
	}
	if rest.n > maxNational {
		return Number{}, TooLong
	}
	n := Number{plan: e.plan}
	n.setNational(rest)
	return n, OK
}

// callingCode takes the calling code off what follows an international prefix.
//
//go:inline
func (d digits) callingCode() (p uint8, rest digits, code Code) {
	if d.n <= 2 {
		return 0, d, TooShortAfterIDD
	}
	p = d.plan()
	if p == 0 {
		return 0, d, InvalidCountryCode
	}
	return p, d.from(int(plans[p].width)), OK
}

// implicitCode looks for a calling code in digits without a plus: after the
// region's international prefix, or the region's own where the number makes
// more sense without. p is 0 if there is none.
//
//go:inline
func (d digits) implicitCode(region uint8) (p uint8, rest digits, code Code) {
	if d.n == 0 {
		return 0, d, OK
	}
	e := &entries[region]
	if m, ok := d.match(e.idd); ok && (m.end == d.n || d.at(m.end) != 0) {
		return d.from(m.end).callingCode()
	}
	if d.plan() != e.plan {
		return 0, d, OK
	}
	national := d.from(int(plans[e.plan].width)).stripPrefix(e)
	if e.test(d.n) == PossibleTooLong || !d.general(e) && national.general(e) {
		return e.plan, national, OK
	}
	return 0, d, OK
}

// stripPrefix returns the digits without the national prefix and carrier code,
// or rewritten as the region's rule says. It leaves them alone where they match
// the general description and would no longer do so.
func (d digits) stripPrefix(e *entry) digits {
	if d.n == 0 || e.prefix == 0 {
		return d
	}
	m, ok := d.match(e.prefix)
	if !ok {
		return d
	}
	out := d.from(m.end)
	if e.moves && m.open >= 0 {
		// The region's digits, what was captured, and the rest.
		k := m.close - m.open
		captured := d.a >> (4 * uint(m.open) & 63) & (1<<(4*uint(k)&63) - 1)
		w := int(e.transformWidth)
		out = out.behind(uint64(e.transform)|captured<<(4*uint(w)&63), w+k)
	}
	if !out.general(e) && d.general(e) {
		return d
	}
	return out
}

// keeps says whether a number of n digits is kept without its national prefix:
// where that many are possible, or too many.
func (e *entry) keeps(n int) bool {
	p := e.test(n)
	return p == IsPossible || p == PossibleTooLong
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
