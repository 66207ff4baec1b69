package limb

// mul sets r to a*b, of weight 1. The weights of a and b multiply to 6 at most.
//
// Three blocks of three limbs are multiplied as Karatsuba does: p, q and s are
// the blocks' own products, u, v and w those of their sums, 54 products for 81.
// What is taken away again may go below 0 or past 2^64 on the way, but columns
// c end as the sums of products that they are.
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
	p0 := a0 * b0
	p1 := a0*b1 + a1*b0
	p2 := a0*b2 + a1*b1 + a2*b0
	p3 := a1*b2 + a2*b1
	p4 := a2 * b2
	q0 := a3 * b3
	q1 := a3*b4 + a4*b3
	q2 := a3*b5 + a4*b4 + a5*b3
	q3 := a4*b5 + a5*b4
	q4 := a5 * b5
	s0 := a6 * b6
	s1 := a6*b7 + a7*b6
	s2 := a6*b8 + a7*b7 + a8*b6
	s3 := a7*b8 + a8*b7
	s4 := a8 * b8
	ux0 := a0 + a3
	uy0 := b0 + b3
	ux1 := a1 + a4
	uy1 := b1 + b4
	ux2 := a2 + a5
	uy2 := b2 + b5
	u0 := ux0 * uy0
	u1 := ux0*uy1 + ux1*uy0
	u2 := ux0*uy2 + ux1*uy1 + ux2*uy0
	u3 := ux1*uy2 + ux2*uy1
	u4 := ux2 * uy2
	vx0 := a0 + a6
	vy0 := b0 + b6
	vx1 := a1 + a7
	vy1 := b1 + b7
	vx2 := a2 + a8
	vy2 := b2 + b8
	v0 := vx0 * vy0
	v1 := vx0*vy1 + vx1*vy0
	v2 := vx0*vy2 + vx1*vy1 + vx2*vy0
	v3 := vx1*vy2 + vx2*vy1
	v4 := vx2 * vy2
	wx0 := a3 + a6
	wy0 := b3 + b6
	wx1 := a4 + a7
	wy1 := b4 + b7
	wx2 := a5 + a8
	wy2 := b5 + b8
	w0 := wx0 * wy0
	w1 := wx0*wy1 + wx1*wy0
	w2 := wx0*wy2 + wx1*wy1 + wx2*wy0
	w3 := wx1*wy2 + wx2*wy1
	w4 := wx2 * wy2
	c0 := p0
	c1 := p1
	c2 := p2
	c3 := p3 + u0 - p0 - q0
	c4 := p4 + u1 - p1 - q1
	c5 := u2 - p2 - q2
	c6 := u3 - p3 - q3 + v0 - p0 - s0 + q0
	c7 := u4 - p4 - q4 + v1 - p1 - s1 + q1
	c8 := v2 - p2 - s2 + q2
	c9 := v3 - p3 - s3 + q3 + w0 - q0 - s0
	c10 := v4 - p4 - s4 + q4 + w1 - q1 - s1
	c11 := w2 - q2 - s2
	c12 := w3 - q3 - s3 + s0
	c13 := w4 - q4 - s4 + s1
	c14 := s2
	c15 := s3
	c16 := s4

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
