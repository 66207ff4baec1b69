//go:build old

package discovery

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"sealbook/wasm/directory"
)

// reading is what was read of a bucket's records.
type reading struct {
	size           int // records of a block
	blocks         map[int][]byte
	wanted, decoys int
}

// readRecords reads the blocks with matches, and decoys. It answers nil if the
// file is not, or not any more, that of the tags.
func (d *Directory) readRecords(ctx context.Context, s *State, tags directory.Tags, all []match) (*reading, error) {
	size, count := d.Parameters.Limits.Block, int(tags.Count)
	wanted := []int{}
	for _, m := range all {
		for at := m.from; at < m.to; at++ {
			wanted = append(wanted, at/size)
		}
	}
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)
	decoys := directory.DecoyBlocks(&s.seed, tags.Place, (count+size-1)/size, wanted)

	a, err := d.records(ctx, tags.Bucket, 0, directory.HeaderSize, &directory.Decoys{Seed: s.seed[:], Wanted: wanted, Blocks: decoys})
	if err != nil {
		return nil, err
	}
	h, err := directory.ParseRecordsHeader(a.body)
	if err != nil {
		return nil, wrap(RecordWrong, "the directory's file of records is malformed", err)
	}
	if err := d.checkPlace(h.Place, tags.Place); err != nil {
		return nil, err
	}
	if h.Version != tags.Version {
		return nil, nil
	}
	etag := a.header.Get("Etag")
	if h.Count != tags.Count || etag == "" {
		return nil, fail(RecordWrong, "the directory's records do not go with its tags")
	}
	r := &reading{size: size, blocks: map[int][]byte{}, wanted: len(wanted), decoys: len(decoys)}
	var mu sync.Mutex
	var changed atomic.Bool
	blocks := append(wanted, decoys...)
	slices.Sort(blocks)
	err = parallel(blocks, func(block int) error {
		if changed.Load() {
			return nil
		}
		from, to := block*size, min((block+1)*size, count)
		a, err := d.records(ctx, tags.Bucket, directory.HeaderSize+directory.RecordSize*from, directory.HeaderSize+directory.RecordSize*to, nil)
		switch {
		case err != nil:
			return err
		case a.header.Get("Etag") != etag:
			changed.Store(true)
			return nil
		case len(a.body) != directory.RecordSize*(to-from):
			return fail(RecordWrong, "the directory's block of records is malformed")
		}
		mu.Lock()
		defer mu.Unlock()
		r.blocks[block] = a.body
		return nil
	})
	if err != nil || changed.Load() {
		return nil, err
	}
	return r, nil
}

// records reads the bytes from ≤ i < to of a bucket's file of records.
func (d *Directory) records(ctx context.Context, bucket uint32, from, to int, decoys *directory.Decoys) (answer, error) {
	return d.send(ctx, call{
		method: "GET", path: fmt.Sprintf("/v1/buckets/%d/records", bucket),
		fields: directory.Fields{{Name: "range", Value: fmt.Sprintf("bytes=%d-%d", from, to-1)}},
		expect: []int{206}, limit: to - from, public: decoys == nil, decoys: decoys,
	})
}

// open opens the records of matches. Where tags are equal, every one is tried.
func (r *reading) open(s *State, epoch uint32, all []match) map[string]directory.Record {
	opened := map[string]directory.Record{}
	for _, m := range all {
		y := s.outputs[m.number]
		key := directory.RecordKey(&y, epoch)
		for at := m.from; at < m.to; at++ {
			start := directory.RecordSize * (at % r.size)
			sealed := (*[directory.RecordSize]byte)(r.blocks[at/r.size][start:])
			if record, ok := directory.OpenRecord(&key, sealed); ok {
				opened[m.number] = record
				break
			}
		}
	}
	return opened
}
