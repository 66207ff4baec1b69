//go:build old

package discovery

import (
	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

// blinded is a batch of inputs on its way through the directory's key.
type blinded struct {
	client   oprf.Client
	inputs   oprf.Inputs
	blinds   []byte
	elements []byte
}

// blind blinds numbers and, behind them, as many random inputs as fill up the
// size. A blinded element is uniformly random whatever its input was: mixing
// them would hide nothing more.
func (d *Directory) blind(numbers []string, size int) *blinded {
	b := &blinded{blinds: make([]byte, oprf.ElementSize*size), elements: make([]byte, oprf.ElementSize*size)}
	if code := b.client.Init(oprf.VOPRF, &d.public, new(oprf.Room)); code != oprf.OK {
		panic(code) // Open tried it
	}
	for i := range size {
		if i < len(numbers) {
			b.inputs.Text = append(b.inputs.Text, numbers[i]...)
		} else {
			var padding [directory.PaddingSize]byte
			d.draw(padding[:])
			b.inputs.Text = append(b.inputs.Text, padding[:]...)
		}
		b.inputs.End = append(b.inputs.End, uint32(len(b.inputs.Text)))
	}
	random := make([]byte, oprf.RandomSize*size)
	d.draw(random)
	if _, code := b.client.Blind(b.inputs, random, b.blinds, b.elements); code != oprf.OK {
		panic(code) // a random scalar is 0, or an input maps to the identity: once in 2^252
	}
	return b
}

// items explain the elements.
func (b *blinded) items(numbers int) []directory.Item {
	items := make([]directory.Item, len(b.inputs.End))
	start := uint32(0)
	for i, end := range b.inputs.End {
		input := b.inputs.Text[start:end]
		items[i].Blind = b.blinds[oprf.ElementSize*i : oprf.ElementSize*(i+1)]
		if i < numbers {
			items[i].Number = string(input)
		} else {
			items[i].Padding = input
		}
		start = end
	}
	return items
}

// finalize verifies the proof and answers the outputs of the first numbers.
func (b *blinded) finalize(evaluated []byte, proof *[oprf.ProofSize]byte, numbers int) ([][oprf.OutputSize]byte, error) {
	outputs := make([]byte, oprf.OutputSize*len(b.inputs.End))
	if _, code := b.client.Finalize(b.inputs, b.blinds, b.elements, evaluated, proof, outputs); code != oprf.OK {
		return nil, wrap(Proof, "the directory did not prove that it used its key", code)
	}
	all := make([][oprf.OutputSize]byte, numbers)
	for i := range all {
		all[i] = [oprf.OutputSize]byte(outputs[oprf.OutputSize*i:])
	}
	return all, nil
}
