package oprf_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"sealbook/wasm/oprf"
)

// suite is one element of tests/vectors/rfc9497-ristretto255.json.
type suite struct {
	Mode       oprf.Mode
	Identifier string
	Seed       string
	KeyInfo    string
	SkSm, PkSm string
	Vectors    []struct {
		Batch                                                   int
		Blind, BlindedElement, EvaluationElement, Input, Output string
		Proof                                                   struct{ Proof, R string }
	}
}

func read(t testing.TB, name string, v any) {
	t.Helper()
	data, err := os.ReadFile("../../tests/vectors/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatal(err)
	}
}

// unhex reads hexadecimal items that commas separate, one after the other.
func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, ",", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func items(t testing.TB, s string) (in oprf.Inputs) {
	for _, item := range strings.Split(s, ",") {
		in.Text = append(in.Text, unhex(t, item)...)
		in.End = append(in.End, uint32(len(in.Text)))
	}
	return in
}

func must(t testing.TB, at int, code oprf.Code) {
	t.Helper()
	if code != oprf.OK || at != -1 {
		t.Fatalf("%v at %d", code, at)
	}
}

func TestRFC9497(t *testing.T) {
	var suites []suite
	read(t, "rfc9497-ristretto255.json", &suites)
	if len(suites) != 2 {
		t.Fatalf("%d suites, want 2", len(suites))
	}
	count := 0
	var room oprf.Room
	for _, s := range suites {
		var key, public [32]byte
		must(t, -1, s.Mode.DeriveKey(&key, (*[32]byte)(unhex(t, s.Seed)), unhex(t, s.KeyInfo)))
		if hex.EncodeToString(key[:]) != s.SkSm {
			t.Errorf("mode %d: key %x, want %s", s.Mode, key, s.SkSm)
		}
		must(t, -1, oprf.PublicKey(&public, &key))
		if s.PkSm != "" && hex.EncodeToString(public[:]) != s.PkSm {
			t.Errorf("mode %d: public key %x, want %s", s.Mode, public, s.PkSm)
		}
		var server oprf.Server
		var client oprf.Client
		must(t, -1, server.Init(s.Mode, &key, &room))
		must(t, -1, client.Init(s.Mode, &public, &room))
		for _, v := range s.Vectors {
			count += v.Batch
			in := items(t, v.Input)
			blinds := unhex(t, v.Blind)
			n := len(in.End)
			if n != v.Batch {
				t.Fatalf("%d inputs, want %d", n, v.Batch)
			}
			blinded, evaluated, outputs := make([]byte, 32*n), make([]byte, 32*n), make([]byte, 64*n)
			at, code := client.BlindWith(in, blinds, blinded)
			must(t, at, code)
			check := func(what string, got []byte, want string) {
				t.Helper()
				if !bytes.Equal(got, unhex(t, want)) {
					t.Errorf("mode %d, batch of %d: %s %x, want %s", s.Mode, n, what, got, want)
				}
			}
			check("blinded element", blinded, v.BlindedElement)
			var proof [64]byte
			var random [64]byte // a scalar is its own wide reduction
			copy(random[:], unhex(t, v.Proof.R))
			at, code = server.Evaluate(blinded, &random, evaluated, &proof)
			must(t, at, code)
			check("evaluated element", evaluated, v.EvaluationElement)
			if s.Mode == oprf.VOPRF {
				check("proof", proof[:], v.Proof.Proof)
			}
			at, code = client.Finalize(in, blinds, blinded, evaluated, &proof, outputs)
			must(t, at, code)
			check("output", outputs, v.Output)
			var own [64]byte
			for i := range n {
				start := uint32(0)
				if i > 0 {
					start = in.End[i-1]
				}
				must(t, -1, server.Output(&own, in.Text[start:in.End[i]]))
				if !bytes.Equal(own[:], outputs[64*i:64*i+64]) {
					t.Errorf("mode %d, item %d: the server's own output differs", s.Mode, i)
				}
			}
		}
	}
	if count != 6 {
		t.Errorf("%d items, want 6", count)
	}
}

func TestRFC9380(t *testing.T) {
	var v struct {
		DST     string
		Vectors []struct {
			Message  string
			Length   int
			Expanded string
		}
	}
	read(t, "rfc9380-expand-sha512.json", &v)
	if len(v.Vectors) != 10 {
		t.Fatalf("%d vectors, want 10", len(v.Vectors))
	}
	for _, x := range v.Vectors {
		out := make([]byte, x.Length)
		must(t, -1, oprf.Expand(out, []byte(x.Message), []byte(v.DST)))
		if hex.EncodeToString(out) != x.Expanded {
			t.Errorf("%d bytes of a message of %d: %x, want %s", x.Length, len(x.Message), out, x.Expanded)
		}
	}
	for _, bad := range []struct{ out, dst int }{{0, 1}, {16321, 1}, {32, 0}} {
		if code := oprf.Expand(make([]byte, bad.out), nil, make([]byte, bad.dst)); code != oprf.InvalidLength {
			t.Errorf("%d bytes under a tag of %d: %v", bad.out, bad.dst, code)
		}
	}
}

// session is a client and a server that have gone through a batch of n.
type session struct {
	server                                      oprf.Server
	client                                      oprf.Client
	room                                        oprf.Room
	public                                      [32]byte
	in                                          oprf.Inputs
	random, blinds, blinded, evaluated, outputs []byte
	nonce, proof                                [64]byte
}

func newSession(t testing.TB, m oprf.Mode, n int, seed byte) *session {
	s := &session{random: make([]byte, 64*n), blinds: make([]byte, 32*n), blinded: make([]byte, 32*n),
		evaluated: make([]byte, 32*n), outputs: make([]byte, 64*n)}
	random := rand.NewChaCha8([32]byte{seed, byte(m)})
	var key, secret [32]byte
	random.Read(secret[:])
	must(t, -1, m.DeriveKey(&key, &secret, []byte("test")))
	must(t, -1, s.server.Init(m, &key, &s.room))
	s.server.PublicKey(&s.public)
	must(t, -1, s.client.Init(m, &s.public, &s.room))
	random.Read(s.random)
	random.Read(s.nonce[:])
	for i := range n {
		var b [40]byte
		random.Read(b[:])
		s.in.Text = append(s.in.Text, b[:i%41]...)
		s.in.End = append(s.in.End, uint32(len(s.in.Text)))
	}
	at, code := s.client.Blind(s.in, s.random, s.blinds, s.blinded)
	must(t, at, code)
	at, code = s.server.Evaluate(s.blinded, &s.nonce, s.evaluated, &s.proof)
	must(t, at, code)
	return s
}

func (s *session) finalize() (int, oprf.Code) {
	return s.client.Finalize(s.in, s.blinds, s.blinded, s.evaluated, &s.proof, s.outputs)
}

// TestBatches: sizes around those of the chunks give what the server computes
// itself, in both modes.
func TestBatches(t *testing.T) {
	for _, m := range []oprf.Mode{oprf.OPRF, oprf.VOPRF} {
		for _, n := range []int{1, 2, 5, 63, 64, 65, 128, 129, 200} {
			s := newSession(t, m, n, byte(n))
			at, code := s.finalize()
			must(t, at, code)
			start := uint32(0)
			for i, end := range s.in.End {
				var own [64]byte
				must(t, -1, s.server.Output(&own, s.in.Text[start:end]))
				if !bytes.Equal(own[:], s.outputs[64*i:64*i+64]) {
					t.Fatalf("mode %d, item %d of %d is wrong", m, i, n)
				}
				start = end
			}
			again := make([]byte, len(s.blinded))
			at, code = s.client.BlindWith(s.in, s.blinds, again)
			must(t, at, code)
			if !bytes.Equal(again, s.blinded) {
				t.Errorf("mode %d, %d items: other elements from the same blinds", m, n)
			}
		}
	}
}

func flip(b []byte, at int) { b[at] ^= 1 }

// TestLyingServer: every way to cheat is found, and nothing is given out.
func TestLyingServer(t *testing.T) {
	other := newSession(t, oprf.VOPRF, 70, 200)
	for _, c := range []struct {
		name string
		do   func(s *session)
		at   int
		want oprf.Code
	}{
		{"honest", func(s *session) {}, -1, oprf.OK},
		{"another server's elements", func(s *session) { copy(s.evaluated, other.evaluated) }, -1, oprf.BadProof},
		{"one element of another server", func(s *session) { copy(s.evaluated[64:96], other.evaluated) }, -1, oprf.BadProof},
		{"elements swapped", func(s *session) {
			var t [32]byte
			copy(t[:], s.evaluated)
			copy(s.evaluated, s.evaluated[32:64])
			copy(s.evaluated[32:], t[:])
		}, -1, oprf.BadProof},
		{"another server's proof", func(s *session) { s.proof = other.proof }, -1, oprf.BadProof},
		{"proof, c", func(s *session) { flip(s.proof[:], 3) }, -1, oprf.BadProof},
		{"proof, s", func(s *session) { flip(s.proof[:], 40) }, -1, oprf.BadProof},
		{"no proof", func(s *session) { clear(s.proof[:]) }, -1, oprf.BadProof},
		{"c not canonical", func(s *session) { s.proof[31] = 0xff }, -1, oprf.InvalidScalar},
		{"s not canonical", func(s *session) { s.proof[63] = 0x20 }, -1, oprf.InvalidScalar},
		{"identity", func(s *session) { clear(s.evaluated[32*66 : 32*67]) }, 66, oprf.IdentityElement},
		{"not canonical", func(s *session) { s.evaluated[32*5+31] |= 0x80 }, 5, oprf.InvalidElement},
		{"odd", func(s *session) { s.evaluated[0] |= 1 }, 0, oprf.InvalidElement},
		{"blinded is no element", func(s *session) { s.blinded[32] |= 1 }, 1, oprf.InvalidElement},
		{"other blinded elements", func(s *session) { copy(s.blinded, other.blinded) }, -1, oprf.BadProof},
		{"blind of zero", func(s *session) { clear(s.blinds[32:64]) }, 1, oprf.ZeroScalar},
		{"blind not canonical", func(s *session) { s.blinds[32*69+31] = 0x10; s.blinds[32*69+30] = 1 }, 69, oprf.InvalidScalar},
	} {
		s := newSession(t, oprf.VOPRF, 70, 1)
		s.outputs[0] = 1
		c.do(s)
		at, code := s.finalize()
		if at != c.at || code != c.want {
			t.Errorf("%s: %v at %d, want %v at %d", c.name, code, at, c.want, c.at)
		}
		if empty := bytes.Equal(s.outputs, make([]byte, len(s.outputs))); empty != (c.want != oprf.OK) {
			t.Errorf("%s: outputs given out: %v", c.name, !empty)
		}
	}
}

func TestLyingClient(t *testing.T) {
	for _, m := range []oprf.Mode{oprf.OPRF, oprf.VOPRF} {
		for _, c := range []struct {
			name string
			do   func(b []byte) []byte
			at   int
			want oprf.Code
		}{
			{"identity", func(b []byte) []byte { clear(b[32*65 : 32*66]); return b }, 65, oprf.IdentityElement},
			{"odd", func(b []byte) []byte { b[0] |= 1; return b }, 0, oprf.InvalidElement},
			{"high bit", func(b []byte) []byte { b[63] |= 0x80; return b }, 1, oprf.InvalidElement},
			{"all ones", func(b []byte) []byte { copy(b[32:], bytes.Repeat([]byte{255}, 32)); return b }, 1, oprf.InvalidElement},
			{"cut", func(b []byte) []byte { return b[:40] }, -1, oprf.InvalidLength},
			{"empty", func(b []byte) []byte { return nil }, -1, oprf.InvalidLength},
			{"too many", func(b []byte) []byte { return make([]byte, 32*(oprf.MaxItems+1)) }, -1, oprf.InvalidLength},
		} {
			s := newSession(t, m, 70, 2)
			b := c.do(bytes.Clone(s.blinded))
			evaluated := bytes.Repeat([]byte{7}, len(b))
			at, code := s.server.Evaluate(b, &s.nonce, evaluated, &s.proof)
			if at != c.at || code != c.want {
				t.Errorf("mode %d, %s: %v at %d, want %v at %d", m, c.name, code, at, c.want, c.at)
			}
			if !bytes.Equal(evaluated, make([]byte, len(b))) || m == oprf.VOPRF && s.proof != [64]byte{} {
				t.Errorf("mode %d, %s: something was given out", m, c.name)
			}
			// The server is as good as before.
			at, code = s.server.Evaluate(s.blinded, &s.nonce, s.evaluated, &s.proof)
			must(t, at, code)
			at, code = s.finalize()
			must(t, at, code)
		}
	}
}

func TestBadCalls(t *testing.T) {
	s := newSession(t, oprf.VOPRF, 2, 3)
	var key [32]byte
	want := func(name string, got, want oprf.Code) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	want("key of zero", s.server.Init(oprf.VOPRF, &key, &s.room), oprf.ZeroScalar)
	key[31] = 0xff
	want("key not canonical", s.server.Init(oprf.OPRF, &key, &s.room), oprf.InvalidScalar)
	want("key's mode", s.server.Init(2, &key, &s.room), oprf.UnknownMode)
	want("client's mode", s.client.Init(2, &s.public, &s.room), oprf.UnknownMode)
	want("derive, mode", oprf.Mode(2).DeriveKey(&key, &key, nil), oprf.UnknownMode)
	want("derive, info", oprf.OPRF.DeriveKey(&key, &key, make([]byte, 65536)), oprf.InputTooLong)
	want("public key of zeros", s.client.Init(oprf.VOPRF, new([32]byte), &s.room), oprf.IdentityElement)
	want("public key of ones", s.client.Init(oprf.VOPRF, (*[32]byte)(bytes.Repeat([]byte{255}, 32)), &s.room), oprf.InvalidElement)

	s = newSession(t, oprf.VOPRF, 2, 3)
	want("long input", s.server.Output(&s.proof, make([]byte, 65536)), oprf.InputTooLong)
	for _, c := range []struct {
		name string
		in   oprf.Inputs
		at   int
		want oprf.Code
	}{
		{"no items", oprf.Inputs{}, -1, oprf.InvalidLength},
		{"one item", oprf.Inputs{Text: []byte("a"), End: []uint32{1}}, -1, oprf.InvalidLength},
		{"ends past the text", oprf.Inputs{Text: []byte("a"), End: []uint32{1, 2}}, 1, oprf.InvalidLength},
		{"ends before it starts", oprf.Inputs{Text: []byte("ab"), End: []uint32{2, 1}}, 1, oprf.InvalidLength},
		{"long item", oprf.Inputs{Text: make([]byte, 70000), End: []uint32{65536, 70000}}, 0, oprf.InputTooLong},
		{"longest item", oprf.Inputs{Text: make([]byte, 70000), End: []uint32{65535, 70000}}, -1, oprf.OK},
	} {
		at, code := s.client.Blind(c.in, s.random, s.blinds, s.blinded)
		if at != c.at || code != c.want {
			t.Errorf("%s: %v at %d, want %v at %d", c.name, code, at, c.want, c.at)
		}
		if code != oprf.OK && (!bytes.Equal(s.blinds, make([]byte, 64)) || !bytes.Equal(s.blinded, make([]byte, 64))) {
			t.Errorf("%s: something was given out", c.name)
		}
	}
	clear(s.random[64:])
	at, code := s.client.Blind(s.in, s.random, s.blinds, s.blinded)
	if at != 1 || code != oprf.ZeroScalar {
		t.Errorf("randomness of zeros: %v at %d", code, at)
	}
	if at, code := s.server.Evaluate(s.evaluated, new([64]byte), s.blinded, &s.proof); at != -1 || code != oprf.ZeroScalar {
		t.Errorf("nonce of zeros: %v at %d", code, at)
	}
}

func TestCodes(t *testing.T) {
	want := []string{"OK", "INVALID_LENGTH", "UNKNOWN_MODE", "INVALID_ELEMENT", "IDENTITY_ELEMENT",
		"INVALID_SCALAR", "ZERO_SCALAR", "BAD_PROOF", "INPUT_TOO_LONG", "INVALID_INPUT", "UNKNOWN"}
	for i, name := range want {
		if got := oprf.Code(i).String(); got != name {
			t.Errorf("code %d is %s, want %s", i, got, name)
		}
	}
}

func TestNoAllocation(t *testing.T) {
	s := newSession(t, oprf.VOPRF, 70, 4)
	n := testing.AllocsPerRun(3, func() {
		s.client.Blind(s.in, s.random, s.blinds, s.blinded)
		s.server.Evaluate(s.blinded, &s.nonce, s.evaluated, &s.proof)
		if _, code := s.finalize(); code != oprf.OK {
			t.Error(code)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzFinalize: whatever a server answers, the client gives out either the
// right outputs or nothing.
func FuzzFinalize(f *testing.F) {
	s := newSession(f, oprf.VOPRF, 2, 5)
	at, code := s.finalize()
	must(f, at, code)
	right := bytes.Clone(s.outputs)
	f.Add(append(bytes.Clone(s.evaluated), s.proof[:]...))
	f.Add(make([]byte, 128))
	f.Fuzz(func(t *testing.T, answer []byte) {
		if len(answer) != 128 {
			return
		}
		_, code := s.client.Finalize(s.in, s.blinds, s.blinded, answer[:64], (*[64]byte)(answer[64:]), s.outputs)
		if code == oprf.OK && !bytes.Equal(s.outputs, right) ||
			code != oprf.OK && !bytes.Equal(s.outputs, make([]byte, 128)) {
			t.Errorf("%v, outputs %x", code, s.outputs)
		}
	})
}
