package audit

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"sealbook/wasm/capture"
)

func bigBook(t testing.TB, n int) *Book {
	b := new(Book)
	for i := range n {
		p := b.Add(fmt.Sprintf("Person%d Family%d", i, i))
		b.AddNumber(p, mustNumber(t, fmt.Sprintf("+44113496%04d", i)))
		b.AddEmail(p, fmt.Sprintf("person%d@example.org", i))
	}
	return b
}

// samples are bytes of the kinds that facts measured: events, prose, lists of
// digests, binary.
func samples() map[string][]byte {
	r := rand.New(rand.NewPCG(1, 2))
	raw := func(n int) []byte {
		p := make([]byte, n)
		for i := range p {
			p[i] = byte(r.Uint32())
		}
		return p
	}
	words := strings.Fields("lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna aliqua the quick brown fox")
	var events, prose, hexes, b64s strings.Builder
	for events.Len() < 4<<20 {
		fmt.Fprintf(&events, `{"event":"%s","ts":%d,"session":"%x","props":{"screen":"%s","ms":%d,"ok":true,"id":"%s"}},`,
			words[r.IntN(len(words))], 1700000000000+r.IntN(1e9), raw(8), words[r.IntN(len(words))], r.IntN(5000), base64.RawURLEncoding.EncodeToString(raw(9)))
	}
	for prose.Len() < 4<<20 {
		prose.WriteString(words[r.IntN(len(words))])
		prose.WriteByte(' ')
		if r.IntN(12) == 0 {
			fmt.Fprintf(&prose, "%d. ", r.IntN(2000))
		}
	}
	for hexes.Len() < 4<<20 {
		hexes.WriteString(hex.EncodeToString(raw(32)) + "\n")
		b64s.WriteString(base64.StdEncoding.EncodeToString(raw(32)) + "\n")
	}
	return map[string][]byte{"events": []byte(events.String()), "prose": []byte(prose.String()), "hex": []byte(hexes.String()), "base64": []byte(b64s.String()), "binary": raw(4 << 20)}
}

func BenchmarkScan(b *testing.B) {
	book := bigBook(b, 1000)
	for name, p := range samples() {
		b.Run(name, func(b *testing.B) {
			a := New(book, Options{MaxTokens: 1000})
			b.SetBytes(int64(len(p)))
			for b.Loop() {
				a.scan.memo = memo{}
				a.Message(&capture.Message{Parts: []capture.Part{{Place: capture.Body, Bytes: p}}})
			}
			if f := a.End().Findings; len(f) > 0 {
				b.Log(len(f), f[0].Value, f[0].Certainty, f[0].Chain)
			}
		})
	}
	p := samples()["events"]
	b.Run("table", func(b *testing.B) {
		b.SetBytes(int64(len(p)))
		n := 0
		for b.Loop() {
			for _, c := range p {
				n += int(classes[c])
			}
		}
		_ = n
	})
}

func BenchmarkBook(b *testing.B) {
	for b.Loop() {
		New(bigBook(b, 1000), Options{})
	}
}
