package audit

import "unicode/utf8"

// lz64 undoes lz-string (pieroxy, MIT) in its Base64 and URL spellings and looks
// inside where text comes out.
func (s *scan) lz64(l *layer, at span, p []byte) {
	// The first letter tells: two bits of kind, eight or sixteen of a letter. What
	// is no text gives up there.
	first, second := values64[p[0]], values64[p[1]]
	if first>>4 != 0 && first>>4 != 2 {
		return
	}
	if first>>4 == 0 { // eight bits, the lowest first
		c := byte(0)
		for i := range 4 {
			c |= (first>>(3-i)&1)<<i | (second>>(5-i)&1)<<(i+4)
		}
		if classes[c]&clsControl != 0 {
			return
		}
	} else if !alone(l.p, at.from, at.to) {
		return
	}
	for _, url := range [2]bool{true, false} {
		if url && (!hasByte(p, '-') || hasByte(p, '_') || hasByte(p, '/')) {
			continue
		}
		if r := (lzBits{p: p, width: 6, url: url}); s.lz(l, at, &r) {
			return
		}
	}
}

// lzBytes undoes lz-string in bytes.
func (s *scan) lzBytes(l *layer) bool {
	r := lzBits{p: l.p, width: 8}
	return s.lz(l, span{0, len(l.p)}, &r)
}

// lzText looks for lz-string in letters of 15 bits: compressToUTF16. They are
// between quotes or tags, or those of a form, or all there is, and few are of
// ASCII.
func (s *scan) lzText(l *layer) {
	if p := l.p; p[len(p)-1] == ' ' && p[0] >= 0xc0 {
		r := lzBits{p: p, width: 15}
		if s.lz(l, span{0, len(p)}, &r) {
			return
		}
	}
	s.lzBetween(l, '"', '"')
	for _, marks := range [2]string{"<>", "=&"} {
		if hasByte(l.p, marks[0]) {
			s.lzBetween(l, marks[0], marks[1])
		}
	}
}

func (s *scan) lzBetween(l *layer, a, b byte) {
	p := l.p
	for from := 0; from < len(p); {
		to, wide, runes := from, 0, 0
	value:
		for ; to < len(p); to++ {
			switch c := p[to]; {
			case c == a || c == b:
				break value
			case c >= 0xc0:
				wide++
				runes++
			case c < 0x80:
				runes++
			}
		}
		if wide >= 3 && 2*wide >= runes && p[to-1] == ' ' { // which it puts at the end
			r := lzBits{p: p[from:to], width: 15}
			s.lz(l, span{from, to}, &r)
		}
		from = to + 1
	}
}

// lzBits reads bits from letters.
type lzBits struct {
	p     []byte
	i     int
	width uint // bits in a letter: 6 of Base64, 8 of bytes, 15 of compressToUTF16
	url   bool // lz-string's own alphabet: - is 63
	x     uint32
	n     uint // bits left in x
	ended bool
}

func (r *lzBits) bit() uint32 {
	if r.n == 0 {
		if r.i >= len(r.p) {
			r.ended = true
			return 0
		}
		r.n = r.width
		if r.width == 15 {
			c, n := utf8.DecodeRune(r.p[r.i:])
			r.x = uint32(c-' ') & 0x7fff
			r.i += n
			r.n--
			return r.x >> r.n & 1
		}
		c := r.p[r.i]
		r.i++
		switch {
		case r.width == 8:
			r.x = uint32(c)
		case r.url && c == '-':
			r.x = 63
		default:
			r.x = uint32(values64[c] & 63)
		}
	}
	r.n--
	return r.x >> r.n & 1
}

// left returns how many letters, at most 3, are behind those that were read.
func (r *lzBits) left() int {
	if r.width == 15 {
		return min(3, utf8.RuneCount(r.p[r.i:min(len(r.p), r.i+12)]))
	}
	return min(3, len(r.p)-r.i)
}

// bits reads n bits, the lowest first.
func (r *lzBits) bits(n uint) (v uint32) {
	for i := range n {
		v |= r.bit() << i
	}
	return v
}

// lz decompresses and looks inside.
func (s *scan) lz(l *layer, at span, r *lzBits) bool {
	letter := func(kind uint32) (rune, bool) {
		switch kind {
		case 0:
			return rune(r.bits(8)), true
		case 1:
			return rune(r.bits(16)), true
		}
		return 0, false
	}
	first, ok := letter(r.bits(2))
	if !ok || first < ' ' && first != '\n' && first != '\t' && first != '\r' || first == 0x7f || r.ended {
		return false
	}
	if first > 0x7f && first < 0xa0 || first >= 0xd800 && first < 0xe000 {
		return false
	}
	out := appendRune(s.buffer(l.depth+1), first)
	dictionary := append(s.lzEntries[:0], lzEntry{}, lzEntry{}, lzEntry{}, lzEntry{0, int32(len(out))})
	w := lzEntry{0, int32(len(out))}
	enlarge, bits := 4, uint(3)
	done := false
	for !r.ended && len(out) < s.room() {
		code := r.bits(bits)
		if r.ended {
			break
		}
		from := int32(len(out))
		switch {
		case code < 2:
			c, _ := letter(code)
			if c < 0x80 && classes[byte(c)]&clsControl != 0 || r.ended {
				code = 1 << 30 // no text
				break
			}
			out = appendRune(out, c)
			e := lzEntry{from, int32(len(out))}
			dictionary = append(dictionary, e)
			// The letter itself is an entry, and then w with it.
			enlarge--
			if enlarge == 0 {
				enlarge = 1 << bits
				bits++
			}
		case code == 2:
			done = true
		case int(code) < len(dictionary):
			e := dictionary[code]
			out = append(out, out[e.from:e.to]...)
		case int(code) == len(dictionary):
			out = append(out, out[w.from:w.to]...)
			n := 1
			for int(w.from)+n < int(w.to) && out[int(w.from)+n]&0xc0 == 0x80 {
				n++
			}
			out = append(out, out[w.from:int(w.from)+n]...)
		default:
			code = 1 << 30
		}
		if done || code == 1<<30 {
			break
		}
		// w and the first letter of what came stand next to each other in out only
		// if w came just before: it always did.
		n := int32(1)
		for from+n < int32(len(out)) && out[from+n]&0xc0 == 0x80 {
			n++
		}
		dictionary = append(dictionary, lzEntry{w.from, from + n})
		w = lzEntry{from, int32(len(out))}
		enlarge--
		if enlarge == 0 {
			enlarge = 1 << bits
			bits++
		}
	}
	s.lzEntries = dictionary
	s.buffers[l.depth+1] = out
	if !done || len(out) < 7 || r.left() > 2 {
		return false
	}
	s.look(s.child(l, "lz-string", boxed, at, out))
	return true
}

type lzEntry struct{ from, to int32 }
