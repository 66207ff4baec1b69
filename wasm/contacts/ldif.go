package contacts

// ldif is what the reader of LDIF (RFC 2849) keeps between bytes: Thunderbird's
// and other directories' exports.
type ldif struct {
	bol     bool // at the beginning of a physical line
	comment bool // a line that begins with #
	country bool
}

// parseLDIF takes bytes of an LDIF file.
func (r *Reader) parseLDIF(p []byte) int {
	l := &r.ldif
	for i := 0; i < len(p); i++ {
		if r.ready {
			return i
		}
		c := p[i]
		if c == '\n' && r.cr {
			r.cr = false
			continue
		}
		r.cr = false
		if l.bol {
			if c == ' ' {
				l.bol = false
				continue
			}
			r.endAttribute()
			r.room()
			if r.ready {
				return i
			}
			if c == '\n' || c == '\r' {
				r.cr = c == '\r'
				r.lineNo++
				if r.open {
					r.endPerson()
				}
				continue
			}
			l.bol, l.comment, r.start = false, c == '#', r.lineNo
		}
		if c == '\n' || c == '\r' {
			r.cr = c == '\r'
			r.lineNo++
			l.bol = true
			continue
		}
		j := i + 1
		for j < len(p) && p[j] != '\n' && p[j] != '\r' {
			j++
		}
		if !l.comment {
			n := copy(r.line[r.lineN:], p[i:j])
			r.lineN += n
			r.over = r.over || n < j-i
		}
		i = j - 1
	}
	return len(p)
}

// endLDIF is called at the end of the file.
func (r *Reader) endLDIF() {
	r.endAttribute()
	if r.open {
		r.endPerson()
	}
}

// endAttribute acts on an attribute that is complete: "name: value",
// "name:: base64", "name;option: value".
func (r *Reader) endAttribute() {
	s := r.line[:r.lineN]
	over := r.over
	r.lineN, r.over = 0, false
	if len(s) == 0 {
		return
	}
	colon := 0
	for colon < len(s) && s[colon] != ':' {
		colon++
	}
	if colon == len(s) {
		if !same(trim(s), "-") { // ends a change
			r.problem(BadLine, r.start)
		}
		return
	}
	name, value := s[:colon], s[colon+1:]
	for i, c := range name {
		if c == ';' {
			name = name[:i]
			break
		}
	}
	name = trim(name)
	if len(value) > 0 && value[0] == ':' {
		n, ok := unbase64(value[1:])
		value = value[1 : 1+n]
		if !ok {
			r.problem(BadLine, r.start)
			return
		}
	}
	if equals(name, "dn") {
		if r.open { // the empty line between is missing
			r.endPerson()
		}
		return
	}
	role, label := attributeRole(name)
	if role == Unused {
		return
	}
	if over && (role == NumberColumn || role == EmailColumn) {
		r.problem(ValueTooLong, r.start)
		return
	}
	switch role {
	case NumberColumn:
		r.value(Number, label, value, r.start, span{}, 0)
	case EmailColumn:
		r.value(Email, label, value, r.start, span{}, 0)
	case CountryColumn:
		r.setCountry(value)
	default:
		r.setName(partOf(role), value, r.start)
	}
}

// attributeRole knows the attributes of RFC 4519, RFC 2798 and Mozilla's schema.
func attributeRole(name []byte) (Role, Label) {
	switch {
	case equals(name, "telephonenumber"):
		return NumberColumn, Work
	case equals(name, "homephone"), equals(name, "hometelephonenumber"):
		return NumberColumn, Home
	case equals(name, "mobile"), equals(name, "cellphone"), equals(name, "mobiletelephonenumber"):
		return NumberColumn, Mobile
	case equals(name, "facsimiletelephonenumber"), equals(name, "fax"):
		return NumberColumn, Fax
	case equals(name, "pager"), equals(name, "pagerphone"), equals(name, "pagertelephonenumber"):
		return NumberColumn, Pager
	case equals(name, "companyphone"), equals(name, "officephone"), equals(name, "ipphone"), equals(name, "otherphone"), equals(name, "primaryphone"),
		equals(name, "othertelephone"), equals(name, "otherhomephone"), equals(name, "othermobile"), equals(name, "carphone"), equals(name, "workphone"):
		return NumberColumn, NoLabel
	case equals(name, "mail"), equals(name, "mozillasecondemail"), equals(name, "rfc822mailbox"):
		return EmailColumn, NoLabel
	case equals(name, "cn"), equals(name, "commonname"), equals(name, "displayname"):
		return FullName, NoLabel
	case equals(name, "givenname"), equals(name, "gn"):
		return GivenName, NoLabel
	case equals(name, "sn"), equals(name, "surname"):
		return FamilyName, NoLabel
	case equals(name, "mozillanickname"), equals(name, "xmozillanickname"):
		return Nickname, NoLabel
	case equals(name, "o"), equals(name, "company"), equals(name, "organizationname"):
		return Company, NoLabel
	}
	return Unused, NoLabel
}

// unbase64 decodes RFC 4648 in place and returns the length; white space between
// is passed over. It reports false for what is none.
func unbase64(s []byte) (n int, ok bool) {
	var bits uint32
	have, pad := 0, 0
	for _, c := range s {
		var v uint32
		switch {
		case 'A' <= c && c <= 'Z':
			v = uint32(c - 'A')
		case 'a' <= c && c <= 'z':
			v = uint32(c-'a') + 26
		case '0' <= c && c <= '9':
			v = uint32(c-'0') + 52
		case c == '+' || c == '-':
			v = 62
		case c == '/' || c == '_':
			v = 63
		case c == '=':
			pad++
			continue
		case c <= ' ':
			continue
		default:
			return n, false
		}
		if pad > 0 {
			return n, false
		}
		bits = bits<<6 | v
		if have += 6; have >= 8 {
			have -= 8
			s[n] = byte(bits >> have)
			n++
		}
	}
	return n, true
}
