package digest

import "math/bits"

// Here and in package recipe, go:noinline keeps LLVM from copying a function to
// each place that calls it: nine kilobytes of core.wasm, and no time that shows.

// Bytes to words and back, at place i of p. Each function makes one check and
// one load or store in WebAssembly: LLVM joins bytes in the machine's order
// only, so the other order is turned. They slice and don't make array pointers:
// that would check for nil, and for TinyGo a pointer compared with nil escapes.

//
//go:inline
func get32LE(p []byte, i int) uint32 {
	b := p[i : i+4 : i+4]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

//go:inline
func get32(p []byte, i int) uint32 { return bits.ReverseBytes32(get32LE(p, i)) }

//go:inline
func get64(p []byte, i int) uint64 {
	return uint64(get32(p, i))<<32 | uint64(get32(p, i+4))
}

//go:inline
func put32LE(out *[MaxSize]byte, i int, x uint32) {
	b := out[i : i+4 : i+4]
	b[0], b[1], b[2], b[3] = byte(x), byte(x>>8), byte(x>>16), byte(x>>24)
}

//go:inline
func put32(out *[MaxSize]byte, i int, x uint32) { put32LE(out, i, bits.ReverseBytes32(x)) }

// tail32 puts the last bytes of a message, fewer than a block, and the
// padding's first bit into words that are zero.
//
//go:noinline
func tail32(m *[16]uint32, p []byte) {
	i := 0
	for ; i+4 <= len(p); i += 4 {
		m[i>>2&15] = get32(p, i)
	}
	x := uint32(0)
	for _, c := range p[i:] {
		x = x<<8 | uint32(c)
	}
	m[i>>2&15] = (x<<8 | 0x80) << (8 * (3 - uint(len(p))&3))
}

//go:noinline
func tail32LE(m *[16]uint32, p []byte) {
	i := 0
	for ; i+4 <= len(p); i += 4 {
		m[i>>2&15] = get32LE(p, i)
	}
	x := uint32(0x80) << (8 * (uint(len(p)) & 3))
	for j, c := range p[i:] {
		x |= uint32(c) << (8 * (uint(j) & 3))
	}
	m[i>>2&15] = x
}

//go:noinline
func tail64(m *[16]uint64, p []byte) {
	i := 0
	for ; i+8 <= len(p); i += 8 {
		m[i>>3&15] = get64(p, i)
	}
	x := uint64(0)
	for _, c := range p[i:] {
		x = x<<8 | uint64(c)
	}
	m[i>>3&15] = (x<<8 | 0x80) << (8 * (7 - uint(len(p))&7))
}
