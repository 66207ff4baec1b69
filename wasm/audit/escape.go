package audit

import "unicode/utf8"

// shape tells what text is, where that is a step of its own.
func (s *scan) shape(l *layer) {
	p := l.p
	from, to := 0, len(p)
	for from < to && p[from] <= ' ' {
		from++
	}
	for to > from && p[to-1] <= ' ' {
		to--
	}
	if hasPrefix(p, "\xef\xbb\xbf") {
		from = 3
	}
	if to-from < 2 {
		return
	}
	first, last := p[from], p[to-1]
	switch {
	case first == '{' && last == '}', first == '[' && last == ']':
		l.shape = "json"
	case first == '<' && (index(p[:min(len(p), 1024)], "<plist", from) >= 0):
		l.shape = "plist"
	case (l.parent != nil || s.place == inBody) && formed(p[from:to]):
		l.shape = "form"
	}
}

// formed reports whether text is name=value pairs with & between.
func formed(p []byte) bool {
	if !isAlnum(p[0]) && p[0] != '_' {
		return false
	}
	equals := 0
	for i, c := range p {
		if equals == 0 && (i > 40 || c == '/' || c == '+') {
			return false // no name
		}
		if i == 2048 {
			break
		}
		switch {
		case c == '=':
			equals++
			if i+1 < len(p) && p[i+1] == '=' {
				return false
			}
		case c == '&':
			if equals == 0 {
				return false
			}
		case c <= ' ' || c == '{' || c == '<' || c == '"' || c == ';':
			return false
		}
	}
	return equals > 0 && p[len(p)-1] != '=' || equals > 1
}

// escapes looks for what begins escapes, and at the text without them.
func (s *scan) escapes(l *layer) {
	p := l.p
	percent, entity, quoted, slash := 0, 0, 0, 0
	padded := false // there is Base64 that ends at the end of a line
	for i, c := range p {
		if classes[c]&clsEscape == 0 {
			continue
		}
		switch c {
		case '%':
			if i+2 < len(p) && unhex(p[i+1])|unhex(p[i+2]) < 16 {
				percent++
			} else if i+5 < len(p) && p[i+1] == 'u' {
				percent++
			}
		case '&':
			if i+3 < len(p) && (p[i+1] == '#' || isLetter(p[i+1])) {
				entity++
			}
		case '=':
			switch {
			case i+2 >= len(p):
			case quotable(p[i+1], p[i+2]) && quotes(p, i):
				quoted++
			case !padded && (p[i+1] == '\n' || p[i+1] == '\r' && p[i+2] == '\n'):
				if padded = !softBreak(p, i) && padding(p[max(0, i-20):i]); !padded {
					quoted++
				}
			}
		case '\\':
			slash++
		}
	}
	if plus := s.spaces(l); percent > 0 || plus {
		s.percent(l, l.shape == "form" || plus)
	}
	if percent > 0 && l.shape == "form" {
		s.pairsOf(l)
	}
	if entity > 0 {
		s.entities(l)
	}
	if quoted > 0 && (l.shape != "form" || index(p, "=3D", 0) >= 0) {
		s.quotedPrintable(l)
	}
	if slash > 0 {
		s.unescape(l)
	}
}

// spaces reports whether plus signs of a text stand for spaces: those of a form,
// of a parameter, of a cookie (as PHP writes them), and of a URL behind its
// question mark.
func (s *scan) spaces(l *layer) bool {
	if l.shape != "form" && (l.parent != nil || s.place != inQuery && s.place != inCookie && (s.place != inHeader || !hasByte(l.p, '?') || !hasByte(l.p, '='))) {
		return false
	}
	return hasByte(l.p, '+')
}

// rewrite makes a mapped layer: take writes what one place of l becomes and
// returns how many bytes of l that was, 0 for none. Only a copy that differs is
// looked at; rewrite reports whether it does.
func (s *scan) rewrite(l *layer, step string, kind layerKind, take func(p []byte, i int, dst []byte) ([]byte, int)) bool {
	c := s.rewritten(l, span{0, len(l.p)}, step, kind, take)
	if c == nil {
		return false
	}
	if kind == hidden {
		c.shape = l.shape
		c.bounds = l.bounds
	}
	s.look(c)
	return true
}

// rewritten makes a mapped layer of a place of l; nil if it does not differ.
func (s *scan) rewritten(l *layer, at span, step string, kind layerKind, take func(p []byte, i int, dst []byte) ([]byte, int)) *layer {
	p := l.p[:at.to]
	if len(p) > 1<<30 {
		s.trouble(TooMuch)
		return nil
	}
	buf := grow(s.buffer(l.depth+1), at.to-at.from)
	c := s.child(l, step, kind, at, nil)
	c.moves = append(c.moves, move{0, int32(at.from)})
	changed := false
	for i := at.from; i < len(p); {
		before := len(buf)
		next, n := take(p, i, buf)
		if n == 0 {
			buf = append(buf, p[i])
			i++
			continue
		}
		buf = next
		changed = true
		c.moves = append(c.moves, move{int32(before), int32(i)})
		i += n
		c.moves = append(c.moves, move{int32(len(buf)), int32(i)})
	}
	s.buffers[l.depth+1] = buf
	if !changed {
		return nil
	}
	c.p = buf
	return c
}

// pairsOf looks at the values of a form that are no text, one by one: what is
// packed in them begins with them.
func (s *scan) pairsOf(l *layer) {
	p := l.p
	for from := 0; from < len(p); {
		to := from
		for to < len(p) && p[to] != '&' {
			to++
		}
		value := from
		for value < to && p[value] != '=' {
			value++
		}
		value = min(value+1, to)
		if hasByte(p[value:to], '%') {
			buf := unpercent(s.buffer(l.depth+1), p[value:to], true)
			s.buffers[l.depth+1] = buf
			if len(buf) >= 7 && (!isText(buf) || magic(buf) != packNone) {
				s.look(s.child(l, "form", boxed, span{value, to}, buf))
			}
		}
		from = to + 1
	}
}

// unpercent appends p without percent escapes, and in a form with spaces for
// plus signs.
func unpercent(dst, p []byte, form bool) []byte {
	for i := 0; i < len(p); i++ {
		switch {
		case p[i] == '+' && form:
			dst = append(dst, ' ')
		case p[i] == '%' && i+2 < len(p) && unhex(p[i+1])|unhex(p[i+2]) < 16:
			dst = append(dst, unhex(p[i+1])<<4|unhex(p[i+2]))
			i += 2
		default:
			dst = append(dst, p[i])
		}
	}
	return dst
}

// strings looks at the strings of JSON whose letters are bytes: none is beyond
// U+00FF, and some are no text.
func (s *scan) strings(l *layer) {
	p := l.p
	for i := 0; i < len(p); i++ {
		if p[i] != '"' {
			continue
		}
		from := i + 1
		buf := s.buffer(l.depth + 1)
		escapes, ok := false, true
		for i = from; i < len(p) && p[i] != '"'; {
			r := rune(p[i])
			n := 1
			switch {
			case p[i] == '\\' && i+1 < len(p):
				escapes = true
				n = 2
				switch p[i+1] {
				case 'n', 'r', 't', 'b', 'f':
					r = rune("\n\r\t\b\f"[indexByte("nrtbf", p[i+1])])
				case 'u':
					var good bool
					if r, good = hex4(p, i+2); !good {
						ok = false
					}
					n = 6
				default:
					r = rune(p[i+1])
				}
			case p[i] >= 0x80:
				r, n = utf8.DecodeRune(p[i:])
			}
			if r > 0xff {
				ok = false
			}
			i += n
			if ok {
				buf = append(buf, byte(r))
			}
		}
		s.buffers[l.depth+1] = buf
		if escapes && ok && len(buf) >= 7 && i <= len(p) && (!isText(buf) || magic(buf) != packNone) {
			s.look(s.child(l, "json", boxed, span{from, min(i, len(p))}, buf))
		}
	}
}

// narrow looks at text whose letters are bytes.
func (s *scan) narrow(l *layer) {
	p := l.p
	buf := s.buffer(l.depth + 1)
	for i := 0; i < len(p); {
		r, n := utf8.DecodeRune(p[i:])
		if r > 0xff {
			return
		}
		buf = append(buf, byte(r))
		i += n
	}
	if len(buf) == len(p) {
		return // all of it is ASCII
	}
	s.buffers[l.depth+1] = buf
	s.look(s.child(l, "", boxed, span{0, len(p)}, buf))
}

// percent undoes %41, and + for a space in forms.
func (s *scan) percent(l *layer, form bool) {
	step := "percent"
	if form {
		step = "form"
	}
	s.rewrite(l, step, mapped, func(p []byte, i int, dst []byte) ([]byte, int) {
		switch {
		case p[i] == '+' && form:
			return append(dst, ' '), 1
		case p[i] != '%' || i+2 >= len(p):
			return dst, 0
		case p[i+1] == 'u' && i+5 < len(p): // JavaScript's escape()
			r := rune(0)
			for _, c := range p[i+2 : i+6] {
				if unhex(c) > 15 {
					return dst, 0
				}
				r = r<<4 | rune(unhex(c))
			}
			return appendRune(dst, r), 6
		}
		high, low := unhex(p[i+1]), unhex(p[i+2])
		if high|low > 15 {
			return dst, 0
		}
		return append(dst, high<<4|low), 3
	})
}

// unescapeJSON undoes the escapes of JSON. Strings that are JSON themselves are
// layers of their own.
func (s *scan) unescapeJSON(l *layer) {
	inner := nestedJSON(l.p)
	next := 0
	s.rewrite(l, "json", mapped, func(p []byte, i int, dst []byte) ([]byte, int) {
		if next < len(inner) && i == inner[next].from {
			next++
			return dst, inner[next-1].to - i
		}
		return unescaped(p, i, dst)
	})
	for _, at := range inner {
		if c := s.rewritten(l, at, "json", mapped, unescaped); c != nil {
			c.nested = true
			if key := keyBefore(l.p, at.from); len(key) > 0 {
				c.key = string(key)
			}
			s.look(c)
		}
	}
}

// nestedJSON returns where in JSON strings begin and end that are objects or
// lists of JSON themselves, with strings in them.
func nestedJSON(p []byte) (all []span) {
	for i := 0; i < len(p); i++ {
		if p[i] != '"' {
			continue
		}
		from, escapes := i+1, false
		for i = from; i < len(p) && p[i] != '"'; i++ {
			if p[i] == '\\' {
				escapes = escapes || i+1 < len(p) && p[i+1] == '"'
				i++
			}
		}
		if escapes && i < len(p) && bracketed(p[from:i]) {
			all = append(all, span{from, i})
		}
	}
	return all
}

// bracketed reports whether text begins and ends as an object or a list of JSON.
func bracketed(p []byte) bool {
	for len(p) > 0 && (p[0] == ' ' || hasPrefix(p, "\\n")) {
		p = p[min(len(p), 1+int(p[0]>>6)):]
	}
	for len(p) > 0 && p[len(p)-1] == ' ' {
		p = p[:len(p)-1]
	}
	return len(p) > 1 && (p[0] == '{' && p[len(p)-1] == '}' || p[0] == '[' && p[len(p)-1] == ']')
}

// objectValue reports whether the value of a form around a place is an object or
// a list of JSON.
func objectValue(p []byte, at int) bool {
	from, to := at, at
	for from > 0 && p[from-1] != '&' && p[from-1] != '=' {
		from--
	}
	for to < len(p) && p[to] != '&' {
		to++
	}
	return bracketed(unpercent(nil, p[from:to], true))
}

// unescape undoes the escapes of JSON strings in other text.
func (s *scan) unescape(l *layer) { s.rewrite(l, "json", mapped, unescaped) }

// unescaped undoes an escape of JSON strings, or of those that JavaScript has
// besides.
func unescaped(p []byte, i int, dst []byte) ([]byte, int) {
	if p[i] != '\\' || i+1 >= len(p) {
		return dst, 0
	}
	switch c := p[i+1]; c {
	case 'n', 'r', 't', 'b', 'f':
		return append(dst, "\n\r\t\b\f"[indexByte("nrtbf", c)]), 2
	case '"', '\\', '/', '\'':
		return append(dst, c), 2
	case 'x':
		if i+3 < len(p) && unhex(p[i+2])|unhex(p[i+3]) < 16 {
			return append(dst, unhex(p[i+2])<<4|unhex(p[i+3])), 4
		}
	case 'u':
		if i+2 < len(p) && p[i+2] == '{' {
			r, k := rune(0), i+3
			for ; k < len(p) && k < i+9 && unhex(p[k]) < 16; k++ {
				r = r<<4 | rune(unhex(p[k]))
			}
			if k > i+3 && k < len(p) && p[k] == '}' {
				return appendRune(dst, r), k + 1 - i
			}
		}
		r, ok := hex4(p, i+2)
		if !ok {
			return dst, 0
		}
		if r >= 0xd800 && r < 0xdc00 && i+7 < len(p) && p[i+6] == '\\' && p[i+7] == 'u' {
			if low, ok := hex4(p, i+8); ok && low >= 0xdc00 && low < 0xe000 {
				return appendRune(dst, 0x10000+(r-0xd800)<<10+low-0xdc00), 12
			}
		}
		return appendRune(dst, r), 6
	}
	return dst, 0
}

func indexByte(s string, c byte) int {
	for i := range len(s) {
		if s[i] == c {
			return i
		}
	}
	return -1
}

func hex4(p []byte, i int) (r rune, ok bool) {
	if i+4 > len(p) {
		return 0, false
	}
	for _, c := range p[i : i+4] {
		if unhex(c) > 15 {
			return 0, false
		}
		r = r<<4 | rune(unhex(c))
	}
	return r, true
}

func appendRune(dst []byte, r rune) []byte { return utf8.AppendRune(dst, r) }

var entityNames = [...]struct {
	name string
	is   string
}{
	{"amp;", "&"}, {"lt;", "<"}, {"gt;", ">"}, {"quot;", "\""}, {"apos;", "'"}, {"plus;", "+"}, {"nbsp;", " "}, {"sol;", "/"}, {"lpar;", "("}, {"rpar;", ")"},
	{"hyphen;", "-"}, {"dash;", "-"}, {"ndash;", "-"}, {"commat;", "@"}, {"period;", "."}, {"equals;", "="}, {"colon;", ":"}, {"num;", "#"}, {"Tab;", "\t"}, {"NewLine;", "\n"}, {"comma;", ","}, {"lowbar;", "_"},
}

// entities undoes those of HTML and XML that can stand in a number or a token.
func (s *scan) entities(l *layer) {
	s.rewrite(l, "entities", mapped, func(p []byte, i int, dst []byte) ([]byte, int) {
		if p[i] != '&' || i+2 >= len(p) {
			return dst, 0
		}
		if p[i+1] != '#' {
			for _, e := range entityNames {
				if hasPrefix(p[i+1:], e.name) {
					return append(dst, e.is...), 1 + len(e.name)
				}
			}
			return dst, 0
		}
		k := i + 2
		base := rune(10)
		if p[k]|0x20 == 'x' {
			base = 16
			k++
		}
		r, from := rune(0), k
		for ; k < len(p) && k-from < 8 && rune(unhex(p[k])) < base; k++ {
			r = r*base + rune(unhex(p[k]))
		}
		if k == from || r > 0x10ffff {
			return dst, 0
		}
		if k < len(p) && p[k] == ';' {
			k++
		} else if softBreak(p, k) {
			return dst, 0
		}
		return appendRune(dst, r), k - i
	})
}

const unseen = 0xff

// zeros are the digits 0 of the scripts of Unicode 16 that have ten in a row
// (general category Nd).
var zeros = [...]rune{
	0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810,
	0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
	0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0, 0x11950,
	0x11bf0, 0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16130, 0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0,
	0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0,
}
