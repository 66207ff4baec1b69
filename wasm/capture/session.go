package capture

// A session is what two sides say to each other in order, 0 the client and 1 the
// server: a TCP connection, or what is inside TLS or behind a CONNECT. It finds
// out which protocol they speak.
type session struct {
	n         *network
	index     int
	exchanges *int   // of the TCP connection so far
	server    []byte // address, or name where it is known

	speaks   speaker
	pending  [2][]byte // before the protocol is known
	start    [2]int64  // when pending began
	gapped   [2]bool
	pendings int
}

// A speaker knows a protocol.
type speaker interface {
	data(side int, p []byte, time int64)
	gap(side, n int) // n bytes are missing here
	end()
	lost(why Reason) // nothing more will be kept
	waits() int      // bytes that it keeps
}

func newSession(n *network, index int, exchanges *int, server []byte) *session {
	return &session{n: n, index: index, exchanges: exchanges, server: server}
}

// waits is how many bytes the session keeps.
func (s *session) waits() int {
	if s.speaks != nil {
		return s.speaks.waits()
	}
	return s.pendings
}

// open reports whether something is still to come out.
func (s *session) open() bool { return s.speaks != nil || s.pendings > 0 }

func (s *session) data(side int, p []byte, time int64) {
	if s.speaks != nil {
		s.speaks.data(side, p, time)
		return
	}
	if len(s.pending[side]) == 0 {
		s.start[side] = time
	}
	s.pending[side] = append(s.pending[side], p...)
	s.pendings += len(p)
	s.decide(side, false)
}

func (s *session) gap(side, n int) {
	if s.speaks == nil && len(s.pending[side]) > 0 {
		s.decide(side, true)
	}
	if s.speaks == nil {
		s.gapped[side] = true
		return
	}
	s.speaks.gap(side, n)
}

func (s *session) end() {
	for side := range s.pending {
		if s.speaks == nil && len(s.pending[side]) > 0 {
			s.decide(side, true)
		}
	}
	if s.speaks != nil {
		s.speaks.end()
		return
	}
	for side, gapped := range s.gapped {
		if gapped {
			s.problem(side, Gap, s.n.time)
		}
	}
}

func (s *session) lost(why Reason) {
	if s.speaks == nil {
		s.decide(0, true)
	}
	if s.speaks != nil {
		s.speaks.lost(why)
		return
	}
	s.problem(0, why, s.n.time)
}

// problem gives a message that says nothing but what is wrong.
func (s *session) problem(side int, why Reason, time int64) {
	b := &s.n.r.b
	b.reset()
	b.m.Protocol, b.m.Index, b.m.InStream, b.m.Direction, b.m.Time = TCP, s.index, *s.exchanges, Direction(side), time
	b.m.Host = s.server
	b.problem(why)
	s.n.r.found(&b.m)
}

// decide chooses the protocol by what one side said first. With must there is
// no waiting for more.
func (s *session) decide(side int, must bool) {
	p := s.pending[side]
	switch {
	case hasPrefix(p, preface):
		s.speaks = newHTTP2(s)
	case looksTLS(p):
		s.speaks = newSecure(s)
	case side == 0 && startsRequest(p) || side == 1 && startsResponse(p):
		s.speaks = newHTTP1(s)
	case side == 1 && startsFrames(p):
		s.speaks = newHTTP2(s) // of a connection whose start is not there
	case !must && len(p) < 24 && couldBe(p):
		return
	default:
		s.speaks = newUnnamed(s)
	}
	for side, gapped := range s.gapped {
		if gapped {
			s.speaks.gap(side, 1)
		}
	}
	first := 0
	if len(s.pending[0]) == 0 || len(s.pending[1]) > 0 && s.start[1] < s.start[0] {
		first = 1
	}
	for _, side := range [2]int{first, 1 - first} {
		if p := s.pending[side]; len(p) > 0 {
			s.pending[side] = nil
			s.speaks.data(side, p, s.start[side])
		}
	}
	s.pendings = 0
}

const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

type speakerRole int

const (
	roleUnknown speakerRole = iota
	roleClient
	roleServer
)

// role tells by what somebody says first which side that is.
func role(p []byte) speakerRole {
	switch {
	case startsRequest(p), hasPrefix(p, "PRI * HTTP/2"), len(p) > 5 && looksTLS(p) && p[0] == 22 && p[5] == 1:
		return roleClient
	case startsResponse(p), len(p) > 5 && looksTLS(p) && p[0] == 22 && p[5] == 2, hasPrefix(p, "220 "), hasPrefix(p, "SSH-"):
		return roleServer
	}
	return roleUnknown
}

// startsRequest reports whether p begins like an HTTP/1 request: a method, and a
// target behind it.
func startsRequest(p []byte) bool {
	n := 0
	for n < len(p) && n < 20 && ('A' <= p[n] && p[n] <= 'Z' || p[n] == '-' || p[n] == '_') {
		n++
	}
	if n < 3 || n+1 >= len(p) || p[n] != ' ' {
		return false
	}
	switch c := p[n+1]; {
	case c == '/', c == '*' && n+2 < len(p) && p[n+2] == ' ' && !hasPrefix(p, "PRI "):
		return true
	case string(p[:n]) == "CONNECT":
		return true
	}
	return startsFold(p[n+1:], "http://") || startsFold(p[n+1:], "https://") || startsFold(p[n+1:], "ws://") || startsFold(p[n+1:], "wss://")
}

func startsResponse(p []byte) bool {
	return len(p) >= 9 && hasPrefix(p, "HTTP/") && (p[5] == '1' || p[5] == '2') && indexByte(p[:9], ' ') > 5 || hasPrefix(p, "ICY ")
}

// startsFrames reports whether p begins with the SETTINGS of an HTTP/2 server.
func startsFrames(p []byte) bool {
	return len(p) >= 9 && p[0] == 0 && p[1] == 0 && p[2]%6 == 0 && p[3] == 4 && p[4] <= 1 && p[5]|p[6]|p[7]|p[8] == 0
}

// looksTLS reports whether p begins with a record of TLS.
func looksTLS(p []byte) bool {
	return len(p) >= 5 && p[0] >= 20 && p[0] <= 23 && p[1] == 3 && p[2] <= 4 && int(p[3])<<8|int(p[4]) <= 1<<14+2048
}

// couldBe reports whether more bytes could make p one of the above.
func couldBe(p []byte) bool {
	if len(p) < 9 {
		return true
	}
	letters := 0
	for letters < len(p) && 'A' <= p[letters] && p[letters] <= 'Z' {
		letters++
	}
	return hasPrefix([]byte(preface), string(p)) || letters >= 3 && (letters == len(p) || p[letters] == ' ')
}

// unnamed is a protocol that is not known here: what each side says is one body.
type unnamed struct {
	s     *session
	sent  [2][]byte
	time  [2]int64
	why   [2]Reason
	turn  int
	began bool
}

func newUnnamed(s *session) *unnamed { return &unnamed{s: s} }

func (c *unnamed) data(side int, p []byte, time int64) {
	if looksTLS(p) && len(p) > 5 && p[0] == 22 && p[5] == 1 && side == 0 {
		// STARTTLS and the like: from here on it is another protocol.
		c.end()
		c.s.speaks = newSecure(c.s)
		c.s.speaks.data(side, p, time)
		return
	}
	if len(c.sent[side]) == 0 {
		c.time[side] = time
		if !c.began {
			c.began, c.turn = true, side
		}
	}
	if room := c.s.n.r.o.MaxBody - len(c.sent[side]); len(p) > room {
		p = p[:room]
		c.why[side] = TooLarge
	}
	c.sent[side] = append(c.sent[side], p...)
}

func (c *unnamed) gap(side, _ int) {
	if c.why[side] == OK {
		c.why[side] = Gap
	}
}

func (c *unnamed) lost(why Reason) {
	c.why = [2]Reason{why, why}
	c.end()
}

func (c *unnamed) waits() int { return len(c.sent[0]) + len(c.sent[1]) }

func (c *unnamed) end() {
	s := c.s
	b := &s.n.r.b
	told := false
	for _, side := range [2]int{c.turn, 1 - c.turn} {
		if len(c.sent[side]) == 0 && c.why[side] == OK {
			continue
		}
		b.reset()
		b.m.Protocol, b.m.Index, b.m.InStream = TCP, s.index, *s.exchanges
		b.m.Direction, b.m.Time, b.m.Host = Direction(side), c.time[side], s.server
		if len(c.sent[side]) > 0 {
			b.part(Part{Place: Body, Bytes: c.sent[side]})
		}
		b.problem(c.why[side])
		if hasPrefix(c.sent[side], "SSH-") || looksRandom(c.sent[side]) {
			b.problem(Encrypted)
		}
		s.n.r.found(&b.m)
		told = true
	}
	if told {
		*s.exchanges++
	}
	c.sent, c.why = [2][]byte{}, [2]Reason{}
}

// looksRandom reports whether the bytes of p are spread so evenly that they are
// encrypted or packed: a chi-square test over the first 4,096 (for random bytes
// it gives 255 ± 23, for text and records thousands).
func looksRandom(p []byte) bool {
	p = p[:min(len(p), 4096)]
	if len(p) < 512 {
		return false
	}
	var count [256]int
	for _, c := range p {
		count[c]++
	}
	sum := 0
	for _, n := range count {
		sum += n * n
	}
	return 256*sum/len(p)-len(p) < 400
}

// udpFlow is a pair of ends that send datagrams.
type udpFlow struct {
	index, count int
	quic         bool
	sample       []byte
	random       bool
}

// maxFlows bounds the flows of datagrams that are told apart.
const maxFlows = 1 << 16

// udp takes a datagram.
func (n *network) udp(key *flow, p []byte) {
	if len(p) < 8 {
		return
	}
	copy(key[16:18], p[:2])
	copy(key[34:36], p[2:4])
	data := p[8:]
	if size := uint16of(p[4:], true); size >= 8 && size-8 < len(data) {
		data = data[:size-8]
	} else if size-8 > len(data) {
		n.once(PacketTruncated)
	}
	direction := Request
	f := n.datagram[*key]
	if f == nil {
		if f = n.datagram[key.swap()]; f != nil {
			direction = Response
		}
	}
	if f == nil {
		if len(n.datagram) >= maxFlows {
			n.once(Buffered)
			return
		}
		f = &udpFlow{index: n.udps}
		n.udps++
		n.datagram[*key] = f
	}
	if len(data) == 0 || f.quic {
		return
	}
	server := key.address(1)
	if direction == Response {
		server = key.address(0)
	}
	b := &n.r.b
	b.reset()
	b.m.Protocol, b.m.Index, b.m.InStream, b.m.Direction, b.m.Time, b.m.Host = UDP, f.index, f.count, direction, n.time, server
	f.count++
	ports := [2]int{uint16of(key[16:], true), uint16of(key[34:], true)}
	switch {
	case isQUIC(data):
		f.quic = true
		b.problem(QUIC)
	case isDTLS(data):
		f.quic = true
		b.problem(NoKey)
	case ports[0] == 53 || ports[1] == 53 || ports[0] == 5353 || ports[0] == 5355 || ports[1] == 5355:
		b.m.Protocol = DNS
		b.dns(data)
	default:
		if !f.random && len(f.sample) < 4096 {
			f.sample = append(f.sample, data[:min(len(data), 4096-len(f.sample))]...)
			if f.random = looksRandom(f.sample); f.random {
				b.problem(Encrypted)
			}
		}
		b.part(Part{Place: Body, Bytes: data})
	}
	n.r.found(&b.m)
}

// isQUIC reports whether a datagram begins with a long header of a version that
// is in use: 1, 2, drafts, and Google's.
func isQUIC(p []byte) bool {
	if len(p) < 20 || p[0]&0xc0 != 0xc0 {
		return false
	}
	v := uint32of(p[1:], true)
	return v == 1 || v == 0x6b3343cf || v>>8 == 0xff0000 || v>>24 == 'Q' || v>>24 == 'T'
}

// isDTLS reports whether a datagram is a record of DTLS 1.0 or 1.2.
func isDTLS(p []byte) bool {
	return len(p) >= 13 && p[0] >= 20 && p[0] <= 23 && p[1] == 0xfe && (p[2] == 0xff || p[2] == 0xfd)
}

// dns adds the names of a DNS message (RFC 1035), a line each, and the message
// as it is, whose records can hold text.
func (b *builder) dns(p []byte) {
	var names []byte
	if len(p) >= 12 {
		at := 12
		for range min(uint16of(p[4:], true), 64) {
			for at < len(p) && p[at] > 0 && p[at] < 64 && at+1+int(p[at]) <= len(p) {
				names = append(names, p[at+1:at+1+int(p[at])]...)
				names = append(names, '.')
				at += 1 + int(p[at])
			}
			names = append(names, '\n')
			at += 5
		}
	}
	if len(names) > 0 {
		b.part(Part{Place: Body, Bytes: names, Chain: []string{"dns"}})
	}
	b.part(Part{Place: Body, Bytes: p})
}
