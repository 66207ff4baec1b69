package limb

// A Sum adds up products of public scalars and public elements in variable
// time: never give it a secret. Call Reset first.
//
// Products wait until SumSize of them are there; then each scalar's signed
// digits sort its point into buckets (Pippenger's algorithm), window by window.
// A digit of b bits costs an addition for each point and about two for each of
// 2^(b-1) buckets, so there are more bits the more points there are.
type Sum struct {
	acc     point
	n       int
	bits    uint // of a digit
	points  [SumSize]affine
	scalars [SumSize][9]uint32 // limbs
	bucket  [sumBuckets]point
	used    [sumBuckets]bool
	work    work
	// The first products as they came: a few are cheaper one by one.
	few [sumFew]struct {
		k Scalar
		a Element
	}
}

const (
	// SumSize is how many products wait to be added together.
	SumSize = 512

	scalarBits = 253

	sumBits    = 7 // of a digit, at most
	sumBuckets = 1 << (sumBits - 1)
	// Up to here the buckets cost more than a product for each.
	sumFew = 4
)

// affine is sum, diff and td of a cached point with Z = 1, all less than 2^32.
type affine [27]uint32

//go:noinline
func (a *affine) set(p *point) {
	var c cached
	c.set(p)
	for i := range 9 {
		a[i], a[9+i], a[18+i] = uint32(c.sum[i]), uint32(c.diff[i]), uint32(c.td[i])
	}
}

// unpack sets c to a, or to -a, but for z2, which is 2.
//
//go:noinline
func (c *cached) unpack(a *affine, negative bool) {
	sum, diff := &c.sum, &c.diff
	if negative {
		sum, diff = diff, sum
	}
	for i := range 9 {
		sum[i], diff[i], c.td[i] = uint64(a[i]), uint64(a[9+i]), uint64(a[18+i])
	}
	if negative {
		c.td.sub(&zero, &c.td)
	}
}

// setAffine sets r to c, whose Z is 1.
//
//go:noinline
func (r *point) setAffine(c *cached) {
	// 2x, 2y and 2 are the point's X, Y and Z; all doubled, T is their X*Y.
	r.x.subCarry(&c.sum, &c.diff)
	r.y.add(&c.sum, &c.diff) // 3
	r.t.mul(&r.x, &r.y)
	r.x.add(&r.x, &r.x)
	r.x.carry()
	r.y.add(&r.y, &r.y)
	r.y.carry()
	r.z = fe{4}
}

// normalise makes Z 1.
//
//go:noinline
func (p *point) normalise() {
	var inv fe
	inv.invert(&p.z)
	p.x.mul(&p.x, &inv)
	p.y.mul(&p.y, &inv)
	p.z = one
	p.t.mul(&p.x, &p.y)
}

// Reset makes s the empty sum.
//
//go:noinline
func (s *Sum) Reset() {
	s.n = 0
	s.acc.setIdentity()
}

// Add adds k*a. An element fresh from Decode costs least.
//
//go:noinline
func (s *Sum) Add(k *Scalar, a *Element) {
	if s.n == SumSize {
		s.flush()
	}
	if s.n < sumFew {
		s.few[s.n].k = *k
		s.few[s.n].a.p.set(&a.p)
	}
	if a.p.z.equal(&one) != 0 {
		s.points[s.n].set(&a.p)
	} else {
		var p point
		p.set(&a.p)
		p.normalise()
		s.points[s.n].set(&p)
	}
	for i, l := range k.l {
		s.scalars[s.n][i] = uint32(l)
	}
	s.n++
}

// Value sets e to the sum. More may be added to it.
//
//go:noinline
func (s *Sum) Value(e *Element) {
	s.flush()
	e.p.set(&s.acc)
}

//go:noinline
func (s *Sum) flush() {
	if s.n <= sumFew {
		for i := range s.n {
			var p point
			p.product(&s.few[i].k, &s.few[i].a.p)
			s.acc.addPoint(&s.acc, &p)
		}
		s.n = 0
		return
	}
	s.bits = 3
	for s.n>>(s.bits+3) != 0 {
		s.bits++
	}
	var total point
	total.setIdentity()
	for at := scalarBits / s.bits * s.bits; ; at -= s.bits {
		s.window(&total, at)
		if at == 0 {
			break
		}
		for i := range s.bits {
			total.double(&s.work, i == s.bits-1)
		}
	}
	s.acc.addPoint(&s.acc, &total)
	s.n = 0
}

// digit returns the signed digit of scalar i from bit at on (Booth's recoding):
// its bits, less 2^bits if the highest is set, plus the bit below them, which
// makes up for that in the digit before.
func (s *Sum) digit(i int, at uint) int {
	l := &s.scalars[i]
	shift := at % 29
	v := uint64(l[at/29]) << 29
	if at/29 > 0 {
		v |= uint64(l[at/29-1])
	}
	v >>= 28 + shift
	if at/29 < 8 {
		v |= uint64(l[at/29+1]) << (30 - shift)
	}
	v &= 1<<(s.bits+1) - 1
	return int(v+1)>>1 - int(v>>s.bits)<<s.bits
}

// window adds the points' share of the digits from bit at on to total.
//
//go:noinline
func (s *Sum) window(total *point, at uint) {
	s.used = [sumBuckets]bool{}
	var c cached
	c.z2 = fe{2}
	for i := range s.n {
		d := s.digit(i, at)
		if d == 0 {
			continue
		}
		c.unpack(&s.points[i], d < 0)
		if d < 0 {
			d = -d
		}
		b := &s.bucket[d-1]
		if s.used[d-1] {
			b.add(&s.work, &c, true)
		} else {
			b.setAffine(&c)
			s.used[d-1] = true
		}
	}
	// Bucket d counts d times: add the running sum once per step down.
	var run point
	run.setIdentity()
	any := false
	for d := 1<<(s.bits-1) - 1; d >= 0; d-- {
		if s.used[d] {
			if any {
				run.addPoint(&run, &s.bucket[d])
			} else {
				run.set(&s.bucket[d])
			}
			any = true
			c.set(&run)
		}
		if any {
			total.add(&s.work, &c, true)
		}
	}
}
