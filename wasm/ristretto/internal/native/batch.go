package native

// BatchSize is how many products a [Batch] holds.
const BatchSize = 64

// Batch computes the encodings of many products with one field inversion and
// no square root between them. The zero Batch is empty. It is as secret as
// what it is given.
//
// An encoding needs an inverse square root, but that of 2P only an inverse
// (Hamburg's observation, as in curve25519-dalek's double_and_compress_batch),
// and inverses batch. So it holds P = (k/2)*A for each product k*A.
type Batch struct {
	n       int
	q       [BatchSize]doubled
	product [BatchSize]fe
}

// doubled is the point 2P = (e*h : f*g : f*h : e*g), up to sign, with e = 2XY,
// f = Z^2+dT^2, g = Y^2+X^2, h = Z^2-dT^2.
type doubled struct{ e, f, g, h fe }

// Len returns how many products b holds.
func (b *Batch) Len() int { return b.n }

// Add appends k*a, in constant time. b must hold less than BatchSize.
func (b *Batch) Add(k *Scalar, a *Element) {
	var x Scalar
	var p Element
	x.Mul(k, &half)
	p.Mul(&x, a)
	px, py, pz, pt := p.p.ExtendedCoordinates()
	var t fe
	q := &b.q[b.n]
	q.e.Multiply(px, t.Add(py, py))
	pz.Square(pz)
	pt.Square(pt)
	pt.Multiply(pt, &edwardsD)
	q.f.Add(pz, pt)
	q.h.Subtract(pz, pt)
	q.g.Add(py.Square(py), px.Square(px))
	b.product[b.n] = q.efgh()
	if b.n > 0 {
		b.product[b.n].Multiply(&b.product[b.n], &b.product[b.n-1])
	}
	b.n++
}

// efgh returns e*f*g*h, or 1 where that is 0: for the identity, where e or g
// is 0; f and h never are, as d is not a square and -1 is.
func (q *doubled) efgh() (r fe) {
	var t fe
	r.Multiply(&q.e, &q.g)
	r.Multiply(&r, t.Multiply(&q.f, &q.h))
	r.Select(&one, &r, r.Equal(&zero))
	return
}

// Encode writes the 32-byte encodings of all products, in order, to the front
// of out, and empties b.
func (b *Batch) Encode(out []byte) {
	if b.n == 0 {
		return
	}
	var inv, own fe
	inv.Invert(&b.product[b.n-1])
	for i := b.n - 1; i >= 0; i-- {
		q := &b.q[i]
		own = inv
		if i > 0 {
			own.Multiply(&inv, &b.product[i-1])
			x := q.efgh()
			inv.Multiply(&inv, &x)
		}
		q.encode(&own, (*[32]byte)(out[32*i:]))
		*q = doubled{}
		b.product[i] = fe{}
	}
	b.n = 0
}

// encode writes the encoding of q; inv is 1/(e*f*g*h), or 1 for the identity.
func (q *doubled) encode(inv *fe, out *[32]byte) {
	var eg, zInv, tInv, t, e, g, h, magic fe
	eg.Multiply(&q.e, &q.g)
	zInv.Multiply(&eg, inv)
	tInv.Multiply(&q.f, &q.h)
	tInv.Multiply(&tInv, inv)
	rotate := t.Multiply(&eg, &zInv).IsNegative()
	e.Select(&q.g, &q.e, rotate)
	g.Select(t.Negate(&q.e), &q.g, rotate)
	h.Select(t.Multiply(&q.f, &sqrtM1), &q.h, rotate)
	magic.Select(&sqrtM1, &invSqrtAMD, rotate)
	t.Multiply(&h, &e)
	negate := t.Multiply(&t, &zInv).IsNegative()
	g.Select(t.Negate(&g), &g, negate)
	magic.Multiply(&magic, &g)
	magic.Multiply(&magic, &tInv)
	t.Subtract(&h, &g)
	t.Multiply(&t, &magic)
	t.Select(&zero, &t, eg.Equal(&zero))
	t.Absolute(&t)
	*out = bytes(&t)
}
