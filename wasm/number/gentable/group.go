package main

import (
	"encoding/binary"
)

// groupDecisions is about how many decisions a group has. The number package
// reads a group when it first needs one of its calling codes.
const groupDecisions = 6000

// groups writes what each unit writes, in groups of consecutive units that can
// be read alone, and answers the data, and for each group how many units it has
// and how many bytes.
func groups(contexts, units int, write func(c *coder, unit int)) (prior, data, index []byte) {
	prior = make([]byte, contexts)
	for i := range prior {
		prior[i] = 128
	}
	learned := probe
	for pass := range 2 { // the second time with what the first has learnt
		probe = nil
		if pass == 1 {
			probe = learned
		}
		c := newCoder(prior)
		c.stats = make([][2]int, contexts)
		index = nil
		count, from, begin := 0, 0, 0
		end := func() {
			c.flush()
			index = append(index, byte(count))
			index = binary.AppendUvarint(index, uint64(len(c.out)-from))
			from, begin, count = len(c.out), c.decisions, 0
		}
		for unit := range units {
			c.reset()
			write(c, unit)
			count++
			if c.decisions-begin > groupDecisions {
				end()
			}
		}
		if count > 0 {
			end()
		}
		data = c.out
		if pass == 0 {
			prior = learn(c.stats)
		}
	}
	return prior, data, index
}
