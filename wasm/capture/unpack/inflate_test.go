package unpack

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"math/rand/v2"
	"testing"
)

// samples are texts and bytes of several kinds, seeded.
func samples() [][]byte {
	r := rand.New(rand.NewPCG(11, 1))
	random := make([]byte, 100_000)
	for i := range random {
		random[i] = byte(r.Uint32())
	}
	few := make([]byte, 300_000)
	for i := range few {
		few[i] = "abcde \n\"{"[r.IntN(9)]
	}
	var words []byte
	for len(words) < 200_000 {
		for range 1 + r.IntN(10) {
			words = append(words, byte('a'+r.IntN(26)))
		}
		words = append(words, ' ')
		if from := r.IntN(len(words)); r.IntN(3) == 0 {
			words = append(words, words[from:min(len(words), from+r.IntN(300))]...)
		}
	}
	return [][]byte{nil, []byte("a"), []byte("hello hello hello"), bytes.Repeat([]byte{0}, 1_000_000), random, few, words}
}

// pack compresses p with the standard library.
func pack(t testing.TB, k Kind, level int, p []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch k {
	case Raw:
		w, err = flate.NewWriter(&b, level)
	case Zlib:
		w, err = zlib.NewWriterLevel(&b, level)
	case Gzip:
		var g *gzip.Writer
		g, err = gzip.NewWriterLevel(&b, level)
		if err == nil {
			g.Name, g.Comment, g.Extra = "name", "comment", []byte("extra")
			w = g
		}
	}
	if err == nil {
		_, err = w.Write(p)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestInflate(t *testing.T) {
	for _, k := range []Kind{Raw, Zlib, Gzip} {
		for _, level := range []int{0, 1, 6, 9, flate.HuffmanOnly} {
			for i, want := range samples() {
				packed := pack(t, k, level, want)
				got, used, err := Inflate(nil, k, append(packed[:len(packed):len(packed)], "rest"...), 2_000_000)
				if err != nil || !bytes.Equal(got, want) || used != len(packed) {
					t.Errorf("kind %d, level %d, sample %d: %d bytes of %d, used %d of %d, %v", k, level, i, len(got), len(want), used, len(packed), err)
				}
			}
		}
	}
}

// How the input is cut must not matter.
func TestStreamInPieces(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 2))
	for _, k := range []Kind{Raw, Zlib, Gzip} {
		for i, want := range samples() {
			packed := pack(t, k, 6, want)
			if k == Gzip {
				packed = append(packed, packed...)
				want = append(want[:len(want):len(want)], want...)
			}
			for _, most := range []int{1, 7, 5000} {
				if most == 1 && len(packed) > 50_000 {
					continue
				}
				var s Stream
				s.Reset(k, 1+r.IntN(5000))
				var got []byte
				for rest := packed; ; {
					n := min(len(rest), r.IntN(most)+1)
					used, out := s.Write(rest[:n])
					got = append(got, out...)
					rest = rest[used:]
					if s.Err() != nil || used == 0 && len(out) == 0 {
						break
					}
				}
				if s.Err() != nil || !s.Ended() || !bytes.Equal(got, want) {
					t.Errorf("kind %d, sample %d in pieces of %d: %d bytes of %d, ended %v, %v", k, i, most, len(got), len(want), s.Ended(), s.Err())
				}
			}
		}
	}
}

// A stream that breaks off gives what came before, and a bomb stops at the limit.
func TestInflateDamaged(t *testing.T) {
	want := samples()[6]
	packed := pack(t, Gzip, 6, want)
	got, _, err := Inflate(nil, Gzip, packed[:len(packed)/2], 1<<20)
	if err != Short || len(got) < len(want)/3 || !bytes.HasPrefix(want, got) {
		t.Errorf("half a stream: %d bytes, %v", len(got), err)
	}
	got, _, err = Inflate(nil, Gzip, packed, 1000)
	if err != Large || !bytes.Equal(got, want[:1000]) {
		t.Errorf("limit of 1,000: %d bytes, %v", len(got), err)
	}
	bad := bytes.Clone(packed)
	bad[len(bad)-6] ^= 1
	if got, _, err = Inflate(nil, Gzip, bad, 1<<20); err != Corrupt || !bytes.Equal(got, want) {
		t.Errorf("wrong checksum: %d bytes, %v", len(got), err)
	}
	bad = pack(t, Zlib, 6, want)
	bad[len(bad)-1] ^= 1
	if _, _, err = Inflate(nil, Zlib, bad, 1<<20); err != Corrupt {
		t.Errorf("wrong Adler checksum: %v", err)
	}
	if _, _, err = Inflate(nil, Gzip, bytes.Repeat(pack(t, Gzip, 6, nil), 100_000), 1<<20); err != nil {
		t.Errorf("100,000 empty members: %v", err)
	}
}

// FuzzInflate holds Inflate against the standard library, whole and in pieces.
func FuzzInflate(f *testing.F) {
	for _, p := range samples()[:4] {
		f.Add(pack(f, Raw, 6, p), uint8(3))
	}
	f.Add(pack(f, Raw, flate.HuffmanOnly, []byte("some text")), uint8(1))
	f.Fuzz(func(t *testing.T, p []byte, piece uint8) {
		const limit = 1 << 20
		got, used, err := Inflate(nil, Raw, p, limit)
		want, stdErr := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(p)), limit))
		if err == nil && (stdErr != nil || !bytes.Equal(got, want)) {
			t.Fatalf("%d bytes; the standard library has %d and %v", len(got), len(want), stdErr)
		}
		if err != nil && err != error(Large) && stdErr == nil {
			t.Fatalf("%v; the standard library has %d bytes", err, len(want))
		}
		if used > len(p) {
			t.Fatalf("used %d of %d", used, len(p))
		}
		var s Stream
		s.Reset(Raw, 777)
		var pieces []byte
		for rest := p; len(pieces) < limit; {
			n, out := s.Write(rest[:min(len(rest), int(piece)+1)])
			pieces = append(pieces, out...)
			rest = rest[n:]
			if n == 0 && len(out) == 0 {
				break
			}
		}
		if n := min(len(got), len(pieces)); !bytes.Equal(got[:n], pieces[:n]) {
			t.Fatal("pieces differ")
		}
	})
}

func BenchmarkInflate(b *testing.B) {
	packed := pack(b, Gzip, 6, samples()[6])
	var s Stream
	var out []byte
	b.SetBytes(int64(len(samples()[6])))
	for b.Loop() {
		out, _, _ = s.All(out[:0], Gzip, packed, 1<<20)
	}
}

func BenchmarkInflateStandard(b *testing.B) {
	packed := pack(b, Gzip, 6, samples()[6])
	b.SetBytes(int64(len(samples()[6])))
	for b.Loop() {
		g, _ := gzip.NewReader(bytes.NewReader(packed))
		io.Copy(io.Discard, g)
	}
}
