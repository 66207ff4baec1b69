package contacts

// Where in a content line (RFC 6350 section 3.3) a byte falls.
type vpart uint8

const (
	vNone  vpart = iota // before the first line
	vName               // group, name and parameters, up to the colon
	vValue              // a value that is kept
	vSkip               // a value nobody wants: photos, notes, addresses
)

type vprop uint8

const (
	pOther vprop = iota
	pBegin
	pEnd
	pFN
	pN
	pOrg
	pNick
	pTel
	pEmail
	pLabel // X-ABLabel
	pAgent
)

// vcard is what the vCard reader keeps between bytes.
type vcard struct {
	part    vpart
	bol     bool // at the beginning of a physical line
	soft    bool // the line before ended in a quoted-printable soft break
	depth   int  // cards begun and not ended: 2 inside an AGENT
	agent   bool // the property before was an AGENT without a value
	base64  bool // the last property was base64: lines without a colon belong to it
	quoted  bool // inside a quoted parameter value
	last    byte // of the value, white space included
	lineOf  uint32
	head    [1024]byte // group, name and parameters
	headN   int
	headBig bool

	// The property whose value is being read.
	prop    vprop
	qp      bool
	charset Charset
	label   Label
	custom  span // in head: a type in the file's own words
	group   uint32
}

func (v *vcard) reset() {
	v.part, v.bol, v.soft, v.depth, v.agent, v.base64, v.quoted = vNone, true, false, 0, false, false, false
	v.last, v.lineOf, v.headN, v.headBig = 0, 1, 0, false
	v.prop, v.qp, v.charset, v.label, v.custom, v.group = pOther, false, UTF8, NoLabel, span{}, 0
}

// parseVCard takes bytes of a vCard file.
func (r *Reader) parseVCard(p []byte) int {
	v := &r.vc
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
		if v.bol {
			// The first byte of a line tells whether the last one went on.
			switch {
			case v.soft:
				v.soft = false
			case (c == ' ' || c == '\t') && v.part != vNone:
				v.bol = false
				continue
			default:
				r.endProperty()
				if r.ready {
					return i
				}
				v.part, v.lineOf = vName, r.line
				v.headN, v.headBig, v.quoted = 0, false, false
			}
			v.bol = false
		}
		if c == '\n' || c == '\r' {
			r.cr = c == '\r'
			if v.part >= vValue && v.qp && v.last == '=' {
				v.soft = true
				if v.part == vValue && r.lineN > 0 {
					r.lineN--
				}
			}
			v.last = 0
			r.line++
			v.bol = true
			continue
		}
		switch v.part {
		case vName:
			if c == '"' {
				v.quoted = !v.quoted
			}
			if c == ':' && !v.quoted {
				r.beginValue()
				continue
			}
			j := i + 1
			for j < len(p) && p[j] != ':' && p[j] != '"' && p[j] != '\n' && p[j] != '\r' {
				j++
			}
			n := copy(v.head[v.headN:], p[i:j])
			v.headN += n
			v.headBig = v.headBig || n < j-i
			i = j - 1
		default:
			// To the end of the line at once.
			j := i + 1
			for j < len(p) && p[j] != '\n' && p[j] != '\r' {
				j++
			}
			if v.part == vValue {
				n := copy(r.linebuf[r.lineN:], p[i:j])
				r.lineN += n
				r.over = r.over || n < j-i
			}
			v.last = p[j-1]
			i = j - 1
		}
	}
	return len(p)
}

// endVCard is called at the end of the file.
func (r *Reader) endVCard() {
	r.endProperty()
	if r.open {
		if r.vc.depth > 0 {
			r.problem(Truncated, r.line)
		}
		r.endPerson()
	}
}

// beginValue reads name and parameters and decides what becomes of the value.
func (r *Reader) beginValue() {
	v := &r.vc
	r.lineN, r.over = 0, false
	v.last = 0
	v.qp, v.base64, v.charset, v.label, v.custom, v.group = false, false, UTF8, NoLabel, span{}, 0
	h := v.head[:v.headN]
	n := 0
	for n < len(h) && h[n] != ';' {
		n++
	}
	name := trim(h[:n])
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '.' {
			v.group = hash(name[:i])
			name = name[i+1:]
			break
		}
	}
	v.prop = propOf(name)
	var types uint16
	for n < len(h) {
		from := n + 1
		quoted := false
		for n = from; n < len(h) && (quoted || h[n] != ';'); n++ {
			if h[n] == '"' {
				quoted = !quoted
			}
		}
		types |= r.parameter(from, n)
	}
	v.label = pick(types)
	v.part = vValue
	if v.prop == pOther || v.headBig {
		v.part = vSkip
	}
	if v.base64 {
		v.part = vSkip
	}
}

// parameter reads one of "TYPE=home,cell", "CELL", "ENCODING=b", … in
// head[from:to] and returns the types in it.
func (r *Reader) parameter(from, to int) uint16 {
	v := &r.vc
	s := v.head[from:to]
	eq := 0
	for eq < len(s) && s[eq] != '=' && s[eq] != '(' {
		eq++
	}
	key, val := trim(s[:eq]), []byte(nil)
	if eq == len(s) || s[eq] == '(' {
		// vCard 2.1 writes the value alone; Android writes
		// X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=E3=81=82).
		val, key = s, nil
	} else {
		val = s[eq+1:]
		from += eq + 1
	}
	switch {
	case equals(key, "encoding"), key == nil && (equals(val, "quoted-printable") || equals(val, "base64")):
		v.qp = equals(val, "quoted-printable") || equals(val, "q")
		v.base64 = equals(val, "b") || equals(val, "base64")
		return 0
	case equals(key, "charset"):
		v.charset = charsetOf(val)
		return 0
	case key != nil && !equals(key, "type"):
		return 0
	}
	if hasPrefix(val, "x-custom(") {
		at := len(val) - 1
		for at > 0 && val[at] != ',' && val[at] != '(' {
			at--
		}
		end := len(val)
		if val[end-1] == ')' {
			end--
		}
		if at+1 < end {
			n := unquotePrintable(val[at+1 : end])
			v.custom = span{uint32(from + at + 1), uint32(from + at + 1 + n)}
		}
		return 0
	}
	var types uint16
	for len(val) > 0 {
		n := 0
		for n < len(val) && val[n] != ',' {
			n++
		}
		word, lead := val[:n], 0
		for len(word) > 0 && (word[0] == '"' || word[0] == ' ') {
			word, lead = word[1:], lead+1
		}
		for len(word) > 0 && (word[len(word)-1] == '"' || word[len(word)-1] == ' ') {
			word = word[:len(word)-1]
		}
		l, known := typeOf(word)
		types |= 1 << l
		if !known {
			if hasPrefix(word, "x-") {
				word, lead = word[2:], lead+2
			}
			v.custom = span{uint32(from + lead), uint32(from + lead + len(word))}
		}
		skip := min(n+1, len(val))
		val = val[skip:]
		from += skip
	}
	return types
}

// endProperty acts on a property whose value is complete.
func (r *Reader) endProperty() {
	v := &r.vc
	part := v.part
	v.part, v.bol, v.soft = vNone, true, false
	switch part {
	case vName:
		if v.headN == 0 {
			return
		}
		line := trim(v.head[:v.headN])
		if len(line) == 0 || v.base64 && allBase64(line) {
			return
		}
		v.agent = false
		if v.headBig {
			r.problem(LineTooLong, v.lineOf)
		} else {
			r.problem(BadLine, v.lineOf)
		}
		return
	case vNone:
		return
	}
	if v.headBig && v.prop != pOther {
		r.problem(LineTooLong, v.lineOf)
	}
	if part == vSkip {
		v.agent = false
		return
	}
	val := r.linebuf[:r.lineN]
	if v.qp {
		val = val[:unquotePrintable(val)]
	}
	agent := v.agent
	v.agent = false
	if v.prop == pBegin {
		r.beginCard(val, agent)
		return
	}
	if !r.open && v.prop != pEnd {
		r.problem(MissingBegin, v.lineOf)
		r.person()
	}
	if v.charset > UTF16BE {
		old := r.legacy
		r.legacy = v.charset
		r.property(val)
		r.legacy = old
	} else {
		r.property(val)
	}
	r.room()
}

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
