package unpack

// contextMap reads how many trees there are and, for each context, which.
func (b *brotliReader) contextMap(m []uint8, size int) (trees int, _ []uint8, ok bool) {
	if cap(m) < size {
		m = make([]uint8, size)
	}
	m = m[:size]
	clear(m)
	trees = b.few()
	if trees < 2 {
		return trees, m, true
	}
	runs := 0
	if b.read(1) == 1 {
		runs = b.read(4) + 1
	}
	if !b.tree(&b.code, trees+runs) {
		return 0, m, false
	}
	for i := 0; i < size; {
		v := b.symbol(&b.code)
		switch {
		case b.short:
			return 0, m, false
		case v == 0:
			i++
		case v <= runs:
			i += 1<<v + b.read(uint(v))
			if i > size {
				return 0, m, false
			}
		default:
			m[i] = uint8(v - runs)
			i++
		}
	}
	if b.read(1) == 1 { // move to front
		var order [256]uint8
		for i := range order {
			order[i] = uint8(i)
		}
		for i, v := range m {
			tree := order[v]
			copy(order[1:int(v)+1], order[:v])
			order[0], m[i] = tree, tree
		}
	}
	for _, v := range m {
		if int(v) >= trees {
			return 0, m, false
		}
	}
	return trees, m, true
}

// The order in which the lengths of the code of code lengths come, and the code
// that they are in, by four bits.
var (
	brotliOrder = [18]uint8{1, 2, 3, 4, 0, 5, 17, 6, 16, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	lengthValue = [16]uint8{0, 4, 3, 2, 0, 4, 3, 1, 0, 4, 3, 2, 0, 4, 3, 5}
	lengthWidth = [16]uint8{2, 2, 2, 3, 2, 2, 2, 4, 2, 2, 2, 3, 2, 2, 2, 4}
)

// tree reads a prefix code, section 3.4 and 3.5.
func (b *brotliReader) tree(h *huffman, alphabet int) bool {
	lens := b.lens[:alphabet]
	clear(lens)
	skipped := b.read(2)
	if skipped == 1 {
		return b.simple(h, alphabet)
	}
	var codes [18]uint8
	space, used, only := 32, 0, 0
	for i := skipped; i < 18 && space > 0; i++ {
		b.fill(4)
		w := b.bits & 15
		b.drop(uint(lengthWidth[w]))
		if n := lengthValue[w]; n != 0 {
			codes[brotliOrder[i]] = n
			space -= 32 >> n
			used++
			only = int(brotliOrder[i])
		}
	}
	switch {
	case used == 1:
		b.code.one(only)
	case space != 0 || !b.code.build(codes[:]):
		return false
	}
	space = 1 << 15
	previous, repeat, of := uint8(8), 0, uint8(0)
	for i := 0; i < alphabet && space > 0; {
		v := b.symbol(&b.code)
		if b.short {
			return false
		}
		if v < 16 {
			lens[i] = uint8(v)
			i++
			repeat = 0
			if v != 0 {
				previous = uint8(v)
				space -= 1 << 15 >> v
			}
			continue
		}
		width, value := uint(2), previous
		if v == 17 {
			width, value = 3, 0
		}
		if repeat == 0 || of != value {
			repeat, of = 0, value
		}
		before := repeat
		if repeat > 0 {
			repeat = (repeat - 2) << width
		}
		repeat += b.read(width) + 3
		n := repeat - before
		if n > alphabet-i {
			return false
		}
		for range n {
			lens[i] = value
			i++
		}
		if value != 0 {
			space -= n << (15 - value)
		}
	}
	return space == 0 && h.build(lens)
}

// simple reads a code of one to four symbols.
func (b *brotliReader) simple(h *huffman, alphabet int) bool {
	width := uint(0)
	for alphabet-1 >= 1<<width {
		width++
	}
	count := b.read(2) + 1
	var s [4]int
	for i := range count {
		s[i] = b.read(width)
		if s[i] >= alphabet {
			return false
		}
		for _, other := range s[:i] {
			if other == s[i] {
				return false
			}
		}
	}
	shape := [4]uint8{2, 2, 2, 2}
	switch count {
	case 1:
		h.one(s[0])
		return true
	case 2:
		shape = [4]uint8{1, 1}
	case 3:
		shape = [4]uint8{1, 2, 2}
	case 4:
		if b.read(1) == 1 {
			shape = [4]uint8{1, 2, 3, 3}
		}
	}
	for i := range count {
		b.lens[s[i]] = shape[i]
	}
	return h.build(b.lens[:alphabet])
}

// one makes the code of a single symbol, which takes no bits.
func (h *huffman) one(symbol int) {
	for i := range h.fast {
		h.fast[i] = uint16(symbol) << 4
	}
}
