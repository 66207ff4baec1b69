package report

import "unicode/utf8"

// html is a page that is being written. Package html/template is too much for a
// WebAssembly module; here, all that comes from outside goes through text.
type html struct{ to []byte }

// raw writes what is HTML already.
func (h *html) raw(s string) *html {
	h.to = append(h.to, s...)
	return h
}

// text writes text of any origin: what HTML means something by is escaped, what
// nobody could see, or what turns text around, is written as \x00 or \u0000.
func (h *html) text(s string) *html {
	const digits = "0123456789abcdef"
	for len(s) > 0 {
		c, n := utf8.DecodeRuneInString(s)
		switch {
		case c == utf8.RuneError && n == 1, c < ' ' && c != '\n' && c != '\r' && c != '\t', c == 0x7f:
			h.to = append(h.to, '\\', 'x', digits[s[0]>>4], digits[s[0]&15])
		case c >= 0x80 && c < 0xa0, c == 0x200e, c == 0x200f, c >= 0x2028 && c <= 0x202e, c >= 0x2066 && c <= 0x2069:
			h.to = append(h.to, '\\', 'u', digits[c>>12], digits[c>>8&15], digits[c>>4&15], digits[c&15])
		case c == '&':
			h.raw("&amp;")
		case c == '<':
			h.raw("&lt;")
		case c == '>':
			h.raw("&gt;")
		case c == '"':
			h.raw("&#34;")
		case c == '\'':
			h.raw("&#39;")
		default:
			h.to = append(h.to, s[:n]...)
		}
		s = s[n:]
	}
	return h
}

func (h *html) number(n int) *html {
	h.to = appendDecimal(h.to, n)
	return h
}

// count writes how many of something there are.
func (h *html) count(n int, what string) *html {
	h.number(n)
	switch {
	case what == "person" && n != 1:
		return h.raw(" people")
	case n == 1:
		return h.raw(" " + what)
	}
	return h.raw(" " + what + "s")
}

func (h *html) row(name, text string) {
	h.raw("<tr><th>").text(name).raw("</th><td>").text(text).raw("</td></tr>\n")
}

func appendDecimal(to []byte, n int) []byte {
	if n < 0 {
		return appendDecimal(append(to, '-'), -n)
	}
	if n >= 10 {
		to = appendDecimal(to, n/10)
	}
	return append(to, '0'+byte(n%10))
}

// Moment writes a time of a capture, nanoseconds since 1970, in UTC and to the
// millisecond; "" for none.
func Moment(ns int64) string {
	if ns == 0 {
		return ""
	}
	ms := ns / 1e6
	if ns < 0 && ns%1e6 != 0 {
		ms--
	}
	day, rest := ms/864e5, int(ms%864e5)
	if rest < 0 {
		day, rest = day-1, rest+864e5
	}
	// Days to a date: Howard Hinnant's civil_from_days.
	z := day + 719468
	era := z / 146097
	if z < 0 {
		era = (z - 146096) / 146097
	}
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	d, m, y := doy-(153*mp+2)/5+1, mp+3, yoe+era*400
	if m > 12 {
		m -= 12
	}
	if m <= 2 {
		y++
	}
	var b []byte
	pad := func(n, digits int, end byte) {
		for unit := 10; digits > 1; unit, digits = unit*10, digits-1 {
			if n < unit {
				b = append(b, '0')
			}
		}
		b = append(appendDecimal(b, n), end)
	}
	pad(int(y), 4, '-')
	pad(int(m), 2, '-')
	pad(int(d), 2, 'T')
	pad(rest/3600000, 2, ':')
	pad(rest/60000%60, 2, ':')
	pad(rest/1000%60, 2, '.')
	pad(rest%1000, 3, 'Z')
	return string(b)
}
