// Package directory is what both sides of the discovery protocol, version 1,
// compute and write: keys and tags, files of buckets, sealed records, signed
// notes, budgets, problem codes and transcripts. It does no input or output and
// knows neither clock nor randomness: callers pass times and random bytes in.
//
// A person's number goes through the directory's OPRF (package oprf, mode
// VOPRF). All that the directory publishes about the person is derived from the
// output y, 64 bytes, which only those can compute who have the number and an
// evaluation by the directory:
//
//	K(label) = HMAC-SHA-512(y, "sealbook/1 " ‖ label ‖ 0x00 ‖ epoch)
//	tag        first 5 bytes of K("tag")
//	record key first 32 bytes of K("record")
//	account id first 16 bytes of K("account")
//	bucket     first bits of SHA-256("sealbook/1 bucket" ‖ 0x00 ‖ number)
//
// Epochs are four bytes. All numbers in files are big-endian. The bucket depends
// on no key and stays the same in all epochs, else a client that reads its
// buckets in several epochs would give its address book away.
//
// Everything that comes from elsewhere is parsed strictly: what parses encodes
// again to the same bytes. Errors wrap [ErrMalformed] or another sentinel and
// never hold what was read.
package directory

import (
	"encoding/binary"
	"errors"

	"sealbook/wasm/digest"
	"sealbook/wasm/oprf"
)

// Sizes in bytes.
const (
	TagSize       = 5
	AccountSize   = 16
	RecordKeySize = 32
	SeedSize      = 32
	MACSize       = 32
)

// MaxBucketBits is the most bits that a bucket's number has.
const MaxBucketBits = 32

// ErrMalformed is that something is not in the one form that it may have.
var ErrMalformed = errors.New("directory: malformed")

// Tag is what is published of a person under y. Two people may have the same:
// readers try every record with an equal tag.
func Tag(y *[oprf.OutputSize]byte, epoch uint32) [TagSize]byte {
	k := derive(y, "tag", epoch)
	return [TagSize]byte(k[:])
}

// RecordKey is the key that seals and opens a person's record.
func RecordKey(y *[oprf.OutputSize]byte, epoch uint32) [RecordKeySize]byte {
	k := derive(y, "record", epoch)
	return [RecordKeySize]byte(k[:])
}

// AccountID names a number's account: the same number has one in an epoch, and
// two numbers whose tags are equal have different ones.
func AccountID(y *[oprf.OutputSize]byte, epoch uint32) [AccountSize]byte {
	k := derive(y, "account", epoch)
	return [AccountSize]byte(k[:])
}

// Bucket is where a number's tag is published, 0 ≤ bits ≤ MaxBucketBits.
func Bucket(number string, bits uint8) uint32 {
	h := digest.New(digest.SHA256)
	h.WriteString("sealbook/1 bucket\x00")
	h.WriteString(number)
	var sum [digest.MaxSize]byte
	h.Sum(&sum)
	return uint32(uint64(binary.BigEndian.Uint32(sum[:])) >> (MaxBucketBits - min(bits, MaxBucketBits)))
}

// derive is K.
func derive(y *[oprf.OutputSize]byte, label string, epoch uint32) [digest.MaxSize]byte {
	return mac(y[:], "sealbook/1 ", label, "\x00", u32(epoch))
}

// mac is HMAC-SHA-512 of all parts together.
func mac(key []byte, parts ...string) (sum [digest.MaxSize]byte) {
	k := digest.NewKey(digest.SHA512, key)
	h := k.Begin()
	for _, part := range parts {
		h.WriteString(part)
	}
	k.Finish(&h, &sum)
	return sum
}

func u32(n uint32) string { return string(binary.BigEndian.AppendUint32(nil, n)) }
