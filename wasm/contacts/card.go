package contacts

// beginCard opens a card, inside another one if that has an AGENT.
func (r *Reader) beginCard(val []byte, agent bool) {
	v := &r.vc
	if !equals(trim(val), "vcard") {
		if r.open || v.depth == 0 {
			r.problem(BadLine, v.lineOf)
		}
		return
	}
	if r.open && agent {
		v.depth++
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
		}
		return
	case pAgent:
		v.agent = len(trim(val)) == 0
		return
	}
	if r.over && (v.prop == pTel || v.prop == pEmail) {
		r.problem(ValueTooLong, line)
		return
	}
	if v.depth > 1 && v.prop != pTel && v.prop != pEmail {
		return // the agent's own name
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
	case pTel, pEmail:
		val = trim(val[:unescape(val)])
		kind, label := Number, v.label
		if v.prop == pEmail {
			kind = Email
			val = trimPrefix(val, "mailto:")
			if label != Home && label != Work && label != Other {
				label = NoLabel
			}
		} else {
			val = trimPrefix(val, "tel:")
		}
		if v.depth > 1 {
			label = Assistant
		}
		note := span{}
		if v.custom.end > v.custom.off {
			note = r.text(v.custom.of(v.head[:]), line)
			if label == NoLabel {
				label = r.meaning(note.of(r.arena[:]))
			}
		}
		r.value(kind, label, val, line, note, v.group)
	}
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
