// Package limb is ristretto255 (RFC 9496) in 64-bit words without a wide
// multiplication, which WebAssembly has not. Use package ristretto, which
// chooses between it and what a native machine does better; only its tests
// import both.
//
// A field element, modulo p = 2^255 - 19, is nine limbs of 29 bits. Products
// of limbs are summed in uint64 and carried once at the end, so that addition
// and subtraction can leave their carries out. What keeps every sum inside 64
// bits is the weight of an element: weight w says that
//
//	each limb < w * (2^29 + 2^17)
//
// Each function here says which weights it takes and gives; TestWeights runs
// them at these limits.
package limb

const (
	mask = 1<<29 - 1
	// fold is 2^261 mod p: what one unit above the ninth limb weighs.
	fold = 19 << 6
)

// fe is a field element, not always the smallest representative.
type fe [9]uint64

// add sets r to a+b. Weights add up.
//
//go:noinline
func (r *fe) add(a, b *fe) { r.plus(a, b) }

// plus is add where it is worth its room: additions and doublings of points.
//
//go:inline
func (r *fe) plus(a, b *fe) {
	for i := range r {
		r[i] = a[i] + b[i]
	}
}

// sub sets r to a-b, for b of weight 1. It adds 2 to the weight of a.
//
//go:noinline
func (r *fe) sub(a, b *fe) { r.minus(a, b) }

// minus is sub as plus is add. It adds 128p first, whose limbs here are all at
// least the largest of weight 1: limb 0 is 2^30 - 2432, the others 2^30 - 2.
//
//go:inline
func (r *fe) minus(a, b *fe) {
	r[0] = a[0] + (1<<30 - 2432) - b[0]
	for i := 1; i < 9; i++ {
		r[i] = a[i] + (1<<30 - 2) - b[i]
	}
}

// subCarry sets r to a-b, of weight 1, for weights of 3 at most.
//
//go:noinline
func (r *fe) subCarry(a, b *fe) { r.minusCarry(a, b) }

// minusCarry is subCarry as plus is add. It adds 256p, with limbs of 2^31 - 4
// and limb 0 2^31 - 4864, more than 3 * (2^29+2^17). Then no limb reaches 2^32,
// the carries are 7 at most, and the one out of the last limb comes back as
// less than 2^14.
//
//go:inline
func (r *fe) minusCarry(a, b *fe) {
	r[0] = a[0] + (1<<31 - 4864) - b[0]
	for i := 1; i < 9; i++ {
		r[i] = a[i] + (1<<31 - 4) - b[i]
	}
	r.carryHere()
}

// carry makes the weight 1, for limbs less than 2^33.
//
//go:noinline
func (r *fe) carry() { r.carryHere() }

//go:inline
func (r *fe) carryHere() {
	c := fold * (r[8] >> 29)
	for i := range r {
		next := r[i] >> 29
		r[i] = r[i]&mask + c
		c = next
	}
}
