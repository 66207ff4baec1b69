package limb

// Element is an element of the group. The zero Element is none: set it first.
type Element struct{ p point }

// SetIdentity sets e to the identity.
func (e *Element) SetIdentity() { e.p.setIdentity() }

// SetGenerator sets e to the group's generator.
//
//go:noinline
func (e *Element) SetGenerator() {
	e.p = point{x: generatorX, y: generatorY, z: one, t: generatorXY}
}

// Decode sets e to the element that in encodes (RFC 9496, section 4.3.1) and
// answers whether there is one; if not, e is the identity. Each element has one
// encoding. The identity's is all zeros.
//
//go:noinline
func (e *Element) Decode(in *[32]byte) bool {
	var s, ss, u1, u2, u2s, v, w, root fe
	x, y, t := &e.p.x, &e.p.y, &e.p.t
	s.setBytes(in)
	// The smallest representative, and even: else it is not canonical.
	var again [32]byte
	s.bytes(&again)
	var diff uint64
	for i := range again {
		diff |= uint64(again[i] ^ in[i])
	}
	bad := ^isZero(diff) | s.negative()

	ss.square(&s)
	u1.sub(&one, &ss) // 3
	u1.carry()
	u2.add(&one, &ss) // 2
	u2s.square(&u2)
	v.square(&u1)
	v.mul(&v, &edwardsD)
	v.add(&v, &u2s)
	v.subCarry(&zero, &v) // -(d*u1^2) - u2^2
	w.mul(&v, &u2s)
	square := root.sqrtRatio(&one, &w)
	x.mul(&root, &u2) // den_x
	y.mul(&root, x)
	y.mul(y, &v) // den_y
	x.mul(x, &s)
	x.add(x, x)
	x.negateIf(x.negative())
	y.mul(y, &u1)
	t.mul(x, y)
	bad |= ^square | t.negative() | y.zero()

	e.p.z = one
	var identity Element
	identity.SetIdentity()
	e.pick(&identity, bad)
	return bad == 0
}

//go:noinline
func (e *Element) pick(f *Element, m uint64) {
	e.p.x.pick(&f.p.x, m)
	e.p.y.pick(&f.p.y, m)
	e.p.z.pick(&f.p.z, m)
	e.p.t.pick(&f.p.t, m)
}

// Encode writes the encoding of e (RFC 9496, section 4.3.2). A [Batch] does it
// faster for many.
//
//go:noinline
func (e *Element) Encode(out *[32]byte) {
	var u1, u2, root, den1, den2, zInv, x, y, t fe
	p := &e.p
	u1.add(&p.z, &p.y) // 2
	t.sub(&p.z, &p.y)  // 3
	u1.mul(&u1, &t)
	u2.mul(&p.x, &p.y)
	t.square(&u2)
	t.mul(&t, &u1)
	root.sqrtRatio(&one, &t)
	den1.mul(&root, &u1)
	den2.mul(&root, &u2)
	zInv.mul(&den1, &den2)
	zInv.mul(&zInv, &p.t)
	t.mul(&p.t, &zInv)
	rotate := t.negative()
	x, y = p.x, p.y
	t.mul(&p.y, &sqrtM1)
	x.pick(&t, rotate)
	t.mul(&p.x, &sqrtM1)
	y.pick(&t, rotate)
	t.mul(&den1, &invSqrtAMD)
	den2.pick(&t, rotate)
	t.mul(&x, &zInv)
	y.negateIf(t.negative())
	t.sub(&p.z, &y)
	t.mul(&t, &den2)
	t.negateIf(t.negative())
	t.bytes(out)
}

// Equal returns 1 if e = f and 0 if not.
func (e *Element) Equal(f *Element) int {
	var a, b, c, d fe
	a.mul(&e.p.x, &f.p.y)
	b.mul(&e.p.y, &f.p.x)
	c.mul(&e.p.y, &f.p.y)
	d.mul(&e.p.x, &f.p.x)
	return int((a.equal(&b) | c.equal(&d)) & 1)
}

// IsIdentity returns 1 if e is the identity and 0 if not.
//
//go:noinline
func (e *Element) IsIdentity() int {
	return int((e.p.x.zero() | e.p.y.zero()) & 1)
}

// Add sets e to a+b.
func (e *Element) Add(a, b *Element) { e.p.addPoint(&a.p, &b.p) }

// Sub sets e to a-b.
func (e *Element) Sub(a, b *Element) {
	var minus point
	minus.negatePoint(&b.p)
	e.p.addPoint(&a.p, &minus)
}

// Negate sets e to -a.
func (e *Element) Negate(a *Element) { e.p.negatePoint(&a.p) }

// Map sets e to the element that the one-way map gives for 64 bytes (RFC 9496,
// section 4.3.4): uniform for uniform bytes.
//
//go:noinline
func (e *Element) Map(in *[64]byte) {
	var p, q point
	p.mapHalf((*[32]byte)(in[:32]))
	q.mapHalf((*[32]byte)(in[32:]))
	e.p.addPoint(&p, &q)
}

// mapHalf is MAP of RFC 9496, section 4.3.4.
//
//go:noinline
func (p *point) mapHalf(in *[32]byte) {
	var t, r, u, v, s, c, n, w fe
	t.setBytes(in)
	r.square(&t)
	r.mul(&r, &sqrtM1)
	u.add(&r, &one)
	u.mul(&u, &oneMinusDSq)
	v.mul(&r, &edwardsD)
	v.add(&v, &one)
	v.subCarry(&zero, &v) // -1 - r*d
	w.add(&r, &edwardsD)
	v.mul(&v, &w)
	square := s.sqrtRatio(&u, &v)
	w.mul(&s, &t)
	w.negateIf(^w.negative())
	s.pick(&w, ^square)
	c.subCarry(&c, &one)
	c.pick(&r, ^square)
	n.sub(&r, &one) // 3
	n.mul(&n, &c)
	n.mul(&n, &dMinusOneSq)
	n.subCarry(&n, &v)
	u.add(&s, &s)
	u.mul(&u, &v) // w0
	n.mul(&n, &sqrtADM1)
	w.square(&s)
	t.sub(&one, &w) // w2, 3
	w.add(&one, &w) // w3, 2
	p.x.mul(&u, &w)
	p.y.mul(&t, &n)
	p.z.mul(&n, &w)
	p.t.mul(&u, &t)
}
