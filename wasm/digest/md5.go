package digest

import "math/bits"

// MD5, RFC 1321 section 3. Its start is the first four words of SHA-1's.

// kMD5[i] is 2^32 times |sin(i+1)|, RFC 1321 section 3.4.
var kMD5 = [64]uint32{
	0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee,
	0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
	0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be,
	0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
	0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa,
	0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
	0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
	0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
	0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
	0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
	0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05,
	0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
	0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039,
	0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
	0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1,
	0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
}

//go:inline
func md5F(x, y, z uint32) uint32 { return z ^ x&(y^z) }

//go:inline
func md5G(x, y, z uint32) uint32 { return y ^ z&(x^y) }

//go:inline
func md5H(x, y, z uint32) uint32 { return x ^ y ^ z }

//go:inline
func md5I(x, y, z uint32) uint32 { return y ^ (x | ^z) }

// blockMD5 mixes one block of 16 little-endian words into the first 4 words of
// the state.
func blockMD5(s *[8]uint32, m *[16]uint32) {
	a, b, c, d := s[0], s[1], s[2], s[3]
	for i := 0; i < 16; i += 4 {
		t := (*[4]uint32)(kMD5[0+i:])
		a = b + bits.RotateLeft32(a+md5F(b, c, d)+t[0]+m[i+0], 7)
		d = a + bits.RotateLeft32(d+md5F(a, b, c)+t[1]+m[i+1], 12)
		c = d + bits.RotateLeft32(c+md5F(d, a, b)+t[2]+m[i+2], 17)
		b = c + bits.RotateLeft32(b+md5F(c, d, a)+t[3]+m[i+3], 22)
	}
	for i := 0; i < 16; i += 4 {
		t := (*[4]uint32)(kMD5[16+i:])
		a = b + bits.RotateLeft32(a+md5G(b, c, d)+t[0]+m[(5*i+1)&15], 5)
		d = a + bits.RotateLeft32(d+md5G(a, b, c)+t[1]+m[(5*i+6)&15], 9)
		c = d + bits.RotateLeft32(c+md5G(d, a, b)+t[2]+m[(5*i+11)&15], 14)
		b = c + bits.RotateLeft32(b+md5G(c, d, a)+t[3]+m[(5*i+0)&15], 20)
	}
	for i := 0; i < 16; i += 4 {
		t := (*[4]uint32)(kMD5[32+i:])
		a = b + bits.RotateLeft32(a+md5H(b, c, d)+t[0]+m[(3*i+5)&15], 4)
		d = a + bits.RotateLeft32(d+md5H(a, b, c)+t[1]+m[(3*i+8)&15], 11)
		c = d + bits.RotateLeft32(c+md5H(d, a, b)+t[2]+m[(3*i+11)&15], 16)
		b = c + bits.RotateLeft32(b+md5H(c, d, a)+t[3]+m[(3*i+14)&15], 23)
	}
	for i := 0; i < 16; i += 4 {
		t := (*[4]uint32)(kMD5[48+i:])
		a = b + bits.RotateLeft32(a+md5I(b, c, d)+t[0]+m[(7*i+0)&15], 6)
		d = a + bits.RotateLeft32(d+md5I(a, b, c)+t[1]+m[(7*i+7)&15], 10)
		c = d + bits.RotateLeft32(c+md5I(d, a, b)+t[2]+m[(7*i+14)&15], 15)
		b = c + bits.RotateLeft32(b+md5I(c, d, a)+t[3]+m[(7*i+5)&15], 21)
	}
	s[0] += a
	s[1] += b
	s[2] += c
	s[3] += d
}
