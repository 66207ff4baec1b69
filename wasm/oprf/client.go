package oprf

import (
	"sealbook/wasm/digest"
	"sealbook/wasm/ristretto"
)

// Client blinds and finalizes. Call Init first.
type Client struct {
	mode       Mode
	public     ristretto.Element
	transcript transcript
	group      expander
	room       *Room
}

// Init makes c a client of the server with that public key, working in room. In
// mode OPRF there is none to know: public is not looked at.
func (c *Client) Init(m Mode, public *[ElementSize]byte, room *Room) Code {
	*c = Client{}
	if m > VOPRF {
		return UnknownMode
	}
	if m == VOPRF {
		if code := decode(&c.public, public[:]); code != OK {
			return code
		}
		c.transcript.set(m, public)
	}
	c.mode, c.room = m, room
	c.group.set("HashToGroup-", m)
	return OK
}

// Blind draws a blind for every input from 64 random bytes each, and writes the
// blinds, to be kept secret, and the blinded elements, to be sent. All buffers
// are as long as the items of inputs take.
func (c *Client) Blind(inputs Inputs, random, blinds, blinded []byte) (int, Code) {
	n := len(inputs.End)
	if len(random) != RandomSize*n || len(blinds) != ElementSize*n {
		clear(blinds)
		clear(blinded)
		return -1, InvalidLength
	}
	var k ristretto.Scalar
	for i := range n {
		k.SetWide((*[RandomSize]byte)(random[RandomSize*i:]))
		k.Encode((*[ElementSize]byte)(blinds[ElementSize*i:]))
	}
	at, code := c.BlindWith(inputs, blinds, blinded)
	if code != OK {
		clear(blinds)
	}
	return at, code
}

// BlindWith is Blind with blinds that were drawn before: it writes again what
// was sent, for whoever checks a transcript.
func (c *Client) BlindWith(inputs Inputs, blinds, blinded []byte) (int, Code) {
	at, code := c.blindWith(inputs, blinds, blinded)
	if code != OK {
		c.room.drop()
		clear(blinded)
	}
	return at, code
}

func (c *Client) blindWith(inputs Inputs, blinds, blinded []byte) (int, Code) {
	n := len(inputs.End)
	if n < 1 || n > MaxItems || len(blinds) != ElementSize*n || len(blinded) != ElementSize*n {
		return -1, InvalidLength
	}
	if at, code := inputs.check(); code != OK {
		return at, code
	}
	var k ristretto.Scalar
	var e ristretto.Element
	var h digest.Hash
	for i := range n {
		if code := decodeScalar(&k, blinds[ElementSize*i:]); code != OK {
			return i, code
		}
		c.group.begin(&h)
		h.Write(inputs.item(i))
		c.group.group(&h, &e)
		if e.IsIdentity() == 1 {
			return i, InvalidInput
		}
		c.room.batch.Add(&k, &e)
		if first := i + 1 - c.room.batch.Len(); i+1-first == chunk || i+1 == n {
			c.room.batch.Encode(blinded[ElementSize*first:])
		}
	}
	return -1, OK
}

// Finalize writes the output, 64 bytes, for every input, from the blinds and
// blinded elements that Blind gave and what the server answered to them. In
// mode OPRF blinded and proof are not looked at.
//
// At the first element that is none, or the identity, it answers its index;
// where the proof does not hold, -1 and BadProof (InvalidScalar if it is not
// even one). Then it gives out nothing.
func (c *Client) Finalize(inputs Inputs, blinds, blinded, evaluated []byte, proof *[ProofSize]byte, outputs []byte) (int, Code) {
	at, code := c.finalize(inputs, blinds, blinded, evaluated, proof, outputs)
	if code != OK {
		clear(outputs)
	}
	c.room.drop()
	return at, code
}

func (c *Client) finalize(inputs Inputs, blinds, blinded, evaluated []byte, proof *[ProofSize]byte, outputs []byte) (int, Code) {
	n := len(inputs.End)
	if n < 1 || n > MaxItems || len(blinds) != ElementSize*n || len(evaluated) != ElementSize*n ||
		len(outputs) != OutputSize*n || c.mode == VOPRF && len(blinded) != ElementSize*n {
		return -1, InvalidLength
	}
	if at, code := inputs.check(); code != OK {
		return at, code
	}
	r := c.room
	r.m.Reset()
	r.z.Reset()
	for start := 0; start < n; start += chunk {
		end := min(start+chunk, n)
		for i := start; i < end; i++ {
			if code := decodeScalar(&r.inverse[i-start], blinds[ElementSize*i:]); code != OK {
				return i, code
			}
		}
		ristretto.InvertAll(r.inverse[:end-start], r.spare[:end-start])
		for i := start; i < end; i++ {
			if code := c.item(i, start, blinded, evaluated); code != OK {
				return i, code
			}
		}
		r.batch.Encode(r.encodings[:])
		for i := start; i < end; i++ {
			element := r.encodings[ElementSize*(i-start):]
			finalize((*[OutputSize]byte)(outputs[OutputSize*i:]), inputs.item(i), element[:ElementSize])
		}
	}
	if c.mode != VOPRF {
		return -1, OK
	}
	var m, z ristretto.Element
	r.m.Value(&m)
	r.z.Value(&z)
	return -1, c.transcript.verify(proof, &c.public, &m, &z)
}

// item takes item i into the batch and, in mode VOPRF, into the composites.
//
//go:noinline
func (c *Client) item(i, start int, blinded, evaluated []byte) Code {
	r := c.room
	at := ElementSize * i
	var e, b ristretto.Element
	if code := decode(&e, evaluated[at:]); code != OK {
		return code
	}
	r.batch.Add(&r.inverse[i-start], &e)
	if c.mode != VOPRF {
		return OK
	}
	if code := decode(&b, blinded[at:]); code != OK {
		return code
	}
	var k ristretto.Scalar
	c.transcript.weight(&k, i, blinded[at:at+ElementSize], evaluated[at:at+ElementSize])
	r.m.Add(&k, &b)
	r.z.Add(&k, &e)
	return OK
}

// drop forgets what was being worked on.
//
//go:noinline
func (r *Room) drop() {
	if r.batch.Len() > 0 {
		r.batch.Encode(r.encodings[:])
	}
	clear(r.encodings[:])
	clear(r.inverse[:])
	clear(r.spare[:])
}
