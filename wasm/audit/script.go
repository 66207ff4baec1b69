package audit

import "unicode/utf8"

// scripts looks at text with the digits, spaces and hyphens of all scripts as
// those of ASCII, and without letters that nobody sees. Findings are told in the
// text as it is.
func (s *scan) scripts(l *layer) {
	p := l.p
	near := false
	for i := 0; i < len(p); i++ {
		if p[i] < 0x80 {
			continue
		}
		if p[i] >= 0xf5 || p[i] < 0xc2 {
			continue
		}
		r, n := utf8.DecodeRune(p[i:])
		if c := asASCII(r); c != 0 {
			if isDigit(c) || i > 0 && (isDigit(p[i-1]) || p[i-1] == '+' || p[i-1] == ')') || i+n < len(p) && (isDigit(p[i+n]) || p[i+n] == '+' || p[i+n] == '(') {
				near = true
				break
			}
		}
		i += n - 1
	}
	if !near {
		return
	}
	s.rewrite(l, "", hidden, func(p []byte, i int, dst []byte) ([]byte, int) {
		if p[i] < 0x80 {
			return dst, 0
		}
		r, n := utf8.DecodeRune(p[i:])
		switch c := asASCII(r); c {
		case 0:
			return dst, 0
		case unseen:
			return dst, n
		default:
			return append(dst, c), n
		}
	})
}

// asASCII returns what a rune beyond ASCII means in a number, unseen for what
// nobody sees, 0 for none of these.
func asASCII(r rune) byte {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		return byte(r - 0xff01 + '!')
	case r == 0xa0 || r >= 0x2000 && r <= 0x200a || r == 0x202f || r == 0x205f || r == 0x3000:
		return ' '
	case r >= 0x2010 && r <= 0x2015 || r == 0x2212 || r == 0x2043 || r == 0xfe63 || r == 0x30fc:
		return '-'
	case r == 0xad || r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x2069 || r == 0xfeff:
		return unseen
	case r == 0x207a || r == 0xfe62 || r == 0x2795:
		return '+'
	case r == 0xb7 || r == 0x2022 || r == 0x2024:
		return '.'
	case r < 0x660:
		return 0
	case r == 0x2070:
		return '0'
	case r >= 0x2074 && r <= 0x2079:
		return byte(r-0x2070) + '0'
	case r >= 0x2080 && r <= 0x2089:
		return byte(r-0x2080) + '0'
	}
	for _, z := range zeros {
		if r < z {
			return 0
		}
		if r < z+10 {
			return byte(r-z) + '0'
		}
	}
	return 0
}
