package digest

import "math/bits"

// SHA-224 and SHA-256, FIPS 180-4 sections 4.1.2, 5.3.2, 5.3.3 and 6.2.
//
// Their constants are halves of those of SHA-384 and SHA-512, which are roots
// of the same primes to more bits: the upper halves of [k512] and of [iv512],
// and for the start of SHA-224 the lower halves of [iv384]. Sharing them keeps
// bytes that no compressor can shrink out of core.wasm once more.

// round256 is one round; it answers the new values of the fourth and the
// eighth variable, and the caller renames instead of moving the other six.
//
// FIPS 180-4 takes the exclusive or of three rotations; rotating what is
// already combined is the same with one copy less each time, which V8 shows.
//
//go:inline
func round256(a, b, c, d, e, f, g, h, kw uint32) (uint32, uint32) {
	h += kw + (g ^ e&(f^g)) +
		bits.RotateLeft32(bits.RotateLeft32(bits.RotateLeft32(e, -14)^e, -5)^e, -6) // 6, 11, 25
	// b ^ (a^b)&(b^c) is the majority, and a^b is the next round's b^c.
	return d + h, h + (b ^ (a^b)&(b^c)) +
		bits.RotateLeft32(bits.RotateLeft32(bits.RotateLeft32(a, -9)^a, -11)^a, -2) // 2, 13, 22
}

//go:inline
func sched256a(x uint32) uint32 {
	return bits.RotateLeft32(bits.RotateLeft32(x, -11)^x, -7) ^ x>>3 // 7, 18
}

//go:inline
func sched256b(x uint32) uint32 {
	return bits.RotateLeft32(bits.RotateLeft32(x, -2)^x, -17) ^ x>>10 // 17, 19
}

// block256 mixes one block of 16 words into the state. The message schedule
// stays in variables: 16 rounds on the message, 16 on new words three times.
func block256(s *[8]uint32, m *[16]uint32) {
	a, b, c, d, e, f, g, h := s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]
	w0, w1, w2, w3, w4, w5, w6, w7 := m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7]
	w8, w9, w10, w11, w12, w13, w14, w15 := m[8], m[9], m[10], m[11], m[12], m[13], m[14], m[15]
	k := &k512[0]
	d, h = round256(a, b, c, d, e, f, g, h, uint32(k[0]>>32)+w0)
	c, g = round256(h, a, b, c, d, e, f, g, uint32(k[1]>>32)+w1)
	b, f = round256(g, h, a, b, c, d, e, f, uint32(k[2]>>32)+w2)
	a, e = round256(f, g, h, a, b, c, d, e, uint32(k[3]>>32)+w3)
	h, d = round256(e, f, g, h, a, b, c, d, uint32(k[4]>>32)+w4)
	g, c = round256(d, e, f, g, h, a, b, c, uint32(k[5]>>32)+w5)
	f, b = round256(c, d, e, f, g, h, a, b, uint32(k[6]>>32)+w6)
	e, a = round256(b, c, d, e, f, g, h, a, uint32(k[7]>>32)+w7)
	d, h = round256(a, b, c, d, e, f, g, h, uint32(k[8]>>32)+w8)
	c, g = round256(h, a, b, c, d, e, f, g, uint32(k[9]>>32)+w9)
	b, f = round256(g, h, a, b, c, d, e, f, uint32(k[10]>>32)+w10)
	a, e = round256(f, g, h, a, b, c, d, e, uint32(k[11]>>32)+w11)
	h, d = round256(e, f, g, h, a, b, c, d, uint32(k[12]>>32)+w12)
	g, c = round256(d, e, f, g, h, a, b, c, uint32(k[13]>>32)+w13)
	f, b = round256(c, d, e, f, g, h, a, b, uint32(k[14]>>32)+w14)
	e, a = round256(b, c, d, e, f, g, h, a, uint32(k[15]>>32)+w15)
	for i := 1; i < 4; i++ {
		k := &k512[i]
		w0 += sched256a(w1) + w9 + sched256b(w14)
		d, h = round256(a, b, c, d, e, f, g, h, uint32(k[0]>>32)+w0)
		w1 += sched256a(w2) + w10 + sched256b(w15)
		c, g = round256(h, a, b, c, d, e, f, g, uint32(k[1]>>32)+w1)
		w2 += sched256a(w3) + w11 + sched256b(w0)
		b, f = round256(g, h, a, b, c, d, e, f, uint32(k[2]>>32)+w2)
		w3 += sched256a(w4) + w12 + sched256b(w1)
		a, e = round256(f, g, h, a, b, c, d, e, uint32(k[3]>>32)+w3)
		w4 += sched256a(w5) + w13 + sched256b(w2)
		h, d = round256(e, f, g, h, a, b, c, d, uint32(k[4]>>32)+w4)
		w5 += sched256a(w6) + w14 + sched256b(w3)
		g, c = round256(d, e, f, g, h, a, b, c, uint32(k[5]>>32)+w5)
		w6 += sched256a(w7) + w15 + sched256b(w4)
		f, b = round256(c, d, e, f, g, h, a, b, uint32(k[6]>>32)+w6)
		w7 += sched256a(w8) + w0 + sched256b(w5)
		e, a = round256(b, c, d, e, f, g, h, a, uint32(k[7]>>32)+w7)
		w8 += sched256a(w9) + w1 + sched256b(w6)
		d, h = round256(a, b, c, d, e, f, g, h, uint32(k[8]>>32)+w8)
		w9 += sched256a(w10) + w2 + sched256b(w7)
		c, g = round256(h, a, b, c, d, e, f, g, uint32(k[9]>>32)+w9)
		w10 += sched256a(w11) + w3 + sched256b(w8)
		b, f = round256(g, h, a, b, c, d, e, f, uint32(k[10]>>32)+w10)
		w11 += sched256a(w12) + w4 + sched256b(w9)
		a, e = round256(f, g, h, a, b, c, d, e, uint32(k[11]>>32)+w11)
		w12 += sched256a(w13) + w5 + sched256b(w10)
		h, d = round256(e, f, g, h, a, b, c, d, uint32(k[12]>>32)+w12)
		w13 += sched256a(w14) + w6 + sched256b(w11)
		g, c = round256(d, e, f, g, h, a, b, c, uint32(k[13]>>32)+w13)
		w14 += sched256a(w15) + w7 + sched256b(w12)
		f, b = round256(c, d, e, f, g, h, a, b, uint32(k[14]>>32)+w14)
		w15 += sched256a(w0) + w8 + sched256b(w13)
		e, a = round256(b, c, d, e, f, g, h, a, uint32(k[15]>>32)+w15)
	}
	s[0] += a
	s[1] += b
	s[2] += c
	s[3] += d
	s[4] += e
	s[5] += f
	s[6] += g
	s[7] += h
}
