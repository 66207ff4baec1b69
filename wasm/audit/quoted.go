package audit

// padding reports whether what stands before an equals sign is Base64.
func padding(p []byte) bool {
	for _, c := range p {
		if values64[c] > 63 && c != '=' && c != '\n' && c != '\r' {
			return false
		}
	}
	return true
}

func quotable(a, b byte) bool {
	return isDigit(a) && (isDigit(b) || b >= 'A' && b <= 'F') || a >= 'A' && a <= 'F' && (isDigit(b) || b >= 'A' && b <= 'F')
}

// quotes reports whether an equals sign and two hexadecimal digits are likely to
// be quoted-printable: they stand for what has to be quoted, or are one of three
// in a row, or every other byte of UTF-16, or the plus of a number. phone=4420… is none.
func quotes(p []byte, i int) bool {
	c := unhex(p[i+1])<<4 | unhex(p[i+2])
	return c >= 0x80 || c == '+' && i+5 < len(p) && isDigit(p[i+3]) && isDigit(p[i+4]) || c == 0 && i >= 4 && hasPrefix(p[i-4:], "=00") || c == '=' || c == '\n' || c == '\r' || i >= 6 && p[i-3] == '=' && p[i-6] == '='
}

// quotedPrintable undoes RFC 2045 section 6.7.
func (s *scan) quotedPrintable(l *layer) bool {
	return s.rewrite(l, "quoted-printable", mapped, func(p []byte, i int, dst []byte) ([]byte, int) {
		if p[i] != '=' || i+1 >= len(p) {
			return dst, 0
		}
		if p[i+1] == '\n' {
			return dst, 2
		}
		if i+2 >= len(p) {
			return dst, 0
		}
		if p[i+1] == '\r' && p[i+2] == '\n' {
			return dst, 3
		}
		high, low := unhex(p[i+1]), unhex(p[i+2])
		if high|low > 15 {
			return dst, 0
		}
		return append(dst, high<<4|low), 3
	})
}
