package main

// leading is the automaton that decides which of a plan's leading digits a
// number has. Its leaves, where all are decided, are states without next whose
// class is their place in sets, counted from 1.
type leading struct {
	patterns []string // in order of first use
	root     *state
	sets     []uint32 // bit i: patterns[i] matches
	common   []uint32 // sets of the states that are not leaves
}

func (t *tables) leadingOf(p *plan) *leading {
	l := &leading{}
	at := map[string]int{}
	for _, list := range [][]layout{p.national, p.international} {
		for _, x := range list {
			if _, ok := at[x.leading]; x.leading != "" && !ok {
				at[x.leading] = len(l.patterns)
				l.patterns = append(l.patterns, x.leading)
			}
		}
	}
	if len(l.patterns) > 32 {
		panic("more leading digits than bits")
	}
	var parts []*state
	for _, text := range l.patterns {
		parts = append(parts, t.states.language(text, false, nil))
	}
	st := newStore()
	leaves := map[uint32]uint8{}
	leaf := func(set uint32) *state {
		if set == 0 {
			return nil
		}
		if leaves[set] == 0 {
			l.sets = append(l.sets, set)
			leaves[set] = uint8(len(l.sets))
		}
		return st.intern(state{class: leaves[set]})
	}
	var walk func(parts []*state, set uint32, depth int) (*state, uint32)
	walk = func(parts []*state, set uint32, depth int) (*state, uint32) {
		open := make([]*state, len(parts))
		alive := false
		for i, s := range parts {
			if s == nil || set>>i&1 != 0 {
				continue
			}
			if s.class != 0 {
				set |= 1 << i
				continue
			}
			open[i] = s
			alive = true
		}
		if !alive {
			return leaf(set), set
		}
		var s state
		common := ^uint32(0)
		for d := range s.next {
			to := make([]*state, len(parts))
			for i, o := range open {
				if o != nil {
					to[i] = o.next[d]
				}
			}
			var below uint32
			s.next[d], below = walk(to, set, depth+1)
			common &= below
		}
		// A number that ends here is taken to have what all continuations
		// have. That must not matter.
		for _, list := range [][]layout{p.national, p.international} {
			for _, x := range list {
				if x.leading == "" || !fitsSplit(t.splits.list[x.split-1], depth) {
					continue
				}
				if i := at[x.leading]; (common^set)>>i&1 != 0 {
					panic("leading digits longer than the number: " + x.leading)
				}
			}
		}
		l.common = append(l.common, common)
		return st.intern(s), common
	}
	l.root, _ = walk(parts, 0, 0)
	return l
}

func fitsSplit(groups string, n int) bool {
	lo, hi := 0, 0
	for i := range len(groups) {
		lo += int(groups[i] & 15)
		hi += int(groups[i]&15) + int(groups[i]>>4)
	}
	return lo <= n && n <= hi
}

// formats writes a plan's lists of layouts and the automaton that chooses.
func (c *coder) formats(t *tables, p *plan, room *allowance, sets map[uint32]bool) {
	l := t.leadingOf(p)
	fresh := 0
	explicit := func(x layout) {
		c.bit(ctxPlain, x.leading == "")
		if x.leading != "" {
			i := 0
			for l.patterns[i] != x.leading {
				i++
			}
			c.bit(ctxNew, i == fresh)
			if i == fresh {
				fresh++
			} else {
				c.tree(ctxLeading, 5, i)
			}
		}
		c.tree(ctxSplit, 8, x.split)
		c.tree(ctxForm+x.groups*32, 5, x.form)
	}
	rule := 0
	c.tree(ctxCount, 5, len(p.national))
	for _, x := range p.national {
		explicit(x)
		c.bit(ctxSameRule, x.rule == rule)
		if x.rule != rule {
			c.tree(ctxRule, 4, x.rule)
		}
		rule = x.rule
	}
	c.tree(ctxCount+32, 5, len(p.international))
	next := 0
	for _, x := range p.international {
		// The rule is for national formats alone.
		same := -1
		for j := next; j < len(p.national) && same < 0; j++ {
			y := p.national[j]
			if y.leading == x.leading && y.split == x.split && y.form == x.form {
				same = j
			}
		}
		if next < len(p.national) {
			c.bit(ctxCopy, same >= 0)
		}
		if same >= 0 {
			c.unary(ctxSkip, 8, same-next, len(p.national)-1-next)
			next = same + 1
			continue
		}
		explicit(x)
	}
	if len(l.patterns) == 0 {
		return
	}
	used := uint32(0)
	root := l.root
	if len(root.next) > 0 && root.class != 0 {
		panic("leading digits decided by nothing")
	}
	c.automaton(root, 0, func(s *state, _ int) (tail, bool) {
		return tail{class: s.class}, s.class != 0
	}, false, func(x tail) {
		set := l.sets[x.class-1]
		sets[set] = true
		for i := range l.patterns {
			known := 0
			if used>>i&1 != 0 {
				known = 1
			}
			c.bit(ctxLeaf+known*24+min(i, 23), set>>i&1 != 0)
		}
		used |= set
	}, room, nil)
	for _, set := range l.common {
		sets[set] = true
	}
	room.leaves += len(l.sets)
}

// automata writes the general descriptions of a plan's regions and its
// automaton of valid numbers.
func (c *coder) automata(t *tables, p *plan, memo map[*state]*tail, room *allowance) {
	list := []*entry{&p.main}
	total := p.main.lengths
	for i, r := range p.regions {
		if i > 0 {
			list = append(list, &t.regions[r])
			total |= t.regions[r].lengths
		}
	}
	tails := func(s *state, depth int) (tail, bool) {
		u := tailOf(s, memo)
		if u == nil {
			return tail{}, false
		}
		return tail{u.class, u.lengths << depth}, true
	}
	for i, e := range list {
		if i > 0 {
			c.bit(ctxGeneral, e.general == list[i-1].general)
			if e.general == list[i-1].general {
				continue
			}
		}
		c.automaton(e.general, e.lengths|e.local, tails, false, nil, room, nil)
	}
	c.automaton(p.validity, total, tails, true, nil, room, p.main.general)
}
