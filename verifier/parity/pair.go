package parity

import (
	"bytes"
	"fmt"

	"sealbook/verifier/engine"
	"sealbook/wasm/batch"
	"sealbook/wasm/number"
)

// Pair is two engines that are told the same and have to answer the same.
type Pair struct {
	Want, Got engine.Engine
	Items     int                  // how many items both parsed alike
	Lines     int                  // how many lines of digests were alike
	Codes     map[number.Code]int  // of the items, how many had which code
	Types     map[number.Type]bool // seen
	Regions   map[string]bool      // seen

	Calls int // how many calls were alike

	consumed int // bytes, by the last operation that reads lines
}

// NewPair makes an engine of each source.
func NewPair(want, got engine.Source) (*Pair, error) {
	w, err := want.New()
	if err != nil {
		return nil, err
	}
	g, err := got.New()
	if err != nil {
		return nil, err
	}
	return &Pair{Want: w, Got: g, Codes: map[number.Code]int{}, Types: map[number.Type]bool{}, Regions: map[string]bool{}}, nil
}

// Parse has both parse the input, call after call until all of it is consumed,
// and after each call passes the number of items to then. An error tells where
// they parted, in bytes of the input, but not what the input is.
func (p *Pair) Parse(input []byte, region uint32, mode batch.Mode, then func(items int) error) error {
	for rest := input; ; {
		n := p.load(rest)
		wantItems, wantErr := p.Want.Parse(n, region, mode)
		gotItems, gotErr := p.Got.Parse(n, region, mode)
		if err := p.same("parse", wantItems, gotItems, wantErr, gotErr); err != nil {
			return fmt.Errorf("at byte %d of %d: %w", len(input)-len(rest), len(input), err)
		}
		if wantErr != nil {
			return nil
		}
		if at := differ(p.Want.Records()[:wantItems*batch.RecordSize], p.Got.Records()[:wantItems*batch.RecordSize]); at >= 0 {
			item := at / batch.RecordSize
			return fmt.Errorf("at byte %d of %d: record %d differs in byte %d:\n% x\n% x", len(input)-len(rest), len(input),
				item, at%batch.RecordSize, *engine.Record(p.Want, item), *engine.Record(p.Got, item))
		}
		p.count(wantItems, mode)
		consumed := p.consumed // before then calls others
		if then != nil {
			if err := then(wantItems); err != nil {
				return err
			}
		}
		if consumed == 0 || consumed >= len(rest) || mode&batch.Single != 0 {
			return nil
		}
		rest = rest[consumed:]
	}
}

func (p *Pair) count(items int, mode batch.Mode) {
	p.Items += items
	for i := range items {
		r := engine.Record(p.Want, i)
		p.Codes[r.Code()]++
		if mode&batch.Info != 0 && r.Code() == number.OK {
			p.Types[r.Type()] = true
			p.Regions[string(r.Region())] = true
		}
	}
}

// Recipe has both look up a recipe and returns its handle, -1 if both refuse.
func (p *Pair) Recipe(spec string) (int, error) {
	n := p.load([]byte(spec))
	want, wantErr := p.Want.Recipe(n)
	got, gotErr := p.Got.Recipe(n)
	p.Calls++
	if fmt.Sprint(want, wantErr) != fmt.Sprint(got, gotErr) {
		return 0, fmt.Errorf("recipe: %d, %v and %d, %v", want, wantErr, got, gotErr)
	}
	if wantErr != nil {
		return -1, nil
	}
	return want, nil
}

// About has both tell what is built in.
func (p *Pair) About() error {
	want, wantErr := p.Want.About()
	got, gotErr := p.Got.About()
	return p.same("about", want, got, wantErr, gotErr)
}

// Everything has both parse lines, digest by a recipe what came out, and hash
// the lines as they are. A spec that is no recipe stands for the first.
func (p *Pair) Everything(lines []byte, region uint32, mode batch.Mode, spec string) error {
	handle, err := p.Recipe(spec)
	if err != nil {
		return err
	}
	handle = max(handle, 0)
	if err := p.Parse(lines, region, mode, func(items int) error { return p.Digest(handle, items) }); err != nil {
		return err
	}
	return p.Hash(lines, handle, mode&batch.Single)
}

// DigestOnce has both digest from any item, in one call.
func (p *Pair) DigestOnce(handle, first int) error {
	want, wantErr := p.Want.Digest(handle, first)
	got, gotErr := p.Got.Digest(handle, first)
	return p.same("digest", want, got, wantErr, gotErr)
}

// Digest has both digest all numbers of the last Parse.
func (p *Pair) Digest(handle, items int) error {
	for first := 0; ; {
		want, wantErr := p.Want.Digest(handle, first)
		got, gotErr := p.Got.Digest(handle, first)
		if err := p.same("digest", want, got, wantErr, gotErr); err != nil {
			return fmt.Errorf("recipe %d from item %d: %w", handle, first, err)
		}
		p.Lines += want
		if first += want; wantErr != nil || want == 0 || first >= items {
			return nil
		}
	}
}

// Hash has both hash the lines of the input as they are.
func (p *Pair) Hash(input []byte, handle int, mode batch.Mode) error {
	for rest := input; ; {
		n := p.load(rest)
		want, wantErr := p.Want.Hash(n, handle, mode)
		got, gotErr := p.Got.Hash(n, handle, mode)
		if err := p.same("hash", want, got, wantErr, gotErr); err != nil {
			return fmt.Errorf("recipe %d at byte %d: %w", handle, len(input)-len(rest), err)
		}
		p.Lines += want
		if wantErr != nil || p.consumed == 0 || p.consumed >= len(rest) || mode&batch.Single != 0 {
			return nil
		}
		rest = rest[p.consumed:]
	}
}

// load copies the front of the input into both, no further than the last whole
// line when it is longer than the buffer and has one.
func (p *Pair) load(input []byte) int {
	if len(input) > batch.InputSize {
		input = input[:batch.InputSize]
		if i := bytes.LastIndexByte(input, '\n'); i >= 0 {
			input = input[:i+1]
		}
	}
	copy(p.Got.Input(), input)
	return copy(p.Want.Input(), input)
}

// same compares answers, errors, statuses and texts.
func (p *Pair) same(what string, want, got int, wantErr, gotErr error) error {
	p.Calls++
	if want != got || fmt.Sprint(wantErr) != fmt.Sprint(gotErr) {
		return fmt.Errorf("%s: %d, %v and %d, %v", what, want, wantErr, got, gotErr)
	}
	if wantErr != nil {
		return nil
	}
	w, g := p.Want.Status(), p.Got.Status()
	if w != g {
		return fmt.Errorf("%s: status %v and %v", what, w, g)
	}
	p.consumed = int(w.Consumed)
	if at := differ(p.Want.Text()[:w.Written], p.Got.Text()[:w.Written]); at >= 0 {
		line := bytes.Count(p.Want.Text()[:at], []byte("\n"))
		return fmt.Errorf("%s: texts differ in byte %d, line %d", what, at, line)
	}
	return nil
}

// differ is where a and b, equally long, first differ; -1 if nowhere.
func differ(a, b []byte) int {
	if bytes.Equal(a, b) {
		return -1
	}
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return len(a)
}
