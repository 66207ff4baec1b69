package contacts

import "unicode/utf8"

// parseList takes lines.
func (r *Reader) parseList(p []byte) int {
	for i := 0; i < len(p); i++ {
		if r.ready {
			return i
		}
		c := p[i]
		if c == '\n' && r.cr {
			r.cr = false
			continue
		}
		r.cr = c == '\r'
		if c == '\n' || c == '\r' {
			r.endLine()
			r.lineNo++
			continue
		}
		j := i + 1
		for j < len(p) && p[j] != '\n' && p[j] != '\r' {
			j++
		}
		n := copy(r.line[r.lineN:], p[i:j])
		r.lineN += n
		r.over = r.over || n < j-i
		i = j - 1
	}
	return len(p)
}

// listing is what the reader of lists keeps between lines.
type listing struct {
	above   bool   // names stand on a line of their own above their numbers
	pending []byte // such a name
	code    bool   // a code to be scanned has not ended: see mecard.go
	some    bool   // there are numbers in the head
}

// overlook finds out whether the head's names stand above their numbers: whether
// most groups of bare numbers follow a line that is nothing but a name. A line
// above many numbers is a heading.
func (r *Reader) overlook(text []byte) {
	groups, named, size := 0, 0, 0
	var before []byte // the line before, if it may be a name
	for l, rest := []byte(nil), text; len(rest) > 0; {
		l, rest = nextLine(rest)
		if len(rest) > 0 && rest[0] == '\n' && len(l) < len(text)-len(rest) && text[len(text)-len(rest)-1] == '\r' {
			rest = rest[1:]
		}
		s := trimMarks(l)
		r.list.some = r.list.some || digits(s) >= 5
		switch {
		case len(s) == 0:
			before, size = nil, 0
		case mayBeName(s):
			before, size = s, 0
		default:
			if name, _, text, _ := r.splitLine(s); len(name) > 0 || !looksNumber(text) {
				before, size = nil, 0
				continue
			}
			if size++; size == 1 {
				groups++
				if before != nil {
					named++
				}
			} else if size == 5 && before != nil {
				named--
			}
		}
	}
	r.list.above = named*2 > groups
}

// mayBeName reports whether a line is a name and nothing else.
func mayBeName(s []byte) bool {
	return len(s) <= 100 && digits(s) <= 2 && letters(s) >= 2 && !isMail(s) && schemeLen(s) == 0 && index(s, "://") < 0
}

// nameAbove keeps a line that is a name: "Ines Field", "Ines Field:", "Name: Ines
// Field", or its parts on two lines. A heading of numbers is none.
func (r *Reader) nameAbove(s []byte) {
	pending := r.list.pending
	r.list.pending = nil
	if colon := index(s, ":"); colon >= 0 {
		role, _ := roleOf(normalise(&r.normal, s[:colon]))
		rest := trim(s[colon+1:])
		switch {
		case role == NumberColumn, role == EmailColumn:
			r.list.pending = pending
			return
		case role == FamilyName && len(pending) > 0 && len(rest) > 0:
			r.list.pending = append(append(pending, ' '), rest...)
			return
		case role >= FullName && role <= Company && len(rest) > 0:
			s = rest
		case len(rest) == 0:
			s = s[:colon]
		}
	}
	r.list.pending = clone(trimName(trimItem(s)))
}

// endLine reads a line of a list: a number or address, with a name or a label
// before it, behind it, or above it.
func (r *Reader) endLine() {
	s := trim(r.line[:r.lineN])
	r.lineN = 0
	if r.over {
		r.over = false
		r.problem(LineTooLong, r.lineNo)
		return
	}
	if n := len(s); n >= 2 && s[0] == '"' && s[n-1] == '"' {
		s = trim(s[1 : n-1])
	}
	if len(trimMarks(s)) == 0 {
		r.list.pending = nil
		return
	}
	if r.list.code && r.goesOn(s) {
		r.code(s)
		return
	}
	if n := codeLen(s); n > 0 {
		r.code(s[n:])
		return
	}
	if r.list.above && mayBeName(trimMarks(s)) {
		r.nameAbove(trimMarks(s))
		return
	}
	if r.list.some && isHeading(s, r.people == 0) {
		r.list.pending = nil
		return
	}
	name, label, text, mail := r.splitLine(s)
	kind := Number
	if mail {
		kind = Email
	}
	if len(name) == 0 {
		name = r.list.pending
	}
	r.person()
	r.setName(partFull, name, r.lineNo)
	r.value(kind, label, text, r.lineNo, span{}, 0)
	r.endPerson()
}

// isHeading reports whether a line is one of a heading, or the header of a table that
// blanks align: it has no digit, and is the first, marked as such or a line drawn.
func isHeading(s []byte, first bool) bool {
	if digits(s) > 0 || index(s, "@") >= 0 {
		return false
	}
	return first || s[0] == '#' || s[0] == '[' || s[len(s)-1] == ':' || letters(s) == 0
}

// splitLine takes a line apart: "Name: number", "number Name", "mobile number",
// "TEL;CELL:number". What may be part of the number stays with it: package field
// knows more about that.
func (r *Reader) splitLine(s []byte) (name []byte, label Label, text []byte, mail bool) {
	s = trimMarks(s)
	if isMail(s) {
		return nil, NoLabel, trimPrefix(s, "mailto:"), true
	}
	s = trimItem(s)
	if len(s) == 0 {
		return nil, NoLabel, s, false
	}
	if t := trimPrefix(s, "tel:"); len(t) != len(s) && index(t, "%") < 0 {
		return nil, NoLabel, t, false
	}
	if hasPrefix(s, "tel;") {
		colon := len(s) - 1
		for colon > 0 && s[colon] != ':' {
			colon--
		}
		if colon > 0 {
			return nil, typeLabel(s[4:colon]), trimPrefix(trim(s[colon+1:]), "tel:"), false
		}
	}
	if schemeLen(s) > 0 || hasPrefix(s, "http") && isLink(s) {
		return nil, NoLabel, s, false
	}
	from, to, ok := run(s, 0, 5)
	if !ok {
		from, to, ok = run(s, 0, 3)
	}
	if at := linkAt(s); at >= 0 {
		from, to, ok = at, len(s), true
	}
	if !ok || looksNumber(s) && letters(s) > 0 && onlyZeros(s) {
		return nil, NoLabel, s, false
	}
	for k := from; k > 0 && forDigit(s[k-1]); k-- { // O20 for 020
		if k == 1 || s[k-2] <= ' ' || s[k-2] == ':' || s[k-2] == '(' {
			from = k - 1
		}
	}
	head, tail := trimName(s[:from]), s[to:]
	if len(tail) > 0 && (tail[0] == '@' || tail[0] == ':' && index(tail, "@") > 0) { // the address of a chat
		for len(tail) > 0 && tail[0] > ' ' && tail[0] != ',' {
			tail = tail[1:]
			to++
		}
	}
	if letters(head) >= 2 || letters(head) == 1 && head[0] >= 0x80 {
		text = trimRight(s[from:])
		if several(head, tail) {
			return nil, NoLabel, text, false
		}
		key := normalise(&r.normal, head)
		if role, l := roleOf(key); role == NumberColumn {
			return nil, l, text, false
		}
		if is(key, listLabels) {
			return nil, labelOf(key), text, false
		}
		if rest, l := r.cutLabel(head); len(rest) > 0 {
			return rest, l, text, false
		}
		return head, NoLabel, text, false
	}
	behind := trimName(tail)
	if _, _, more := run(tail, 0, 6); more || letters(behind) < 2 || isASCIILetter(tail[0]) || len(tail) > 1 && tail[0] == '-' && isASCIILetter(tail[1]) {
		return nil, NoLabel, trimRight(s), false
	}
	key := normalise(&r.normal, behind)
	role, l := roleOf(key)
	switch {
	case role == NumberColumn, is(key, listLabels):
		return nil, l, s[from:], false
	case extends(key):
		return nil, NoLabel, s[from:], false
	}
	return behind, NoLabel, s[from:to], false
}

// listLabels are words before or behind a number that are no header of a table.
const listLabels = "office|main|privat|private|buro|maison|bureau|casa|trabajo|lavoro|koti|tyo|дом|работа|家|单位|自宅|会社|집|회사|mob|cell|m|t|p|h|w|f|tel mob|home|work|mobile"

// extends reports whether words behind a number belong to it: an extension.
func extends(key []byte) bool {
	return prefixLen(key, " ext| extn| extension| x | durchwahl| dw | app| nst| nebenstelle| poste | ramal| int | interno| anexo| wew| toestel| anknytning| доб| вн | linia | klapka| mellek| dahili| pin | code | press ") > 0
}

// several reports whether a line names more people than one, so that nobody knows
// whose the number is: words on both sides of it between commas, or two names and
// two numbers.
func several(head, tail []byte) bool {
	comma := index(head, ",") > 0
	_, _, more := run(tail, 0, 6)
	if !comma {
		return false
	}
	tail = trim(tail)
	return more || len(tail) > 0 && tail[0] == ',' && letters(tail) > 1
}

// cutLabel cuts a label off the end of a name: "Ines Field (mobile)", "Ines Field
// tel". The rest is empty if there is none.
func (r *Reader) cutLabel(name []byte) ([]byte, Label) {
	n := len(name)
	from := 0
	if name[n-1] == ')' || name[n-1] == ']' {
		from = n - 1
		for from > 0 && name[from] != '(' && name[from] != '[' {
			from--
		}
		n--
	} else {
		from = n
		for from > 0 && name[from-1] != ' ' {
			from--
		}
	}
	if from == 0 {
		return nil, NoLabel
	}
	word := name[from:n]
	if name[n-1] == ')' || len(name) > n {
		word = name[from+1 : n]
	}
	key := normalise(&r.normal, word)
	if len(name) == n && !is(key, "tel|phone|mobile|cell|mob|handy|mobil|telefon|fax|ph|number|telephone|telefono|celular|movil|тел|моб") {
		return nil, NoLabel
	}
	if role, l := roleOf(key); role == NumberColumn || is(key, listLabels) {
		if role != NumberColumn {
			l = labelOf(key)
		}
		return trimName(name[:from]), l
	}
	return nil, NoLabel
}

// linkAt finds the first link or address of a chat in a line, -1 for none.
func linkAt(s []byte) int {
	for i := range s {
		if (i == 0 || s[i-1] <= ' ' || s[i-1] == '<' || s[i-1] == '(') && (hasPrefix(s[i:], "http") || hasPrefix(s[i:], "wa.me/") || schemeLen(s[i:]) > 0 && digits(s[i:]) >= 5) {
			if hasPrefix(s[i:], "http") && !isLink(s[i:]) {
				continue
			}
			return i
		}
	}
	return -1
}

// onlyZeros reports whether all letters of a text are those typed for 0 and 1.
func onlyZeros(s []byte) bool {
	for i, c := range s {
		if c >= 0x80 && digitLen(s[i:]) == 0 && letters(s[i:]) > 0 {
			return false
		}
		if isASCIILetter(c) && !forDigit(c) {
			return false
		}
	}
	return true
}

// forDigit reports whether a letter is one of those that are typed for 0 and 1.
func forDigit(c byte) bool { return c == 'O' || c == 'o' || c == 'l' || c == 'I' }

// trimItem cuts what lists begin their items with: 1), 2., •, –, a picture.
func trimItem(s []byte) []byte {
	for len(s) > 0 {
		u, size := utf8.DecodeRune(s)
		if u == '*' || u == '-' && len(s) > 1 && s[1] == ' ' || u >= 0x80 && size > 1 && !isLetter(u) && !isDecimal(u) && isPlus(s) == 0 && u != 0xff08 {
			s = trim(s[size:])
			continue
		}
		break
	}
	if len(s) > 4 && s[0] == '[' && s[2] == ']' && (s[1] == ' ' || s[1]|0x20 == 'x') {
		return trimItem(trim(s[3:])) // of a list to tick off
	}
	n := 0
	for n < len(s) && n < 4 && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	if 0 < n && n < 4 && n+1 < len(s) && (s[n] == ')' || s[n] == '.' || s[n] == ':') && (s[n+1] == ' ' || s[n+1] == '\t') {
		if rest := trim(s[n+1:]); digits(rest) >= 5 {
			return trimItem(rest)
		}
	}
	return s
}

// trimName cuts signs, pictures and what parts a name from a number off both ends.
func trimName(s []byte) []byte {
	valid := utf8.Valid(s) // bytes of another encoding may look like a sign
	for {
		s = trimMarks(s)
		if len(s) == 0 {
			return s
		}
		if u, size := utf8.DecodeRune(s); isFrame(u, size, valid) && u != '(' && u != '\'' {
			s = s[size:]
			continue
		}
		if s[0] == '(' && s[len(s)-1] == ')' || s[0] == '(' && index(s, ")") < 0 {
			s = s[1:]
			continue
		}
		u, size := utf8.DecodeLastRune(s)
		if isFrame(u, size, valid) && (u != ')' || index(s, "(") < 0) && u != '\'' {
			s = s[:len(s)-size]
			continue
		}
		return s
	}
}

// isFrame reports whether a character of so many bytes, of a text that is UTF-8 or not,
// stands around names.
func isFrame(u rune, size int, valid bool) bool {
	if u < 0x80 {
		switch u {
		case ':', ',', ';', '-', '=', '<', '>', '|', ' ', '.', '\t', '*', '/', '(', ')', '[', ']', '~', '"', '#', '_', '+', '\'':
			return true
		}
		return false
	}
	return size > 1 && valid && !isLetter(u) && !isDecimal(u)
}

// trimRight cuts what closes a line off its end.
func trimRight(s []byte) []byte {
	for len(s) > 0 && (s[len(s)-1] == '>' || s[len(s)-1] == ',' || s[len(s)-1] == ';' || s[len(s)-1] == '|' || s[len(s)-1] <= ' ') {
		s = s[:len(s)-1]
	}
	return s
}

// hasPrefix ignores case; prefix is in lower case.
//
//go:noinline
func hasPrefix(s []byte, prefix string) bool {
	if len(s) < len(prefix) {
		return false
	}
	for i := 0; i < len(prefix); i++ {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 32
		}
		if c != prefix[i] {
			return false
		}
	}
	return true
}

// prefixLen returns the length of that of the words, parted by |, with which s begins, 0
// for none. It ignores case; the words are in lower case.
//
//go:noinline
func prefixLen(s []byte, words string) int {
	for len(words) > 0 {
		n := 0
		for n < len(words) && words[n] != '|' {
			n++
		}
		if hasPrefix(s, words[:n]) {
			return n
		}
		words = words[min(n+1, len(words)):]
	}
	return 0
}

//go:noinline
func trimPrefix(s []byte, prefix string) []byte {
	if hasPrefix(s, prefix) {
		return trim(s[len(prefix):])
	}
	return s
}
