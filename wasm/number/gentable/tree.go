package main

import "math/bits"

// tail is what a state is when the next digits no longer matter: it accepts, as
// one class, any digits of certain lengths. lengths has bit n for n more.
type tail struct {
	class   uint8
	lengths uint32
}

func tailOf(s *state, memo map[*state]*tail) *tail {
	if s == nil {
		return nil
	}
	if t, ok := memo[s]; ok {
		return t
	}
	memo[s] = nil
	for _, n := range s.next {
		if n != s.next[0] {
			return nil
		}
	}
	if s.next[0] == nil {
		memo[s] = &tail{s.class, 1}
	} else if t := tailOf(s.next[0], memo); t != nil && (s.class == 0 || s.class == t.class) {
		u := tail{t.class, t.lengths << 1}
		if s.class != 0 {
			u.lengths |= 1
		}
		memo[s] = &u
	}
	return memo[s]
}

// allowance is what the decoder has to have room for.
type allowance struct {
	nodes  int
	tails  map[tail]bool
	leaves int
}

func (a *allowance) add(t tail) {
	for t.lengths != 0 && !a.tails[t] {
		a.tails[t] = true
		t.lengths >>= 1
	}
}

// target is where a digit leads: nowhere, to a tail of the automaton's list, or
// to a state.
type target struct {
	kind int
	tail int
	node *state
}

// automaton writes the states below root, in the order in which they are met
// level by level. total has bit n if numbers of n digits can be accepted.
// leaf, for formats, writes a new tail; otherwise a tail is its class and its
// lengths. within, if there is one, accepts whatever root does and was written
// before: where it leads nowhere nothing is written, and where it changes a
// change is likelier.
func (c *coder) automaton(root *state, total uint32, tails func(*state, int) (tail, bool), kinds bool, leaf func(tail), room *allowance, within *state) {
	outer := []*state{within}
	before := uint32(0)
	index := map[*state]int{root: 0}
	queue := []*state{root}
	depths := []int{0}
	var list []tail
	var recent []int // tails, the latest last
	last := -1
	for i := 0; i < len(queue); i++ {
		s, depth := queue[i], depths[i]
		room.nodes++
		if leaf == nil && total>>depth&1 != 0 {
			c.bit(ctxAccept+depth, s.class != 0)
			if s.class != 0 && kinds {
				c.tree(ctxClass, 7, int(s.class))
			}
		} else if leaf == nil && s.class != 0 {
			panic("accepted at an impossible length")
		}
		current := target{}
		seen := []target{current}
		kind := noDigit
		var outerBefore *state
		for digit, n := range s.next {
			var out *state
			change := 0
			if within != nil {
				out = outer[i].next[digit]
				if out == nil {
					if n != nil {
						panic("a valid number outside the general description")
					}
					at := 0
					for at < len(seen) && seen[at] != (target{}) {
						at++
					}
					current, kind = target{}, toNowhere
					seen = append(append(seen[:at:at], seen[at+1:]...), current)
					outerBefore = nil
					continue
				}
				change = 1
				if out != outerBefore {
					change = 2
				}
				outerBefore = out
			}
			to := target{}
			fresh := false
			if n != nil {
				if t, ok := tails(n, depth+1); ok {
					to = target{kind: toTail, tail: -1}
					for j, old := range list {
						if old == t {
							to.tail = j
						}
					}
					if to.tail < 0 {
						to.tail, fresh = len(list), true
						list = append(list, t)
						recent = append(recent, to.tail)
					}
					if leaf == nil {
						room.add(tail{t.class, t.lengths >> (depth + 1)})
					}
				} else {
					to = target{kind: toState, node: n}
				}
			}
			c.bit(ctxSame+((change*4+kind)*4+min(len(seen), 4)-1)*7+min(depth, 6), to == current)
			if to == current {
				kind = to.kind
				continue
			}
			// The latest first, without the current one, which is the last.
			at := -1
			for j := len(seen) - 2; j >= 0; j-- {
				if seen[j] == to {
					at = j
				}
			}
			if others := len(seen) - 1; others > 0 {
				c.bit(ctxOld+((change*7+min(depth, 6))*4+min(others, 4)-1)*4+kind, at >= 0)
				if at >= 0 {
					c.unary(ctxWhich+(min(others, 4)-1)*8, 8, len(seen)-2-at, others-1)
					seen = append(append(seen[:at:at], seen[at+1:]...), to)
					current, kind = to, to.kind
					continue
				}
			}
			seen = append(seen, to)
			c.bit(ctxTail+(change*10+min(depth, 9))*4+kind, to.kind == toTail)
			kindBefore := kind
			current, kind = to, to.kind
			if to.kind == toTail {
				known := len(list)
				if fresh {
					known--
				}
				if last >= 0 {
					c.bit(ctxLastTail+min(known, 6)*4+kindBefore, to.tail == last)
				}
				if to.tail != last {
					if known > 0 {
						c.bit(ctxNewTail+min(known, 7)*4+kindBefore, fresh)
					}
					if fresh {
						t := list[to.tail]
						if leaf != nil {
							leaf(t)
						} else {
							if kinds {
								c.tree(ctxClass, 7, int(t.class))
							}
							c.lengths(t.lengths, total, depth+1, before)
							before = t.lengths
						}
					} else {
						// Not the last one, but which before it.
						at := len(recent) - 1
						for recent[at] != to.tail {
							at--
						}
						c.unary(ctxTailAt, 8, len(recent)-2-at, len(recent)-2)
					}
					at := 0
					for recent[at] != to.tail {
						at++
					}
					recent = append(append(recent[:at:at], recent[at+1:]...), to.tail)
				}
				last = to.tail
				continue
			}
			j, known := index[to.node]
			c.bit(ctxRef+min(depth, 9), known)
			if !known {
				index[to.node] = len(queue)
				queue = append(queue, to.node)
				depths = append(depths, depth+1)
				outer = append(outer, out)
				continue
			}
			distance := len(queue) - j
			width := bits.Len(uint(distance)) - 1
			c.unary(ctxRefBits, 14, width, 13)
			for b := width - 1; b >= 0; b-- {
				if width-1-b < 2 {
					c.bit(ctxRefDist+width*2+width-1-b, distance>>b&1 != 0)
				} else {
					c.half(distance>>b&1 != 0)
				}
			}
		}
	}
}

// lengths writes which of the possible total lengths from least on a tail has.
// A single possibility goes without saying.
func (c *coder) lengths(lengths, total uint32, least int, before uint32) {
	possible := total >> least << least
	if lengths&^possible != 0 {
		panic("a tail of impossible length")
	}
	if bits.OnesCount32(possible) == 1 {
		return
	}
	if before>>least<<least != 0 {
		before = before >> least << least
		c.bit(ctxSameLength, lengths == before)
		if lengths == before {
			return
		}
	}
	for n := least; n < 18; n++ {
		if possible>>n&1 != 0 {
			c.bit(ctxLength+n, lengths>>n&1 != 0)
		}
	}
}
