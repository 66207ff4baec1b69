package capture

import "sealbook/wasm/capture/unpack"

// webSocket is RFC 6455 with permessage-deflate, RFC 7692.
type webSocket struct {
	s     *session
	of    exchange
	sides [2]webSocketSide
	count int // messages so far
	gone  [2]bool
}

type webSocketSide struct {
	buf      []byte
	message  []byte
	packed   bool
	inside   bool // a message in several frames
	cut      bool
	deflate  bool // permessage-deflate is agreed on
	anew     bool // … without what came before
	inflater *unpack.Stream
	now      int64
}

// newWebSocket starts behind a response with the given head.
func newWebSocket(s *session, of exchange, head []byte) *webSocket {
	c := &webSocket{s: s, of: of}
	_, fields := cutLine(head)
	for len(fields) > 0 {
		var name, value []byte
		name, value, fields = cutField(fields)
		if !equalFold(name, "sec-websocket-extensions") || index(value, "permessage-deflate") < 0 {
			continue
		}
		for i := range c.sides {
			c.sides[i].deflate = true
		}
		c.sides[0].anew = index(value, "client_no_context_takeover") >= 0
		c.sides[1].anew = index(value, "server_no_context_takeover") >= 0
	}
	return c
}

func (c *webSocket) waits() int {
	n := 0
	for i := range c.sides {
		n += len(c.sides[i].buf) + len(c.sides[i].message)
	}
	return n
}

func (c *webSocket) data(side int, p []byte, time int64) {
	w := &c.sides[side]
	w.now = time
	if c.gone[side] {
		return
	}
	w.buf = append(w.buf, p...)
	at := 0
	for {
		n := c.frame(side, w.buf[at:])
		if n < 0 {
			c.give(side, w.buf[at:], nil, Malformed)
			c.gone[side] = true
			w.buf = nil
			return
		}
		if n == 0 {
			break
		}
		at += n
	}
	if at > 0 { // or every packet would move all that waits
		w.buf = w.buf[:copy(w.buf, w.buf[at:])]
	}
}

// frame reads a frame and returns its size, 0 if it is not all there, less if it
// is none.
func (c *webSocket) frame(side int, p []byte) int {
	if len(p) < 2 {
		return 0
	}
	w := &c.sides[side]
	final, packed, opcode := p[0]&0x80 != 0, p[0]&0x40 != 0, p[0]&15
	masked, size, head := p[1]&0x80 != 0, uint64(p[1]&0x7f), 2
	if p[0]&0x30 != 0 || opcode > 2 && opcode < 8 || opcode > 10 {
		return -1
	}
	switch size {
	case 126:
		if len(p) < 4 {
			return 0
		}
		size, head = uint64(uint16of(p[2:], true)), 4
	case 127:
		if len(p) < 10 {
			return 0
		}
		size, head = uint64(uint32of(p[2:], true))<<32|uint64(uint32of(p[6:], true)), 10
	}
	if masked {
		head += 4
	}
	if size > 1<<31-64 {
		return -1
	}
	if uint64(len(p)) < uint64(head)+size {
		if size > uint64(c.s.n.r.o.MaxBody) {
			return -1
		}
		return 0
	}
	data := append([]byte(nil), p[head:head+int(size)]...)
	if masked {
		mask := p[head-4 : head]
		for i := range data {
			data[i] ^= mask[i&3]
		}
	}
	if opcode >= 8 { // control frames stand alone, between messages, and count as none
		c.give(side, data, nil, OK)
		c.count--
		return head + int(size)
	}
	if opcode != 0 {
		w.message, w.packed, w.cut = w.message[:0], packed, false
	}
	if room := c.s.n.r.o.MaxBody - len(w.message); len(data) > room {
		data, w.cut = data[:room], true
	}
	w.message = append(w.message, data...)
	w.inside = !final
	if final {
		c.complete(side)
	}
	return head + int(size)
}

// complete unpacks a message and gives it.
func (c *webSocket) complete(side int) {
	w := &c.sides[side]
	why := OK
	if w.cut {
		why = TooLarge
	}
	data := w.message
	w.message = nil
	if !w.packed {
		c.give(side, data, nil, why)
		return
	}
	if w.inflater == nil || w.anew {
		if w.inflater == nil {
			w.inflater = new(unpack.Stream)
		}
		w.inflater.Reset(unpack.Raw, 16<<10)
	}
	r := c.s.n.r
	limit := r.o.MaxBody
	if left := r.o.MaxUnpacked + 64*r.at - r.unpacked; left < int64(limit) {
		limit = max(int(left), 0)
	}
	var out []byte
	for rest := append(data[:len(data):len(data)], 0, 0, 0xff, 0xff); ; {
		n, piece := w.inflater.Write(rest)
		rest = rest[n:]
		out = append(out, piece...)
		if w.inflater.Err() != nil {
			why = BrokenEncoding
			break
		}
		if len(out) > limit {
			out, why = out[:limit], UnpacksTooLarge
			break
		}
		if n == 0 && len(piece) == 0 {
			break
		}
		if w.inflater.Ended() {
			w.inflater.Reset(unpack.Raw, 16<<10)
			break
		}
	}
	r.unpacked += int64(len(out))
	c.give(side, out, []string{"permessage-deflate"}, why)
	if why != OK && !w.anew {
		w.inflater.Reset(unpack.Raw, 16<<10)
	}
}

func (c *webSocket) give(side int, data []byte, chain []string, why Reason) {
	r := c.s.n.r
	b := &r.b
	b.reset()
	b.m.Protocol, b.m.Index, b.m.InStream = WebSocket, c.s.index, c.of.index
	b.m.Direction, b.m.Time = Direction(side), c.sides[side].now
	b.m.Method, b.m.Target = c.of.method, c.of.target
	b.m.Host = c.s.server
	if len(c.of.host) > 0 {
		b.authority(c.of.host)
	}
	b.part(Part{Place: WebSocketMsg, N: c.count, Bytes: data, Chain: chain})
	c.count++
	b.problem(why)
	r.found(&b.m)
}

func (c *webSocket) gap(side, _ int) {
	if !c.gone[side] {
		c.give(side, c.sides[side].message, nil, Gap)
		c.gone[side] = true // where the next frame begins nobody can tell
	}
	c.sides[side].buf = nil
}

func (c *webSocket) end() {
	for side := range c.sides {
		w := &c.sides[side]
		if len(w.buf) > 0 || w.inside {
			c.give(side, append(w.message, w.buf...), nil, BodyTruncated)
			w.buf, w.inside = nil, false
		}
	}
}

func (c *webSocket) lost(why Reason) {
	for side := range c.sides {
		c.give(side, nil, nil, why)
		c.gone[side] = true
		c.sides[side].buf = nil
	}
}

// framePayload takes the one frame that p is apart. It does not unpack.
func framePayload(p []byte) ([]byte, bool) {
	if len(p) < 2 {
		return nil, false
	}
	size, head := uint64(p[1]&0x7f), 2
	switch {
	case size == 126 && len(p) >= 4:
		size, head = uint64(uint16of(p[2:], true)), 4
	case size == 127 && len(p) >= 10:
		size, head = uint64(uint32of(p[2:], true))<<32|uint64(uint32of(p[6:], true)), 10
	}
	var mask []byte
	if p[1]&0x80 != 0 {
		if len(p) < head+4 {
			return nil, false
		}
		mask = p[head : head+4]
		head += 4
	}
	if uint64(len(p)-min(head, len(p))) != size || p[0]&0x40 != 0 {
		return nil, false
	}
	data := append([]byte(nil), p[head:]...)
	for i := range data {
		if mask != nil {
			data[i] ^= mask[i&3]
		}
	}
	return data, true
}
