package digest

import "math/bits"

// Bytes to words and back. Each function makes one load or store in WebAssembly:
// LLVM joins bytes in the machine's order only, so the other order is turned.

func get32LE(p *[4]byte) uint32 {
	return uint32(p[0]) | uint32(p[1])<<8 | uint32(p[2])<<16 | uint32(p[3])<<24
}

func get32(p *[4]byte) uint32 { return bits.ReverseBytes32(get32LE(p)) }

func get64(p *[8]byte) uint64 {
	return uint64(get32((*[4]byte)(p[:4])))<<32 | uint64(get32((*[4]byte)(p[4:])))
}

func put32LE(p *[4]byte, x uint32) {
	p[0], p[1], p[2], p[3] = byte(x), byte(x>>8), byte(x>>16), byte(x>>24)
}

func put32(p *[4]byte, x uint32) { put32LE(p, bits.ReverseBytes32(x)) }

// tail32 puts the last bytes of a message, fewer than a block, and the
// padding's first bit into words that are zero.
func tail32(m *[16]uint32, p []byte) {
	i := 0
	for len(p) >= 4 {
		m[i&15] = get32((*[4]byte)(p))
		p = p[4:]
		i++
	}
	x := uint32(0)
	for _, c := range p {
		x = x<<8 | uint32(c)
	}
	m[i&15] = (x<<8 | 0x80) << (8 * (3 - uint(len(p))&3))
}

func tail32LE(m *[16]uint32, p []byte) {
	i := 0
	for len(p) >= 4 {
		m[i&15] = get32LE((*[4]byte)(p))
		p = p[4:]
		i++
	}
	x := uint32(0x80) << (8 * (uint(len(p)) & 3))
	for j, c := range p {
		x |= uint32(c) << (8 * (uint(j) & 3))
	}
	m[i&15] = x
}

func tail64(m *[16]uint64, p []byte) {
	i := 0
	for len(p) >= 8 {
		m[i&15] = get64((*[8]byte)(p))
		p = p[8:]
		i++
	}
	x := uint64(0)
	for _, c := range p {
		x = x<<8 | uint64(c)
	}
	m[i&15] = (x<<8 | 0x80) << (8 * (7 - uint(len(p))&7))
}
