package capture

import "unsafe"

// What package bytes and strconv have, without what they bring along.

func indexByte(p []byte, c byte) int {
	for i, d := range p {
		if c == d {
			return i
		}
	}
	return -1
}

func indexAny(p []byte, any string) int {
	for i, c := range p {
		for j := 0; j < len(any); j++ {
			if any[j] == c {
				return i
			}
		}
	}
	return -1
}

// index returns where s begins in p, -1 if nowhere.
func index[T ~string | ~[]byte](p []byte, s T) int {
	for i := 0; i+len(s) <= len(p); i++ {
		j := indexByte(p[i:len(p)-len(s)+1], s[0])
		if j < 0 {
			return -1
		}
		i += j
		if view(p[i:i+len(s)]) == string(s) {
			return i
		}
	}
	return -1
}

func hasPrefix(p []byte, s string) bool { return len(p) >= len(s) && view(p[:len(s)]) == s }

// view is p as a string that lives as long: TinyGo copies the bytes of a
// conversion even where they are only compared.
func view(p []byte) string { return unsafe.String(unsafe.SliceData(p), len(p)) }

// trim takes white space off both ends.
func trim(p []byte) []byte {
	for len(p) > 0 && blank(p[0]) {
		p = p[1:]
	}
	for len(p) > 0 && blank(p[len(p)-1]) {
		p = p[:len(p)-1]
	}
	return p
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// number reads a decimal number, -1 if p is none or too large. A fraction is
// cut off.
func number(p []byte) int64 {
	p = trim(p)
	if i := indexByte(p, '.'); i > 0 {
		p = p[:i]
	}
	if len(p) == 0 || len(p) > 18 {
		return -1
	}
	n := int64(0)
	for _, c := range p {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

// seconds reads a decimal number of seconds with a fraction as nanoseconds, 0 if
// p is none.
func seconds(p []byte) int64 {
	whole := number(p)
	if whole < 0 || whole > 1<<33 {
		return 0
	}
	ns := whole * 1e9
	if i := indexByte(p, '.'); i >= 0 {
		unit := int64(1e8)
		for _, c := range p[i+1:] {
			if c < '0' || c > '9' {
				break
			}
			ns += int64(c-'0') * unit
			unit /= 10
		}
	}
	return ns
}

// timestamp reads a time of ISO 8601 such as 2023-03-29T17:37:42.482-07:00 as
// nanoseconds since 1970, 0 if p is none.
func timestamp(p []byte) int64 {
	two := func(i int) int64 {
		if i+2 > len(p) {
			return -1
		}
		return number(p[i : i+2])
	}
	if len(p) < 19 || p[4] != '-' || p[7] != '-' || p[13] != ':' || p[16] != ':' {
		return 0
	}
	year, month, day := number(p[:4]), two(5), two(8)
	hour, minute, second := two(11), two(14), two(17)
	if year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || minute < 0 || second < 0 {
		return 0
	}
	// Days by the civil calendar, with years that begin in March.
	y, m := year, month
	if m <= 2 {
		y--
		m += 12
	}
	days := 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + day - 1 - 719468
	ns := ((days*24+hour)*60+minute)*60 + second
	ns *= 1e9
	p = p[19:]
	if len(p) > 0 && (p[0] == '.' || p[0] == ',') {
		unit := int64(1e8)
		for p = p[1:]; len(p) > 0 && '0' <= p[0] && p[0] <= '9'; p = p[1:] {
			ns += int64(p[0]-'0') * unit
			unit /= 10
		}
	}
	if len(p) >= 5 && (p[0] == '+' || p[0] == '-') {
		hours, minutes := two(1), number(p[len(p)-2:])
		if hours >= 0 && minutes >= 0 {
			zone := (hours*60 + minutes) * 60e9
			if p[0] == '+' {
				zone = -zone
			}
			ns += zone
		}
	}
	return ns
}

// base64 decodes p in place, both alphabets, with white space and with or
// without padding, up to what is none.
func base64(p []byte) (decoded []byte, ok bool) {
	n := 0
	rest := p
	for ; len(rest) >= 4; rest = rest[4:] { // what is in good order, four letters at a time
		a, b, c, d := base64Value[rest[0]], base64Value[rest[1]], base64Value[rest[2]], base64Value[rest[3]]
		if a|b|c|d >= 64 {
			break
		}
		v := uint32(a)<<18 | uint32(b)<<12 | uint32(c)<<6 | uint32(d)
		q := p[n : n+3 : n+3]
		q[0], q[1], q[2] = byte(v>>16), byte(v>>8), byte(v)
		n += 3
	}
	bits, acc := 0, uint32(0)
	for i, c := range rest {
		v := base64Value[c]
		if v < 64 {
			acc = acc<<6 | uint32(v)
			if bits += 6; bits >= 8 {
				bits -= 8
				p[n] = byte(acc >> bits)
				n++
			}
			continue
		}
		if c == '=' {
			for _, c := range rest[i:] {
				if c != '=' && !blank(c) {
					return p[:n], false
				}
			}
			break
		}
		if !blank(c) {
			return p[:n], false
		}
	}
	return p[:n], bits < 6
}

// quotedPrintable decodes RFC 2045 section 6.7.
func quotedPrintable(p []byte) (decoded []byte, ok bool) {
	out := make([]byte, 0, len(p))
	for i := 0; i < len(p); i++ {
		if p[i] != '=' {
			out = append(out, p[i])
			continue
		}
		rest := p[i+1:]
		switch {
		case hasPrefix(rest, "\n"):
			i++
		case hasPrefix(rest, "\r\n"):
			i += 2
		case len(rest) > 1 && unhex(rest[0])|unhex(rest[1]) < 16:
			out = append(out, unhex(rest[0])<<4|unhex(rest[1]))
			i += 2
		default:
			return nil, false
		}
	}
	return out, true
}

// base64Value is the value of each letter, 255 of what is none.
var base64Value = func() (t [256]uint8) {
	for i := range t {
		t[i] = 255
	}
	for i := range 26 {
		t['A'+i], t['a'+i] = uint8(i), uint8(i+26)
	}
	for i := range 10 {
		t['0'+i] = uint8(i + 52)
	}
	t['+'], t['-'], t['/'], t['_'] = 62, 62, 63, 63
	return t
}()

// isBase64 reports whether all of p is base64 with padding.
func isBase64(p []byte) bool {
	if len(p) == 0 || len(p)%4 != 0 {
		return false
	}
	for i, c := range p {
		if base64Value[c] == 255 && (c != '=' || i < len(p)-2) {
			return false
		}
	}
	return true
}
