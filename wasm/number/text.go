package number

import "unicode/utf8"

// A text is read as symbols, a byte each: an ASCII character is itself, and
// those beyond ASCII are one of these.
const (
	symZero   = 0x80 + iota // a decimal digit of another script is 0x80–0x89
	symPlus   = 0x8a + iota - 1
	symPunct  // punctuation that may stand between digits
	symLetter // the same, but a letter to Unicode: U+30FC
	symNBSP
	symStop    // U+FF0E
	symTilde   // U+FF5E
	symHash    // U+FF03
	symAcuteO  // ó Ó
	symAcute   // U+0301, combining
	symLongS   // ſ, which Java takes for s where case does not matter
	symDotless // ı and İ, for i
	symDotted
	symKelvin // K, for k
	symD      // д о б, the Russian label
	symO
	symB
	symWideE // ｅ ｘ ｔ ｎ ｉ
	symWideX
	symWideT
	symWideN
	symWideI
	symOther // letters and numbers without a meaning here
	symJunk  // the rest
)

// What a symbol can be, as bits of traits.
const (
	isDecimal = 1 << iota
	isInside  // punctuation or a star between digits
	isAlpha   // a letter that a number may contain
	isPlus
	isKept // not trimmed from the end
	isBlank
	isASCII // a letter A–Z, a–z
)

// traits has the bits of each symbol.
var traits = [256]uint8{
	'0': isDecimal | isKept, '1': isDecimal | isKept, '2': isDecimal | isKept, '3': isDecimal | isKept, '4': isDecimal | isKept,
	'5': isDecimal | isKept, '6': isDecimal | isKept, '7': isDecimal | isKept, '8': isDecimal | isKept, '9': isDecimal | isKept,
	'a': letter, 'b': letter, 'c': letter, 'd': letter, 'e': letter, 'f': letter, 'g': letter, 'h': letter, 'i': letter,
	'j': letter, 'k': letter, 'l': letter, 'm': letter, 'n': letter, 'o': letter, 'p': letter, 'q': letter, 'r': letter,
	's': letter, 't': letter, 'u': letter, 'v': letter, 'w': letter, 'x': letter | isInside, 'y': letter, 'z': letter,
	'A': letter, 'B': letter, 'C': letter, 'D': letter, 'E': letter, 'F': letter, 'G': letter, 'H': letter, 'I': letter,
	'J': letter, 'K': letter, 'L': letter, 'M': letter, 'N': letter, 'O': letter, 'P': letter, 'Q': letter, 'R': letter,
	'S': letter, 'T': letter, 'U': letter, 'V': letter, 'W': letter, 'X': letter | isInside, 'Y': letter, 'Z': letter,
	'-': isInside, ' ': isInside | isBlank, '(': isInside, ')': isInside, '.': isInside, '[': isInside, ']': isInside,
	'/': isInside, '~': isInside, '*': isInside, '+': isPlus, '\t': isBlank, '#': isKept,
	symZero: isDecimal | isKept, symZero + 1: isDecimal | isKept, symZero + 2: isDecimal | isKept, symZero + 3: isDecimal | isKept,
	symZero + 4: isDecimal | isKept, symZero + 5: isDecimal | isKept, symZero + 6: isDecimal | isKept, symZero + 7: isDecimal | isKept,
	symZero + 8: isDecimal | isKept, symZero + 9: isDecimal | isKept,
	symPlus: isPlus, symPunct: isInside, symLetter: isInside | isKept, symNBSP: isInside | isBlank, symStop: isInside, symTilde: isInside,
	symAcuteO: isKept, symLongS: isAlpha | isKept, symDotless: isAlpha | isKept, symDotted: isAlpha | isKept, symKelvin: isAlpha | isKept,
	symD: isKept, symO: isKept, symB: isKept, symWideE: isKept, symWideX: isKept, symWideT: isKept, symWideN: isKept, symWideI: isKept,
	symOther: isKept,
}

const letter = isAlpha | isASCII | isKept

// The kinds of byte that the quick loop of ParseBytes tells apart.
const (
	kindDigit = 1 << iota
	kindPlain // before the number or inside: stripped
	kindSkip  // before the number: no part of it
	kindPlus
	kindSlow // needs parseText
)

// kinds has the kind of each byte.
const kinds = "" +
	"\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04" +
	"\x02\x04\x04\x04\x04\x04\x04\x04\x02\x02\x02\x08\x04\x02\x02\x02\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x04\x10\x04\x04\x04\x04" +
	"\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x02\x04\x02\x04\x04" +
	"\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04" +
	"\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10" +
	"\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10" +
	"\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10" +
	"\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10\x10"

// read fills s from UTF-8 and answers how many symbols there are, or -1 if the
// text has more than maxUnits UTF-16 units. A byte that is not UTF-8 counts as
// U+FFFD.
func (s source) read(text []byte) int {
	n, units := 0, 0
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			i++
		} else {
			r, size := utf8.DecodeRune(text[i:])
			i += size
			c = symbolOf(r)
			if r > 0xffff {
				units++
			}
		}
		units++
		if units > maxUnits {
			return -1
		}
		s[n] = c
		n++
	}
	return n
}

//go:noinline
func symbolOf(r rune) byte {
	switch r {
	case 0x00A0:
		return symNBSP
	case 0x00AD, 0x200B, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2053, 0x2060, 0x2212, 0x223C, 0x3000, 0xFF08, 0xFF09, 0xFF0D, 0xFF0F, 0xFF3B, 0xFF3D:
		return symPunct
	case 0x30FC:
		return symLetter
	case 0xFF0B:
		return symPlus
	case 0xFF0E:
		return symStop
	case 0xFF5E:
		return symTilde
	case 0xFF03:
		return symHash
	case 0x00D3, 0x00F3:
		return symAcuteO
	case 0x0301:
		return symAcute
	case 0x017F:
		return symLongS
	case 0x0131:
		return symDotless
	case 0x0130:
		return symDotted
	case 0x212A:
		return symKelvin
	case 0x0414, 0x0434, 0x1C81:
		return symD
	case 0x041E, 0x043E, 0x1C82:
		return symO
	case 0x0411, 0x0431:
		return symB
	case 0xFF25, 0xFF45:
		return symWideE
	case 0xFF38, 0xFF58:
		return symWideX
	case 0xFF34, 0xFF54:
		return symWideT
	case 0xFF2E, 0xFF4E:
		return symWideN
	case 0xFF29, 0xFF49:
		return symWideI
	}
	if d := decimal(r); d < 10 {
		return symZero + d
	}
	if letterOrNumber(r) {
		return symOther
	}
	return symJunk
}

// decimal returns the value of a decimal digit of any script, 10 or more for
// anything else.
func decimal(r rune) uint8 {
	if d := uint32(r) - 0xff10; d < 10 {
		return uint8(d)
	}
	i := countUpTo(zeros[:], r)
	if i == 0 {
		return 10
	}
	return uint8(min(r-zeros[i-1], 10))
}

// letterOrNumber says whether Unicode counts r as a letter or a number.
func letterOrNumber(r rune) bool { return countUpTo(letters[:], r)&1 != 0 }

// zeros has the first of each run of ten decimal digits, letters where letters
// and numbers begin and end in turn.
var (
	zeros   [zeroCount]rune
	letters [letterCount]rune
)

func expandRunes(dst []rune, data string) {
	r := reader{s: data}
	at := rune(0)
	for i := range dst {
		at += rune(r.number())
		dst[i] = at
	}
}

// countUpTo returns how many of an ascending list are at most r.
//
//go:noinline
func countUpTo(list []rune, r rune) int {
	from, to := 0, len(list)
	for from < to {
		middle := (from + to) / 2
		if list[middle] <= r {
			from = middle + 1
		} else {
			to = middle
		}
	}
	return from
}

const (
	contextLabel = ";phone-context="
	schemeLabel  = "tel:"
	isdnLabel    = ";isub="
)

// source is a text as symbols. Parts of it are passed as places, as in work.
type source []byte

// index returns where sub first stands in s[from:to], -1 if nowhere.
//
//go:noinline
func (s source) index(from, to int, sub string) int {
	for i := from; i+len(sub) <= to; i++ {
		k := 0
		for k < len(sub) && s[i+k] == sub[k] {
			k++
		}
		if k == len(sub) {
			return i
		}
	}
	return -1
}

// parseText reads any text.
//
//go:noinline
func parseText(text []byte, region uint8) (Number, Code) {
	if len(text) == 0 {
		return Number{}, NotANumber
	}
	if len(text) > 3*maxUnits {
		return Number{}, TooLong
	}
	all := byte(0)
	for _, c := range text {
		all |= c
	}
	if all >= utf8.RuneSelf {
		return parseWide(text, region)
	}
	if len(text) > maxUnits {
		return Number{}, TooLong
	}
	return source(text).parseText(region)
}

// parseWide reads a text that is not ASCII.
//
//go:noinline
func parseWide(text []byte, region uint8) (Number, Code) {
	var buffer [maxUnits]byte
	s := source(buffer[:])
	n := s.read(text)
	if n < 0 {
		return Number{}, TooLong
	}
	return s[:n].parseText(region)
}

//go:noinline
func (s source) parseText(region uint8) (Number, Code) {
	if at := s.index(0, len(s), contextLabel); at >= 0 {
		return s.parseContext(at, len(s), region)
	}
	from, to := s.extract(len(s))
	return s.parse(from, to, region)
}

// extract returns the part of s[:to] that looks like a number: from the first
// plus or digit, without junk at the end and without a second number.
//
//go:noinline
func (s source) extract(to int) (int, int) {
	from := 0
	for from < to && traits[s[from]]&(isPlus|isDecimal) == 0 {
		from++
	}
	for from < to && traits[s[to-1]]&isKept == 0 {
		to--
	}
	for i := from; i < to; i++ {
		if s[i] != '/' && s[i] != '\\' {
			continue
		}
		j := i + 1
		for j < to && s[j] == ' ' {
			j++
		}
		if j < to && s[j] == 'x' {
			return from, i
		}
	}
	return from, to
}

// parseContext reads a number with the context that RFC 3966 gives it, whose
// label stands at s[at]. The context's digits go before the number's.
//
//go:noinline
func (s source) parseContext(at, to int, region uint8) (Number, Code) {
	from := at + len(contextLabel)
	for i := from; i < to; i++ {
		if s[i] == ';' {
			to = i
			break
		}
	}
	if !globalContext(s[from:to]) && !domainContext(s[from:to]) {
		return Number{}, NotANumber
	}
	var buffer [maxUnits]byte
	whole := source(buffer[:])
	n := 0
	if s[from] == '+' {
		n = copy(whole, s[from:to])
	}
	begin := 0
	switch i := s.index(0, len(s), schemeLabel); {
	case i > at:
		// Java fails here without saying why; JavaScript says so.
		return Number{}, NotANumber
	case i >= 0:
		begin = i + len(schemeLabel)
	}
	n += copy(whole[n:], s[begin:at])
	return whole.parse(0, n, region)
}

// globalContext says whether a context is a plus and digits, with visual
// separators anywhere after the plus.
//
//go:noinline
func globalContext(s []byte) bool {
	if len(s) == 0 || s[0] != '+' {
		return false
	}
	digit := false
	for i := 1; i < len(s); i++ {
		c := s[i]
		switch {
		case traits[c]&isDecimal != 0:
			digit = true
		case c != '-' && c != '.' && c != '(' && c != ')':
			return false
		}
	}
	return digit
}

// domainContext says whether a context is a domain name: labels of letters,
// digits and inner hyphens, the last beginning with a letter.
//
//go:noinline
func domainContext(s []byte) bool {
	end := len(s)
	if end > 0 && s[end-1] == '.' {
		end--
	}
	first := true // of a label
	ok := false   // the last label began with a letter
	last := byte('.')
	for i := 0; i < end; i++ {
		c := s[i]
		switch {
		case traits[c]&(isASCII|isDecimal) != 0:
			if first {
				ok = traits[c]&isASCII != 0
			}
			first = false
		case c == '-':
			if first {
				return false
			}
		case c == '.':
			if first || last == '-' {
				return false
			}
			first = true
		default:
			return false
		}
		last = c
	}
	return ok && !first && last != '-'
}

// keypad has the digits of the letters A to Z.
const keypad = "22233344455566677778889999"

// parse reads s[from:to], which may be a number, without junk around it.
func (s source) parse(from, to int, region uint8) (Number, Code) {
	if i := s.index(from, to, isdnLabel); i > from {
		to = i
	}
	if !s.viable(from, to) {
		return Number{}, NotANumber
	}
	plus := traits[s[from]]&isPlus != 0
	if region == 0 && !plus {
		return Number{}, InvalidCountryCode
	}
	at, first, last := s.extension(from, to)
	if at >= 0 && s.viable(from, at) {
		to = at
	} else {
		first, last = 0, 0
	}
	letters := 0
	for i := from; i < to; i++ {
		if traits[s[i]]&isASCII != 0 {
			letters++
		}
	}
	var t tally
	n := 0
	for i := from; i < to && n < maxDigits; i++ {
		c := s[i]
		var d byte
		switch {
		case isDigit(c):
			d = c - '0'
		case letters < 3:
			if traits[c]&isDecimal == 0 {
				continue
			}
			d = c - symZero
		case c == symLongS:
			d = 7
		case c == symDotless:
			d = 4
		case traits[c]&isASCII != 0:
			d = keypad[c&31-1] - '0'
		default:
			// Java keeps no other digits beside letters.
			continue
		}
		t[n] = d
		n++
	}
	number, code := t.pack(n).parse(plus, region)
	if code != OK {
		return Number{}, code
	}
	for i := first; i < last; i++ {
		// Both 0x30 and 0x80 end in zeros.
		number.addExtension(uint64(s[i] & 15))
	}
	return number, OK
}

// viable says whether s[from:to] can be a number: two digits alone, or pluses
// and then at least three digits, with punctuation before each and letters and
// punctuation after the third, and perhaps an extension.
func (s source) viable(from, to int) bool {
	if to-from < 2 {
		return false
	}
	if to-from == 2 && traits[s[from]]&traits[s[from+1]]&isDecimal != 0 {
		return true
	}
	i := from
	for i < to && traits[s[i]]&isPlus != 0 {
		i++
	}
	third := 0
	for count := 0; count < 3; i++ {
		if i == to {
			return false
		}
		t := traits[s[i]]
		if t&isDecimal != 0 {
			count++
			third = i
		} else if t&isInside == 0 {
			return false
		}
	}
	for i < to && traits[s[i]]&(isDecimal|isInside|isAlpha) != 0 {
		i++
	}
	if i == to {
		return true
	}
	at, _, _ := s.extension(from, to)
	return at > third && at <= i
}
