package edge

import (
	"bytes"
	"slices"
	"sort"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
)

// listing is what is published of a bucket in one version. It is never changed,
// so that answers can be sent from it while the next one is made.
type listing struct {
	bucket  store.Bucket
	keys    []store.Key
	tags    []byte // the two files
	records []byte
}

// size is how much memory it takes.
func (l *listing) size() int { return len(l.keys)*len(store.Key{}) + cap(l.tags) + cap(l.records) }

// newListing makes the files of a bucket from its entries, in order.
func newListing(b store.Bucket, entries []store.Entry) *listing {
	l := emptyListing(b, len(entries))
	for _, e := range entries {
		l.add(e)
	}
	return l
}

func emptyListing(b store.Bucket, count int) *listing {
	h := directory.Header{Place: place(b), Version: b.Version, Count: uint32(count)}
	l := &listing{bucket: b, keys: make([]store.Key, 0, count)}
	l.tags = slices.Grow(h.AppendTags(nil), count*directory.TagSize)
	l.records = slices.Grow(h.AppendRecords(nil), count*directory.RecordSize)
	return l
}

func (l *listing) add(e store.Entry) {
	l.keys = append(l.keys, e.Key)
	tag := e.Key.Tag()
	l.tags = append(l.tags, tag[:]...)
	l.records = append(l.records, e.Record[:]...)
}

// copy takes over entries from ≤ i < to of an older listing.
func (l *listing) copy(old *listing, from, to int) {
	l.keys = append(l.keys, old.keys[from:to]...)
	l.tags = append(l.tags, old.tags[directory.HeaderSize+from*directory.TagSize:directory.HeaderSize+to*directory.TagSize]...)
	l.records = append(l.records, old.records[directory.HeaderSize+from*directory.RecordSize:directory.HeaderSize+to*directory.RecordSize]...)
}

// edit is one place where the next listing differs: skip entries of the old one
// are left out before position at, and then entries come in.
type edit struct {
	at, skip int
	entry    *store.Entry // nil: none comes in
}

// after makes the next listing. It answers false where the changes don't say
// which of several equal tags has gone; then the entries must be read anew.
func (l *listing) after(c store.Changes) (*listing, bool) {
	edits, ok := l.edits(c)
	if !ok {
		return nil, false
	}
	count := len(l.keys)
	for _, e := range edits {
		count -= e.skip
		if e.entry != nil {
			count++
		}
	}
	next := emptyListing(c.Bucket, count)
	at := 0
	for _, e := range edits {
		next.copy(l, at, e.at)
		at = e.at + e.skip
		if e.entry != nil {
			next.add(*e.entry)
		}
	}
	next.copy(l, at, len(l.keys))
	return next, true
}

func (l *listing) edits(c store.Changes) (edits []edit, ok bool) {
	gone := map[[5]byte]int{}
	for _, tag := range c.Removed {
		gone[tag]++
	}
	changed := map[store.Key]bool{}
	for _, e := range c.Changed {
		at := l.find(e.Key[:])
		there := at < len(l.keys) && l.keys[at] == e.Key
		changed[e.Key] = there
		edits = append(edits, edit{at: at, skip: btoi(there), entry: &e.Entry})
	}
	for tag, n := range gone {
		from := l.find(tag[:])
		to := from
		for to < len(l.keys) && l.keys[to].Tag() == tag {
			to++
		}
		if to-from != n {
			return nil, false
		}
		for i := from; i < to; i++ {
			if !changed[l.keys[i]] { // else it came again, and is replaced
				edits = append(edits, edit{at: i, skip: 1})
			}
		}
	}
	slices.SortFunc(edits, func(a, b edit) int {
		if a.at != b.at {
			return a.at - b.at
		}
		// What comes in before an old entry is in order among itself; what
		// replaces or removes that entry comes after.
		if a.skip != b.skip {
			return a.skip - b.skip
		}
		return a.entry.Key.Compare(b.entry.Key)
	})
	return edits, true
}

// find is where keys that begin with prefix begin, or would.
func (l *listing) find(prefix []byte) int {
	return sort.Search(len(l.keys), func(i int) bool { return bytes.Compare(l.keys[i][:], prefix) >= 0 })
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
