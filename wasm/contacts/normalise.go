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

// normalise writes what matters in a header or label to dst and returns how
// much: lower case, no accents, everything but letters and digits one space,
// a space at both ends. What does not fit is left out.
func normalise(dst *[maxNormal]byte, text []byte) []byte {
	n := 1
	dst[0] = ' '
	for len(text) > 0 && n < maxNormal-5 {
		c, size := utf8.DecodeRune(text)
		text = text[size:]
		switch {
		case 0xff01 <= c && c <= 0xff5e: // full width
			c -= 0xfee0
		case 0xc0 <= c && c <= 0x17f:
			if c == 0xdf { // ß
				dst[n] = 's'
				n++
				c = 's'
			} else {
				c = rune(plainLatin[c-0xc0])
			}
		case 0x300 <= c && c <= 0x36f: // combining marks
			continue
		case c == 0x401 || c == 0x451: // Ё
			c = 0x435
		case 0x410 <= c && c <= 0x42f: // Cyrillic capitals
			c += 32
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

// alias is a string that shares the bytes of b.
func alias(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	return unsafe.String(&b[0], len(b))
}
