package contacts

import "unicode/utf8"

// detect looks at the head of the file and decides encoding, format and, for
// a table, delimiter and columns. Called once, when the head is full or the
// file ended.
func (r *Reader) detect() {
	h := r.head[:r.headLen]
	r.stage = reading
	switch {
	case len(h) >= 2 && h[0] == 0xff && h[1] == 0xfe:
		r.charset, r.headPos = UTF16LE, 2
	case len(h) >= 2 && h[0] == 0xfe && h[1] == 0xff:
		r.charset, r.headPos = UTF16BE, 2
	case len(h) >= 3 && h[0] == 0xef && h[1] == 0xbb && h[2] == 0xbf:
		r.headPos = 3
	default:
		r.charset = bare16(h)
	}
	text := h[r.headPos:]
	if r.charset != UTF8 {
		// Look at what the first of it says, then begin again.
		r.widen(text)
		r.half, r.hasHalf, r.surrogate = 0, false, 0
		text = r.wide[:r.wideLen]
		r.wideLen = 0
	}
	if r.charset == UTF8 && binary(h) {
		r.fail(NotText)
		return
	}
	if len(trim(text)) == 0 {
		r.fail(EmptyFile)
		return
	}
	if r.charset == UTF8 && !validHead(text) {
		r.legacy = r.guessLegacy(text)
	}
	if r.format == Auto {
		r.format = r.guess(text)
	}
	switch r.format {
	case Auto:
		r.fail(UnknownFormat)
	case CSV:
		r.layOut(text)
	}
}

// bare16 recognises UTF-16 without a byte order mark by its zero bytes.
func bare16(h []byte) Charset {
	even, odd := 0, 0
	for i := 0; i+1 < len(h); i += 2 {
		if h[i] == 0 {
			even++
		}
		if h[i+1] == 0 {
			odd++
		}
	}
	units := len(h) / 2
	switch {
	case units >= 4 && odd*10 >= units*4 && even*50 <= units:
		return UTF16LE
	case units >= 4 && even*10 >= units*4 && odd*50 <= units:
		return UTF16BE
	}
	return UTF8
}

// binary reports whether the head belongs to something that is not text: a
// known signature, or many control bytes. A few NULs are left to BinaryLine.
func binary(h []byte) bool {
	for _, magic := range [...]string{"PK\x03\x04", "%PDF-", "SQLite format 3", "\x89PNG", "\xff\xd8\xff", "GIF8", "\x1f\x8b", "\xd0\xcf\x11\xe0", "bplist0", "\x7fELF", "RIFF", "7z\xbc\xaf", "Rar!", "\x00asm"} {
		if len(h) >= len(magic) && same(h[:len(magic)], magic) {
			return true
		}
	}
	control := 0
	for _, c := range h {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 0x1a && c != 0x1b {
			control++
		}
	}
	return control > 3+len(h)/50
}

// validHead is utf8.Valid for a text that may be cut within a character.
func validHead(s []byte) bool {
	for i := 0; i < 4 && i < len(s); i++ {
		if utf8.Valid(s[:len(s)-i]) {
			return true
		}
	}
	return false
}

// guessLegacy chooses the encoding of a head that is not UTF-8: the one in
// which most headers of the first line make sense, or what the bytes look
// like.
func (r *Reader) guessLegacy(text []byte) Charset {
	first := text
	for i, c := range text {
		if c == '\n' || c == '\r' {
			first = text[:i]
			break
		}
	}
	best, most := unknownCharset, 0
	for _, c := range [...]Charset{Windows1252, Windows1250, Windows1251} {
		n := 0
		from := 0
		for i := 0; i <= len(first); i++ {
			if i < len(first) && first[i] != ',' && first[i] != ';' && first[i] != '\t' && first[i] != '"' {
				continue
			}
			cell := first[from:i]
			from = i + 1
			if utf8.Valid(cell) || len(cell) > maxNormal {
				continue
			}
			k, ok := writeText(r.cell[:], cell, c)
			if !ok || !lettersOnly(r.cell[:k]) {
				continue // "s³u¿bowy" is not what a header says
			}
			if role, _ := roleOf(normalise(&r.normal, r.cell[:k])); role != Unused {
				n++
			}
		}
		if n > most {
			best, most = c, n
		}
	}
	if most > 0 {
		return best
	}
	for c := GBK; c <= EUCKR; c++ {
		if rawPhone(first, c) {
			return c
		}
	}
	return guessCharset(text)
}

// lettersOnly reports whether everything beyond ASCII is a letter of the
// Latin or Cyrillic alphabets.
func lettersOnly(s []byte) bool {
	for len(s) > 0 {
		c, size := utf8.DecodeRune(s)
		if c >= 0x80 && (c < 0xc0 || c == 0xd7 || c == 0xf7 || c > 0x52f || 0x180 <= c && c < 0x400) && c != 0xa0 {
			return false
		}
		s = s[size:]
	}
	return true
}

// guess tells the formats apart; Auto means that it is none.
func (r *Reader) guess(text []byte) Format {
	s := trim(text)
	if hasPrefix(s, "begin:vcard") {
		return VCard
	}
	if s[0] == '{' || s[0] == '<' || s[0] == '[' {
		return Auto
	}
	// A card further down: some tools write comments before it.
	for i := 0; i+12 < len(s); i++ {
		if (s[i] == '\n' || s[i] == '\r') && hasPrefix(s[i+1:], "begin:vcard") {
			return VCard
		}
	}
	lines, numbers, some := 0, 0, false
	for l, rest := []byte(nil), s; len(rest) > 0; {
		l, rest = nextLine(rest)
		l = trim(l)
		if len(l) == 0 {
			continue
		}
		lines++
		if looksNumber(l) || isMail(l) || hasPrefix(l, "tel:") || hasPrefix(l, "tel;") {
			numbers++
		}
		some = some || digits(l) >= 5 || isMail(l)
	}
	if numbers*10 >= lines*6 {
		return List
	}
	if r.survey(text) {
		return CSV
	}
	if some {
		return List
	}
	return Auto
}

// nextLine cuts a line off s.
func nextLine(s []byte) (line, rest []byte) {
	for i, c := range s {
		if c == '\n' || c == '\r' {
			return s[:i], s[i+1:]
		}
	}
	return s, nil
}

// looksNumber reports whether a cell or line is a telephone number as people
// write them: five to twenty digits and the usual punctuation, not a date.
func looksNumber(s []byte) bool {
	if n := len(s); n >= 2 && s[0] == '"' && s[n-1] == '"' {
		s = trim(s[1 : n-1])
	}
	d := digits(s)
	if d < 5 || d > 20 || len(s) > 60 {
		return false
	}
	if s[0] == '-' || s[len(s)-1] == '%' {
		return false
	}
	dots, dashes, slashes, letters, start := 0, 0, 0, 0, 0
	for i, c := range s {
		switch {
		case c == '.':
			dots++
		case c == '-':
			dashes++
		case c == '/':
			slashes++
		case 'a' <= c|0x20 && c|0x20 <= 'z':
			letters++
			if start == 0 {
				start = i + 1
			}
		case '0' <= c && c <= '9', c == '+', c == ' ', c == '(', c == ')', c == '#', c == '*', c >= 0x80:
		default:
			return false
		}
	}
	// "ext. 12", "x12" behind the digits; anything longer is a name.
	if letters > 10 || letters > 0 && (start == 1 || digits(s[:start-1]) < 5) {
		return false
	}
	// 2024-01-31, 31.1.2024, 1/31/24
	if d <= 8 && (dashes == 2 && dots+slashes == 0 || dots == 2 && dashes+slashes == 0 || slashes == 2 && dots+dashes == 0) && s[0] != '+' && s[0] != '(' {
		return false
	}
	// 51.5074, 12.99
	if dots == 1 && dashes+slashes == 0 && s[0] != '+' && s[0] != '0' {
		return false
	}
	return true
}
