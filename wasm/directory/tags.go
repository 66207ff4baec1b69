package directory

import (
	"bytes"
	"errors"
	"fmt"
	"sort"
)

// Tags is a file of tags.
type Tags struct {
	Header
	// Packed has the tags one after the other, Count of them, sorted.
	Packed []byte
}

// ParseTags reads a whole file of tags. The result shares b's memory.
func ParseTags(b []byte) (Tags, error) {
	h, err := parseHeader(b, tagsMagic)
	if err != nil {
		return Tags{}, err
	}
	packed := b[HeaderSize:]
	if len(packed) != TagSize*int(h.Count) || !sorted(packed) {
		return Tags{}, fmt.Errorf("%w file of tags", ErrMalformed)
	}
	return Tags{h, packed}, nil
}

// Append appends the file.
func (t Tags) Append(dst []byte) []byte { return append(t.AppendTags(dst), t.Packed...) }

// Find answers the positions from ≤ i < to of the records that have this tag.
func (t Tags) Find(tag [TagSize]byte) (from, to int) {
	count := len(t.Packed) / TagSize
	from = sort.Search(count, func(i int) bool { return bytes.Compare(t.at(i), tag[:]) >= 0 })
	for to = from; to < count && [TagSize]byte(t.at(to)) == tag; to++ {
	}
	return from, to
}

func (t Tags) at(i int) []byte { return t.Packed[TagSize*i : TagSize*(i+1)] }

// ErrHistory is that a delta does not go with the tags it was applied to: they
// are of another place, version or history, and the whole file settles it.
var ErrHistory = errors.New("directory: the delta does not go with the tags")

// Apply answers the tags after a delta, in memory of their own.
func (t Tags) Apply(d Delta) (Tags, error) {
	count := len(t.Packed) + len(d.Added) - len(d.Removed)
	if d.Place != t.Place || d.From != t.Version || count < 0 || count > TagSize*MaxCount {
		return Tags{}, ErrHistory
	}
	merged := make([]byte, 0, count)
	old, added, removed := t.Packed, d.Added, d.Removed
	for len(old) > 0 || len(added) > 0 {
		from := &old
		if len(old) == 0 || len(added) > 0 && bytes.Compare(added[:TagSize], old[:TagSize]) < 0 {
			from = &added
		}
		tag := (*from)[:TagSize]
		*from = (*from)[TagSize:]
		if len(removed) > 0 && bytes.Equal(tag, removed[:TagSize]) {
			removed = removed[TagSize:]
			continue
		}
		if len(merged) == count {
			return Tags{}, ErrHistory
		}
		merged = append(merged, tag...)
	}
	if len(removed) > 0 {
		return Tags{}, ErrHistory
	}
	h := Header{t.Place, d.To, uint32(count / TagSize)}
	return Tags{h, merged}, nil
}

// sorted tells whether packed tags are in order.
func sorted(packed []byte) bool {
	for i := TagSize; i < len(packed); i += TagSize {
		if bytes.Compare(packed[i-TagSize:i], packed[i:i+TagSize]) > 0 {
			return false
		}
	}
	return true
}
