package capture

// A builder puts a message together. It is used again for each.
type builder struct {
	m Message
	a arena
}

func (b *builder) reset() {
	b.a.reset()
	clear(b.m.Parts) // let go of large bodies
	b.m = Message{Header: b.m.Header[:0], Parts: b.m.Parts[:0], Problems: b.m.Problems[:0]}
}

// response turns the builder from a request to what answers it.
func (b *builder) response() {
	b.m.Direction = Response
	clear(b.m.Parts)
	b.m.Header, b.m.Parts, b.m.Problems = b.m.Header[:0], b.m.Parts[:0], b.m.Problems[:0]
}

func (b *builder) problem(why Reason) {
	for _, p := range b.m.Problems {
		if p.Reason == why {
			return
		}
	}
	if why != OK {
		b.m.Problems = append(b.m.Problems, Problem{Reason: why})
	}
}

func (b *builder) part(p Part) { b.m.Parts = append(b.m.Parts, p) }

// target takes the URL or request target and sorts its parts.
func (b *builder) target(t []byte) {
	b.m.Target = t
	if i := index(t, "://"); i > 0 && i < 16 && indexAny(t[:i], "/?#") < 0 {
		rest := t[i+3:]
		n := indexAny(rest, "/?#")
		if n < 0 {
			n = len(rest)
		}
		b.authority(rest[:n])
		t = rest[n:]
	} else if string(b.m.Method) == "CONNECT" {
		b.authority(t)
		return
	}
	if i := indexByte(t, '#'); i >= 0 {
		if i+1 < len(t) {
			b.part(Part{Place: Fragment, Bytes: t[i+1:]})
		}
		t = t[:i]
	}
	query := []byte(nil)
	if i := indexByte(t, '?'); i >= 0 {
		t, query = t[:i], t[i+1:]
	}
	if len(t) > 1 {
		b.part(Part{Place: Path, Bytes: t})
	}
	for len(query) > 0 {
		pair := query
		if i := indexByte(query, '&'); i >= 0 {
			pair, query = query[:i], query[i+1:]
		} else {
			query = nil
		}
		b.pair(Query, pair, true)
	}
}

// telling reports whether something could hide in a name.
func telling(name []byte) bool {
	digits := 0
	for _, c := range name {
		if '0' <= c && c <= '9' || c >= 0x80 {
			digits++
		}
	}
	return digits >= 6 || len(name) >= 20
}

// pair adds "name=value". A name that could itself hold something is a part too.
func (b *builder) pair(place Place, pair []byte, escaped bool) {
	if len(pair) == 0 {
		return
	}
	name, value := pair, []byte(nil)
	if i := indexByte(pair, '='); i >= 0 {
		name, value = pair[:i], pair[i+1:]
	}
	shown := name
	if escaped {
		shown = b.unescape(name)
	}
	if len(value) > 0 {
		b.part(Part{Place: place, Name: shown, Bytes: value})
	}
	if telling(name) {
		b.part(Part{Place: place, Name: shown, Bytes: name})
	}
}

// unescape undoes percent escapes and the plus of forms.
func (b *builder) unescape(p []byte) []byte {
	if indexAny(p, "%+") < 0 {
		return p
	}
	q := b.a.copy(p)
	n := 0
	for i := 0; i < len(p); i++ {
		c := p[i]
		switch {
		case c == '+':
			c = ' '
		case c == '%' && i+2 < len(p) && unhex(p[i+1]) < 16 && unhex(p[i+2]) < 16:
			c = unhex(p[i+1])<<4 | unhex(p[i+2])
			i += 2
		}
		q[n] = c
		n++
	}
	return q[:n]
}

// authority takes the host of a URL or of a Host field. What is before an @ and
// behind the port's colon is not kept.
func (b *builder) authority(host []byte) {
	for i := len(host) - 1; i >= 0; i-- {
		if host[i] == '@' {
			b.part(Part{Place: Header, Name: []byte("Authorization"), Bytes: host[:i]})
			host = host[i+1:]
			break
		}
	}
	for i := len(host) - 1; i >= 0 && host[i] != ']'; i-- {
		if host[i] == ':' {
			host = host[:i]
			break
		}
		if host[i] < '0' || host[i] > '9' {
			break
		}
	}
	host = b.a.copy(host)
	for i, c := range host {
		if 'A' <= c && c <= 'Z' {
			host[i] = c | 0x20
		}
	}
	b.m.Host = host
}

// field adds a field of the header.
func (b *builder) field(name, value []byte) {
	if len(name) > 0 && name[0] == ':' { // HTTP/2 among others: in Chrome's HARs
		if string(name) == ":authority" && len(b.m.Host) == 0 {
			b.authority(value)
		}
		return
	}
	b.m.Header = append(b.m.Header, Field{name, value})
	switch {
	case equalFold(name, "cookie"):
		for len(value) > 0 {
			pair := value
			if i := indexByte(value, ';'); i >= 0 {
				pair, value = value[:i], value[i+1:]
			} else {
				value = nil
			}
			b.pair(Cookie, trim(pair), false)
		}
		return
	case equalFold(name, "set-cookie"):
		pair, attributes := value, []byte(nil)
		if i := indexByte(value, ';'); i >= 0 {
			pair, attributes = value[:i], trim(value[i+1:])
		}
		b.pair(Cookie, trim(pair), false)
		value = attributes
	case equalFold(name, "host") && b.m.Direction == Request && len(b.m.Host) == 0:
		b.authority(value)
	}
	if len(value) > 0 {
		b.part(Part{Place: Header, Name: name, Bytes: value})
	}
	if telling(name) && len(name) >= 32 {
		b.part(Part{Place: Header, Name: name, Bytes: name})
	}
}

// host adds the host as a part where no field of the header holds it.
func (b *builder) hostPart() {
	if len(b.m.Host) > 0 && b.get("host") == nil {
		b.part(Part{Place: Header, Name: []byte("Host"), Bytes: b.m.Host})
	}
}

// get returns the value of a field, nil if there is none; name is in lower case.
func (b *builder) get(name string) []byte {
	for i := range b.m.Header {
		if f := &b.m.Header[i]; len(f.Name) == len(name) && equalFold(f.Name, name) {
			if f.Value == nil {
				return []byte{}
			}
			return f.Value
		}
	}
	return nil
}

// An arena holds the bytes of one message.
type arena struct{ block []byte }

// reset frees all at once.
func (a *arena) reset() {
	if cap(a.block) > 1<<20 {
		a.block = nil // one large message is no reason to keep so much
	}
	a.block = a.block[:0]
}

// copy returns a copy of p that lives until reset.
func (a *arena) copy(p []byte) []byte {
	if cap(a.block)-len(a.block) < len(p) {
		a.block = make([]byte, 0, max(2*cap(a.block), len(p), 4096))
	}
	from := len(a.block)
	a.block = append(a.block, p...)
	return a.block[from:len(a.block):len(a.block)]
}
