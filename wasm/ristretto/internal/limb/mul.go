package limb

// mul sets r to a*b, of weight 1. The weights of a and b multiply to 6 at most.
//
// Then a column sums at most 9 products to 54 * (2^29+2^17)^2 < 2^63.76. What
// is folded into a lower column is less than 1216 * (2^29 + 2^35) < 2^45.3 and
// a carry less than 2^35, so columns stay below 2^64. The carry out of the
// ninth, less than 2^35, is folded into the first, which hands 2^16.3 to the
// second: only limb 1 can exceed 29 bits, by less than 2^17.
//
//go:noinline
func (r *fe) mul(a, b *fe) {
	a0, a1, a2, a3, a4, a5, a6, a7, a8 := a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]
	b0, b1, b2, b3, b4, b5, b6, b7, b8 := b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8]
	c0 := a0 * b0
	c1 := a0*b1 + a1*b0
	c2 := a0*b2 + a1*b1 + a2*b0
	c3 := a0*b3 + a1*b2 + a2*b1 + a3*b0
	c4 := a0*b4 + a1*b3 + a2*b2 + a3*b1 + a4*b0
	c5 := a0*b5 + a1*b4 + a2*b3 + a3*b2 + a4*b1 + a5*b0
	c6 := a0*b6 + a1*b5 + a2*b4 + a3*b3 + a4*b2 + a5*b1 + a6*b0
	c7 := a0*b7 + a1*b6 + a2*b5 + a3*b4 + a4*b3 + a5*b2 + a6*b1 + a7*b0
	c8 := a0*b8 + a1*b7 + a2*b6 + a3*b5 + a4*b4 + a5*b3 + a6*b2 + a7*b1 + a8*b0
	c9 := a1*b8 + a2*b7 + a3*b6 + a4*b5 + a5*b4 + a6*b3 + a7*b2 + a8*b1
	c10 := a2*b8 + a3*b7 + a4*b6 + a5*b5 + a6*b4 + a7*b3 + a8*b2
	c11 := a3*b8 + a4*b7 + a5*b6 + a6*b5 + a7*b4 + a8*b3
	c12 := a4*b8 + a5*b7 + a6*b6 + a7*b5 + a8*b4
	c13 := a5*b8 + a6*b7 + a7*b6 + a8*b5
	c14 := a6*b8 + a7*b7 + a8*b6
	c15 := a7*b8 + a8*b7
	c16 := a8 * b8

	c0 += fold * (c9 & mask)
	c1 += fold * (c10&mask + c9>>29)
	c2 += fold * (c11&mask + c10>>29)
	c3 += fold * (c12&mask + c11>>29)
	c4 += fold * (c13&mask + c12>>29)
	c5 += fold * (c14&mask + c13>>29)
	c6 += fold * (c15&mask + c14>>29)
	c7 += fold * (c16&mask + c15>>29)
	c8 += fold * (c16 >> 29)
	c1 += c0 >> 29
	c2 += c1 >> 29
	c3 += c2 >> 29
	c4 += c3 >> 29
	c5 += c4 >> 29
	c6 += c5 >> 29
	c7 += c6 >> 29
	c8 += c7 >> 29
	c0 = c0&mask + fold*(c8>>29)
	r[0] = c0 & mask
	r[1] = c1&mask + c0>>29
	r[2] = c2 & mask
	r[3] = c3 & mask
	r[4] = c4 & mask
	r[5] = c5 & mask
	r[6] = c6 & mask
	r[7] = c7 & mask
	r[8] = c8 & mask
}

// square is mul with a for both: the weight of a is 2 at most.
//
//go:noinline
func (r *fe) square(a *fe) {
	a0, a1, a2, a3, a4, a5, a6, a7, a8 := a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]
	d0, d1, d2, d3, d4, d5, d6, d7 := 2*a0, 2*a1, 2*a2, 2*a3, 2*a4, 2*a5, 2*a6, 2*a7
	c0 := a0 * a0
	c1 := d0 * a1
	c2 := d0*a2 + a1*a1
	c3 := d0*a3 + d1*a2
	c4 := d0*a4 + d1*a3 + a2*a2
	c5 := d0*a5 + d1*a4 + d2*a3
	c6 := d0*a6 + d1*a5 + d2*a4 + a3*a3
	c7 := d0*a7 + d1*a6 + d2*a5 + d3*a4
	c8 := d0*a8 + d1*a7 + d2*a6 + d3*a5 + a4*a4
	c9 := d1*a8 + d2*a7 + d3*a6 + d4*a5
	c10 := d2*a8 + d3*a7 + d4*a6 + a5*a5
	c11 := d3*a8 + d4*a7 + d5*a6
	c12 := d4*a8 + d5*a7 + a6*a6
	c13 := d5*a8 + d6*a7
	c14 := d6*a8 + a7*a7
	c15 := d7 * a8
	c16 := a8 * a8

	c0 += fold * (c9 & mask)
	c1 += fold * (c10&mask + c9>>29)
	c2 += fold * (c11&mask + c10>>29)
	c3 += fold * (c12&mask + c11>>29)
	c4 += fold * (c13&mask + c12>>29)
	c5 += fold * (c14&mask + c13>>29)
	c6 += fold * (c15&mask + c14>>29)
	c7 += fold * (c16&mask + c15>>29)
	c8 += fold * (c16 >> 29)
	c1 += c0 >> 29
	c2 += c1 >> 29
	c3 += c2 >> 29
	c4 += c3 >> 29
	c5 += c4 >> 29
	c6 += c5 >> 29
	c7 += c6 >> 29
	c8 += c7 >> 29
	c0 = c0&mask + fold*(c8>>29)
	r[0] = c0 & mask
	r[1] = c1&mask + c0>>29
	r[2] = c2 & mask
	r[3] = c3 & mask
	r[4] = c4 & mask
	r[5] = c5 & mask
	r[6] = c6 & mask
	r[7] = c7 & mask
	r[8] = c8 & mask
}
