// Package private is a prototype of private retrieval from two servers that do not
// talk to each other (Chor, Goldreich, Kushilevitz and Sudan, FOCS 1995): a client
// asks each for the XOR of blocks that look random to it, and the two answers differ
// by the block that it wants. It stands here to measure what it would cost; nothing
// uses it. What it leaves out: how a tag finds its block, and answers that a server
// got wrong on purpose.
package private

import (
	"crypto/subtle"
	"io"
)

// Query asks for one of so many blocks: a bit for each, least significant first, to
// each of two servers. Either alone is uniformly random.
func Query(random io.Reader, blocks, wanted int) (a, b []byte, err error) {
	a = make([]byte, (blocks+7)/8)
	if _, err := io.ReadFull(random, a); err != nil {
		return nil, nil, err
	}
	if blocks%8 > 0 {
		a[len(a)-1] &= 1<<(blocks%8) - 1
	}
	b = append([]byte(nil), a...)
	b[wanted/8] ^= 1 << (wanted % 8)
	return a, b, nil
}

// Answer is the XOR of the blocks of a table whose bits are set, of size bytes each.
func Answer(table []byte, size int, query []byte) []byte {
	out := make([]byte, size)
	for i := range len(table) / size {
		if query[i/8]>>(i%8)&1 == 1 {
			subtle.XORBytes(out, out, table[i*size:(i+1)*size])
		}
	}
	return out
}

// Open is the block that two answers differ by.
func Open(a, b []byte) []byte {
	out := make([]byte, len(a))
	subtle.XORBytes(out, a, b)
	return out
}
