package batch

import (
	"sealbook/wasm/oprf"
	"sealbook/wasm/recipe"
)

// BlindTextSize is the room for what a call of [Blinder] writes, in bytes; it
// holds what the largest step gives.
const BlindTextSize = 64 << 10

// Blinder is the body of blind.wasm, in buffers of its own: the oblivious
// pseudorandom function of package oprf, and the search for the number that
// gave a digest. About 700 KB; allocate it once and reuse it. One goroutine at
// a time.
type Blinder struct {
	Input  [InputSize]byte
	Out    [BlindTextSize]byte
	Status Status

	search    search
	oblivious oblivious
	made      recipe.Recipe // an own recipe until a search takes it
}

// MaxElements is how many items a [Step] takes.
const MaxElements = 1024

// Step is a step of the oblivious pseudorandom function of package oprf. It
// reads parts that lie one after the other in the input and writes parts one
// after the other as text, in bytes:
//
//	step         n           input                                            text
//	Derive       mode        seed 32, info                                    key 32
//	Connect      mode        public key 32; in mode OPRF any bytes            –
//	Blind        items       random 64n, ends 4n, texts                       blinds 32n, blinded 32n
//	BlindWith    items       blinds 32n, ends 4n, texts                       blinded 32n
//	Finalize     items       proof 64, blinds 32n, blinded 32n,               outputs 64n
//	                         evaluated 32n, ends 4n, texts
//	Serve        mode        key 32                                           public key 32
//	Evaluate     items       random 64, blinded 32n                           evaluated 32n, proof 64
//	Output       –           a text                                           output 64
//	Forget       –           –                                                –
//	Expand       tag, size   tag, message                                     size
//	HashToGroup  tag         tag, message                                     element 32
//
// Ends are 32 bits, little-endian, and count from where the texts begin.
// Connect comes before what a client does, Serve before Evaluate and Output;
// either holds until the next of its kind, and Forget ends both. The server's
// key is held as long. Expand and HashToGroup are those of RFC 9380 under a tag
// of n&0xffff bytes; n>>16 is the size.
//
// A step clears the input that it was given, for blinds, keys and texts are in
// it. What it wrote is as secret and is the caller's to clear.
type Step int32

const (
	Derive Step = iota
	Connect
	Blind
	BlindWith
	Finalize
	Serve
	Evaluate
	Output
	Forget
	Expand
	HashToGroup
	steps
)

// inputs is what a step's input holds before its texts: bytes in all, and
// bytes for each item.
var inputs = [steps]struct{ fixed, each uint8 }{
	Derive:    {fixed: oprf.SeedSize},
	Connect:   {fixed: oprf.ElementSize},
	Blind:     {each: oprf.RandomSize + 4},
	BlindWith: {each: oprf.ElementSize + 4},
	Finalize:  {fixed: oprf.ProofSize, each: 3*oprf.ElementSize + 4},
	Serve:     {fixed: oprf.ElementSize},
	Evaluate:  {fixed: oprf.RandomSize, each: oprf.ElementSize},
}

// oblivious is what is kept between steps.
type oblivious struct {
	client    oprf.Client
	server    oprf.Server
	room      oprf.Room
	ends      [MaxElements]uint32
	connected bool
	serving   bool
}

// OPRF takes a step with the first length bytes of the input. It answers how
// many bytes it wrote. With [Refused], Status.High is the [oprf.Code],
// Status.Items the index of the item or all ones, and the text is zeros as far
// as the step would have written.
func (b *Blinder) OPRF(step Step, n, length int) (int, Failure) {
	if length < 0 || length > InputSize {
		return 0, Length
	}
	in := b.Input[:length]
	written, failure := 0, fits(step, n, length)
	if failure == 0 {
		written, failure = b.step(step, n, in)
	}
	clear(in)
	if failure == 0 {
		b.Status = Status{Items: uint32(n), Consumed: uint32(length), Written: uint32(written)}
	}
	return written, failure
}

// fits says whether an input is long enough for a step.
func fits(step Step, n, length int) Failure {
	if step < 0 || step >= steps {
		return BadMode
	}
	least := int(inputs[step].fixed)
	if each := int(inputs[step].each); each > 0 {
		if n < 1 || n > MaxElements {
			return Length
		}
		least += each * n
	}
	if length < least {
		return Length
	}
	return 0
}

// step takes a step whose input is long enough.
func (b *Blinder) step(step Step, n int, in []byte) (written int, failure Failure) {
	o := &b.oblivious
	at, code := -1, oprf.OK
	mode := oprf.Mode(min(uint(n), 255))
	const size = oprf.ElementSize
	switch step {
	case Blind, BlindWith, Finalize:
		if !o.connected {
			return 0, State
		}
	case Evaluate, Output:
		if !o.serving {
			return 0, State
		}
	}
	switch step {
	case Derive:
		written = size
		code = mode.DeriveKey((*[size]byte)(b.Out[:]), (*[size]byte)(in), in[size:])
	case Connect:
		code = o.client.Init(mode, (*[size]byte)(in), &o.room)
		o.connected = code == oprf.OK
	case Blind:
		written = 2 * size * n
		at, code = o.client.Blind(o.texts(in[oprf.RandomSize*n:], n), in[:oprf.RandomSize*n], b.Out[:size*n], b.Out[size*n:2*size*n])
	case BlindWith:
		written = size * n
		at, code = o.client.BlindWith(o.texts(in[size*n:], n), in[:size*n], b.Out[:size*n])
	case Finalize:
		written = oprf.OutputSize * n
		proof, in := (*[oprf.ProofSize]byte)(in), in[oprf.ProofSize:]
		at, code = o.client.Finalize(o.texts(in[3*size*n:], n), in[:size*n], in[size*n:2*size*n], in[2*size*n:3*size*n], proof, b.Out[:oprf.OutputSize*n])
	case Serve:
		written = size
		code = o.server.Init(mode, (*[size]byte)(in), &o.room)
		o.serving = code == oprf.OK
		o.server.PublicKey((*[size]byte)(b.Out[:]))
	case Evaluate:
		written = size*n + oprf.ProofSize
		clear(b.Out[:written])
		at, code = o.server.Evaluate(in[oprf.RandomSize:], (*[oprf.RandomSize]byte)(in), b.Out[:size*n], (*[oprf.ProofSize]byte)(b.Out[size*n:]))
	case Output:
		written = oprf.OutputSize
		code = o.server.Output((*[oprf.OutputSize]byte)(b.Out[:]), in)
	case Forget:
		o.client, o.server = oprf.Client{}, oprf.Server{}
		o.connected, o.serving = false, false
	case Expand, HashToGroup:
		tag := n & 0xffff
		if tag > len(in) {
			return 0, Length
		}
		if step == Expand {
			written = n >> 16
			code = oprf.Expand(b.Out[:max(written, 0)], in[tag:], in[:tag])
		} else {
			written = size
			code = oprf.HashToGroup((*[size]byte)(b.Out[:]), in[tag:], in[:tag])
		}
	}
	if code != oprf.OK {
		b.Status = Status{Items: uint32(at), High: uint32(code)}
		return 0, Refused
	}
	return written, 0
}

// texts are n ends and what they part.
func (o *oblivious) texts(in []byte, n int) oprf.Inputs {
	for i := range n {
		end := in[4*i : 4*i+4]
		o.ends[i] = uint32(end[0]) | uint32(end[1])<<8 | uint32(end[2])<<16 | uint32(end[3])<<24
	}
	return oprf.Inputs{Text: in[4*n:], End: o.ends[:n]}
}
