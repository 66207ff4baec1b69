package reader

import (
	"bytes"
	"testing"

	"sealbook/tests/people"
	"sealbook/wasm/contacts"
)

// BenchmarkRead reads 5,000 people, natively and under wazero.
func BenchmarkRead(b *testing.B) {
	for _, format := range people.Formats {
		var file bytes.Buffer
		if err := people.Write(&file, people.Options{People: 5000, Format: format, Region: "GB", Seed: 1}); err != nil {
			b.Fatal(err)
		}
		g := load(b)
		for _, build := range []struct {
			name string
			read func()
		}{
			{"native", func() { native(contacts.Options{}, file.Bytes(), inputSize) }},
			{"wazero", func() { g.read(contacts.Options{}, file.Bytes(), inputSize) }},
		} {
			b.Run(format+"/"+build.name, func(b *testing.B) {
				b.SetBytes(int64(file.Len()))
				b.ReportAllocs()
				for b.Loop() {
					build.read()
				}
			})
		}
	}
}
