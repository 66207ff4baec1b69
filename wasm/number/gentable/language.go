package main

import (
	"encoding/binary"
	"sort"
)

// maxLength is the most digits of a national significant number.
const maxLength = 17

// state is one of the shared minimal acyclic automata: what it answers for the
// empty rest, and where each next digit leads. Equal states are one pointer,
// so comparing languages is comparing pointers, and minimal by construction.
type state struct {
	class uint8
	next  [10]*state // nil: no number begins so
	id    int
}

type store struct {
	states map[state]*state
	list   []*state
}

func newStore() *store { return &store{states: map[state]*state{}} }

// intern returns the state equal to s; nil where it accepts nothing.
func (st *store) intern(s state) *state {
	if s.class == 0 && s.next == [10]*state{} {
		return nil
	}
	if old := st.states[s]; old != nil {
		return old
	}
	kept := s
	kept.id = len(st.list)
	st.list = append(st.list, &kept)
	st.states[s] = &kept
	return &kept
}

// nfa is a Thompson automaton over digits.
type nfa struct {
	sets  []uint16
	next  []int   // after a digit of the set
	empty [][]int // without a digit
}

func (a *nfa) add() int {
	a.sets = append(a.sets, 0)
	a.next = append(a.next, -1)
	a.empty = append(a.empty, nil)
	return len(a.sets) - 1
}

// build adds n so that it leads to state out, and answers where it begins.
func (a *nfa) build(n *node, out int) int {
	switch n.op {
	case 's':
		s := a.add()
		a.sets[s], a.next[s] = n.set, out
		return s
	case 'c':
		for i := len(n.sub) - 1; i >= 0; i-- {
			out = a.build(n.sub[i], out)
		}
		return out
	case '|':
		s := a.add()
		for _, sub := range n.sub {
			in := a.build(sub, out)
			a.empty[s] = append(a.empty[s], in)
		}
		return s
	case 'r':
		for i := n.max; i > 0; i-- {
			in := a.build(n.sub[0], out)
			if i > n.min {
				s := a.add()
				a.empty[s] = []int{in, out}
				in = s
				// Skipping one optional copy skips the rest: out of the
				// outer copies is reached through the inner ones.
			}
			out = in
		}
		return out
	case '(':
		return a.build(n.sub[0], out)
	}
	panic("pattern: $ inside an automaton")
}

// language compiles a pattern to a minimal automaton. A prefix pattern accepts
// whatever begins with a match. lengths, where given, are the only ones.
func (st *store) language(pattern string, prefix bool, lengths func(int) bool) *state {
	if pattern == "" {
		return nil
	}
	a := &nfa{}
	final := a.add()
	if prefix {
		a.sets[final], a.next[final] = anyDigit, final
	}
	start := a.build(parsePattern(pattern), final)
	type key struct {
		set   string
		depth int
	}
	memo := map[key]*state{}
	var walk func(set []int, depth int) *state
	walk = func(set []int, depth int) *state {
		set = a.close(set)
		if len(set) == 0 || depth > maxLength {
			return nil
		}
		k := key{setKey(set), depth}
		if s, ok := memo[k]; ok {
			return s
		}
		var s state
		for _, i := range set {
			if i == final && (lengths == nil || lengths(depth)) {
				s.class = 1
			}
		}
		for d := range s.next {
			var to []int
			for _, i := range set {
				if a.sets[i]>>d&1 != 0 {
					to = append(to, a.next[i])
				}
			}
			s.next[d] = walk(to, depth+1)
		}
		kept := st.intern(s)
		memo[k] = kept
		return kept
	}
	return walk([]int{start}, 0)
}

func (a *nfa) close(set []int) []int {
	seen := map[int]bool{}
	var out []int
	var add func(i int)
	add = func(i int) {
		if seen[i] {
			return
		}
		seen[i] = true
		out = append(out, i)
		for _, j := range a.empty[i] {
			add(j)
		}
	}
	for _, i := range set {
		add(i)
	}
	sort.Ints(out)
	return out
}

func setKey(set []int) string {
	b := make([]byte, 0, 2*len(set))
	for _, i := range set {
		b = binary.LittleEndian.AppendUint16(b, uint16(i))
	}
	return string(b)
}

// product walks several automata at once and interns into st what class
// answers for the classes (0: not accepted) that they give to a number.
func (st *store) product(parts []*state, class func([]uint8) uint8) *state {
	memo := map[string]*state{}
	var walk func(parts []*state) *state
	walk = func(parts []*state) *state {
		key := make([]byte, 0, 4*len(parts))
		alive := false
		for _, p := range parts {
			id := uint32(0)
			if p != nil {
				alive = true
				id = uint32(p.id) + 1
			}
			key = binary.LittleEndian.AppendUint32(key, id)
		}
		if !alive {
			return nil
		}
		if s, ok := memo[string(key)]; ok {
			return s
		}
		var s state
		classes := make([]uint8, len(parts))
		for i, p := range parts {
			if p != nil {
				classes[i] = p.class
			}
		}
		s.class = class(classes)
		to := make([]*state, len(parts))
		for d := range s.next {
			for i, p := range parts {
				to[i] = nil
				if p != nil {
					to[i] = p.next[d]
				}
			}
			s.next[d] = walk(to)
		}
		kept := st.intern(s)
		memo[string(key)] = kept
		return kept
	}
	return walk(parts)
}
