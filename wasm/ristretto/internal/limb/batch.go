package limb

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
	n int
	// e, f, g, h of the doubled point in place of x, y, z, t: 2P is
	// (e*h : f*g : f*h : e*g), up to sign, with e = 2XY, f = Z^2+dT^2,
	// g = Y^2+X^2, h = Z^2-dT^2.
	q [BatchSize]point
	// The products of e*f*g*h up to here.
	product [BatchSize]fe
}

// Len returns how many products b holds.
func (b *Batch) Len() int { return b.n }

// Add appends k*a, in constant time. b must hold less than BatchSize.
//
//go:noinline
func (b *Batch) Add(k *Scalar, a *Element) {
	var x Scalar
	x.Mul(k, &half)
	q := &b.q[b.n]
	q.product(&x, &a.p)
	var xx, yy, zz, tt, e fe
	xx.square(&q.x)
	yy.square(&q.y)
	zz.square(&q.z)
	tt.square(&q.t)
	tt.mul(&tt, &edwardsD)
	e.add(&q.y, &q.y)
	q.x.mul(&q.x, &e) // e
	q.y.add(&zz, &tt) // f
	q.y.carry()
	q.z.add(&yy, &xx) // g
	q.z.carry()
	q.t.subCarry(&zz, &tt) // h
	t := &b.product[b.n]
	t.efgh(q)
	if b.n > 0 {
		t.mul(t, &b.product[b.n-1])
	}
	b.n++
}

// efgh sets r to e*f*g*h, or to 1 where that is 0: for the identity, where
// e or g is 0; f and h never are, as d is not a square and -1 is.
//
//go:noinline
func (r *fe) efgh(q *point) {
	var fh fe
	fh.mul(&q.y, &q.t)
	r.mul(&q.x, &q.z)
	r.mul(r, &fh)
	r.pick(&one, r.zero())
}

// Encode writes the 32-byte encodings of all products, in order, to the front
// of out, and empties b.
//
//go:noinline
func (b *Batch) Encode(out []byte) {
	if b.n == 0 {
		return
	}
	var inv, own fe
	inv.invert(&b.product[b.n-1])
	for i := b.n - 1; i >= 0; i-- {
		q := &b.q[i]
		own = inv
		if i > 0 {
			own.mul(&inv, &b.product[i-1])
			var x fe
			x.efgh(q)
			inv.mul(&inv, &x)
		}
		q.encodeDoubled(&own, (*[32]byte)(out[32*i:]))
		*q = point{}
		b.product[i] = fe{}
	}
	b.n = 0
}

// encodeDoubled writes the encoding of the point of which q holds e, f, g, h;
// inv is 1/(e*f*g*h), or 1 for the identity, where e*g = 0 makes it all zeros.
//
//go:noinline
func (q *point) encodeDoubled(inv *fe, out *[32]byte) {
	var eg, zInv, tInv, t fe
	eg.mul(&q.x, &q.z)
	zInv.mul(&eg, inv) // 1/(f*h)
	tInv.mul(&q.y, &q.t)
	tInv.mul(&tInv, inv) // 1/(e*g)

	t.mul(&eg, &zInv)
	rotate := t.negative()
	e, g, h, magic := q.x, q.z, q.t, invSqrtAMD
	e.pick(&q.z, rotate)
	t.subCarry(&zero, &q.x)
	g.pick(&t, rotate)
	t.mul(&q.y, &sqrtM1)
	h.pick(&t, rotate)
	magic.pick(&sqrtM1, rotate)

	t.mul(&h, &e)
	t.mul(&t, &zInv)
	g.negateIf(t.negative())

	magic.mul(&magic, &g)
	magic.mul(&magic, &tInv)
	t.sub(&h, &g)
	t.mul(&t, &magic)
	// For the identity s = (h-g)*magic*g/(e*g) is not 0 of itself.
	t.pick(&zero, eg.zero())
	t.negateIf(t.negative())
	t.bytes(out)
}
