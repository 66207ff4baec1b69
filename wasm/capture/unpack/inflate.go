package unpack

// An inflater undoes deflate, RFC 1951. It can stop after any byte of its input
// and whenever its output is full, and goes on from there.
type inflater struct {
	state state
	final bool

	bits  uint64 // not used yet, the next one lowest
	nbits uint

	stored  int // bytes of a stored block to come
	length  int // bytes of a match to come
	dist    int
	lit     huffman
	distant huffman

	// Of the header of a dynamic block.
	nlit, ndist, ncode int
	read               int
	lens               [288 + 32]uint8
}

type state uint8

const (
	blockHeader state = iota
	storedHeader
	storedData
	tableSizes
	codeLengths
	symbolLengths
	symbols
	match
	finished
	broken
)

// reset starts a new stream.
func (d *inflater) reset() {
	d.state, d.final, d.bits, d.nbits, d.length = blockHeader, false, 0, 0, 0
}

// A huffman code, canonical, its bits in the order they come in.
type huffman struct {
	fast   [1 << fastBits]uint16 // symbol<<4 | bits, or slow
	count  [16]uint16            // symbols by bits
	symbol []uint16              // in the order of their codes
}

const (
	fastBits = 10
	slow     = 0xffff // more bits than fastBits, or no symbol
)

// build makes the code of these lengths and reports whether there is one. A
// code with one symbol need not be complete.
func (h *huffman) build(lens []uint8) bool {
	h.count = [16]uint16{}
	for _, n := range lens {
		h.count[n]++
	}
	used := len(lens) - int(h.count[0])
	h.count[0] = 0
	left := 1
	var offset [16]uint16
	for n := 1; n < 16; n++ {
		left = left<<1 - int(h.count[n])
		if left < 0 {
			return false
		}
		if n < 15 {
			offset[n+1] = offset[n] + h.count[n]
		}
	}
	if left > 0 && used > 1 {
		return false
	}
	if cap(h.symbol) < used {
		h.symbol = make([]uint16, len(lens))
	}
	h.symbol = h.symbol[:used]
	for i, n := range lens {
		if n != 0 {
			h.symbol[offset[n]] = uint16(i)
			offset[n]++
		}
	}
	for i := range h.fast {
		h.fast[i] = slow
	}
	code, i := 0, 0
	for n := 1; n <= fastBits; n++ {
		for range h.count[n] {
			reversed := 0
			for b := range n {
				reversed |= code >> b & 1 << (n - 1 - b)
			}
			for ; reversed < 1<<fastBits; reversed += 1 << n {
				h.fast[reversed] = h.symbol[i]<<4 | uint16(n)
			}
			code++
			i++
		}
		code <<= 1
	}
	return true
}

// next returns the symbol that bits begin with and how many of them it has, 0 if
// there is none.
func (h *huffman) next(bits uint64) (symbol int, n uint) {
	if e := h.fast[bits&(1<<fastBits-1)]; e != slow {
		return int(e >> 4), uint(e & 15)
	}
	code, first, index := 0, 0, 0
	for n := uint(1); n < 16; n++ {
		code |= int(bits & 1)
		bits >>= 1
		count := int(h.count[n])
		if code-count < first {
			return int(h.symbol[index+code-first]), n
		}
		index += count
		first = (first + count) << 1
		code <<= 1
	}
	return 0, 0
}

var (
	lengthBase  = [29]uint16{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	lengthExtra = [29]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	distBase    = [30]uint16{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577}
	codeOrder   = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
)

// run reads from in and appends to out up to its capacity; matches reach back
// into what out holds. It returns how much of in it used. It stops where in is
// used up, where out is full (full is true), behind the last block, and where
// the stream is broken: see state.
func (d *inflater) run(out, in []byte) (_ []byte, used int, full bool) {
	// take moves input into bits until n are there.
	take := func(n uint) bool {
		for d.nbits < n {
			if used == len(in) {
				return false
			}
			d.bits |= uint64(in[used]) << d.nbits
			d.nbits += 8
			used++
		}
		return true
	}
	drop := func(n uint) (v int) {
		v = int(d.bits & (1<<n - 1))
		d.bits >>= n
		d.nbits -= n
		return v
	}
	for {
		switch d.state {
		case blockHeader:
			if d.final {
				d.state = finished
				continue
			}
			if !take(3) {
				return out, used, false
			}
			d.final = drop(1) == 1
			switch drop(2) {
			case 0:
				drop(d.nbits & 7)
				d.state = storedHeader
			case 1:
				for i := range d.lens[:288] {
					d.lens[i] = 8
				}
				for i := 144; i < 256; i++ {
					d.lens[i] = 9
				}
				for i := 256; i < 280; i++ {
					d.lens[i] = 7
				}
				d.lit.build(d.lens[:288])
				for i := range d.lens[:32] {
					d.lens[i] = 5
				}
				d.distant.build(d.lens[:32])
				d.state = symbols
			case 2:
				d.state = tableSizes
			default:
				d.state = broken
			}
		case storedHeader:
			if !take(32) {
				return out, used, false
			}
			size, check := drop(16), drop(16)
			if size^check != 0xffff {
				d.state = broken
				continue
			}
			d.stored, d.state = size, storedData
		case storedData:
			for d.stored > 0 && d.nbits > 0 {
				if len(out) == cap(out) {
					return out, used, true
				}
				out = append(out, byte(drop(8)))
				d.stored--
			}
			n := min(d.stored, len(in)-used, cap(out)-len(out))
			out = append(out, in[used:used+n]...)
			used += n
			if d.stored -= n; d.stored > 0 {
				return out, used, used < len(in)
			}
			d.state = blockHeader
		case tableSizes:
			if !take(14) {
				return out, used, false
			}
			d.nlit, d.ndist, d.ncode = drop(5)+257, drop(5)+1, drop(4)+4
			if d.nlit > 286 || d.ndist > 30 {
				d.state = broken
				continue
			}
			d.read = 0
			clear(d.lens[:19])
			d.state = codeLengths
		case codeLengths:
			for ; d.read < d.ncode; d.read++ {
				if !take(3) {
					return out, used, false
				}
				d.lens[codeOrder[d.read]] = uint8(drop(3))
			}
			d.state = symbolLengths
			if !d.lit.build(d.lens[:19]) {
				d.state = broken
			}
			d.read = 0
		case symbolLengths:
			for d.read < d.nlit+d.ndist && d.state == symbolLengths {
				enough := take(14)
				symbol, n := d.lit.next(d.bits)
				extra, times, value := uint(0), 1, uint8(symbol)
				switch symbol {
				case 16:
					extra, times = 2, 3
				case 17:
					extra, times, value = 3, 3, 0
				case 18:
					extra, times, value = 7, 11, 0
				}
				if n == 0 && enough || symbol == 16 && d.read == 0 && n != 0 {
					d.state = broken
					break
				}
				if n == 0 || n+extra > d.nbits {
					return out, used, false
				}
				drop(n)
				times += drop(extra)
				if symbol == 16 {
					value = d.lens[d.read-1]
				}
				if d.read+times > d.nlit+d.ndist {
					d.state = broken
					break
				}
				for range times {
					d.lens[d.read] = value
					d.read++
				}
			}
			if d.state == broken {
				continue
			}
			d.state = symbols
			if d.lens[256] == 0 || !d.lit.build(d.lens[:d.nlit]) || !d.distant.build(d.lens[d.nlit:d.nlit+d.ndist]) {
				d.state = broken
			}
		case symbols:
			var stop bool
			out, used, stop, full = d.symbols(out, in, used)
			if stop {
				return out, used, full
			}
		case match:
			n := min(d.length, cap(out)-len(out))
			out = appendMatch(out, d.dist, n)
			if d.length -= n; d.length > 0 {
				return out, used, true
			}
			d.state = symbols
		default: // finished, broken
			if d.state == finished {
				// Whole bytes that were taken too early belong to what follows.
				// Those of an earlier call stay in bits: see Stream.
				drop(d.nbits & 7)
				for ; d.nbits > 0 && used > 0; d.nbits -= 8 {
					used--
				}
				d.bits &= 1<<d.nbits - 1
			}
			return out, used, false
		}
	}
}

// symbols is the hot loop.
func (d *inflater) symbols(to, in []byte, used int) (_ []byte, _ int, stop, full bool) {
	bits, nbits := d.bits, d.nbits
	out, n := to[:cap(to)], len(to)
	bad := false
	for n < len(out) {
		if nbits < 48 { // what a match can need
			if used+8 <= len(in) {
				q := in[used : used+8 : used+8]
				bits |= (uint64(q[0]) | uint64(q[1])<<8 | uint64(q[2])<<16 | uint64(q[3])<<24 |
					uint64(q[4])<<32 | uint64(q[5])<<40 | uint64(q[6])<<48 | uint64(q[7])<<56) << nbits
				used += int(63-nbits) >> 3
				nbits |= 56
			} else {
				for nbits <= 56 && used < len(in) {
					bits |= uint64(in[used]) << nbits
					nbits += 8
					used++
				}
			}
		}
		e := uint(d.lit.fast[bits&(1<<fastBits-1)])
		if e == slow {
			symbol, long := d.lit.next(bits)
			if long == 0 {
				bad = nbits >= 15
				break
			}
			e = uint(symbol)<<4 | long
		}
		size := e & 15
		if size > nbits {
			break
		}
		if e < 256<<4 {
			out[n] = byte(e >> 4)
			n++
			bits >>= size
			nbits -= size
			continue
		}
		if e>>4 == 256 {
			bits >>= size
			nbits -= size
			d.state = blockHeader
			break
		}
		e = e>>4 - 257
		if e >= uint(len(lengthBase)) {
			bad = true
			break
		}
		b := bits >> size
		extra := uint(lengthExtra[e])
		length := int(lengthBase[e]) + int(b&(1<<extra-1))
		b >>= extra
		size += extra
		far := uint(d.distant.fast[b&(1<<fastBits-1)])
		if far == slow {
			symbol, long := d.distant.next(b)
			if long == 0 {
				bad = nbits >= size+15
				break
			}
			far = uint(symbol)<<4 | long
		}
		size += far & 15
		b >>= far & 15
		if far >>= 4; far >= uint(len(distBase)) {
			bad = true
			break
		}
		extra = 0
		if far >= 4 {
			extra = far/2 - 1
		}
		dist := int(distBase[far]) + int(b&(1<<extra-1))
		if size += extra; size > nbits {
			break
		}
		if dist > n {
			bad = true
			break
		}
		bits >>= size
		nbits -= size
		if room := len(out) - n; length > room {
			d.length, d.dist, d.state = length-room, dist, match
			length = room
		}
		if dist >= length {
			n += copy(out[n:n+length], out[n-dist:])
		} else {
			n = len(appendMatch(out[:n], dist, length))
		}
	}
	d.bits, d.nbits = bits&(1<<nbits-1), nbits
	switch {
	case bad:
		d.state = broken
	case d.state == symbols: // for want of one or the other
		return out[:n], used, true, n == len(out)
	}
	return out[:n], used, d.state == match, d.state == match
}

// appendMatch repeats n bytes from dist back, which may overlap. out has the
// capacity.
func appendMatch(out []byte, dist, n int) []byte {
	from := len(out) - dist
	for n > dist {
		out = append(out, out[from:from+dist]...)
		n -= dist
		dist *= 2
	}
	return append(out, out[from:from+n]...)
}
