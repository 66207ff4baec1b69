package limb

// packed is a cached point with two limbs in a word, which halves the work of
// choosing one from a table: the limbs of sum, diff, z2 and td in a row, all
// less than 2^32.
type packed [18]uint64

// table holds 1 to 8 times a point, in two halves: TinyGo keeps arrays over
// 1,000 bytes on the heap, and core.wasm has none.
type table [4]packed

//go:noinline
func (t *packed) set(c *cached) {
	var l [36]uint64
	copy(l[0:], c.sum[:])
	copy(l[9:], c.diff[:])
	copy(l[18:], c.z2[:])
	copy(l[27:], c.td[:])
	for i := range t {
		t[i] = l[2*i] | l[2*i+1]<<32
	}
}

// multiples fills a table.
//
//go:noinline
func multiples(low, high *table, p *point) {
	var c, next cached
	c.set(p)
	low[0].set(&c)
	q := *p
	for i := 1; i < 8; i++ {
		q.add(&q, &c, true)
		next.set(&q)
		if i < 4 {
			low[i].set(&next)
		} else {
			high[i-4].set(&next)
		}
	}
}

// choose sets c to digit times the table's point, for -8 to 8, reading the
// whole table whatever the digit.
//
//go:noinline
func (c *cached) choose(low, high *table, digit int8) {
	sign := uint64(int64(digit) >> 63)
	size := (uint64(int64(digit)) ^ sign) - sign
	var l [36]uint64
	m := isZero(size)
	l[0], l[9], l[18] = m&1, m&1, m&2 // the identity
	var w packed
	for i := range low {
		m, n := isZero(size^uint64(i+1)), isZero(size^uint64(i+5))
		for j := range w {
			w[j] |= m&low[i][j] | n&high[i][j]
		}
	}
	for j, x := range w {
		l[2*j] |= x & (1<<32 - 1)
		l[2*j+1] |= x >> 32
	}
	c.sum, c.diff = fe(l[0:9]), fe(l[9:18])
	c.z2, c.td = fe(l[18:27]), fe(l[27:36])
	c.negate(sign)
}

// product sets r to a*p, in constant time.
//
//go:noinline
func (r *point) product(a *Scalar, p *point) {
	var low, high table
	multiples(&low, &high, p)
	d := a.digits()
	var c cached
	q := point{y: one, z: one}
	for i := 63; i >= 0; i-- {
		if i < 63 {
			q.double(&q, false)
			q.double(&q, false)
			q.double(&q, false)
			q.double(&q, true)
		}
		c.choose(&low, &high, d[i])
		q.add(&q, &c, i == 0)
	}
	*r = q
}

// Mul sets e to k*a, in constant time.
func (e *Element) Mul(k *Scalar, a *Element) { e.p.product(k, &a.p) }

// MulBase sets e to k times the generator, in constant time.
func (e *Element) MulBase(k *Scalar) {
	var g Element
	g.SetGenerator()
	e.p.product(k, &g.p)
}

// Mul2 sets e to j*a + k*b, in constant time and less than that of two Mul.
func (e *Element) Mul2(j *Scalar, a *Element, k *Scalar, b *Element) {
	var aLow, aHigh, bLow, bHigh table
	multiples(&aLow, &aHigh, &a.p)
	multiples(&bLow, &bHigh, &b.p)
	m, n := j.digits(), k.digits()
	var c cached
	q := point{y: one, z: one}
	for i := 63; i >= 0; i-- {
		if i < 63 {
			q.double(&q, false)
			q.double(&q, false)
			q.double(&q, false)
			q.double(&q, true)
		}
		c.choose(&aLow, &aHigh, m[i])
		q.add(&q, &c, true)
		c.choose(&bLow, &bHigh, n[i])
		q.add(&q, &c, i == 0)
	}
	e.p = q
}
