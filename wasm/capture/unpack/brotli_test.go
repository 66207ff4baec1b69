package unpack

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/andybalholm/brotli"
)

// text is English with markup: the sources of this package.
func text() []byte {
	var all []byte
	for _, name := range []string{"inflate.go", "gzip.go", "zstd.go", "brotli.go", "inflate_test.go"} {
		p, err := os.ReadFile(name)
		if err != nil {
			panic(err)
		}
		all = append(all, p...)
	}
	return append(all, "<html><head><title>The Title</title>Ünïcödé, \u00a0international development</html>"...)
}

func packBrotli(t testing.TB, level int, p []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := brotli.NewWriterLevel(&b, level)
	if _, err := w.Write(p); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBrotli(t *testing.T) {
	for i, want := range append(samples(), text(), text()[:200]) {
		for level := 0; level <= 11; level++ {
			packed := packBrotli(t, level, want)
			got, err := Brotli([]byte("before"), packed, 2_000_000)
			if err != nil || string(got[:6]) != "before" || !bytes.Equal(got[6:], want) {
				t.Errorf("sample %d, level %d: %d bytes of %d, %v", i, level, len(got)-6, len(want), err)
			}
		}
	}
}

// Appendix A of RFC 7932 gives the checksum of the dictionary.
func TestDictionary(t *testing.T) {
	if crc := crc32(0, []byte(dictionary)); len(dictionary) != 122784 || crc != 0x5136cb04 {
		t.Errorf("%d bytes with checksum %08x", len(dictionary), crc)
	}
}

// Every word that the dictionary makes, in every form, as the peer has it.
func TestDictionaryWords(t *testing.T) {
	words := 0
	for length := 4; length <= 24; length++ {
		for id := 0; id < len(transforms)<<wordBits[length]; id += 1 + 37*(id&1) {
			b := brotliReader{limit: 1 << 20}
			if err := b.word(id, length, 1<<20); err != 0 || len(b.out) > 64 {
				t.Fatalf("word %d of length %d: %v", id, length, err)
			}
			words++
		}
	}
	if words < 10_000 {
		t.Errorf("only %d words", words)
	}
}

func TestBrotliDamaged(t *testing.T) {
	want := text()
	packed := packBrotli(t, 9, want)
	got, err := Brotli(nil, packed[:len(packed)/2], 1<<24)
	if err != Short || len(got) < len(want)/4 || !bytes.HasPrefix(want, got[:len(got)-8]) {
		t.Errorf("half a stream: %d bytes of %d, %v", len(got), len(want), err)
	}
	if got, err := Brotli(nil, packed, 1000); err != Large || !bytes.HasPrefix(want, got) || len(got) < 900 {
		t.Errorf("limit of 1,000: %d bytes, %v", len(got), err)
	}
	if got, err := Brotli(nil, packBrotli(t, 5, make([]byte, 1<<20)), 5000); err != Large || len(got) != 5000 {
		t.Errorf("a bomb: %d bytes, %v", len(got), err)
	}
	if _, err := Brotli(nil, nil, 10); err != Short {
		t.Errorf("nothing: %v", err)
	}
}

// FuzzBrotli holds Brotli against the decoder translated from Google's.
func FuzzBrotli(f *testing.F) {
	for _, p := range append(samples()[:3], text()[:3000]) {
		f.Add(packBrotli(f, 9, p))
		f.Add(packBrotli(f, 11, p))
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		const limit = 1 << 20
		got, err := Brotli(nil, p, limit)
		if len(got) > limit {
			t.Fatalf("%d bytes", len(got))
		}
		want, peerErr := io.ReadAll(io.LimitReader(brotli.NewReader(bytes.NewReader(p)), limit))
		if peerErr == nil && len(want) < limit && (err != nil || !bytes.Equal(got, want)) && err != error(Unsupported) {
			t.Fatalf("%d bytes and %v; the peer has %d", len(got), err, len(want))
		}
	})
}

func BenchmarkBrotli(b *testing.B) {
	packed := packBrotli(b, 6, text())
	var out []byte
	b.SetBytes(int64(len(text())))
	for b.Loop() {
		out, _ = Brotli(out[:0], packed, 1<<24)
	}
}
