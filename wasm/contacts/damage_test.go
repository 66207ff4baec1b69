package contacts

import (
	"bytes"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"unicode/utf8"
)

// What FuzzReader asks for, on exports with random damage: more than a fuzzer
// finds by itself in the time that tests have.
func TestDamage(t *testing.T) {
	var files [][]byte
	for _, name := range exports(t) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, data[:min(len(data), 4000)])
	}
	n := 2000
	if *rounds > 0 {
		n = *rounds
	}
	a, b := new(Reader), new(Reader)
	r := rand.New(rand.NewPCG(7, uint64(n)))
	for range n {
		data := damage(r, slices.Clone(files[r.IntN(len(files))]))
		o := Options{Format: Format(r.IntN(4))}
		cut := 1 + r.IntN(100)
		want := readChunks(a, o, data, len(data)+1)
		if got := readChunks(b, o, data, cut); !bytes.Equal(got, want) {
			t.Fatalf("%q as %v in pieces of %d: %q, at once: %q", data, o.Format, cut, got, want)
		}
		if !utf8.Valid(want) {
			t.Fatalf("%q: invalid UTF-8: %q", data, want)
		}
		for row := range bytes.Lines(want) {
			if bytes.Count(row, []byte{'\t'}) != 7 {
				t.Fatalf("%q: bad row %q", data, row)
			}
		}
	}
}

// damage changes some bytes, cuts, doubles and swaps pieces.
func damage(r *rand.Rand, data []byte) []byte {
	odd := []byte("\",;\t\r\n=:\x00\xff\xfe\x93+0@é漢")
	for range 1 + r.IntN(6) {
		if len(data) == 0 {
			return data
		}
		at := r.IntN(len(data))
		switch r.IntN(6) {
		case 0:
			data[at] = byte(r.Uint32())
		case 1:
			data = data[:at]
		case 2:
			data = slices.Insert(data, at, odd[r.IntN(len(odd))])
		case 3:
			data = slices.Delete(data, at, min(at+r.IntN(40), len(data)))
		case 4:
			data = slices.Insert(data, at, slices.Clone(data[:r.IntN(min(len(data), 200))])...)
		case 5:
			data[at] = odd[r.IntN(len(odd))]
		}
	}
	return data
}
