package oprf

import (
	"sealbook/wasm/digest"
	"sealbook/wasm/ristretto"
)

// Server evaluates under one key. Call Init first.
type Server struct {
	mode       Mode
	key        ristretto.Scalar
	transcript transcript
	group      expander
	room       *Room
}

// Init makes s the server for a private key, as DeriveKey makes them or 32
// random bytes that are a scalar and not 0, working in room.
func (s *Server) Init(m Mode, key *[ElementSize]byte, room *Room) Code {
	*s = Server{}
	if m > VOPRF {
		return UnknownMode
	}
	var public [ElementSize]byte
	if code := PublicKey(&public, key); code != OK {
		return code
	}
	s.key.Decode(key)
	s.mode, s.room = m, room
	s.transcript.set(m, &public)
	s.group.set("HashToGroup-", m)
	return OK
}

// PublicKey writes the public key.
func (s *Server) PublicKey(out *[ElementSize]byte) { *out = s.transcript.public }

// Evaluate writes the evaluation of every blinded element, and in mode VOPRF
// the proof for them all, for which random is used up (section 3.3.2); else
// random and proof are not looked at. Evaluated is as long as blinded, and
// another buffer.
//
// All elements are from outside: at the first that is none, or the identity, it
// answers its index and gives out nothing.
func (s *Server) Evaluate(blinded []byte, random *[RandomSize]byte, evaluated []byte, proof *[ProofSize]byte) (int, Code) {
	if s.mode == VOPRF {
		*proof = [ProofSize]byte{}
	}
	n := len(blinded) / ElementSize
	if n < 1 || n > MaxItems || len(blinded)%ElementSize != 0 || len(evaluated) != len(blinded) {
		clear(evaluated)
		return -1, InvalidLength
	}
	var nonce ristretto.Scalar
	if s.mode == VOPRF {
		nonce.SetWide(random)
		if nonce.IsZero() == 1 {
			clear(evaluated)
			return -1, ZeroScalar
		}
	}
	r := s.room
	r.m.Reset()
	var e ristretto.Element
	var k ristretto.Scalar
	for start := 0; start < n; start += chunk {
		end := min(start+chunk, n)
		// The products first: the weights hash their encodings.
		for i := start; i < end; i++ {
			p := &r.points[i-start]
			if code := decode(p, blinded[ElementSize*i:]); code != OK {
				r.drop()
				clear(evaluated)
				return i, code
			}
			r.batch.Add(&s.key, p)
		}
		r.batch.Encode(evaluated[ElementSize*start:])
		if s.mode != VOPRF {
			continue
		}
		for i := start; i < end; i++ {
			at := ElementSize * i
			s.transcript.weight(&k, i, blinded[at:at+ElementSize], evaluated[at:at+ElementSize])
			r.m.Add(&k, &r.points[i-start])
		}
	}
	if s.mode == VOPRF {
		r.m.Value(&e)
		s.transcript.prove(proof, &s.key, &nonce, &e)
	}
	return -1, OK
}

// Output writes what a client would get for an input that the server knows
// itself (section 3.3.1).
func (s *Server) Output(out *[OutputSize]byte, input []byte) Code {
	*out = [OutputSize]byte{}
	if len(input) > MaxInput {
		return InputTooLong
	}
	var e ristretto.Element
	var h digest.Hash
	s.group.begin(&h)
	h.Write(input)
	s.group.group(&h, &e)
	if e.IsIdentity() == 1 {
		return InvalidInput
	}
	e.Mul(&s.key, &e)
	var b [ElementSize]byte
	e.Encode(&b)
	finalize(out, input, b[:])
	return OK
}
