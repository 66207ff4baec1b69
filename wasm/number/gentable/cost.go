package main

import (
	"fmt"
	"io"
	"math"
)

// costs prints how many bytes the decisions of each context take, and how many
// decisions there are: what to look at before changing the layout.
func costs(w io.Writer, m *metadata) {
	names := []struct {
		at   int
		name string
	}{{ctxSame, "same"}, {ctxOld, "old"}, {ctxWhich, "which"}, {ctxTail, "tail"}, {ctxLastTail, "lasttail"}, {ctxNewTail, "newtail"}, {ctxTailAt, "tailat"}, {ctxRef, "ref"}, {ctxRefBits, "refbits"}, {ctxRefDist, "refdist"}, {ctxAccept, "accept"}, {ctxClass, "class"}, {ctxLength, "length"}, {ctxGeneral, "general"}, {ctxLeaf, "leaf"}, {ctxCount, "count"}, {ctxPlain, "plain"}, {ctxNew, "new"}, {ctxLeading, "leading"}, {ctxSplit, "split"}, {ctxForm, "form"}, {ctxSameRule, "samerule"}, {ctxRule, "rule"}, {ctxCopy, "copy"}, {ctxSkip, "skip"}, {ctxAll, "half"}}
	tb := compile(m)
	bytes := map[int]float64{}
	n := map[int]int{}
	defer func() { probe = nil }()
	probe = func(ctx int, p float64) { bytes[ctx] -= math.Log2(p) / 8; n[ctx]++ }
	for _, what := range []int{ctxTotal, ctxAll} {
		clear(bytes)
		clear(n)
		room := &allowance{tails: map[tail]bool{}}
		memo := map[*state]*tail{}
		_, data, _ := groups(what, len(tb.plans), func(c *coder, i int) {
			if what == ctxTotal {
				c.automata(tb, &tb.plans[i], memo, room)
			} else {
				c.formats(tb, &tb.plans[i], room, map[uint32]bool{})
			}
		})
		fmt.Fprintln(w, len(data), "bytes")
		for i := range names[:len(names)-1] {
			var sum float64
			k := 0
			for c := names[i].at; c < names[i+1].at; c++ {
				sum += bytes[c]
				k += n[c]
			}
			fmt.Fprintf(w, "   %-10s %7.0f %7d\n", names[i].name, sum, k)
		}
	}
}
