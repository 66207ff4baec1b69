// Package oprf_test holds package oprf against circl, another implementation of
// RFC 9497. tests/conformance holds it against itself in core.wasm.
package oprf_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"github.com/cloudflare/circl/group"
	circl "github.com/cloudflare/circl/oprf"
	"github.com/cloudflare/circl/zk/dleq"

	"sealbook/wasm/oprf"
)

// batch is random inputs and blinds, seeded, and what package oprf makes of
// them.
type batch struct {
	mode                                oprf.Mode
	seed, key, public                   [32]byte
	info                                []byte
	list                                [][]byte
	in                                  oprf.Inputs
	random                              []byte
	blinds, blinded, evaluated, outputs []byte
	nonce, proof                        [64]byte
	client                              oprf.Client
	server                              oprf.Server
}

var room oprf.Room

func newBatch(t *testing.T, m oprf.Mode, n int, random *rand.ChaCha8) *batch {
	t.Helper()
	b := &batch{mode: m, random: make([]byte, 64*n), blinds: make([]byte, 32*n), blinded: make([]byte, 32*n),
		evaluated: make([]byte, 32*n), outputs: make([]byte, 64*n)}
	random.Read(b.seed[:])
	random.Read(b.nonce[:])
	random.Read(b.random)
	b.info = make([]byte, random.Uint64()%40)
	random.Read(b.info)
	for range n {
		item := make([]byte, 1+random.Uint64()%60)
		random.Read(item)
		b.list = append(b.list, item)
		b.in.Text = append(b.in.Text, item...)
		b.in.End = append(b.in.End, uint32(len(b.in.Text)))
	}
	ok := func(at int, code oprf.Code) {
		t.Helper()
		if at != -1 || code != oprf.OK {
			t.Fatalf("%v at %d", code, at)
		}
	}
	ok(-1, m.DeriveKey(&b.key, &b.seed, b.info))
	ok(-1, b.server.Init(m, &b.key, &room))
	b.server.PublicKey(&b.public)
	ok(-1, b.client.Init(m, &b.public, &room))
	ok(b.client.Blind(b.in, b.random, b.blinds, b.blinded))
	ok(b.server.Evaluate(b.blinded, &b.nonce, b.evaluated, &b.proof))
	ok(b.client.Finalize(b.in, b.blinds, b.blinded, b.evaluated, &b.proof, b.outputs))
	return b
}

// TestCircl: the same keys, blinded and evaluated elements and outputs; each
// takes the other's proofs, and neither takes one that was changed.
func TestCircl(t *testing.T) {
	g := group.Ristretto255
	random := rand.NewChaCha8([32]byte{'c', 'i', 'r', 'c', 'l'})
	items := 0
	for i, n := range []int{1, 2, 3, 64, 65, 130, 1, 7, 100, 300, 31, 250} {
		for _, m := range []oprf.Mode{oprf.OPRF, oprf.VOPRF} {
			b := newBatch(t, m, n, random)
			items += n
			key, err := circl.DeriveKey(circl.SuiteRistretto255, circl.Mode(m), b.seed[:], b.info)
			check(t, err)
			secret, err := key.MarshalBinary()
			check(t, err)
			public, err := key.Public().MarshalBinary()
			check(t, err)
			if !bytes.Equal(secret, b.key[:]) || !bytes.Equal(public, b.public[:]) {
				t.Fatalf("mode %d, batch %d: other keys", m, i)
			}
			blinds := make([]circl.Blind, n)
			evaluated := make([]circl.Evaluated, n)
			for j := range n {
				blinds[j], evaluated[j] = g.NewScalar(), g.NewElement()
				check(t, blinds[j].UnmarshalBinary(b.blinds[32*j:32*j+32]))
				check(t, evaluated[j].UnmarshalBinary(b.evaluated[32*j:32*j+32]))
			}
			proof := new(dleq.Proof)
			if m == oprf.VOPRF {
				check(t, proof.UnmarshalBinary(g, b.proof[:]))
			}
			var data *circl.FinalizeData
			var request *circl.EvaluationRequest
			var answer *circl.Evaluation
			var finalize func(*circl.FinalizeData, *circl.Evaluation) ([][]byte, error)
			if m == oprf.VOPRF {
				client := circl.NewVerifiableClient(circl.SuiteRistretto255, key.Public())
				data, request, err = client.DeterministicBlind(b.list, blinds)
				check(t, err)
				answer, err = circl.NewVerifiableServer(circl.SuiteRistretto255, key).Evaluate(request)
				finalize = client.Finalize
			} else {
				client := circl.NewClient(circl.SuiteRistretto255)
				data, request, err = client.DeterministicBlind(b.list, blinds)
				check(t, err)
				answer, err = circl.NewServer(circl.SuiteRistretto255, key).Evaluate(request)
				finalize = client.Finalize
			}
			check(t, err)
			for j := range n {
				one, err := request.Elements[j].MarshalBinaryCompress()
				check(t, err)
				two, err := answer.Elements[j].MarshalBinaryCompress()
				check(t, err)
				if !bytes.Equal(one, b.blinded[32*j:32*j+32]) || !bytes.Equal(two, b.evaluated[32*j:32*j+32]) {
					t.Fatalf("mode %d, batch %d, item %d: other elements", m, i, j)
				}
			}

			// circl finalizes our answer, we finalize circl's.
			outputs, err := finalize(data, &circl.Evaluation{Elements: evaluated, Proof: proof})
			check(t, err)
			if !bytes.Equal(bytes.Join(outputs, nil), b.outputs) {
				t.Fatalf("mode %d, batch %d: other outputs", m, i)
			}
			if m != oprf.VOPRF {
				continue
			}
			theirs, err := answer.Proof.MarshalBinary()
			check(t, err)
			own := make([]byte, len(b.outputs))
			if at, code := b.client.Finalize(b.in, b.blinds, b.blinded, b.evaluated, (*[64]byte)(theirs), own); at != -1 || code != oprf.OK {
				t.Fatalf("batch %d: circl's proof: %v at %d", i, code, at)
			}
			if !bytes.Equal(own, b.outputs) {
				t.Fatalf("batch %d: other outputs with circl's proof", i)
			}
			theirs[i%31] ^= 4
			if _, code := b.client.Finalize(b.in, b.blinds, b.blinded, b.evaluated, (*[64]byte)(theirs), own); code != oprf.BadProof {
				t.Errorf("batch %d: a proof that was changed: %v", i, code)
			}
			b.proof[i%31] ^= 4
			check(t, proof.UnmarshalBinary(g, b.proof[:]))
			if _, err := finalize(data, &circl.Evaluation{Elements: evaluated, Proof: proof}); err == nil {
				t.Errorf("batch %d: circl takes a proof that was changed", i)
			}
		}
	}
	if items != 2*954 {
		t.Errorf("%d items", items)
	}
}

// TestCirclGroup: hash_to_ristretto255 under tags of many lengths, and which
// encodings are elements, as circl has them.
func TestCirclGroup(t *testing.T) {
	g := group.Ristretto255
	random := rand.NewChaCha8([32]byte{'g'})
	for i := range 600 {
		tag, message := make([]byte, 1+i), make([]byte, random.Uint64()%300)
		random.Read(tag)
		random.Read(message)
		if i > 280 {
			tag = tag[:1+i%60]
		}
		var own [32]byte
		if code := oprf.HashToGroup(&own, message, tag); code != oprf.OK {
			t.Fatal(code)
		}
		if len(tag) <= 255 { // circl hashes longer tags only in some versions
			theirs, err := g.HashToElement(message, tag).MarshalBinaryCompress()
			check(t, err)
			if !bytes.Equal(own[:], theirs) {
				t.Fatalf("tag of %d bytes: %x, circl %x", len(tag), own, theirs)
			}
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
