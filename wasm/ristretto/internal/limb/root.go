package limb

// equal returns a mask: all ones if a = b, for weights of 3 at most.
//
//go:noinline
func (a *fe) equal(b *fe) uint64 {
	var t fe
	t.subCarry(a, b)
	return t.zero()
}

// pick sets r to a where the mask m is ones, and leaves it where m is 0.
//
//go:noinline
func (r *fe) pick(a *fe, m uint64) {
	for i := range r {
		r[i] ^= m & (r[i] ^ a[i])
	}
}

// negateIf sets r to -r where the mask m is ones. The weight of r is 3 at most
// and 1 after.
//
//go:noinline
func (r *fe) negateIf(m uint64) {
	var t fe
	t.subCarry(&t, r)
	r.carry()
	r.pick(&t, m)
}

// squares sets r to a^(2^n), for n of 1 or more.
//
//go:noinline
func (r *fe) squares(a *fe, n int) {
	r.square(a)
	for ; n > 1; n-- {
		r.square(r)
	}
}

// power sets r to z^(2^252 - 3), that is z^((p-5)/8); z has weight 1 or 2.
//
//go:noinline
func (r *fe) power(z *fe) {
	var a, b, c fe
	a.square(z)      // 2
	b.squares(&a, 2) // 8
	b.mul(&b, z)     // 9
	a.mul(&a, &b)    // 11
	c.square(&a)     // 22
	c.mul(&c, &b)    // 2^5 - 1
	a.squares(&c, 5)
	a.mul(&a, &c) // 2^10 - 1
	b.squares(&a, 10)
	b.mul(&b, &a) // 2^20 - 1
	c.squares(&b, 20)
	b.mul(&c, &b) // 2^40 - 1
	b.squares(&b, 10)
	a.mul(&b, &a) // 2^50 - 1
	b.squares(&a, 50)
	b.mul(&b, &a) // 2^100 - 1
	c.squares(&b, 100)
	b.mul(&c, &b) // 2^200 - 1
	b.squares(&b, 50)
	a.mul(&b, &a) // 2^250 - 1
	a.squares(&a, 2)
	r.mul(&a, z)
}

// invert sets r to 1/z, and to 0 for 0: z^(p-2) = (z^((p-5)/8))^8 * z^3.
//
//go:noinline
func (r *fe) invert(z *fe) {
	var a, b fe
	a.power(z)
	a.squares(&a, 3)
	b.square(z)
	b.mul(&b, z)
	r.mul(&a, &b)
}

// sqrtRatio is SQRT_RATIO_M1 of RFC 9496, section 4.2: it sets r to the
// non-negative root of u/v and answers ones, or to that of sqrt(-1)*u/v and
// answers 0. For u = 0 it is ones and 0; else for v = 0 it is 0 and 0.
// The weights of u and v are 1.
//
//go:noinline
func (r *fe) sqrtRatio(u, v *fe) uint64 {
	var v3, t, check, minusU, minusUI, other fe
	v3.square(v)
	v3.mul(&v3, v)
	t.square(&v3)
	t.mul(&t, v)
	t.mul(&t, u)
	t.power(&t) // (u*v^7)^((p-5)/8)
	v3.mul(&v3, u)
	r.mul(&v3, &t)
	check.square(r)
	check.mul(&check, v)
	minusU.sub(&zero, u) // weight 2
	minusUI.mul(&minusU, &sqrtM1)
	correct := check.equal(u)
	flipped := check.equal(&minusU)
	flippedI := check.equal(&minusUI)
	other.mul(r, &sqrtM1)
	r.pick(&other, flipped|flippedI)
	r.negateIf(r.negative())
	return correct | flipped
}
