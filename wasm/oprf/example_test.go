package oprf_test

import (
	"bytes"
	"crypto/rand"
	"fmt"

	"sealbook/wasm/oprf"
)

// A client gets the server's function of its input; the server sees a blinded
// element, and proves that it used the key of its public key.
func Example() {
	var seed, key, public [oprf.ElementSize]byte
	rand.Read(seed[:])
	var room oprf.Room
	var server oprf.Server
	var client oprf.Client
	for _, code := range []oprf.Code{
		oprf.VOPRF.DeriveKey(&key, &seed, []byte("example")),
		oprf.PublicKey(&public, &key),
		server.Init(oprf.VOPRF, &key, &room),
		client.Init(oprf.VOPRF, &public, &room),
	} {
		if code != oprf.OK {
			panic(code)
		}
	}

	input := []byte("+442079460123")
	inputs := oprf.Inputs{Text: input, End: []uint32{uint32(len(input))}}
	var forBlinds, forProof [oprf.RandomSize]byte
	rand.Read(forBlinds[:])
	rand.Read(forProof[:])
	var blinds, blinded, evaluated [oprf.ElementSize]byte
	var proof [oprf.ProofSize]byte
	var output, own [oprf.OutputSize]byte

	client.Blind(inputs, forBlinds[:], blinds[:], blinded[:])
	server.Evaluate(blinded[:], &forProof, evaluated[:], &proof)
	_, code := client.Finalize(inputs, blinds[:], blinded[:], evaluated[:], &proof, output[:])
	server.Output(&own, input)
	fmt.Println(code, bytes.Equal(output[:], own[:]))
	// Output: OK true
}
