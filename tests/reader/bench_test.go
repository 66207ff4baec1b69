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
		for _, build := range []struct {
			name  string
			calls calls
		}{{"native", native{new(contacts.Session)}}, {"wazero", load(b)}} {
			b.Run(format+"/"+build.name, func(b *testing.B) {
				b.SetBytes(int64(file.Len()))
				b.ReportAllocs()
				for b.Loop() {
					build.calls.begin(0, "")
					for data := file.Bytes(); len(data) > 0; {
						data = data[build.calls.feed(data[:min(len(data), contacts.InputSize)]):]
					}
					for build.calls.finish() == 1 {
					}
				}
			})
		}
	}
}
