package number

// digits is a run of digits, 4 bits each, the first lowest: 16 in a, the next 16
// in b and 8 in c. It is a value and stays in registers.
type digits struct {
	a, b, c uint64
	n       int // how many, maxDigits or fewer when read from a text
}

// maxDigits is as many digits as are kept. What can be stripped from the front,
// prefixes and a calling code, has at most 18 together, so of 40 digits more
// than 17 are left in any case, and that is all that matters of longer ones.
const maxDigits = 40

// maxNational is the most digits of a national significant number.
const maxNational = 17

// maxPrefix is the most digits that a prefix program looks at; gentable refuses
// longer ones. A prefix, what it captures and what goes before it when it is
// rewritten are together no longer.
const maxPrefix = 15

// tally is digits while they are read, a byte each. Behind them is room for one
// that is written before it is known to be none.
type tally [maxDigits + 8]byte

// pack returns the first n bytes as digits; those behind are zero.
//
//go:inline
func (t *tally) pack(n int) digits {
	d := digits{n: n, a: pack(word(t[0:8])) | pack(word(t[8:16]))<<32}
	if n > 16 {
		d.b = pack(word(t[16:24])) | pack(word(t[24:32]))<<32
		d.c = pack(word(t[32:40]))
	}
	return d
}

// word returns 8 bytes, the first lowest.
//
//go:inline
func word(b []byte) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 | uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// putWord is the inverse of word.
//
//go:inline
func putWord(b []byte, x uint64) {
	_ = b[7]
	b[0], b[1], b[2], b[3] = byte(x), byte(x>>8), byte(x>>16), byte(x>>24)
	b[4], b[5], b[6], b[7] = byte(x>>32), byte(x>>40), byte(x>>48), byte(x>>56)
}

// pack moves the low halves of 8 bytes together.
func pack(x uint64) uint64 {
	x = (x | x>>4) & 0x00ff00ff00ff00ff
	x = (x | x>>8) & 0x0000ffff0000ffff
	return (x | x>>16) & 0xffffffff
}

// unpack is the inverse of pack.
//
//go:inline
func unpack(x uint64) uint64 {
	x = (x | x<<16) & 0x0000ffff0000ffff
	x = (x | x<<8) & 0x00ff00ff00ff00ff
	return (x | x<<4) & 0x0f0f0f0f0f0f0f0f
}

// at returns digit i ≤ maxPrefix.
//
//go:inline
func (d digits) at(i int) byte { return byte(d.a>>(4*uint(i)&63)) & 15 }

// from returns the digits from number k on, k ≤ maxPrefix.
//
//go:inline
func (d digits) from(k int) digits {
	s := 4 * uint(k) & 63
	return digits{d.a>>s | d.b<<1<<(^s&63), d.b>>s | d.c<<1<<(^s&63), d.c >> s, d.n - k}
}

// behind returns k ≤ maxPrefix digits, which v holds, and then d.
//
//go:inline
func (d digits) behind(v uint64, k int) digits {
	s := 4 * uint(k) & 63
	return digits{v | d.a<<s, d.a>>1>>(^s&63) | d.b<<s, d.b>>1>>(^s&63) | d.c<<s, d.n + k}
}

// nibbles returns the digits of a text of ASCII digits.
func nibbles(s string) (v uint64) {
	for i := len(s) - 1; i >= 0; i-- {
		v = v<<4 | uint64(s[i]&15)
	}
	return v
}

// decimalDigits returns the last k ≤ 17 decimal digits of v.
func decimalDigits(v uint64, k int) (d digits) {
	d.n = k
	// Divisions of 64 bits are slow in wasm: nine digits at a time.
	for k > 0 {
		q := v / 1_000_000_000
		low := uint32(v - q*1_000_000_000)
		v = q
		for range min(k, 9) {
			d.b = d.b<<4 | d.a>>60
			d.a = d.a<<4 | uint64(low%10)
			low /= 10
			k--
		}
	}
	return d
}
