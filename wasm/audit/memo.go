package audit

import "math/bits"

// A memo knows parts that held nothing, by a keyed hash (SipHash-1-3) of their
// bytes: captures repeat headers, cookies and bodies. Whoever writes the capture
// does not know the key, so that no part can be made to look like another.
type memo struct {
	slot [][2]uint64
	n    int
}

const memoSlots = 1 << 15

// hash returns 128 bits, of which some must not be zero.
func (m *memo) hash(key [2]uint64, p []byte, extra uint64) [2]uint64 {
	a, b := key[0]^0x736f6d6570736575, key[1]^0x646f72616e646f6d^0xee
	c, d := key[0]^0x6c7967656e657261, key[1]^0x7465646279746573
	round := func() {
		a += b
		b = bits.RotateLeft64(b, 13) ^ a
		a = bits.RotateLeft64(a, 32)
		c += d
		d = bits.RotateLeft64(d, 16) ^ c
		a += d
		d = bits.RotateLeft64(d, 21) ^ a
		c += b
		b = bits.RotateLeft64(b, 17) ^ c
		c = bits.RotateLeft64(c, 32)
	}
	n := uint64(len(p))
	for len(p) >= 8 {
		x := uint64(p[0]) | uint64(p[1])<<8 | uint64(p[2])<<16 | uint64(p[3])<<24 | uint64(p[4])<<32 | uint64(p[5])<<40 | uint64(p[6])<<48 | uint64(p[7])<<56
		d ^= x
		round()
		a ^= x
		p = p[8:]
	}
	x := n << 56
	for i, c := range p {
		x |= uint64(c) << (8 * i)
	}
	for _, x := range [2]uint64{x, extra} {
		d ^= x
		round()
		a ^= x
	}
	c ^= 0xee
	round()
	round()
	round()
	first := a ^ b ^ c ^ d
	b ^= 0xdd
	round()
	round()
	round()
	return [2]uint64{first | 1, a ^ b ^ c ^ d}
}

// has reports whether a part is known.
func (m *memo) has(h [2]uint64) bool {
	if m.slot == nil {
		return false
	}
	for at := h[0] >> 1 % memoSlots; m.slot[at][0] != 0; at = (at + 1) % memoSlots {
		if m.slot[at] == h {
			return true
		}
	}
	return false
}

// add remembers a part; when there are too many, all are forgotten.
func (m *memo) add(h [2]uint64) {
	if m.slot == nil {
		m.slot = make([][2]uint64, memoSlots)
	}
	if m.n > memoSlots/2 {
		m.forget()
	}
	at := h[0] >> 1 % memoSlots
	for m.slot[at][0] != 0 {
		at = (at + 1) % memoSlots
	}
	m.slot[at] = h
	m.n++
}

// forget drops all and keeps the room.
func (m *memo) forget() {
	if m.n > 0 {
		clear(m.slot)
	}
	m.n = 0
}
