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

	queue  []record // what came while a secret was missing
	queued int      // bytes of queue
}

// record is what came of a side at once.
type record struct {
	side int
	data []byte
	time int64
}

func newSecure(s *session) *secure { return &secure{s: s, c: tls.New(&s.n.keys)} }

// maxKeyless is how much of one connection waits for a secret.
const maxKeyless = 16 << 20

func (c *secure) data(side int, p []byte, time int64) {
	if c.began == 0 {
		c.began = time
	}
	if c.c.Waiting() {
		c.queue = append(c.queue, record{side, append([]byte(nil), p...), time})
		c.queued += len(p)
		c.replay()
	} else {
		c.time = time
		c.c.Data(side, p, c.inside)
	}
	if c.c.Waiting() && (!c.s.n.laterKeys || c.queued > maxKeyless) {
		c.stop()
	}
	c.tell(side)
}

// replay goes on where a secret was missing, if there are more by now.
func (c *secure) replay() {
	if n := c.s.n.keys.Len(); n == c.keys {
		return
	} else {
		c.keys = n
	}
	c.c.Run(0, c.inside)
	for len(c.queue) > 0 && !c.c.Waiting() {
		q := c.queue[0]
		c.queue = c.queue[1:]
		c.queued -= len(q.data)
		c.time = q.time
		c.c.Data(q.side, q.data, c.inside)
	}
}

// stop gives up what waits.
func (c *secure) stop() {
	c.c.End()
	c.queue, c.queued = nil, 0
}

// inside takes what a side says inside.
func (c *secure) inside(side int, p []byte) {
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
	n := c.c.Waits() + c.queued
	if c.inner != nil {
		n += c.inner.waits()
	}
	return n
}

func (c *secure) gap(side, n int) {
	c.replay()
	c.c.Gap(side)
	c.report(side, Gap)
	if c.inner != nil {
		c.inner.gap(side, n)
	}
}

func (c *secure) end() {
	c.replay()
	c.stop()
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
	c.queue, c.queued = nil, 0
}
