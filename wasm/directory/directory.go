// Package directory is what both sides of the discovery protocol, version 2,
// compute and write: keys and tags, files of tags, records and changes, sealed
// records, signed notes, budgets, JSON bodies, problem codes and transcripts.
// PROTOCOL.md beside it is the protocol. The package does no input or output and
// knows neither clock nor randomness: callers pass times and random bytes in.
//
// A person's number goes through the directory's OPRF (package oprf, mode
// VOPRF). All that the directory publishes about the person is derived from the
// output y, 64 bytes, which only those can compute who have the number and an
// evaluation by the directory:
//
//	K(label) = HMAC-SHA-512(y, "sealbook/2 " ‖ label ‖ 0x00 ‖ epoch)
//	tag        first 5 bytes of K("tag")
//	record key first 32 bytes of K("record")
//	account id first 16 bytes of K("account")
//
// Epochs are four bytes. All numbers in files are big-endian.
//
// # To publish
//
// A service makes the files of a version so, and package trust the leaf of the
// log that commits to them, which is written before anything is served:
//
//	tags := NewTags(Place{Epoch: epoch}, version, list)  // 40-bit integers, see TagNumber
//	file := tags.Append(nil)                             // SBT2
//	records := tags.Header.AppendRecords(nil)            // SBR2: then RecordSize bytes each, in the order of
//	                                                     // the tags, equal tags in that of account ids
//	changes := Changes{Place: tags.Place, Version: version}
//	changes.Note(before, now)                            // for each account that was touched: *Entry or nil
//	file = changes.Append(nil)                           // SBC2; the records of Added and Changed, in the
//	                                                     // sorted order that Append leaves, go beside it
//
// An hour's file is the SBC2 files of the versions whose leaf has a time in that
// hour, one after the other. A client goes the way back with [ParseHour] and
// [Replay].
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

// derive is K.
func derive(y *[oprf.OutputSize]byte, label string, epoch uint32) [digest.MaxSize]byte {
	return mac(y[:], "sealbook/2 ", label, "\x00", u32(epoch))
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
