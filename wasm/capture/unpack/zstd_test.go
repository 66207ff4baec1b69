package unpack

import (
	"bytes"
	"testing"

	"github.com/klauspost/compress/zstd"
)

func packZstd(t testing.TB, level zstd.EncoderLevel, p []byte) []byte {
	t.Helper()
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	return w.EncodeAll(p, nil)
}

func TestZstd(t *testing.T) {
	for i, want := range append(samples(), text()) {
		for _, level := range []zstd.EncoderLevel{zstd.SpeedFastest, zstd.SpeedDefault, zstd.SpeedBetterCompression, zstd.SpeedBestCompression} {
			packed := packZstd(t, level, want)
			skippable := []byte{0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 'x', 'y'}
			twice := append(append(append([]byte{}, skippable...), packed...), packed...)
			got, err := Zstd([]byte("before"), twice, 4_000_000)
			if err != nil || string(got[:6]) != "before" || !bytes.Equal(got[6:], append(want[:len(want):len(want)], want...)) {
				t.Errorf("sample %d, %v: %d bytes of 2×%d, %v", i, level, len(got)-6, len(want), err)
			}
		}
	}
}

func TestZstdDamaged(t *testing.T) {
	want := text()
	packed := packZstd(t, zstd.SpeedDefault, want)
	if got, err := Zstd(nil, packed[:len(packed)-5], 1<<24); err != Short || len(want) > zstdBlock && len(got) < zstdBlock {
		t.Errorf("cut: %d bytes of %d, %v", len(got), len(want), err)
	}
	if got, err := Zstd(nil, packed, 1000); err != Large || !bytes.Equal(got, want[:1000]) {
		t.Errorf("limit of 1,000: %d bytes, %v", len(got), err)
	}
	zeros := packZstd(t, zstd.SpeedDefault, make([]byte, 1<<20))
	if got, err := Zstd(nil, zeros, 5000); err != Large || len(got) != 5000 {
		t.Errorf("a bomb: %d bytes, %v", len(got), err)
	}
	if _, err := Zstd(nil, nil, 10); err != Short {
		t.Errorf("nothing: %v", err)
	}
}

// FuzzZstd holds Zstd against klauspost's.
func FuzzZstd(f *testing.F) {
	for _, p := range append(samples()[:3], text()[:3000]) {
		f.Add(packZstd(f, zstd.SpeedDefault, p))
	}
	peer, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<20), zstd.IgnoreChecksum(true))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		got, err := Zstd(nil, p, 1<<20)
		if len(got) > 1<<20 {
			t.Fatalf("%d bytes", len(got))
		}
		want, peerErr := peer.DecodeAll(p, nil)
		if peerErr == nil && len(p) > 0 && (err != nil || !bytes.Equal(got, want)) {
			t.Fatalf("%d bytes and %v; klauspost's has %d", len(got), err, len(want))
		}
	})
}

func BenchmarkZstd(b *testing.B) {
	packed := packZstd(b, zstd.SpeedDefault, text())
	var out []byte
	b.SetBytes(int64(len(text())))
	for b.Loop() {
		out, _ = Zstd(out[:0], packed, 1<<24)
	}
}
