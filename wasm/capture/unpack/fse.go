package unpack

import "math/bits"

// An fseTable decodes one kind of symbol.
type fseTable struct {
	bits  int // of a state, -1 if there is no table
	entry [512]struct {
		next   uint16
		symbol uint8
		bits   uint8
	}
}

// How the three tables differ: literal lengths, offsets, match lengths.
var (
	fseMost    = [3]int{9, 8, 9}
	fseSymbols = [3]int{36, 32, 53}
	fseDefault = [3][]int8{
		{4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1},
		{1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1},
		{1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1},
	}
	fseDefaultBits = [3]int{6, 5, 6}
)

// read reads a table in one of four modes and returns the rest of p.
func (t *fseTable) read(p []byte, mode byte, which int) ([]byte, bool) {
	switch mode {
	case 0:
		var freq [64]int16
		for i, n := range fseDefault[which] {
			freq[i] = int16(n)
		}
		t.bits = fseDefaultBits[which]
		return p, t.build(freq[:len(fseDefault[which])])
	case 1:
		if len(p) == 0 || int(p[0]) >= fseSymbols[which] {
			return nil, false
		}
		t.bits = 0
		t.entry[0].next, t.entry[0].symbol, t.entry[0].bits = 0, p[0], 0
		return p[1:], true
	case 2:
		return t.readFSE(p, fseMost[which], fseSymbols[which])
	}
	return p, t.bits >= 0
}

// readFSE reads frequencies, section 4.1.1.
func (t *fseTable) readFSE(p []byte, most, symbols int) ([]byte, bool) {
	var freq [64]int16
	at := 0 // in bits
	take := func(n int) int {
		v := 0
		for i := range n {
			if k := (at + i) >> 3; k < len(p) {
				v |= int(p[k]) >> ((at + i) & 7) & 1 << i
			}
		}
		return v
	}
	t.bits = take(4) + 5
	at = 4
	if t.bits > most {
		return nil, false
	}
	n, left := 0, 1<<t.bits
	for left > 0 {
		if n >= symbols || at > 8*len(p) {
			return nil, false
		}
		// A value of 0 to left+1; the smaller ones take a bit less.
		width := bits.Len(uint(left + 1))
		v := take(width)
		short := 1<<width - 1 - (left + 1)
		if low := v & (1<<(width-1) - 1); low < short {
			v = low
			at += width - 1
		} else {
			if v >= 1<<(width-1) {
				v -= short
			}
			at += width
		}
		freq[n] = int16(v - 1)
		n++
		if v == 0 {
			left--
		} else {
			left -= v - 1
		}
		if v == 1 { // zero, and how many more
			for {
				more := take(2)
				at += 2
				n += more
				if more < 3 {
					break
				}
				if n >= symbols || at > 8*len(p) {
					return nil, false
				}
			}
		}
	}
	used := (at + 7) / 8
	if left < 0 || n > symbols || used > len(p) {
		return nil, false
	}
	return p[used:], t.build(freq[:n])
}

// build makes the table of these frequencies; -1 is less than one.
func (t *fseTable) build(freq []int16) bool {
	size := 1 << t.bits
	var next [64]uint16
	high := size
	for i, f := range freq {
		next[i] = uint16(f)
		if f == -1 {
			high--
			if high < 0 {
				return false
			}
			t.entry[high].symbol = uint8(i)
			next[i] = 1
		}
	}
	pos, step := 0, size>>1+size>>3+3
	for i, f := range freq {
		for range max(f, 0) {
			t.entry[pos].symbol = uint8(i)
			for {
				pos = (pos + step) & (size - 1)
				if pos < high {
					break
				}
				if high == 0 {
					return false
				}
			}
		}
	}
	if pos != 0 {
		return false
	}
	for i := range size {
		e := &t.entry[i]
		x := next[e.symbol]
		next[e.symbol]++
		e.bits = uint8(t.bits + 1 - bits.Len16(x))
		e.next = x<<e.bits - uint16(size)
	}
	return true
}

// backward reads bits from the end of p to its start.
type backward struct {
	p    []byte
	left int // bits; negative if more were read than there are
}

// start finds the first bit, below the highest that is set.
func (b *backward) start(p []byte) bool {
	if len(p) == 0 || p[len(p)-1] == 0 {
		return false
	}
	b.p, b.left = p, 8*len(p)-9+bits.Len8(p[len(p)-1])
	return true
}

// peek returns the next n ≤ 32 bits, with zeros behind the last.
func (b *backward) peek(n int) uint64 {
	from, shift := b.left-n, 0
	if from < 0 {
		if b.left <= 0 {
			return 0
		}
		shift = -from
		n, from = b.left, 0
	}
	var w uint64
	k := from >> 3
	if k+8 <= len(b.p) {
		q := b.p[k : k+8 : k+8]
		w = uint64(q[0]) | uint64(q[1])<<8 | uint64(q[2])<<16 | uint64(q[3])<<24 |
			uint64(q[4])<<32 | uint64(q[5])<<40 | uint64(q[6])<<48 | uint64(q[7])<<56
	} else {
		for i, c := range b.p[k:] {
			w |= uint64(c) << (8 * i)
		}
	}
	return w >> (from & 7) & (1<<n - 1) << shift
}

func (b *backward) read(n int) uint64 {
	v := b.peek(n)
	b.left -= n
	return v
}
