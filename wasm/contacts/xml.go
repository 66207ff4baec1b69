package contacts

import "unicode/utf8"

// xmlReader is what the reader of XML keeps between bytes. It knows tags, attributes,
// references, CDATA, and passes over comments, instructions and doctypes; no
// entity is expanded but the five that XML has, and numbers. An end tag closes
// what was left open inside its element, and a tag in a tag begins anew, so that
// damage costs the entry that it is in.
type xmlReader struct {
	state  xmlState
	tag    []byte // name of the tag or attribute, or what is left of "<!…"
	name   []byte // of the tag whose attributes are read
	text   []byte
	over   bool
	quote  byte
	end    bool // an end tag
	empty  bool // … or one that ends itself
	opened bool // the tag's element was opened
	tail   [3]byte
	told   uint32
}

type xmlState uint8

const (
	xmlText xmlState = iota
	xmlOpen          // after <
	xmlTag           // its name
	xmlAttributes
	xmlAttribute // a name
	xmlEquals    // after it
	xmlValue
	xmlBang    // after <!
	xmlComment // to -->
	xmlData    // to ]]>
	xmlSkip    // to >
)

// records are tags that are a person, whatever they hold.
const records = "contact|vcard|call|directory entry|unit|entry|item|record|row|card"

// parseXML takes bytes of XML.
func (r *Reader) parseXML(p []byte) int {
	x := &r.tree.xml
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
			r.lineNo++
			c = ' '
		}
		switch x.state {
		case xmlText:
			if c == '<' {
				x.state, x.tag, x.end, x.empty = xmlOpen, x.tag[:0], false, false
				continue
			}
			k := i + 1
			for k < len(p) && p[k] != '<' && p[k] != '\n' && p[k] != '\r' {
				k++
			}
			if c == ' ' {
				r.xmlText([]byte{' '})
				continue
			}
			r.xmlText(p[i:k])
			i = k - 1
		case xmlOpen:
			switch {
			case c == '!':
				x.state = xmlBang
			case c == '?':
				x.state = xmlSkip
			case c == '/':
				x.end = true
				x.state = xmlTag
			case 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || c >= 0x80:
				x.tag = append(x.tag, c)
				x.state = xmlTag
			default:
				r.badXML()
				x.state = xmlText
			}
		case xmlTag:
			switch c {
			case '>', '/', ' ', '\t', '<':
				r.beginTag()
				x.state = xmlAttributes
				i--
				if p[i+1] == '\n' || p[i+1] == '\r' {
					i++ // its line was counted
				}
			default:
				x.keepName(c)
			}
		case xmlAttributes:
			switch c {
			case '>':
				r.endTag()
			case '/':
				x.empty = true
			case ' ', '\t':
			case '<':
				r.badXML()
				r.endTag()
				i--
			default:
				x.tag = append(x.tag[:0], c)
				x.state = xmlAttribute
			}
		case xmlAttribute:
			switch c {
			case '=':
				x.state = xmlEquals
			case '>', '<', '/':
				x.state = xmlAttributes
				i--
			case ' ', '\t':
			default:
				x.keepName(c)
			}
		case xmlEquals:
			switch c {
			case '"', '\'':
				x.state, x.quote, x.text, x.over = xmlValue, c, x.text[:0], false
			case ' ', '\t':
			default:
				r.badXML()
				x.state = xmlAttributes
				i--
				if p[i+1] == '\n' || p[i+1] == '\r' {
					i++
				}
			}
		case xmlValue:
			switch c {
			case x.quote:
				r.attribute()
				x.state = xmlAttributes
			case '<':
				r.badXML() // its end quote is missing
				r.endTag()
				i--
			default:
				x.text = keepText(x.text, []byte{c}, &x.over)
			}
		case xmlBang:
			x.keepName(c)
			switch {
			case len(x.tag) == 2 && same(x.tag, "--"):
				x.state, x.tail = xmlComment, [3]byte{}
			case len(x.tag) == 7 && same(x.tag, "[CDATA["):
				x.state, x.tail = xmlData, [3]byte{}
			case c == '>':
				x.state = xmlText
			case len(x.tag) >= 7 || x.tag[0] != '-' && x.tag[0] != '[':
				x.state = xmlSkip
			}
		case xmlComment, xmlData:
			x.tail = [3]byte{x.tail[1], x.tail[2], c}
			if x.state == xmlComment && x.tail == [3]byte{'-', '-', '>'} {
				x.state = xmlText
				continue
			}
			if x.state == xmlComment {
				continue
			}
			if x.tail == [3]byte{']', ']', '>'} {
				if n := r.tree.top(); n != nil && len(n.text) >= 2 {
					n.text = n.text[:len(n.text)-2]
				}
				x.state = xmlText
				continue
			}
			r.xmlText(p[i : i+1])
		case xmlSkip:
			if c == '>' {
				x.state = xmlText
			}
		}
	}
	r.handOut()
	return len(p)
}

func (x *xmlReader) keepName(c byte) {
	if len(x.tag) < maxNormal {
		x.tag = append(x.tag, c)
	}
}

// keepText appends to a text as far as it counts.
func keepText(dst, p []byte, over *bool) []byte {
	n := min(len(p), max(0, maxString-len(dst)))
	*over = *over || n < len(p)
	return append(dst, p[:n]...)
}

func (r *Reader) badXML() {
	x := &r.tree.xml
	if x.told != r.lineNo {
		x.told = r.lineNo
		r.treeProblem(BadLine)
	}
}

// xmlText adds to the text of the element on top.
func (r *Reader) xmlText(p []byte) {
	if n := r.tree.top(); n != nil && r.tree.deep == 0 {
		var over bool
		n.text = keepText(n.text, p, &over)
	}
}

// beginTag acts on a tag whose name is complete.
func (r *Reader) beginTag() {
	t := r.tree
	x := &t.xml
	x.name = append(x.name[:0], x.tag...)
	x.opened = false
	if x.end {
		return
	}
	key := x.name
	record := r.meansOf(key).record
	if record {
		// The one before did not end.
		for at := range t.open {
			if t.open[at].record && at > 0 && sameBytes(t.open[at].tag, key) {
				r.badXML()
				for len(t.open) > at {
					r.closeElement()
				}
				break
			}
		}
	}
	x.opened = true
	r.openNode(key, false)
	if n := t.top(); n != nil && t.deep == 0 {
		n.tag = clone(key)
		if n.record = record || len(t.open) == 1; n.record {
			n.role, n.label = Unused, NoLabel
		}
	}
}

// attribute takes one whose value is complete.
func (r *Reader) attribute() {
	x := &r.tree.xml
	if x.opened && !hasPrefix(x.tag, "xmlns") && !(equals(x.name, "group") && equals(x.tag, "name")) {
		r.setValue(x.tag, x.text[:unentity(x.text)])
	}
}

// endTag acts on a tag that is complete.
func (r *Reader) endTag() {
	t := r.tree
	x := &t.xml
	x.state = xmlText
	switch {
	case x.end && t.deep > 0:
		t.deep--
	case x.end:
		at := len(t.open) - 1
		for at >= 0 && !sameBytes(t.open[at].tag, x.name) {
			at--
		}
		if at < 0 || at < len(t.open)-1 {
			r.badXML()
		}
		for at >= 0 && len(t.open) > at {
			r.closeElement()
		}
	case x.opened && x.empty:
		r.closeElement()
	}
}

// closeElement ends the element on top; its text is its value.
func (r *Reader) closeElement() {
	if n := r.tree.top(); n != nil && r.tree.deep == 0 && len(trim(n.text)) > 0 {
		text := n.text[:unentity(n.text)]
		n.text = nil
		if n.role == labelNode {
			n.set(labelNode, NoLabel, n.tag, trim(text), n.line)
		} else {
			r.setValue(nil, text)
		}
	}
	r.closeNode()
}

// sameBytes compares without bytes.Equal's package.
func sameBytes(a, b []byte) bool { return len(a) == len(b) && hasSuffixAt(a, b) }

func hasSuffixAt(a, b []byte) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// unentity undoes references in place: the five of XML, &nbsp; and numbers.
// It returns the length; what is no reference stays.
func unentity(s []byte) int {
	n := 0
	for i := 0; i < len(s); {
		if s[i] == '&' {
			if c, size := reference(s[i:]); size > 0 {
				n += utf8.EncodeRune(s[n:n+min(size, 4)], c)
				i += size
				continue
			}
		}
		s[n] = s[i]
		n++
		i++
	}
	return n
}

// reference reads one at the beginning of s: what it stands for, and its length,
// 0 if it is none.
//
//go:noinline
func reference(s []byte) (c rune, size int) {
	end := 1
	for end < len(s) && end < 12 && s[end] != ';' {
		end++
	}
	if end == len(s) || s[end] != ';' {
		return 0, 0
	}
	name := s[1:end]
	size = end + 1
	switch {
	case same(name, "amp"):
		return '&', size
	case same(name, "lt"):
		return '<', size
	case same(name, "gt"):
		return '>', size
	case same(name, "quot"):
		return '"', size
	case same(name, "apos"):
		return '\'', size
	case same(name, "nbsp"):
		return ' ', size
	case len(name) < 2:
		return 0, 0
	case name[0] != '#':
		if c = letterNamed(name); c == 0 {
			return 0, 0
		}
		return c, size
	}
	digits, base := name[1:], rune(10)
	if digits[0]|0x20 == 'x' {
		digits, base = digits[1:], 16
	}
	for _, d := range digits {
		v := rune(unhex(d))
		if v < 0 || v >= base || c > utf8.MaxRune {
			return 0, 0
		}
		c = c*base + v
	}
	if c < ' ' || c > utf8.MaxRune || !utf8.ValidRune(c) || utf8.RuneLen(c) > size || len(digits) == 0 {
		return 0, 0
	}
	return c, size
}

// lettersNamed are the names by which HTML knows U+00C0–U+00DE; those of the small
// letters, from U+00E0 on, are the same in small letters.
const lettersNamed = "Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml " +
	"ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig "

// letterNamed is the letter that HTML calls so, 0 for none.
func letterNamed(name []byte) rune {
	u := rune(0xc0)
	for list := lettersNamed; len(list) > 0; u++ {
		n := 0
		for list[n] != ' ' {
			n++
		}
		same, folded := len(name) == n, len(name) == n
		for i := 0; i < n && folded; i++ {
			same = same && name[i] == list[i]
			folded = name[i]|0x20 == list[i]|0x20
		}
		switch {
		case same && folded:
			return u
		case folded && 'a' <= name[0] && name[0] <= 'z':
			return u + 0x20
		}
		list = list[n+1:]
	}
	return 0
}
