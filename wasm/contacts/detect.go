package contacts

import "unicode/utf8"

// detect looks at the head of the file and decides encoding, format and, for
// a table, delimiter and columns. Called once, when the head is full or the
// file ended.
func (r *Reader) detect() {
	h := r.head[:r.headLen]
	r.stage = reading
	switch {
	case startsWith(h, "\xff\xfe\x00\x00"):
		r.charset, r.headPos = UTF32LE, 4
	case startsWith(h, "\x00\x00\xfe\xff"):
		r.charset, r.headPos = UTF32BE, 4
	case startsWith(h, "\xff\xfe"):
		r.charset, r.headPos = UTF16LE, 2
	case startsWith(h, "\xfe\xff"):
		r.charset, r.headPos = UTF16BE, 2
	case startsWith(h, "\xef\xbb\xbf"):
		r.headPos = 3
	case looksUTF7(h):
		r.charset, r.surmise = UTF7, true
	default:
		r.charset = bareWide(h)
	}
	text := h[r.headPos:]
	if r.charset.wide() {
		// Look at what the first of it says, then begin again.
		r.widen(text)
		r.unit, r.unitN, r.surrogate, r.shifted = 0, 0, 0, false
		text = r.wide[:r.wideLen]
		r.wideLen = 0
	}
	if r.charset == UTF8 {
		if code, what := foreign(h); code != OK {
			r.fail(code, what)
			return
		}
	}
	if len(trim(text)) == 0 {
		r.fail(EmptyFile, "")
		return
	}
	if r.charset == UTF8 && escapes(text) {
		r.legacy = ISO2022JP
	} else if r.charset == UTF8 && !validHead(text) {
		r.legacy = r.guessLegacy(text)
	}
	if r.format == Auto {
		var what string
		if r.format, what = r.guess(text); r.format == Auto {
			code := UnknownFormat
			if what == "spreadsheet" || what == "database" {
				code = Unsupported
			}
			r.fail(code, what)
			return
		}
	}
	switch r.format {
	case CSV:
		r.layOut(text)
	case VCard:
		r.vc.indent = indent(text)
	case List:
		r.overlook(text)
	case JSON, XML:
		r.tree = new(tree)
	}
	if r.format == XML {
		if c, ok := declared(text); ok && r.charset == UTF8 {
			r.legacy, r.surmise = c, false
		}
	}
	if r.surmise && r.stage == reading {
		r.guessedCharset(1)
	}
}

// declared finds the encoding in an XML declaration.
func declared(text []byte) (Charset, bool) {
	if !hasPrefix(trim(text), "<?xml") {
		return 0, false
	}
	end := 0
	for end < len(text) && end < 200 && text[end] != '>' {
		end++
	}
	at := index(text[:end], "encoding")
	if at < 0 {
		return 0, false
	}
	rest := text[at+8 : end]
	from := 0
	for from < len(rest) && rest[from] != '"' && rest[from] != '\'' {
		from++
	}
	to := from + 1
	for to < len(rest) && rest[to] != '"' && rest[to] != '\'' {
		to++
	}
	if to >= len(rest) {
		return 0, false
	}
	c := charsetOf(rest[from+1 : to])
	return c, c >= singleBytes
}

// indent is how many blanks and signs of quoting stand before the first BEGIN:VCARD,
// and so before every line of a card that was copied out of a text.
func indent(text []byte) int {
	for l, rest := []byte(nil), text; len(rest) > 0; {
		l, rest = nextLine(rest)
		n := 0
		for n < len(l) && indents(l[n]) {
			n++
		}
		if beginsCard(l[n:]) {
			return n
		}
	}
	return 0
}

// indents reports whether a byte stands before lines that were copied out of a text or
// a message that quotes them.
func indents(c byte) bool { return c == ' ' || c == '\t' || c == '>' }

// beginsCard reports whether a line begins a vCard.
func beginsCard(s []byte) bool {
	return hasPrefix(s, "begin") && equalsTrimmed(s[5:], ":", "vcard")
}

// equalsTrimmed reports whether s is a mark and then, between blanks, a word.
func equalsTrimmed(s []byte, mark, word string) bool {
	s = trim(s)
	return hasPrefix(s, mark) && hasPrefix(trim(s[len(mark):]), word)
}

// bareWide recognises UTF-16 and UTF-32 without a byte order mark by their zero bytes.
func bareWide(h []byte) Charset {
	var zeros [4]int
	for i, c := range h[:len(h)&^3] {
		if c == 0 {
			zeros[i&3]++
		}
	}
	if n := len(h) / 4; n >= 4 {
		switch {
		case zeros[3] == n && zeros[2] == n && 10*zeros[0] <= n:
			return UTF32LE
		case zeros[0] == n && zeros[1] == n && 10*zeros[3] <= n:
			return UTF32BE
		}
	}
	even, odd, units := zeros[0]+zeros[2], zeros[1]+zeros[3], len(h)/4*2
	switch {
	case units >= 4 && odd*10 >= units*4 && even*50 <= units:
		return UTF16LE
	case units >= 4 && even*10 >= units*4 && odd*50 <= units:
		return UTF16BE
	}
	return UTF8
}

// startsWith is bytes.HasPrefix, where case matters.
func startsWith(s []byte, prefix string) bool {
	return len(s) >= len(prefix) && same(s[:len(prefix)], prefix)
}

// signatures are how files begin that are something else, and what that is. Those
// that hold contacts most likely are UNSUPPORTED.
var signatures = [...]struct {
	magic, what string
	code        Code
}{
	{"\xd0\xcf\x11\xe0", "spreadsheet", Unsupported}, // Office until 2003
	{"SQLite format 3", "database", Unsupported},     // .abcddb, contacts2.db
	{"bplist0", "database", Unsupported},             // .abcdp, property lists
	{"!BDN", "database", Unsupported},                // Outlook's .pst
	{"PK\x05\x06", "archive", Unsupported},
	{"7z\xbc\xaf", "archive", Unsupported},
	{"Rar!", "archive", Unsupported},
	{"BZh", "archive", Unsupported},
	{"\xfd7zXZ", "archive", Unsupported},
	{"\x28\xb5\x2f\xfd", "archive", Unsupported},
	{"PK\x03\x04", "archive", Unsupported},
	{"\x1f\x8b", "archive", Unsupported},
	{"%PDF-", "document", NotText},
	{"{\\rtf", "document", UnknownFormat},
	{"%!PS", "document", UnknownFormat},
	{"\x89PNG", "photo", NotText},
	{"\xff\xd8\xff", "photo", NotText},
	{"GIF8", "photo", NotText},
	{"II*\x00", "photo", NotText},
	{"MM\x00*", "photo", NotText},
	{"ID3", "sound", NotText},
	{"OggS", "sound", NotText},
	{"fLaC", "sound", NotText},
	{"\x7fELF", "program", NotText},
	{"MZ\x90", "program", NotText},
	{"\x00asm", "program", NotText},
}

// foreign says what a file is that is no text, by its signature or because it has
// many control bytes. A few NULs are left to BinaryLine.
func foreign(h []byte) (Code, string) {
	for i := range signatures {
		s := &signatures[i]
		if startsWith(h, s.magic) {
			return s.code, s.what
		}
	}
	if len(h) >= 12 && same(h[4:8], "ftyp") {
		if hasPrefix(h[8:], "hei") || hasPrefix(h[8:], "mif") || hasPrefix(h[8:], "avif") {
			return NotText, "photo"
		}
		return NotText, "film"
	}
	if len(h) >= 12 && same(h[:4], "RIFF") {
		if same(h[8:12], "WEBP") {
			return NotText, "photo"
		}
		return NotText, "sound"
	}
	control := 0
	for _, c := range h {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\v' && c != 0x1a && c != 0x1b {
			control++
		}
	}
	if control > 3+len(h)/50 {
		return NotText, ""
	}
	return OK, ""
}

// escapes reports whether a text of seven bits changes to Japanese letters.
func escapes(s []byte) bool {
	for i := 0; i+2 < len(s); i++ {
		if s[i] == 0x1b && s[i+1] == '$' && (s[i+2] == 'B' || s[i+2] == '@') {
			return true
		}
		if s[i] >= 0x80 {
			return false
		}
	}
	return false
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

// headerCharsets are those in which headers of the words that are known are written.
var headerCharsets = [...]Charset{Windows1252, Windows1250, Windows1251, Windows1254, Windows1253, Windows1255, Windows1256, Windows1257, Windows874, KOI8R, Macintosh}

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
	for c := GBK; c <= EUCKR; c++ {
		if rawPhone(first, c) {
			return c
		}
	}
	best, most := unknownCharset, 0
	for _, c := range headerCharsets[:] {
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
	r.surmise = true
	return guessBytes(text)
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

// guess tells the formats apart; Auto means that it is none, and the text then
// says what it is, where that is known.
func (r *Reader) guess(text []byte) (Format, string) {
	s := trimMarks(text)
	if len(s) == 0 {
		return Auto, ""
	}
	if beginsCard(s) {
		return VCard, ""
	}
	if codeLen(s) > 0 {
		return List, ""
	}
	if hasPrefix(s, "begin:vcalendar") || hasPrefix(s, "begin:vevent") {
		return Auto, "calendar"
	}
	if startsWith(s, "-----BEGIN ") {
		return Auto, "key"
	}
	if s[0] == '<' && !hasCard(s) {
		return guessMarkup(s)
	}
	if s[0] == '{' || s[0] == '[' && looksJSON(s[1:]) {
		return JSON, ""
	}
	properties, attributes, lines := 0, 0, 0
	numbers, some := 0, false
	for l, rest := []byte(nil), s; len(rest) > 0; {
		l, rest = nextLine(rest)
		if len(rest) == 0 && r.headLen == headSize && lines > 0 {
			break // the head cuts it
		}
		l = trimMarks(l)
		for len(l) > 0 && l[0] == '>' {
			l = trimMarks(l[1:])
		}
		if len(l) == 0 {
			continue
		}
		if beginsCard(l) {
			return VCard, "" // further down: some tools write comments before it
		}
		if hasPrefix(l, "begin:vcalendar") {
			return Auto, "calendar"
		}
		lines++
		if isProperty(l) {
			properties++
		}
		if isAttribute(l) {
			attributes++
		}
		if looksNumber(l) || isMail(l) || hasPrefix(l, "tel:") || hasPrefix(l, "tel;") {
			numbers++
		}
		some = some || digits(l) >= 5 || isMail(l)
	}
	if attributes >= 2 {
		return LDIF, ""
	}
	if properties >= 2 {
		return VCard, ""
	}
	table := r.survey(text)
	if table && r.layout.known > 0 {
		return CSV, ""
	}
	if numbers*10 >= lines*6 && !(table && r.layout.usual > 1) {
		return List, ""
	}
	if table {
		return CSV, ""
	}
	if some {
		return List, ""
	}
	return Auto, ""
}

// hasCard reports whether a line begins a card.
func hasCard(s []byte) bool {
	for l, rest := []byte(nil), s; len(rest) > 0; {
		if l, rest = nextLine(rest); beginsCard(trimMarks(l)) {
			return true
		}
	}
	return false
}

// guessMarkup tells XML apart from a page.
func guessMarkup(s []byte) (Format, string) {
	head := s[:min(len(s), 4096)]
	switch {
	case hasPrefix(s, "<!doctype html"), hasPrefix(s, "<html"), hasPrefix(s, "<head"), hasPrefix(s, "<body"), hasPrefix(s, "<table"), hasPrefix(s, "<div"), hasPrefix(s, "<p>"):
		return Auto, "page"
	case index(head, "<html") >= 0, index(head, "<HTML") >= 0:
		return Auto, "page"
	case index(head, "<Workbook") >= 0, index(head, "office:document") >= 0:
		return Auto, "spreadsheet"
	case index(head, "<svg") >= 0:
		return Auto, "photo"
	case index(head, "<plist") >= 0:
		return Auto, "database"
	}
	return XML, ""
}

// looksJSON reports whether what follows a bracket can be JSON.
func looksJSON(s []byte) bool {
	s = trim(s)
	return len(s) > 0 && (s[0] == '{' || s[0] == '[' || s[0] == '"' || s[0] == ']' && len(s) == 1)
}

// isProperty reports whether a line is one of a vCard that may have lost its BEGIN:
// a name in capitals. TEL and others that lists have as well don't count.
func isProperty(s []byte) bool {
	n := 0
	for n < len(s) && 'A' <= s[n] && s[n] <= 'Z' {
		n++
	}
	if n == 0 || n == len(s) || s[n] != ':' && s[n] != ';' {
		return false
	}
	switch propOf(s[:n]) {
	case pFN, pN, pEnd, pOrg, pNick:
		return true
	}
	return equals(s[:n], "version") || equals(s[:n], "prodid") || equals(s[:n], "rev") || equals(s[:n], "uid") || equals(s[:n], "adr")
}

// isAttribute reports whether a line can only be of LDIF.
func isAttribute(s []byte) bool {
	return prefixLen(s, "dn: |dn:: |objectclass: |cn: |cn:: |givenname: |givenname:: |sn: |sn:: |telephonenumber: ") > 0
}

// nextLine cuts a line off s.
//
//go:noinline
func nextLine(s []byte) (line, rest []byte) {
	for i, c := range s {
		if c == '\n' || c == '\r' {
			return s[:i], s[i+1:]
		}
	}
	return s, nil
}
