package main

// The tables are written by an adaptive binary arithmetic coder, a decision at
// a time. Each decision has a context, whose probability begins at a value
// learnt from all tables and then follows what this table has: number/decode.go
// does the same steps backwards, and the two must agree to the bit.

// Contexts. Automata come first, then what formats need besides.
const (
	ctxSame       = 0                 // outer automaton (3) × kind of target (4) × targets seen (4) × depth (7): the next digit leads there too
	ctxOld        = ctxSame + 336     // outer automaton (3) × depth (7) × other targets seen (4) × kind (4): it leads to one of them
	ctxWhich      = ctxOld + 336      // others seen (4) × unary (8)
	ctxTail       = ctxWhich + 32     // outer automaton (3) × depth (10) × kind (4): what is new is a tail
	ctxLastTail   = ctxTail + 120     // tails known (7) × kind (4): the last one again
	ctxNewTail    = ctxLastTail + 28  // tails known (8) × kind (4): one that was not used yet
	ctxTailAt     = ctxNewTail + 32   // unary
	ctxRef        = ctxTailAt + 8     // depth (10): a state that is known
	ctxRefBits    = ctxRef + 10       // unary
	ctxRefDist    = ctxRefBits + 14   // bits (14) × which of the two highest below the first
	ctxAccept     = ctxRefDist + 28   // depth (18)
	ctxClass      = ctxAccept + 18    // tree of 7 bits
	ctxLength     = ctxClass + 128    // length (18)
	ctxGeneral    = ctxLength + 18    // a region's general description is the one before
	ctxSameLength = ctxGeneral + 1    // a new tail has the lengths of the one before
	ctxTotal      = ctxSameLength + 1 // contexts of automata

	ctxLeaf     = ctxTotal        // already in a leaf (2) × leading digits (24)
	ctxCount    = ctxLeaf + 48    // list (2) × tree of 5 bits
	ctxPlain    = ctxCount + 64   // no leading digits
	ctxNew      = ctxPlain + 1    // leading digits not used yet
	ctxLeading  = ctxNew + 1      // tree of 5 bits
	ctxSplit    = ctxLeading + 32 // tree of 8 bits
	ctxForm     = ctxSplit + 256  // groups (6) × tree of 5 bits
	ctxSameRule = ctxForm + 192
	ctxRule     = ctxSameRule + 1 // tree of 4 bits
	ctxCopy     = ctxRule + 16    // the international layout is a national one
	ctxSkip     = ctxCopy + 1     // unary
	ctxAll      = ctxSkip + 8     // contexts of formats
)

// The kinds of what a digit leads to, which the contexts of the next one know.
const (
	toNowhere = iota
	toTail
	toState
	noDigit // before the first
)

// rateLimit is how many decisions a context remembers; priorWeight how many its
// first probability is worth.
const (
	rateLimit   = 60
	priorWeight = 4
)

// coder writes decisions, or with stats set only counts them.
type coder struct {
	prior     []byte // by context, the probability of true in 256ths
	p         []uint16
	n         []uint8
	low, high uint32
	out       []byte
	stats     [][2]int
	decisions int
}

func newCoder(prior []byte) *coder {
	c := &coder{prior: prior, p: make([]uint16, len(prior)), n: make([]uint8, len(prior)), high: 1<<32 - 1}
	c.reset()
	return c
}

// reset forgets what the contexts have learnt.
func (c *coder) reset() {
	for i, b := range c.prior {
		c.p[i], c.n[i] = uint16(b)<<8|128, 0
	}
}

func (c *coder) bit(ctx int, b bool) {
	c.decisions++
	if c.stats != nil {
		i := 0
		if b {
			i = 1
		}
		c.stats[ctx][i]++
	}
	if probe != nil {
		q := float64(c.p[ctx]) / 65536
		if !b {
			q = 1 - q
		}
		probe(ctx, q)
	}
	c.write(uint32(c.p[ctx]), b)
	target := int32(0)
	if b {
		target = 65535
	}
	p := int32(c.p[ctx])
	c.p[ctx] = uint16(p + (target-p)/int32(priorWeight+1+c.n[ctx]))
	c.p[ctx] = min(max(c.p[ctx], 64), 65535-64)
	if c.n[ctx] < rateLimit {
		c.n[ctx]++
	}
}

func (c *coder) write(p uint32, b bool) {
	mid := c.low + uint32(uint64(c.high-c.low)*uint64(p)>>16)
	if b {
		c.high = mid
	} else {
		c.low = mid + 1
	}
	for (c.low^c.high)>>24 == 0 {
		c.out = append(c.out, byte(c.high>>24))
		c.low <<= 8
		c.high = c.high<<8 | 255
	}
}

// probe, if set, hears of the probability of each decision.
var probe func(ctx int, p float64)

// half writes a decision that is as likely as not.
func (c *coder) half(b bool) { c.decisions++; c.write(1<<15, b) }

// unary writes v ≤ most as that many trues; contexts beyond the last share it.
func (c *coder) unary(ctx, contexts, v, most int) {
	for i := range most {
		c.bit(ctx+min(i, contexts-1), i < v)
		if i >= v {
			return
		}
	}
}

// tree writes a number of so many bits, the highest first.
func (c *coder) tree(ctx, bits, v int) {
	node := 1
	for i := bits - 1; i >= 0; i-- {
		b := v >> i & 1
		c.bit(ctx+node, b != 0)
		node = node<<1 | b
	}
}

// flush ends a group with as few bytes as keep it apart from any that follow.
func (c *coder) flush() {
	for k := 1; k <= 4; k++ {
		rest := uint32(1)<<(32-8*k) - 1
		v := (uint64(c.low) + uint64(rest)) &^ uint64(rest)
		if v+uint64(rest) <= uint64(c.high) {
			for i := range k {
				c.out = append(c.out, byte(v>>(24-8*i)))
			}
			break
		}
	}
	c.low, c.high = 0, 1<<32-1
}

// learn returns the prior for what was counted.
func learn(stats [][2]int) []byte {
	prior := make([]byte, len(stats))
	for i, s := range stats {
		prior[i] = 132
		if s[0]+s[1] > 0 {
			p := (float64(s[1]) + 0.4) / (float64(s[0]+s[1]) + 0.8)
			prior[i] = byte(min(max(int(p*32), 0), 31))*8 + 4 // coarse, for brotli
		}
	}
	return prior
}
