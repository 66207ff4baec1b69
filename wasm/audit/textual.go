package audit

// textual looks for encodings that are sequences of short words: lists of bytes
// and hexadecimal digits with something between; and for what HTTP and mail put
// around a body.
func (s *scan) textual(l *layer) {
	if l.kind == hidden {
		return
	}
	if l.bytes >= 7 {
		s.lists(l)
	}
	if l.pairs >= 7 {
		s.pairs(l)
	}
}

// lists looks for JSON arrays of bytes, of either sign, as numbers or strings, for
// objects that have one at each index, as JavaScript writes a Uint8Array, and for
// arrays of digits.
func (s *scan) lists(l *layer) {
	p := l.p
	for from := 0; from < len(p); {
		if p[from] != '[' && p[from] != '(' && p[from] != '{' && (from > 0 || !isDigit(p[0])) {
			from++
			continue
		}
		buf := s.buffer(l.depth + 1)
		i := from
		if !isDigit(p[i]) {
			i++
		}
		digits := true // one in each place
		for i < len(p) {
			i = skipSpace(p, i)
			if p[from] == '{' {
				next := indexKey(p, i, len(buf))
				if next == 0 {
					break
				}
				i = next
			}
			quoted := i < len(p) && p[i] == '"'
			if quoted {
				i++
			}
			negative := i < len(p) && p[i] == '-'
			if negative {
				i++
			}
			v, start := 0, i
			for i < len(p) && i-start < 4 && isDigit(p[i]) {
				v = v*10 + int(p[i]-'0')
				i++
			}
			if i == start || v > 255 || negative && v > 128 {
				break
			}
			digits = digits && i-start == 1 && !negative
			if negative {
				v = 256 - v
			}
			buf = append(buf, byte(v))
			if quoted {
				if i >= len(p) || p[i] != '"' {
					break
				}
				i++
			}
			if i = skipSpace(p, i); i >= len(p) || p[i] != ',' {
				break
			}
			i++
		}
		if digits {
			for k := range buf {
				buf[k] += '0'
			}
		}
		s.buffers[l.depth+1] = buf
		if len(buf) >= 7 {
			c := s.child(l, "bytes", boxed, span{from, min(i+1, len(p))}, buf)
			if digits {
				if c.bounds = true; !s.telling(l, from) {
					from = max(i, from+1)
					continue
				}
			}
			s.look(c)
		}
		from = max(i, from+1)
	}
}

// indexKey returns the place behind the key n and its colon; 0 if they are not
// there.
func indexKey(p []byte, i, n int) int {
	if i+3 >= len(p) || p[i] != '"' {
		return 0
	}
	v, from := 0, i+1
	for i = from; i < len(p) && i-from < 8 && isDigit(p[i]); i++ {
		v = v*10 + int(p[i]-'0')
	}
	if i == from || v != n || i >= len(p) || p[i] != '"' {
		return 0
	}
	if i = skipSpace(p, i+1); i >= len(p) || p[i] != ':' {
		return 0
	}
	return skipSpace(p, i+1)
}

func skipSpace(p []byte, i int) int {
	for i < len(p) && (p[i] == ' ' || p[i] == '\n' || p[i] == '\r' || p[i] == '\t') {
		i++
	}
	return i
}

// pairs looks for pairs of hexadecimal digits with one and the same mark between
// them, such as 2b:34:34 or \x2b\x34 or 0x2b, 0x34.
func (s *scan) pairs(l *layer) {
	p := l.p
	for i := 2; i+13 < len(p); i++ {
		if hexValues[p[i]] < 16 || p[i] == '\n' {
			continue
		}
		// A mark: one to six bytes that repeat every pair.
		if hexValues[p[i-1]]|hexValues[p[i-2]] > 15 || i > 2 && hexValues[p[i-3]] < 16 {
			continue
		}
		width := 1
		for width < 6 && i+width < len(p) && !(hexValues[p[i+width]] < 16 && i+width+1 < len(p) && hexValues[p[i+width+1]] < 16 && (i+width+2 >= len(p) || hexValues[p[i+width+2]] > 15)) {
			width++
		}
		if i+width+1 >= len(p) || hexValues[p[i+width]]|hexValues[p[i+width+1]] > 15 {
			continue
		}
		mark := p[i : i+width]
		if width == 1 && (mark[0] == '%' || mark[0] == '=') || mark[0] == '\\' {
			i += width // escapes, which are undone elsewhere
			continue
		}
		buf := append(s.buffer(l.depth+1), hexValues[p[i-2]]<<4|hexValues[p[i-1]])
		end := i
		for end+width+1 < len(p) && string(p[end:end+width]) == string(mark) && hexValues[p[end+width]]|hexValues[p[end+width+1]] < 16 &&
			(end+width+2 >= len(p) || hexValues[p[end+width+2]] > 15) {
			buf = append(buf, hexValues[p[end+width]]<<4|hexValues[p[end+width+1]])
			end += width + 2
		}
		s.buffers[l.depth+1] = buf
		if len(buf) >= 7 {
			c := s.child(l, "base16", boxed, span{i - 2, end}, buf)
			c.guess = true
			s.lookLight(c)
			i = end
		}
	}
}

// chunked undoes RFC 9112 section 7.1 where a whole layer is written so, and
// reports whether it is.
func (s *scan) chunked(l *layer) bool {
	p := l.p
	if len(p) < 12 || hexValues[p[0]] > 15 || l.kind == hidden {
		return false
	}
	buf := s.buffer(l.depth + 1)
	var at []move
	for i := 0; ; {
		size, start := 0, i
		for i < len(p) && i-start < 8 && hexValues[p[i]] < 16 {
			size = size<<4 | int(hexValues[p[i]])
			i++
		}
		if i == start {
			return false
		}
		for i < len(p) && p[i] != '\r' && i-start < 256 {
			if p[i] != ';' && p[i-1] != ';' && !isAlnum(p[i]) && p[i] != '=' && p[i] != ' ' {
				return false
			}
			i++
		}
		if i+1 >= len(p) || p[i] != '\r' || p[i+1] != '\n' {
			return false
		}
		i += 2
		if size == 0 {
			break
		}
		if size > len(p)-i {
			return false
		}
		at = append(at, move{int32(len(buf)), int32(i)})
		buf = append(buf, p[i:i+size]...)
		i += size
		if i+1 >= len(p) || p[i] != '\r' || p[i+1] != '\n' {
			return false
		}
		i += 2
	}
	s.buffers[l.depth+1] = buf
	c := s.child(l, "chunked", mapped, span{0, len(p)}, buf)
	c.moves = append(c.moves, at...)
	s.look(c)
	return true
}

// multipart looks at the parts of RFC 2046 section 5.1 where a layer begins with
// a boundary, and reports whether it does.
func (s *scan) multipart(l *layer) bool {
	p := l.p
	if !hasPrefix(p, "--") || l.kind == hidden {
		return false
	}
	line := lineEnd(p, 0)
	if line < 3 || line > 74 {
		return false
	}
	boundary := string(trimRight(p[:line]))
	next := skipLine(p, 0)
	if head := p[next:min(len(p), next+512)]; !anyWord(head, []string{"content-"}) || index(p, boundary, next) < 0 {
		return false
	}
	for i := next; i < len(p); {
		end := index(p, boundary, i)
		if end < 0 {
			end = len(p)
		}
		part := p[i:end]
		body := 0
		for body < len(part) { // past the part's own header
			from := body
			body = skipLine(part, body)
			if len(trimRight(part[from:body])) == 0 {
				break
			}
		}
		s.look(s.child(l, "multipart", within, span{i, end}, part[:body]))
		c := s.child(l, "multipart", within, span{i + body, end}, trimLine(part[body:]))
		switch transferEncoding(part[:body]) {
		case "quoted-printable":
			if !s.quotedPrintable(c) {
				s.look(c)
			}
		case "base64":
			s.lines(c)
		default:
			s.look(c)
		}
		i = skipLine(p, end)
	}
	return true
}

// transferEncoding returns "base64" or "quoted-printable" if the header of a part
// says so (RFC 2045 section 6), "" otherwise.
func transferEncoding(head []byte) string {
	for i := 0; i < len(head); i = skipLine(head, i) {
		const name = "content-transfer-encoding:"
		if !foldPrefix(head[i:], name) {
			continue
		}
		value := trimRight(head[i+len(name) : lineEnd(head, i)])
		for len(value) > 0 && value[0] == ' ' {
			value = value[1:]
		}
		for _, known := range [2]string{"base64", "quoted-printable"} {
			if len(value) == len(known) && foldPrefix(value, known) {
				return known
			}
		}
	}
	return ""
}

// lines decodes a layer that is Base64 in lines.
func (s *scan) lines(l *layer) {
	buf := s.buffer(l.depth + 1)
	letters := make([]byte, 0, len(l.p))
	for _, c := range l.p {
		if values64[c] < 64 {
			letters = append(letters, c)
		}
	}
	buf = grow(buf, len(letters))
	buf = buf[:decode64(buf[:cap(buf)], letters)]
	s.buffers[l.depth+1] = buf
	s.look(s.child(l, "base64", boxed, span{0, len(l.p)}, buf))
}

// trimLine removes the line end before a boundary.
func trimLine(p []byte) []byte {
	if n := len(p); n > 0 && p[n-1] == '\n' {
		p = p[:n-1]
	}
	if n := len(p); n > 0 && p[n-1] == '\r' {
		p = p[:n-1]
	}
	return p
}

func lineEnd(p []byte, i int) int {
	for i < len(p) && p[i] != '\n' {
		i++
	}
	return i
}

func skipLine(p []byte, i int) int { return min(lineEnd(p, i)+1, len(p)) }

func trimRight(p []byte) []byte {
	for len(p) > 0 && (p[len(p)-1] == '\r' || p[len(p)-1] == '\n' || p[len(p)-1] == ' ' || p[len(p)-1] == '\t') {
		p = p[:len(p)-1]
	}
	return p
}
