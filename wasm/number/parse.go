package number

// maxUnits is the longest text that is read, in UTF-16 units.
const maxUnits = 250

// maxDigits is as many digits as are kept. Whatever is stripped from the front
// (prefixes, a calling code) has fewer than 40, so of more than 64 digits more
// than 17 are left in any case, and only that matters.
const maxDigits = 64

// Parse reads the number in a text as libphonenumber does. region, two
// upper-case letters, says how to read a number without a calling code; "",
// "ZZ", "001" and anything else that is not a region say that there must be
// one. It answers a number of a plausible shape, not a valid one: Info says
// whether it is. The error is a Code.
func Parse(text, region string) (Number, error) {
	var n Number
	var c Code
	if len(text) > 3*maxUnits {
		c = TooLong
	} else {
		var buffer [3 * maxUnits]byte
		n, c = ParseBytes(buffer[:copy(buffer[:], text)], region)
	}
	if c != OK {
		return Number{}, c
	}
	return n, nil
}

// ParseBytes does the same for a buffer. It never allocates.
func ParseBytes(text []byte, region string) (Number, Code) {
	ready()
	r := regionOf(region)
	var digits [maxDigits]byte
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
			digits[n] = d
			n++
		} else if kinds[c] != kindPlain {
			break
		}
		i++
	}
	if i < len(text) || n < 3 || len(text) > maxUnits {
		return parseText(text, r)
	}
	return parseDigits(digits[:n], plus, r)
}

// parseDigits finds the number in normalised digits: what Java's parseHelper
// does after it has taken the extension off and the letters for digits.
func parseDigits(digits []byte, plus bool, region uint8) (Number, Code) {
	if region == 0 && !plus {
		return Number{}, InvalidCountryCode
	}
	var spare [maxDigits + 8]byte // for numbers that a prefix rule rewrites
	var p uint8
	rest := digits
	code := OK
	if plus {
		p, rest, code = callingCode(digits)
		if code == InvalidCountryCode && region != 0 {
			// Once more, as if there were no plus.
			p, rest, code = implicitCode(digits, region, &spare)
			if code == OK && p == 0 {
				code = InvalidCountryCode
			}
		}
	} else {
		p, rest, code = implicitCode(digits, region, &spare)
	}
	if code != OK {
		return Number{}, code
	}
	e := &entries[region]
	if p != 0 {
		e = &entries[plans[p].main]
	}
	if len(rest) < 2 {
		return Number{}, TooShortNSN
	}
	var other [maxDigits + 8]byte
	national := e.stripPrefix(rest, &other)
	switch e.test(len(national)) {
	case IsPossible, PossibleTooLong:
		rest = national
	}
	if len(rest) < 2 {
		return Number{}, TooShortNSN
	}
	if len(rest) > maxNational {
		return Number{}, TooLong
	}
	var n Number
	n.code = e.code
	n.setNational(rest)
	return n, OK
}

// callingCode takes the calling code off what follows an international prefix.
func callingCode(digits []byte) (p uint8, rest []byte, code Code) {
	if len(digits) <= 2 {
		return 0, nil, TooShortAfterIDD
	}
	p = planOfDigits(digits)
	if p == 0 {
		return 0, nil, InvalidCountryCode
	}
	return p, digits[plans[p].width:], OK
}

// implicitCode looks for a calling code in digits without a plus: after the
// region's international prefix, or the region's own where the number makes
// more sense without. p is 0 if there is none.
func implicitCode(digits []byte, region uint8, spare *[maxDigits + 8]byte) (p uint8, rest []byte, code Code) {
	if len(digits) == 0 {
		return 0, digits, OK
	}
	e := &entries[region]
	if m, ok := matchPrefix(programs[e.idd], digits); ok && (m.end == len(digits) || digits[m.end] != 0) {
		return callingCode(digits[m.end:])
	}
	own := &plans[e.plan]
	if len(digits) < int(own.width) || planOfDigits(digits) != e.plan {
		return 0, digits, OK
	}
	national := e.stripPrefix(digits[own.width:], spare)
	if e.test(len(digits)) == PossibleTooLong || walk(e.general, digits) == 0 && walk(e.general, national) != 0 {
		return e.plan, national, OK
	}
	return 0, digits, OK
}

// stripPrefix answers the digits without the national prefix and carrier code,
// or rewritten as the region's rule says, in spare. It leaves them alone where
// they match the general description and would no longer do so.
func (e *entry) stripPrefix(digits []byte, spare *[maxDigits + 8]byte) []byte {
	if len(digits) == 0 || e.prefix == 0 {
		return digits
	}
	m, ok := matchPrefix(programs[e.prefix], digits)
	if !ok {
		return digits
	}
	var out []byte
	if e.moves && m.open >= 0 && m.close >= 0 {
		k := 0
		for ; k < len(e.transform); k++ {
			spare[k] = e.transform[k] - '0'
		}
		k += copy(spare[k:], digits[m.open:m.close])
		k += copy(spare[k:], digits[m.end:])
		out = spare[:k]
	} else {
		out = digits[m.end:]
	}
	if walk(e.general, out) == 0 && walk(e.general, digits) != 0 {
		return digits
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
	case e.lengths > bit<<1-1 && e.lengths&(bit<<1-1) == 0:
		return PossibleTooShort
	case e.lengths < bit:
		return PossibleTooLong
	}
	return PossibleInvalidLength
}
