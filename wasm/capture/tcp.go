package capture

import "sealbook/wasm/capture/tls"

// A network is the connections of a pcap.
type network struct {
	r         *Reader
	keys      tls.Keys
	asked     bool       // for the key log
	laterKeys bool       // secrets may follow: in a pcapng
	keyless   []*session // connections that ended and still want a secret
	waiting   bool
	time      int64
	conns     map[flow]*conn
	oldest    []*conn // in order of their first packets
	count     int     // connections so far
	datagram  map[flow]*udpFlow
	udps      int
	pieces    map[fragmentKey]*fragments
	buffered  int // bytes that wait in all connections
	noted     [NoFile + 1]bool
}

func newNetwork(r *Reader) *network {
	n := &network{r: r, conns: map[flow]*conn{}, datagram: map[flow]*udpFlow{}}
	n.keys.Add(r.o.KeyLog)
	return n
}

// ready asks for the key log beside the capture, once, and reports whether
// packets can be read.
func (n *network) ready() bool {
	if !n.asked {
		n.asked = true
		stem := n.r.name
		for _, end := range []string{".gz", ".pcap", ".pcapng", ".cap"} {
			if hasSuffixFold(stem, end) {
				stem = stem[:len(stem)-len(end)]
			}
		}
		if stem != "" {
			n.waiting = true
			n.r.ask(stem+".keylog", func(data []byte, why Reason) {
				n.waiting = false
				n.keys.Add(data)
			})
		}
	}
	return !n.waiting
}

// once reports a problem of the whole capture.
func (n *network) once(why Reason) {
	if !n.noted[why] {
		n.noted[why] = true
		n.r.note(why, 0)
	}
}

// A conn is one TCP connection.
type conn struct {
	key    flow // from its first sender to the other
	index  int
	ends   [2]endpoint // what the first sender says, and the other
	s      *session
	client int // which of ends is the client; -1 before that is known
	closed bool
	dead   bool // over a limit: what follows is not kept

	exchanges int // of this connection so far
}

// An endpoint is the reassembly of what one end says.
type endpoint struct {
	known bool   // next is
	next  uint32 // the sequence number that is due
	syn   bool
	start uint32 // of the SYN
	fin   bool
	late  []segment // what is there too early, in order
	wait  int       // bytes of late
}

type segment struct {
	seq  uint32
	data []byte
	time int64
}

const (
	tcpFin = 1
	tcpSyn = 2
	tcpRst = 4
	tcpAck = 16

	// maxLate is how much of one direction waits for a missing piece: more than
	// any usual window.
	maxLate = 4 << 20
)

// tcp takes a segment.
func (n *network) tcp(key *flow, p []byte) {
	if len(p) < 20 {
		return
	}
	copy(key[16:18], p[:2])
	copy(key[34:36], p[2:4])
	seq, head, flags := uint32of(p[4:], true), int(p[12]>>4)*4, p[13]
	if head < 20 || head > len(p) {
		return
	}
	data := p[head:]
	c, end := n.conns[*key], 0
	if c == nil {
		if c = n.conns[key.swap()]; c != nil {
			end = 1
		}
	}
	if c != nil && flags&(tcpSyn|tcpAck) == tcpSyn && c.ends[end].known && !(c.ends[end].syn && c.ends[end].start == seq) {
		n.finish(c) // the ports are used again
		delete(n.conns, c.key)
		c = nil
	}
	if c == nil {
		end = 0
		c = n.open(*key)
	}
	e := &c.ends[end]
	if flags&tcpSyn != 0 {
		if !e.known {
			e.known, e.next, e.syn, e.start = true, seq+1, true, seq
			if flags&tcpAck == 0 {
				c.client = end
			} else {
				c.client = 1 - end
			}
		}
		seq++
	}
	if c.dead || c.closed && len(data) == 0 {
		return
	}
	if !e.known {
		e.known, e.next = true, seq
	}
	if len(data) > 0 {
		n.segment(c, end, seq, data)
	}
	if flags&tcpFin != 0 && int32(seq+uint32(len(data))-e.next) <= 0 {
		e.fin = true
	}
	if flags&tcpRst != 0 || c.ends[0].fin && c.ends[1].fin {
		n.finish(c)
	}
}

func (n *network) open(key flow) *conn {
	c := &conn{key: key, index: n.count, client: -1}
	n.count++
	n.conns[key] = c
	n.oldest = append(n.oldest, c)
	for len(n.conns) > n.r.o.MaxStreams {
		old := n.oldest[0]
		n.oldest = n.oldest[1:]
		if n.conns[old.key] != old {
			continue
		}
		if !old.closed {
			if old.s != nil && old.s.open() {
				old.s.lost(Buffered)
			}
			n.finish(old)
		}
		delete(n.conns, old.key)
	}
	return c
}

// segment puts data where it belongs in its direction.
func (n *network) segment(c *conn, end int, seq uint32, data []byte) {
	e := &c.ends[end]
	if early := int32(seq - e.next); early > 0 {
		n.keepLate(c, e, seq, data)
		if e.wait > maxLate {
			n.skip(c, end)
		}
		return
	} else if early < 0 { // again
		if -int64(early) >= int64(len(data)) {
			return
		}
		data = data[-early:]
	}
	n.deliver(c, end, data, n.time)
	n.catchUp(c, end)
}

// keepLate stores a segment that comes too early.
func (n *network) keepLate(c *conn, e *endpoint, seq uint32, data []byte) {
	i := len(e.late)
	for i > 0 && int32(e.late[i-1].seq-seq) > 0 {
		i--
	}
	if i > 0 && e.late[i-1].seq == seq && len(e.late[i-1].data) >= len(data) {
		return
	}
	if !n.reserve(c, len(data)) {
		return
	}
	e.late = append(e.late, segment{})
	copy(e.late[i+1:], e.late[i:])
	e.late[i] = segment{seq, append([]byte(nil), data...), n.time}
	e.wait += len(data)
}

// catchUp delivers what waited for a piece that came.
func (n *network) catchUp(c *conn, end int) {
	e := &c.ends[end]
	for len(e.late) > 0 && !c.dead {
		s := &e.late[0]
		ahead := int32(s.seq - e.next)
		if ahead > 0 {
			return
		}
		data := s.data
		e.wait -= len(data)
		n.buffered -= len(data)
		time := s.time
		e.late = e.late[1:]
		if -int64(ahead) < int64(len(data)) {
			n.deliver(c, end, data[-ahead:], time)
		}
	}
}

// skip gives up a missing piece.
func (n *network) skip(c *conn, end int) {
	e := &c.ends[end]
	if len(e.late) == 0 {
		return
	}
	if gap := int32(e.late[0].seq - e.next); gap > 0 {
		e.next = e.late[0].seq
		n.orient(c, end, nil)
		c.s.gap(n.side(c, end), int(gap))
	}
	n.catchUp(c, end)
}

// side turns an end into the side of a session: 0 the client.
func (n *network) side(c *conn, end int) int { return end ^ c.client }

// orient finds out who is the client, if the handshake is not there.
func (n *network) orient(c *conn, end int, data []byte) {
	if c.client < 0 {
		switch role(data) {
		case roleClient:
			c.client = end
		case roleServer:
			c.client = 1 - end
		default:
			// The lower port is the server's.
			c.client = 0
			if uint16of(c.key[16:], true) < uint16of(c.key[34:], true) {
				c.client = 1
			}
		}
	}
	if c.s == nil {
		c.closed = false // of ports that go on behind an end
		c.s = newSession(n, c.index, &c.exchanges, c.key.address(1-c.client))
	}
}

// deliver hands on bytes that are due.
func (n *network) deliver(c *conn, end int, data []byte, time int64) {
	c.ends[end].next += uint32(len(data))
	if c.dead {
		return
	}
	n.orient(c, end, data)
	before := c.s.waits()
	c.s.data(n.side(c, end), data, time)
	n.buffered += c.s.waits() - before
	if n.buffered > n.r.o.MaxBuffered {
		c.s.lost(Buffered)
		n.finish(c)
		c.dead = true
	}
}

// reserve counts bytes that are kept, and reports whether they may be.
func (n *network) reserve(c *conn, size int) bool {
	if n.buffered+size > n.r.o.MaxBuffered {
		n.orient(c, 0, nil)
		c.s.lost(Buffered)
		n.finish(c)
		c.dead = true
		return false
	}
	n.buffered += size
	return true
}

// finish ends a connection: what is missing stays missing.
func (n *network) finish(c *conn) {
	if c.closed {
		return
	}
	for {
		// The earlier hole first, so that requests come before their answers.
		end := -1
		for i := range c.ends {
			if l := c.ends[i].late; len(l) > 0 && (end < 0 || l[0].time < c.ends[end].late[0].time) {
				end = i
			}
		}
		if end < 0 || c.dead {
			break
		}
		n.skip(c, end)
	}
	c.closed = true
	for i := range c.ends {
		n.buffered -= c.ends[i].wait
		c.ends[i].late, c.ends[i].wait = nil, 0
	}
	if c.s != nil {
		before := c.s.waits()
		if t, ok := c.s.speaks.(*secure); ok && t.c.Waiting() && n.laterKeys {
			n.keyless = append(n.keyless, c.s)
		} else {
			c.s.end()
			n.buffered -= before
		}
		c.s = nil
	}
}

// end finishes all that is open.
func (n *network) end() {
	for _, c := range n.oldest {
		if n.conns[c.key] == c {
			n.finish(c)
		}
	}
	for _, s := range n.keyless {
		s.end()
	}
	if len(n.pieces) > 0 {
		n.once(Gap)
	}
	n.oldest, n.conns, n.keyless = nil, map[flow]*conn{}, nil
}
