package audit

import (
	"math/bits"

	"sealbook/wasm/digest"
)

// binary goes over bytes that are no text: raw digests, fixed64 and float64 by 8
// bytes at every place, varints where one ends, and text where some is.
func (s *scan) binary(l *layer) {
	p := l.p
	filter := &s.b.bloom
	w := uint64(0)
	run, behind := uint32(0), 0
	for i, c := range p {
		// No branch here depends on what random bytes are: each is taken rarely.
		w = w<<8 | uint64(c)
		if filter.may(mix(w)) && i >= 7 {
			s.word(l, i-7, w)
		}
		if w&0x8080808080 == 0x8080808000 {
			s.varint(l, i)
		}
		k := binaryClasses[c]
		if run&^k >= 7 {
			s.inside(l, i-int(run), i)
		}
		run = (run + 1) & k
		if k == binaryRare {
			switch {
			case c == 8 && w&0xffff00 == 0x1f8b00 && i > 2, w&0xffffffff == 0x28b52ffd && i > 3, w&0xffffffff == 0x504b0304 && i > 3:
				s.embedded(l, i)
			case c == 0 && i >= behind && w&0xff00ff00ff == 0 && w&0xff00ff00 != 0:
				behind = s.wide(l, i)
			}
			run = 0
		}
	}
	if run >= 7 {
		s.inside(l, len(p)-int(run), len(p))
	}
	s.fixed32(l)
}

// binaryRare marks bytes that end a magic, and zero; it leaves no run that counts.
const binaryRare = 6

// binaryClasses are all ones for text, zero for other bytes, and binaryRare.
var binaryClasses = func() (t [256]uint32) {
	for c := range t {
		switch {
		case c == 0 || c == 8 || c == 4 || c == 0xfd:
			t[c] = binaryRare
		case c < 0x80 && classes[c]&clsControl == 0:
			t[c] = 1<<32 - 1
		}
	}
	return t
}()

// sparse looks at bytes that are as long as a digest for what begins at every
// fourth of them.
func (s *scan) sparse(l *layer) {
	p := l.p
	for i := 0; i+8 <= len(p); i += 4 {
		w := bigEndian(p[i:])
		if s.b.bloom.may(mix(w)) {
			s.word(l, i, w)
		}
	}
}

// inside goes over text among bytes.
func (s *scan) inside(l *layer, from, to int) {
	s.fresh()
	s.words(l, from, to)
}

// word looks what 8 bytes are.
func (s *scan) word(l *layer, from int, key uint64) {
	p := l.p[from:]
	filter := &s.b.bloom
	for w := s.b.words.first(key); ; {
		e := w.next()
		if e == nil {
			return
		}
		if e.what >= wordFixed64 {
			c := Likely
			if e.what == wordFixed64National || e.what == wordFloatNational {
				c = Possible
			}
			f := international
			if c == Possible {
				f = significant
			}
			s.put(l, span{from, from + 8}, e.of, Number, c, f, "")
			continue
		}
		var sum [digest.MaxSize]byte
		size, name := s.b.calculate(*e, &sum)
		n := 0
		for n < size && n < len(p) && p[n] == sum[n] {
			n++
		}
		if n < size && s.strict {
			continue // a field of the message, or none
		}
		alone := from == 0 && len(l.p) == size && !filter.may(mix(bigEndian(p[8:]))) // and not two, cut, beside each other
		if n == len(l.p) && n >= 8 || whole(n, size, len(p)-n, alone || n > size/2 && n != 10 && n != 12 && n != 16 && n != 20 && n != 24 && n != 28 && n != 32 && n != 48) {
			s.digestAt(l, span{from, from + n}, e.of, name, n, size)
		}
	}
}

// varint looks at a varint of 5 bytes or more that ends at i.
func (s *scan) varint(l *layer, i int) {
	p := l.p
	from := i
	for from > 0 && i-from < 10 && p[from-1] >= 0x80 {
		from--
	}
	if i-from > 9 {
		return // no varint is that long: its end is none
	}
	v := uint64(0)
	for k := i; k >= from; k-- {
		v = v<<7 | uint64(p[k]&0x7f)
	}
	s.whole64(l, span{from, i + 1}, v, i+1-from >= 5)
}

// whole64 looks up an integer, and what it is in zigzag.
func (s *scan) whole64(l *layer, at span, v uint64, long bool) {
	if v < 1e6 {
		return
	}
	if s.b.decimals.has(v, 0) {
		s.integer(l, at, v, long)
	}
	if v&1 == 0 && s.b.decimals.has(v/2, 0) {
		s.integer(l, at, v/2, long)
	}
}

// fixed32 looks for numbers without calling code in 4 bytes, of either order,
// where few bytes make chance unlikely.
func (s *scan) fixed32(l *layer) {
	p := l.p
	if len(p) > 4096 {
		return
	}
	w := uint32(0)
	for i, c := range p {
		w = w<<8 | uint32(c)
		if h := shortHash(w); s.b.short[h>>6]>>(h&63)&1 == 0 || i < 3 {
			continue
		}
		for k, v := range [2]uint32{w, bits.ReverseBytes32(w)} {
			if v > 1e7 && (k == 0 || v != w) && s.b.decimals.has(uint64(v), 0) {
				s.integer(l, span{i - 3, i + 1}, uint64(v), false)
			}
		}
	}
}

// wide looks at text of two bytes a letter of which one is the zero at i, and
// returns where it ends.
func (s *scan) wide(l *layer, i int) int {
	p := l.p
	letter := func(k int) bool { return k >= 0 && k < len(p) && p[k] != 0 && classes[p[k]]&clsControl == 0 }
	first, last := i, i
	for first >= 2 && p[first-2] == 0 && letter(first-1) {
		first -= 2
	}
	for last+2 < len(p) && p[last+2] == 0 && letter(last+1) {
		last += 2
	}
	if last-first < 12 {
		return last + 1
	}
	l.known = l.known || 2*(last-first) >= len(p)
	// The zeros are the second bytes, or the first, or who knows.
	// A letter beyond either end is part of the text, so that no end of a longer
	// run of digits is one.
	if letter(first - 1) {
		s.utf16(l, span{first - 1, last + 1}, false, letter(last+1))
	}
	if letter(last + 1) {
		s.utf16(l, span{first, last + 2}, true, letter(first-1))
	}
	if !letter(first-1) && !letter(last+1) { // zeros around it, such as those of its length and its end
		s.utf16(l, span{first + 1, last + 1}, false, false)
	}
	return last + 1
}

// wideText looks at a layer that is UTF-16 as a whole, as a mark of the order of
// bytes says, or because all that one of two bytes holds is few values: those of
// a script or two. It reports whether a mark says so.
func (s *scan) wideText(l *layer) bool {
	p := l.p
	if len(p) < 14 || len(p)%2 != 0 || l.kind == hidden || l.step == "utf-16" {
		return false
	}
	if p[0] == 0xff && p[1] == 0xfe || p[0] == 0xfe && p[1] == 0xff {
		s.utf16(l, span{2, len(p)}, p[0] == 0xfe, false)
		return true
	}
	if isText(p) {
		return false
	}
	for first := range 2 {
		var seen [3]byte
		n, zeros := 0, 0
		for i := first; i < len(p) && i < 512; i += 2 {
			known := false
			for _, c := range seen[:n] {
				known = known || c == p[i]
			}
			if p[i] == 0 {
				zeros++
			}
			if known {
				continue
			}
			if n == len(seen) || p[i] >= 0xd8 && p[i] < 0xf9 {
				n = len(seen) + 1
				break
			}
			seen[n] = p[i]
			n++
		}
		if n <= len(seen) && zeros < len(p)/2 && 6*n <= len(p) {
			s.utf16(l, span{0, len(p)}, first == 0, false)
		}
	}
	return false
}

// utf16 looks at UTF-16 of an order of bytes; more says that half a letter stands
// before it, if big, or behind it.
func (s *scan) utf16(l *layer, at span, big, more bool) {
	p := l.p[at.from:at.to]
	buf := s.buffer(l.depth + 1)
	moves := 0
	c := s.child(l, "utf-16", mapped, at, nil)
	if more && big {
		c.moves = append(c.moves, move{0, int32(at.from - 1)})
		buf = append(buf, l.p[at.from-1])
	}
	for i := 0; i+1 < len(p); {
		from := i
		r := unit(p[i:], big)
		i += 2
		if r >= 0xd800 && r < 0xdc00 && i+1 < len(p) {
			if low := unit(p[i:], big); low >= 0xdc00 && low < 0xe000 {
				r = 0x10000 + (r-0xd800)<<10 + low - 0xdc00
				i += 2
			}
		}
		c.moves = append(c.moves, move{int32(len(buf)), int32(at.from + from)})
		buf = appendRune(buf, r)
		moves++
	}
	c.moves = append(c.moves, move{int32(len(buf)), int32(at.to)})
	if more && !big {
		buf = append(buf, l.p[at.to])
	}
	s.buffers[l.depth+1] = buf
	c.p = buf
	s.look(c)
}

func unit(p []byte, big bool) rune {
	if big {
		return rune(p[0])<<8 | rune(p[1])
	}
	return rune(p[1])<<8 | rune(p[0])
}
