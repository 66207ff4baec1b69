package native

import "filippo.io/edwards25519"

// A Sum adds up products of public scalars and public elements in variable
// time: never give it a secret. Call Reset first.
//
// Products wait until SumSize of them are there; then each scalar's signed
// digits sort its point into buckets (Pippenger's algorithm), window by window.
type Sum struct {
	acc    edwards25519.Point
	n      int
	k      [SumSize]Scalar
	points [SumSize]Element
	digits [SumSize][sumWindows]int8
	bucket [sumBuckets]edwards25519.Point
	used   [sumBuckets]bool
}

const (
	// SumSize is how many products wait to be added together.
	SumSize = 128

	sumBits    = 6 // of a digit
	sumBuckets = 1 << (sumBits - 1)
	sumWindows = 253/sumBits + 1
	// Up to here the buckets cost more than a product for each.
	sumFew = 8
)

// Reset makes s the empty sum.
func (s *Sum) Reset() {
	s.n = 0
	s.acc.Set(identity)
}

// Add adds k*a.
func (s *Sum) Add(k *Scalar, a *Element) {
	if s.n == SumSize {
		s.flush()
	}
	s.k[s.n], s.points[s.n] = *k, *a
	var b [33]byte
	k.Encode((*[32]byte)(b[:]))
	d := &s.digits[s.n]
	carry := 0
	for i := range d {
		at := sumBits * i
		x := int(b[at/8]) | int(b[at/8+1])<<8
		v := x>>(at%8)&(1<<sumBits-1) + carry
		carry = (v + sumBuckets) >> sumBits
		d[i] = int8(v - carry<<sumBits)
	}
	s.n++
}

// Value sets e to the sum. More may be added to it.
func (s *Sum) Value(e *Element) {
	s.flush()
	e.p.Set(&s.acc)
}

func (s *Sum) flush() {
	if s.n <= sumFew {
		for i := range s.n {
			var p Element
			p.Mul(&s.k[i], &s.points[i])
			s.acc.Add(&s.acc, &p.p)
		}
		s.n = 0
		return
	}
	var total edwards25519.Point
	total.Set(identity)
	for w := sumWindows - 1; w >= 0; w-- {
		if w < sumWindows-1 {
			for range sumBits {
				total.Double(&total)
			}
		}
		s.window(&total, w)
	}
	s.acc.Add(&s.acc, &total)
	s.n = 0
}

// window adds the points' share of digit w to total.
func (s *Sum) window(total *edwards25519.Point, w int) {
	s.used = [sumBuckets]bool{}
	for i := range s.n {
		d := int(s.digits[i][w])
		p := &s.points[i].p
		switch {
		case d > 0 && s.used[d-1]:
			s.bucket[d-1].Add(&s.bucket[d-1], p)
		case d > 0:
			s.bucket[d-1].Set(p)
			s.used[d-1] = true
		case d < 0 && s.used[-d-1]:
			s.bucket[-d-1].Subtract(&s.bucket[-d-1], p)
		case d < 0:
			s.bucket[-d-1].Negate(p)
			s.used[-d-1] = true
		}
	}
	// Bucket d counts d times: add the running sum once per step down.
	var run edwards25519.Point
	run.Set(identity)
	some := false
	for d := sumBuckets - 1; d >= 0; d-- {
		if s.used[d] {
			run.Add(&run, &s.bucket[d])
			some = true
		}
		if some {
			total.Add(total, &run)
		}
	}
}
