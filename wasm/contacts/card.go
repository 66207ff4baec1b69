package contacts

// beginCard opens a card, inside another one if that has an AGENT.
func (r *Reader) beginCard(val []byte, agent bool) {
	v := &r.vc
	if val = trim(val); isFlat(val) && !v.replay {
		r.beginFlat(val)
		return
	}
	if !equals(val, "vcard") {
		if r.open || v.depth == 0 {
			r.problem(BadLine, v.lineOf)
		}
		return
	}
	if r.open && agent {
		v.depth++
		r.addAgent([]byte("BEGIN:VCARD\n"))
		return
	}
	if r.open {
		if v.depth > 0 { // a card begun by a stray property has no END
			r.problem(MissingEnd, v.lineOf)
		}
		r.endPerson()
	}
	v.depth = 1
	r.person()
}

// property takes a value that is kept.
func (r *Reader) property(val []byte) {
	v := &r.vc
	line := v.lineOf
	switch v.prop {
	case pEnd:
		if !equals(trim(val), "vcard") || !r.open {
			r.problem(BadLine, line)
			return
		}
		if v.depth--; v.depth <= 0 {
			v.depth = 0
			r.endPerson()
		} else {
			r.addAgent([]byte("END:VCARD\n"))
		}
		return
	case pAgent:
		if v.agent = len(trim(val)) == 0; !v.agent && !v.replay {
			r.inlineAgent(val)
		}
		return
	}
	if r.over && (v.prop == pTel || v.prop == pEmail || v.prop == pChat) {
		r.problem(ValueTooLong, line)
		return
	}
	switch v.prop {
	case pFN:
		r.setName(partFull, val[:unescape(val)], line)
	case pNick:
		r.setName(partNick, val[:unescape(val)], line)
	case pOrg:
		r.setName(partCompany, val[:unescape(val[:fieldLen(val)])], line)
	case pN:
		for _, part := range [...]int{partFamily, partGiven, partMiddle} {
			n := fieldLen(val)
			r.setName(part, val[:unescape(val[:n])], line)
			val = val[min(n+1, len(val)):]
		}
	case pLabel:
		val = val[:unescape(val)]
		r.add(item{kind: itemGroupLabel, group: v.group, text: r.text(val, line)})
	case pChat:
		val = trim(val[:unescape(val)])
		if !isChatNumber(val) {
			return
		}
		r.value(Number, v.label, val, line, span{}, v.group)
	case pTel, pEmail:
		kind, label := Number, v.label
		if v.prop == pEmail {
			kind = Email
			val = trimPrefix(trim(val[:unescape(val)]), "mailto:")
			if label != Home && label != Work && label != Other {
				label = NoLabel
			}
		}
		note := span{}
		if v.custom.end > v.custom.off {
			note = r.text(v.custom.of(v.head[:]), line)
			if label == NoLabel {
				label = r.meaning(note.of(r.arena[:]))
			}
		}
		for kind == Number && len(val) > 0 {
			// A line break parts numbers.
			n := lineLen(val)
			part := val[:n]
			val = val[min(n+2, len(val)):]
			part = trim(part[:unescape(part)])
			if rest := trimPrefix(part, "tel:"); len(rest) < len(part) && index(rest, "%") < 0 {
				part = rest
			}
			r.value(Number, label, part, line, note, v.group)
		}
		if kind == Email {
			r.value(Email, label, val, line, note, v.group)
		}
	}
}

// lineLen is how much of a value comes before the first escaped line break.
func lineLen(s []byte) int {
	for i := 0; i+1 < len(s); i++ {
		if s[i] == '\\' {
			if s[i+1]|0x20 == 'n' {
				return i
			}
			i++
		}
	}
	return len(s)
}

// isChatNumber reports whether the address of a chat is a number.
func isChatNumber(s []byte) bool {
	rest := s[schemeLen(s):]
	for i, c := range rest { // sip:+44…@example.org
		if c == '@' && len(rest) < len(s) {
			rest = rest[:i]
			break
		}
	}
	for i, c := range rest { // x-apple:, xmpp:…
		if c == ':' && !hasPrefix(rest, "+") && digits(rest[:i]) == 0 && i < 20 {
			rest = rest[i+1:]
			break
		}
	}
	return chatAddress(s) || isLink(s) || digits(rest) >= 5 && !hasLetter(rest) || schemeLen(s) > 0 && looksNumber(s)
}

// inlineAgent keeps an agent's card that stands in the value, its line breaks
// escaped.
func (r *Reader) inlineAgent(val []byte) {
	var text []byte
	for i := 0; i < len(val); i++ {
		c := val[i]
		if c == '\\' && i+1 < len(val) {
			switch val[i+1] {
			case 'n', 'N':
				c = '\n'
				i++
			case ':', ';', ',':
				i++
				c = val[i]
			}
		}
		text = append(text, c)
	}
	r.addAgent(append(text, '\n'))
}

// groupLabel gives an entry the X-ABLabel of its group.
func (r *Reader) groupLabel(group uint32, e *Entry) {
	for i := range r.items[:r.count] {
		it := &r.items[i]
		if it.kind != itemGroupLabel || it.group != group {
			continue
		}
		s := it.text.of(r.arena[:])
		own := true
		if hasPrefix(s, "_$!<") && len(s) > 8 { // Apple's own: _$!<HomeFax>!$_
			s = s[4:]
			for i, c := range s {
				if c == '>' {
					s = s[:i]
					break
				}
			}
			own = false
		}
		l := r.meaning(s)
		if e.Label == NoLabel || e.Label == Other || !own {
			e.Label = l
		}
		if own || l == Other && !equals(s, "other") {
			e.Note = s
		}
		return
	}
}
