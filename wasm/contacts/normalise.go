package contacts

import (
	"unicode/utf8"
	"unsafe"
)

const maxNormal = 160

// The letters U+00C0–U+017F without their accents, in lower case; a space
// stands for what is not a letter or spells two.
const plainLatin = "aaaaaa ceeeeiiiidnooooo ouuuuy  aaaaaa ceeeeiiiidnooooo ouuuuy y" +
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii  jjkkklllllll" +
	"lllnnnnnnnnnoooooo  rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"

// The letters U+1E00–U+1EFF that Vietnamese and others have, likewise.
const plainVietnamese = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooo" +
	"oooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy  sssd" +
	"aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy      "

// normalise writes what matters in a header or label to dst and returns how
// much: lower case, no accents, everything but letters and digits one space,
// a space at both ends. What does not fit is left out.
func normalise(dst *[maxNormal]byte, text []byte) []byte {
	n := 1
	dst[0] = ' '
	for len(text) > 0 && n < maxNormal-5 {
		c, size := utf8.DecodeRune(text)
		text = text[size:]
		if c >= 0x80 {
			if c = plainLetter(c); c < 0 {
				continue
			}
			if c == 0xdf { // ß
				dst[n] = 's'
				n++
				c = 's'
			}
		}
		if 'A' <= c && c <= 'Z' {
			c += 32
		}
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			dst[n] = byte(c)
			n++
		case c < 0xc0 || 0x2000 <= c && c <= 0x206f || c == 0x3000 || c == 0xfeff || c == utf8.RuneError:
			if dst[n-1] != ' ' {
				dst[n] = ' '
				n++
			}
		default:
			n += utf8.EncodeRune(dst[n:n+4], c)
		}
	}
	if dst[n-1] != ' ' {
		dst[n] = ' '
		n++
	}
	return dst[:n]
}

// plainLetter takes a character beyond ASCII to its small letter without accents;
// -1 for what is no letter of its own.
func plainLetter(c rune) rune {
	switch {
	case 0xff01 <= c && c <= 0xff5e: // full width
		return c - 0xfee0
	case 0x300 <= c && c <= 0x36f, // combining marks
		0x5b0 <= c && c <= 0x5c7 && c != 0x5be,           // Hebrew points
		0x64b <= c && c <= 0x65f, c == 0x670, c == 0x640, // Arabic vowels
		c == 0x200c, c == 0x200d, 0x200e <= c && c <= 0x200f, 0x202a <= c && c <= 0x202e, 0x2066 <= c && c <= 0x2069:
		return -1
	case c == 0xdf:
		return c
	case 0xc0 <= c && c <= 0x17f:
		return rune(plainLatin[c-0xc0])
	case 0x1e00 <= c && c <= 0x1eff:
		return rune(plainVietnamese[c-0x1e00])
	}
	switch c {
	case 0x1a0, 0x1a1:
		return 'o'
	case 0x1af, 0x1b0:
		return 'u'
	case 0x218, 0x219:
		return 's'
	case 0x21a, 0x21b:
		return 't'
	case 0x18f, 0x259: // Ə
		return 0x259
	case 0x2bb, 0x2bc, 0x2019, 0x2018: // the apostrophe of Ukrainian and Uzbek
		return ' '
	case 0x386, 0x3ac, 0x391:
		return 0x3b1
	case 0x388, 0x3ad, 0x395:
		return 0x3b5
	case 0x389, 0x3ae, 0x397:
		return 0x3b7
	case 0x38a, 0x3af, 0x390, 0x3aa, 0x3ca, 0x399:
		return 0x3b9
	case 0x38c, 0x3cc, 0x39f:
		return 0x3bf
	case 0x38e, 0x3cd, 0x3b0, 0x3ab, 0x3cb, 0x3a5:
		return 0x3c5
	case 0x38f, 0x3ce, 0x3a9:
		return 0x3c9
	case 0x3c2: // ς
		return 0x3c3
	case 0x401, 0x451: // Ё
		return 0x435
	case 0x490: // Ґ
		return 0x491
	case 0x622, 0x623, 0x625: // أ إ آ
		return 0x627
	case 0x649, 0x6cc: // ى ی
		return 0x64a
	case 0x6a9: // ک
		return 0x643
	}
	switch {
	case 0x391 <= c && c <= 0x3a9, 0x410 <= c && c <= 0x42f:
		return c + 32
	case 0x400 <= c && c <= 0x40f:
		return c + 80
	case 0x48a <= c && c <= 0x4bf && c&1 == 0, 0x4d0 <= c && c <= 0x4ff && c&1 == 0:
		return c + 1
	case 0x531 <= c && c <= 0x556:
		return c + 48
	case 0x1c90 <= c && c <= 0x1cbf: // Georgian capitals
		return c - 0x1c90 + 0x10d0
	}
	return c
}

// alias is a string that shares the bytes of b.
func alias(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	return unsafe.String(&b[0], len(b))
}
