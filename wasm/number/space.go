package number

// Space is the set of a region's valid mobile numbers, in the ascending order
// of their text: of Mobile numbers and, where digits do not tell, of
// FixedLineOrMobile ones. It is what an exhaustive search has to try.
type Space struct {
	plan  uint8
	count uint16 // nodes in use; node 0 is none, the last is the root
	nodes [spaceNodes]spaceNode
	dead  deadStates
}

// spaceNodes is room for every region's automaton; a test says how much is used.
const spaceNodes = 192

type spaceNode struct {
	size  uint64 // numbers from here on
	state uint16
	ends  bool  // a number ends here
	rest  uint8 // any digits follow, one fewer than this; 0: not any
	next  [10]uint16
}

// Reset makes s the space of a region's mobile numbers. There is none for a text
// that is not a region, nor for the few regions whose mobile numbers another
// one's are too. It works in place: a Space is 8 KB.
func (s *Space) Reset(region string) bool {
	ready()
	s.count = 1
	s.plan = 0
	id := regionOf(region)
	if id == 0 {
		return false
	}
	e := &entries[id]
	p := &plans[e.plan]
	if p.validity == 0 {
		loadAutomata(e.plan)
	}
	s.plan = e.plan
	s.dead = deadStates{}
	if s.add(p.validity, int(id-p.main)) == 0 {
		s.count = 1
	}
	return s.Len() > 0
}

// deadStates has a bit for each state that leads to no mobile number, but for
// tails.
type deadStates [nodeCount/32 + 1]uint32

// add returns the node for a state, 0 if no mobile number goes through it.
func (s *Space) add(state uint16, place int) uint16 {
	if state == 0 || state < tailBit && s.dead[state/32]>>(state%32)&1 != 0 {
		return 0
	}
	for i := uint16(1); i < s.count; i++ {
		if s.nodes[i].state == state {
			return i
		}
	}
	var n spaceNode
	n.state = state
	if c := classOf(state); c != 0 {
		at := 0
		if c > uint8(Voicemail) {
			at = int(pairData[(c-uint8(Voicemail)-1)*2])
			c = pairData[(c-uint8(Voicemail)-1)*2+1]
		}
		if at == place && (Type(c) == Mobile || Type(c) == FixedLineOrMobile) {
			n.ends = true
			n.size = 1
		}
	}
	for d := range n.next {
		if d > 0 && state >= tailBit {
			n.next[d] = n.next[0]
		} else {
			n.next[d] = s.add(after(state, d), place)
		}
		n.size += s.nodes[n.next[d]].size
	}
	same := true
	for _, to := range n.next {
		same = same && to == n.next[0]
	}
	if child := &s.nodes[n.next[0]]; same && n.ends && child.size == 0 {
		n.rest = 1
	} else if same && !n.ends && child.rest > 0 {
		n.rest = child.rest + 1
	}
	if n.size == 0 || s.count == spaceNodes {
		if state < tailBit {
			s.dead[state/32] |= 1 << (state % 32)
		}
		return 0
	}
	s.nodes[s.count] = n
	s.count++
	return s.count - 1
}

// Len returns how many numbers there are.
func (s *Space) Len() uint64 {
	if s.count < 2 {
		return 0
	}
	return s.nodes[s.count-1].size
}

// At returns number i, counted from 0; the zero Number beyond the last.
func (s *Space) At(i uint64) Number {
	if i >= s.Len() {
		return Number{}
	}
	n := Number{plan: s.plan}
	var begin uint64 // k digits; no mobile number has more than maxPrefix before the last differ
	k := 0
	at := &s.nodes[s.count-1]
	for {
		if at.rest > 0 {
			n.setNational(decimalDigits(i, int(at.rest)-1).behind(begin, k))
			return n
		}
		if at.ends {
			if i == 0 {
				n.setNational(digits{}.behind(begin, k))
				return n
			}
			i--
		}
		for d, to := range at.next {
			child := &s.nodes[to]
			if i < child.size {
				begin |= uint64(d) << (4 * uint(k) & 63)
				k++
				at = child
				break
			}
			i -= child.size
		}
	}
}
