package limb

import "math/bits"

// packed is a cached point with two limbs in a word, which halves the work of
// choosing one from a table: word i is limb i of sum and of diff, word 9+i that
// of z2 and of td. All are less than 2^32.
type packed [18]uint64

// table holds 1 to 8 times a point, in two halves: TinyGo keeps arrays over
// 1,000 bytes on the heap, and core.wasm has none.
type table [4]packed

//go:noinline
func (t *packed) set(c *cached) {
	for i := range 9 {
		t[i] = c.sum[i] | c.diff[i]<<32
		t[9+i] = c.z2[i] | c.td[i]<<32
	}
}

// multiples fills a table.
//
//go:noinline
func multiples(low, high *table, p *point) {
	var c, next cached
	var w work
	c.set(p)
	low[0].set(&c)
	var q point
	q.set(p)
	for i := 1; i < 8; i++ {
		q.add(&w, &c, true)
		next.set(&q)
		if i < 4 {
			low[i].set(&next)
		} else {
			high[i-4].set(&next)
		}
	}
}

// choose sets c to digit times the table's point, for -8 to 8, reading the
// whole table whatever the digit. For a negative one sum and diff, which share
// a word, trade places and td is taken from 128p, as minus does.
//
//go:noinline
func (c *cached) choose(low, high *table, digit int8) {
	sign := uint64(int64(digit) >> 63)
	size := (uint64(int64(digit)) ^ sign) - sign
	var m [8]uint64
	for i := range m {
		m[i] = isZero(size ^ uint64(i+1))
	}
	turn := int(sign & 32)
	p2 := sign & (1<<30 - 2432)
	for i := range 9 {
		x := bits.RotateLeft64(read(low, high, &m, i), turn)
		y := read(low, high, &m, 9+i)
		c.sum[i], c.diff[i] = x&(1<<32-1), x>>32
		c.z2[i], c.td[i] = y&(1<<32-1), (y>>32^sign)-sign+p2
		p2 = sign & (1<<30 - 2)
	}
	one := isZero(size) & 1 // of the identity
	c.sum[0] |= one
	c.diff[0] |= one
	c.z2[0] |= 2 * one
}

// read returns word i of the table's point whose mask is ones, 0 if none is.
//
//go:inline
func read(low, high *table, m *[8]uint64, i int) uint64 {
	return m[0]&low[0][i] | m[1]&low[1][i] | m[2]&low[2][i] | m[3]&low[3][i] |
		m[4]&high[0][i] | m[5]&high[1][i] | m[6]&high[2][i] | m[7]&high[3][i]
}

// product sets r to a*p, in constant time.
//
//go:noinline
func (r *point) product(a *Scalar, p *point) {
	var low, high table
	multiples(&low, &high, p)
	d := a.digits()
	var c cached
	var w work
	var q point
	q.setIdentity()
	for i := 63; i >= 0; i-- {
		if i < 63 {
			q.double(&w, false)
			q.double(&w, false)
			q.double(&w, false)
			q.double(&w, true)
		}
		c.choose(&low, &high, d[i])
		q.add(&w, &c, i == 0)
	}
	r.set(&q)
}

// Mul sets e to k*a, in constant time.
func (e *Element) Mul(k *Scalar, a *Element) { e.p.product(k, &a.p) }

// MulBase sets e to k times the generator, in constant time.
func (e *Element) MulBase(k *Scalar) {
	var g Element
	g.SetGenerator()
	e.p.product(k, &g.p)
}

// Mul2 sets e to j*a + k*b, in constant time.
func (e *Element) Mul2(j *Scalar, a *Element, k *Scalar, b *Element) {
	var p, q point
	p.product(j, &a.p)
	q.product(k, &b.p)
	e.p.addPoint(&p, &q)
}
