package conformance

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"sealbook/verifier/parity"
	"sealbook/wasm/batch"
	"sealbook/wasm/oprf"
)

// steps takes steps in both engines and counts them.
type steps struct {
	t *testing.T
	p *parity.Blinders
	n int
}

// try takes a step with the parts as input. It answers a copy of what both
// wrote; where both refused, how.
func (s *steps) try(step batch.Step, n int, parts ...[]byte) ([]byte, parity.Refusal, error) {
	s.t.Helper()
	s.n++
	out, refused, failure, err := s.p.Step(step, n, parts...)
	if err != nil {
		s.t.Fatal(err)
	}
	return out, refused, failure
}

// take is try for a step that has to be taken.
func (s *steps) take(step batch.Step, n int, parts ...[]byte) []byte {
	s.t.Helper()
	out, refused, err := s.try(step, n, parts...)
	if err != nil {
		s.t.Fatalf("step %d of %d: %v, %v at %d", step, n, err, refused.Code, refused.At)
	}
	return out
}

// want compares bytes with hexadecimal items.
func (s *steps) want(what string, got []byte, want string) {
	s.t.Helper()
	if hex.EncodeToString(got) != strings.ReplaceAll(want, ",", "") {
		s.t.Errorf("%s: %x, want %s", what, got, want)
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, ",", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func readVectors(t *testing.T, name string, v any) {
	t.Helper()
	text, err := os.ReadFile("../vectors/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatal(err)
	}
}

// framed is the ends of items and then the items.
func framed(items [][]byte) []byte {
	var ends, texts []byte
	for _, item := range items {
		texts = append(texts, item...)
		ends = binary.LittleEndian.AppendUint32(ends, uint32(len(texts)))
	}
	return append(ends, texts...)
}

// TestRFC9497 runs the vectors of appendix A.1 in both engines.
func TestRFC9497(t *testing.T) {
	var suites []struct {
		Mode                      int
		Seed, KeyInfo, SkSm, PkSm string
		Vectors                   []struct {
			Batch                                                   int
			Blind, BlindedElement, EvaluationElement, Input, Output string
			Proof                                                   struct{ Proof, R string }
		}
	}
	readVectors(t, "rfc9497-ristretto255.json", &suites)
	s := &steps{t: t, p: blinders(t)}
	items := 0
	for _, suite := range suites {
		key := s.take(batch.Derive, suite.Mode, unhex(t, suite.Seed), unhex(t, suite.KeyInfo))
		s.want("key", key, suite.SkSm)
		public := s.take(batch.Serve, suite.Mode, key)
		if suite.PkSm != "" {
			s.want("public key", public, suite.PkSm)
		}
		s.take(batch.Connect, suite.Mode, public)
		for _, v := range suite.Vectors {
			items += v.Batch
			var texts [][]byte
			for _, item := range strings.Split(v.Input, ",") {
				texts = append(texts, unhex(t, item))
			}
			blinds := unhex(t, v.Blind)
			blinded := s.take(batch.BlindWith, v.Batch, blinds, framed(texts))
			s.want("blinded", blinded, v.BlindedElement)
			answer := s.take(batch.Evaluate, v.Batch, append(unhex(t, v.Proof.R), make([]byte, 64)...)[:64], blinded)
			evaluated, proof := answer[:32*v.Batch], answer[32*v.Batch:]
			s.want("evaluated", evaluated, v.EvaluationElement)
			if suite.Mode == int(oprf.VOPRF) {
				s.want("proof", proof, v.Proof.Proof)
			}
			outputs := s.take(batch.Finalize, v.Batch, proof, blinds, blinded, evaluated, framed(texts))
			s.want("output", outputs, v.Output)
			for i, text := range texts {
				s.want("the server's own output", s.take(batch.Output, 0, text), hex.EncodeToString(outputs[64*i:64*i+64]))
			}
		}
	}
	if len(suites) != 2 || items != 6 {
		t.Errorf("%d suites, %d items, want 2 and 6", len(suites), items)
	}
	t.Logf("counts: %d items of RFC 9497 alike", items)
}

// TestRFC9380 runs the vectors of appendix K.3 in both engines.
func TestRFC9380(t *testing.T) {
	var v struct {
		DST     string
		Vectors []struct {
			Message, Expanded string
			Length            int
		}
	}
	readVectors(t, "rfc9380-expand-sha512.json", &v)
	s := &steps{t: t, p: blinders(t)}
	for _, c := range v.Vectors {
		s.want(c.Message, s.take(batch.Expand, c.Length<<16|len(v.DST), []byte(v.DST), []byte(c.Message)), c.Expanded)
	}
	if len(v.Vectors) < 10 {
		t.Errorf("%d vectors", len(v.Vectors))
	}
	for _, tag := range []int{1, 40, 255, 256, 1000} {
		s.take(batch.HashToGroup, tag, bytes.Repeat([]byte{'t'}, tag), []byte("message"))
		s.take(batch.Expand, 16320<<16|tag, bytes.Repeat([]byte{'t'}, tag), nil)
	}
	t.Logf("counts: %d vectors of RFC 9380 alike", len(v.Vectors))
}

// TestRFC9496 offers every encoding that the group refuses, and multiples of
// its generator, which it does not.
func TestRFC9496(t *testing.T) {
	var v struct {
		Multiples []string
		Invalid   []struct{ Reason, Encoding string }
	}
	readVectors(t, "rfc9496-ristretto255.json", &v)
	s := &steps{t: t, p: blinders(t)}
	var key, random [64]byte
	random[0] = 1
	for i, want := range v.Multiples[1:] {
		key[0] = byte(i + 1)
		s.want("multiple of the generator", s.take(batch.Serve, 1, key[:32]), want)
		// The key times an element whose inverse key it is: the element of 1/key is not known, so 1.
		key[0] = 1
		s.take(batch.Serve, 1, key[:32])
		s.want("once the element", s.take(batch.Evaluate, 1, random[:], unhex(t, want))[:32], want)
	}
	public := unhex(t, v.Multiples[5])
	s.take(batch.Connect, 1, public)
	blinds := s.take(batch.Blind, 2, bytes.Repeat([]byte{3}, 128), framed([][]byte{{1}, {2}}))
	blinds, blinded := blinds[:64], blinds[64:]
	good := unhex(t, v.Multiples[3])
	for _, bad := range append(v.Invalid, struct{ Reason, Encoding string }{"identity", strings.Repeat("0", 64)}) {
		code := oprf.InvalidElement
		if bad.Reason == "identity" {
			code = oprf.IdentityElement
		}
		element := unhex(t, bad.Encoding)
		for at := range 2 {
			pairs := append(bytes.Clone(good), element...)
			if at == 0 {
				pairs = append(bytes.Clone(element), good...)
			}
			if _, refused, _ := s.try(batch.Evaluate, 2, random[:], pairs); refused != (parity.Refusal{Code: code, At: at}) {
				t.Errorf("evaluate, %s: %v", bad.Reason, refused)
			}
			if _, refused, _ := s.try(batch.Finalize, 2, make([]byte, 64), blinds, blinded, pairs, framed([][]byte{{1}, {2}})); refused != (parity.Refusal{Code: code, At: at}) {
				t.Errorf("finalize, %s: %v", bad.Reason, refused)
			}
			if _, refused, _ := s.try(batch.Finalize, 2, make([]byte, 64), blinds, pairs, blinded, framed([][]byte{{1}, {2}})); refused != (parity.Refusal{Code: code, At: at}) {
				t.Errorf("finalize, %s as blinded: %v", bad.Reason, refused)
			}
		}
		if _, refused, _ := s.try(batch.Connect, 1, element); refused != (parity.Refusal{Code: code, At: -1}) {
			t.Errorf("connect, %s: %v", bad.Reason, refused)
		}
		s.take(batch.Connect, 1, public)
	}
	if len(v.Multiples) != 16 || len(v.Invalid) != 29 {
		t.Errorf("%d and %d vectors", len(v.Multiples), len(v.Invalid))
	}
	t.Logf("counts: %d encodings refused alike", len(v.Invalid)+1)
}

// TestOPRF: seeded batches in both modes, then the same with one bit changed
// anywhere.
func TestOPRF(t *testing.T) {
	s := &steps{t: t, p: blinders(t)}
	random := rand.NewChaCha8([32]byte{'o', 'p', 'r', 'f'})
	draw := func(n int) []byte {
		b := make([]byte, n)
		random.Read(b)
		return b
	}
	items, changed := 0, 0
	for i, n := range []int{1, 2, 63, 64, 65, 200, batch.MaxElements} {
		for mode := range 2 {
			if mode == int(oprf.OPRF) && n == batch.MaxElements {
				continue // the longest once
			}
			key := s.take(batch.Derive, mode, draw(32), draw(i))
			public := s.take(batch.Serve, mode, key)
			s.take(batch.Connect, mode, public)
			var texts [][]byte
			for range n {
				texts = append(texts, draw(int(random.Uint64()%40)))
			}
			answer := s.take(batch.Blind, n, draw(64*n), framed(texts))
			blinds, blinded := answer[:32*n], answer[32*n:]
			if again := s.take(batch.BlindWith, n, blinds, framed(texts)); !bytes.Equal(again, blinded) {
				t.Errorf("%d items: other elements from the same blinds", n)
			}
			answer = s.take(batch.Evaluate, n, draw(64), blinded)
			evaluated, proof := answer[:32*n], answer[32*n:]
			outputs := s.take(batch.Finalize, n, proof, blinds, blinded, evaluated, framed(texts))
			for i := 0; i < n; i += 50 {
				s.want("the server's own output", s.take(batch.Output, 0, texts[i]), hex.EncodeToString(outputs[64*i:64*i+64]))
			}
			items += n
			if n > 100 {
				continue
			}
			for range 12 {
				parts := [][]byte{bytes.Clone(proof), bytes.Clone(blinds), bytes.Clone(blinded), bytes.Clone(evaluated), framed(texts)}
				part := random.Uint64() % 4
				bit := random.Uint64() % uint64(8*len(parts[part]))
				parts[part][bit/8] ^= 1 << (bit % 8)
				if _, refused, err := s.try(batch.Finalize, n, parts...); mode == 1 && part != 1 && (err != batch.Refused || refused.Code == oprf.OK) {
					t.Errorf("part %d, bit %d changed: %v", part, bit, err)
				}
				s.try(batch.Evaluate, n, draw(64), parts[2])
				s.try(batch.BlindWith, n, parts[1], parts[4])
				changed++
			}
		}
	}
	t.Logf("counts: %d items of the OPRF alike, %d changed ones, %d steps", items, changed, s.n)
}

// TestWrongSteps: any step with any arguments is refused alike, and none before
// what it needs.
func TestWrongSteps(t *testing.T) {
	s := &steps{t: t, p: blinders(t)}
	for _, step := range []batch.Step{batch.Blind, batch.BlindWith, batch.Finalize, batch.Evaluate, batch.Output} {
		if _, _, err := s.try(step, 1, make([]byte, 400)); err != batch.State {
			t.Errorf("step %d before it is ready: %v", step, err)
		}
	}
	for _, c := range []struct {
		name   string
		step   batch.Step
		n, len int
		want   error
	}{
		{"no such step", batch.HashToGroup + 1, 0, 0, batch.BadMode},
		{"a step below the first", -1, 0, 0, batch.BadMode},
		{"no items", batch.Blind, 0, 0, batch.Length},
		{"less than none", batch.Evaluate, -1, 4096, batch.Length},
		{"too many", batch.Blind, batch.MaxElements + 1, batch.InputSize, batch.Length},
		{"too short by one", batch.Finalize, 2, 263, batch.Length},
		{"no seed", batch.Derive, 1, 31, batch.Length},
		{"no key", batch.Serve, 1, 31, batch.Length},
		{"other mode", batch.Serve, 2, 32, batch.Refused},
		{"a mode beyond a byte", batch.Derive, 256, 32, batch.Refused},
		{"a negative mode", batch.Connect, -1, 32, batch.Refused},
		{"key of zero", batch.Serve, 1, 32, batch.Refused},
		{"tag beyond the input", batch.HashToGroup, 4, 3, batch.Length},
		{"no tag", batch.HashToGroup, 0, 3, batch.Refused},
		{"nothing asked for", batch.Expand, 1, 3, batch.Refused},
		{"too much asked for", batch.Expand, 16321<<16 | 1, 3, batch.Refused},
		{"less than nothing asked for", batch.Expand, -1<<16 | 1, 3, batch.Refused},
	} {
		if _, _, err := s.try(c.step, c.n, make([]byte, c.len)); err != c.want {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	in := make([]byte, 4096)
	numbers := []int{-1 << 31, -1, 0, 1, 2, 3, 40, 255, 256, 1023, 1024, 1025, 1 << 16, 1 << 20, 1<<31 - 1}
	for range 3000 {
		for i := range in {
			in[i] = byte(random.Uint32()) & byte(random.Uint32())
		}
		s.try(batch.Step(random.IntN(13)-1), numbers[random.IntN(len(numbers))], in[:random.IntN(600)])
	}
	s.take(batch.Forget, 0)
	if _, _, err := s.try(batch.Output, 0); err != batch.State {
		t.Errorf("after forgetting: %v", err)
	}
	t.Logf("counts: %d wrong steps alike", s.n)
}
