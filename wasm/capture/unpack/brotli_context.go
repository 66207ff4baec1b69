package unpack

// utf8First is the part of the last byte in a context of text, section 7.1.
func utf8First(c byte) uint8 {
	if c >= 0x80 {
		return c&1 | c>>5&2
	}
	return lastASCII[c] << 2
}

// lastASCII sorts the last byte: control, space, punctuation, quotes, percent,
// brackets, comma, full stop, equals, digit, capital vowel and consonant, small.
const lastASCII = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x01\x00\x00\x01\x00\x00" +
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" +
	"\x02\x03\x04\x03\x03\x05\x03\x04\x06\x07\x03\x03\x08\x03\x09\x03" +
	"\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x08\x08\x06\x0a\x07\x03" +
	"\x03\x0c\x0d\x0d\x0d\x0c\x0d\x0d\x0d\x0c\x0d\x0d\x0d\x0d\x0d\x0c" +
	"\x0d\x0d\x0d\x0d\x0d\x0c\x0d\x0d\x0d\x0d\x0d\x06\x03\x07\x03\x03" +
	"\x03\x0e\x0f\x0f\x0f\x0e\x0f\x0f\x0f\x0e\x0f\x0f\x0f\x0f\x0f\x0e" +
	"\x0f\x0f\x0f\x0f\x0f\x0e\x0f\x0f\x0f\x0f\x0f\x06\x03\x07\x03\x00"

// utf8Second is the part of the byte before.
func utf8Second(c byte) uint8 {
	switch {
	case c >= 0xe0:
		return 2
	case c <= ' ' || c >= 0x7f:
		return 0
	case 'a' <= c && c <= 'z':
		return 3
	case '0' <= c && c <= '9' || 'A' <= c && c <= 'Z':
		return 2
	}
	return 1
}

// signed sorts a byte by size.
func signed(c byte) uint8 {
	switch {
	case c == 0:
		return 0
	case c < 16:
		return 1
	case c < 64:
		return 2
	case c < 128:
		return 3
	case c < 192:
		return 4
	case c < 240:
		return 5
	case c < 255:
		return 6
	}
	return 7
}
