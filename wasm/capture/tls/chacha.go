package tls

// openChaCha decrypts and authenticates with ChaCha20-Poly1305, RFC 8439.
func openChaCha(key []byte, nonce *[12]byte, text, tag, ad []byte) ([]byte, bool) {
	var s [16]uint32
	s[0], s[1], s[2], s[3] = 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574
	for i := range 8 {
		s[4+i] = little32(key[4*i:])
	}
	for i := range 3 {
		s[13+i] = little32(nonce[4*i:])
	}
	var b [64]byte
	chachaBlock(&s, &b)
	m := newPoly1305(b[:32])
	m.padded(ad)
	m.padded(text)
	var sizes [16]byte
	for i := range 8 {
		sizes[i], sizes[8+i] = byte(uint64(len(ad))>>(8*i)), byte(uint64(len(text))>>(8*i))
	}
	m.padded(sizes[:])
	if sum := m.sum(b[16:32]); string(sum[:]) != string(tag) {
		return nil, false
	}
	plain := make([]byte, len(text))
	for i := 0; i < len(text); i += 64 {
		s[12]++
		chachaBlock(&s, &b)
		for j := i; j < min(i+64, len(text)); j++ {
			plain[j] = text[j] ^ b[j-i]
		}
	}
	return plain, true
}

func little32(p []byte) uint32 {
	return uint32(p[0]) | uint32(p[1])<<8 | uint32(p[2])<<16 | uint32(p[3])<<24
}

// chachaBlock writes a block of the key stream.
func chachaBlock(s *[16]uint32, out *[64]byte) {
	x := *s
	for range 10 {
		quarter(&x[0], &x[4], &x[8], &x[12])
		quarter(&x[1], &x[5], &x[9], &x[13])
		quarter(&x[2], &x[6], &x[10], &x[14])
		quarter(&x[3], &x[7], &x[11], &x[15])
		quarter(&x[0], &x[5], &x[10], &x[15])
		quarter(&x[1], &x[6], &x[11], &x[12])
		quarter(&x[2], &x[7], &x[8], &x[13])
		quarter(&x[3], &x[4], &x[9], &x[14])
	}
	for i, v := range x {
		v += s[i]
		out[4*i], out[4*i+1], out[4*i+2], out[4*i+3] = byte(v), byte(v>>8), byte(v>>16), byte(v>>24)
	}
}

func quarter(a, b, c, d *uint32) {
	*a += *b
	*d = rot(*d^*a, 16)
	*c += *d
	*b = rot(*b^*c, 20)
	*a += *b
	*d = rot(*d^*a, 24)
	*c += *d
	*b = rot(*b^*c, 25)
}

// poly1305 is the authenticator of RFC 8439 section 2.5, in five limbs of 26
// bits.
type poly1305 struct{ r, h [5]uint64 }

func newPoly1305(key []byte) *poly1305 {
	m := new(poly1305)
	m.r = [5]uint64{
		uint64(little32(key) & 0x3ffffff),
		uint64(little32(key[3:]) >> 2 & 0x3ffff03),
		uint64(little32(key[6:]) >> 4 & 0x3ffc0ff),
		uint64(little32(key[9:]) >> 6 & 0x3f03fff),
		uint64(little32(key[12:]) >> 8 & 0x00fffff),
	}
	return m
}

// padded adds p, filled with zeros to a multiple of 16 bytes.
func (m *poly1305) padded(p []byte) {
	r, h := &m.r, &m.h
	for len(p) > 0 {
		var b [17]byte
		p = p[copy(b[:16], p):]
		h[0] += uint64(little32(b[:]) & 0x3ffffff)
		h[1] += uint64(little32(b[3:]) >> 2 & 0x3ffffff)
		h[2] += uint64(little32(b[6:]) >> 4 & 0x3ffffff)
		h[3] += uint64(little32(b[9:]) >> 6 & 0x3ffffff)
		h[4] += uint64(little32(b[12:])>>8) | 1<<24
		var d [5]uint64
		for i := range 5 {
			for j := range 5 {
				x := h[j] * r[(i-j+5)%5]
				if j > i {
					x *= 5
				}
				d[i] += x
			}
		}
		carry := uint64(0)
		for i := range d {
			d[i] += carry
			carry = d[i] >> 26
			h[i] = d[i] & 0x3ffffff
		}
		h[0] += carry * 5
		h[1] += h[0] >> 26
		h[0] &= 0x3ffffff
	}
}

// sum adds s, the second half of the key.
func (m *poly1305) sum(s []byte) (tag [16]byte) {
	h := m.h
	for range 2 {
		carry := uint64(0)
		for i := range h {
			h[i] += carry
			carry = h[i] >> 26
			h[i] &= 0x3ffffff
		}
		h[0] += carry * 5
	}
	// Subtract 2^130 - 5 if it is not larger.
	var g [5]uint64
	carry := uint64(5)
	for i := range h {
		g[i] = h[i] + carry
		carry = g[i] >> 26
		g[i] &= 0x3ffffff
	}
	if carry > 0 {
		h = g
	}
	words := [4]uint64{h[0] | h[1]<<26, h[1]>>6 | h[2]<<20, h[2]>>12 | h[3]<<14, h[3]>>18 | h[4]<<8}
	carry = 0
	for i, w := range words {
		carry += w&0xffffffff + uint64(little32(s[4*i:]))
		tag[4*i], tag[4*i+1], tag[4*i+2], tag[4*i+3] = byte(carry), byte(carry>>8), byte(carry>>16), byte(carry>>24)
		carry >>= 32
	}
	return tag
}
