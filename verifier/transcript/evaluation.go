package transcript

import (
	"slices"

	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

// batch is a batch of elements, computed again.
type batch struct {
	client   oprf.Client
	inputs   oprf.Inputs
	blinds   []byte
	elements []byte
}

// blind computes the elements of items again. It answers false where an item
// cannot be what was blinded.
func (c *checker) blind(items []directory.Item) (*batch, bool) {
	b := new(batch)
	public := [oprf.ElementSize]byte(c.parameters.PublicKey)
	if b.client.Init(oprf.VOPRF, &public, new(oprf.Room)) != oprf.OK {
		c.find(Item, -1, "the directory's public key is none")
		return nil, false
	}
	for i, item := range items {
		input := []byte(item.Padding)
		switch {
		case item.Number != "" && !isNumber(item.Number):
			c.find(Item, i, "not a number in E.164")
			return nil, false
		case item.Number != "":
			input = []byte(item.Number)
		case hasDigits(input):
			c.find(Item, i, "padding that is not random: there is a row of digits in it")
			return nil, false
		}
		blind := [oprf.ElementSize]byte(item.Blind)
		switch {
		case c.blinds[blind]:
			c.find(Item, i, "the blind was used before: elements with one blind can be told apart")
			return nil, false
		case isSmall(&blind):
			c.find(Item, i, "the blind is not random: half of it is zeros")
			return nil, false
		}
		c.blinds[blind] = true
		b.inputs.Text = append(b.inputs.Text, input...)
		b.inputs.End = append(b.inputs.End, uint32(len(b.inputs.Text)))
		b.blinds = append(b.blinds, blind[:]...)
	}
	b.elements = make([]byte, len(b.blinds))
	if at, code := b.client.BlindWith(b.inputs, b.blinds, b.elements); code != oprf.OK {
		c.find(Item, at, "%s", code)
		return nil, false
	}
	return b, true
}

// row is how many digits in a row random bytes don't have: once in 10⁹ paddings.
const row = 8

func hasDigits(b []byte) bool {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			n = 0
		} else if n++; n == row {
			return true
		}
	}
	return false
}

// isSmall tells whether half of a scalar, little-endian, is zeros.
func isSmall(blind *[oprf.ElementSize]byte) bool {
	zero := [oprf.ElementSize / 2]byte{}
	return [oprf.ElementSize / 2]byte(blind[:]) == zero || [oprf.ElementSize / 2]byte(blind[oprf.ElementSize/2:]) == zero
}

// evaluate explains a batch and checks its answer.
func (c *checker) evaluate(e *directory.Exchange) {
	c.fields(e, octetType, c.bearer(e))
	c.madeOf(e, true, false)
	if !c.sync.allows(c, step{evaluations, ""}) {
		return
	}
	n := len(e.Items)
	if n == 0 || n > directory.MaxBatch {
		c.find(Body, 0, "what the elements are made of is not said")
		return
	}
	b, ok := c.blind(e.Items)
	if !ok {
		return
	}
	if len(e.Request.Body) != len(b.elements) {
		c.find(Body, min(len(e.Request.Body), len(b.elements)), "there are %d bytes, but items for %d", len(e.Request.Body), len(b.elements))
		return
	}
	for i := 0; i < len(b.elements); i += oprf.ElementSize {
		if !slices.Equal(e.Request.Body[i:i+oprf.ElementSize], b.elements[i:i+oprf.ElementSize]) {
			c.find(Body, i, "element %d is not that of its item and blind", i/oprf.ElementSize)
			return
		}
	}
	numbers := 0
	for i, item := range e.Items {
		if item.Number == "" {
			continue
		}
		if numbers++; numbers != i+1 {
			c.find(Item, i, "a number behind padding")
			return
		}
	}
	c.padded(n, numbers)
	if answered, ok := body(e, 200); ok {
		c.finalize(b, answered)
	}
}

// padded checks that a batch has the size that so many numbers need, and that no
// more come after one that was not full.
func (c *checker) padded(size, numbers int) {
	least, below := 0, 0
	for _, s := range directory.BatchSizes() {
		switch {
		case s < size:
			below = s
		case s == size:
			least = s
		}
	}
	switch {
	case least == 0:
		c.find(Body, -1, "the batch is not padded: %d is none of the sizes that there are", size)
	case numbers < size && numbers <= below && below > 0:
		c.find(Body, -1, "a smaller size would hold the numbers: batches depend on how many there are, and on nothing else")
	case c.sync.partly:
		c.find(Body, -1, "a batch after one that was not full")
	}
	c.sync.partly = c.sync.partly || numbers < size
	c.report.Learned.batch(size, below, numbers)
}

// finalize verifies the proof of an answer and answers the outputs.
func (c *checker) finalize(b *batch, answered []byte) ([]byte, bool) {
	n := len(b.inputs.End)
	if len(answered) != oprf.ElementSize*n+oprf.ProofSize {
		c.find(Answer, -1, "malformed")
		return nil, false
	}
	outputs := make([]byte, oprf.OutputSize*n)
	evaluated, proof := answered[:oprf.ElementSize*n], (*[oprf.ProofSize]byte)(answered[oprf.ElementSize*n:])
	if _, code := b.client.Finalize(b.inputs, b.blinds, b.elements, evaluated, proof, outputs); code != oprf.OK {
		c.find(Answer, -1, "the directory did not prove that it used its key (%s)", code)
		return nil, false
	}
	c.report.Learned.Proofs++
	return outputs, true
}
