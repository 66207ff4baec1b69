package limb

// point is a point of edwards25519, -x^2 + y^2 = 1 + d*x^2*y^2, with x = X/Z,
// y = Y/Z and xy = T/Z (Hisil et al., "Twisted Edwards Curves Revisited",
// 2008). All weights are 1.
type point struct{ x, y, z, t fe }

// cached is a point as it is added: Y+X (weight 2), Y-X (1), 2Z (2), 2dT
// (2 at most).
type cached struct{ sum, diff, z2, td fe }

//go:noinline
func (c *cached) set(p *point) {
	c.sum.add(&p.y, &p.x)
	c.diff.sub(&p.y, &p.x)
	c.diff.carry()
	c.z2.add(&p.z, &p.z)
	c.td.mul(&p.t, &edwardsD2)
}

// negate sets c to -c where the mask m is ones. Sum and diff trade their
// weights, td has weight 2.
//
//go:noinline
func (c *cached) negate(m uint64) {
	var minus fe
	minus.sub(&minus, &c.td)
	c.td.pick(&minus, m)
	for i := range c.sum {
		x := m & (c.sum[i] ^ c.diff[i])
		c.sum[i] ^= x
		c.diff[i] ^= x
	}
}

// double sets r to 2p; r.t only if withT, as the next doubling needs none.
//
//go:noinline
func (r *point) double(p *point, withT bool) {
	var xx, yy, e, f, g, h fe
	xx.square(&p.x)
	yy.square(&p.y)
	f.square(&p.z)
	f.plus(&f, &f)
	e.plus(&p.x, &p.y)
	e.square(&e)
	h.plus(&yy, &xx)     // 2
	g.minus(&yy, &xx)    // 3
	e.minusCarry(&e, &h) // 1: 2xy
	f.minusCarry(&f, &g) // 1
	r.x.mul(&e, &f)
	r.y.mul(&g, &h) // 3 * 2
	r.z.mul(&f, &g) // 1 * 3
	if withT {
		r.t.mul(&e, &h)
	}
}

// add sets r to p+c; r.t only if withT.
//
//go:noinline
func (r *point) add(p *point, c *cached, withT bool) {
	var a, b, e, f, g, h fe
	a.minus(&p.y, &p.x) // 3
	a.mul(&a, &c.diff)  // 3 * 2
	b.plus(&p.y, &p.x)  // 2
	b.mul(&b, &c.sum)   // 2 * 2
	f.mul(&p.t, &c.td)
	g.mul(&p.z, &c.z2)
	r.finish(&a, &b, &f, &g, &e, &h, withT)
}

// finish is the second half of an addition: a and b are the products of the
// differences and of the sums, f is 2d*T*T and g is 2*Z*Z, all of weight 1; e
// and h are room to work in. It spoils them all.
func (r *point) finish(a, b, f, g, e, h *fe, withT bool) {
	e.minusCarry(b, a) // 1
	h.plus(b, a)       // 2
	a.minus(g, f)      // 3
	b.plus(g, f)       // 2
	r.x.mul(e, a)
	r.z.mul(a, b) // 3 * 2
	r.y.mul(b, h)
	if withT {
		r.t.mul(e, h)
	}
}

// addPoint sets r to p+q.
//
//go:noinline
func (r *point) addPoint(p, q *point) {
	var c cached
	c.set(q)
	r.add(p, &c, true)
}

// negatePoint sets r to -p.
//
//go:noinline
func (r *point) negatePoint(p *point) {
	var zero fe
	r.x.subCarry(&zero, &p.x)
	r.y, r.z = p.y, p.z
	r.t.subCarry(&zero, &p.t)
}
