package contacts

import "unicode/utf8"

// jsonReader is what the reader of JSON (RFC 8259) keeps between bytes. It takes one
// value or many, as JSON Lines have them, and goes on behind damage: a string ends
// at the end of its line, brackets that do not match close what is open, and where
// a quote is missing, so that strings and what parts them change places, it
// notices that a string is nothing but what parts them.
type jsonReader struct {
	state  jsonState
	key    []byte // of the next value, or a string that may become one
	have   bool   // key is set
	colon  bool   // … and a colon followed
	buf    []byte // string or literal
	over   bool   // it is longer than that
	hex    rune
	hexN   int
	high   rune // first half of a surrogate pair
	wide   bool // the string has characters beyond U+00FF
	odd    bool // the last token was a string of nothing but , : and brackets
	last   []byte
	told   uint32 // line of the last BadLine
	lines  bool   // JSON Lines: a line is a value
	values int    // values that ended
}

type jsonState uint8

const (
	jsonBetween jsonState = iota
	jsonString
	jsonEscape
	jsonHex
	jsonLiteral
)

// cardPart says where in a jCard a list is.
type cardPart uint8

const (
	noCard         cardPart = iota
	cardList                // ["vcard", …]
	cardProperties          // [[…], […]]
	cardProperty            // ["tel", {…}, "uri", "tel:…"]
	cardName                // the parts of "n"
	cardOther               // the parts of another property: the first counts
)

// maxString is what is kept of a string or literal.
const maxString = MaxValue + 1

// parseJSON takes bytes of JSON.
func (r *Reader) parseJSON(p []byte) int {
	j := &r.tree.json
	for i := 0; i < len(p); i++ {
		if !r.handOut() {
			return i
		}
		c := p[i]
		if c == '\n' && r.cr {
			r.cr = false
			continue
		}
		r.cr = c == '\r'
		if c == '\n' || c == '\r' {
			r.endJSONLine()
			r.lineNo++
			continue
		}
		switch j.state {
		case jsonString:
			switch {
			case c == '"':
				r.endString()
			case c == '\\':
				j.state = jsonEscape
			default:
				k := i + 1
				for k < len(p) && p[k] != '"' && p[k] != '\\' && p[k] != '\n' && p[k] != '\r' {
					k++
				}
				j.keep(p[i:k])
				j.wide = j.wide || c >= 0x80
				for _, c := range p[i+1 : k] {
					j.wide = j.wide || c >= 0x80
				}
				i = k - 1
			}
		case jsonEscape:
			j.state = jsonString
			switch c {
			case 'n', 'r', 't', 'b', 'f':
				j.keep([]byte{' '})
			case 'u':
				j.state, j.hex, j.hexN = jsonHex, 0, 0
			default:
				j.keep([]byte{c})
			}
		case jsonHex:
			h := unhex(c)
			if h < 0 {
				j.state = jsonString
				r.badJSON()
				i--
				continue
			}
			j.hex = j.hex<<4 | rune(h)
			if j.hexN++; j.hexN == 4 {
				j.state = jsonString
				j.keepRune(j.hex)
			}
		case jsonLiteral:
			if c == ',' || c == '}' || c == ']' || c == ':' || c <= ' ' || c == '"' || c == '{' || c == '[' {
				r.endLiteral()
				i--
				continue
			}
			j.keep(p[i : i+1])
		default:
			r.between(c)
		}
	}
	r.handOut()
	return len(p)
}

func (j *jsonReader) keep(p []byte) {
	n := min(len(p), maxString-len(j.buf))
	j.buf = append(j.buf, p[:n]...)
	j.over = j.over || n < len(p)
}

// keepRune keeps a character that was written as \u and four digits.
func (j *jsonReader) keepRune(c rune) {
	if 0xdc00 <= c && c <= 0xdfff && j.high != 0 {
		c = (j.high-0xd800)<<10 + (c - 0xdc00) + 0x10000
		j.high = 0
	} else if 0xd800 <= c && c <= 0xdbff {
		j.high = c
		j.wide = true
		return
	} else if c < 0x20 {
		c = ' '
	}
	j.high = 0
	j.wide = j.wide || c > 0xff
	var b [4]byte
	j.keep(b[:utf8.EncodeRune(b[:], c)])
}

// badJSON reports damage, once a line.
func (r *Reader) badJSON() {
	j := &r.tree.json
	if j.told != r.lineNo {
		j.told = r.lineNo
		r.treeProblem(BadLine)
	}
}

// endJSONLine ends what cannot go on behind the end of a line.
func (r *Reader) endJSONLine() {
	j := &r.tree.json
	switch j.state {
	case jsonLiteral:
		r.endLiteral()
	case jsonString, jsonEscape, jsonHex:
		r.badJSON()
		r.endString()
	}
	t := r.tree
	if j.lines && len(t.open)+t.deep > 0 {
		r.badJSON()
		for len(t.open)+t.deep > 0 {
			r.closeNode()
		}
		j.clear()
	}
}

func (j *jsonReader) clear() { j.key, j.have, j.colon, j.odd = nil, false, false, false }

// between takes a byte outside of strings and literals.
func (r *Reader) between(c byte) {
	t := r.tree
	j := &t.json
	if c <= ' ' || c == 0xef || c == 0xbb || c == 0xbf {
		return
	}
	if j.odd && c != ',' && c != ':' && c != '}' && c != ']' {
		// That string was none: it stood between two.
		j.odd = false
		r.badJSON()
		for _, c := range j.last {
			if c > ' ' {
				r.between(c)
			}
		}
		j.buf, j.over, j.wide, j.state = j.buf[:0], false, false, jsonString
		if c != '"' {
			j.keep([]byte{c})
		}
		return
	}
	j.odd = false
	top := t.top()
	switch c {
	case '"':
		j.buf, j.over, j.wide, j.high, j.state = j.buf[:0], false, false, 0, jsonString
	case '{', '[':
		if top != nil && !top.list && t.deep == 0 && !j.colon {
			r.badJSON() // the one before did not end
			if top.record || len(t.open) > 1 {
				r.closeNode()
			}
		}
		if len(t.open) == 0 && j.values > 0 && c == '{' {
			j.lines = true
		}
		key := j.key
		if !j.colon {
			key = nil
		}
		j.clear()
		r.openJSON(key, c == '[')
	case '}', ']':
		j.clear()
		r.closeJSON(c == ']')
	case ',':
		j.clear()
	case ':':
		if !j.have {
			r.badJSON()
			return
		}
		if top == nil || top.list && top.card == noCard {
			r.badJSON() // its bracket is missing
			r.openJSON(nil, false)
		}
		j.colon = true
	default:
		j.buf, j.over, j.state = append(j.buf[:0], c), false, jsonLiteral
	}
}

// openJSON begins an object or list.
func (r *Reader) openJSON(key []byte, list bool) {
	t := r.tree
	deep := t.deep
	var part cardPart
	at := 0
	if top := t.top(); top != nil {
		part, at = top.card, top.at
		top.at++
	}
	r.openNode(key, list)
	if t.deep > deep || t.deep > 0 {
		return
	}
	n := t.top()
	switch part {
	case cardList:
		n.card = cardProperties
		n.record = false
	case cardProperties:
		n.card = cardProperty
		n.record = false
	case cardProperty:
		n.record = false
		if list && at >= 3 {
			n.card = cardOther
			if n.role == FullName {
				n.card = cardName
			}
		}
	case cardName, cardOther:
		n.record = false
	}
}

// closeJSON ends an object or list.
func (r *Reader) closeJSON(list bool) {
	t := r.tree
	if len(t.open) == 0 {
		r.badJSON()
		return
	}
	if t.deep == 0 && t.top().list != list {
		r.badJSON()
		// The nearest that matches ends, and what is in it.
		at := len(t.open) - 1
		for at >= 0 && t.open[at].list != list {
			at--
		}
		if at < 0 {
			return
		}
		for len(t.open) > at+1 {
			r.closeNode()
		}
	}
	r.closeNode()
	if len(t.open) == 0 {
		t.json.values++
	}
}

// endString acts on a string that ended.
func (r *Reader) endString() {
	t := r.tree
	j := &t.json
	j.state = jsonBetween
	text := j.buf
	if !j.wide {
		text = fromLatin(text)
	}
	top := t.top()
	if top != nil && !top.list && !j.colon {
		j.odd = onlyBetween(text)
		j.last = clone(text)
		j.key, j.have = j.last, true
		return
	}
	if j.odd = onlyBetween(text); j.odd {
		j.last = clone(text)
		return
	}
	r.jsonValue(text)
	if top != nil && top.list { // or it is a key whose bracket is missing
		j.key, j.have = clone(text), true
	}
}

// onlyBetween reports whether a text is only what stands between strings.
func onlyBetween(s []byte) bool {
	some := false
	for _, c := range s {
		switch c {
		case ',', ':', '{', '}', '[', ']':
			some = true
		case ' ':
		default:
			return false
		}
	}
	return some
}

// endLiteral acts on a number, true, false or null.
func (r *Reader) endLiteral() {
	j := &r.tree.json
	j.state = jsonBetween
	switch {
	case equals(j.buf, "null"), equals(j.buf, "false"):
		r.jsonValue(nil)
	case equals(j.buf, "true"), digits(j.buf) > 0:
		r.jsonValue(j.buf)
	default:
		r.badJSON()
	}
}

// jsonValue takes a value.
func (r *Reader) jsonValue(text []byte) {
	t := r.tree
	j := &t.json
	key := j.key
	if !j.colon {
		key = nil
	}
	j.clear()
	top := t.top()
	if top == nil {
		// A string alone: a line of JSON Lines may be one.
		if t.deep == 0 && looksNumber(text) {
			r.finishNode(node{line: r.lineNo, found: []finding{{text: clone(text), line: r.lineNo}}})
		}
		return
	}
	at := top.at
	top.at++
	switch top.card {
	case cardProperty:
		switch at {
		case 0:
			top.role, top.label = r.keyRole(text, Unused)
			return
		case 2:
			return
		}
	case cardName:
		parts := [...]Role{FamilyName, GivenName, MiddleName}
		if at < len(parts) {
			top.set(parts[at], NoLabel, nil, text, r.lineNo)
		}
		return
	case cardOther:
		if at > 0 {
			return
		}
	}
	if top.list && at == 0 && equals(text, "vcard") {
		top.card, top.record = cardList, true
		return
	}
	if top.list && top.role == Unused && looksNumber(text) && top.card == noCard {
		r.finishNode(node{line: r.lineNo, found: []finding{{text: clone(text), line: r.lineNo}}})
		return
	}
	r.setValue(key, text)
}

// fromLatin undoes what Facebook and Instagram do, who write each byte of UTF-8 as
// a character, and others, who take it for a byte of windows-1252: text whose
// characters, taken as such bytes, are UTF-8.
func fromLatin(s []byte) []byte {
	ascii := true
	for _, c := range s {
		ascii = ascii && c < 0x80
	}
	if ascii {
		return s
	}
	b := make([]byte, 0, len(s))
	for rest := s; len(rest) > 0; {
		c, size := utf8.DecodeRune(rest)
		rest = rest[size:]
		if c = latinByte(c); c > 0xff {
			return s
		}
		b = append(b, byte(c))
	}
	if !utf8.Valid(b) {
		return s
	}
	return b
}

// latinByte is the byte that a character is in windows-1252, or else itself.
func latinByte(c rune) rune {
	for k := byte(0x80); c > 0xff && k < 0xa0; k++ {
		if Windows1252.upper(k) == c {
			return rune(k)
		}
	}
	return c
}

// twiceUTF8 reports whether fromLatin has something to undo.
func twiceUTF8(s []byte) bool {
	some, more := false, 0 // how many bytes a character still needs
	for len(s) > 0 {
		c, size := utf8.DecodeRune(s)
		s = s[size:]
		c = latinByte(c)
		switch {
		case c > 0xff || more > 0 != (0x80 <= c && c < 0xc0):
			return false
		case more > 0:
			more--
		case c >= 0xf0:
			more = 3
		case c >= 0xe0:
			more = 2
		case c >= 0xc0:
			more = 1
		}
		some = some || more > 0
	}
	return some && more == 0
}

// treeProblem reports a code about this line.
func (r *Reader) treeProblem(c Code) { r.problem(c, r.lineNo) }
