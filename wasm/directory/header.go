package directory

import (
	"encoding/binary"
	"fmt"
)

// HeaderSize is how many bytes a file of tags or records has before its entries.
const HeaderSize = 28

// Limits of what a file's header may say.
const (
	MaxBucketBits = 16
	MaxCount      = 1 << 24   // people in one list
	MaxVersion    = 1<<53 - 1 // what every client holds exactly
)

// Place is which list a file is about. There is one list for everybody: clients
// take no bucket bits other than 0. The formats have the field.
type Place struct {
	Epoch      uint32
	BucketBits uint8  // 0–MaxBucketBits
	Bucket     uint32 // below 2^BucketBits
}

// Header is what a file of tags or records begins with: magic "SBT2" or "SBR2",
// epoch u32, bucket_bits u8, a byte that is k in files of tags and else 0, two
// zero bytes, bucket u32, version u64, count u32.
type Header struct {
	Place
	Version uint64 // 0–MaxVersion
	Count   uint32 // 0–MaxCount
}

const (
	tagsMagic    = "SBT2"
	recordsMagic = "SBR2"
	changesMagic = "SBC2"
)

// AppendRecords appends the header of a file of records. The records follow,
// RecordSize bytes each, in the order of the tags; those with equal tags in the
// order of their account ids.
func (h Header) AppendRecords(dst []byte) []byte { return h.append(dst, recordsMagic, 0) }

func (h Header) append(dst []byte, magic string, k uint8) []byte {
	dst = h.Place.append(dst, magic, k)
	dst = binary.BigEndian.AppendUint64(dst, h.Version)
	return binary.BigEndian.AppendUint32(dst, h.Count)
}

func (p Place) append(dst []byte, magic string, k uint8) []byte {
	dst = append(dst, magic...)
	dst = binary.BigEndian.AppendUint32(dst, p.Epoch)
	dst = append(dst, p.BucketBits, k, 0, 0)
	return binary.BigEndian.AppendUint32(dst, p.Bucket)
}

// ParseRecordsHeader reads the header of a file of records, of which b is the
// beginning.
func ParseRecordsHeader(b []byte) (Header, error) {
	h, k, err := parseHeader(b, recordsMagic)
	if err == nil && k != 0 {
		return Header{}, bad("reserved")
	}
	return h, err
}

// parseHeader reads a header and its byte 9.
func parseHeader(b []byte, magic string) (h Header, k uint8, err error) {
	if len(b) < HeaderSize {
		return Header{}, 0, bad("short")
	}
	place, k, err := parsePlace(b, magic)
	if err != nil {
		return Header{}, 0, err
	}
	h = Header{place, binary.BigEndian.Uint64(b[16:]), binary.BigEndian.Uint32(b[24:])}
	if h.Version > MaxVersion {
		return Header{}, 0, bad("version")
	}
	if h.Count > MaxCount {
		return Header{}, 0, bad("count")
	}
	return h, k, nil
}

// parsePlace reads what all files begin with, 16 bytes, and byte 9 of it.
func parsePlace(b []byte, magic string) (p Place, k uint8, err error) {
	p = Place{binary.BigEndian.Uint32(b[4:]), b[8], binary.BigEndian.Uint32(b[12:])}
	switch {
	case string(b[:4]) != magic:
		err = bad("magic")
	case p.BucketBits > MaxBucketBits:
		err = bad("bits")
	case uint64(p.Bucket)>>p.BucketBits != 0:
		err = bad("bucket")
	case b[10] != 0 || b[11] != 0:
		err = bad("reserved")
	}
	if err != nil {
		return Place{}, 0, err
	}
	return p, b[9], nil
}

// bad is that a file is malformed, and in what; the words are those of the
// vectors.
func bad(reason string) error { return fmt.Errorf("%w file: %s", ErrMalformed, reason) }
