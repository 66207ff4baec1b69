package trust

import (
	"crypto/sha256"
	"encoding/binary"

	"golang.org/x/mod/sumdb/tlog"
)

// Files is what a state commits to of its files: SHA-256(0x00 ‖ SHA-256 of the
// file of tags ‖ root of the records).
func Files(tags [32]byte, records tlog.Hash) tlog.Hash {
	var b [1 + 32 + 32]byte
	copy(b[1:], tags[:])
	copy(b[33:], records[:])
	return sha256.Sum256(b[:])
}

// Chain is the chain over all changes of an epoch after a version: SHA-256(the
// chain before ‖ version u64 ‖ SHA-256 of its file of changes). Before an epoch's
// first version it is 32 zero bytes.
func Chain(before tlog.Hash, version uint64, changes [32]byte) tlog.Hash {
	b := make([]byte, 0, 32+8+32)
	b = append(b, before[:]...)
	b = binary.BigEndian.AppendUint64(b, version)
	return sha256.Sum256(append(b, changes[:]...))
}

// BlockHash is that of a block of at most Block records: a leaf of RFC 6962.
func BlockHash(records []byte) tlog.Hash { return tlog.RecordHash(records) }

// RecordsRoot is the root over all blocks of records, RecordSize bytes each,
// without any header.
func RecordsRoot(records []byte) tlog.Hash {
	blocks := make([]tlog.Hash, 0, len(records)/(Block*RecordSize)+1)
	for len(records) > 0 {
		n := min(len(records), Block*RecordSize)
		blocks = append(blocks, BlockHash(records[:n]))
		records = records[n:]
	}
	return BlocksRoot(blocks)
}

// BlocksRoot is MTH of RFC 6962 over the hashes of blocks.
func BlocksRoot(blocks []tlog.Hash) tlog.Hash {
	// A stack of whole subtrees, the largest at the bottom.
	var stack []tlog.Hash
	for i, h := range blocks {
		for n := i; n&1 == 1; n >>= 1 {
			h = tlog.NodeHash(stack[len(stack)-1], h)
			stack = stack[:len(stack)-1]
		}
		stack = append(stack, h)
	}
	if len(stack) == 0 {
		return sha256.Sum256(nil)
	}
	root := stack[len(stack)-1]
	for i := len(stack) - 2; i >= 0; i-- {
		root = tlog.NodeHash(stack[i], root)
	}
	return root
}

// CheckBlocks says whether hashes of blocks, with the hash of the file of tags,
// are those that a state commits to. Its error is Inclusion.
func (s *State) CheckBlocks(tags [32]byte, blocks []tlog.Hash) error {
	return s.CheckFiles(tags, BlocksRoot(blocks))
}

// CheckFiles says whether files are those that the state commits to: by the
// SHA-256 of the file of tags and the root of the records. Its error is
// Inclusion.
func (s *State) CheckFiles(tags [32]byte, records tlog.Hash) error {
	if Files(tags, records) != s.Files {
		return Inclusion.Because("files that the state does not commit to")
	}
	return nil
}

// CheckBlock says whether a block of records has a hash. Its error is File.
func CheckBlock(records []byte, hash tlog.Hash) error {
	if BlockHash(records) != hash {
		return File.Because("a block of records")
	}
	return nil
}
