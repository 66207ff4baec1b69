package discovery

import (
	"context"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// RecordsLimit is up to how many bytes of records are read, where a caller says
// nothing: those of 131,072 people.
const RecordsLimit = 8 << 20

// readRecords reads all records of a version, or none where they are more than
// the limit: at first whole, then those of the changes.
func (d *Directory) readRecords(ctx context.Context, s *State, v *view, limit int64) error {
	size := directory.RecordSize * int64(v.State.People)
	if size > limit {
		return nil
	}
	if s.records != nil && s.leaf == v.State {
		v.records = s.records
		return nil
	}
	var records []byte
	var err error
	if s.records != nil && !v.from.IsZero() && !v.shared {
		records, err = d.changedRecords(ctx, s, v)
	} else {
		records, err = d.wholeRecords(ctx, v, size)
	}
	if err != nil {
		return err
	}
	if trust.RecordsRoot(records) != v.root {
		return fail(RecordWrong, "the directory's records are not those of its log")
	}
	v.records = records
	return nil
}

func (d *Directory) wholeRecords(ctx context.Context, v *view, size int64) ([]byte, error) {
	a, err := d.send(ctx, call{method: "GET", path: fmt.Sprintf("/v2/states/%d/records", v.State.Version),
		expect: []int{200}, limit: directory.HeaderSize + size, public: true})
	if err != nil {
		return nil, torn(err)
	}
	h, err := directory.ParseRecordsHeader(a.body)
	if err == nil && (h.Place != v.tags.Place || h.Version != v.tags.Version) {
		return nil, fail(TagsWrong, "the directory's tags and records are of different versions")
	}
	if err != nil || h != v.tags.Header || int64(len(a.body)) != directory.HeaderSize+size {
		return nil, wrap(RecordWrong, "the directory's records do not go with its tags", err)
	}
	return a.body[directory.HeaderSize:], nil
}

// changedRecords reads the records of the hours that were replayed, and puts
// them in the place of the old ones. No tag that was touched is one of several
// people: each has one place.
func (d *Directory) changedRecords(ctx context.Context, s *State, v *view) ([]byte, error) {
	now := map[uint64][]byte{} // of tags that were touched
	for _, h := range v.hours {
		size := 0
		for i := range h.versions {
			size += directory.RecordSize * h.versions[i].Records()
		}
		a, err := d.send(ctx, call{method: "GET", path: h.path + "/records", expect: []int{200}, limit: int64(size), public: true})
		if err != nil && h.newest {
			return nil, torn(err)
		} else if err != nil {
			return nil, err
		}
		if err := directory.FitRecords(h.versions, a.body); err != nil {
			return nil, wrap(RecordWrong, "the directory's records are not those of its changes", err)
		}
		rest := a.body
		for i := range h.versions {
			c := &h.versions[i]
			for _, list := range [][]directory.Entry{c.Added, c.Changed} {
				for _, e := range list {
					if c.Version > s.leaf.Version {
						now[directory.TagNumber(e.Tag())] = rest[:directory.RecordSize]
					}
					rest = rest[directory.RecordSize:]
				}
			}
		}
	}
	records := make([]byte, 0, directory.RecordSize*len(v.tags.List))
	at := 0
	for _, tag := range v.tags.List {
		for at < len(s.tags.List) && s.tags.List[at] < tag {
			at++
		}
		if record := now[tag]; record != nil {
			records = append(records, record...)
			continue
		}
		if at >= len(s.tags.List) || s.tags.List[at] != tag {
			return nil, fail(RecordWrong, "the directory's records are not those of its changes")
		}
		records = append(records, s.records[directory.RecordSize*at:][:directory.RecordSize]...)
		at++
	}
	return records, nil
}

// Handle reads one friend's handle where records are not read whole. It is never
// done by itself: the request tells the directory that somebody at this address
// wants somebody of a block, at most 256 people and often one. It is sent
// without a credential. The number was found by a sync with the same state.
func (d *Directory) Handle(ctx context.Context, s *State, number string) (Found, error) {
	if s.of != d {
		return Found{}, fail(Input, "the state was loaded for another directory")
	}
	if _, ok := s.outputs[number]; !ok {
		return Found{}, fail(Input, "the number was not looked for yet: a sync comes first")
	}
	v, err := d.current(ctx, s, func(v *view) error { return d.readBlocks(ctx, s, v, number) })
	if err != nil {
		return Found{}, err
	}
	found, _, err := s.open(v, []string{number})
	if err != nil {
		return Found{}, err
	}
	if err := s.keep(v, d.link.now()); err != nil {
		return Found{}, err
	}
	if len(found) == 0 {
		return Found{}, fail(Input, "nobody with this number is in the directory")
	}
	return found[0], nil
}

// mostBlocks are the blocks in which one tag can be: chance puts it into one, or
// across two. A directory that lists it in all of them would have them all read.
const mostBlocks = 4

// readBlocks reads the blocks that a number's tag is in, ascending, each once,
// after the hashes of all blocks: they are the same for everybody.
func (d *Directory) readBlocks(ctx context.Context, s *State, v *view, number string) error {
	if s.records != nil && s.leaf == v.State {
		v.records = s.records
		return nil
	}
	blocks := s.blocksOf(v, number)
	switch {
	case len(blocks) == 0:
		return nil
	case len(blocks) > mostBlocks:
		return fail(TagsWrong, "the directory lists a tag more often than people can share one")
	}
	count := (len(v.tags.List) + directory.Block - 1) / directory.Block
	a, err := d.send(ctx, call{method: "GET", path: fmt.Sprintf("/v2/states/%d/hashes", v.State.Version),
		expect: []int{200}, limit: int64(tlog.HashSize * count), public: true})
	if err != nil {
		return err
	}
	if len(a.body) != tlog.HashSize*count {
		return fail(RecordWrong, "the directory's hashes of records are malformed")
	}
	hashes := make([]tlog.Hash, count)
	for i := range hashes {
		hashes[i] = tlog.Hash(a.body[tlog.HashSize*i:])
	}
	if trust.BlocksRoot(hashes) != v.root {
		return fail(RecordWrong, "the directory's hashes of records are not those of its log")
	}
	v.blocks = map[int][]byte{}
	for _, block := range blocks {
		from := directory.HeaderSize + directory.RecordSize*directory.Block*block
		to := min(from+directory.RecordSize*directory.Block, directory.HeaderSize+directory.RecordSize*len(v.tags.List))
		a, err := d.send(ctx, call{method: "GET", path: fmt.Sprintf("/v2/states/%d/records", v.State.Version),
			fields: directory.Fields{{Name: "range", Value: fmt.Sprintf("bytes=%d-%d", from, to-1)}},
			expect: []int{206}, limit: int64(to - from), public: true})
		if err != nil {
			return err
		}
		if err := trust.CheckBlock(a.body, hashes[block]); err != nil {
			return ofTrust(err)
		}
		v.blocks[block] = a.body
	}
	return nil
}

// blocksOf are the blocks that a number's tag is in, ascending.
func (s *State) blocksOf(v *view, number string) (blocks []int) {
	y := s.outputs[number]
	from, to := v.tags.Find(directory.Tag(&y, v.State.Epoch))
	for at := from; at < to; at++ {
		blocks = append(blocks, at/directory.Block)
	}
	return slices.Compact(blocks)
}

// current reads the log and the tags, and what a caller reads besides; again,
// where a version was replaced meanwhile.
func (d *Directory) current(ctx context.Context, s *State, rest func(*view) error) (*view, error) {
	var err error
	for range 1 + again {
		var p published
		if p, err = d.readLog(ctx, s); err != nil {
			return nil, err
		}
		var v *view
		if v, err = d.readTags(ctx, s, p); err == nil {
			if err = rest(v); err == nil {
				return v, nil
			}
		}
		if err = d.attest(s, p.text, err); !gone(err) {
			break
		}
	}
	return nil, err
}
