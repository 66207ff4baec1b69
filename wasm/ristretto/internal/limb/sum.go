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

// affine is y+x, y-x and 2dxy of a point with Z = 1, all less than 2^32.
type affine [27]uint32

//go:noinline
func (a *affine) set(p *point) {
	x, y, t := p.x, p.y, p.t
	if p.z != one {
		var inv fe
		inv.invert(&p.z)
		x.mul(&x, &inv)
		y.mul(&y, &inv)
		t.mul(&x, &y)
	}
	c := cached{}
	c.set(&point{x, y, one, t})
	for i := range 9 {
		a[i], a[9+i], a[18+i] = uint32(c.sum[i]), uint32(c.diff[i]), uint32(c.td[i])
	}
}

// get answers y+x, y-x and 2dxy of the point or its negative; no weight is more
// than 2.
//
//go:noinline
func (a *affine) get(negative bool) (sum, diff, td fe) {
	for i := range 9 {
		sum[i], diff[i], td[i] = uint64(a[i]), uint64(a[9+i]), uint64(a[18+i])
	}
	if negative {
		sum, diff = diff, sum
		td.sub(&fe{}, &td)
	}
	return
}

// setAffine sets r to a, or to -a.
//
//go:noinline
func (r *point) setAffine(a *affine, negative bool) {
	sum, diff, _ := a.get(negative)
	// 2x, 2y and 2 are the point's X, Y and Z; all doubled, T is their X*Y.
	r.x.subCarry(&sum, &diff)
	r.y.add(&sum, &diff) // 3
	r.t.mul(&r.x, &r.y)
	r.x.add(&r.x, &r.x)
	r.x.carry()
	r.y.add(&r.y, &r.y)
	r.y.carry()
	r.z = fe{4}
}

// addAffine sets r to r+a, or r-a.
//
//go:noinline
func (r *point) addAffine(w *work, p *affine, negative bool) {
	sum, diff, td := p.get(negative)
	w.a.minus(&r.y, &r.x) // 3
	w.a.mul(&w.a, &diff)
	w.b.plus(&r.y, &r.x) // 2
	w.b.mul(&w.b, &sum)
	w.f.mul(&r.t, &td)
	w.g.plus(&r.z, &r.z)
	w.g.carryHere()
	r.finish(w, true)
}

// Reset makes s the empty sum.
//
//go:noinline
func (s *Sum) Reset() {
	s.n = 0
	s.acc = point{y: one, z: one}
}

// Add adds k*a. An element fresh from Decode costs least.
//
//go:noinline
func (s *Sum) Add(k *Scalar, a *Element) {
	if s.n == SumSize {
		s.flush()
	}
	if s.n < sumFew {
		s.few[s.n].k, s.few[s.n].a = *k, *a
	}
	s.points[s.n].set(&a.p)
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
	e.p = s.acc
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
	total := point{y: one, z: one}
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

// digit answers the signed digit of scalar i from bit at on (Booth's recoding):
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
	for i := range s.n {
		d := s.digit(i, at)
		if d == 0 {
			continue
		}
		negative := d < 0
		if negative {
			d = -d
		}
		b := &s.bucket[d-1]
		if !s.used[d-1] {
			s.used[d-1] = true
			b.setAffine(&s.points[i], negative)
		} else {
			b.addAffine(&s.work, &s.points[i], negative)
		}
	}
	// Bucket d counts d times: add the running sum once per step down.
	run := point{y: one, z: one}
	var c cached
	any := false
	for d := 1<<(s.bits-1) - 1; d >= 0; d-- {
		if s.used[d] {
			if any {
				run.addPoint(&run, &s.bucket[d])
			} else {
				run = s.bucket[d]
			}
			any = true
			c.set(&run)
		}
		if any {
			total.add(&s.work, &c, true)
		}
	}
}
