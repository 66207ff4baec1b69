package capture

import "sealbook/wasm/capture/tls"

// secure is TLS on a session: what is said inside is a session of its own.
type secure struct {
	s     *session
	c     *tls.Conn
	inner *session
	began int64
	time  int64
	told  [2]bool // that a side cannot be read
	keys  int     // secrets that were there when it was tried last
}

func newSecure(s *session) *secure { return &secure{s: s, c: tls.New(&s.n.keys)} }

// maxKeyless is how much of one connection waits for a secret.
const maxKeyless = 16 << 20

func (c *secure) data(side int, p []byte, time int64) {
	if c.began == 0 {
		c.began = time
	}
	c.time = time
	c.c.Data(side, p, c.said)
	if n := c.s.n.keys.Len(); n != c.keys {
		c.keys = n
		c.c.Run(side, c.said)
	}
	if c.c.Waiting() && (!c.s.n.laterKeys || c.c.Waits() > maxKeyless) {
		c.c.End()
	}
	c.tell(side)
}

// said takes what a side says inside.
func (c *secure) said(side int, p []byte) {
	if c.inner == nil {
		server := c.s.server
		if len(c.c.Name) > 0 {
			server = c.c.Name
		}
		c.inner = newSession(c.s.n, c.s.index, c.s.exchanges, server)
	}
	c.inner.data(side, p, c.time)
}

// tell reports once for each side that it cannot be read.
func (c *secure) tell(first int) {
	for _, side := range [2]int{first, 1 - first} {
		why := OK
		switch c.c.Problem(side) {
		case tls.NoKey:
			why = NoKey
		case tls.Unsupported:
			why = UnsupportedTLS
		case tls.Broken:
			why = BrokenTLS
		}
		if side == 0 && c.c.Skipped && why == OK {
			why = NoKey
		}
		if why != OK {
			c.report(side, why)
		}
	}
}

func (c *secure) report(side int, why Reason) {
	if c.told[side] {
		return
	}
	c.told[side] = true
	if len(c.c.Name) > 0 {
		c.s.server = c.c.Name
	}
	c.s.problem(side, why, c.began)
}

func (c *secure) waits() int {
	n := c.c.Waits()
	if c.inner != nil {
		n += c.inner.waits()
	}
	return n
}

func (c *secure) gap(side, n int) {
	c.c.Gap(side)
	c.report(side, Gap)
	if c.inner != nil {
		c.inner.gap(side, n)
	}
}

func (c *secure) end() {
	c.c.Run(0, c.said)
	c.c.End()
	c.tell(0)
	if c.inner != nil {
		c.inner.end()
	}
}

func (c *secure) lost(why Reason) {
	if c.c.Waiting() {
		why = NoKey // more would not have helped
	}
	c.report(0, why)
	c.report(1, why)
	if c.inner != nil {
		c.inner.lost(why)
	}
	c.c = tls.New(&c.s.n.keys)
}
