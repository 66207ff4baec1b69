package capture

// A builder puts a message together. It is used again for each.
type builder struct {
	m Message
	a arena
}

func (b *builder) reset() {
	b.a.reset()
	b.m = Message{Header: b.m.Header[:0], Parts: b.m.Parts[:0], Problems: b.m.Problems[:0]}
}

func (b *builder) problem(why Reason) {
	for _, p := range b.m.Problems {
		if p.Reason == why {
			return
		}
	}
	b.m.Problems = append(b.m.Problems, Problem{Reason: why})
}

// An arena holds the bytes of one message.
type arena struct{ block []byte }

// reset frees all at once.
func (a *arena) reset() {
	if cap(a.block) > 4<<20 {
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
