// Package tls decrypts recorded connections of TLS 1.0 to 1.3 with the secrets of
// an NSS key log: records (RFC 8446, RFC 5246), key schedules, and the AEAD and
// CBC suites that browsers and phones agree on.
//
// It is for a recording on one's own device and nothing else. It checks that
// records are authentic, because that tells whether the secret is the right one,
// but takes no care of timing: the cipher's tables are looked up by secret bytes.
// There is no library for this; crypto/tls does not read recordings, and the
// standard ciphers would bring more than 100 KB of checks into auditor.wasm.
package tls

// A Problem says why a connection, or a side of it, cannot be read.
type Problem uint8

const (
	None        Problem = iota
	NoKey               // there is no secret for it, or its start is not there
	Unsupported         // a version or cipher suite that is not read here
	Broken              // it does not decrypt with the secret given
)

// A Conn is one connection. Sides are 0 for the client and 1 for the server.
type Conn struct {
	// Name is what the client asked for by SNI, in lower case; nil if it did not
	// or has not yet.
	Name []byte

	keys         *Keys
	sides        [2]side
	client       []byte // its random
	server       []byte
	version      int
	suite        *suite
	hello        bool // the server's was read
	encryptFirst bool // encrypt-then-MAC
	early        bool // the client may send early data

	// Skipped tells that early data of the client was passed over, for want of
	// its own secret.
	Skipped bool
}

type side struct {
	buf       []byte // records that were not read yet
	handshake []byte
	encrypted bool
	problem   Problem
	stuck     bool      // a whole record waits
	cipher    *cipher   // nil before the keys are known
	stage     int       // of TLS 1.3: which of secrets
	secrets   [3][]byte // early, handshake, application
	tried     bool      // a record was decrypted
}

// New returns a connection whose secrets are, or will be, in keys.
func New(keys *Keys) *Conn { return &Conn{keys: keys} }

// Waits returns how many bytes are kept.
func (c *Conn) Waits() int { return len(c.sides[0].buf) + len(c.sides[1].buf) }

// Problem tells what is wrong with a side.
func (c *Conn) Problem(side int) Problem { return c.sides[side].problem }

// Waiting reports whether there are records that wait for a secret.
func (c *Conn) Waiting() bool {
	for i := range c.sides {
		if s := &c.sides[i]; s.problem == None && s.stuck && c.hello {
			return true
		}
	}
	return false
}

// Data takes what a side sent next and calls out with what it said. It may also
// call out for the other side, whose records waited.
func (c *Conn) Data(side int, p []byte, out func(side int, plain []byte)) {
	s := &c.sides[side]
	if s.problem != None {
		return
	}
	s.buf = append(s.buf, p...)
	c.Run(side, out)
}

// Run reads what waits, beginning with a side.
func (c *Conn) Run(side int, out func(side int, plain []byte)) {
	for progress := true; progress; {
		progress = c.run(side, out)
		if c.run(1-side, out) {
			progress = true
		}
	}
}

// Gap says that bytes are missing: nothing behind them can be read.
func (c *Conn) Gap(side int) {
	c.sides[side].problem = Broken
	c.sides[side].buf = nil
}

// End says that nothing follows: what waits is not going to be read.
func (c *Conn) End() {
	for i := range c.sides {
		s := &c.sides[i]
		if len(s.buf) > 0 && s.problem == None {
			s.problem = NoKey
			if s.cipher != nil || !s.encrypted && !c.hello && i == 1 {
				s.problem = Broken // cut
			}
		}
		s.buf = nil
	}
}

// run reads the records of one side and reports whether there were any.
func (c *Conn) run(side int, out func(side int, plain []byte)) (progress bool) {
	s := &c.sides[side]
	at := 0
	for s.problem == None && len(s.buf)-at >= 5 {
		p := s.buf[at:]
		size := int(p[3])<<8 | int(p[4])
		if p[1] != 3 || p[0] < 20 || p[0] > 24 || size > 1<<14+2048 {
			s.problem = Broken
			break
		}
		if len(p) < 5+size {
			break
		}
		if s.stuck = !c.record(side, p[:5], p[5:5+size], out); s.stuck {
			break
		}
		at += 5 + size
		progress = true
	}
	if s.problem != None {
		s.buf = nil
	} else {
		if at > 0 { // or every packet would move all that waits
			s.buf = s.buf[:copy(s.buf, s.buf[at:])]
		}
	}
	return progress
}

const (
	changeCipherSpec = 20
	alert            = 21
	handshake        = 22
	application      = 23
)

// record reads one record and returns false if it has to wait.
func (c *Conn) record(side int, head, p []byte, out func(side int, plain []byte)) bool {
	s := &c.sides[side]
	kind := head[0]
	if c.version == 0x0304 || side == 0 && c.early && !c.hello {
		if kind == application && !s.encrypted {
			s.encrypted = true
		}
		if kind == changeCipherSpec || !s.encrypted && kind != application {
			if kind == handshake {
				c.handshake(side, p)
			}
			return true
		}
		if kind == alert { // in the clear
			return true
		}
		return c.record13(side, head, p, out)
	}
	if !s.encrypted {
		switch kind {
		case handshake:
			c.handshake(side, p)
		case changeCipherSpec:
			s.encrypted, s.cipher = true, nil
		case application:
			if side == 0 && len(c.client) > 0 && !c.hello {
				return false // the server's hello tells how
			}
			s.problem = NoKey // the start is not there
		}
		return true
	}
	if s.cipher == nil && !c.derive(side) {
		return s.problem != None
	}
	if kind == changeCipherSpec {
		s.cipher = nil // after a second handshake
		return true
	}
	plain, ok := s.cipher.open(head, p)
	if !ok {
		s.problem = Broken
		return true
	}
	switch kind {
	case handshake:
		c.handshake(side, plain)
	case application:
		if len(plain) > 0 {
			out(side, plain)
		}
	}
	return true
}

// derive makes the keys of TLS 1.2 and before, if there is a secret.
func (c *Conn) derive(side int) bool {
	s := &c.sides[side]
	if !c.hello {
		return false
	}
	if c.suite == nil || c.suite.only13 || c.version < 0x0301 || c.version > 0x0303 {
		s.problem = Unsupported
		return false
	}
	master := c.keys.find("CLIENT_RANDOM", c.client)
	if len(master) != 48 {
		return false
	}
	block := prf(c.version, c.suite.hash, master, "key expansion", append(append([]byte{}, c.server...), c.client...), c.suite.block())
	s.cipher = newCipher(c.suite, c.version, block, side)
	s.cipher.encryptFirst = c.encryptFirst
	return true
}

// record13 reads an encrypted record of TLS 1.3.
func (c *Conn) record13(side int, head, p []byte, out func(side int, plain []byte)) bool {
	s := &c.sides[side]
	if !c.hello {
		return false
	}
	if c.suite == nil || !c.suite.only13 {
		s.problem = Unsupported
		return true
	}
	if s.cipher == nil && !c.secrets(side) {
		return false
	}
	plain, ok := s.cipher.open(head, p)
	for !ok && (s.cipher.seq == 0 || s.stage == 0) && s.stage < 2 { // that stage was not used, or its secret is not there
		if !c.advance(side) {
			break
		}
		plain, ok = s.cipher.open(head, p)
	}
	if !ok {
		if side == 0 && c.early && !s.tried && s.secrets[0] == nil {
			c.Skipped = true
			s.cipher = nil
			return true
		}
		s.problem = Broken
		return true
	}
	s.tried = true
	for len(plain) > 0 && plain[len(plain)-1] == 0 {
		plain = plain[:len(plain)-1]
	}
	if len(plain) == 0 {
		s.problem = Broken
		return true
	}
	kind, plain := plain[len(plain)-1], plain[:len(plain)-1]
	switch kind {
	case handshake:
		c.handshake(side, plain)
	case application:
		if len(plain) > 0 {
			out(side, plain)
		}
	}
	return true
}

var labels13 = [2][3]string{
	{"CLIENT_EARLY_TRAFFIC_SECRET", "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0"},
	{"", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "SERVER_TRAFFIC_SECRET_0"},
}

// secrets looks a side's secrets up and begins with the first there is.
func (c *Conn) secrets(side int) bool {
	s := &c.sides[side]
	for i, label := range labels13[side] {
		if label != "" {
			s.secrets[i] = c.keys.find(label, c.client)
		}
	}
	if s.secrets[2] == nil {
		return false // without the last nothing of interest can be read
	}
	s.stage = -1
	return c.advance(side)
}

// advance goes on to the next stage of which the secret is known.
func (c *Conn) advance(side int) bool {
	s := &c.sides[side]
	for s.stage < 2 {
		s.stage++
		if s.secrets[s.stage] != nil {
			s.cipher = newCipher13(c.suite, s.secrets[s.stage])
			return true
		}
	}
	return false
}

// maxHandshake bounds a handshake message: certificates are the largest.
const maxHandshake = 1 << 18

// handshake takes a piece of the handshake.
func (c *Conn) handshake(side int, p []byte) {
	s := &c.sides[side]
	s.handshake = append(s.handshake, p...)
	for len(s.handshake) >= 4 {
		h := s.handshake
		size := int(h[1])<<16 | int(h[2])<<8 | int(h[3])
		if size > maxHandshake {
			s.handshake = nil // encrypted, or none
			return
		}
		if len(h) < 4+size {
			return
		}
		kind, body := h[0], h[4:4+size]
		switch {
		case kind == 1 && side == 0:
			c.clientHello(body)
		case kind == 2 && side == 1:
			c.serverHello(body)
		case kind == 5 && side == 0 && s.cipher != nil && s.stage == 0: // end of early data
			c.advance(side)
		case kind == 20 && c.version == 0x0304 && s.stage < 2 && s.cipher != nil: // finished
			s.stage = 1
			c.advance(side)
		case kind == 24 && c.version == 0x0304 && s.cipher != nil: // key update
			s.secrets[2] = expandLabel(c.suite.hash, s.secrets[2], "traffic upd", c.suite.hash.Size())
			s.cipher = newCipher13(c.suite, s.secrets[2])
		}
		s.handshake = h[4+size:]
	}
	if len(s.handshake) == 0 {
		s.handshake = nil
	}
}
