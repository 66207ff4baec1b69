package capture

// http2 is HTTP/2 (RFC 9113) on a session.
type http2 struct {
	s       *session
	sides   [2]http2Side
	streams map[uint32]*http2Stream
	order   []*http2Stream
	started bool // the preface was there, or is not needed any more
	kept    int  // bytes of bodies
}

type http2Side struct {
	buf     []byte
	hpack   *hpack
	block   []byte // of HEADERS whose CONTINUATION is to come
	stream  uint32 // … and its stream, 0 if none
	ends    bool
	gone    bool // frames cannot be told apart any more
	unknown bool // the table of HPACK is not the one of the other side
	now     int64
}

// An http2Stream is one exchange.
type http2Stream struct {
	id    uint32
	index int
	sides [2]http2Half
	of    exchange
	over  *session // behind CONNECT
}

type http2Half struct {
	began, done bool
	time        int64
	fields      []Field
	body        []byte
	why         Reason
}

// maxHTTP2 bounds the streams that are open on one connection.
const maxHTTP2 = 1 << 14

func newHTTP2(s *session) *http2 {
	c := &http2{s: s, streams: map[uint32]*http2Stream{}}
	for i := range c.sides {
		c.sides[i].hpack = newHpack()
	}
	return c
}

func (c *http2) waits() int { return len(c.sides[0].buf) + len(c.sides[1].buf) + c.kept }

func (c *http2) data(side int, p []byte, time int64) {
	h := &c.sides[side]
	h.now = time
	if h.gone {
		return
	}
	h.buf = append(h.buf, p...)
	at := 0
	if side == 0 && !c.started {
		if hasPrefix(h.buf, preface) {
			at = len(preface)
		} else if len(h.buf) < len(preface) && hasPrefix([]byte(preface), string(h.buf)) {
			return
		}
		c.started = true
	}
	for len(h.buf)-at >= 9 {
		p := h.buf[at:]
		size := int(p[0])<<16 | int(p[1])<<8 | int(p[2])
		if p[3] > 12 && size > 1<<14 {
			h.gone = true
			c.s.problem(side, Malformed, time)
			h.buf = nil
			return
		}
		if len(p) < 9+size {
			break
		}
		c.frame(side, p[3], p[4], uint32of(p[5:], true)&0x7fffffff, p[9:9+size])
		at += 9 + size
		if h.gone {
			h.buf = nil
			return
		}
	}
	if at > 0 { // or every packet would move all that waits
		h.buf = h.buf[:copy(h.buf, h.buf[at:])]
	}
}

const (
	h2Data = iota
	h2Headers
	_
	h2Reset
	_
	h2Push
	h2Continuation = 9
)

// frame takes one frame.
func (c *http2) frame(side int, kind, flags byte, id uint32, p []byte) {
	h := &c.sides[side]
	if kind == h2Data || kind == h2Headers || kind == h2Push {
		if flags&8 != 0 { // padded
			if len(p) == 0 || int(p[0]) > len(p)-1 {
				c.bad(side)
				return
			}
			p = p[1 : len(p)-int(p[0])]
		}
	}
	switch kind {
	case h2Data:
		c.body(side, id, p, flags&1 != 0)
	case h2Headers:
		if flags&0x20 != 0 { // priority
			if len(p) < 5 {
				c.bad(side)
				return
			}
			p = p[5:]
		}
		h.block, h.stream, h.ends = append(h.block[:0], p...), id, flags&1 != 0
	case h2Push:
		if len(p) < 4 {
			c.bad(side)
			return
		}
		h.block, h.stream, h.ends = append(h.block[:0], p[4:]...), 0, false
	case h2Continuation:
		if len(h.block)+len(p) > c.s.n.r.o.MaxHead {
			c.bad(side)
			return
		}
		h.block = append(h.block, p...)
	case h2Reset:
		if s := c.streams[id]; s != nil {
			for i := range s.sides {
				if half := &s.sides[i]; half.began && !half.done {
					if half.why == OK && i == side {
						half.why = BodyTruncated
					}
					c.complete(s, i)
				}
			}
			c.drop(s)
		}
	}
	if (kind == h2Headers || kind == h2Push || kind == h2Continuation) && flags&4 != 0 {
		c.headers(side, h.stream)
	}
}

func (c *http2) bad(side int) {
	c.sides[side].gone = true
	c.s.problem(side, Malformed, c.sides[side].now)
}

// stream returns the stream of an id, and opens it.
func (c *http2) stream(id uint32) *http2Stream {
	s := c.streams[id]
	if s == nil {
		if len(c.streams) >= maxHTTP2 {
			c.finish(c.order[0], Buffered)
		}
		s = &http2Stream{id: id, index: *c.s.exchanges}
		*c.s.exchanges++
		s.of.index = s.index
		c.streams[id] = s
		c.order = append(c.order, s)
	}
	return s
}

// drop forgets a stream.
func (c *http2) drop(s *http2Stream) {
	delete(c.streams, s.id)
	for i, other := range c.order {
		if other == s {
			c.order = append(c.order[:i], c.order[i+1:]...)
			break
		}
	}
}

// headers takes a whole header block.
func (c *http2) headers(side int, id uint32) {
	h := &c.sides[side]
	var fields []Field
	ok := h.hpack.decode(h.block, c.s.n.r.o.MaxHead, func(name, value []byte) {
		fields = append(fields, Field{name, value})
	})
	h.block = h.block[:0]
	if id == 0 { // a promised request was never sent
		if !ok {
			h.unknown = true
		}
		return
	}
	s := c.stream(id)
	half := &s.sides[side]
	if !ok || h.unknown {
		h.unknown = true
		half.why = Malformed
	}
	if !half.began {
		if side == 1 && informational(fields) {
			return
		}
		half.began, half.time, half.fields = true, h.now, fields
		if side == 0 {
			c.request(s)
		}
		if side == 1 && s.over == nil && string(s.of.method) == "CONNECT" {
			c.tunnel(s)
		}
	} else {
		half.fields = append(half.fields, fields...) // trailers
	}
	if h.ends {
		c.complete(s, side)
	}
}

func informational(fields []Field) bool {
	for _, f := range fields {
		if string(f.Name) == ":status" {
			return len(f.Value) == 3 && f.Value[0] == '1'
		}
	}
	return false
}

// request notes what the response has to know.
func (c *http2) request(s *http2Stream) {
	for _, f := range s.sides[0].fields {
		switch string(f.Name) {
		case ":method":
			s.of.method = f.Value
		case ":authority":
			s.of.host = f.Value
		case ":path":
			s.of.target = f.Value
		}
	}
}

// tunnel begins what is spoken behind CONNECT, WebSocket too (RFC 8441).
func (c *http2) tunnel(s *http2Stream) {
	over := newSession(c.s.n, c.s.index, c.s.exchanges, s.of.host)
	for _, f := range s.sides[0].fields {
		if string(f.Name) == ":protocol" && string(f.Value) == "websocket" {
			var head []byte
			for _, f := range s.sides[1].fields {
				head = append(append(append(append(head, '\n'), f.Name...), ':'), f.Value...)
			}
			over.speaks = newWebSocket(over, s.of, head)
		}
	}
	c.complete(s, 0)
	c.complete(s, 1)
	s.over = over
}

func (c *http2) body(side int, id uint32, p []byte, ends bool) {
	s := c.streams[id]
	if s == nil {
		if len(p) == 0 {
			return
		}
		s = c.stream(id) // of headers that are not there
	}
	half := &s.sides[side]
	if s.over != nil {
		s.over.data(side, p, c.sides[side].now)
		if ends {
			s.over.end()
			c.drop(s)
		}
		return
	}
	if !half.began {
		half.began, half.time, half.why = true, c.sides[side].now, Gap
	}
	if room := c.s.n.r.o.MaxBody - len(half.body); len(p) > room {
		p = p[:room]
		half.why = TooLarge
	}
	half.body = append(half.body, p...)
	c.kept += len(p)
	if ends {
		c.complete(s, side)
	}
}

// complete gives one half of a stream.
func (c *http2) complete(s *http2Stream, side int) {
	half := &s.sides[side]
	if half.done || !half.began {
		return
	}
	half.done = true
	r := c.s.n.r
	b := &r.b
	b.reset()
	b.m.Index, b.m.InStream, b.m.Direction, b.m.Time = c.s.index, s.index, Direction(side), half.time
	b.m.Method = s.of.method
	if side == 0 {
		if len(s.of.host) > 0 {
			b.authority(s.of.host)
		}
		if string(s.of.method) == "CONNECT" {
			b.m.Target = s.of.host
		} else {
			b.target(s.of.target)
		}
	} else {
		b.m.Target = s.of.target
		if len(s.of.host) > 0 {
			b.authority(s.of.host)
		}
	}
	for _, f := range half.fields {
		if string(f.Name) == ":status" {
			b.m.Status = int(max(number(f.Value), 0))
		}
		if len(f.Name) == 0 || f.Name[0] != ':' {
			b.field(f.Name, f.Value)
		}
	}
	if len(b.m.Host) == 0 {
		b.m.Host = c.s.server
	}
	if side == 0 {
		b.hostPart()
	}
	r.body(half.body, nil, false)
	b.problem(half.why)
	if n := number(b.get("content-length")); n > int64(len(half.body)) && half.why == OK && string(s.of.method) != "HEAD" && b.m.Status != 304 && b.m.Status != 204 {
		b.problem(BodyTruncated)
	}
	r.found(&b.m)
	c.kept -= len(half.body)
	half.body, half.fields = nil, nil
	if s.sides[0].done && s.sides[1].done && s.over == nil && string(s.of.method) != "CONNECT" {
		c.drop(s)
	}
}

// finish gives what there is of a stream.
func (c *http2) finish(s *http2Stream, why Reason) {
	if s.over != nil {
		s.over.end()
	}
	for side := range s.sides {
		half := &s.sides[side]
		if half.began && !half.done {
			if half.why == OK {
				half.why = why
			}
			c.complete(s, side)
		}
	}
	c.drop(s)
}

func (c *http2) gap(side, _ int) {
	h := &c.sides[side]
	if !h.gone {
		h.gone = true // where the next frame begins nobody can tell
		c.s.problem(side, Gap, h.now)
	}
	h.buf = nil
	for _, s := range c.order {
		if half := &s.sides[side]; half.began && !half.done {
			half.why = Gap
		}
	}
}

func (c *http2) end() { c.stop(BodyTruncated) }

func (c *http2) lost(why Reason) {
	c.s.problem(0, why, c.sides[0].now)
	c.stop(why)
	c.sides[0].gone, c.sides[1].gone = true, true
}

func (c *http2) stop(why Reason) {
	for len(c.order) > 0 {
		c.finish(c.order[0], why)
	}
	for side := range c.sides {
		if h := &c.sides[side]; len(h.buf) > 0 {
			h.buf = nil
			c.s.problem(side, Truncated, h.now)
		}
	}
}
