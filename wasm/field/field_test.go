package field

import "testing"

func TestReaderAllocates(t *testing.T) {
	var r Reader
	text := []byte("Home: 020 7946 0018 / 0019")
	if n := testing.AllocsPerRun(100, func() { r.Read(text, Options{Region: "GB"}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkRead(b *testing.B) {
	for _, text := range []string{"+44 20 7946 0018", "020 7946 0018", "2079460018", "Home: 020 7946 0018 / 0019"} {
		b.Run(text, func(b *testing.B) {
			var r Reader
			for b.Loop() {
				r.Read([]byte(text), Options{Region: "GB"})
			}
		})
	}
}
