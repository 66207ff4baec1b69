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

// work is room for a doubling or an addition. It is passed in because making
// it zero again each time would take 5% of a product.
type work struct{ a, b, e, f, g, h fe }

// double sets p to 2p; p.t only if withT, as the next doubling needs none.
//
//go:noinline
func (p *point) double(w *work, withT bool) {
	w.a.square(&p.x)
	w.b.square(&p.y)
	w.f.square(&p.z)
	w.f.plus(&w.f, &w.f)
	w.e.plus(&p.x, &p.y)
	w.e.square(&w.e)
	w.h.plus(&w.b, &w.a)       // 2
	w.g.minus(&w.b, &w.a)      // 3
	w.e.minusCarry(&w.e, &w.h) // 1: 2xy
	w.f.minusCarry(&w.f, &w.g) // 1
	p.x.mul(&w.e, &w.f)
	p.y.mul(&w.g, &w.h) // 3 * 2
	p.z.mul(&w.f, &w.g) // 1 * 3
	if withT {
		p.t.mul(&w.e, &w.h)
	}
}

// add sets p to p+c; p.t only if withT.
//
//go:noinline
func (p *point) add(w *work, c *cached, withT bool) {
	w.a.minus(&p.y, &p.x)  // 3
	w.a.mul(&w.a, &c.diff) // 3 * 2
	w.b.plus(&p.y, &p.x)   // 2
	w.b.mul(&w.b, &c.sum)  // 2 * 2
	w.f.mul(&p.t, &c.td)
	w.g.mul(&p.z, &c.z2)
	p.finish(w, withT)
}

// finish is the second half of an addition: w.a and w.b are the products of the
// differences and of the sums, w.f is 2d*T*T and w.g is 2*Z*Z, all of weight 1.
//
//go:noinline
func (p *point) finish(w *work, withT bool) {
	w.e.minusCarry(&w.b, &w.a) // 1
	w.h.plus(&w.b, &w.a)       // 2
	w.a.minus(&w.g, &w.f)      // 3
	w.b.plus(&w.g, &w.f)       // 2
	p.x.mul(&w.e, &w.a)
	p.z.mul(&w.a, &w.b) // 3 * 2
	p.y.mul(&w.b, &w.h)
	if withT {
		p.t.mul(&w.e, &w.h)
	}
}

// addPoint sets r to p+q.
//
//go:noinline
func (r *point) addPoint(p, q *point) {
	var c cached
	var w work
	c.set(q)
	if r != p {
		*r = *p
	}
	r.add(&w, &c, true)
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
