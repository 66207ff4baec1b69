package directory

import (
	"encoding/binary"
	"fmt"
)

// DeltaSize is how many bytes a delta has before its tags.
const DeltaSize = 40

// Delta is which tags came and went between two versions of a bucket: magic
// "SBD1", epoch u32, bucket_bits u8, 3 zero bytes, bucket u32, from u64, to u64,
// added u32, removed u32, then the added and the removed tags, each sorted. A
// tag that is there twice and once later is removed once.
type Delta struct {
	Place
	From, To       uint64 // versions, From ≤ To ≤ MaxVersion
	Added, Removed []byte // packed, sorted
}

// Append appends the delta.
func (d Delta) Append(dst []byte) []byte {
	dst = d.Place.append(dst, deltaMagic)
	dst = binary.BigEndian.AppendUint64(dst, d.From)
	dst = binary.BigEndian.AppendUint64(dst, d.To)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(d.Added)/TagSize))
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(d.Removed)/TagSize))
	dst = append(dst, d.Added...)
	return append(dst, d.Removed...)
}

// ParseDelta reads a whole delta. The result shares b's memory.
func ParseDelta(b []byte) (Delta, error) {
	place, ok := parsePlace(b, deltaMagic)
	if !ok || len(b) < DeltaSize {
		return Delta{}, fmt.Errorf("%w delta", ErrMalformed)
	}
	d := Delta{Place: place, From: binary.BigEndian.Uint64(b[16:]), To: binary.BigEndian.Uint64(b[24:])}
	added, removed := binary.BigEndian.Uint32(b[32:]), binary.BigEndian.Uint32(b[36:])
	tags := b[DeltaSize:]
	if d.From > d.To || d.To > MaxVersion || added > MaxCount || removed > MaxCount ||
		len(tags) != TagSize*(int(added)+int(removed)) {
		return Delta{}, fmt.Errorf("%w delta", ErrMalformed)
	}
	d.Added, d.Removed = tags[:TagSize*added], tags[TagSize*added:]
	if !sorted(d.Added) || !sorted(d.Removed) {
		return Delta{}, fmt.Errorf("%w delta: not sorted", ErrMalformed)
	}
	return d, nil
}
