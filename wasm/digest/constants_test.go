package digest

import (
	"math"
	"math/big"
	"testing"
)

// The constants of the standards, made once more from what they are.

func TestRoundConstants(t *testing.T) {
	for i, p := range primes(80) {
		if got, want := k512[i/16][i%16], fraction(p, 3); got != want {
			t.Errorf("k512[%d][%d] is %#x, want %#x", i/16, i%16, got, want)
		}
	}
	for i, p := range primes(16) {
		got, want := uint64(0), fraction(p, 2)
		if i < 8 {
			got = iv512[i]
			if s := start32(SHA256); s[i] != uint32(want>>32) {
				t.Errorf("SHA-256 starts with %#x at %d", s[i], i)
			}
		} else {
			got = iv384[i-8]
			if s := start32(SHA224); s[i-8] != uint32(want) {
				t.Errorf("SHA-224 starts with %#x at %d", s[i-8], i-8)
			}
		}
		if got != want {
			t.Errorf("start %d is %#x, want %#x", i, got, want)
		}
	}
	for i, want := range []uint32{k1a, k1b, k1c, k1d} {
		if got := uint32(math.Sqrt([]float64{2, 3, 5, 10}[i]) * (1 << 30)); got != want {
			t.Errorf("SHA-1 constant %d is %#x, want %#x", i, want, got)
		}
	}
	for i, got := range kMD5 {
		if want := uint32(math.Floor(math.Abs(math.Sin(float64(i+1))) * (1 << 32))); got != want {
			t.Errorf("kMD5[%d] is %#x, want %#x", i, got, want)
		}
	}
	// The start of MD5 and SHA-1 counts nibbles up, down, and then in pairs.
	if got := start32(SHA1); got != [8]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0} || start32(MD5) != got {
		t.Errorf("SHA-1 starts with %#x", got)
	}
}

// fraction returns the first 64 bits behind the point of the root of p: it is
// the root of p·2^(64·degree) in whole numbers, found bit by bit.
func fraction(p int64, degree int) uint64 {
	n := new(big.Int).Lsh(big.NewInt(p), uint(64*degree))
	root := new(big.Int)
	for bit := 72; bit >= 0; bit-- {
		root.SetBit(root, bit, 1)
		if new(big.Int).Exp(root, big.NewInt(int64(degree)), nil).Cmp(n) > 0 {
			root.SetBit(root, bit, 0)
		}
	}
	return new(big.Int).And(root, new(big.Int).SetUint64(math.MaxUint64)).Uint64()
}

func primes(count int) (all []int64) {
	for n := int64(2); len(all) < count; n++ {
		if big.NewInt(n).ProbablyPrime(0) {
			all = append(all, n)
		}
	}
	return all
}
