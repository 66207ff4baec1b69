package digest

import "math/bits"

// SHA-384 and SHA-512, FIPS 180-4 sections 4.1.3, 5.3.4, 5.3.5 and 6.4.

// The first 64 bits of the fractional parts of the cube roots of the first 80
// primes, in rows of the 16 rounds that a block function runs at a time.
var k512 = [5][16]uint64{
	{
		0x428a2f98d728ae22, 0x7137449123ef65cd,
		0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
		0x3956c25bf348b538, 0x59f111f1b605d019,
		0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
		0xd807aa98a3030242, 0x12835b0145706fbe,
		0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
		0x72be5d74f27b896f, 0x80deb1fe3b1696b1,
		0x9bdc06a725c71235, 0xc19bf174cf692694,
	},
	{
		0xe49b69c19ef14ad2, 0xefbe4786384f25e3,
		0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
		0x2de92c6f592b0275, 0x4a7484aa6ea6e483,
		0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
		0x983e5152ee66dfab, 0xa831c66d2db43210,
		0xb00327c898fb213f, 0xbf597fc7beef0ee4,
		0xc6e00bf33da88fc2, 0xd5a79147930aa725,
		0x06ca6351e003826f, 0x142929670a0e6e70,
	},
	{
		0x27b70a8546d22ffc, 0x2e1b21385c26c926,
		0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
		0x650a73548baf63de, 0x766a0abb3c77b2a8,
		0x81c2c92e47edaee6, 0x92722c851482353b,
		0xa2bfe8a14cf10364, 0xa81a664bbc423001,
		0xc24b8b70d0f89791, 0xc76c51a30654be30,
		0xd192e819d6ef5218, 0xd69906245565a910,
		0xf40e35855771202a, 0x106aa07032bbd1b8,
	},
	{
		0x19a4c116b8d2d0c8, 0x1e376c085141ab53,
		0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
		0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb,
		0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
		0x748f82ee5defb2fc, 0x78a5636f43172f60,
		0x84c87814a1f0ab72, 0x8cc702081a6439ec,
		0x90befffa23631e28, 0xa4506cebde82bde9,
		0xbef9a3f7b2c67915, 0xc67178f2e372532b,
	},
	{
		0xca273eceea26619c, 0xd186b8c721c0c207,
		0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
		0x06f067aa72176fba, 0x0a637dc5a2c898a6,
		0x113f9804bef90dae, 0x1b710b35131c471b,
		0x28db77f523047d84, 0x32caab7b40c72493,
		0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
		0x4cc5d4becb3e42b6, 0x597f299cfc657e2a,
		0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
	},
}

// Square roots of the first 8 primes; for SHA-384 those of the 9th to 16th.
var (
	iv512 = [8]uint64{
		0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
		0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
	}
	iv384 = [8]uint64{
		0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
		0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
	}
)

// round512 is one round, as round256.
//
//go:inline
func round512(a, b, c, d, e, f, g, h, kw uint64) (uint64, uint64) {
	h += kw + (g ^ e&(f^g)) +
		bits.RotateLeft64(bits.RotateLeft64(bits.RotateLeft64(e, -23)^e, -4)^e, -14) // 14, 18, 41
	return d + h, h + (b ^ (a^b)&(b^c)) +
		bits.RotateLeft64(bits.RotateLeft64(bits.RotateLeft64(a, -5)^a, -6)^a, -28) // 28, 34, 39
}

//go:inline
func sched512a(x uint64) uint64 {
	return bits.RotateLeft64(bits.RotateLeft64(x, -7)^x, -1) ^ x>>7 // 1, 8
}

//go:inline
func sched512b(x uint64) uint64 {
	return bits.RotateLeft64(bits.RotateLeft64(x, -42)^x, -19) ^ x>>6 // 19, 61
}

// block512 mixes one block of 16 words into the state, as block256.
func block512(s *[8]uint64, m *[16]uint64) {
	a, b, c, d, e, f, g, h := s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]
	w0, w1, w2, w3, w4, w5, w6, w7 := m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7]
	w8, w9, w10, w11, w12, w13, w14, w15 := m[8], m[9], m[10], m[11], m[12], m[13], m[14], m[15]
	for i := 0; ; i++ {
		k := &k512[i]
		d, h = round512(a, b, c, d, e, f, g, h, k[0]+w0)
		c, g = round512(h, a, b, c, d, e, f, g, k[1]+w1)
		b, f = round512(g, h, a, b, c, d, e, f, k[2]+w2)
		a, e = round512(f, g, h, a, b, c, d, e, k[3]+w3)
		h, d = round512(e, f, g, h, a, b, c, d, k[4]+w4)
		g, c = round512(d, e, f, g, h, a, b, c, k[5]+w5)
		f, b = round512(c, d, e, f, g, h, a, b, k[6]+w6)
		e, a = round512(b, c, d, e, f, g, h, a, k[7]+w7)
		d, h = round512(a, b, c, d, e, f, g, h, k[8]+w8)
		c, g = round512(h, a, b, c, d, e, f, g, k[9]+w9)
		b, f = round512(g, h, a, b, c, d, e, f, k[10]+w10)
		a, e = round512(f, g, h, a, b, c, d, e, k[11]+w11)
		h, d = round512(e, f, g, h, a, b, c, d, k[12]+w12)
		g, c = round512(d, e, f, g, h, a, b, c, k[13]+w13)
		f, b = round512(c, d, e, f, g, h, a, b, k[14]+w14)
		e, a = round512(b, c, d, e, f, g, h, a, k[15]+w15)
		if i == 4 {
			break
		}
		w0 += sched512a(w1) + w9 + sched512b(w14)
		w1 += sched512a(w2) + w10 + sched512b(w15)
		w2 += sched512a(w3) + w11 + sched512b(w0)
		w3 += sched512a(w4) + w12 + sched512b(w1)
		w4 += sched512a(w5) + w13 + sched512b(w2)
		w5 += sched512a(w6) + w14 + sched512b(w3)
		w6 += sched512a(w7) + w15 + sched512b(w4)
		w7 += sched512a(w8) + w0 + sched512b(w5)
		w8 += sched512a(w9) + w1 + sched512b(w6)
		w9 += sched512a(w10) + w2 + sched512b(w7)
		w10 += sched512a(w11) + w3 + sched512b(w8)
		w11 += sched512a(w12) + w4 + sched512b(w9)
		w12 += sched512a(w13) + w5 + sched512b(w10)
		w13 += sched512a(w14) + w6 + sched512b(w11)
		w14 += sched512a(w15) + w7 + sched512b(w12)
		w15 += sched512a(w0) + w8 + sched512b(w13)
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
