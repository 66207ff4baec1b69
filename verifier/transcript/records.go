//go:build old

package transcript

import (
	"fmt"
	"slices"

	"sealbook/wasm/directory"
)

// file is a bucket's file of records, of which blocks are read.
type file struct {
	count  int   // records; -1 if the directory did not say
	blocks []int // that may still be read
}

// records explains a request for records: the header of the file, with the
// choice of blocks, or one of those blocks.
func (c *checker) records(e *directory.Exchange, bucket uint32) {
	c.compare(Body, e.Request.Body, nil, "this request has no body")
	c.madeOf(e, false, false, true)
	if e.Decoys != nil {
		c.fields(e, byteRange(0, directory.HeaderSize))
		c.choose(e, bucket)
		return
	}
	value, _ := e.Request.Headers.Get("range")
	f, size := c.files[bucket], c.parameters.Limits.Block
	if f == nil {
		c.find(Headers, 0, "no choice of blocks goes before this one")
		return
	}
	for i, block := range f.blocks {
		from, to := size*block, min(size*(block+1), f.count)
		want := byteRange(directory.HeaderSize+directory.RecordSize*from, directory.HeaderSize+directory.RecordSize*to)
		if value == want.Value {
			c.fields(e, want)
			f.blocks = slices.Delete(f.blocks, i, i+1)
			c.report.Learned.Blocks++
			return
		}
	}
	c.find(Headers, 0, "not one of the blocks that were chosen, or it was read already")
}

func byteRange(from, to int) directory.Field {
	return directory.Field{Name: "range", Value: fmt.Sprintf("bytes=%d-%d", from, to-1)}
}

// choose checks that the blocks to be read are those with a match and the decoys
// that their seed gives.
func (c *checker) choose(e *directory.Exchange, bucket uint32) {
	c.files[bucket] = nil
	answered, ok := body(e, 206)
	if !ok {
		return // nothing is read then
	}
	h, err := directory.ParseRecordsHeader(answered)
	place := directory.Place{Epoch: c.parameters.Epoch, BucketBits: c.parameters.BucketBits, Bucket: bucket}
	if err != nil || h.Place != place || len(answered) != directory.HeaderSize {
		c.find(Answer, -1, "malformed, or of another bucket")
		return
	}
	size := c.parameters.Limits.Block
	blocks := (int(h.Count) + size - 1) / size
	wanted := e.Decoys.Wanted
	for i, block := range wanted {
		if block < 0 || block >= blocks || i > 0 && block <= wanted[i-1] {
			// The client goes on only if the file is that of its tags; else it
			// chose for another count and reads nothing.
			c.files[bucket] = &file{count: int(h.Count)}
			return
		}
	}
	want := directory.DecoyBlocks((*[directory.DecoySeedSize]byte)(e.Decoys.Seed), place, blocks, wanted)
	f := &file{count: int(h.Count)}
	if slices.Equal(want, e.Decoys.Blocks) {
		f.blocks = slices.Sorted(slices.Values(append(slices.Clone(wanted), want...)))
		c.report.Learned.Wanted += len(wanted)
	} else {
		f.blocks = nil // chosen for another count, or not from the seed: none may follow
	}
	c.files[bucket] = f
}
