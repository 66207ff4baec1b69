//go:build old

package discovery

import (
	"context"
	"slices"
	"strconv"

	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

// Search is what to look for.
type Search struct {
	Credential string   // of an account with the scope Search
	Numbers    []string // E.164, each once, as a Book has them
	State      *State   // what is paid for already; nil pays for everything
	// Progress hears how far it is; nil is nobody.
	Progress func(Progress)
}

// Progress is how far a search is.
type Progress struct {
	Phase       string // "evaluate": numbers; "tags", "records": buckets
	Done, Total int
}

// Found is somebody who was found.
type Found struct {
	Number string
	Record directory.Record
}

// Counts tells what a search took.
type Counts struct {
	Known     int    `json:"known"`     // numbers that were paid for before
	Evaluated int    `json:"evaluated"` // numbers that were evaluated now
	Charged   int    `json:"charged"`   // evaluations that they cost, padding included
	Budget    *int64 `json:"budget"`    // what is left; nil if nothing was charged
	Buckets   int    `json:"buckets"`   // that tags were read of
	Blocks    int    `json:"blocks"`    // of records, because of a match
	Decoys    int    `json:"decoys"`    // … and beside them
	// Unopened are matches whose record does not open: tags that are equal by
	// chance, or a record that nobody sealed.
	Unopened int `json:"unopened"`
}

// Result is what a search found, in the order of its numbers.
type Result struct {
	Found  []Found
	Counts Counts
}

// Discover looks for numbers. Only those that the state does not know are
// charged, and the state is saved after every batch: after a lost connection, a
// cancelled context or a spent budget call it again, and it goes on. Charged
// again is only a batch whose answer was lost on the way. With an error nothing
// is found.
func (d *Directory) Discover(ctx context.Context, s Search) (Result, error) {
	if err := checkCredential(s.Credential); err != nil {
		return Result{}, err
	}
	if s.State == nil {
		s.State = NewState(d)
	}
	if s.State.of != d {
		return Result{}, fail(Input, "the state was loaded for another directory")
	}
	if s.Progress == nil {
		s.Progress = func(Progress) {}
	}
	// What fails takes the requests beside it along.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var r Result
	if err := d.pay(ctx, s, &r.Counts); err != nil {
		return Result{}, err
	}
	found, err := d.lookUp(ctx, s, &r.Counts)
	if err != nil {
		return Result{}, err
	}
	if err := s.State.save(); err != nil {
		return Result{}, err
	}
	for _, number := range s.Numbers {
		if record, ok := found[number]; ok {
			r.Found = append(r.Found, Found{number, record})
		}
	}
	return r, nil
}

// pay evaluates the numbers that the state does not know.
func (d *Directory) pay(ctx context.Context, s Search, c *Counts) error {
	var fresh []string
	for _, number := range s.Numbers {
		if _, ok := s.State.outputs[number]; !ok {
			fresh = append(fresh, number)
		}
	}
	c.Known = len(s.Numbers) - len(fresh)
	limits := d.Parameters.Limits
	// A batch over the whole budget would never be paid.
	sizes := slices.DeleteFunc(slices.Clone(limits.Batches), func(size int) bool { return int64(size) > limits.Budget })
	if len(sizes) == 0 {
		sizes = limits.Batches
	}
	for _, b := range directory.Batches(len(fresh), sizes) {
		numbers := fresh[c.Evaluated : c.Evaluated+b.Numbers]
		outputs, left, err := d.evaluate(ctx, s.Credential, numbers, b.Size)
		if err != nil {
			return err
		}
		for i, number := range numbers {
			s.State.outputs[number] = outputs[i]
		}
		if err := s.State.save(); err != nil {
			return err
		}
		c.Evaluated += b.Numbers
		c.Charged += b.Size
		c.Budget = left
		s.Progress(Progress{"evaluate", c.Evaluated, len(fresh)})
	}
	return nil
}

// evaluate puts one batch through the directory's key. It answers the outputs
// and, where it was told, what is left of the budget.
func (d *Directory) evaluate(ctx context.Context, credential string, numbers []string, size int) ([][oprf.OutputSize]byte, *int64, error) {
	b := d.blind(numbers, size)
	c := call{method: "POST", path: "/v1/evaluations", expect: []int{200}, limit: oprf.ElementSize*size + oprf.ProofSize}
	if d.transcript != nil {
		c.items = b.items(len(numbers))
	}
	a, err := d.send(ctx, c.withOctets(b.elements).withCredential(credential))
	if err != nil {
		return nil, nil, err
	}
	if told := a.header.Get("Sealbook-Epoch"); told != "" && told != strconv.FormatUint(uint64(d.Parameters.Epoch), 10) {
		return nil, nil, otherEpoch()
	}
	if len(a.body) != c.limit {
		return nil, nil, malformed()
	}
	outputs, err := b.finalize(a.body[:oprf.ElementSize*size], (*[oprf.ProofSize]byte)(a.body[oprf.ElementSize*size:]), len(numbers))
	if err != nil {
		return nil, nil, err
	}
	if left, err := strconv.ParseInt(a.header.Get("Sealbook-Budget"), 10, 64); err == nil && left >= 0 {
		return outputs, &left, nil
	}
	return outputs, nil, nil
}
