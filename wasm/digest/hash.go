package digest

// A Hash takes a message in parts. Make one with [New]; the zero Hash digests
// to nothing. A copy goes on from where the original stood.
type Hash struct {
	s64  [8]uint64 // state of SHA-384 and SHA-512
	n    uint64    // bytes written; the standards end at 2^61, or 2^125
	s32  [8]uint32 // state of the others
	buf  [MaxBlock]byte
	used uint8 // bytes waiting in buf, less than a block
	alg  Algorithm
}

// New returns a Hash at the start of a message.
func New(a Algorithm) Hash {
	h := Hash{alg: a}
	if a >= SHA384 {
		h.s64 = start64(a)
	} else {
		h.s32 = start32(a)
	}
	return h
}

// Write adds p to the message.
//
//go:noinline
func (h *Hash) Write(p []byte) {
	h.n += uint64(len(p))
	size := h.alg.BlockSize()
	if h.used > 0 {
		p = p[h.fill(p):]
		if int(h.used) < size {
			return
		}
		h.block(h.buf[:])
		h.used = 0
	}
	for len(p) >= size {
		h.block(p)
		p = p[size:]
	}
	h.fill(p)
}

// WriteString adds s to the message.
func (h *Hash) WriteString(s string) {
	for len(s) > 0 {
		var part [64]byte
		n := copy(part[:], s)
		h.Write(part[:n])
		s = s[n:]
	}
}

// Sum writes the digest of the message so far to the front of out and answers
// its size. The Hash stays as it is: more may be written.
func (h *Hash) Sum(out *[MaxSize]byte) int {
	end := *h
	return end.finish(out)
}

// fill copies from p what still fits into buf and answers how much.
func (h *Hash) fill(p []byte) int {
	n := copy(h.buf[h.used:h.alg.BlockSize()], p)
	h.used += uint8(n)
	return n
}

// block mixes in the block at the front of p.
func (h *Hash) block(p []byte) {
	if h.alg >= SHA384 {
		var m [16]uint64
		b := p[:128]
		for i := range m {
			m[i] = get64(b, 8*i)
		}
		block512(&h.s64, &m)
		return
	}
	var m [16]uint32
	b := p[:64]
	if h.alg == MD5 {
		for i := range m {
			m[i] = get32LE(b, 4*i)
		}
	} else {
		for i := range m {
			m[i] = get32(b, 4*i)
		}
	}
	block32(h.alg, &h.s32, &m)
}

// finish pads (FIPS 180-4 section 5.1, RFC 1321 section 3.1 and 3.2) and
// writes the digest; the Hash is spent.
//
//go:noinline
func (h *Hash) finish(out *[MaxSize]byte) int {
	if h.alg.Size() == 0 {
		return 0
	}
	rest := h.buf[:h.used]
	if h.alg >= SHA384 {
		if h.used >= 112 {
			var m [16]uint64
			tail64(&m, rest)
			block512(&h.s64, &m)
			m = [16]uint64{}
			m[14], m[15] = h.n>>61, h.n<<3
			block512(&h.s64, &m)
		} else {
			last64(&h.s64, rest, h.n-uint64(h.used))
		}
		return finish64(h.alg, out, &h.s64)
	}
	if h.used >= 56 {
		var m [16]uint32
		length := h.n << 3
		if h.alg == MD5 {
			tail32LE(&m, rest)
			block32(h.alg, &h.s32, &m)
			m = [16]uint32{}
			m[14], m[15] = uint32(length), uint32(length>>32)
		} else {
			tail32(&m, rest)
			block32(h.alg, &h.s32, &m)
			m = [16]uint32{}
			m[14], m[15] = uint32(length>>32), uint32(length)
		}
		block32(h.alg, &h.s32, &m)
	} else {
		last32(h.alg, &h.s32, rest, h.n-uint64(h.used))
	}
	return finish32(h.alg, out, &h.s32)
}
