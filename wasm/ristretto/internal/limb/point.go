package limb

// point is a point of edwards25519, -x^2 + y^2 = 1 + d*x^2*y^2, with x = X/Z,
// y = Y/Z and xy = T/Z (Hisil et al., "Twisted Edwards Curves Revisited",
// 2008). All weights are 1.
type point struct{ x, y, z, t fe }

// cached is a point as it is added: Y+X (weight 2), Y-X (1), 2Z (2), 2dT (1).
// In one that was negated Y+X and Y-X trade their weights and 2dT has 2.
type cached struct{ sum, diff, z2, td fe }

//go:noinline
func (c *cached) set(p *point) {
	c.sum.add(&p.y, &p.x)
	c.diff.sub(&p.y, &p.x)
	c.diff.carry()
	c.z2.add(&p.z, &p.z)
	c.td.mul(&p.t, &edwardsD2)
}

// set sets r to p.
//
//go:noinline
func (r *point) set(p *point) { *r = *p }

// setIdentity sets r to the identity.
//
//go:noinline
func (r *point) setIdentity() {
	*r = point{}
	r.y[0], r.z[0] = 1, 1
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
	w.e.mul(&p.x, &p.y)
	w.mix()
	p.x.mul(&w.e, &w.f) // 2 * 1
	p.y.mul(&w.g, &w.h) // 3 * 2
	p.z.mul(&w.f, &w.g) // 1 * 3
	if withT {
		p.t.mul(&w.e, &w.h) // 2 * 2
	}
}

// mix sets, from x^2, y^2, z^2 and xy of weight 1 in a, b, f and e, what a
// doubling multiplies: h = b+a (2), g = b-a (3, as minus), e = 2e (2) and
// f = 2f-g (1, as minusCarry). In one pass, for each by itself takes a quarter
// longer.
//
//go:noinline
func (w *work) mix() {
	const p2, p4 = 1<<30 - 2, 1<<31 - 4 // limbs of 128p and 256p, but limb 0
	w.h[0] = w.b[0] + w.a[0]
	w.g[0] = w.b[0] + (1<<30 - 2432) - w.a[0]
	w.e[0] *= 2
	f := 2*w.f[0] + (1<<31 - 4864) - w.g[0]
	// What limb 8, done last, carries into limb 0.
	w.f[0] = f&mask + fold*((2*w.f[8]+(p4-p2)+w.a[8]-w.b[8])>>29)
	for i := 1; i < 9; i++ {
		c := f >> 29
		g := w.b[i] + p2 - w.a[i]
		f = 2*w.f[i] + p4 - g
		w.h[i] = w.b[i] + w.a[i]
		w.g[i] = g
		w.e[i] *= 2
		w.f[i] = f&mask + c
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
		r.set(p)
	}
	r.add(&w, &c, true)
}

// negatePoint sets r to -p.
//
//go:noinline
func (r *point) negatePoint(p *point) {
	r.x.subCarry(&zero, &p.x)
	r.y, r.z = p.y, p.z
	r.t.subCarry(&zero, &p.t)
}
