package contacts

// codeLen is the length of what begins a person in a code to be scanned, 0 for none:
// MECARD (NTT DoCoMo) or BIZCARD.
func codeLen(s []byte) int {
	return prefixLen(s, "mecard:|bizcard:")
}

// code reads fields of such a code, as in "N:Field,Ines;TEL:02079460018;;".
func (r *Reader) code(s []byte) {
	r.person()
	r.list.code = !hasSuffix(s, ";;")
	for len(s) > 0 {
		n := fieldLen(s)
		part := s[:n]
		s = s[min(n+1, len(s)):]
		colon := index(part, ":")
		if colon < 0 {
			continue
		}
		key, val := trim(part[:colon]), part[colon+1:]
		switch {
		case equals(key, "n"):
			comma := 0
			for comma < len(val) && val[comma] != ',' {
				if val[comma] == '\\' {
					comma++
				}
				comma++
			}
			name := partFull
			if comma < len(val) {
				r.setName(partFamily, unescaped(val[:comma]), r.lineNo)
				val, name = val[comma+1:], partGiven
			}
			r.setName(name, unescaped(val), r.lineNo)
		case equals(key, "x"): // of BIZCARD, whose N is the given name
			r.name[partGiven], r.name[partFull] = r.name[partFull], span{}
			r.setName(partFamily, unescaped(val), r.lineNo)
		case equals(key, "nickname"):
			r.setName(partNick, unescaped(val), r.lineNo)
		case equals(key, "org"), equals(key, "c"):
			r.setName(partCompany, unescaped(val), r.lineNo)
		case equals(key, "tel"), equals(key, "tel-av"), equals(key, "b"), equals(key, "m"), equals(key, "f"):
			label := NoLabel
			switch key[0] | 0x20 {
			case 'b':
				label = Work
			case 'm':
				label = Mobile
			case 'f':
				label = Fax
			}
			r.value(Number, label, trimPrefix(trim(unescaped(val)), "tel:"), r.lineNo, span{}, 0)
		case equals(key, "email"), equals(key, "e"):
			r.value(Email, NoLabel, unescaped(val), r.lineNo, span{}, 0)
		}
		r.room()
	}
	if !r.list.code {
		r.endPerson()
	}
}

// goesOn reports whether a line goes on with the code before, which did not end; if not,
// it ends here.
func (r *Reader) goesOn(s []byte) bool {
	if colon := index(s, ":"); colon > 0 && colon <= 8 && codeLen(s) == 0 && hasSuffix(s, ";") {
		return true
	}
	r.list.code = false
	r.endPerson()
	return false
}

// unescaped is a copy without the backslashes, which fieldLen must not lose.
func unescaped(s []byte) []byte {
	s = clone(s)
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		s[n] = s[i]
		n++
	}
	return s[:n]
}
