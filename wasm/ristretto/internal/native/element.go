// Package native is ristretto255 (RFC 9496) over filippo.io/edwards25519, for
// machines with a wide multiplication. Use package ristretto, which chooses;
// package limb is the other choice, with the same functions.
package native

import (
	"encoding/hex"

	"filippo.io/edwards25519"
	"filippo.io/edwards25519/field"
)

// Element is an element of the group. The zero Element is none: set it first.
type Element struct{ p edwards25519.Point }

type fe = field.Element

// Constants of RFC 9496, section 4.1.
var (
	zero, one   = *new(fe).Zero(), *new(fe).One()
	edwardsD    = constant("a3785913ca4deb75abd841414d0a700098e879777940c78c73fe6f2bee6c0352")
	sqrtM1      = constant("b0a00e4a271beec478e42fad0618432fa7d7fb3d99004d2b0bdfc14f8024832b")
	sqrtADM1    = constant("1b2e7b49a0f6977ebd54781b0c8e9daffdd1f531c9fc3c0fac48832bbf316937") // SQRT_AD_MINUS_ONE
	invSqrtAMD  = constant("ea405d80aafdc899be72415a17162f9d40d801fe917bc216a2fcafcf05896c78") // INVSQRT_A_MINUS_D
	oneMinusDSq = *new(fe).Subtract(&one, new(fe).Square(&edwardsD))
	dMinusOneSq = *new(fe).Square(new(fe).Subtract(&edwardsD, &one))
)

func constant(text string) (x fe) {
	b, err := hex.DecodeString(text)
	if err == nil {
		_, err = x.SetBytes(b)
	}
	if err != nil {
		panic(err)
	}
	return
}

// bytes is x.Bytes without an allocation where it is inlined.
func bytes(x *fe) [32]byte { return [32]byte(x.Bytes()) }

// set sets e to the point of these extended coordinates.
func (e *Element) set(x, y, z, t *fe) {
	if _, err := e.p.SetExtendedCoordinates(x, y, z, t); err != nil {
		panic("ristretto: not on the curve")
	}
}

// SetIdentity sets e to the identity.
func (e *Element) SetIdentity() { e.p.Set(identity) }

// SetGenerator sets e to the group's generator.
func (e *Element) SetGenerator() { e.p.Set(generator) }

var (
	identity  = edwards25519.NewIdentityPoint()
	generator = edwards25519.NewGeneratorPoint()
)

// Decode sets e to the element that in encodes (RFC 9496, section 4.3.1) and
// answers whether there is one; if not, e is the identity. Each element has one
// encoding. The identity's is all zeros.
func (e *Element) Decode(in *[32]byte) bool {
	e.SetIdentity()
	var s, ss, u1, u2, u2s, v, root, x, y, t fe
	s.SetBytes(in[:])
	if bytes(&s) != *in || s.IsNegative() == 1 {
		return false
	}
	ss.Square(&s)
	u1.Subtract(&one, &ss)
	u2.Add(&one, &ss)
	u2s.Square(&u2)
	v.Square(&u1)
	v.Multiply(&v, &edwardsD)
	v.Add(&v, &u2s)
	v.Negate(&v)
	t.Multiply(&v, &u2s)
	_, square := root.SqrtRatio(&one, &t)
	x.Multiply(&root, &u2)
	y.Multiply(&root, &x)
	y.Multiply(&y, &v)
	x.Multiply(&x, &s)
	x.Add(&x, &x)
	x.Absolute(&x)
	y.Multiply(&y, &u1)
	t.Multiply(&x, &y)
	if square == 0 || t.IsNegative() == 1 || y.Equal(&zero) == 1 {
		return false
	}
	e.set(&x, &y, &one, &t)
	return true
}

// Encode writes the encoding of e (RFC 9496, section 4.3.2). A [Batch] does it
// faster for many.
func (e *Element) Encode(out *[32]byte) {
	x0, y0, z, t0 := e.p.ExtendedCoordinates()
	var u1, u2, root, den1, den2, zInv, x, y, t fe
	u1.Add(z, y0)
	t.Subtract(z, y0)
	u1.Multiply(&u1, &t)
	u2.Multiply(x0, y0)
	t.Square(&u2)
	t.Multiply(&t, &u1)
	root.SqrtRatio(&one, &t)
	den1.Multiply(&root, &u1)
	den2.Multiply(&root, &u2)
	zInv.Multiply(&den1, &den2)
	zInv.Multiply(&zInv, t0)
	rotate := t.Multiply(t0, &zInv).IsNegative()
	x.Select(t.Multiply(y0, &sqrtM1), x0, rotate)
	y.Select(t.Multiply(x0, &sqrtM1), y0, rotate)
	den2.Select(t.Multiply(&den1, &invSqrtAMD), &den2, rotate)
	negate := t.Multiply(&x, &zInv).IsNegative()
	y.Select(t.Negate(&y), &y, negate)
	t.Subtract(z, &y)
	t.Multiply(&t, &den2)
	t.Absolute(&t)
	*out = bytes(&t)
}

// Equal returns 1 if e = f and 0 if not.
func (e *Element) Equal(f *Element) int {
	x1, y1, _, _ := e.p.ExtendedCoordinates()
	x2, y2, _, _ := f.p.ExtendedCoordinates()
	var a, b, c, d fe
	a.Multiply(x1, y2)
	b.Multiply(y1, x2)
	c.Multiply(y1, y2)
	d.Multiply(x1, x2)
	return a.Equal(&b) | c.Equal(&d)
}

// IsIdentity returns 1 if e is the identity and 0 if not.
func (e *Element) IsIdentity() int {
	x, y, _, _ := e.p.ExtendedCoordinates()
	return x.Equal(&zero) | y.Equal(&zero)
}

// Add sets e to a+b.
func (e *Element) Add(a, b *Element) { e.p.Add(&a.p, &b.p) }

// Sub sets e to a-b.
func (e *Element) Sub(a, b *Element) { e.p.Subtract(&a.p, &b.p) }

// Negate sets e to -a.
func (e *Element) Negate(a *Element) { e.p.Negate(&a.p) }

// Mul sets e to k*a, in constant time.
func (e *Element) Mul(k *Scalar, a *Element) { e.p.ScalarMult(&k.s, &a.p) }

// MulBase sets e to k times the generator, in constant time.
func (e *Element) MulBase(k *Scalar) { e.p.ScalarBaseMult(&k.s) }

// Mul2 sets e to j*a + k*b, in constant time.
func (e *Element) Mul2(j *Scalar, a *Element, k *Scalar, b *Element) {
	var t Element
	t.Mul(j, a)
	e.Mul(k, b)
	e.Add(e, &t)
}

// Map sets e to the element that the one-way map gives for 64 bytes (RFC 9496,
// section 4.3.4): uniform for uniform bytes.
func (e *Element) Map(in *[64]byte) {
	var p, q Element
	p.mapHalf(in[:32])
	q.mapHalf(in[32:])
	e.Add(&p, &q)
}

// mapHalf is MAP of RFC 9496, section 4.3.4.
func (e *Element) mapHalf(in []byte) {
	var t, r, u, v, s, c, n, w, w0, w1 fe
	t.SetBytes(in)
	r.Square(&t)
	r.Multiply(&r, &sqrtM1)
	u.Add(&r, &one)
	u.Multiply(&u, &oneMinusDSq)
	v.Multiply(&r, &edwardsD)
	v.Add(&v, &one)
	v.Negate(&v)
	w.Add(&r, &edwardsD)
	v.Multiply(&v, &w)
	_, square := s.SqrtRatio(&u, &v)
	w.Multiply(&s, &t)
	w.Absolute(&w)
	w.Negate(&w)
	s.Select(&s, &w, square)
	c.Negate(&one)
	c.Select(&c, &r, square)
	n.Subtract(&r, &one)
	n.Multiply(&n, &c)
	n.Multiply(&n, &dMinusOneSq)
	n.Subtract(&n, &v)
	w0.Add(&s, &s)
	w0.Multiply(&w0, &v)
	w1.Multiply(&n, &sqrtADM1)
	w.Square(&s)
	t.Subtract(&one, &w) // w2
	w.Add(&one, &w)      // w3
	e.set(new(fe).Multiply(&w0, &w), new(fe).Multiply(&t, &w1),
		new(fe).Multiply(&w1, &w), new(fe).Multiply(&w0, &t))
}
