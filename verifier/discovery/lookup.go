package discovery

import (
	"slices"

	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

// Found is somebody who is in the directory.
type Found struct {
	Number string
	// Record is what the person shows; nil where records are not read whole: then
	// it is known only that the person is here. It is a claim: the directory could
	// have written it.
	Record *directory.Record
	// Before is the record that was seen first, where this one is another.
	Before *directory.Record
	// Several is that more than one record opens for the number.
	Several bool
}

// match is a number whose tag is published at positions from ≤ i < to.
type match struct {
	number   string
	from, to int
}

// open matches numbers whose outputs are known and opens the records that were
// read. It returns how many matches have records of which none opens: tags that
// are equal by chance, or a record that nobody sealed. It is called after the
// last answer of a sync, and no sooner.
func (s *State) open(v *view, numbers []string) (found []Found, unopened int, err error) {
	for _, number := range numbers {
		y, ok := s.outputs[number]
		if !ok {
			continue
		}
		from, to := v.tags.Find(directory.Tag(&y, v.State.Epoch))
		if from == to {
			continue
		}
		f := Found{Number: number}
		if v.records == nil && v.blocks == nil {
			found = append(found, f)
			continue
		}
		opened := v.openRecords(&y, from, to)
		if len(opened) == 0 {
			unopened++
			continue
		}
		f.Record, f.Several = &opened[0], len(opened) > 1
		first, before := s.seen[number]
		switch {
		case !before:
			s.seen[number] = opened[0]
		case !slices.Contains(opened, first):
			f.Before = &first
		default:
			f.Record = &first
		}
		found = append(found, f)
	}
	return found, unopened, nil
}

// openRecords opens those of the positions from ≤ i < to that y opens.
func (v *view) openRecords(y *[oprf.OutputSize]byte, from, to int) (opened []directory.Record) {
	key := directory.RecordKey(y, v.State.Epoch)
	for at := from; at < to; at++ {
		if sealed := v.record(at); sealed != nil {
			if r, ok := directory.OpenRecord(&key, (*[directory.RecordSize]byte)(sealed)); ok && !slices.Contains(opened, r) {
				opened = append(opened, r)
			}
		}
	}
	return opened
}

// record is the sealed one at a position, nil if it was not read.
func (v *view) record(at int) []byte {
	if v.records != nil {
		return v.records[directory.RecordSize*at:][:directory.RecordSize]
	}
	if block := v.blocks[at/directory.Block]; block != nil {
		return block[directory.RecordSize*(at%directory.Block):][:directory.RecordSize]
	}
	return nil
}
