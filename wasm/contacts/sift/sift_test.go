package sift

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"sealbook/wasm/field"
	"sealbook/wasm/number"
	"sealbook/wasm/number/short"
)

// TestMobiles writes mobile numbers as their region does: none of them may be
// taken for a short number, and with a hint the region must be found.
func TestMobiles(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var space number.Space
	regions, alone := 0, 0
	for _, region := range number.Regions() {
		if !space.Reset(region) {
			continue
		}
		regions++
		var g Guess
		f := Filter{Region: region}
		for range 50 {
			n := space.At(r.Uint64N(space.Len()))
			text := n.Format(number.National)
			g.Add([]byte(text), "")
			if _, why := f.JudgeString(text); why != Kept {
				t.Errorf("%s: a mobile number is %v", region, why)
			}
			for _, form := range []number.Format{number.NationalDigits, number.Significant} {
				if kind := short.Lookup([]byte(n.Format(form)), region); kind != short.None {
					t.Errorf("%s: a mobile number is %v", region, kind)
				}
			}
		}
		if got := g.Best("ZZ", region); got.Region != region {
			t.Errorf("%s: guessed %q", region, got.Region)
		}
		if g.Best().Region == region {
			alone++
		}
	}
	// As the metadata has it: a refresh changes these.
	if regions != 236 || alone != 232 {
		t.Errorf("%d regions, %d found without a hint", regions, alone)
	}
}

func TestSample(t *testing.T) {
	var g Guess
	for i := range 2 * GuessSample {
		g.Add(fmt.Appendf(nil, "020 7946 %04d", i), "")
	}
	got := g.Best("GB")
	if got.Region != "GB" || got.Why != ByHint || got.Habit != field.National || got.National != 2*GuessSample || got.Contenders[0].Fit != GuessSample {
		t.Errorf("%+v", got)
	}
}

func TestNames(t *testing.T) {
	names := map[string]bool{}
	for _, r := range []Reason{Kept, 1, 2, 3, 4, 5, Emergency, Short, Impossible, LocalOnly, Invalid, OfType(number.FixedLine), OfType(number.Voicemail)} {
		if s := r.String(); s == "UNKNOWN" || names[s] {
			t.Errorf("%d: %s", r, s)
		} else {
			names[s] = true
		}
	}
	if !Usual.Has(Invalid) || Usual.Has(OfType(number.TollFree)) || Nothing.Has(Invalid) || !Nothing.Has(Emergency) || Usual.Has(Kept) {
		t.Error("the usual choice")
	}
}

func TestJudgeAllocates(t *testing.T) {
	f := Filter{Region: "GB"}
	text := []byte("020 7946 0018")
	if n := testing.AllocsPerRun(100, func() { f.Judge(text) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkJudge(b *testing.B) {
	f := Filter{Region: "GB"}
	text := []byte("020 7946 0018")
	for b.Loop() {
		f.Judge(text)
	}
}

func BenchmarkGuessAdd(b *testing.B) {
	var g Guess
	text := []byte("020 7946 0018")
	for b.Loop() {
		g.Reset()
		g.Add(text, "")
	}
}
