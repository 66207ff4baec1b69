package conformance

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"sealbook/verifier/engine"
	"sealbook/verifier/parity"
	"sealbook/wasm"
	"sealbook/wasm/batch"
	"sealbook/wasm/number"
)

// pair is native code and the committed core.
func pair(t testing.TB) *parity.Pair {
	t.Helper()
	core, err := engine.Wasm(context.Background(), wasm.Core)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { core.Close() })
	p, err := parity.NewPair(engine.Native(), core)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRandomInputs(t *testing.T) {
	const want = 1_000_000
	p, in, specs := pair(t), parity.NewInputs(20140412), parity.Specs()
	for p.Items < want {
		n := min(1+in.IntN(12000), want-p.Items)
		if err := p.Everything(in.Lines(n), 0, in.Mode()|batch.RegionPerLine, specs[in.IntN(len(specs))]); err != nil {
			t.Fatalf("after %d items: %v", p.Items, err)
		}
	}
	report(t, p, in, want)
	// Inputs that fail all in the same way would prove little.
	if ok := p.Codes[number.OK]; ok < want/3 {
		t.Errorf("only %d inputs are numbers", ok)
	}
	for c := number.OK; c <= number.TooLong; c++ {
		if p.Codes[c] < 100 {
			t.Errorf("code %q came %d times", c.String(), p.Codes[c])
		}
	}
	// The rules give all numbers of these to the region that shares their
	// calling code and comes first: Guadeloupe, Australia and Morocco.
	shadowed := []string{"BL", "CC", "CX", "EH"}
	for _, region := range number.Regions() {
		if p.Regions[region] == slices.Contains(shadowed, region) {
			t.Errorf("a number of %s seen: %v", region, p.Regions[region])
		}
	}
	if want := int(number.Voicemail) + 1; len(p.Types) != want {
		t.Errorf("%d types seen, want %d", len(p.Types), want)
	}
}

func report(t *testing.T, p *parity.Pair, in *parity.Inputs, want int) {
	t.Helper()
	if p.Items != want {
		t.Errorf("%d inputs, want %d", p.Items, want)
	}
	for i, n := range in.Kinds {
		if n == 0 {
			t.Errorf("no input of the kind %q", parity.KindName(i))
		}
	}
	t.Logf("counts: %d random inputs of %d kinds alike, %d lines of digests; %d numbers in %d regions and of %d types, %d refused with %d codes",
		p.Items, len(in.Kinds), p.Lines, p.Codes[number.OK], len(p.Regions), len(p.Types), p.Items-p.Codes[number.OK], len(p.Codes)-1)
}

// One text a call, which may hold line feeds, and default regions.
func TestSingleInputs(t *testing.T) {
	const want = 20_000
	p, in, specs := pair(t), parity.NewInputs(7), parity.Specs()
	var text []byte
	for range want {
		region := in.Region()
		text = in.Append(text[:0], region)
		if in.IntN(4) == 0 {
			text = in.Append(append(text, '\n'), region)
		}
		if err := p.Everything(text, batch.RegionCode(region), in.Mode()|batch.Single, specs[in.IntN(len(specs))]); err != nil {
			t.Fatalf("after %d items: %v", p.Items, err)
		}
	}
	if p.Items < want*9/10 { // regions that are none fail the whole call
		t.Errorf("%d items, want %d", p.Items, want)
	}
	t.Logf("counts: %d random inputs one by one alike", p.Items)
}

// Lines of 100 KB, up to the whole buffer, beyond it, and random bytes of that
// size: no trap, no hang, no partial answer.
func TestLongLines(t *testing.T) {
	p, in, specs := pair(t), parity.NewInputs(100), parity.Specs()
	const kb = 1 << 10
	fill := map[string]func(n int) []byte{
		"digits":       func(n int) []byte { return in.Digits(nil, n) },
		"plus signs":   func(n int) []byte { return bytes.Repeat([]byte("+"), n) },
		"zeros":        func(n int) []byte { return bytes.Repeat([]byte("0"), n) },
		"blanks":       func(n int) []byte { return bytes.Repeat([]byte(" "), n) },
		"two bytes":    func(n int) []byte { return bytes.Repeat([]byte("\u0660"), n/2) },
		"three bytes":  func(n int) []byte { return bytes.Repeat([]byte("\uff11"), n/3) },
		"half a rune":  func(n int) []byte { return bytes.Repeat([]byte("\xe2\x80"), n/2) },
		"extensions":   func(n int) []byte { return bytes.Repeat([]byte("+44 20 7946 0018 ext. 1"), n/23) },
		"contexts":     func(n int) []byte { return bytes.Repeat([]byte(";phone-context=+44"), n/18) },
		"brackets":     func(n int) []byte { return bytes.Repeat([]byte("(("), n/2) },
		"letters":      func(n int) []byte { return bytes.Repeat([]byte("1-800-FLOWERS"), n/13) },
		"after number": func(n int) []byte { return append([]byte("+44 20 7946 0018"), bytes.Repeat([]byte("x"), n-16)...) },
		"random": func(n int) []byte {
			b := make([]byte, n)
			for i := range b {
				b[i] = byte(in.Uint32())
			}
			return b
		},
	}
	lines := 0
	for name, f := range fill {
		for _, n := range []int{249, 250, 251, 1000, 100 * kb, batch.InputSize - 1, batch.InputSize} {
			long := f(n)
			for _, m := range []batch.Mode{in.Mode(), in.Mode() | batch.Single, in.Mode() | batch.RegionPerLine} {
				if err := p.Everything(long, batch.RegionCode("GB"), m, specs[in.IntN(len(specs))]); err != nil {
					t.Fatalf("%s, %d bytes: %v", name, n, err)
				}
				lines++
			}
		}
		// Between ordinary lines.
		mixed := append(append([]byte("020 7946 0018\n"), f(100*kb)...), "\n020 7946 0018\n"...)
		if err := p.Everything(mixed, batch.RegionCode("GB"), batch.Info, "bereal"); err != nil {
			t.Fatalf("%s between lines: %v", name, err)
		}
		lines++
	}
	for _, n := range []int{-1, batch.InputSize + 1, 1 << 30, -1 << 31} {
		_, wantErr := p.Want.Parse(n, 0, 0)
		_, gotErr := p.Got.Parse(n, 0, 0)
		if wantErr != batch.Length || gotErr != batch.Length {
			t.Errorf("length %d: %v and %v", n, wantErr, gotErr)
		}
	}
	t.Logf("counts: %d long lines alike", lines)
}

// blinders are native code and the published blind.wasm.
func blinders(t testing.TB) *parity.Blinders {
	t.Helper()
	e, err := engine.WasmBlinder(context.Background(), wasm.Blind)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return &parity.Blinders{Want: engine.NativeBlinder(), Got: e}
}

func TestSearches(t *testing.T) {
	p, in := blinders(t), parity.NewInputs(33)
	found, tries := 0, 300
	for i := range tries {
		hit, err := p.AnySearch(in)
		if err != nil {
			t.Fatalf("search %d: %v", i, err)
		}
		if hit {
			found++
		}
	}
	if found < tries/10 || found > tries*9/10 {
		t.Errorf("%d of %d searches found their number", found, tries)
	}
	t.Logf("counts: %d searches alike, of which %d found a number", tries, found)
}

func TestSteps(t *testing.T) {
	p := blinders(t)
	c, err := parity.RunBlind(p.Want, p.Got, parity.Options{Seed: 8, Steps: 300})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("counts: %d evaluations alike, %d calls", c.Steps, c.Calls)
}

func TestFormats(t *testing.T) {
	e, err := engine.WasmFormatter(context.Background(), wasm.Format)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	c, err := parity.RunFormat(engine.NativeFormatter(), e, parity.Options{Seed: 12, Items: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	if c.Items < 100_000 {
		t.Errorf("only %d texts", c.Items)
	}
	t.Logf("counts: %d texts alike in every format", c.Items)
}

// Calls in any order with any arguments fail in the same way.
func TestWrongCalls(t *testing.T) {
	p, in, specs := pair(t), parity.NewInputs(9), parity.Specs()
	numbers := []int{-1 << 31, -2, -1, 0, 1, 2, 31, 32, 33, 40, 41, 48, 8191, 8192, 8193, 1 << 18, 1<<18 + 1, 1<<31 - 1}
	calls := 0
	for range 5000 {
		a, b := parity.Pick(in, numbers), parity.Pick(in, numbers)
		var err error
		switch in.IntN(5) {
		case 0:
			err = p.Digest(a, min(b, 0)) // one call
		case 1:
			err = p.Hash(in.Append(nil, "GB"), a, batch.Mode(in.IntN(8)))
		case 2:
			err = p.Parse(in.Lines(in.IntN(4)), in.Uint32()>>in.IntN(32), batch.Mode(in.Uint32()>>in.IntN(32)), nil)
		case 3:
			_, err = p.Recipe(parity.Pick(in, specs))
		case 4:
			err = p.DigestOnce(a, b)
		}
		if err != nil {
			t.Fatalf("call %d: %v", calls, err)
		}
		calls++
	}
	t.Logf("counts: %d calls in any order alike", calls)
}
