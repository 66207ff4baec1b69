package limb

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

var prime = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))

func integer(l *[9]uint64) *big.Int {
	x := new(big.Int)
	for i := 8; i >= 0; i-- {
		x.Add(x.Lsh(x, 29), new(big.Int).SetUint64(l[i]))
	}
	return x
}

func value(a *fe) *big.Int {
	x := integer((*[9]uint64)(a))
	return x.Mod(x, prime)
}

// weight returns the least weight that fits a.
func weight(a *fe) (w int) {
	for _, x := range a {
		w = max(w, int(x/(1<<29+1<<17))+1)
	}
	return w
}

// heavy returns elements of weight w: the largest, others at the edges, and
// some at random.
func heavy(w int, random *rand.Rand) []fe {
	top := uint64(w)*(1<<29+1<<17) - 1
	all := make([]fe, 12)
	for i := range all {
		for j := range all[i] {
			switch {
			case i == 0:
				all[i][j] = top
			case i == 1 && j%2 == 0, i == 2 && j%2 == 1, i == 3 && j == 0, i == 4 && j == 8:
				all[i][j] = top
			case i == 5:
				all[i][j] = mask
			case i > 6:
				all[i][j] = random.Uint64N(top + 1)
			}
		}
	}
	// p and its neighbours, which have another representative.
	for d := int64(-1); d <= 1; d++ {
		x := new(big.Int).Add(prime, big.NewInt(d))
		var a fe
		for i := range a {
			a[i] = x.Uint64() & mask
			x.Rsh(x, 29)
		}
		all = append(all, a)
	}
	return all
}

// TestWeights runs every function at the largest limbs that it says it takes,
// and checks values against math/big and that results weigh what it says. A sum
// that left 64 bits would show as a wrong value.
func TestWeights(t *testing.T) {
	random := rand.New(rand.NewPCG(29, 9))
	check := func(what string, got *fe, w int, want *big.Int) {
		t.Helper()
		if value(got).Cmp(want.Mod(want, prime)) != 0 {
			t.Errorf("%s: %x, want %x", what, value(got), want)
		}
		if weight(got) > w {
			t.Errorf("%s: weight %d, want %d at most: %x", what, weight(got), w, *got)
		}
	}
	cases := 0
	for _, w := range [][2]int{{1, 1}, {2, 1}, {1, 2}, {2, 2}, {3, 1}, {1, 3}, {3, 2}, {2, 3}, {6, 1}, {1, 6}, {3, 3}} {
		for _, a := range heavy(w[0], random) {
			for _, b := range heavy(w[1], random) {
				cases++
				var r fe
				x, y := value(&a), value(&b)
				if w[0]*w[1] <= 6 {
					r.mul(&a, &b)
					check("mul", &r, 1, new(big.Int).Mul(x, y))
				}
				r.add(&a, &b)
				check("add", &r, w[0]+w[1], new(big.Int).Add(x, y))
				if w[1] == 1 {
					r.sub(&a, &b)
					check("sub", &r, w[0]+2, new(big.Int).Sub(x, y))
				}
				if w[0] <= 3 && w[1] <= 3 {
					r.subCarry(&a, &b)
					check("subCarry", &r, 1, new(big.Int).Sub(x, y))
					if (a.equal(&b) != 0) != (x.Cmp(y) == 0) {
						t.Errorf("equal(%x, %x): %x", a, b, a.equal(&b))
					}
				}
			}
			if w[0] <= 2 {
				var r fe
				r.square(&a)
				check("square", &r, 1, new(big.Int).Mul(value(&a), value(&a)))
			}
			r := a
			r.carry()
			check("carry", &r, 1, value(&a))
			r = a.canonical()
			if integer((*[9]uint64)(&r)).Cmp(value(&a)) != 0 {
				t.Errorf("canonical(%x) = %x", a, r)
			}
			if a.negative() != -uint64(value(&a).Bit(0)) || (a.zero() != 0) != (value(&a).Sign() == 0) {
				t.Errorf("negative(%x) = %x, zero = %x", a, a.negative(), a.zero())
			}
			if w[0] <= 3 {
				r = a
				r.negateIf(^uint64(0))
				check("negateIf", &r, 1, new(big.Int).Neg(value(&a)))
				r = a
				r.negateIf(0)
				check("negateIf not", &r, 1, value(&a))
			}
			if w[0] == 1 {
				mixed(t, &a, random)
				r.invert(&a)
				check("invert", &r, 1, new(big.Int).Exp(value(&a), new(big.Int).Sub(prime, big.NewInt(2)), prime))
			}
		}
	}
	if cases != 11*15*15 {
		t.Errorf("%d cases", cases)
	}
}

// mixed runs mix with a in every place and others as heavy beside it.
func mixed(t *testing.T, a *fe, random *rand.Rand) {
	t.Helper()
	others := heavy(1, random)
	for i := range others {
		for place := range 4 {
			w := work{a: others[i], b: others[(i+1)%len(others)], e: others[(i+2)%len(others)], f: others[(i+3)%len(others)]}
			*[]*fe{&w.a, &w.b, &w.e, &w.f}[place] = *a
			x, y, z, xy := value(&w.a), value(&w.b), value(&w.f), value(&w.e)
			w.mix()
			for _, c := range []struct {
				name string
				got  *fe
				w    int
				want *big.Int
			}{
				{"e", &w.e, 2, new(big.Int).Add(xy, xy)},
				{"f", &w.f, 1, new(big.Int).Sub(new(big.Int).Add(new(big.Int).Add(z, z), x), y)},
				{"g", &w.g, 3, new(big.Int).Sub(y, x)},
				{"h", &w.h, 2, new(big.Int).Add(y, x)},
			} {
				if value(c.got).Cmp(c.want.Mod(c.want, prime)) != 0 || weight(c.got) > c.w {
					t.Errorf("mix, %s: %x of weight %d, want %x of %d at most", c.name, value(c.got), weight(c.got), c.want, c.w)
				}
			}
		}
	}
}

// TestPointWeights: what points are made of stays at weight 1, and what is
// added to them at the weights that cached promises, whatever is negated.
func TestPointWeights(t *testing.T) {
	var e Element
	e.SetGenerator()
	p := e.p
	var w work
	for i := range 2000 {
		var c cached
		c.set(&p)
		if i%3 == 0 {
			var low, high table
			multiples(&low, &high, &p)
			c.choose(&low, &high, int8(i%17-8))
		}
		for _, x := range []*fe{&c.sum, &c.diff, &c.z2, &c.td} {
			if weight(x) > 2 {
				t.Fatalf("cached: weight %d", weight(x))
			}
		}
		if weight(&c.sum)*3 > 6 || weight(&c.diff)*3 > 6 {
			t.Fatal("cached: too heavy for add")
		}
		p.double(&w, true)
		p.add(&w, &c, true)
		var a affine
		a.set(&point{p.x, p.y, one, p.t})
		for _, x := range []*fe{&p.x, &p.y, &p.z, &p.t} {
			if weight(x) > 1 {
				t.Fatalf("point: weight %d", weight(x))
			}
		}
	}
}

// TestConstants derives each constant.
func TestConstants(t *testing.T) {
	mod := func(x *big.Int) *big.Int { return x.Mod(x, prime) }
	n := func(x int64) *big.Int { return mod(big.NewInt(x)) }
	d := mod(new(big.Int).Mul(n(-121665), new(big.Int).ModInverse(n(121666), prime)))
	check := func(name string, got *fe, want *big.Int) {
		t.Helper()
		if integer((*[9]uint64)(got)).Cmp(mod(want)) != 0 {
			t.Errorf("%s is %v, want %v", name, value(got), want)
		}
	}
	square := func(a *fe) *big.Int { return new(big.Int).Mul(value(a), value(a)) }
	same := func(name string, a, b *big.Int) {
		t.Helper()
		if mod(a).Cmp(mod(b)) != 0 {
			t.Errorf("%s: %v, want %v", name, a, b)
		}
	}
	check("d", &edwardsD, d)
	check("2d", &edwardsD2, new(big.Int).Add(d, d))
	same("sqrtM1", square(&sqrtM1), n(-1))
	same("sqrtADM1", square(&sqrtADM1), new(big.Int).Sub(n(-1), d))
	same("invSqrtAMD", new(big.Int).Mul(square(&invSqrtAMD), new(big.Int).Sub(n(-1), d)), n(1))
	dd := new(big.Int).Mul(d, d)
	check("oneMinusDSq", &oneMinusDSq, new(big.Int).Sub(n(1), dd))
	less := new(big.Int).Sub(d, n(1))
	check("dMinusOneSq", &dMinusOneSq, new(big.Int).Mul(less, less))
	check("generatorY", &generatorY, new(big.Int).Mul(n(4), new(big.Int).ModInverse(n(5), prime)))
	xx, yy := square(&generatorX), square(&generatorY)
	same("generator", new(big.Int).Sub(yy, xx), new(big.Int).Add(n(1), new(big.Int).Mul(d, new(big.Int).Mul(xx, yy))))
	check("generatorXY", &generatorXY, new(big.Int).Mul(value(&generatorX), value(&generatorY)))
	if value(&sqrtM1).Bit(0) != 0 || value(&generatorX).Bit(0) != 0 {
		t.Error("of two roots the other is meant")
	}

	l, _ := new(big.Int).SetString("27742317777372353535851937790883648493", 10)
	l.SetBit(l, 252, 1)
	if integer(&order).Cmp(l) != 0 {
		t.Error("order")
	}
	r := new(big.Int).Lsh(big.NewInt(1), 261)
	if integer(&rOne).Cmp(new(big.Int).Mod(r, l)) != 0 ||
		integer(&rTwo).Cmp(new(big.Int).Mod(new(big.Int).Mul(r, r), l)) != 0 {
		t.Error("powers of R")
	}
	if order[0]*orderInverse&mask != mask {
		t.Error("orderInverse")
	}
	if integer(&half.l).Cmp(new(big.Int).ModInverse(big.NewInt(2), l)) != 0 {
		t.Error("half")
	}
}

// TestDigits: signed digits give the scalar back, at the extremes too.
func TestDigits(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 1000 {
		var b [64]byte
		var s Scalar
		for j := range b {
			b[j] = byte(random.Uint32())
		}
		s.SetWide(&b)
		if i == 0 { // order - 1
			s.l = order
			s.l[0]--
		}
		if i == 1 {
			s.l = [9]uint64{0x08888888, 0x11111111, 0x02222222, 0x04444444, 0x08888888, 0x11111111, 0x02222222, 0x04444444, 0x88888}
		}
		x := new(big.Int)
		d := s.digits()
		for j := 63; j >= 0; j-- {
			if d[j] < -8 || d[j] > 8 {
				t.Fatalf("digit %d", d[j])
			}
			x.Add(x.Lsh(x, 4), big.NewInt(int64(d[j])))
		}
		if x.Cmp(integer(&s.l)) != 0 {
			t.Fatalf("%v, want %v", x, integer(&s.l))
		}
	}
}

func FuzzScalar(f *testing.F) {
	f.Add(make([]byte, 32))
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) != 32 {
			return
		}
		var s Scalar
		var out [32]byte
		if s.Decode((*[32]byte)(in)) {
			if s.Encode(&out); string(out[:]) != string(in) {
				t.Errorf("%x encodes to %x", in, out)
			}
		}
	})
}
