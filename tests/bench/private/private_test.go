package private

import (
	"bytes"
	"crypto/rand"
	"testing"
)

func TestRetrieval(t *testing.T) {
	const size = 64
	for _, blocks := range []int{1, 7, 8, 9, 100} {
		table := make([]byte, blocks*size)
		rand.Read(table)
		for wanted := range blocks {
			a, b, err := Query(rand.Reader, blocks, wanted)
			if err != nil {
				t.Fatal(err)
			}
			if got := Open(Answer(table, size, a), Answer(table, size, b)); !bytes.Equal(got, table[wanted*size:(wanted+1)*size]) {
				t.Fatalf("block %d of %d is another", wanted, blocks)
			}
		}
	}
}
