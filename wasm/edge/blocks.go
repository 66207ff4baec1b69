package edge

import (
	"hash"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
)

// blockHasher hashes blocks of records as they go by.
type blockHasher struct {
	hash   hash.Hash
	size   int // bytes in all
	blocks []tlog.Hash
}

const blockSize = directory.Block * directory.RecordSize

func (b *blockHasher) Write(data []byte) (int, error) {
	n := len(data)
	for len(data) > 0 {
		if b.size%blockSize == 0 {
			b.close()
			b.hash.Write([]byte{0}) // of a leaf, RFC 6962
		}
		part := data[:min(len(data), blockSize-b.size%blockSize)]
		b.hash.Write(part)
		b.size += len(part)
		data = data[len(part):]
	}
	return n, nil
}

// close ends the block that was begun.
func (b *blockHasher) close() {
	if b.size > 0 {
		b.blocks = append(b.blocks, tlog.Hash(b.hash.Sum(nil)))
		b.hash.Reset()
	}
}

func (b *blockHasher) end() []tlog.Hash {
	b.close()
	return b.blocks
}
