package contacts

// Cards whose line breaks were lost: what scanners of codes and messengers make of
// them stands on one line, with blanks or the two characters \n in their place.

// isFlat reports whether more of a card follows on the line that begins it.
func isFlat(val []byte) bool {
	return hasPrefix(val, "vcard") && breakLen(val[5:], false)+breakLen(val[5:], true) > 0
}

// beginFlat reads the cards of a line, as those of an agent are read.
func (r *Reader) beginFlat(val []byte) {
	v := &r.vc
	if r.open {
		if v.depth > 0 {
			r.problem(MissingEnd, v.lineOf)
		}
		r.endPerson()
	}
	if r.over {
		r.problem(LineTooLong, v.lineOf)
	}
	text := append(make([]byte, 0, len(val)+16), "BEGIN:VCARD"...)
	literal := breakLen(val[5:], true) > 0
	for rest := val[5:]; len(rest) > 0; {
		n := breakLen(rest, literal)
		switch {
		case n > 0 && (literal || beginsProperty(rest[n:])):
			text = append(text, '\n')
		case n > 0:
			text = append(text, ' ')
		case literal && len(rest) > 1 && rest[0] == '\\': // an escaped backslash
			n = 2
			text = append(text, rest[1])
		default:
			n = 1
			text = append(text, rest[0])
		}
		rest = rest[n:]
	}
	v.depth, v.flat = 0, true
	r.addAgent(append(text, '\n'))
}

// breakLen is how many bytes at the beginning of s a line break became: blanks, or
// literally \n and \r, two characters each; 0 for none.
func breakLen(s []byte, literal bool) int {
	n := 0
	for literal && n+1 < len(s) && s[n] == '\\' && (s[n+1] == 'n' || s[n+1] == 'r') {
		n += 2
	}
	for n < len(s) && s[n] <= ' ' && !(literal && n == 0) {
		n++
	}
	return n
}

// beginsProperty reports whether a text begins with the name of a property: capitals,
// perhaps with a group before, and a colon or, where the name is known, a semicolon.
func beginsProperty(s []byte) bool {
	n := nameLen(s)
	if n > 0 && n < len(s) && s[n] == '.' {
		s = s[n+1:]
		n = nameLen(s)
	}
	if n == 0 || n == len(s) {
		return false
	}
	name := s[:n]
	if hasPrefix(name, "x-") {
		return s[n] == ':' || s[n] == ';'
	}
	for _, c := range name {
		if 'a' <= c && c <= 'z' {
			return false
		}
	}
	switch s[n] {
	case ':':
		return n > 1 || name[0] == 'N'
	case ';':
		return propOf(name) != pOther || prefixLen(s, "adr;|label;|photo;|logo;|sound;|key;|note;|title;|role;|bday;|url;|tz;") > 0
	}
	return false
}

// nameLen is how many bytes of s can be the name of a group or property.
func nameLen(s []byte) int {
	n := 0
	for n < len(s) && n < 40 && (isASCIILetter(s[n]) || '0' <= s[n] && s[n] <= '9' || s[n] == '-') {
		n++
	}
	return n
}
