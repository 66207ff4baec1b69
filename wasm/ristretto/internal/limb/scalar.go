package limb

// Scalar is an integer modulo the group's order
// 2^252 + 27742317777372353535851937790883648493. The zero Scalar is 0.
//
// It holds the canonical value in limbs of 29 bits. Montgomery products, with
// R = 2^261, keep the reduction free of divisions.
type Scalar struct{ l [9]uint64 }

// montgomery sets r to a*b/R modulo the order, canonical, for a < R and
// b < order, or the other way round.
//
// A column holds at most 9 products of 29-bit limbs from a*b, as many from the
// multiple of the order, and a carry: less than 2^63.
//
//go:noinline
func montgomery(r, a, b *[9]uint64) {
	var c [18]uint64
	for i := range a {
		x := a[i]
		for j := range b {
			c[i+j] += x * b[j]
		}
	}
	for i := range 9 {
		m := (c[i] & mask) * orderInverse & mask
		// Limbs 5 to 7 of the order are 0.
		for j := range 5 {
			c[i+j] += m * order[j]
		}
		c[i+8] += m << 20
		c[i+1] += c[i] >> 29
	}
	var carry uint64
	for i := range r {
		carry += c[9+i]
		r[i] = carry & mask
		carry >>= 29
	}
	reduceOnce(r)
}

// reduceOnce takes the order from a, less than twice that, if it fits.
//
//go:noinline
func reduceOnce(a *[9]uint64) {
	var r [9]uint64
	var borrow uint64
	for i := range r {
		t := a[i] - order[i] - borrow
		borrow = t >> 63
		r[i] = t & mask
	}
	for i := range r {
		a[i] = r[i] ^ -borrow&(r[i]^a[i])
	}
}

// Add sets s to a+b.
//
//go:noinline
func (s *Scalar) Add(a, b *Scalar) {
	var carry uint64
	for i := range s.l {
		carry += a.l[i] + b.l[i]
		s.l[i] = carry & mask
		carry >>= 29
	}
	reduceOnce(&s.l)
}

// Sub sets s to a-b.
func (s *Scalar) Sub(a, b *Scalar) {
	var t Scalar
	var borrow uint64
	for i := range t.l {
		x := order[i] - b.l[i] - borrow
		borrow = x >> 63
		t.l[i] = x & mask
	}
	reduceOnce(&t.l)
	s.Add(a, &t)
}

// Mul sets s to a*b.
//
//go:noinline
func (s *Scalar) Mul(a, b *Scalar) {
	var t [9]uint64
	montgomery(&t, &a.l, &b.l)
	montgomery(&s.l, &t, &rTwo)
}

// Invert sets s to 1/a, and to 0 for 0. The time depends on nothing.
//
//go:noinline
func (s *Scalar) Invert(a *Scalar) {
	var x [9]uint64
	montgomery(&x, &a.l, &rTwo)
	r := rOne
	// The exponent, the order less 2, is no secret.
	e := order
	e[0] -= 2
	for i := 252; i >= 0; i-- {
		montgomery(&r, &r, &r)
		if e[i/29]>>(uint(i)%29)&1 == 1 {
			montgomery(&r, &r, &x)
		}
	}
	montgomery(&s.l, &r, (*[9]uint64)(&one))
}

// InvertAll sets every s[i] to 1/s[i], with one inversion for all (Montgomery's
// trick), using room, which is as long. It answers false, and leaves 0 in all,
// if one of them is 0.
//
// The products carry powers of 1/R that cancel: with P(i) the product of the
// first i scalars over R^(i-1), 1/P(i-1) is s[i] * 1/P(i) / R.
//
//go:noinline
func InvertAll(s, room []Scalar) bool {
	if len(s) == 0 {
		return true
	}
	room[0] = s[0]
	for i := 1; i < len(s); i++ {
		montgomery(&room[i].l, &room[i-1].l, &s[i].l)
	}
	var t Scalar
	t.Invert(&room[len(s)-1])
	for i := len(s) - 1; i > 0; i-- {
		montgomery(&room[i].l, &t.l, &s[i].l)
		montgomery(&s[i].l, &t.l, &room[i-1].l)
		t = room[i]
	}
	clear(room)
	s[0] = t
	return t.IsZero() == 0
}

// SetWide sets s to the 512-bit integer in b, little-endian, modulo the order.
//
//go:noinline
func (s *Scalar) SetWide(b *[64]byte) {
	// b = lo + hi*R, with 261 and 251 bits.
	lo := split((*[32]byte)(b[:32]))
	lo[8] |= uint64(b[32]&31) << 24
	var rest [32]byte
	for i := 0; i < 31; i++ {
		rest[i] = b[32+i]>>5 | b[33+i]<<3
	}
	rest[31] = b[63] >> 5
	hi := split(&rest)
	var x, y Scalar
	montgomery(&x.l, &lo, &rOne)
	montgomery(&y.l, &hi, &rTwo)
	s.Add(&x, &y)
}

// SetUint64 sets s to x.
func (s *Scalar) SetUint64(x uint64) {
	*s = Scalar{[9]uint64{x & mask, x >> 29 & mask, x >> 58}}
}

// Decode sets s to the integer in b, little-endian, and answers whether it is
// less than the order; if not, s is 0.
//
//go:noinline
func (s *Scalar) Decode(b *[32]byte) bool {
	t := split(b)
	var borrow uint64
	for i := range t {
		borrow = (t[i] - order[i] - borrow) >> 63
	}
	for i := range t {
		s.l[i] = t[i] & -borrow
	}
	return borrow == 1
}

// Encode writes s in 32 bytes, little-endian.
//
//go:noinline
func (s *Scalar) Encode(out *[32]byte) { join(out, &s.l) }

// Equal returns 1 if s = t and 0 if not.
//
//go:noinline
func (s *Scalar) Equal(t *Scalar) int {
	var x uint64
	for i := range s.l {
		x |= s.l[i] ^ t.l[i]
	}
	return int(isZero(x) & 1)
}

// IsZero returns 1 if s is 0 and 0 if not.
func (s *Scalar) IsZero() int { return s.Equal(&Scalar{}) }

// digits returns s in 64 signed digits of radix 16, each -8 to 7; s is less
// than 2^253, so the last digit takes the last carry.
//
//go:noinline
func (s *Scalar) digits() (d [64]int8) {
	var b [32]byte
	s.Encode(&b)
	carry := int8(0)
	for i := range d {
		x := int8(b[i/2]>>(4*uint(i&1))&15) + carry
		carry = (x + 8) >> 4
		d[i] = x - carry<<4
	}
	return d
}
