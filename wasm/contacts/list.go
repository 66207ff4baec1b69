package contacts

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

// endLine reads a line of a list: "[label or name] number-or-address".
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
	if len(s) == 0 {
		return
	}
	name, label, text := splitLine(s, &r.normal)
	kind := Number
	if isMail(text) {
		kind = Email
	}
	// A first line that is a header and nothing else.
	if r.people == 0 && digits(s) == 0 && kind == Number {
		if role, _ := roleOf(normalise(&r.normal, s)); role != Unused {
			return
		}
	}
	r.person()
	r.setName(partFull, name, r.lineNo)
	r.value(kind, label, text, r.lineNo, span{}, 0)
	r.endPerson()
}

// splitLine takes "Name: number", "mobile number", "tel:number" and
// "TEL;CELL:number" apart. A text that begins with a plus, a digit or a
// bracket is all number.
func splitLine(s []byte, buf *[maxNormal]byte) (name []byte, label Label, text []byte) {
	text = s
	if isMail(s) {
		return nil, NoLabel, trimPrefix(s, "mailto:")
	}
	if t := trimPrefix(s, "tel:"); len(t) != len(s) {
		return nil, NoLabel, t
	}
	if hasPrefix(s, "tel;") {
		colon := len(s) - 1
		for colon > 0 && s[colon] != ':' {
			colon--
		}
		if colon > 0 {
			return nil, typeLabel(s[4:colon]), trimPrefix(trim(s[colon+1:]), "tel:")
		}
	}
	// Where does the number begin? At the first plus or digit, or a bracket
	// before it.
	i := 0
	for i < len(s) && s[i] != '+' && (s[i] < '0' || s[i] > '9') && !(s[i] == 0xef && i+1 < len(s) && s[i+1] == 0xbc) {
		i++
	}
	if i == len(s) || digits(s[i:]) < 3 {
		return nil, NoLabel, s
	}
	for i > 0 && (s[i-1] == '(' || s[i-1] == '+') {
		i--
	}
	head := trim(s[:i])
	for len(head) > 0 {
		switch head[len(head)-1] {
		case ':', ',', ';', '-', '=', '<', '|', ' ', '.', '\t':
			head = head[:len(head)-1]
			continue
		}
		break
	}
	letters := 0
	for _, c := range head {
		if 'a' <= c|0x20 && c|0x20 <= 'z' || c >= 0x80 {
			letters++
		}
	}
	if letters < 2 {
		return nil, NoLabel, s
	}
	text = s[i:]
	if n := len(text); text[n-1] == '>' {
		text = text[:n-1]
	}
	key := normalise(buf, head)
	if role, l := roleOf(key); role == NumberColumn {
		return nil, l, text
	}
	if is(key, "office|main|privat|private|buro|maison|bureau|casa|trabajo|lavoro|koti|tyo|дом|работа|家|单位|自宅|会社|집|회사") {
		return nil, labelOf(key), text
	}
	return head, NoLabel, text
}

// isMail reports whether a text looks like an e-mail address: one @ with
// something on both sides and no space.
func isMail(s []byte) bool {
	at := -1
	for i, c := range s {
		if c == '@' {
			if at >= 0 {
				return false
			}
			at = i
		}
		if c <= ' ' || c == ',' || c == '"' {
			return false
		}
	}
	return at > 0 && at < len(s)-1
}

// digits counts ASCII and full-width digits.
func digits(s []byte) int {
	n := 0
	for i, c := range s {
		if '0' <= c && c <= '9' || c == 0xef && i+2 < len(s) && s[i+1] == 0xbc && 0x90 <= s[i+2] && s[i+2] <= 0x99 {
			n++
		}
	}
	return n
}

// hasPrefix ignores case; prefix is in lower case.
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

func trimPrefix(s []byte, prefix string) []byte {
	if hasPrefix(s, prefix) {
		return trim(s[len(prefix):])
	}
	return s
}
