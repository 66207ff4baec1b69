package contacts

// inflater undoes DEFLATE (RFC 1951), fed and drained in pieces of any size.
// compress/flate pulls from an io.Reader, which a reader that is fed has not; and
// brings bufio, fmt and strconv into the module.
type inflater struct {
	window [windowSize]byte // what was written last, a ring
	at     int              // where the next byte goes
	out    int              // bytes at the end of the ring that nobody took yet
	past   int              // bytes that a match may reach back

	bits  uint32 // read and not used, the first lowest
	nbits uint

	step     inflateStep
	final    bool // this block is the last
	left     int  // bytes of a stored block, or of a match, or lengths still to read
	distance int

	literals, distances huffman
	lengths             [320]uint8
	nlit, ndist, ncode  int
	have                int // lengths read
	symbol              int // of a step that waits for its extra bits
}

const windowSize = 32 << 10

type inflateStep uint8

const (
	inflateHeader  inflateStep = iota
	inflateStored              // the length of a stored block
	inflateCopy                // its bytes
	inflateCounts              // of a dynamic block's codes
	inflateCodes               // lengths of the code of lengths
	inflateLengths             // lengths of the codes
	inflateRepeat              // extra bits of a repeated length
	inflateSymbol
	inflateExtra // bits of a length
	inflateDist
	inflateDistExtra
	inflateMatch
	inflateDone
	inflateBad
)

// A huffman code, as counts and symbols in order (RFC 1951 section 3.2.2).
type huffman struct {
	count  [16]uint16
	symbol [288]uint16
}

// build makes the code of lengths, and reports whether it is one: not more codes
// than there are, and not fewer unless it has only one.
func (h *huffman) build(lengths []uint8) bool {
	clear(h.count[:])
	for _, n := range lengths {
		h.count[n]++
	}
	left, used := 1, len(lengths)-int(h.count[0])
	for n := 1; n < 16; n++ {
		left = left<<1 - int(h.count[n])
		if left < 0 {
			return false
		}
	}
	var offset [16]uint16
	for n := 1; n < 15; n++ {
		offset[n+1] = offset[n] + h.count[n]
	}
	for symbol, n := range lengths {
		if n != 0 {
			h.symbol[offset[n]] = uint16(symbol)
			offset[n]++
		}
	}
	return left == 0 || used == 0 || used == 1 && h.count[1] == 1
}

// decode takes a symbol off the bits: -1 if they do not suffice, -2 if no symbol
// has them.
func (z *inflater) decode(h *huffman) int {
	code, first, index := 0, 0, 0
	for n := uint(1); n < 16; n++ {
		if n > z.nbits {
			return -1
		}
		code |= int(z.bits >> (n - 1) & 1)
		count := int(h.count[n])
		if code-count < first {
			z.bits >>= n
			z.nbits -= n
			return int(h.symbol[index+code-first])
		}
		index += count
		first = (first + count) << 1
		code <<= 1
	}
	return -2
}

// take takes n bits; -1 if there are fewer.
func (z *inflater) take(n uint) int {
	if z.nbits < n {
		return -1
	}
	v := int(z.bits & (1<<n - 1))
	z.bits >>= n
	z.nbits -= n
	return v
}

var (
	lengthBase    = [29]uint16{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	lengthExtra   = [29]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	distanceBase  = [30]uint16{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577}
	distanceExtra = [30]uint8{0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13}
	codeOrder     = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
)

func (z *inflater) reset() {
	z.at, z.out, z.bits, z.nbits, z.step, z.final = 0, 0, 0, 0, inflateHeader, false
	z.past = 0
}

// full reports whether there is no room for a byte more before some are taken.
func (z *inflater) full() bool { return z.out >= windowSize/2 }

func (z *inflater) put(c byte) {
	z.window[z.at] = c
	z.at = (z.at + 1) % windowSize
	z.out++
	z.past = min(z.past+1, windowSize)
}

// pending returns bytes that were written and not taken, those that lie together.
func (z *inflater) pending() []byte {
	from := (z.at - z.out + windowSize) % windowSize
	return z.window[from:min(from+z.out, windowSize)]
}

// push reads p until it is used up, the output full or the end reached, and
// returns how many bytes it took.
func (z *inflater) push(p []byte) (n int) {
	for !z.full() && z.step < inflateDone {
		// A byte is read when it is needed, so that none of what follows is.
		if !z.advance() {
			if n == len(p) {
				break
			}
			z.bits |= uint32(p[n]) << z.nbits
			z.nbits += 8
			n++
		}
	}
	return n
}

// advance does a step; false means that it needs more bits.
func (z *inflater) advance() bool {
	switch z.step {
	case inflateHeader:
		if z.final {
			z.take(z.nbits & 7)
			z.step = inflateDone
			return true
		}
		v := z.take(3)
		if v < 0 {
			return false
		}
		z.final = v&1 != 0
		switch v >> 1 {
		case 0:
			z.take(z.nbits & 7)
			z.step = inflateStored
		case 1:
			z.fixed()
			z.step = inflateSymbol
		case 2:
			z.step = inflateCounts
		default:
			z.step = inflateBad
		}
	case inflateStored:
		if z.nbits < 32 {
			return false
		}
		size, check := z.take(16), z.take(16)
		if size != check^0xffff {
			z.step = inflateBad
			return true
		}
		z.left, z.step = size, inflateCopy
	case inflateCopy:
		if z.left == 0 {
			z.step = inflateHeader
			return true
		}
		c := z.take(8)
		if c < 0 {
			return false
		}
		z.put(byte(c))
		z.left--
	case inflateCounts:
		v := z.take(14)
		if v < 0 {
			return false
		}
		z.nlit, z.ndist, z.ncode = v&31+257, v>>5&31+1, v>>10+4
		z.have, z.step = 0, inflateCodes
		clear(z.lengths[:])
		if z.nlit > 286 {
			z.step = inflateBad
		}
	case inflateCodes:
		if z.have == z.ncode {
			if !z.literals.build(z.lengths[:19]) {
				z.step = inflateBad
				return true
			}
			z.have, z.step = 0, inflateLengths
			clear(z.lengths[:])
			return true
		}
		v := z.take(3)
		if v < 0 {
			return false
		}
		z.lengths[codeOrder[z.have]] = uint8(v)
		z.have++
	case inflateLengths:
		if z.have == z.nlit+z.ndist {
			z.step = inflateSymbol
			if z.lengths[256] == 0 || !z.literals.build(z.lengths[:z.nlit]) || !z.distances.build(z.lengths[z.nlit:z.nlit+z.ndist]) {
				z.step = inflateBad
			}
			return true
		}
		switch v := z.decode(&z.literals); {
		case v == -1:
			return false
		case v == -2:
			z.step = inflateBad
		case v < 16:
			z.lengths[z.have] = uint8(v)
			z.have++
		default:
			z.symbol, z.step = v, inflateRepeat
		}
	case inflateRepeat:
		bits, base, value := uint(2), 3, uint8(0)
		switch z.symbol {
		case 16:
			if z.have > 0 {
				value = z.lengths[z.have-1]
			}
		case 17:
			bits = 3
		case 18:
			bits, base = 7, 11
		}
		v := z.take(bits)
		if v < 0 {
			return false
		}
		z.step = inflateLengths
		if z.have+base+v > z.nlit+z.ndist || z.symbol == 16 && z.have == 0 {
			z.step = inflateBad
			return true
		}
		for range base + v {
			z.lengths[z.have] = value
			z.have++
		}
	case inflateSymbol:
		switch v := z.decode(&z.literals); {
		case v == -1:
			return false
		case v == -2, v > 285:
			z.step = inflateBad
		case v < 256:
			z.put(byte(v))
		case v == 256:
			z.step = inflateHeader
		default:
			z.symbol, z.step = v-257, inflateExtra
		}
	case inflateExtra:
		v := z.take(uint(lengthExtra[z.symbol]))
		if v < 0 {
			return false
		}
		z.left, z.step = int(lengthBase[z.symbol])+v, inflateDist
	case inflateDist:
		switch v := z.decode(&z.distances); {
		case v == -1:
			return false
		case v == -2, v > 29:
			z.step = inflateBad
		default:
			z.symbol, z.step = v, inflateDistExtra
		}
	case inflateDistExtra:
		v := z.take(uint(distanceExtra[z.symbol]))
		if v < 0 {
			return false
		}
		z.distance, z.step = int(distanceBase[z.symbol])+v, inflateMatch
		if z.distance > z.past {
			z.step = inflateBad
		}
	case inflateMatch:
		for z.left > 0 && !z.full() {
			z.put(z.window[(z.at-z.distance+windowSize)%windowSize])
			z.left--
		}
		if z.left == 0 {
			z.step = inflateSymbol
		}
	}
	return true
}

// fixed makes the codes of RFC 1951 section 3.2.6.
func (z *inflater) fixed() {
	for i := range 288 {
		switch {
		case i < 144:
			z.lengths[i] = 8
		case i < 256:
			z.lengths[i] = 9
		case i < 280:
			z.lengths[i] = 7
		default:
			z.lengths[i] = 8
		}
	}
	z.literals.build(z.lengths[:288])
	for i := range 30 {
		z.lengths[i] = 5
	}
	z.distances.build(z.lengths[:30])
}
