package audit

// What a byte of text can be, as bits.
const (
	clsDigit   = 1 << iota
	clsHex     // a to f
	clsLetter  // the others, also beyond ASCII
	clsSpecial // + / - _, which Base64 has besides
	clsAt      // @
	clsEscape  // % & \ = which begin escapes
	clsControl // no text
	clsHigh    // beyond ASCII

	clsWord = clsDigit | clsHex | clsLetter | clsSpecial
)

// classes has the bits of each byte.
var classes = func() (t [256]uint8) {
	for c := range 256 {
		switch b := byte(c); {
		case isDigit(b):
			t[c] = clsDigit
		case b|0x20-'a' < 6:
			t[c] = clsHex
		case isLetter(b):
			t[c] = clsLetter
		case b >= 0x80:
			t[c] = clsLetter | clsHigh
		case b == '+' || b == '/' || b == '-' || b == '_':
			t[c] = clsSpecial
		case b == '@':
			t[c] = clsAt
		case b == '%' || b == '&' || b == '\\' || b == '=':
			t[c] = clsEscape
		case b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f', b == 0x7f:
			t[c] = clsControl
		}
	}
	return t
}()

// separator reports whether c may stand between groups of digits of one number:
// punctuation, but none that parts fields or thousands, and no line end.
func separator(c byte) bool {
	switch c {
	case ' ', '-', '.', '/', '(', ')', '_', '~', '*', '|', ':', ';', '!', '#', '^':
		return true
	}
	return false
}
