package contacts

import (
	"bytes"
	"os"
	"testing"
)

// BenchmarkOpen reads small files: what it costs to find out what they are.
func BenchmarkOpen(b *testing.B) {
	for _, name := range []string{"csv-outlook-en.csv", "csv-google-2024.csv", "vcard3-icloud.vcf", "list-plain.txt"} {
		data, err := os.ReadFile("testdata/" + name)
		if err != nil {
			b.Fatal(err)
		}
		r, e := new(Reader), new(Entry)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Reset(Options{})
				for p := data; len(p) > 0; {
					p = p[r.Feed(p):]
					for r.Next(e) {
					}
				}
				r.Finish()
				for r.Next(e) {
				}
			}
		})
	}
}

// BenchmarkVCard reads 16 MB of cards.
func BenchmarkVCard(b *testing.B) {
	data, err := os.ReadFile("testdata/vcard3-icloud.vcf")
	if err != nil {
		b.Fatal(err)
	}
	data = bytes.Repeat(data, 16<<20/len(data))
	r, e := new(Reader), new(Entry)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		r.Reset(Options{})
		for p := data; len(p) > 0; {
			p = p[r.Feed(p[:min(len(p), 64<<10)]):]
			for r.Next(e) {
			}
		}
		r.Finish()
		for r.Next(e) {
		}
	}
}
