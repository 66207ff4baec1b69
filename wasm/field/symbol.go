package field

import (
	"unicode"
	"unicode/utf8"
	"unsafe"
)

// A field is read as symbols, a byte each: an ASCII character is itself, a
// decimal digit of any script is the ASCII one, and whatever looks like a plus,
// a dash, a slash, a bracket or a space is that one. What is left:
const (
	symLetter = 0x80 // a letter beyond ASCII
	symMark   = 0x81 // a picture, a bullet, any other sign
	symMask   = 0x82 // stands for a digit that is not shown: • … ×
	symHan    = 0x83 // a letter of a script that parts no words: Han, kana, Thai …

	symLink = 0x84 // of a link or address, but for the number in it

	// The first digit of a number that a link gives with its calling code: 0x90–0x99.
	symForced = 0x90
)

// clean fills r.sym and r.place from a text; false if it is too long.
func (r *Reader) clean(text []byte) bool {
	if len(text) > MaxField {
		return false
	}
	n := 0
	for i := 0; i < len(text); {
		c := text[i]
		size := 1
		u := rune(c)
		if c == '%' {
			if d, k := percent(text[i:]); k > 0 {
				u, size = d, k
				c = byte(min(u, utf8.RuneSelf))
				r.all |= Percent.set()
			}
		} else if c == '&' && hasPrefix(text[i:], "&nbsp;") {
			u, size = 0xa0, 6
			c = utf8.RuneSelf
		} else if c >= utf8.RuneSelf {
			u, size = utf8.DecodeRune(text[i:])
		}
		if c >= utf8.RuneSelf {
			c = symbolOf(u)
			if c == ' ' && u != 0xa0 && u != 0x3000 {
				r.all |= Invisible.set() // package number would stop there
			}
			if u == 0x30fc && n > 0 && isDigit(r.sym[n-1]) {
				c = '-'
			}
		} else if c == '{' || c == '<' && i+2 < len(text) && text[i+1] == '0' && text[i+2] == '>' {
			c = '['
		} else if c == '}' || c == '>' && n > 1 && r.sym[n-1] == '0' && r.sym[n-2] == '[' {
			c = ']'
		} else if c < ' ' || c == 0x7f {
			switch c {
			case '\n', '\r':
				c = '\n'
			case '\t', '\v', '\f':
				c = ' '
			default:
				c = 0
			}
		}
		if c == 0 {
			r.all |= Invisible.set()
		} else {
			r.sym[n], r.place[n] = c, uint16(i)
			n++
		}
		i += size
	}
	r.n = n
	r.place[n] = uint16(len(text))
	return true
}

// percent decodes the character that percent signs spell at the beginning of s,
// and answers how many bytes spell it, 0 if none do.
//
//go:noinline
func percent(s []byte) (u rune, size int) {
	var b [utf8.UTFMax]byte
	n := 0
	for n < len(b) && 3*n+2 < len(s) && s[3*n] == '%' {
		high, low := hex(s[3*n+1]), hex(s[3*n+2])
		if high > 15 || low > 15 {
			break
		}
		b[n] = high<<4 | low
		n++
		if u, k := utf8.DecodeRune(b[:n]); u != utf8.RuneError || b[0] < utf8.RuneSelf {
			return u, 3 * k
		}
	}
	return 0, 0
}

func hex(c byte) byte {
	switch {
	case isDigit(c):
		return c - '0'
	case lower(c)-'a' < 6:
		return lower(c) - 'a' + 10
	}
	return 16
}

// symbolOf returns the symbol of a character beyond ASCII, 0 for one that
// cannot be seen.
//
//go:noinline
func symbolOf(u rune) byte {
	switch {
	case u >= 0xff01 && u <= 0xff5e: // full width
		return byte(u - 0xfee0)
	case invisible(u):
		return 0
	}
	switch u {
	case 0xa0, 0x1680, 0x202f, 0x205f, 0x3000:
		return ' '
	case 0x2028, 0x2029, 0x85:
		return '\n'
	case 0x2212, 0x2043, 0xfe58, 0xfe63, 0x058a, 0x05be, 0x301c, 0x223c, 0x2053:
		return '-'
	case 0x207a, 0xfe62, 0x2795:
		return '+'
	case 0x2044, 0x2215, 0x29f8:
		return '/'
	case 0x00a6, 0x2223, 0x2502, 0x01c0:
		return '|'
	case 0x3001, 0xfe50, 0xfe51, 0x060c, 0xff64:
		return ','
	case 0x061b, 0xfe54:
		return ';'
	case 0xfe55, 0xa789:
		return ':'
	case 0xfe59, 0x207d, 0x2768:
		return '('
	case 0xfe5a, 0x207e, 0x2769:
		return ')'
	case 0xfe52, 0xb7, 0x2219, 0x22c5, 0x30fb, 0xff65, 0x3002, 0xff61, 0x2024:
		return '.'
	case 0x2018, 0x2019, 0x201a, 0x201b, 0xb4, 0x2032, 0x201c, 0x201d, 0x201e, 0x2033, 0xab, 0xbb:
		return '\''
	case 0x2022, 0x2026, 0xd7, 0x25cf, 0x25cb, 0x2605, 0x2606, 0x2217, 0x204e, 0xfffd, 0x2588:
		return symMask
	}
	switch {
	case u >= 0x2000 && u <= 0x200a:
		return ' '
	case u >= 0x2010 && u <= 0x2015:
		return '-'
	}
	if d := decimal(u); d < 10 {
		return '0' + d
	}
	if u >= 0xe00 && u < 0xf00 || u >= 0x2e80 && u < 0xd7a4 && u >= 0x3020 || u >= 0x20000 && u < 0x40000 || u >= 0xf900 && u < 0xfb00 {
		return symHan
	}
	if u < 0xc0 && u != 0xaa && u != 0xb5 && u != 0xba || u >= 0x2000 && u < 0x2c00 || u >= 0x3000 && u < 0x3005 ||
		u >= 0x3008 && u < 0x3020 || u >= 0xe000 && u < 0xf900 || u >= 0x1f000 && u < 0x20000 {
		return symMark
	}
	return symLetter
}

// invisible says whether a character shows nothing: marks of direction,
// joiners, variation selectors, soft hyphens, byte order marks, tags.
func invisible(u rune) bool {
	switch {
	case u >= 0x80 && u < 0xa0 && u != 0x85, u == 0xad, u == 0x34f, u == 0x61c, u == 0x115f, u == 0x1160, u == 0x17b4, u == 0x17b5,
		u >= 0x180b && u <= 0x180f, u >= 0x200b && u <= 0x200f, u >= 0x202a && u <= 0x202e,
		u >= 0x2060 && u <= 0x206f, u == 0x20e3, u == 0x2800, u == 0x3164, u >= 0xfe00 && u <= 0xfe0f, u == 0xfeff, u == 0xffa0,
		u >= 0xfff0 && u <= 0xfffc, u >= 0x1d173 && u <= 0x1d17a, u >= 0xe0000 && u <= 0xe0fff:
		return true
	}
	return u >= 0x300 && u <= 0x36f
}

// decimal returns the value of a decimal digit of any script, 10 for anything
// else. In Unicode's tables they stand in runs of ten.
//
//go:noinline
func decimal(u rune) byte {
	for _, t := range unicode.Nd.R16 {
		if u >= rune(t.Lo) && u <= rune(t.Hi) {
			return byte((u - rune(t.Lo)) % 10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if u >= rune(t.Lo) && u <= rune(t.Hi) {
			return byte((u - rune(t.Lo)) % 10)
		}
	}
	return 10
}

func isDigit(c byte) bool { return c-'0' < 10 }

//go:noinline
func isLetter(c byte) bool { return c|32-'a' < 26 || c == symLetter || c == symHan }

// lower takes an ASCII capital to its small letter.
func lower(c byte) byte {
	if c-'A' < 26 {
		return c | 32
	}
	return c
}

// index returns where a text in small letters first stands in sym[from:to], -1 if
// nowhere.
//
//go:noinline
func (r *Reader) index(from, to int, text string) int {
	for i := from; i+len(text) <= to; i++ {
		if r.has(i, to, text) {
			return i
		}
	}
	return -1
}

// has says whether a text in small letters stands at sym[i].
//
//go:noinline
func (r *Reader) has(i, to int, text string) bool {
	if i+len(text) > to {
		return false
	}
	for k := 0; k < len(text); k++ {
		if lower(r.sym[i+k]) != text[k] {
			return false
		}
	}
	return true
}

// alias and view share the bytes of the one as the other.
func alias(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	return unsafe.String(&b[0], len(b))
}

func view(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }
