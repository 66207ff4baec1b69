package unpack

import "math/bits"

// A zstdReader holds what one frame of Zstandard hands from block to block.
type zstdReader struct {
	out   []byte
	start int // of this frame in out
	limit int // of len(out)

	huff     []uint16 // symbol<<8 | bits, by the next huffBits bits; empty before the first tree
	huffBits int
	tables   [3]fseTable // of literal lengths, offsets, match lengths
	repeats  [3]int
	literals []byte
}

const (
	zstdMagic = 0xfd2fb528
	zstdBlock = 128 << 10 // bytes that a block may unpack to
)

// Zstd appends what the frames of p unpack to, at most limit bytes. The
// checksum, which is optional, is not looked at.
func Zstd(to, p []byte, limit int) ([]byte, error) {
	z := zstdReader{out: to, limit: len(to) + limit}
	if len(p) == 0 {
		return to, Short
	}
	for len(p) > 0 {
		n, err := z.frame(p)
		if err != 0 {
			return z.out, err
		}
		p = p[n:]
	}
	return z.out, nil
}

// frame reads one frame and returns its size.
func (z *zstdReader) frame(p []byte) (int, Error) {
	if len(p) < 4 {
		return 0, Short
	}
	magic := little32(p)
	if magic&0xfffffff0 == 0x184d2a50 { // skippable
		if len(p) < 8 {
			return 0, Short
		}
		n := uint64(little32(p[4:])) + 8
		if n > uint64(len(p)) {
			return 0, Short
		}
		return int(n), 0
	}
	if magic != zstdMagic {
		return 0, Corrupt
	}
	if len(p) < 6 {
		return 0, Short
	}
	flags := p[4]
	n := 5
	if flags&0x08 != 0 {
		return 0, Corrupt
	}
	if flags&0x20 == 0 {
		n++ // window: all of the output is at hand
	}
	dictionary := [...]int{0, 1, 2, 4}[flags&3]
	if len(p) < n+dictionary {
		return 0, Short
	}
	for _, c := range p[n : n+dictionary] {
		if c != 0 {
			return 0, Unsupported
		}
	}
	n += dictionary + [...]int{0, 2, 4, 8}[flags>>6]
	if flags&0xe0 == 0x20 {
		n++
	}
	z.start, z.repeats, z.huff = len(z.out), [3]int{1, 4, 8}, z.huff[:0]
	for i := range z.tables {
		z.tables[i].bits = -1
	}
	for last := false; !last; {
		if len(p) < n+3 {
			return 0, Short
		}
		h := int(p[n]) | int(p[n+1])<<8 | int(p[n+2])<<16
		n += 3
		last = h&1 == 1
		size := h >> 3
		kind := h >> 1 & 3
		if kind == 1 {
			if n == len(p) {
				return 0, Short
			}
			for range min(size, z.limit-len(z.out)) {
				z.out = append(z.out, p[n])
			}
			if len(z.out) == z.limit && size > 0 {
				return 0, Large
			}
			n++
			continue
		}
		block := p[n:]
		if kind == 3 || size > zstdBlock {
			return 0, Corrupt
		}
		if size > len(block) {
			if kind == 0 {
				z.add(block)
			}
			return 0, Short
		}
		block = block[:size]
		n += size
		var err Error
		if kind == 0 {
			err = z.add(block)
		} else {
			err = z.block(block)
		}
		if err != 0 {
			return 0, err
		}
	}
	if flags&4 != 0 {
		n += 4
	}
	if n > len(p) {
		return 0, Short
	}
	return n, 0
}

// add appends p to the output as far as the limit allows.
func (z *zstdReader) add(p []byte) Error {
	if room := z.limit - len(z.out); len(p) > room {
		z.out = append(z.out, p[:room]...)
		return Large
	}
	z.out = append(z.out, p...)
	return 0
}

// block reads a compressed block.
func (z *zstdReader) block(p []byte) Error {
	p, err := z.readLiterals(p)
	if err != 0 {
		return err
	}
	if len(p) == 0 {
		return Corrupt
	}
	count := int(p[0])
	p = p[1:]
	switch {
	case count == 0:
		return z.add(z.literals)
	case count == 255:
		if len(p) < 2 {
			return Corrupt
		}
		count = int(p[0]) + int(p[1])<<8 + 0x7f00
		p = p[2:]
	case count >= 128:
		if len(p) < 1 {
			return Corrupt
		}
		count = (count-128)<<8 + int(p[0])
		p = p[1:]
	}
	if len(p) == 0 {
		return Corrupt
	}
	modes := p[0]
	p = p[1:]
	for i := range z.tables {
		var ok bool
		if p, ok = z.tables[i].read(p, modes>>(6-2*i)&3, i); !ok {
			return Corrupt
		}
	}
	return z.sequences(p, count)
}

// sequences writes literals and matches in turns.
func (z *zstdReader) sequences(p []byte, count int) Error {
	var b backward
	if !b.start(p) {
		return Corrupt
	}
	var at [3]uint
	for i := range at {
		at[i] = uint(b.read(z.tables[i].bits))
	}
	literals := z.literals
	for i := range count {
		lt, ot, mt := &z.tables[0].entry[at[0]], &z.tables[1].entry[at[1]], &z.tables[2].entry[at[2]]
		if lt.symbol > 35 || ot.symbol > 30 || mt.symbol > 52 {
			return Corrupt
		}
		offset := 1<<ot.symbol + int(b.read(int(ot.symbol)))
		ml := lengthOf(mt.symbol, 32, 3, matchBase[:])
		ml += int(b.read(extraBits(mt.symbol, 32, matchBits[:])))
		ll := lengthOf(lt.symbol, 16, 0, literalBase[:])
		ll += int(b.read(extraBits(lt.symbol, 16, literalBits[:])))
		if i < count-1 {
			at[0] = uint(lt.next) + uint(b.read(int(lt.bits)))
			at[2] = uint(mt.next) + uint(b.read(int(mt.bits)))
			at[1] = uint(ot.next) + uint(b.read(int(ot.bits)))
		}
		if b.left < 0 || ll > len(literals) {
			return Corrupt
		}
		if err := z.add(literals[:ll]); err != 0 {
			return err
		}
		literals = literals[ll:]
		offset = z.repeat(offset, ll)
		if offset <= 0 || offset > len(z.out)-z.start {
			return Corrupt
		}
		n := min(ml, z.limit-len(z.out))
		z.out = appendMatch(z.out, offset, n)
		if n < ml {
			return Large
		}
	}
	if b.left != 0 {
		return Corrupt
	}
	return z.add(literals)
}

// repeat resolves an offset that may name one of the last three.
func (z *zstdReader) repeat(offset, literals int) int {
	r := &z.repeats
	if offset > 3 {
		r[2], r[1], r[0] = r[1], r[0], offset-3
		return r[0]
	}
	if literals == 0 {
		offset++
	}
	switch offset {
	case 1:
	case 2:
		r[0], r[1] = r[1], r[0]
	case 3:
		r[0], r[1], r[2] = r[2], r[0], r[1]
	default:
		r[0], r[1], r[2] = r[0]-1, r[0], r[1]
	}
	return r[0]
}

var (
	literalBase = [20]uint32{16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536}
	literalBits = [20]uint8{1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	matchBase   = [21]uint32{35, 37, 39, 41, 43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539}
	matchBits   = [21]uint8{1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
)

// lengthOf is the base of a length code: codes below the first in the tables
// stand for themselves and least more.
func lengthOf(code, first uint8, least int, base []uint32) int {
	if code < first {
		return int(code) + least
	}
	return int(base[code-first])
}

func extraBits(code, first uint8, extra []uint8) int {
	if code < first {
		return 0
	}
	return int(extra[code-first])
}

// readLiterals reads the literals section into z.literals and returns the rest.
func (z *zstdReader) readLiterals(p []byte) ([]byte, Error) {
	if len(p) == 0 {
		return nil, Corrupt
	}
	kind, format := p[0]&3, p[0]>>2&3
	if kind < 2 {
		head, size := 1, int(p[0]>>3)
		if format&1 == 1 {
			head = 2 + int(format>>1)
			if len(p) < head {
				return nil, Corrupt
			}
			size = int(p[0])>>4 | int(p[1])<<4
			if head == 3 {
				size |= int(p[2]) << 12
			}
		}
		p = p[head:]
		if size > zstdBlock {
			return nil, Corrupt
		}
		z.literals = z.literals[:0]
		if kind == 0 {
			if len(p) < size {
				return nil, Corrupt
			}
			z.literals = append(z.literals, p[:size]...)
			return p[size:], 0
		}
		if len(p) == 0 {
			return nil, Corrupt
		}
		for range size {
			z.literals = append(z.literals, p[0])
		}
		return p[1:], 0
	}
	head, width := 3, 10
	if format >= 2 {
		head, width = int(format)+2, 6+4*int(format)
	}
	if len(p) < head {
		return nil, Corrupt
	}
	var h uint64
	for i := range head {
		h |= uint64(p[i]) << (8 * i)
	}
	mask := uint64(1)<<width - 1
	size, packed := int(h>>4&mask), int(h>>(4+width)&mask)
	p = p[head:]
	if size > zstdBlock || packed > len(p) {
		return nil, Corrupt
	}
	data, rest := p[:packed], p[packed:]
	if kind == 2 {
		n, ok := z.readTree(data)
		if !ok {
			return nil, Corrupt
		}
		data = data[n:]
	}
	if len(z.huff) == 0 {
		return nil, Corrupt
	}
	z.literals = z.literals[:0]
	if format == 0 {
		if !z.huffman(data, size) {
			return nil, Corrupt
		}
		return rest, 0
	}
	if len(data) < 6 {
		return nil, Corrupt
	}
	jump := data[:6]
	data = data[6:]
	each := (size + 3) / 4
	for i := range 4 {
		n := len(data)
		if i < 3 {
			n = int(jump[2*i]) | int(jump[2*i+1])<<8
		} else {
			each = size - 3*each
		}
		if n > len(data) || each < 0 || !z.huffman(data[:n], each) {
			return nil, Corrupt
		}
		data = data[n:]
	}
	return rest, 0
}

// huffman reads size literals.
func (z *zstdReader) huffman(p []byte, size int) bool {
	var b backward
	if !b.start(p) {
		return false
	}
	for range size {
		e := z.huff[b.peek(z.huffBits)]
		b.left -= int(e & 0xff)
		z.literals = append(z.literals, byte(e>>8))
	}
	return b.left == 0
}

// readTree reads the weights of a Huffman code, builds its table, and returns
// how many bytes they take.
func (z *zstdReader) readTree(p []byte) (int, bool) {
	if len(p) == 0 {
		return 0, false
	}
	var weights [256]uint8
	n, size := 0, int(p[0])
	p = p[1:]
	if size >= 128 {
		n = size - 127
		size = (n + 1) / 2
		if len(p) < size {
			return 0, false
		}
		for i := range n {
			weights[i] = p[i/2] >> (4 * (1 - i&1)) & 15
		}
	} else {
		if len(p) < size {
			return 0, false
		}
		var t fseTable
		rest, ok := t.readFSE(p[:size], 6, 12)
		var b backward
		if !ok || !b.start(rest) {
			return 0, false
		}
		// Two states in turns, until the bits run out.
		at := [2]uint{uint(b.read(t.bits)), uint(b.read(t.bits))}
		if b.left < 0 {
			return 0, false
		}
		for i := 0; ; i ^= 1 {
			if n > 253 {
				return 0, false
			}
			e := &t.entry[at[i]]
			weights[n] = e.symbol
			n++
			if b.left < int(e.bits) {
				weights[n] = t.entry[at[i^1]].symbol
				n++
				break
			}
			at[i] = uint(e.next) + uint(b.read(int(e.bits)))
		}
	}
	sum := 0
	for _, w := range weights[:n] {
		if w > 11 {
			return 0, false
		}
		sum += 1 << w >> 1
	}
	if sum == 0 {
		return 0, false
	}
	z.huffBits = bits.Len(uint(sum))
	last := 1<<z.huffBits - sum
	if z.huffBits > 11 || last&(last-1) != 0 {
		return 0, false
	}
	weights[n] = uint8(bits.Len(uint(last)))
	n++
	if cap(z.huff) == 0 {
		z.huff = make([]uint16, 0, 1<<11)
	}
	z.huff = z.huff[:0]
	for w := 1; w <= z.huffBits; w++ {
		for i, have := range weights[:n] {
			if int(have) == w {
				for range 1 << (w - 1) {
					z.huff = append(z.huff, uint16(i)<<8|uint16(z.huffBits+1-w))
				}
			}
		}
	}
	return 1 + size, len(z.huff) == 1<<z.huffBits
}
