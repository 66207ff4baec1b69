package ristretto_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"math/rand/v2"
	"os"
	"testing"

	"sealbook/wasm/ristretto/internal/limb"
	"sealbook/wasm/ristretto/internal/native"
)

type element[E, S any] interface {
	*E
	SetIdentity()
	SetGenerator()
	Decode(*[32]byte) bool
	Encode(*[32]byte)
	Equal(*E) int
	IsIdentity() int
	Add(a, b *E)
	Sub(a, b *E)
	Negate(a *E)
	Mul(k *S, a *E)
	MulBase(k *S)
	Mul2(j *S, a *E, k *S, b *E)
	Map(*[64]byte)
}

type scalar[S any] interface {
	*S
	Add(a, b *S)
	Sub(a, b *S)
	Mul(a, b *S)
	Invert(a *S)
	SetWide(*[64]byte)
	SetUint64(uint64)
	Decode(*[32]byte) bool
	Encode(*[32]byte)
	Equal(*S) int
	IsZero() int
}

// vectors is tests/vectors/rfc9496-ristretto255.json.
type vectors struct {
	Multiples []string
	Invalid   []struct{ Reason, Encoding string }
	Map       []struct{ Name, Input, Element string }
}

func load(t testing.TB) (v vectors) {
	t.Helper()
	data, err := os.ReadFile("../../tests/vectors/rfc9496-ristretto255.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Multiples) != 16 || len(v.Invalid) != 29 || len(v.Map) != 11 {
		t.Fatalf("%d, %d and %d vectors, want 16, 29 and 11", len(v.Multiples), len(v.Invalid), len(v.Map))
	}
	return v
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRFC9496(t *testing.T) {
	t.Run("limb", func(t *testing.T) { rfc9496[limb.Element, limb.Scalar](t) })
	t.Run("native", func(t *testing.T) { rfc9496[native.Element, native.Scalar](t) })
}

func rfc9496[E, S any, PE element[E, S], PS scalar[S]](t *testing.T) {
	v := load(t)
	var sum, g E
	PE(&sum).SetIdentity()
	PE(&g).SetGenerator()
	for i, want := range v.Multiples {
		var out [32]byte
		PE(&sum).Encode(&out)
		if hex.EncodeToString(out[:]) != want {
			t.Errorf("sum of %d generators is %x, want %s", i, out, want)
		}
		var k S
		PS(&k).SetUint64(uint64(i))
		var p E
		PE(&p).MulBase(&k)
		if PE(&p).Equal(&sum) != 1 {
			t.Errorf("%d times the generator is not the sum", i)
		}
		if !PE(&p).Decode(&out) || PE(&p).Equal(&sum) != 1 {
			t.Errorf("the encoding of %d times the generator decodes to another element", i)
		}
		if (PE(&p).IsIdentity() == 1) != (i == 0) {
			t.Errorf("%d times the generator: IsIdentity is %d", i, PE(&p).IsIdentity())
		}
		PE(&sum).Add(&sum, &g)
	}
	for _, bad := range v.Invalid {
		p := g
		if PE(&p).Decode((*[32]byte)(unhex(t, bad.Encoding))) {
			t.Errorf("%s: %s was taken", bad.Reason, bad.Encoding)
		} else if PE(&p).IsIdentity() != 1 {
			t.Errorf("%s: %s left something behind", bad.Reason, bad.Encoding)
		}
	}
	for _, m := range v.Map {
		var p E
		var out [32]byte
		PE(&p).Map((*[64]byte)(unhex(t, m.Input)))
		PE(&p).Encode(&out)
		if hex.EncodeToString(out[:]) != m.Element {
			t.Errorf("%s: %x, want %s", m.Name, out, m.Element)
		}
	}
}

// side does one case's work in one arithmetic and writes down all it sees.
func side[E, S any, PE element[E, S], PS scalar[S]](w *bytes.Buffer, in *[128]byte, all bool) {
	var out [32]byte
	put := func(p *E) {
		PE(p).Encode(&out)
		w.Write(out[:])
	}
	putScalar := func(s *S) {
		PS(s).Encode(&out)
		w.Write(out[:])
	}
	var a, b E
	PE(&a).Map((*[64]byte)(in[:64]))
	put(&a)
	// A random encoding decodes one time in eight or so; the element's own does.
	raw := [32]byte(in[:32])
	raw[31] &= 0x7f
	raw[0] &= 0xfe
	if in[127]&3 == 0 {
		raw = out
	}
	if PE(&b).Decode(&raw) {
		w.WriteByte(byte(PE(&b).Equal(&a)))
		put(&b)
	}
	var j, k, l S
	PS(&j).SetWide((*[64]byte)(in[:64]))
	PS(&k).SetWide((*[64]byte)(in[64:]))
	putScalar(&j)
	PS(&l).Add(&j, &k)
	putScalar(&l)
	PS(&l).Sub(&j, &k)
	putScalar(&l)
	PS(&l).Mul(&j, &k)
	putScalar(&l)
	raw = [32]byte(in[32:64])
	raw[31] &= 0x1f
	if PS(&l).Decode(&raw) {
		putScalar(&l)
	}
	if all {
		var c E
		PE(&b).Map((*[64]byte)(in[64:]))
		w.WriteByte(byte(PE(&b).Equal(&a)))
		PE(&c).Add(&a, &b)
		put(&c)
		PE(&c).Sub(&a, &b)
		PE(&c).Negate(&c)
		put(&c)
		PS(&l).Invert(&j)
		putScalar(&l)
		PE(&c).Mul(&j, &a)
		put(&c)
		PE(&c).Mul2(&j, &a, &k, &b)
		put(&c)
		PE(&c).MulBase(&k)
		put(&c)
	}
}

// TestArithmetics holds the two arithmetics against each other in 100,000
// seeded cases: of maps, encodings, decodings and scalars in all, of sums,
// products and inversions, which take longer, in one of 50.
func TestArithmetics(t *testing.T) {
	const cases = 100_000
	random := rand.NewChaCha8([32]byte{'r', 'i', 's', 't', 'r', 'e', 't', 't', 'o'})
	var one, two bytes.Buffer
	var in [128]byte
	count := cases
	if testing.Short() {
		count = cases / 50
	}
	for i := range count {
		random.Read(in[:])
		switch i % 50 { // extremes among them
		case 1:
			clear(in[:64])
		case 2:
			copy(in[:], bytes.Repeat([]byte{0xff}, 128))
		case 3:
			copy(in[64:], in[:64]) // a - b is the identity
		case 4:
			clear(in[:])
		}
		one.Reset()
		two.Reset()
		side[limb.Element, limb.Scalar](&one, &in, i%50 == 0 || i < 5)
		side[native.Element, native.Scalar](&two, &in, i%50 == 0 || i < 5)
		if !bytes.Equal(one.Bytes(), two.Bytes()) {
			t.Fatalf("case %d, %x:\nlimb   %x\nnative %x", i, in, one.Bytes(), two.Bytes())
		}
	}
}

// batch is a Batch of either arithmetic.
type batch[E, S any] interface {
	Add(k *S, a *E)
	Encode([]byte)
	Len() int
}

func TestBatch(t *testing.T) {
	t.Run("limb", func(t *testing.T) { testBatch[limb.Element, limb.Scalar](t, new(limb.Batch)) })
	t.Run("native", func(t *testing.T) { testBatch[native.Element, native.Scalar](t, new(native.Batch)) })
}

func testBatch[E, S any, PE element[E, S], PS scalar[S]](t *testing.T, b batch[E, S]) {
	random := rand.NewChaCha8([32]byte{'b'})
	for _, n := range []int{0, 1, 2, 3, 33, limb.BatchSize, 5} {
		want := make([]byte, 32*n)
		for i := range n {
			var in [64]byte
			var a E
			var k S
			random.Read(in[:])
			PE(&a).Map(&in)
			random.Read(in[:])
			PS(&k).SetWide(&in)
			switch i % 7 {
			case 1:
				k = *new(S) // 0
			case 2:
				PE(&a).SetIdentity()
			case 4:
				PS(&k).SetUint64(uint64(i))
			}
			b.Add(&k, &a)
			PE(&a).Mul(&k, &a)
			PE(&a).Encode((*[32]byte)(want[32*i:]))
		}
		if b.Len() != n {
			t.Errorf("Len is %d, want %d", b.Len(), n)
		}
		got := make([]byte, 32*n)
		b.Encode(got)
		if !bytes.Equal(got, want) {
			t.Errorf("batch of %d:\n%x, want\n%x", n, got, want)
		}
		if b.Len() != 0 {
			t.Error("not empty after Encode")
		}
	}
}

type sum[E, S any] interface {
	Reset()
	Add(k *S, a *E)
	Value(*E)
}

func TestSum(t *testing.T) {
	t.Run("limb", func(t *testing.T) { testSum[limb.Element, limb.Scalar](t, new(limb.Sum)) })
	t.Run("native", func(t *testing.T) { testSum[native.Element, native.Scalar](t, new(native.Sum)) })
}

func testSum[E, S any, PE element[E, S], PS scalar[S]](t *testing.T, s sum[E, S]) {
	random := rand.NewChaCha8([32]byte{'s'})
	minusOne, one := new(S), new(S)
	PS(one).SetUint64(1)
	PS(minusOne).Sub(minusOne, one)
	for _, n := range []int{0, 1, 2, 4, 5, 8, 9, 40, limb.SumSize, limb.SumSize + 1, 2*limb.SumSize + 20} {
		s.Reset()
		var want, got, a, p E
		PE(&want).SetIdentity()
		for i := range n {
			var in [64]byte
			var k S
			if i%5 != 3 { // now and then the same point again
				random.Read(in[:])
				PE(&a).Map(&in)
			}
			if i%2 == 0 {
				var out [32]byte
				PE(&a).Encode(&out)
				PE(&a).Decode(&out)
			}
			random.Read(in[:])
			PS(&k).SetWide(&in)
			switch i % 11 {
			case 1:
				k = *minusOne
			case 2:
				k = *one
			case 3:
				k = *new(S)
			case 6:
				PE(&a).SetIdentity()
			}
			s.Add(&k, &a)
			PE(&p).Mul(&k, &a)
			PE(&want).Add(&want, &p)
		}
		s.Value(&got)
		if PE(&got).Equal(&want) != 1 {
			t.Errorf("sum of %d is wrong", n)
		}
	}
}

func TestScalars(t *testing.T) {
	t.Run("limb", func(t *testing.T) { testScalars[limb.Scalar](t, limb.InvertAll) })
	t.Run("native", func(t *testing.T) { testScalars[native.Scalar](t, native.InvertAll) })
}

var order, _ = new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)

func testScalars[S any, PS scalar[S]](t *testing.T, invertAll func(s, room []S) bool) {
	integer := func(s *S) *big.Int {
		var b [32]byte
		PS(s).Encode(&b)
		for i := range 16 {
			b[i], b[31-i] = b[31-i], b[i]
		}
		return new(big.Int).SetBytes(b[:])
	}
	encode := func(x *big.Int) *[32]byte {
		var b [32]byte
		x.FillBytes(b[:])
		for i := range 16 {
			b[i], b[31-i] = b[31-i], b[i]
		}
		return &b
	}
	// Canonical decoding ends at the order.
	for d := int64(-3); d <= 3; d++ {
		x := new(big.Int).Add(order, big.NewInt(d))
		var s S
		ok := PS(&s).Decode(encode(x))
		if ok != (d < 0) || ok && integer(&s).Cmp(x) != 0 || !ok && PS(&s).IsZero() != 1 {
			t.Errorf("order%+d: %v, %v", d, ok, integer(&s))
		}
	}
	all := new(S)
	if PS(all).Decode((*[32]byte)(bytes.Repeat([]byte{0xff}, 32))) {
		t.Error("2^256-1 was taken")
	}
	random := rand.NewChaCha8([32]byte{'n'})
	edges := []*big.Int{big.NewInt(0), big.NewInt(1), big.NewInt(2), new(big.Int).Sub(order, big.NewInt(1)),
		new(big.Int).Rsh(order, 1), new(big.Int).Lsh(big.NewInt(1), 252), new(big.Int).Lsh(big.NewInt(1), 145)}
	for i := range 200 {
		var x, y *big.Int
		if i < len(edges)*len(edges) {
			x, y = edges[i%len(edges)], edges[i/len(edges)]
		} else {
			var b [64]byte
			random.Read(b[:])
			x = new(big.Int).Mod(new(big.Int).SetBytes(b[:32]), order)
			y = new(big.Int).Mod(new(big.Int).SetBytes(b[32:]), order)
		}
		var a, b, c S
		PS(&a).Decode(encode(x))
		PS(&b).Decode(encode(y))
		check := func(what string, want *big.Int) {
			if integer(&c).Cmp(want.Mod(want, order)) != 0 {
				t.Errorf("%v %s %v = %v, want %v", x, what, y, integer(&c), want)
			}
		}
		PS(&c).Add(&a, &b)
		check("+", new(big.Int).Add(x, y))
		PS(&c).Sub(&a, &b)
		check("-", new(big.Int).Sub(x, y))
		PS(&c).Mul(&a, &b)
		check("*", new(big.Int).Mul(x, y))
		PS(&c).Invert(&a)
		if x.Sign() == 0 {
			check("1/", new(big.Int))
		} else {
			check("1/", new(big.Int).ModInverse(x, order))
		}
		if (PS(&a).Equal(&b) == 1) != (x.Cmp(y) == 0) {
			t.Errorf("%v == %v: %d", x, y, PS(&a).Equal(&b))
		}
	}
	for _, n := range []int{0, 1, 2, 17} {
		s, room, want := make([]S, n), make([]S, n), make([]S, n)
		for i := range s {
			var b [64]byte
			random.Read(b[:])
			PS(&s[i]).SetWide(&b)
			PS(&want[i]).Invert(&s[i])
		}
		if !invertAll(s, room) {
			t.Errorf("%d scalars: false", n)
		}
		for i := range s {
			if PS(&s[i]).Equal(&want[i]) != 1 {
				t.Errorf("inverse %d of %d is wrong", i, n)
			}
		}
	}
	for at := range 3 {
		s, room := make([]S, 3), make([]S, 3)
		for i := range s {
			PS(&s[i]).SetUint64(uint64(i + 1))
		}
		s[at] = *new(S)
		if invertAll(s, room) {
			t.Error("a zero among them: true")
		}
		for i := range s {
			if PS(&s[i]).IsZero() != 1 {
				t.Error("a zero among them left something behind")
			}
		}
	}
}

func TestNoAllocation(t *testing.T) {
	t.Run("limb", func(t *testing.T) {
		noAllocation[limb.Element, limb.Scalar](t, new(limb.Batch), new(limb.Sum))
	})
	t.Run("native", func(t *testing.T) {
		noAllocation[native.Element, native.Scalar](t, new(native.Batch), new(native.Sum))
	})
}

func noAllocation[E, S any, PE element[E, S], PS scalar[S]](t *testing.T, b batch[E, S], s sum[E, S]) {
	var in [128]byte
	in[3] = 1
	var out [64]byte
	var a, c E
	var k S
	n := testing.AllocsPerRun(5, func() {
		PE(&a).Map((*[64]byte)(in[:64]))
		PS(&k).SetWide((*[64]byte)(in[:64]))
		PS(&k).Invert(&k)
		b.Add(&k, &a)
		b.Encode(out[:])
		PE(&a).Decode((*[32]byte)(out[:32]))
		PE(&c).Mul2(&k, &a, &k, &a)
		PE(&c).Encode((*[32]byte)(out[:32]))
		s.Reset()
		for range 10 {
			s.Add(&k, &a)
		}
		s.Value(&c)
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzDecode: both arithmetics take the same encodings, and only the one that
// the element encodes to.
func FuzzDecode(f *testing.F) {
	v := load(f)
	for _, m := range v.Multiples {
		f.Add(unhex(f, m))
	}
	for _, bad := range v.Invalid {
		f.Add(unhex(f, bad.Encoding))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) != 32 {
			return
		}
		var a limb.Element
		var b native.Element
		var out [32]byte
		one, two := a.Decode((*[32]byte)(in)), b.Decode((*[32]byte)(in))
		if one != two {
			t.Fatalf("%x: %v and %v", in, one, two)
		}
		if !one {
			return
		}
		a.Encode(&out)
		if !bytes.Equal(out[:], in) {
			t.Errorf("%x encodes to %x", in, out)
		}
		b.Encode(&out)
		if !bytes.Equal(out[:], in) {
			t.Errorf("%x encodes to %x", in, out)
		}
	})
}

func BenchmarkMul(b *testing.B) {
	b.Run("limb", func(b *testing.B) { benchmarkMul[limb.Element, limb.Scalar](b) })
	b.Run("native", func(b *testing.B) { benchmarkMul[native.Element, native.Scalar](b) })
}

func benchmarkMul[E, S any, PE element[E, S], PS scalar[S]](b *testing.B) {
	var in [64]byte
	var bytes [32]byte
	var p E
	var k S
	in[5] = 77
	PE(&p).Map(&in)
	PS(&k).SetWide(&in)
	PE(&p).Encode(&bytes)
	for b.Loop() {
		PE(&p).Decode(&bytes)
		PE(&p).Mul(&k, &p)
		PE(&p).Encode(&bytes)
	}
}
