package contacts

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"unicode/utf8"
)

// Each case file cut at every byte, with a byte changed at 1,000 places, and joined
// with another: reading ends, and gives the same in pieces.
func TestDamagedCases(t *testing.T) {
	names, err := filepath.Glob("testdata/cases/*")
	if err != nil {
		t.Fatal(err)
	}
	formats, err := filepath.Glob("testdata/formats/*")
	if err != nil {
		t.Fatal(err)
	}
	names = append(names, formats...)
	var files [][]byte
	for _, name := range names {
		if base := filepath.Base(name); base == "cases.jsonl" || base == "formats.jsonl" {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, data)
	}
	if len(files) != 178 {
		t.Fatalf("%d files", len(files))
	}
	a, b := new(Reader), new(Reader)
	r := rand.New(rand.NewPCG(5, 6))
	n := 0
	check := func(data []byte) {
		n++
		want := readChunks(a, Options{}, data, len(data)+1)
		if n%7 == 0 {
			if got := readChunks(b, Options{}, data, 1+r.IntN(50)); !bytes.Equal(got, want) {
				t.Fatalf("%q in pieces: %q, at once: %q", data, got, want)
			}
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
	places := 1000
	if testing.Short() {
		places = 50
	}
	for _, data := range files {
		for i := range data {
			check(data[:i])
		}
		for range places {
			at := r.IntN(len(data))
			before := data[at]
			data[at] = byte(r.Uint32())
			check(data)
			data[at] = before
		}
		check(slices.Concat(data, files[r.IntN(len(files))]))
	}
}
