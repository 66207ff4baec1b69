package number

// The automata and layouts are stored as the decisions of an adaptive binary
// arithmetic coder, in groups of calling codes that are read when first needed.
// gentable/coder.go, tree.go and leading.go write them; what each context stands
// for is said there, and every step here mirrors one there.
//
// An automaton is written level by level. Of a state, for the digits from 0 to
// 9: does it lead where the digit before leads; else where one of the others
// did; else to a tail, which accepts any digits of certain lengths and is chosen
// by how recently it was used, or written as class and lengths; else to a known
// state, by its distance, or to a new one, which is then the next. A group begins
// at a byte of its own, found by automataIndex and formatIndex: for each group
// how many calling codes it has, and its bytes as a varint.
//
// Expanded, a state that tells digits apart is 10 numbers of 16 bits, where each
// digit leads (0 is nowhere), and a class of 8 bits. A tail is what is accepted,
// by the number of digits that follow, and the class. A class of validity from 1
// to 11 is a Type in the first region of the calling code, and above is a place
// in pairData, two bytes each, the region's place and the type; one of leading
// digits is a place in sets.
//
// There is room for 32,767 states and as many tails, 116 pairs, 255 sets, 32
// leading digits a calling code, 255 programs, splits and entries; gentable stops
// where the metadata outgrows them, and TestCapacity prints how much is used.

const (
	ctxSame       = 0
	ctxOld        = ctxSame + 336
	ctxWhich      = ctxOld + 336
	ctxTail       = ctxWhich + 32
	ctxLastTail   = ctxTail + 120
	ctxNewTail    = ctxLastTail + 28
	ctxTailAt     = ctxNewTail + 32
	ctxRef        = ctxTailAt + 8
	ctxRefBits    = ctxRef + 10
	ctxRefDist    = ctxRefBits + 14
	ctxAccept     = ctxRefDist + 28
	ctxClass      = ctxAccept + 18
	ctxLength     = ctxClass + 128
	ctxGeneral    = ctxLength + 18
	ctxSameLength = ctxGeneral + 1
	ctxTotal      = ctxSameLength + 1

	ctxLeaf     = ctxTotal
	ctxCount    = ctxLeaf + 48
	ctxPlain    = ctxCount + 64
	ctxNew      = ctxPlain + 1
	ctxLeading  = ctxNew + 1
	ctxSplit    = ctxLeading + 32
	ctxForm     = ctxSplit + 256
	ctxSameRule = ctxForm + 192
	ctxRule     = ctxSameRule + 1
	ctxCopy     = ctxRule + 16
	ctxSkip     = ctxCopy + 1
	ctxAll      = ctxSkip + 8

	rateLimit   = 60
	priorWeight = 4
)

// The kinds of what a digit leads to, which the contexts of the next one know.
const (
	toNowhere = iota
	toTail
	toState
	noDigit // before the first
)

// decoder reads one group.
type decoder struct {
	data           string
	at             int
	low, high, x   uint32
	p              [ctxAll]uint16
	n              [ctxAll]uint8
	depth, levelAt uint16
}

// Numbers of one automaton while it is read. Its list of tails has no more than
// maxTails, which a test checks.
const maxTails = 96

var (
	dec       decoder
	tailClass [maxTails]uint8
	tailMask  [maxTails]uint32
	recent    [maxTails]uint8 // tails, the latest last

	nextNode = uint16(1)           // the next free place in next and class
	nextTail = uint16(1)           // the next free place in tails
	outer    [1 + nodeCount]uint16 // by state, where the automaton around it is
	tailSlot [2048]uint16          // hash table of places in tails
	sets     = [setCount]uint32{}
	setUsed  = 1
)

//go:nobounds
func (d *decoder) begin(data string, at int) {
	d.data, d.at = data, at
	d.low, d.high, d.x = 0, 1<<32-1, 0
	for range 4 {
		d.shift()
	}
}

//go:nobounds
func (d *decoder) shift() {
	d.x <<= 8
	if d.at < len(d.data) {
		d.x |= uint32(d.data[d.at])
	}
	d.at++
}

//go:nobounds
func (d *decoder) reset(prior string) {
	for i := 0; i < len(prior); i++ {
		d.p[i], d.n[i] = uint16(prior[i])<<8|128, 0
	}
}

func (d *decoder) read(p uint32) bool {
	mid := d.low + uint32(uint64(d.high-d.low)*uint64(p)>>16)
	b := d.x <= mid
	if b {
		d.high = mid
	} else {
		d.low = mid + 1
	}
	for (d.low^d.high)>>24 == 0 {
		d.low <<= 8
		d.high = d.high<<8 | 255
		d.shift()
	}
	return b
}

//go:noinline
//go:nobounds
func (d *decoder) bit(ctx int) bool {
	p := int32(d.p[ctx])
	b := d.read(uint32(p))
	target := int32(0)
	if b {
		target = 65535
	}
	p += (target - p) / int32(priorWeight+1+d.n[ctx])
	d.p[ctx] = uint16(min(max(p, 64), 65535-64))
	if d.n[ctx] < rateLimit {
		d.n[ctx]++
	}
	return b
}

//go:noinline
func (d *decoder) unary(ctx, contexts, most int) int {
	v := 0
	for v < most && d.bit(ctx+min(v, contexts-1)) {
		v++
	}
	return v
}

//go:noinline
func (d *decoder) tree(ctx, bits int) int {
	node := 1
	for range bits {
		node <<= 1
		if d.bit(ctx + node>>1) {
			node |= 1
		}
	}
	return node - 1<<bits
}

// tailState returns the state of a tail: class for digits of any of the
// lengths, bit n for n more.
//
//go:noinline
//go:nobounds
func tailState(c uint8, lengths uint32) uint16 {
	if lengths == 0 {
		return 0
	}
	slot := (uint32(c)<<18 | lengths) * 2654435761 >> 21
	for ; tailSlot[slot] != 0; slot = (slot + 1) & 2047 {
		at := tailSlot[slot]
		if t := &tails[at]; t.class == c && t.lengths == lengths {
			return tailBit | at
		}
	}
	at := nextTail
	nextTail++
	tailSlot[slot] = at
	tails[at] = tail{lengths, c, tailState(c, lengths>>1)}
	return tailBit | at
}

// leafState returns a state of its own for a set of leading digits.
//
//go:nobounds
func leafState(set uint32) uint16 {
	at := nextTail
	nextTail++
	tails[at] = tail{1<<(maxNational+1) - 1, setClass(set), tailBit | at}
	return tailBit | at
}

// setClass returns the number of a set.
//
//go:noinline
//go:nobounds
func setClass(set uint32) uint8 {
	if set == 0 {
		return 0
	}
	for i := 1; i < setUsed; i++ {
		if sets[i] == set {
			return uint8(i)
		}
	}
	sets[setUsed] = set
	setUsed++
	return uint8(setUsed - 1)
}

// automaton reads an automaton and answers its root. total has bit n if it can
// accept n digits; 0 is for one of leading digits, of which there are so many
// patterns. Without kinds there is one class. within, if it is not 0, accepts all
// that this one does.
//
//go:nobounds
func (d *decoder) automaton(total uint32, kinds bool, patterns int, within uint16) uint16 {
	root := nextNode
	nextNode++
	level := nextNode // where the next level begins
	depth := 0
	tails, last := 0, -1
	used, before := uint32(0), uint32(0)
	var seen [11]uint16
	outer[root] = within
	for i := root; i < nextNode; i++ {
		if i == level {
			depth++
			level = nextNode
		}
		if total>>uint(depth)&1 != 0 && d.bit(ctxAccept+depth) {
			class[i] = d.class(kinds)
		}
		row := next[int(i)*10 : int(i)*10+10]
		kind := noDigit
		count := 1
		seen[0] = 0
		outBefore := uint16(0)
		for digit := range row {
			out, change := uint16(0), 0
			if within != 0 {
				out = after(outer[i], digit)
				if out == 0 {
					toEnd(seen[:count], 0)
					row[digit], kind, outBefore = 0, toNowhere, 0
					continue
				}
				change = 1
				if out != outBefore {
					change = 2
				}
				outBefore = out
			}
			current := seen[count-1]
			if d.bit(ctxSame + ((change*4+kind)*4+min(count, 4)-1)*7 + min(depth, 6)) {
				row[digit] = current
				if kind == noDigit {
					kind = toNowhere
				}
				continue
			}
			if others := count - 1; others > 0 && d.bit(ctxOld+((change*7+min(depth, 6))*4+min(others, 4)-1)*4+kind) {
				at := count - 2 - d.unary(ctxWhich+(min(others, 4)-1)*8, 8, others-1)
				to := seen[at]
				toEnd(seen[:count], to)
				row[digit] = to
				kind = toNowhere
				if to >= tailBit {
					kind = toTail
				} else if to != 0 {
					kind = toState
				}
				continue
			}
			var to uint16
			if d.bit(ctxTail + (change*10+min(depth, 9))*4 + kind) {
				at := last
				if last < 0 || !d.bit(ctxLastTail+min(tails, 6)*4+kind) {
					if tails == 0 || d.bit(ctxNewTail+min(tails, 7)*4+kind) {
						at = tails
						tails++
						if total != 0 {
							tailClass[at] = d.class(kinds)
							before = d.lengths(total, depth+1, before)
							tailMask[at] = before
						} else {
							set := uint32(0)
							for p := range patterns {
								if d.bit(ctxLeaf + int(used>>uint(p)&1)*24 + min(p, 23)) {
									set |= 1 << uint(p)
								}
							}
							used |= set
							tailMask[at] = uint32(leafState(set))
						}
					} else {
						rank := tails - 2 - d.unary(ctxTailAt, 8, tails-2)
						at = int(recent[rank])
						copy(recent[rank:tails-1], recent[rank+1:tails])
					}
					recent[tails-1] = uint8(at)
				}
				last = at
				kind = toTail
				if total != 0 {
					to = tailState(tailClass[at], tailMask[at]>>uint(depth+1))
				} else {
					to = uint16(tailMask[at])
				}
			} else {
				kind = toState
				if d.bit(ctxRef + min(depth, 9)) {
					width := d.unary(ctxRefBits, 14, 13)
					distance := 1
					for b := range width {
						distance <<= 1
						if b < 2 && d.bit(ctxRefDist+width*2+b) || b >= 2 && d.read(1<<15) {
							distance |= 1
						}
					}
					to = nextNode - uint16(distance)
				} else {
					to = nextNode
					outer[to] = out
					nextNode++
				}
			}
			seen[count] = to
			count++
			row[digit] = to
		}
	}
	return root
}

// toEnd moves a state to the end of a list that has it.
//
//go:noinline
//go:nobounds
func toEnd(list []uint16, state uint16) {
	last := len(list) - 1
	carried := list[last]
	for i := last; carried != state; i-- {
		list[i-1], carried = carried, list[i-1]
	}
	list[last] = state
}

// class reads a class, if there are several.
func (d *decoder) class(kinds bool) uint8 {
	if !kinds {
		return 1
	}
	return uint8(d.tree(ctxClass, 7))
}

// lengths reads which of the possible lengths from least on a tail has. before
// is what the last one had.
func (d *decoder) lengths(total uint32, least int, before uint32) uint32 {
	possible := total >> uint(least) << uint(least)
	if possible&(possible-1) == 0 {
		return possible
	}
	before = before >> uint(least) << uint(least)
	if before != 0 && d.bit(ctxSameLength) {
		return before
	}
	m := uint32(0)
	for n := least; n < 18; n++ {
		if possible>>uint(n)&1 != 0 && d.bit(ctxLength+n) {
			m |= 1 << uint(n)
		}
	}
	return m
}

// group finds the group that has a calling code: the first code in it, how many
// there are, and where its data begins.
//
//go:noinline
//go:nobounds
func group(index string, p uint8) (first, count, at int) {
	r := reader{s: index}
	first = 1
	for {
		count = int(r.byte())
		size := int(r.number())
		if int(p) < first+count {
			return first, count, at
		}
		first += count
		at += size
	}
}

// loadAutomata reads the automata of a calling code and its group.
//
//go:noinline
//go:nobounds
func loadAutomata(p uint8) {
	first, count, at := group(automataIndex, p)
	dec.begin(automataData, at)
	for i := first; i < first+count; i++ {
		dec.reset(priorData)
		q := &plans[i]
		main := &entries[q.main]
		total := main.lengths
		main.general = dec.automaton(main.lengths|main.local, false, 0, 0)
		before := main.general
		for j := uint8(1); j < q.count; j++ {
			e := &entries[q.main+j]
			total |= e.lengths
			e.general = before
			if !dec.bit(ctxGeneral) {
				e.general = dec.automaton(e.lengths|e.local, false, 0, 0)
				before = e.general
			}
		}
		q.validity = dec.automaton(total, true, 0, main.general)
	}
}

// loadFormats reads the layouts of a calling code and its group.
//
//go:noinline
//go:nobounds
func loadFormats(p uint8) {
	if splits[1] == "" {
		expandTexts(splits[:], splitData)
		expandTexts(forms[:], formData)
		expandTexts(rules[:], ruleData)
	}
	first, count, at := group(formatIndex, p)
	dec.begin(formatData, at)
	for i := first; i < first+count; i++ {
		dec.reset(formatPriorData)
		dec.formats(&plans[i])
	}
}

// layout reads a layout and answers how many leading digits are known then.
//
//go:nobounds
func (d *decoder) layout(l *layout, patterns int) int {
	if !d.bit(ctxPlain) {
		if d.bit(ctxNew) {
			patterns++
			l.leading = uint8(patterns)
		} else {
			l.leading = uint8(d.tree(ctxLeading, 5)) + 1
		}
	}
	l.split = uint8(d.tree(ctxSplit, 8))
	l.form = uint8(d.tree(ctxForm+len(splits[l.split])*32, 5))
	return patterns
}

// layoutUsed is how many layouts have been read.
var layoutUsed uint16

//go:nobounds
func (d *decoder) formats(q *plan) {
	q.layouts = layoutUsed
	patterns := 0
	rule := uint8(0)
	q.national = uint8(d.tree(ctxCount, 5))
	for range q.national {
		l := &layouts[layoutUsed]
		layoutUsed++
		patterns = d.layout(l, patterns)
		if !d.bit(ctxSameRule) {
			rule = uint8(d.tree(ctxRule, 4))
		}
		l.rule = rule
	}
	q.international = uint8(d.tree(ctxCount+32, 5))
	from := 0
	for range q.international {
		l := &layouts[layoutUsed]
		layoutUsed++
		if rest := int(q.national) - from; rest > 0 && d.bit(ctxCopy) {
			from += d.unary(ctxSkip, 8, rest-1)
			*l = layouts[int(q.layouts)+from]
			from++
			continue
		}
		patterns = d.layout(l, patterns)
	}
	q.formatted = true
	if patterns == 0 {
		return
	}
	q.leading = d.automaton(0, false, patterns, 0)
	// A number too short to decide all has what all its continuations have.
	for s := nextNode - 1; s >= q.leading; s-- {
		set := ^uint32(0)
		for _, to := range next[int(s)*10 : int(s)*10+10] {
			set &= sets[classOf(to)]
		}
		class[s] = setClass(set)
	}
}
