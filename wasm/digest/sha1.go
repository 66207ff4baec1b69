package digest

import "math/bits"

// SHA-1, FIPS 180-4 sections 4.1.1, 5.3.1 and 6.1.2.

// 2^30 times the square roots of 2, 3, 5 and 10, one for each 20 rounds.
const (
	k1a = 0x5a827999
	k1b = 0x6ed9eba1
	k1c = 0x8f1bbcdc
	k1d = 0xca62c1d6
)

var iv1 = [8]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}

//go:inline
func sha1Ch(x, y, z uint32) uint32 { return z ^ x&(y^z) }

//go:inline
func sha1Parity(x, y, z uint32) uint32 { return x ^ y ^ z }

//go:inline
func sha1Maj(x, y, z uint32) uint32 { return y ^ (x^y)&(y^z) }

// block1 mixes one block of 16 words into the first 5 words of the state.
func block1(s *[8]uint32, m *[16]uint32) {
	var w [80]uint32
	for i, x := range m {
		w[i] = x
	}
	for i := 16; i < 80; i++ {
		w[i] = bits.RotateLeft32(w[i-3]^w[i-8]^w[i-14]^w[i-16], 1)
	}
	a, b, c, d, e := s[0], s[1], s[2], s[3], s[4]
	i := 0
	for ; i < 20; i += 5 {
		e += bits.RotateLeft32(a, 5) + sha1Ch(b, c, d) + k1a + w[i+0]
		b = bits.RotateLeft32(b, 30)
		d += bits.RotateLeft32(e, 5) + sha1Ch(a, b, c) + k1a + w[i+1]
		a = bits.RotateLeft32(a, 30)
		c += bits.RotateLeft32(d, 5) + sha1Ch(e, a, b) + k1a + w[i+2]
		e = bits.RotateLeft32(e, 30)
		b += bits.RotateLeft32(c, 5) + sha1Ch(d, e, a) + k1a + w[i+3]
		d = bits.RotateLeft32(d, 30)
		a += bits.RotateLeft32(b, 5) + sha1Ch(c, d, e) + k1a + w[i+4]
		c = bits.RotateLeft32(c, 30)
	}
	for ; i < 40; i += 5 {
		e += bits.RotateLeft32(a, 5) + sha1Parity(b, c, d) + k1b + w[i+0]
		b = bits.RotateLeft32(b, 30)
		d += bits.RotateLeft32(e, 5) + sha1Parity(a, b, c) + k1b + w[i+1]
		a = bits.RotateLeft32(a, 30)
		c += bits.RotateLeft32(d, 5) + sha1Parity(e, a, b) + k1b + w[i+2]
		e = bits.RotateLeft32(e, 30)
		b += bits.RotateLeft32(c, 5) + sha1Parity(d, e, a) + k1b + w[i+3]
		d = bits.RotateLeft32(d, 30)
		a += bits.RotateLeft32(b, 5) + sha1Parity(c, d, e) + k1b + w[i+4]
		c = bits.RotateLeft32(c, 30)
	}
	for ; i < 60; i += 5 {
		e += bits.RotateLeft32(a, 5) + sha1Maj(b, c, d) + k1c + w[i+0]
		b = bits.RotateLeft32(b, 30)
		d += bits.RotateLeft32(e, 5) + sha1Maj(a, b, c) + k1c + w[i+1]
		a = bits.RotateLeft32(a, 30)
		c += bits.RotateLeft32(d, 5) + sha1Maj(e, a, b) + k1c + w[i+2]
		e = bits.RotateLeft32(e, 30)
		b += bits.RotateLeft32(c, 5) + sha1Maj(d, e, a) + k1c + w[i+3]
		d = bits.RotateLeft32(d, 30)
		a += bits.RotateLeft32(b, 5) + sha1Maj(c, d, e) + k1c + w[i+4]
		c = bits.RotateLeft32(c, 30)
	}
	for ; i < 80; i += 5 {
		e += bits.RotateLeft32(a, 5) + sha1Parity(b, c, d) + k1d + w[i+0]
		b = bits.RotateLeft32(b, 30)
		d += bits.RotateLeft32(e, 5) + sha1Parity(a, b, c) + k1d + w[i+1]
		a = bits.RotateLeft32(a, 30)
		c += bits.RotateLeft32(d, 5) + sha1Parity(e, a, b) + k1d + w[i+2]
		e = bits.RotateLeft32(e, 30)
		b += bits.RotateLeft32(c, 5) + sha1Parity(d, e, a) + k1d + w[i+3]
		d = bits.RotateLeft32(d, 30)
		a += bits.RotateLeft32(b, 5) + sha1Parity(c, d, e) + k1d + w[i+4]
		c = bits.RotateLeft32(c, 30)
	}
	s[0] += a
	s[1] += b
	s[2] += c
	s[3] += d
	s[4] += e
}
