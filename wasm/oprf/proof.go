package oprf

import (
	"sealbook/wasm/digest"
	"sealbook/wasm/ristretto"
)

// transcript is what prover and verifier of a batch hash alike (RFC 9497,
// section 2.2): seed and weights of the composites, and the challenge.
type transcript struct {
	public [ElementSize]byte
	seed   [digest.MaxSize]byte
	hash   expander // HashToScalar
}

//go:noinline
func (t *transcript) set(m Mode, public *[ElementSize]byte) {
	t.public = *public
	t.hash.set("HashToScalar-", m)
	// "Seed-" and the context string.
	var tag expander
	tag.set("Seed-", m)
	var h digest.Hash
	start(&h)
	writeLength(&h, ElementSize)
	h.Write(public[:])
	writeLength(&h, tag.n-1)
	h.Write(tag.dst[:tag.n-1])
	h.Sum(&t.seed)
}

// weight sets k to the weight of pair i of a batch.
//
//go:noinline
func (t *transcript) weight(k *ristretto.Scalar, i int, blinded, evaluated []byte) {
	var h digest.Hash
	t.hash.begin(&h)
	writeLength(&h, len(t.seed))
	h.Write(t.seed[:])
	writeLength(&h, i)
	writeLength(&h, ElementSize)
	h.Write(blinded)
	writeLength(&h, ElementSize)
	h.Write(evaluated)
	h.WriteString("Composite")
	t.hash.scalar(&h, k)
}

// challenge sets c to the challenge over the encodings of composites and
// commitments.
//
//go:noinline
func (t *transcript) challenge(c *ristretto.Scalar, elements *[4][ElementSize]byte) {
	var h digest.Hash
	t.hash.begin(&h)
	writeLength(&h, ElementSize)
	h.Write(t.public[:])
	for i := range elements {
		writeLength(&h, ElementSize)
		h.Write(elements[i][:])
	}
	h.WriteString("Challenge")
	t.hash.scalar(&h, c)
}

// prove writes the proof that z = k*m for the key k, with the nonce r (section
// 2.2.1).
//
//go:noinline
func (t *transcript) prove(proof *[ProofSize]byte, k, r *ristretto.Scalar, m *ristretto.Element) {
	var e ristretto.Element
	var elements [4][ElementSize]byte
	m.Encode(&elements[0])
	e.Mul(k, m)
	e.Encode(&elements[1])
	e.MulBase(r)
	e.Encode(&elements[2])
	e.Mul(r, m)
	e.Encode(&elements[3])
	var c, s ristretto.Scalar
	t.challenge(&c, &elements)
	s.Mul(&c, k)
	s.Sub(r, &s)
	c.Encode((*[32]byte)(proof[:32]))
	s.Encode((*[32]byte)(proof[32:]))
}

// verify reports whether proof shows z = k*m for the key of public (section
// 2.2.2).
//
//go:noinline
func (t *transcript) verify(proof *[ProofSize]byte, public, m, z *ristretto.Element) Code {
	var c, s, want ristretto.Scalar
	if !c.Decode((*[32]byte)(proof[:32])) || !s.Decode((*[32]byte)(proof[32:])) {
		return InvalidScalar
	}
	var e ristretto.Element
	var elements [4][ElementSize]byte
	m.Encode(&elements[0])
	z.Encode(&elements[1])
	e.SetGenerator()
	e.Mul2(&s, &e, &c, public)
	e.Encode(&elements[2])
	e.Mul2(&s, m, &c, z)
	e.Encode(&elements[3])
	t.challenge(&want, &elements)
	if want.Equal(&c) == 0 {
		return BadProof
	}
	return OK
}
