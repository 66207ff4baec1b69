package tls

// aes is the block cipher of FIPS 197, by tables. It is not constant in time,
// which does not matter where a recording is read on the device of the person
// whose it is.
type aes struct {
	rounds int
	enc    [60]uint32
	dec    [60]uint32
}

var (
	sbox, inverse [256]byte
	// Four bytes of a column at once: te for encryption, td for decryption. The
	// other three tables of each are rotations.
	te, td [256]uint32
)

// tables computes the S-box from its definition, and what follows from it.
func tables() {
	if sbox[0] != 0 {
		return
	}
	// Multiply by 3 in the field and divide by it, side by side.
	p, q := byte(1), byte(1)
	for {
		p ^= double(p)
		q ^= q << 1
		q ^= q << 2
		q ^= q << 4
		if q&0x80 != 0 {
			q ^= 9
		}
		s := q ^ (q<<1 | q>>7) ^ (q<<2 | q>>6) ^ (q<<3 | q>>5) ^ (q<<4 | q>>4) ^ 0x63
		sbox[p] = s
		if p == 1 {
			break
		}
	}
	sbox[0] = 0x63
	for i, s := range sbox {
		inverse[s] = byte(i)
		two := double(s)
		te[i] = uint32(two)<<24 | uint32(s)<<16 | uint32(s)<<8 | uint32(two^s)
	}
	for i, x := range inverse {
		two := double(x)
		four := double(two)
		eight := double(four)
		td[i] = uint32(eight^four^two)<<24 | uint32(eight^x)<<16 | uint32(eight^four^x)<<8 | uint32(eight^two^x)
	}
}

func double(x byte) byte { return x<<1 ^ 0x1b&-(x>>7) }

func rot(x uint32, n uint) uint32 { return x>>n | x<<(32-n) }

func subWord(x uint32) uint32 {
	return uint32(sbox[x>>24])<<24 | uint32(sbox[x>>16&255])<<16 | uint32(sbox[x>>8&255])<<8 | uint32(sbox[x&255])
}

// newAES expands a key of 16 or 32 bytes.
func newAES(key []byte, decrypts bool) *aes {
	tables()
	a := &aes{rounds: len(key)/4 + 6}
	n := len(key) / 4
	for i := range n {
		a.enc[i] = big32(key[4*i:])
	}
	round := uint32(1)
	for i := n; i < 4*(a.rounds+1); i++ {
		t := a.enc[i-1]
		if i%n == 0 {
			t = subWord(t<<8|t>>24) ^ round<<24
			round = uint32(double(byte(round)))
		} else if n > 6 && i%n == 4 {
			t = subWord(t)
		}
		a.enc[i] = a.enc[i-n] ^ t
	}
	if decrypts { // the equivalent inverse cipher
		for i := 0; i <= a.rounds; i++ {
			for j := range 4 {
				x := a.enc[4*(a.rounds-i)+j]
				if i > 0 && i < a.rounds {
					x = td[sbox[x>>24]] ^ rot(td[sbox[x>>16&255]], 8) ^ rot(td[sbox[x>>8&255]], 16) ^ rot(td[sbox[x&255]], 24)
				}
				a.dec[4*i+j] = x
			}
		}
	}
	return a
}

func big32(p []byte) uint32 {
	return uint32(p[0])<<24 | uint32(p[1])<<16 | uint32(p[2])<<8 | uint32(p[3])
}

func putBig32(p []byte, x uint32) {
	p[0], p[1], p[2], p[3] = byte(x>>24), byte(x>>16), byte(x>>8), byte(x)
}

func (a *aes) encrypt(b *[16]byte) {
	k := &a.enc
	s0, s1, s2, s3 := big32(b[:])^k[0], big32(b[4:])^k[1], big32(b[8:])^k[2], big32(b[12:])^k[3]
	i := 4
	for range a.rounds - 1 {
		t0 := te[s0>>24] ^ rot(te[s1>>16&255], 8) ^ rot(te[s2>>8&255], 16) ^ rot(te[s3&255], 24) ^ k[i]
		t1 := te[s1>>24] ^ rot(te[s2>>16&255], 8) ^ rot(te[s3>>8&255], 16) ^ rot(te[s0&255], 24) ^ k[i+1]
		t2 := te[s2>>24] ^ rot(te[s3>>16&255], 8) ^ rot(te[s0>>8&255], 16) ^ rot(te[s1&255], 24) ^ k[i+2]
		t3 := te[s3>>24] ^ rot(te[s0>>16&255], 8) ^ rot(te[s1>>8&255], 16) ^ rot(te[s2&255], 24) ^ k[i+3]
		s0, s1, s2, s3 = t0, t1, t2, t3
		i += 4
	}
	putBig32(b[:], last(&sbox, s0, s1, s2, s3)^k[i])
	putBig32(b[4:], last(&sbox, s1, s2, s3, s0)^k[i+1])
	putBig32(b[8:], last(&sbox, s2, s3, s0, s1)^k[i+2])
	putBig32(b[12:], last(&sbox, s3, s0, s1, s2)^k[i+3])
}

func (a *aes) decrypt(b *[16]byte) {
	k := &a.dec
	s0, s1, s2, s3 := big32(b[:])^k[0], big32(b[4:])^k[1], big32(b[8:])^k[2], big32(b[12:])^k[3]
	i := 4
	for range a.rounds - 1 {
		t0 := td[s0>>24] ^ rot(td[s3>>16&255], 8) ^ rot(td[s2>>8&255], 16) ^ rot(td[s1&255], 24) ^ k[i]
		t1 := td[s1>>24] ^ rot(td[s0>>16&255], 8) ^ rot(td[s3>>8&255], 16) ^ rot(td[s2&255], 24) ^ k[i+1]
		t2 := td[s2>>24] ^ rot(td[s1>>16&255], 8) ^ rot(td[s0>>8&255], 16) ^ rot(td[s3&255], 24) ^ k[i+2]
		t3 := td[s3>>24] ^ rot(td[s2>>16&255], 8) ^ rot(td[s1>>8&255], 16) ^ rot(td[s0&255], 24) ^ k[i+3]
		s0, s1, s2, s3 = t0, t1, t2, t3
		i += 4
	}
	putBig32(b[:], last(&inverse, s0, s3, s2, s1)^k[i])
	putBig32(b[4:], last(&inverse, s1, s0, s3, s2)^k[i+1])
	putBig32(b[8:], last(&inverse, s2, s1, s0, s3)^k[i+2])
	putBig32(b[12:], last(&inverse, s3, s2, s1, s0)^k[i+3])
}

func last(box *[256]byte, a, b, c, d uint32) uint32 {
	return uint32(box[a>>24])<<24 | uint32(box[b>>16&255])<<16 | uint32(box[c>>8&255])<<8 | uint32(box[d&255])
}

// ghash multiplies in GF(2^128) by a fixed H, four bits at a time (NIST SP
// 800-38D section 6.4, with Shoup's tables).
type ghash struct {
	high, low [16]uint64 // i·H, bits in the order of the standard
	y0, y1    uint64
}

func newGHASH(h *[16]byte) *ghash {
	g := new(ghash)
	v0, v1 := big64(h[:]), big64(h[8:])
	for i := 8; i > 0; i >>= 1 {
		g.high[i], g.low[i] = v0, v1
		carry := v1 & 1
		v1 = v1>>1 | v0<<63
		v0 = v0>>1 ^ 0xe1<<56&-carry
	}
	for i := 2; i < 16; i <<= 1 {
		for j := 1; j < i; j++ {
			g.high[i+j], g.low[i+j] = g.high[i]^g.high[j], g.low[i]^g.low[j]
		}
	}
	return g
}

// reduction is what four bits that are shifted out add at the top.
var reduction = [16]uint64{
	0x0000, 0x1c20, 0x3840, 0x2460, 0x7080, 0x6ca0, 0x48c0, 0x54e0,
	0xe100, 0xfd20, 0xd940, 0xc560, 0x9180, 0x8da0, 0xa9c0, 0xb5e0,
}

// add takes blocks of data, the last filled with zeros.
func (g *ghash) add(p []byte) {
	for len(p) > 0 {
		var b [16]byte
		p = p[copy(b[:], p):]
		g.block(g.y0^big64(b[:]), g.y1^big64(b[8:]))
	}
}

func (g *ghash) block(x0, x1 uint64) {
	var z0, z1 uint64
	for i := range 32 {
		nibble := x1 >> (4 * uint(i)) & 15
		if i >= 16 {
			nibble = x0 >> (4 * uint(i-16)) & 15
		}
		if i > 0 {
			out := z1 & 15
			z1 = z1>>4 | z0<<60
			z0 = z0>>4 ^ reduction[out]<<48
		}
		z0 ^= g.high[nibble]
		z1 ^= g.low[nibble]
	}
	g.y0, g.y1 = z0, z1
}

func big64(p []byte) uint64 { return uint64(big32(p))<<32 | uint64(big32(p[4:])) }

// openGCM decrypts and authenticates, NIST SP 800-38D.
func openGCM(a *aes, g *ghash, nonce *[12]byte, text, tag, ad []byte) ([]byte, bool) {
	g.y0, g.y1 = 0, 0
	g.add(ad)
	g.add(text)
	g.block(g.y0^uint64(len(ad))*8, g.y1^uint64(len(text))*8)
	var counter, mask [16]byte
	copy(counter[:], nonce[:])
	counter[15] = 1
	mask = counter
	a.encrypt(&mask)
	for i := range 8 {
		if tag[i] != mask[i]^byte(g.y0>>(56-8*i)) || tag[8+i] != mask[8+i]^byte(g.y1>>(56-8*i)) {
			return nil, false
		}
	}
	plain := make([]byte, len(text))
	for i, n := 0, uint32(2); i < len(text); i, n = i+16, n+1 {
		mask = counter
		putBig32(mask[12:], n)
		a.encrypt(&mask)
		for j := i; j < min(i+16, len(text)); j++ {
			plain[j] = text[j] ^ mask[j-i]
		}
	}
	return plain, true
}
