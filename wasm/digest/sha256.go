package digest

import "math/bits"

// SHA-224 and SHA-256, FIPS 180-4 sections 4.1.2, 5.3.2, 5.3.3 and 6.2.

// The first 32 bits of the fractional parts of the cube roots of the first 64
// primes, in rows of the 16 rounds that block256 runs at a time.
var k256 = [4][16]uint32{
	{
		0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
		0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
		0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
		0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	},
	{
		0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
		0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
		0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
		0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	},
	{
		0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
		0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
		0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
		0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	},
	{
		0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
		0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
		0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
		0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
	},
}

// Square roots of the first 8 primes; for SHA-224 the second 32 bits of those
// of the 9th to 16th.
var (
	iv256 = [8]uint32{
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	}
	iv224 = [8]uint32{
		0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939,
		0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4,
	}
)

// round256 is one round; it answers the new values of the fourth and the
// eighth variable, and the caller renames instead of moving the other six.
func round256(a, b, c, d, e, f, g, h, kw uint32) (uint32, uint32) {
	h += kw + (g ^ e&(f^g)) +
		(bits.RotateLeft32(e, -6) ^ bits.RotateLeft32(e, -11) ^ bits.RotateLeft32(e, -25))
	// b ^ (a^b)&(b^c) is the majority, and a^b is the next round's b^c.
	return d + h, h + (b ^ (a^b)&(b^c)) +
		(bits.RotateLeft32(a, -2) ^ bits.RotateLeft32(a, -13) ^ bits.RotateLeft32(a, -22))
}

func sched256a(x uint32) uint32 {
	return bits.RotateLeft32(x, -7) ^ bits.RotateLeft32(x, -18) ^ x>>3
}

func sched256b(x uint32) uint32 {
	return bits.RotateLeft32(x, -17) ^ bits.RotateLeft32(x, -19) ^ x>>10
}

// block256 mixes one block of 16 words into the state. The message schedule
// stays in variables: 16 rounds, 16 new words, four times.
func block256(s *[8]uint32, m *[16]uint32) {
	a, b, c, d, e, f, g, h := s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]
	w0, w1, w2, w3, w4, w5, w6, w7 := m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7]
	w8, w9, w10, w11, w12, w13, w14, w15 := m[8], m[9], m[10], m[11], m[12], m[13], m[14], m[15]
	for i := 0; ; i++ {
		k := &k256[i]
		d, h = round256(a, b, c, d, e, f, g, h, k[0]+w0)
		c, g = round256(h, a, b, c, d, e, f, g, k[1]+w1)
		b, f = round256(g, h, a, b, c, d, e, f, k[2]+w2)
		a, e = round256(f, g, h, a, b, c, d, e, k[3]+w3)
		h, d = round256(e, f, g, h, a, b, c, d, k[4]+w4)
		g, c = round256(d, e, f, g, h, a, b, c, k[5]+w5)
		f, b = round256(c, d, e, f, g, h, a, b, k[6]+w6)
		e, a = round256(b, c, d, e, f, g, h, a, k[7]+w7)
		d, h = round256(a, b, c, d, e, f, g, h, k[8]+w8)
		c, g = round256(h, a, b, c, d, e, f, g, k[9]+w9)
		b, f = round256(g, h, a, b, c, d, e, f, k[10]+w10)
		a, e = round256(f, g, h, a, b, c, d, e, k[11]+w11)
		h, d = round256(e, f, g, h, a, b, c, d, k[12]+w12)
		g, c = round256(d, e, f, g, h, a, b, c, k[13]+w13)
		f, b = round256(c, d, e, f, g, h, a, b, k[14]+w14)
		e, a = round256(b, c, d, e, f, g, h, a, k[15]+w15)
		if i == 3 {
			break
		}
		w0 += sched256a(w1) + w9 + sched256b(w14)
		w1 += sched256a(w2) + w10 + sched256b(w15)
		w2 += sched256a(w3) + w11 + sched256b(w0)
		w3 += sched256a(w4) + w12 + sched256b(w1)
		w4 += sched256a(w5) + w13 + sched256b(w2)
		w5 += sched256a(w6) + w14 + sched256b(w3)
		w6 += sched256a(w7) + w15 + sched256b(w4)
		w7 += sched256a(w8) + w0 + sched256b(w5)
		w8 += sched256a(w9) + w1 + sched256b(w6)
		w9 += sched256a(w10) + w2 + sched256b(w7)
		w10 += sched256a(w11) + w3 + sched256b(w8)
		w11 += sched256a(w12) + w4 + sched256b(w9)
		w12 += sched256a(w13) + w5 + sched256b(w10)
		w13 += sched256a(w14) + w6 + sched256b(w11)
		w14 += sched256a(w15) + w7 + sched256b(w12)
		w15 += sched256a(w0) + w8 + sched256b(w13)
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
