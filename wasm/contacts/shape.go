package contacts

import (
	"unicode"
	"unicode/utf8"
)

// digitLen returns how many bytes the decimal digit at the beginning of s takes,
// of any script; 0 if there is none.
//
//go:noinline
func digitLen(s []byte) int {
	if len(s) == 0 {
		return 0
	}
	c := s[0]
	if c < 0x80 {
		if '0' <= c && c <= '9' {
			return 1
		}
		return 0
	}
	if c < 0xd9 { // none of U+0080–U+063F is one
		return 0
	}
	u, size := utf8.DecodeRune(s)
	if u == utf8.RuneError || !isDecimal(u) {
		return 0
	}
	return size
}

// isDecimal is unicode.IsDigit without the tables of other properties.
func isDecimal(u rune) bool {
	if u <= 0xffff {
		for _, t := range unicode.Nd.R16 {
			if u <= rune(t.Hi) {
				return u >= rune(t.Lo)
			}
		}
		return false
	}
	for _, t := range unicode.Nd.R32 {
		if u <= rune(t.Hi) {
			return u >= rune(t.Lo)
		}
	}
	return false
}

// isPlus returns the length of a plus at the beginning of s, 0 for none.
func isPlus(s []byte) int {
	switch {
	case len(s) > 0 && s[0] == '+':
		return 1
	case len(s) > 2 && s[0] == 0xef && s[1] == 0xbc && s[2] == 0x8b: // full width
		return 3
	}
	return 0
}

// digits counts the decimal digits of all scripts.
//
//go:noinline
func digits(s []byte) int {
	n := 0
	for i := 0; i < len(s); {
		if k := digitLen(s[i:]); k > 0 {
			n++
			i += k
			continue
		}
		i++
	}
	return n
}

// joinLen returns how many bytes at the beginning of s can stand between the
// digits of one number: blanks, dots, dashes, brackets, slashes and what cannot be
// seen. 0 for anything else.
//
//go:noinline
func joinLen(s []byte) int {
	switch c := s[0]; {
	case c == ' ' || c == '-' || c == '.' || c == '/' || c == '(' || c == ')' || c == '\t' || c == '+':
		return 1
	case c < 0x80:
		return 0
	}
	u, size := utf8.DecodeRune(s)
	switch {
	case u == utf8.RuneError:
		return 0
	case u == 0xa0, 0x2000 <= u && u <= 0x2015, 0x202a <= u && u <= 0x202f, 0x2060 <= u && u <= 0x206f, u == 0x2212, u == 0x3000,
		0xfe00 <= u && u <= 0xfe0f, u == 0xfeff, u == 0x3164, u == 0xad, u == 0x61c, 0xff08 <= u && u <= 0xff0f:
		return size
	}
	return 0
}

// run finds the first piece of s, from a given place on, that may be a number: with
// at least so many digits, and nothing between them but what joins them.
//
//go:noinline
func run(s []byte, at, least int) (from, to int, ok bool) {
	for i := at; i < len(s); {
		if digitLen(s[i:]) == 0 {
			i++
			continue
		}
		from, to = i, i
		n := 0
		for j := i; j < len(s); {
			if k := digitLen(s[j:]); k > 0 {
				n++
				j += k
				to = j
				continue
			}
			k := joinLen(s[j:])
			if k == 0 {
				break
			}
			j += k
		}
		if n >= least {
			for from > at {
				switch {
				case s[from-1] == '+' || s[from-1] == '(':
					from--
					continue
				case from >= at+3 && isPlus(s[from-3:from]) == 3:
					from -= 3
					continue
				}
				break
			}
			return from, to, true
		}
		i = to
	}
	return 0, 0, false
}

// chatAddress reports whether a text is one, such as 442079460018@s.whatsapp.net.
func chatAddress(s []byte) bool {
	at := len(s) - 1
	for at > 0 && s[at] != '@' {
		at--
	}
	if at <= 0 || digits(s[:at]) < 5 || hasLetter(s[:at]) {
		return false
	}
	domain := s[at+1:]
	return equals(domain, "s.whatsapp.net") || equals(domain, "c.us") || equals(domain, "whatsapp.net")
}

// schemeLen returns the length of a scheme that a number follows: tel:,
// whatsapp:, sms: and so on; 0 for none.
func schemeLen(s []byte) int {
	return prefixLen(s, "tel:|sms:|smsto:|mms:|mmsto:|whatsapp:|callto:|sip:|sips:|facetime:|signal:|viber:|fax:|wa:|im:")
}

// isLink reports whether a text is a link to a chat with a number.
func isLink(s []byte) bool {
	return (index(s, "wa.me/") >= 0 || index(s, "whatsapp.com/") >= 0 || index(s, "signal.me/") >= 0 || index(s, "t.me/+") >= 0 || hasPrefix(s, "viber://")) && digits(s) >= 5
}

// isMail reports whether a text looks like an e-mail address: one @ with
// something on both sides and no space. The address of a chat, which is a number,
// is none.
//
//go:noinline
func isMail(s []byte) bool {
	at := -1
	for i, c := range s {
		if c == '@' {
			if at >= 0 {
				return false
			}
			at = i
		}
		if c <= ' ' || c == ',' || c == '"' || c == ';' && at < 0 {
			return false
		}
	}
	if at <= 0 || at >= len(s)-1 {
		return false
	}
	return !chatAddress(s) && (schemeLen(s) == 0 || digits(s[:at]) < 5)
}

// looksNumber reports whether a cell, value or line is a telephone number as
// people write them, with a label, a name in brackets or a second number: mostly
// digits, not a date, a price or a place.
func looksNumber(s []byte) bool {
	if n := len(s); n >= 2 && s[0] == '"' && s[n-1] == '"' {
		s = s[1 : n-1]
	}
	s = trimMarks(s)
	d := digits(s)
	if d < 5 || len(s) > 200 || isMail(s) {
		return false
	}
	if chatAddress(s) || isLink(s) {
		return true
	}
	s = trim(s[schemeLen(s):])
	if len(s) == 0 || s[0] == '-' || s[len(s)-1] == '%' || index(s, "://") >= 0 || s[0] == '#' {
		return false
	}
	dots, dashes, slashes, colons, letters, zeros, others := 0, 0, 0, 0, 0, 0, 0
	for i := 0; i < len(s); {
		c := s[i]
		size := 1
		switch {
		case digitLen(s[i:]) > 0:
			size = digitLen(s[i:])
		case c == '.':
			dots++
		case c == '-':
			dashes++
		case c == '/':
			slashes++
		case c == ':':
			colons++
		case c == 'O' || c == 'o' || c == 'l' || c == 'I':
			zeros++
			letters++
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			letters++
		case c == '$', c == '=', c == '@', c == '{', c == '}', c == '\\', c == '^', c == '!', c == '?':
			others++
		case c >= 0x80:
			size = joinLen(s[i:])
			if size == 0 {
				u, k := utf8.DecodeRune(s[i:])
				size = k
				if u == 0xa3 || u == 0x20ac || u == 0xa5 || u == 0x20b9 || u == 0xb0 { // £ € ¥ ₹ °
					others++
				} else if u > 0xbf && (u < 0x2000 || u > 0x2bff) && u < 0x1f000 {
					letters++
				}
			}
		}
		i += size
	}
	if others > 0 {
		return false
	}
	if letters == zeros && zeros > 0 && d+zeros <= 16 && d >= 5 {
		return true // O and l for 0 and 1
	}
	// 4.42079460018E+11
	if letters == 1 && dots == 1 && index(s, "E+") > 0 {
		return true
	}
	if letters > 12 && letters > d || letters > 60 {
		return false
	}
	least := 5
	if letters > 0 {
		least = 6
	}
	from, to, ok := run(s, 0, least)
	if !ok {
		return false
	}
	// A code such as AB123456 has its letters at the digits.
	if from > 0 && isASCIILetter(s[from-1]) && s[from] != '+' && s[from] != '(' || to < len(s) && isASCIILetter(s[to]) && s[to]|0x20 != 'x' && s[to]|0x20 != 'p' && s[to]|0x20 != 'w' && s[to]|0x20 != 'e' {
		return false
	}
	if letters > 0 {
		return true
	}
	if d > 45 {
		return false
	}
	plus := s[0] == '+' || s[0] == '('
	// 2024-01-31, 31.1.2024, 1/31/24, and with the time of day
	if !plus && d <= 8 && (dashes == 2 && dots+slashes == 0 || dots == 2 && dashes+slashes == 0 || slashes == 2 && dots+dashes == 0) {
		return false
	}
	if colons > 0 && (dashes == 2 || dots == 2 || slashes == 2 || colons >= 2) {
		return false
	}
	// 51.5074, 12.99, but 2079460018.0
	if dots == 1 && dashes+slashes == 0 && !plus && s[0] != '0' {
		dot := index(s, ".")
		return digits(s[:dot]) >= 7 && digits(s[dot:]) == 1
	}
	// 192.168.178.20
	if dots == 3 && dashes+slashes == 0 && s[0] != '0' && !plus && index(s, " ") < 0 && d <= 12 && shortGroups(s) {
		return false
	}
	return true
}

// shortGroups reports whether no group between dots has more than three digits.
func shortGroups(s []byte) bool {
	n := 0
	for _, c := range s {
		if c == '.' {
			n = 0
		} else if n++; n > 3 {
			return false
		}
	}
	return true
}

// isLetter reports whether a character is a letter of any script, as far as
// telling them from pictures, signs and what cannot be seen goes.
func isLetter(u rune) bool {
	switch {
	case u < 0x80:
		return isASCIILetter(byte(u))
	case u < 0xc0:
		return u == 0xaa || u == 0xb5 || u == 0xba
	}
	return u != 0xd7 && u != 0xf7 && (u < 0x2c2 || u > 0x2df) && (u < 0x2000 || u > 0x2bff) && u < 0x1f000 && (u < 0x3000 || u > 0x303f) && (u < 0xfe00 || u > 0xfe0f) &&
		(u < 0xff00 || u > 0xff20) && (u < 0xe000 || u > 0xf8ff) && !isMark(u) && u != 0xfffd && !isDecimal(u)
}

// letters counts them.
//
//go:noinline
func letters(s []byte) (n int) {
	for len(s) > 0 {
		u, size := utf8.DecodeRune(s)
		if u == utf8.RuneError && size == 1 {
			u = 'a' // of an encoding that is not UTF-8
		}
		if isLetter(u) {
			n++
		}
		s = s[size:]
	}
	return n
}

func isASCIILetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// trimMarks is trim for what cannot be seen as well: marks of direction, joiners,
// variation selectors.
//
//go:noinline
func trimMarks(s []byte) []byte {
	for {
		s = trim(s)
		if len(s) == 0 {
			return s
		}
		if u, size := utf8.DecodeRune(s); isMark(u) {
			s = s[size:]
			continue
		}
		if u, size := utf8.DecodeLastRune(s); isMark(u) {
			s = s[:len(s)-size]
			continue
		}
		return s
	}
}

// isMark reports whether a character shows nothing by itself.
func isMark(u rune) bool {
	return 0x200b <= u && u <= 0x200f || 0x202a <= u && u <= 0x202e || 0x2060 <= u && u <= 0x206f || u == 0xfeff || u == 0xad || u == 0x61c ||
		0xfe00 <= u && u <= 0xfe0f || u == 0x3164 || u == 0x2800
}

// isDirection reports whether a character only turns the direction of what
// follows; these are left out of names.
func isDirection(u rune) bool {
	return u == 0x200e || u == 0x200f || 0x202a <= u && u <= 0x202e || 0x2066 <= u && u <= 0x2069 || u == 0xfeff || u == 0x200b || u == 0x2060 || u == 0x61c
}
