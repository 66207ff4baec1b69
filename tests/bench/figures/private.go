package figures

import (
	"fmt"
	"strings"
)

// What comes beyond 10⁷ people: a list that nobody reads whole. Two operators hold
// the same blocks; a client asks each for the XOR of blocks that look random, and
// the two answers differ by the block that it wants.
const (
	farPeople = 1e8
	blockSize = 16 << 10 // 256 records
	// A person's place is found by hashing the tag, three places for each.
	places    = 3
	entrySize = 5 + 64
)

func (f Figures) private() string {
	var t strings.Builder
	list := farPeople * entrySize * 1.3 // a table that is 77 % full
	fmt.Fprintf(&t, "\nBeyond 10⁷: two operators with half of the key each, and private retrieval of blocks. With %s people the table has %.1f GB, %s blocks of 16 KiB; a question is %.0f KB to each of the two for one block and its answer 16 KiB, and each has to read the whole table. `./build.sh bench private` measures how fast:\n\n",
		count(int(farPeople)), list/1e9, count(int(list/blockSize)), list/blockSize/8/1e3)
	t.WriteString("| | MB a core and second | a question, s of CPU | a sync with 10 new contacts |\n|---|--:|--:|--:|\n")
	for _, p := range f.Private {
		one := list / 1e6 / p.MBs
		fmt.Fprintf(&t, "| %s | %.0f | %.2f | %.0f s |\n", p.Where, p.MBs, one, one*places*10)
	}
	best := f.Private[0].MBs
	worker := f.Private[len(f.Private)-1].MBs
	syncs := farPeople * syncing
	cores := syncs * places * 10 * list / 1e6 / best / 86400
	fmt.Fprintf(&t, "\nA tenth of them with 10 new contacts a day would keep %s cores busy at each operator; batches that share a pass over the table, and answers that are asked for by few, are what makes that less. In Workers it is not to be had: an isolate holds 128 MB, so each question would read %.1f GB from R2 in pieces, %s reads for $%.2g, and take %.2g s of CPU for $%.2g, 30 times over for 10 contacts, with the waiting for R2 on top.\n",
		count(int(cores)), list/1e9, count(int(list/(64<<20))), list/(64<<20)/classB.unit*classB.dollars, list/1e6/worker, list/1e6/worker*1e3/milliseconds.unit*milliseconds.dollars)
	return t.String()
}
