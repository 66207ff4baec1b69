package limb

// le64 returns the eight bytes at the front of b.
//
//go:inline
func le64(b []byte) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// split cuts 256 bits, little-endian, into limbs; the last has 24 bits.
//
//go:noinline
func split(b *[32]byte) (r [9]uint64) {
	w := [5]uint64{le64(b[0:8]), le64(b[8:16]), le64(b[16:24]), le64(b[24:32])}
	for i := range r {
		at := 29 * uint(i)
		r[i] = (w[at>>6]>>(at&63) | w[at>>6+1]<<(63-at&63)<<1) & mask
	}
	return r
}

// join is the reverse of split, for limbs of 29 bits.
//
//go:noinline
func join(out *[32]byte, l *[9]uint64) {
	var acc uint64
	bits, at := 0, 0
	for i := range l {
		acc |= l[i] << bits
		for bits += 29; bits >= 8 && at < 32; bits -= 8 {
			out[at] = byte(acc)
			acc >>= 8
			at++
		}
	}
}

// setBytes sets r to the low 255 bits of b.
//
//go:noinline
func (r *fe) setBytes(b *[32]byte) {
	*r = split(b)
	r[8] &= 1<<23 - 1
}

// canonical returns the smallest representative of a, of weight 6 at most.
//
//go:noinline
func (a *fe) canonical() fe {
	t := *a
	t.carry()
	// Two rounds bring t under 2^255. After the first t[8] is 2^23 at most, and
	// if it is that, a carry went through all limbs and left them small.
	for range 2 {
		c := 19 * (t[8] >> 23)
		t[8] &= 1<<23 - 1
		for i := range t {
			t[i] += c
			c = t[i] >> 29
			t[i] &= mask
		}
	}
	// q = 1 if t >= p, that is t + 19 reaches 2^255.
	q := uint64(19)
	for i := range 8 {
		q = (t[i] + q) >> 29
	}
	q = (t[8] + q) >> 23
	q *= 19
	for i := range t {
		t[i] += q
		q = t[i] >> 29
		t[i] &= mask
	}
	t[8] &= 1<<23 - 1
	return t
}

// bytes writes a, in 32 bytes, little-endian.
//
//go:noinline
func (a *fe) bytes(out *[32]byte) {
	t := a.canonical()
	join(out, (*[9]uint64)(&t))
}

// negative returns a mask: all ones if the smallest representative is odd.
//
//go:noinline
func (a *fe) negative() uint64 {
	t := a.canonical()
	return -(t[0] & 1)
}

// zero returns a mask: all ones if a is 0.
//
//go:noinline
func (a *fe) zero() uint64 {
	t := a.canonical()
	var x uint64
	for _, v := range t {
		x |= v
	}
	return isZero(x)
}

// isZero returns all ones for 0 and 0 for any other value.
//
//go:inline
func isZero(x uint64) uint64 {
	return (x|-x)>>63 - 1
}
