package discovery

import (
	"context"
	"slices"
	"strconv"

	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

// evaluateAll has the new numbers evaluated, as far as the budget goes: what is
// sent depends on how many they are and on what is left, not on which they are.
// Where nothing is new a batch of random inputs goes all the same.
func (d *Directory) evaluateAll(ctx context.Context, s *Search, v *view, e *evaluation, r *Result) error {
	budget := &r.Held.Budget
	left := min(max(budget.Available, 0), d.Parameters.Limits.Budget)
	plan := directory.Affordable(len(e.numbers), left)
	may := slices.Contains(s.Mine.Receipt.Scopes, directory.Search)
	if !may {
		plan = nil // the sync looks after the own entry
	}
	r.Counts.Known = len(s.Numbers) - len(e.numbers)
	r.Counts.Budget = &left
	sent := 0
	for i, p := range plan {
		s.Progress(Progress{"evaluate", i, len(plan)})
		b, told, err := d.evaluate(ctx, s.Mine.Credential, &v.State.Key, e.numbers[sent:sent+p.Numbers], p.Size)
		if err != nil {
			return err
		}
		e.batches = append(e.batches, b)
		sent += p.Numbers
		r.Counts.Charged += p.Size
		if left -= int64(p.Size); told != nil {
			left = *told
		}
	}
	if r.Counts.Waiting = len(e.numbers) - sent; r.Counts.Waiting > 0 && may {
		need := int64(directory.Batches(r.Counts.Waiting)[0].Size)
		level := directory.Budget{Size: d.Parameters.Limits.Budget, PerDay: d.Parameters.Limits.RefillPerDay}
		now := d.link.now()
		used := (level.Size - left) * directory.Day
		r.WaitUntil = now.Add(seconds(level.Wait(used, now.Unix(), now.Unix(), need)))
	}
	return nil
}

// blinded is a batch of inputs on its way through the directory's key.
type blinded struct {
	client   oprf.Client
	numbers  []string
	inputs   oprf.Inputs
	blinds   []byte
	elements []byte
	answer   []byte // the evaluated elements and the proof
}

// evaluate sends one batch. Its answer is not looked at yet. Where it was told,
// what is left of the budget is returned too.
func (d *Directory) evaluate(ctx context.Context, credential string, key *[oprf.ElementSize]byte, numbers []string, size int) (*blinded, *int64, error) {
	b := d.blind(key, numbers, size)
	c := call{method: "POST", path: "/v2/evaluations", expect: []int{200}, limit: int64(oprf.ElementSize*size + oprf.ProofSize)}
	if d.transcript != nil {
		c.items = b.items()
	}
	a, err := d.send(ctx, c.withOctets(b.elements).withCredential(credential))
	if err != nil {
		return nil, nil, err
	}
	if told := a.header.Get("Sealbook-Epoch"); told != "" && told != strconv.FormatUint(uint64(d.Parameters.Epoch), 10) {
		return nil, nil, otherEpoch()
	}
	if int64(len(a.body)) != c.limit {
		return nil, nil, malformed()
	}
	b.answer = a.body
	if left, err := strconv.ParseInt(a.header.Get("Sealbook-Budget"), 10, 64); err == nil && left >= 0 {
		return b, &left, nil
	}
	return b, nil, nil
}

// blind blinds numbers and, behind them, as many random inputs as fill up the
// size. A blinded element is uniformly random whatever its input was: mixing
// them would hide nothing more.
func (d *Directory) blind(key *[oprf.ElementSize]byte, numbers []string, size int) *blinded {
	b := &blinded{numbers: numbers, blinds: make([]byte, oprf.ElementSize*size), elements: make([]byte, oprf.ElementSize*size)}
	if code := b.client.Init(oprf.VOPRF, key, new(oprf.Room)); code != oprf.OK {
		panic(code) // Describe tried it
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
func (b *blinded) items() []directory.Item {
	items := make([]directory.Item, len(b.inputs.End))
	start := uint32(0)
	for i, end := range b.inputs.End {
		input := b.inputs.Text[start:end]
		items[i].Blind = b.blinds[oprf.ElementSize*i : oprf.ElementSize*(i+1)]
		if i < len(b.numbers) {
			items[i].Number = string(input)
		} else {
			items[i].Padding = input
		}
		start = end
	}
	return items
}

// finalize verifies the proof of the answer and returns the outputs of the
// numbers.
func (b *blinded) finalize() ([][oprf.OutputSize]byte, error) {
	outputs := make([]byte, oprf.OutputSize*len(b.inputs.End))
	end := oprf.ElementSize * len(b.inputs.End)
	if _, code := b.client.Finalize(b.inputs, b.blinds, b.elements, b.answer[:end], (*[oprf.ProofSize]byte)(b.answer[end:]), outputs); code != oprf.OK {
		return nil, wrap(Proof, "the directory did not prove that it used its key", code)
	}
	all := make([][oprf.OutputSize]byte, len(b.numbers))
	for i := range all {
		all[i] = [oprf.OutputSize]byte(outputs[oprf.OutputSize*i:])
	}
	return all, nil
}
