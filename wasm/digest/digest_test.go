package digest

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"math/rand/v2"
	"testing"
)

// peers are the standard library's, the second opinion on every length.
var peers = []struct {
	name string
	alg  Algorithm
	new  func() hash.Hash
}{
	{"md5", MD5, md5.New},
	{"sha1", SHA1, sha1.New},
	{"sha224", SHA224, sha256.New224},
	{"sha256", SHA256, sha256.New},
	{"sha384", SHA384, sha512.New384},
	{"sha512", SHA512, sha512.New},
}

func sum(a Algorithm, p []byte) []byte {
	var out [MaxSize]byte
	return bytes.Clone(out[:Sum(a, &out, p)])
}

func random(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	p := make([]byte, n)
	for i := range p {
		p[i] = byte(r.Uint32())
	}
	return p
}

// Lengths 0 to 300 pass every border of padding and blocks at least twice.
func TestAgainstStandardLibrary(t *testing.T) {
	for _, peer := range peers {
		if peer.alg.Size() != peer.new().Size() || peer.alg.BlockSize() != peer.new().BlockSize() {
			t.Fatalf("%s: size %d, block %d", peer.name, peer.alg.Size(), peer.alg.BlockSize())
		}
		lengths := []int{1023, 1024, 4096, 65537}
		for n := range 301 {
			lengths = append(lengths, n)
		}
		for _, n := range lengths {
			p := random(1, n)
			ref := peer.new()
			ref.Write(p)
			want := ref.Sum(nil)
			if got := sum(peer.alg, p); !bytes.Equal(got, want) {
				t.Fatalf("%s, %d bytes: got %x, want %x", peer.name, n, got, want)
			}
			for _, cut := range []int{1, 3, 55, 64, 111, 128, 129} {
				h := New(peer.alg)
				var out [MaxSize]byte
				for rest := p; len(rest) > 0; {
					k := min(cut, len(rest))
					h.Write(rest[:k])
					rest = rest[k:]
					h.Sum(&out) // must not disturb
				}
				if got := out[:h.Sum(&out)]; !bytes.Equal(got, want) {
					t.Fatalf("%s, %d bytes in parts of %d: got %x, want %x", peer.name, n, cut, got, want)
				}
			}
			h := New(peer.alg)
			h.WriteString(string(p))
			var out [MaxSize]byte
			if got := out[:h.Sum(&out)]; !bytes.Equal(got, want) {
				t.Fatalf("%s, %d bytes as a string: got %x, want %x", peer.name, n, got, want)
			}
		}
	}
}

func TestHMACAgainstStandardLibrary(t *testing.T) {
	for _, peer := range peers {
		for n := range 301 {
			key, p := random(2, n), random(3, 300-n)
			ref := hmac.New(peer.new, key)
			ref.Write(p)
			want := ref.Sum(nil)
			k := NewKey(peer.alg, key)
			var out [MaxSize]byte
			for range 2 { // a key serves more than once
				if got := out[:k.Sum(&out, p)]; !bytes.Equal(got, want) {
					t.Fatalf("%s, key of %d: got %x, want %x", peer.name, n, got, want)
				}
			}
			h := k.Begin()
			h.Write(p[:len(p)/2])
			h.Write(p[len(p)/2:])
			if got := out[:k.Finish(&h, &out)]; !bytes.Equal(got, want) {
				t.Fatalf("%s, key of %d, in parts: got %x, want %x", peer.name, n, got, want)
			}
		}
	}
}

// An algorithm from nowhere yields nothing and breaks nothing.
func TestNoAlgorithm(t *testing.T) {
	var out [MaxSize]byte
	for _, a := range []Algorithm{0, 7, 255} {
		for _, n := range []int{0, 55, 56, 111, 112, 300} {
			p := make([]byte, n)
			h := New(a)
			h.Write(p)
			k := NewKey(a, p)
			if got := [...]int{a.Size(), Sum(a, &out, p), h.Sum(&out), k.Sum(&out, p)}; got != [4]int{} {
				t.Errorf("algorithm %d, %d bytes: sizes %v, want none", a, n, got)
			}
		}
	}
}

func TestNoAllocation(t *testing.T) {
	p := random(4, 200)
	var out [MaxSize]byte
	for _, peer := range peers {
		k := NewKey(peer.alg, p)
		if n := testing.AllocsPerRun(10, func() {
			Sum(peer.alg, &out, p[:12])
			Sum(peer.alg, &out, p)
			h := New(peer.alg)
			h.Write(p)
			h.WriteString("text")
			h.Sum(&out)
			k.Set(peer.alg, p)
			k.Sum(&out, p)
		}); n != 0 {
			t.Errorf("%s: %v allocations", peer.name, n)
		}
	}
}

func FuzzDigest(f *testing.F) {
	f.Add([]byte(""), []byte(""), uint16(0))
	f.Add([]byte("+442079460000"), []byte("key"), uint16(3))
	f.Add(bytes.Repeat([]byte("a"), 119), bytes.Repeat([]byte("k"), 129), uint16(64))
	f.Fuzz(func(t *testing.T, p, key []byte, cut uint16) {
		at := int(cut) % (len(p) + 1)
		for _, peer := range peers {
			ref := peer.new()
			ref.Write(p)
			want := ref.Sum(nil)
			var out [MaxSize]byte
			h := New(peer.alg)
			h.Write(p[:at])
			h.Write(p[at:])
			if got := out[:h.Sum(&out)]; !bytes.Equal(got, want) || !bytes.Equal(sum(peer.alg, p), want) {
				t.Fatalf("%s of %x: got %x, want %x", peer.name, p, got, want)
			}
			ref = hmac.New(peer.new, key)
			ref.Write(p)
			k := NewKey(peer.alg, key)
			if got := out[:k.Sum(&out, p)]; !bytes.Equal(got, ref.Sum(nil)) {
				t.Fatalf("hmac-%s of %x: got %x", peer.name, p, got)
			}
		}
	})
}

func BenchmarkSum12(b *testing.B) {
	p := []byte("442079460000")
	var out [MaxSize]byte
	for _, peer := range peers {
		b.Run(peer.name, func(b *testing.B) {
			for b.Loop() {
				Sum(peer.alg, &out, p)
			}
		})
	}
}
