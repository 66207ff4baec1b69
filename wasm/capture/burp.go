package capture

// burp reads the XML that Burp's "Save items" writes: raw messages, in base64 or
// in CDATA sections.
type burp struct {
	r     *Reader
	index int
	at    int64

	state burpState
	tag   []byte // between < and >, or the end of a CDATA section so far
	name  string // the element that is being kept, "" if none
	text  []byte
	cut   bool
	coded bool // base64="true"

	time, url, host   []byte
	request, response burpMessage
}

type burpMessage struct {
	there, cut bool
	raw        []byte
	why        Reason
}

type burpState uint8

const (
	burpText burpState = iota
	burpTag
	burpData // in a CDATA section
)

func newBurp(r *Reader) *burp {
	r.about.Format = "burp"
	return &burp{r: r, index: -1}
}

// looksBurp reports whether p is the start of such a file.
func looksBurp(p []byte) bool { return index(p, "<items") >= 0 && index(p, "burpVersion") >= 0 }

const cdata = "![CDATA["

func (c *burp) write(p []byte) int {
	for i := 0; i < len(p); {
		switch c.state {
		case burpText:
			n := indexByte(p[i:], '<')
			if n < 0 {
				c.keep(p[i:])
				i = len(p)
				break
			}
			c.keep(p[i : i+n])
			i += n + 1
			c.state, c.tag = burpTag, c.tag[:0]
		case burpTag:
			b := p[i]
			i++
			if b == '>' {
				c.state = burpText
				c.element(c.tag)
				break
			}
			if len(c.tag) < 4096 {
				c.tag = append(c.tag, b)
			}
			if len(c.tag) == len(cdata) && string(c.tag) == cdata {
				c.state, c.tag = burpData, c.tag[:0]
			}
		case burpData: // up to ]]>
			n := indexByte(p[i:], ']')
			if len(c.tag) == 0 && n != 0 {
				if n < 0 {
					n = len(p) - i
				}
				c.keep(p[i : i+n])
				i += n
				break
			}
			b := p[i]
			switch {
			case b == ']' && len(c.tag) < 2:
				c.tag = append(c.tag, b)
				i++
			case b == ']':
				c.keep(c.tag[:1])
				i++
			case b == '>' && len(c.tag) == 2:
				c.state, c.tag = burpText, c.tag[:0]
				i++
			default:
				c.keep(c.tag)
				c.tag = c.tag[:0]
			}
		}
	}
	c.at += int64(len(p))
	return len(p)
}

// keep adds to the text of the element.
func (c *burp) keep(p []byte) {
	if c.name == "" {
		return
	}
	limit := c.r.o.MaxHead
	if c.name == "request" || c.name == "response" {
		limit = c.r.o.MaxBody + c.r.o.MaxBody/3
	}
	if room := limit - len(c.text); len(p) > room {
		p, c.cut = p[:room], true
	}
	c.text = append(c.text, p...)
}

// element takes a tag.
func (c *burp) element(tag []byte) {
	closes := hasPrefix(tag, "/")
	if closes {
		tag = tag[1:]
	}
	name := tag
	if i := indexAny(tag, " \t\r\n/"); i >= 0 {
		name = tag[:i]
	}
	if c.name != "" {
		if closes && string(name) == c.name {
			c.value()
			c.name = ""
		}
		return
	}
	switch string(name) {
	case "item":
		if closes {
			c.messages(OK)
			break
		}
		c.index++
		c.time, c.url, c.host = nil, nil, nil
		c.request, c.response = burpMessage{}, burpMessage{}
	case "time", "url", "host", "request", "response":
		if !closes && len(tag) > 0 && tag[len(tag)-1] != '/' {
			c.name, c.text, c.cut = string(name), nil, false
			c.coded = index(tag, `base64="true"`) > 0
		}
	}
}

// value takes the text of an element that ends.
func (c *burp) value() {
	switch c.name {
	case "time":
		c.time = c.text
	case "url":
		c.url = c.text
	case "host":
		c.host = c.text
	case "request":
		c.request = c.message()
	case "response":
		c.response = c.message()
	}
}

func (c *burp) message() (m burpMessage) {
	m = burpMessage{there: true, raw: c.text, cut: c.cut}
	if c.coded {
		var ok bool
		if m.raw, ok = base64(m.raw); !ok {
			m.why = BrokenEncoding
		}
	} else if replaced(m.raw) {
		m.why = BodyReplaced
	}
	return m
}

// messages gives an item.
func (c *burp) messages(why Reason) {
	b := &c.r.b
	of := exchange{}
	for side, m := range [2]*burpMessage{&c.request, &c.response} {
		if !m.there || side == 1 && len(m.raw) == 0 {
			continue
		}
		b.reset()
		b.m.Index, b.m.Direction, b.m.Time = c.index, Direction(side), javaDate(c.time)
		of = c.r.wholeMessage(m.raw, of, c.host)
		if side == 0 && len(c.url) > 0 {
			b.m.Target = c.url // with scheme and host
		}
		if m.cut {
			b.problem(TooLarge)
		}
		b.problem(m.why)
		b.problem(why)
		c.r.found(&b.m)
	}
}

func (c *burp) end() bool {
	if c.state != burpText || c.name != "" {
		if c.name == "request" || c.name == "response" {
			c.value()
		}
		c.messages(Truncated)
		c.r.note(Truncated, c.at)
	}
	return true
}

// wholeMessage builds a message that was stored as one piece, and returns what a
// response has to know of it. The body ends where the piece ends.
func (r *Reader) wholeMessage(p []byte, of exchange, server []byte) exchange {
	b := &r.b
	end := headEnd(p, 0)
	if end < 0 {
		end = len(p)
	}
	if end > r.o.MaxHead {
		end = r.o.MaxHead
		b.problem(TooLarge)
	}
	head, body := p[:end], p[end:]
	first, fields := cutLine(head)
	var te, length []byte
	for len(fields) > 0 {
		var name, value []byte
		name, value, fields = cutField(fields)
		switch {
		case equalFold(name, "transfer-encoding"):
			te = value
		case equalFold(name, "content-length"):
			length = value
		case equalFold(name, "host") && b.m.Direction == Request:
			of.host = append([]byte{}, value...)
		}
	}
	if b.m.Direction == Request {
		method, target, _ := requestLine(first)
		of.method, of.target = append([]byte{}, method...), append([]byte{}, target...)
		if host := absolute(of.target); host != nil {
			of.host = host
		}
	}
	isChunked := false
	var trailer []byte
	if chunked(te) {
		// Some tools take the chunks off and leave the field.
		if out, rest, whole := unchunk(body); len(out) > 0 || whole {
			body, trailer, isChunked = out, rest, true
			if !whole {
				b.problem(BodyTruncated)
			}
		}
	}
	r.rawMessage(head, trailer, body, isChunked, &of, server)
	none := b.m.Direction == Response && (string(of.method) == "HEAD" || b.m.Status == 304 || b.m.Status == 204)
	if n := number(length); n > int64(len(body)) && !isChunked && !none {
		if len(body) == 0 {
			b.problem(BodyMissing)
		} else {
			b.problem(BodyTruncated)
		}
	}
	return of
}

// unchunk takes the chunks off a body.
func unchunk(p []byte) (out, trailer []byte, whole bool) {
	for {
		line, rest := cutLine(p)
		size, ok := chunkSize(line)
		if !ok {
			return out, nil, false
		}
		if size == 0 {
			return out, rest, true
		}
		if size > int64(len(rest)) {
			return append(out, rest...), nil, false
		}
		out = append(out, rest[:size]...)
		if _, p = cutLine(rest[size:]); len(p) == 0 {
			return out, nil, false
		}
	}
}

// zones are the names of time zones that Java writes and that are not ambiguous,
// in minutes east.
var zones = []struct {
	name string
	east int64
}{
	{"UTC", 0}, {"GMT", 0}, {"Z", 0}, {"WET", 0}, {"WEST", 60}, {"BST", 60}, {"CET", 60}, {"CEST", 120}, {"EET", 120}, {"EEST", 180},
	{"MSK", 180}, {"JST", 540}, {"KST", 540}, {"EST", -300}, {"EDT", -240}, {"CDT", -300}, {"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420},
}

// javaDate reads "Tue Mar 05 12:00:00 CET 2024", 0 if it cannot.
func javaDate(p []byte) int64 {
	var words [6][]byte
	n := 0
	for p = trim(p); len(p) > 0 && n < 6; n++ {
		i := indexByte(p, ' ')
		if i < 0 {
			i = len(p)
		}
		words[n], p = p[:i], trim(p[i:])
	}
	if n != 6 || len(words[1]) != 3 || len(words[3]) != 8 {
		return timestamp(words[0])
	}
	month := index([]byte("JanFebMarAprMayJunJulAugSepOctNovDec"), words[1])
	if month < 0 || month%3 != 0 {
		return 0
	}
	iso := append([]byte{}, words[5]...)
	iso = append(iso, '-', byte('0'+(month/3+1)/10), byte('0'+(month/3+1)%10), '-')
	if len(words[2]) == 1 {
		iso = append(iso, '0')
	}
	iso = append(append(iso, words[2]...), 'T')
	iso = append(iso, words[3]...)
	t := timestamp(iso)
	for _, z := range zones {
		if string(words[4]) == z.name {
			return t - z.east*60e9
		}
	}
	return 0
}
