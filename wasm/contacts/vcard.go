package contacts

import "unicode/utf8"

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
	pChat // IMPP, X-WHATSAPP and others that may hold a number
)

// vcard is what the vCard reader keeps between bytes.
type vcard struct {
	part      vpart
	bol       bool   // at the beginning of a physical line
	soft      bool   // the line before ended in a quoted-printable soft break
	indent    int    // white space before each line of a card that was pasted into a text
	skipped   int    // of it, at the beginning of this line
	depth     int    // cards begun and not ended: 2 inside an AGENT
	agent     bool   // the property before was an AGENT without a value
	agentAt   uint32 // line of the first
	replay    bool   // an agent's card is being read
	flat      bool   // … or cards that stand on one line
	base64    bool   // the last property was base64: lines without a colon belong to it
	quoted    bool   // inside a quoted parameter value
	last      byte   // of the value, white space included
	lineOf    uint32
	head      [1024]byte // group, name and parameters
	headN     int
	headBig   bool
	agentLine uint32 // that of the file, while an agent's card is read

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
	v.indent, v.skipped, v.replay, v.flat = 0, 0, false, false
	v.last, v.lineOf, v.headN, v.headBig = 0, 1, 0, false
	v.prop, v.qp, v.charset, v.label, v.custom, v.group = pOther, false, UTF8, NoLabel, span{}, 0
}

// parseVCard takes bytes of a vCard file. The cards of agents are read when the
// card that they are in has ended.
func (r *Reader) parseVCard(p []byte) int {
	v := &r.vc
	n := 0
	for !r.ready {
		if v.replay || len(r.agents) > 0 && v.depth == 0 {
			if !r.parseAgents() {
				return n
			}
			continue
		}
		if n == len(p) {
			break
		}
		n += r.parseCards(p[n:])
	}
	return n
}

// parseAgents reads the cards of agents: false while entries wait.
func (r *Reader) parseAgents() bool {
	v := &r.vc
	if !v.replay {
		v.replay = true
		v.agentLine, r.lineNo = r.lineNo, v.agentAt
	}
	for len(r.agents) > 0 {
		r.lineNo = v.agentAt
		r.agents = r.agents[r.parseCards(r.agents):]
		if r.ready {
			return false
		}
	}
	r.endProperty()
	if r.ready {
		return false
	}
	v.depth, v.replay, v.flat, r.agents = 0, false, false, nil
	if r.open {
		r.endPerson()
	}
	r.lineNo = v.agentLine
	return !r.ready
}

// parseCards takes bytes of cards.
func (r *Reader) parseCards(p []byte) int {
	v := &r.vc
	for i := 0; i < len(p); i++ {
		if r.ready || len(r.agents) > 0 && v.depth == 0 && !v.replay {
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
			if v.skipped < v.indent && indents(c) {
				v.skipped++
				continue
			}
			v.skipped = 0
			switch {
			case v.soft:
				v.soft = false
			case (c == ' ' || c == '\t') && v.part != vNone:
				v.bol = false
				continue
			default:
				r.endProperty()
				if r.ready || len(r.agents) > 0 && v.depth == 0 && !v.replay {
					return i
				}
				v.part, v.lineOf = vName, r.lineNo
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
			if !v.flat {
				r.lineNo++
			}
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
			if v.part == vValue && v.prop == pBegin {
				n := min(j-i, MaxRow-len(r.begins))
				r.begins = append(r.begins, p[i:i+n]...)
				r.over = r.over || n < j-i
			} else if v.part == vValue {
				n := copy(r.line[r.lineN:], p[i:j])
				r.lineN += n
				r.over = r.over || n < j-i
			}
			v.last = p[j-1]
			i = j - 1
		}
	}
	return len(p)
}

// endVCard ends the file: false while entries wait.
func (r *Reader) endVCard() bool {
	v := &r.vc
	for !v.replay {
		r.endProperty()
		switch {
		case r.ready:
			return false
		case r.open:
			if v.depth > 0 {
				r.problem(Truncated, r.lineNo)
			}
			v.depth = 0
			r.endPerson()
		case len(r.agents) == 0:
			return true
		}
		if r.ready {
			return false
		}
		if len(r.agents) > 0 {
			break
		}
	}
	return r.parseAgents() && r.endVCard()
}

// keepAgent keeps a property of an agent's card. Its value is decoded.
func (r *Reader) keepAgent(val []byte) {
	line := append(r.vc.propName(), ':')
	for _, c := range val {
		if c == '\n' || c == '\r' {
			line = append(line, '\\', 'n')
			continue
		}
		line = append(line, c)
	}
	r.addAgent(append(line, '\n'))
}

// addAgent adds to the cards of agents. An agent's agent is nobody here.
func (r *Reader) addAgent(text []byte) {
	v := &r.vc
	switch {
	case v.replay:
	case len(r.agents)+len(text) > MaxRow:
		r.problem(LineTooLong, v.lineOf)
	default:
		if len(r.agents) == 0 {
			v.agentAt = v.lineOf
		}
		r.agents = append(r.agents, text...)
	}
}

// propName is the property's name with those of its parameters that are types.
func (v *vcard) propName() []byte {
	var name []byte
	h := v.head[:v.headN]
	for from := 0; from < len(h); {
		to := from
		for to < len(h) && h[to] != ';' {
			to++
		}
		part := h[from:to]
		if from == 0 || !hasPrefix(part, "encoding") && !hasPrefix(part, "charset") && !hasPrefix(part, "quoted-printable") && !hasPrefix(part, "base64") {
			if from > 0 {
				name = append(name, ';')
			}
			name = append(name, part...)
		}
		from = to + 1
	}
	return name
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
	val := r.line[:r.lineN]
	if v.prop == pBegin {
		val = r.begins
	}
	if v.qp {
		if val = val[:unquotePrintable(val)]; v.charset.Foreign() && v.depth < 2 && !utf8.Valid(val) || v.charset == ISO2022JP {
			val = quote(val[:min(len(val), maxQuoted)], v.charset)
		}
	}
	if v.base64 {
		n, ok := unbase64(val)
		if val = val[:n]; !ok {
			r.problem(BadLine, v.lineOf)
			return
		}
	}
	if v.depth > 1 && v.prop != pBegin && v.prop != pEnd {
		r.keepAgent(val)
		return
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
	if v.charset >= singleBytes {
		old := r.legacy
		r.legacy = v.charset
		r.property(val)
		r.legacy = old
	} else {
		r.property(val)
	}
	r.room()
}
