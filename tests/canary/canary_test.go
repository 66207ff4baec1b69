package canary

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"sealbook/wasm/number"
)

var canaries = []string{"+442079460018", "+12025550143", "+61491570006", "+493023125000"}

func search(t *testing.T) *Search {
	t.Helper()
	s := new(Search)
	for i, text := range canaries {
		if err := s.E164(fmt.Sprintf("number %d", i), text); err != nil {
			t.Fatal(err)
		}
	}
	s.Secret("element", bytes.Repeat([]byte{1, 2, 3, 250}, 8))
	s.Text("code", "246813")
	return s
}

func noise(n int) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// Nothing is found where nothing is.
func TestNoise(t *testing.T) {
	if found := search(t).In(noise(4 << 20)); len(found) > 0 {
		t.Error(found)
	}
}

// Every needle is found where it is planted.
func TestPlanted(t *testing.T) {
	s := search(t)
	needles := s.Needles()
	if len(needles) < 10_000 {
		t.Fatalf("only %d needles", len(needles))
	}
	hay := noise(1 << 12)
	for i, n := range needles {
		at := i % (len(hay) - len(n.Bytes()) + 1)
		data := slices.Clone(hay)
		copy(data[at:], n.Bytes())
		if !slices.ContainsFunc(s.In(data), func(f Finding) bool { return f.What == n.What && f.Form == n.Form && f.Offset == at }) {
			t.Fatalf("%s: %s is not found at %d", n.What, n.Form, at)
		}
	}
	t.Logf("counts: %d needles planted and found", len(needles))
}

// What others would write is found: made here by other means than in the
// package.
func TestWrittenByOthers(t *testing.T) {
	s := search(t)
	for name, data := range map[string][]byte{
		"plain":             []byte(`{"phone":"+442079460018"}`),
		"national":          []byte("call 020 7946 0018 now"),
		"UTF-16":            []byte("4\x004\x002\x000\x007\x009\x004\x006\x000\x000\x001\x008\x00"),
		"base64 of JSON":    []byte(base64.StdEncoding.EncodeToString([]byte(`{"a":"+442079460018"}`))),
		"base64 of JSON +1": []byte(base64.StdEncoding.EncodeToString([]byte(`{"ab":"+442079460018"}`))),
		"base64 of JSON +2": []byte(base64.StdEncoding.EncodeToString([]byte(`{"abc":"+442079460018"}`))),
		"hex":               []byte(hex.EncodeToString([]byte("xx+12025550143yy"))),
		"int64":             {0, 0, 0, 0x66, 0xed, 0xfd, 0x3a, 0xb2, 9},
		"varint":            {0x08, 0xb2, 0xf5, 0xf4, 0xef, 0xee, 0x0c},
		"BCD":               {0x44, 0x20, 0x79, 0x46, 0x00, 0x18},
		"TBCD":              {0x44, 0x02, 0x97, 0x64, 0x00, 0x81},
		// As sha256sum and md5sum say.
		"SHA-256":     []byte("99a4599795d24445a5be21117f375c1bbe9e795daf7f62666686ce081e1f32dc  -"),
		"MD5 in caps": []byte("6D44EF0A39B6A2AD2003DE9D81249F6F"),
		"code":        []byte("code=246813;"),
		"element":     append([]byte("el:"), bytes.Repeat([]byte{1, 2, 3, 250}, 8)...),
		"element b64": []byte(base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{1, 2, 3, 250}, 8))),
	} {
		if len(s.In(data)) == 0 {
			t.Errorf("%s is not found", name)
		}
	}
}

// The searched-for forms have names, and no name tells the number.
func TestNames(t *testing.T) {
	for _, n := range search(t).Needles() {
		for _, text := range canaries {
			var num number.Number
			if err := num.UnmarshalText([]byte(text)); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(n.What+n.Form, num.Format(number.Significant)) {
				t.Fatal("a needle is named for a number")
			}
		}
		if n.What == "" || n.Form == "" {
			t.Fatal("a needle has no name")
		}
	}
}
