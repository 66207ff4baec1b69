package main

import (
	"fmt"
	"math"
	"testing"
)

func TestCost(t *testing.T) {
	m, err := load("metadata.json")
	if err != nil {
		t.Fatal(err)
	}
	names := []struct {
		at   int
		name string
	}{{ctxSame, "same"}, {ctxOld, "old"}, {ctxWhich, "which"}, {ctxTail, "tail"}, {ctxLastTail, "lasttail"}, {ctxNewTail, "newtail"}, {ctxTailAt, "tailat"}, {ctxRef, "ref"}, {ctxRefBits, "refbits"}, {ctxRefDist, "refdist"}, {ctxAccept, "accept"}, {ctxClass, "class"}, {ctxLength, "length"}, {ctxGeneral, "general"}, {ctxLeaf, "leaf"}, {ctxCount, "count"}, {ctxPlain, "plain"}, {ctxNew, "new"}, {ctxLeading, "leading"}, {ctxSplit, "split"}, {ctxForm, "form"}, {ctxSameRule, "samerule"}, {ctxRule, "rule"}, {ctxCopy, "copy"}, {ctxSkip, "skip"}, {ctxAll, "half"}}
	tb := compile(m)
	costs := map[int]float64{}
	n := map[int]int{}
	probe = func(ctx int, p float64) { costs[ctx] -= math.Log2(p) / 8; n[ctx]++ }
	for _, what := range []int{ctxTotal, ctxAll} {
		clear(costs)
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
		fmt.Println(len(data))
		for i := range names[:len(names)-1] {
			var sum float64
			k := 0
			for c := names[i].at; c < names[i+1].at; c++ {
				sum += costs[c]
				k += n[c]
			}
			fmt.Printf("   %-10s %7.0f %7d\n", names[i].name, sum, k)
		}
		fmt.Printf("   %-10s %7.0f %7d\n", "half", costs[-1], n[-1])
	}
}
