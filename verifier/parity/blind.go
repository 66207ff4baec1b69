package parity

import (
	"bytes"
	"fmt"

	"sealbook/verifier/engine"
	"sealbook/wasm/batch"
	"sealbook/wasm/number"
	"sealbook/wasm/oprf"
	"sealbook/wasm/recipe"
)

// Blinders is two engines of blind.wasm that are told the same and have to
// answer the same.
type Blinders struct {
	Want, Got engine.Blinder
	Calls     int // how many calls were alike
}

// RunBlind is [Run] for blind.wasm.
func RunBlind(want, got engine.Blinder, o Options) (c Counts, err error) {
	p, in := &Blinders{Want: want, Got: got}, NewInputs(o.Seed)
	defer func() { c.Calls = p.Calls }()
	for range o.Searches {
		found, err := p.AnySearch(in)
		if err != nil {
			return c, fmt.Errorf("search %d of seed %d: %w", c.Searches, o.Seed, err)
		}
		c.Searches++
		if found {
			c.Found++
		}
	}
	for range o.Steps {
		if err := p.anySteps(in); err != nil {
			return c, fmt.Errorf("step %d of seed %d: %w", c.Steps, o.Seed, err)
		}
		c.Steps++
	}
	return c, nil
}

// Search has both search for a digest around a place in the region's numbers.
func (p *Blinders) Search(spec string, digest []byte, region uint32, from uint64, count int) (found bool, err error) {
	var input []byte
	input = append(append(input, spec...), digest...)
	input = input[:min(len(input), batch.InputSize)]
	copy(p.Want.Input(), input)
	copy(p.Got.Input(), input)
	want, wantErr := p.Want.SearchBegin(len(input), region, len(spec))
	got, gotErr := p.Got.SearchBegin(len(input), region, len(spec))
	p.Calls++
	if want != got || fmt.Sprint(wantErr) != fmt.Sprint(gotErr) {
		return false, fmt.Errorf("search_begin: %d, %v and %d, %v", want, wantErr, got, gotErr)
	}
	wantFound, wantErr := p.Want.Search(from, count)
	gotFound, gotErr := p.Got.Search(from, count)
	p.Calls++
	if wantFound != gotFound || fmt.Sprint(wantErr) != fmt.Sprint(gotErr) {
		return false, fmt.Errorf("search: %v, %v and %v, %v", wantFound, wantErr, gotFound, gotErr)
	}
	if wantErr == nil {
		w, g := p.Want.Status(), p.Got.Status()
		if w != g || !bytes.Equal(p.Want.Text()[:w.Written], p.Got.Text()[:g.Written]) {
			return false, fmt.Errorf("search: status %v and %v, or the texts, differ", w, g)
		}
	}
	return wantFound, nil
}

// AnySearch searches for a digest near the place of its number, or for one
// that is not there or none at all.
func (p *Blinders) AnySearch(in *Inputs) (found bool, err error) {
	r := recipe.At(in.IntN(recipe.Count()))
	spec := r.ID()
	if in.IntN(4) == 0 {
		spec = Pick(in, Specs())
		if made, err := recipe.Parse(spec); err == nil {
			r = &made
		}
	}
	region := in.Region()
	s := in.Space(region)
	if s == nil {
		s = in.Space("GB")
	}
	at := in.Uint64N(s.Len())
	digest := r.Append(nil, s.At(at))
	switch in.IntN(4) {
	case 0: // not the digest of any
		if len(digest) > 0 {
			digest[in.IntN(len(digest))] ^= 1
		}
	case 1: // not a digest
		digest = in.Append(digest, region)
	}
	return p.Search(spec, digest, batch.RegionCode(region), at-min(at, 20), 40)
}

// A Refusal is the code of a step that was not taken, with the index of its
// item, -1 for none.
type Refusal struct {
	Code oprf.Code
	At   int
}

// Step has both take a step with the parts as input. It returns a copy of what
// both wrote; where both refused, how.
func (p *Blinders) Step(step batch.Step, n int, parts ...[]byte) (out []byte, refused Refusal, failure, err error) {
	in := bytes.Join(parts, nil)
	var answers [2]string
	for i, e := range []engine.Blinder{p.Want, p.Got} {
		copy(e.Input(), in)
		var written int
		written, failure = e.OPRF(step, n, len(in))
		if failure == nil || failure == batch.Refused {
			// What a refused step would have written is cleared, so it is compared as well.
			answers[i] = fmt.Sprintf("%d %v %v %x", written, failure, e.Status(), e.Text())
		} else {
			answers[i] = fmt.Sprint(written, failure)
		}
		if len(in) <= batch.InputSize && !bytes.Equal(e.Input()[:len(in)], make([]byte, len(in))) {
			return nil, Refusal{}, failure, fmt.Errorf("step %d left its input behind", step)
		}
		out, refused = bytes.Clone(e.Text()[:written]), Refusal{}
		if failure == batch.Refused {
			refused = Refusal{oprf.Code(e.Status().High), int(int32(e.Status().Items))}
		}
	}
	p.Calls++
	if answers[0] != answers[1] {
		return nil, Refusal{}, failure, fmt.Errorf("step %d of %d differs", step, n)
	}
	return out, refused, failure, nil
}

// anySteps takes the steps of one evaluation with random bytes, most often
// right ones.
func (p *Blinders) anySteps(in *Inputs) error {
	random := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(in.Uint32())
		}
		return b
	}
	var err error
	take := func(step batch.Step, n int, parts ...[]byte) (out []byte) {
		if err == nil {
			out, _, _, err = p.Step(step, n, parts...)
		}
		return out
	}
	mode := in.IntN(3)
	key := take(batch.Derive, mode, random(oprf.SeedSize), random(in.IntN(40)))
	public := take(batch.Serve, mode, key)
	take(batch.Connect, mode, public)
	n := 1 + in.IntN(5)
	var texts, ends []byte
	for range n {
		texts = in.Append(texts, "GB")
		ends = append(ends, byte(len(texts)), byte(len(texts)>>8), byte(len(texts)>>16), 0)
	}
	blinded := take(batch.Blind, n, random(n*oprf.RandomSize), ends, texts)
	if len(blinded) == 2*n*oprf.ElementSize {
		blinds, elements := blinded[:n*oprf.ElementSize], blinded[n*oprf.ElementSize:]
		if in.IntN(4) == 0 {
			elements[in.IntN(len(elements))] ^= 1 << in.IntN(8)
		}
		evaluated := take(batch.Evaluate, n, random(oprf.RandomSize), elements)
		if len(evaluated) > oprf.ProofSize {
			proof := evaluated[len(evaluated)-oprf.ProofSize:]
			take(batch.Finalize, n, proof, blinds, elements, evaluated[:len(evaluated)-oprf.ProofSize], ends, texts)
		}
	}
	take(batch.Output, 0, texts)
	take(batch.Step(in.IntN(14)-1), in.IntN(3000)-100, random(in.IntN(3000)))
	return err
}

// RunFormat is [Run] for format.wasm.
func RunFormat(want, got engine.Formatter, o Options) (c Counts, err error) {
	in := NewInputs(o.Seed)
	for left := o.Items; left > 0; {
		var lines []byte
		n := min(1+in.IntN(4000), left)
		for range n {
			region := in.Region()
			switch in.IntN(8) {
			case 0:
				lines = in.Append(lines, region)
			case 1:
				lines = in.changed(lines, region)
			default:
				lines, _ = in.number(region).AppendText(lines)
			}
			lines = append(lines, '\n')
		}
		left -= n
		for format := range number.Significant + 2 {
			items, err := sameFormat(want, got, lines, format)
			if err != nil {
				return c, fmt.Errorf("random texts of seed %d, after %d: %w", o.Seed, c.Items, err)
			}
			c.Calls++
			c.Items += items
		}
	}
	return c, nil
}

// sameFormat has both write lines in a format.
func sameFormat(want, got engine.Formatter, lines []byte, format number.Format) (items int, err error) {
	n := copy(want.Input(), lines)
	copy(got.Input(), lines)
	items, wantErr := want.Format(n, format)
	other, gotErr := got.Format(n, format)
	if items != other || fmt.Sprint(wantErr) != fmt.Sprint(gotErr) {
		return 0, fmt.Errorf("format %d: %d, %v and %d, %v", format, items, wantErr, other, gotErr)
	}
	if wantErr != nil {
		return 0, nil
	}
	w, g := want.Status(), got.Status()
	if w != g || !bytes.Equal(want.Text()[:w.Written], got.Text()[:g.Written]) {
		return 0, fmt.Errorf("format %d: status %v and %v, or the texts, differ", format, w, g)
	}
	return items, nil
}
