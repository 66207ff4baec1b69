package directory

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// Sizes in bytes.
const (
	ChangesHeaderSize = 36
	EntrySize         = TagSize + RecordHashSize
	RecordHashSize    = 10
)

// Entry is a tag and the first bytes of SHA-256 of the record under it.
type Entry [EntrySize]byte

// NewEntry makes the entry of a tag and its record.
func NewEntry(tag [TagSize]byte, record []byte) (e Entry) {
	sum := sha256.Sum256(record)
	copy(e[copy(e[:], tag[:]):], sum[:])
	return e
}

// Tag is the entry's tag.
func (e Entry) Tag() [TagSize]byte { return [TagSize]byte(e[:]) }

// Fits says whether the entry is of this record.
func (e Entry) Fits(record []byte) bool { return e == NewEntry(e.Tag(), record) }

// Changes is what one version changed. Its file, SBC2, is magic, epoch u32,
// bucket_bits u8, which is 0 here, 3 zero bytes, bucket u32, version u64, how many were removed,
// added and changed u32 each; then the removed tags, the added entries and the
// changed ones: those with another record under the same tag. Each list is
// sorted by its bytes, equal entries are repeated. What went and came back the
// same within a version is left out.
type Changes struct {
	Place
	Version uint64
	Removed [][TagSize]byte
	Added   []Entry
	Changed []Entry
}

// Size is how many bytes the file has.
func (c *Changes) Size() int {
	return ChangesHeaderSize + TagSize*len(c.Removed) + EntrySize*(len(c.Added)+len(c.Changed))
}

// Append appends the file. The lists are sorted first.
func (c *Changes) Append(dst []byte) []byte {
	slices.SortFunc(c.Removed, func(a, b [TagSize]byte) int { return bytes.Compare(a[:], b[:]) })
	sortEntries(c.Added)
	sortEntries(c.Changed)
	dst = c.Place.append(slices.Grow(dst, c.Size()), changesMagic, 0)
	dst = binary.BigEndian.AppendUint64(dst, c.Version)
	for _, n := range []int{len(c.Removed), len(c.Added), len(c.Changed)} {
		dst = binary.BigEndian.AppendUint32(dst, uint32(n))
	}
	for _, tag := range c.Removed {
		dst = append(dst, tag[:]...)
	}
	for _, list := range [][]Entry{c.Added, c.Changed} {
		for _, e := range list {
			dst = append(dst, e[:]...)
		}
	}
	return dst
}

func sortEntries(list []Entry) {
	slices.SortFunc(list, func(a, b Entry) int { return bytes.Compare(a[:], b[:]) })
}

// Records is how many records go with the changes: those of added and changed
// entries, in this order.
func (c *Changes) Records() int { return len(c.Added) + len(c.Changed) }

// ParseChanges reads the file of one version.
func ParseChanges(b []byte) (Changes, error) {
	c, rest, err := nextChanges(b)
	if err == nil && len(rest) > 0 {
		return Changes{}, bad("trailing")
	}
	return c, err
}

// nextChanges reads the first file of several.
func nextChanges(b []byte) (c Changes, rest []byte, err error) {
	if len(b) < ChangesHeaderSize {
		return Changes{}, nil, bad("short")
	}
	place, zero, err := parsePlace(b, changesMagic)
	if string(b[:4]) == changesMagic && b[8] != 0 {
		return Changes{}, nil, bad("bits") // the chain is of one list
	}
	if err != nil {
		return Changes{}, nil, err
	}
	if zero != 0 {
		return Changes{}, nil, bad("reserved")
	}
	c = Changes{Place: place, Version: binary.BigEndian.Uint64(b[16:])}
	// An epoch's state is a version: the least is 1.
	if c.Version > MaxVersion || c.Version == 0 {
		return Changes{}, nil, bad("version")
	}
	var n [3]int
	for i := range n {
		count := binary.BigEndian.Uint32(b[24+4*i:])
		if count > MaxCount {
			return Changes{}, nil, bad("count")
		}
		n[i] = int(count)
	}
	removed, entries := TagSize*n[0], EntrySize*(n[1]+n[2])
	b = b[ChangesHeaderSize:]
	if len(b) < removed+entries {
		return Changes{}, nil, bad("truncated")
	}
	c.Removed = make([][TagSize]byte, n[0])
	for i := range c.Removed {
		c.Removed[i] = [TagSize]byte(b[TagSize*i:])
	}
	c.Added, c.Changed = parseEntries(b[removed:], n[1]), parseEntries(b[removed+EntrySize*n[1]:], n[2])
	sorted := slices.IsSortedFunc(c.Removed, func(a, b [TagSize]byte) int { return bytes.Compare(a[:], b[:]) })
	for _, list := range [][]Entry{c.Added, c.Changed} {
		sorted = sorted && slices.IsSortedFunc(list, func(a, b Entry) int { return bytes.Compare(a[:], b[:]) })
	}
	if !sorted {
		return Changes{}, nil, bad("unsorted")
	}
	return c, b[removed+entries:], nil
}

func parseEntries(b []byte, n int) []Entry {
	list := make([]Entry, n)
	for i := range list {
		list[i] = Entry(b[EntrySize*i:])
	}
	return list
}

// ParseHour reads an hour's file: the files of one epoch's versions that follow
// each other, at least one. The returned raw files share b's memory.
func ParseHour(b []byte) (versions []Changes, raw [][]byte, err error) {
	for first := true; first || len(b) > 0; first = false {
		if !first && len(b) < ChangesHeaderSize {
			return nil, nil, bad("trailing")
		}
		c, rest, err := nextChanges(b)
		if err != nil {
			return nil, nil, err
		}
		if !first {
			last := versions[len(versions)-1]
			switch {
			case c.Place != last.Place:
				return nil, nil, bad("epoch")
			case c.Version == last.Version:
				return nil, nil, bad("repeated")
			case c.Version < last.Version:
				return nil, nil, bad("backwards")
			case c.Version != last.Version+1:
				return nil, nil, bad("gap")
			}
		}
		versions, raw = append(versions, c), append(raw, b[:len(b)-len(rest)])
		b = rest
	}
	return versions, raw, nil
}

// Note notes what became of one account within the version: its entry before,
// and its entry now; nil where it was or is not published. What stayed the same
// is left out.
func (c *Changes) Note(before, now *Entry) {
	switch {
	case before == nil && now == nil, before != nil && now != nil && *before == *now:
	case now == nil:
		c.Removed = append(c.Removed, before.Tag())
	case before == nil:
		c.Added = append(c.Added, *now)
	default:
		c.Changed = append(c.Changed, *now)
	}
}
