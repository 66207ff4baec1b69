// Package oprf is the oblivious pseudorandom function of RFC 9497, suite
// ristretto255-SHA512, in the modes OPRF (0x00) and VOPRF (0x01): a client
// learns F(key, input) from a server that learns neither input nor output.
//
// The client blinds its inputs, the server evaluates the blinded elements under
// its key, and the client finalizes what comes back. In mode VOPRF the server
// proves that it used the key that the client knows it by, with one proof for
// all elements, and Finalize gives out nothing unless the proof holds:
//
//	client.Init(oprf.VOPRF, &publicKey, &room)
//	client.Blind(inputs, random, blinds, blinded)
//	                                    // blinded → server
//	server.Evaluate(blinded, random, evaluated, &proof)
//	                                    // evaluated, proof → client
//	client.Finalize(inputs, blinds, blinded, evaluated, &proof, outputs)
//
// # Buffers
//
// Elements and scalars are 32 bytes, proofs and outputs 64, one after the other
// in the caller's buffers, 1 to [MaxItems] of them. Nothing allocates. A [Room]
// holds what is worked with on the way and can be shared by all that don't run
// at once.
//
// Random bytes come from the caller, 64 for each scalar, and must come from a
// cryptographic generator and be used once: with the same bytes twice for a
// proof anybody computes the key.
//
// # Errors
//
// A [Code] says what was refused, with the index of the item or -1. Then all of
// the call's output buffers are zeros. Time depends on which inputs are refused
// and on lengths, not on keys, blinds or inputs' contents.
package oprf

import (
	"sealbook/wasm/digest"
	"sealbook/wasm/ristretto"
)

// Sizes in bytes.
const (
	ElementSize = 32 // of an element, a scalar, a key
	RandomSize  = 64 // of the random bytes for a scalar
	ProofSize   = 64 // two scalars, c and s
	OutputSize  = 64
	SeedSize    = 32
)

const (
	// MaxItems is how many items one call takes: the proof counts them in two
	// bytes (RFC 9497, section 2.2.1).
	MaxItems = 1<<16 - 1
	// MaxInput is how many bytes an input has at most (section 1.2).
	MaxInput = 1<<16 - 1
)

// Mode is a variant of the protocol. The variants have nothing in common: a key
// must serve one only.
type Mode uint8

const (
	OPRF  Mode = 0 // without a proof
	VOPRF Mode = 1 // verifiable
)

const chunk = ristretto.BatchSize

// Room is room to work in, for one Client or Server at a time. It holds secrets
// during a call and none after.
type Room struct {
	batch     ristretto.Batch
	m, z      ristretto.Sum
	inverse   [chunk]ristretto.Scalar
	spare     [chunk]ristretto.Scalar
	encodings [chunk * ElementSize]byte
	points    [chunk]ristretto.Element
}

// Inputs holds items one after the other. Item i ends before Text[End[i]].
type Inputs struct {
	Text []byte
	End  []uint32
}

// check returns the first item that is out of order or too long, and why.
//
//go:noinline
func (in Inputs) check() (int, Code) {
	start := uint32(0)
	for i, end := range in.End {
		if end < start || uint64(end) > uint64(len(in.Text)) {
			return i, InvalidLength
		}
		if end-start > MaxInput {
			return i, InputTooLong
		}
		start = end
	}
	return -1, OK
}

func (in Inputs) item(i int) []byte {
	start := uint32(0)
	if i > 0 {
		start = in.End[i-1]
	}
	return in.Text[start:in.End[i]]
}

// decode sets e to the element in the first 32 bytes of b.
//
//go:noinline
func decode(e *ristretto.Element, b []byte) Code {
	if !e.Decode((*[ElementSize]byte)(b)) {
		return InvalidElement
	}
	if e.IsIdentity() == 1 {
		return IdentityElement
	}
	return OK
}

// decodeScalar sets k to the scalar in the first 32 bytes of b. It must not be 0.
//
//go:noinline
func decodeScalar(k *ristretto.Scalar, b []byte) Code {
	if !k.Decode((*[ElementSize]byte)(b)) {
		return InvalidScalar
	}
	if k.IsZero() == 1 {
		return ZeroScalar
	}
	return OK
}

// DeriveKey computes a private key from a secret seed and public info of at
// most 65535 bytes (section 3.2.1).
func (m Mode) DeriveKey(key *[ElementSize]byte, seed *[SeedSize]byte, info []byte) Code {
	*key = [ElementSize]byte{}
	if m > VOPRF {
		return UnknownMode
	}
	if len(info) > MaxInput {
		return InputTooLong
	}
	var e expander
	e.set("DeriveKeyPair", m)
	for counter := range 256 {
		var h digest.Hash
		e.begin(&h)
		h.Write(seed[:])
		writeLength(&h, len(info))
		h.Write(info)
		h.Write([]byte{byte(counter)})
		var k ristretto.Scalar
		e.scalar(&h, &k)
		if k.IsZero() == 0 {
			k.Encode(key)
			return OK
		}
	}
	return ZeroScalar
}

// PublicKey computes the public key of a private one.
//
//go:noinline
func PublicKey(public, key *[ElementSize]byte) Code {
	*public = [ElementSize]byte{}
	var k ristretto.Scalar
	if code := decodeScalar(&k, key[:]); code != OK {
		return code
	}
	var e ristretto.Element
	e.MulBase(&k)
	e.Encode(public)
	return OK
}

// finalize writes the hash of an input and its evaluated element (section
// 3.3.1).
//
//go:noinline
func finalize(out *[OutputSize]byte, input, element []byte) {
	var h digest.Hash
	start(&h)
	writeLength(&h, len(input))
	h.Write(input)
	writeLength(&h, ElementSize)
	h.Write(element)
	h.WriteString("Finalize")
	h.Sum(out)
}

// writeLength writes n, at most 65535, in two bytes.
//
//go:noinline
func writeLength(h *digest.Hash, n int) {
	h.Write([]byte{byte(n >> 8), byte(n)})
}
