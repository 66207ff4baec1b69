package capture

// http1 is HTTP/1.1 (RFC 9112) on a session: requests, also pipelined, and the
// responses in their order.
type http1 struct {
	s     *session
	sides [2]http1Side
	asked []exchange // requests without a response yet
	over  *session   // what is spoken behind CONNECT or an upgrade
}

// An exchange is what a response has to know of its request.
type exchange struct {
	index        int
	method, host []byte
	target       []byte
}

type http1State uint8

const (
	h1Head   http1State = iota // expects or reads a head
	h1Length                   // a body of known length
	h1Close                    // a body up to the end
	h1Chunk                    // the line before a chunk
	h1Data                     // inside a chunk
	h1After                    // the line behind a chunk
	h1Trailer
	h1Wait // behind a request that changes the protocol, if the server agrees
	h1Over // … which it did
)

type http1Side struct {
	state   http1State
	resync  bool // looks for the start of a message
	buf     []byte
	scanned int // of buf, without the end of a head
	time    int64
	now     int64 // of the packet at hand

	// The message that is being read.
	head     []byte
	began    int64
	left     int64 // bytes of the body or chunk to come
	body     []byte
	chunked  bool
	trailer  []byte
	why      []Reason
	exchange exchange
	status   int
}

func newHTTP1(s *session) *http1 { return &http1{s: s} }

func (c *http1) waits() int {
	n := 0
	for i := range c.sides {
		n += len(c.sides[i].buf) + len(c.sides[i].body)
	}
	if c.over != nil {
		n += c.over.waits()
	}
	return n
}

func (c *http1) data(side int, p []byte, time int64) {
	h := &c.sides[side]
	if h.state == h1Over {
		c.over.data(side, p, time)
		return
	}
	if len(h.buf) == 0 {
		h.time = time
	}
	h.now = time
	if h.state == h1Length && len(h.buf) == 0 || h.state == h1Close {
		p = p[c.take(h, p):] // without a copy in between
		if h.state == h1Length && h.left == 0 {
			c.complete(side)
		}
	}
	h.buf = append(h.buf, p...)
	c.run(side)
}

// take adds to a body what belongs to it and returns how much that is.
func (c *http1) take(h *http1Side, p []byte) int {
	n := len(p)
	if h.state != h1Close && int64(n) > h.left {
		n = int(h.left)
	}
	h.left -= int64(n)
	kept := p[:n]
	if room := c.s.n.r.o.MaxBody - len(h.body); n > room {
		kept = p[:room]
		h.problem(TooLarge)
	}
	h.body = append(h.body, kept...)
	return n
}

func (h *http1Side) problem(why Reason) { h.why = append(h.why, why) }

// run reads what is in the buffer.
func (c *http1) run(side int) {
	h := &c.sides[side]
	at := 0
	for at < len(h.buf) {
		n, more := c.step(side, h.buf[at:])
		at += n
		if h.state == h1Over {
			rest := append([]byte(nil), h.buf[at:]...)
			h.buf = nil
			if len(rest) > 0 {
				c.over.data(side, rest, h.now)
			}
			return
		}
		if !more {
			break
		}
	}
	if at > 0 { // or every packet would move all that waits
		h.buf = h.buf[:copy(h.buf, h.buf[at:])]
	}
	if at > 0 {
		h.time = h.now
	}
	if cap(h.buf) > 1<<16 && len(h.buf) == 0 {
		h.buf = nil
	}
}

// step reads from p and returns how much it took, and false if more is needed.
func (c *http1) step(side int, p []byte) (n int, more bool) {
	h := &c.sides[side]
	limit := c.s.n.r.o.MaxHead
	switch h.state {
	case h1Head:
		return c.head(side, p)
	case h1Length, h1Data, h1Close:
		n = c.take(h, p)
		if h.left == 0 && h.state == h1Length {
			c.complete(side)
		} else if h.left == 0 && h.state == h1Data {
			h.state = h1After
		}
		return n, true
	case h1Chunk, h1After, h1Trailer:
		end := indexByte(p, '\n')
		if end < 0 {
			if len(p) > maxLine {
				h.problem(Malformed)
				c.complete(side)
				h.resync = true
				return len(p), true
			}
			return 0, false
		}
		line := trim(p[:end])
		switch h.state {
		case h1After:
			h.state = h1Chunk
			if len(line) > 0 {
				c.broken(side)
				return 0, true
			}
		case h1Chunk:
			size, ok := chunkSize(line)
			if !ok {
				c.broken(side)
				return 0, true
			}
			h.left, h.state = size, h1Data
			if size == 0 {
				h.state = h1Trailer
			}
		case h1Trailer:
			if len(line) == 0 {
				c.complete(side)
			} else if len(h.trailer)+end < limit {
				h.trailer = append(h.trailer, p[:end+1]...)
			}
		}
		return end + 1, true
	}
	return 0, false // h1Wait
}

// maxLine bounds a line between chunks: it is looked through again with each
// packet.
const maxLine = 16 << 10

// broken ends a chunked body that is not well formed.
func (c *http1) broken(side int) {
	c.sides[side].problem(Malformed)
	c.complete(side)
	c.sides[side].resync = true
}

// head reads the head of a message.
func (c *http1) head(side int, p []byte) (n int, more bool) {
	h := &c.sides[side]
	for n < len(p) && (p[n] == '\r' || p[n] == '\n') {
		n++
	}
	p = p[n:]
	if len(p) == 0 {
		return n, false
	}
	starts := startsRequest
	if side == 1 {
		starts = startsResponse
	}
	if !starts(p) {
		if len(p) < 24 && !h.resync && couldBe(p) {
			return n, false
		}
		if !h.resync && c.s.n.r.o.MaxHead > 0 {
			// Bytes between messages that belong to none of them.
			h.resync = true
			h.stray(c, side, p)
		}
		at := c.find(side, p)
		if at < 0 {
			return n + max(len(p)-16, 0), false
		}
		h.resync = false
		return n + at, true
	}
	h.resync = false
	end := headEnd(p, h.scanned)
	if end < 0 {
		h.scanned = max(len(p)-3, 0)
		if len(p) <= c.s.n.r.o.MaxHead {
			return n, false
		}
		end = len(p)
		h.problem(TooLarge)
	}
	h.scanned = 0
	h.head = append(h.head[:0], p[:end]...)
	h.began = h.time
	c.begin(side)
	return n + end, true
}

// stray reports bytes where a message should begin.
func (h *http1Side) stray(c *http1, side int, p []byte) {
	b := &c.s.n.r.b
	b.reset()
	b.m.Protocol, b.m.Index, b.m.InStream, b.m.Direction = TCP, c.s.index, *c.s.exchanges, Direction(side)
	b.m.Time, b.m.Host = h.now, c.s.server
	end := c.find(side, p)
	if end < 0 {
		end = len(p)
	}
	b.part(Part{Place: Body, Bytes: p[:end]})
	b.problem(Malformed)
	c.s.n.r.found(&b.m)
}

// find looks for the start of a message.
func (c *http1) find(side int, p []byte) int {
	for i := 0; i < len(p); i++ {
		if side == 1 {
			j := index(p[i:], "HTTP/1.")
			if j < 0 {
				return -1
			}
			i += j
			if startsResponse(p[i:]) {
				return i
			}
			continue
		}
		if c := p[i]; c >= 'A' && c <= 'Z' && (i == 0 || p[i-1] < 'A' || p[i-1] > 'Z') && startsRequest(p[i:]) {
			return i
		}
	}
	return -1
}

// begin looks at a head and finds out what body follows.
func (c *http1) begin(side int) {
	h := &c.sides[side]
	h.body, h.trailer, h.chunked, h.left = nil, nil, false, 0
	first, fields := cutLine(h.head)
	h.state = h1Length
	var te, length, upgrade []byte
	for len(fields) > 0 {
		var name, value []byte
		name, value, fields = cutField(fields)
		switch {
		case equalFold(name, "transfer-encoding"):
			te = value
		case equalFold(name, "content-length"):
			length = value
		case equalFold(name, "upgrade"):
			upgrade = value
		case equalFold(name, "host") && side == 0 && h.exchange.host == nil:
			h.exchange.host = append([]byte{}, value...)
		}
	}
	h.left = max(number(length), 0)
	if chunked(te) {
		h.chunked, h.state = true, h1Chunk
	}
	if side == 0 {
		method, target, _ := requestLine(first)
		e := exchange{index: *c.s.exchanges, method: append([]byte{}, method...), target: append([]byte{}, target...), host: h.exchange.host}
		*c.s.exchanges++
		if host := absolute(e.target); host != nil {
			e.host = host
		}
		h.exchange = e
		c.asked = append(c.asked, e)
		if h.state == h1Length && h.left == 0 {
			c.complete(side)
		}
		if string(method) == "CONNECT" || len(upgrade) > 0 && h.state == h1Head {
			h.state = h1Wait
		}
		return
	}
	h.status = statusOf(first)
	e := exchange{index: -1}
	if len(c.asked) > 0 {
		e = c.asked[0]
		if h.status >= 200 || h.status == 101 {
			c.asked = c.asked[1:]
		}
	} else {
		e.index = *c.s.exchanges
		if h.status >= 200 || h.status == 101 {
			*c.s.exchanges++
		}
	}
	h.exchange = e
	switch {
	case h.status == 101, string(e.method) == "CONNECT" && h.status/100 == 2:
		h.left, h.state = 0, h1Length
		head := h.head
		c.complete(side)
		c.change(e, head, h.status == 101, upgrade)
		return
	case h.status/100 == 1, h.status == 204, h.status == 304, string(e.method) == "HEAD":
		h.left, h.state = 0, h1Length
	case h.state == h1Length && len(length) == 0:
		h.state = h1Close
	}
	if h.status >= 200 && c.sides[0].state == h1Wait {
		c.sides[0].state = h1Head // the server did not agree
		defer c.run(0)
	}
	if h.state == h1Length && h.left == 0 {
		c.complete(side)
	}
}

// change hands the connection over to what the two have agreed on.
func (c *http1) change(of exchange, head []byte, upgrade bool, to []byte) {
	over := newSession(c.s.n, c.s.index, c.s.exchanges, c.s.server)
	if len(of.host) > 0 {
		over.server = of.host
	}
	switch {
	case !upgrade:
		over.server = of.target
	case equalFold(to, "websocket"):
		over.speaks = newWebSocket(over, of, head)
	case startsFold(to, "h2"):
		over.speaks = newHTTP2(over)
	}
	c.over = over
	for i := range c.sides {
		c.sides[i].state = h1Over
	}
	// What the client sent ahead; the server's own rest follows from run.
	if rest := c.sides[0].buf; len(rest) > 0 {
		c.sides[0].buf = nil
		over.data(0, rest, c.sides[0].now)
	}
}

// complete gives the message that is being read.
func (c *http1) complete(side int) {
	h := &c.sides[side]
	if h.head == nil {
		h.state = h1Head
		return
	}
	r := c.s.n.r
	b := &r.b
	b.reset()
	b.m.Index, b.m.InStream, b.m.Direction, b.m.Time = c.s.index, h.exchange.index, Direction(side), h.began
	r.rawMessage(h.head, h.trailer, h.body, h.chunked, &h.exchange, c.s.server)
	for _, why := range h.why {
		b.problem(why)
	}
	r.found(&b.m)
	h.state, h.why, h.body, h.head, h.trailer = h1Head, nil, nil, nil, nil
	h.exchange.host = nil
}

// rawMessage builds a message from a head and a body from which chunks have
// been taken off. of is the request of a response.
func (r *Reader) rawMessage(head, trailer, body []byte, chunked bool, of *exchange, server []byte) {
	b := &r.b
	first, fields := cutLine(b.a.copy(head))
	if b.m.Direction == Request {
		var target []byte
		b.m.Method, target, _ = requestLine(first)
		b.target(target)
	} else {
		b.m.Status = statusOf(first)
		b.m.Method, b.m.Target = of.method, of.target
		if len(of.host) > 0 {
			b.authority(of.host)
		}
	}
	for _, p := range [2][]byte{fields, b.a.copy(trailer)} {
		for len(p) > 0 {
			var name, value []byte
			if name, value, p = cutField(p); len(name) > 0 {
				b.field(name, value)
			}
		}
	}
	if len(b.m.Host) == 0 {
		b.m.Host = server
	}
	var chain []string
	if chunked {
		chain = []string{"chunked"}
	}
	r.body(body, chain, false)
}

func (c *http1) gap(side, n int) {
	h := &c.sides[side]
	switch {
	case h.state == h1Over:
		c.over.gap(side, n)
	case h.state == h1Head || h.state == h1Wait:
		if len(h.buf) > 0 {
			h.stray(c, side, h.buf)
			h.buf = h.buf[:0]
		}
		h.scanned = 0
		c.s.problem(side, Gap, h.now)
		h.resync = true
	case h.state == h1Close:
		h.problem(Gap)
	case (h.state == h1Length || h.state == h1Data) && int64(n) < h.left:
		h.problem(Gap)
		h.left -= int64(n)
	case h.state == h1Length && int64(n) == h.left:
		h.problem(Gap)
		c.complete(side)
	default:
		h.problem(Gap)
		h.buf = h.buf[:0]
		c.complete(side)
		h.resync = true
	}
}

func (c *http1) end() {
	if c.over != nil {
		c.over.end()
		return
	}
	for side := range c.sides {
		h := &c.sides[side]
		switch h.state {
		case h1Head, h1Wait:
			if p := trim(h.buf); len(p) > 0 {
				if !h.resync {
					h.stray(c, side, p)
				}
				h.buf = nil
			}
			continue
		case h1Close:
		default:
			if h.state != h1Trailer {
				h.problem(BodyTruncated)
			}
		}
		c.complete(side)
	}
}

func (c *http1) lost(why Reason) {
	if c.over != nil {
		c.over.lost(why)
		return
	}
	for side := range c.sides {
		h := &c.sides[side]
		if h.state != h1Head && h.state != h1Wait {
			h.problem(why)
			c.complete(side)
		} else {
			c.s.problem(side, why, h.now)
		}
		h.buf = nil
	}
}
