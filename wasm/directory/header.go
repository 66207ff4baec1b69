package directory

import (
	"encoding/binary"
	"fmt"
)

// HeaderSize is how many bytes a file of tags or records has before its entries.
const HeaderSize = 28

// MaxCount is the most people that a bucket may have: 80 MiB of tags.
const MaxCount = 1 << 24

// MaxVersion is the highest version: one that every client can hold exactly.
const MaxVersion = 1<<53 - 1

// Place is which bucket a file is about, and of when.
type Place struct {
	Epoch      uint32
	BucketBits uint8 // 0–MaxBucketBits
	Bucket     uint32
}

// Header is what a file of tags or records begins with: magic "SBT1" or "SBR1",
// epoch u32, bucket_bits u8, 3 zero bytes, bucket u32, version u64, count u32.
type Header struct {
	Place
	Version uint64 // 0–MaxVersion
	Count   uint32 // 0–MaxCount
}

const (
	tagsMagic    = "SBT1"
	recordsMagic = "SBR1"
	deltaMagic   = "SBD1"
)

// AppendTags appends the header of a file of tags. The tags follow, 5 bytes
// each, sorted; equal ones stay.
func (h Header) AppendTags(dst []byte) []byte { return h.append(dst, tagsMagic) }

// AppendRecords appends the header of a file of records. The records follow,
// RecordSize bytes each, in the order of the tags.
func (h Header) AppendRecords(dst []byte) []byte { return h.append(dst, recordsMagic) }

func (h Header) append(dst []byte, magic string) []byte {
	dst = h.Place.append(dst, magic)
	dst = binary.BigEndian.AppendUint64(dst, h.Version)
	return binary.BigEndian.AppendUint32(dst, h.Count)
}

func (p Place) append(dst []byte, magic string) []byte {
	dst = append(dst, magic...)
	dst = binary.BigEndian.AppendUint32(dst, p.Epoch)
	dst = append(dst, p.BucketBits, 0, 0, 0)
	return binary.BigEndian.AppendUint32(dst, p.Bucket)
}

// ParseRecordsHeader reads the header of a file of records, of which b is the
// beginning.
func ParseRecordsHeader(b []byte) (Header, error) { return parseHeader(b, recordsMagic) }

func parseHeader(b []byte, magic string) (Header, error) {
	place, ok := parsePlace(b, magic)
	if !ok || len(b) < HeaderSize {
		return Header{}, fmt.Errorf("%w header", ErrMalformed)
	}
	h := Header{place, binary.BigEndian.Uint64(b[16:]), binary.BigEndian.Uint32(b[24:])}
	if h.Version > MaxVersion || h.Count > MaxCount {
		return Header{}, fmt.Errorf("%w header: version or count", ErrMalformed)
	}
	return h, nil
}

// parsePlace reads what all files begin with, 16 bytes.
func parsePlace(b []byte, magic string) (Place, bool) {
	if len(b) < 16 || string(b[:4]) != magic || b[9] != 0 || b[10] != 0 || b[11] != 0 {
		return Place{}, false
	}
	p := Place{binary.BigEndian.Uint32(b[4:]), b[8], binary.BigEndian.Uint32(b[12:])}
	return p, p.BucketBits <= MaxBucketBits && uint64(p.Bucket)>>p.BucketBits == 0
}
