package unpack

//go:generate go run ./gendict

// A brotliReader undoes RFC 7932.
type brotliReader struct {
	p     []byte
	at    int // the next byte to move into bits
	bits  uint64
	nbits uint
	short bool // more bits were wanted than there are

	out     []byte
	start   int // of the stream in out
	limit   int // of len(out)
	window  int
	recent  [4]int // distances, the last at [last&3]
	last    int
	code    huffman // of code lengths, and of a context map
	lens    [1024]uint8
	kinds   [3]blockKind // literals, commands, distances
	modes   [256]uint8   // context mode by literal block type
	literal []uint8      // context map: tree by block type*64 + context
	distant []uint8      // … by block type*4 + context
}

// blockKind is the sequence of blocks of one kind in a meta-block.
type blockKind struct {
	types      int
	typeCode   huffman
	countCode  huffman
	left       int // symbols in this block
	now, other int // its type, and the one before
	trees      []huffman
}

// Brotli appends what p unpacks to, at most limit bytes.
func Brotli(to, p []byte, limit int) ([]byte, error) {
	if len(p) == 0 {
		return to, Short
	}
	b := &brotliReader{p: p, out: to, start: len(to), limit: len(to) + limit, recent: [4]int{16, 15, 11, 4}, last: 3}
	err := b.stream()
	if b.short {
		err = Short
	}
	if err != 0 {
		return b.out, err
	}
	return b.out, nil
}

// fill moves input into bits until n ≤ 32 are there, or zeros behind its end.
func (b *brotliReader) fill(n uint) {
	for b.nbits < n {
		if b.at+4 <= len(b.p) {
			b.bits |= uint64(little32(b.p[b.at:])) << b.nbits
			b.at += 4
			b.nbits += 32
			return
		}
		if b.at < len(b.p) {
			b.bits |= uint64(b.p[b.at]) << b.nbits
		}
		b.at++ // counts on behind the end: see drop
		b.nbits += 8
	}
}

// drop takes n bits and notices if they lie behind the end.
func (b *brotliReader) drop(n uint) {
	b.bits >>= n
	b.nbits -= n
	if b.at > len(b.p) && b.nbits < uint(b.at-len(b.p))*8 {
		b.short = true
	}
}

func (b *brotliReader) read(n uint) int {
	if n == 0 {
		return 0
	}
	b.fill(n)
	v := int(b.bits & (1<<n - 1))
	b.drop(n)
	return v
}

func (b *brotliReader) symbol(h *huffman) int {
	b.fill(15)
	if e := h.fast[b.bits&(1<<fastBits-1)]; e != slow {
		b.drop(uint(e & 15))
		return int(e >> 4)
	}
	v, n := h.next(b.bits)
	b.drop(n)
	return v
}

// align drops the bits up to the next byte, which must be zero.
func (b *brotliReader) align() bool { return b.read(b.nbits&7) == 0 }

// raw takes n whole bytes.
func (b *brotliReader) raw(n int) []byte {
	b.at -= int(b.nbits / 8)
	b.bits, b.nbits = 0, 0
	if n > len(b.p)-b.at {
		b.short = true
		n = max(len(b.p)-b.at, 0)
	}
	b.at += n
	return b.p[b.at-n : b.at]
}

func (b *brotliReader) stream() Error {
	b.window = 1<<16 - 16
	if b.read(1) == 1 {
		n := b.read(3)
		switch {
		case n != 0:
			n += 17
		default:
			n = b.read(3)
			switch n {
			case 0:
				n = 17
			case 1:
				return Unsupported // a large window
			default:
				n += 8
			}
		}
		b.window = 1<<n - 16
	}
	for {
		last := b.read(1) == 1
		if last && b.read(1) == 1 {
			return 0
		}
		nibbles := b.read(2) + 4
		if nibbles == 7 { // metadata
			if b.read(1) != 0 {
				return Corrupt
			}
			size := 0
			if n := uint(b.read(2)); n > 0 {
				size = b.read(8*n) + 1
			}
			if !b.align() {
				return Corrupt
			}
			b.raw(size)
			if b.short {
				return Short
			}
			if last {
				return 0
			}
			continue
		}
		size := b.read(uint(4*nibbles)) + 1
		if nibbles > 4 && (size-1)>>(4*nibbles-4) == 0 {
			return Corrupt
		}
		if !last && b.read(1) == 1 {
			if !b.align() {
				return Corrupt
			}
			p := b.raw(size)
			if room := b.limit - len(b.out); len(p) > room {
				b.out = append(b.out, p[:room]...)
				return Large
			}
			b.out = append(b.out, p...)
		} else if err := b.block(size); err != 0 {
			return err
		}
		if b.short {
			return Short
		}
		if last {
			return 0
		}
	}
}

// few reads a number from 1 to 256, section 9.2.
func (b *brotliReader) few() int {
	if b.read(1) == 0 {
		return 1
	}
	n := uint(b.read(3))
	return 1 + 1<<n + b.read(n)
}

// block reads a compressed meta-block of size bytes.
func (b *brotliReader) block(size int) Error {
	for i := range b.kinds {
		k := &b.kinds[i]
		k.types, k.left, k.now, k.other = b.few(), 1<<30, 0, 1
		if k.types >= 2 {
			if !b.tree(&k.typeCode, k.types+2) || !b.tree(&k.countCode, 26) {
				return Corrupt
			}
			k.left = b.count(k)
		}
	}
	postfix := uint(b.read(2))
	direct := b.read(4) << postfix
	for i := range b.kinds[0].types {
		b.modes[i] = uint8(b.read(2))
	}
	var counts [3]int
	var ok bool
	if counts[0], b.literal, ok = b.contextMap(b.literal, 64*b.kinds[0].types); !ok {
		return Corrupt
	}
	counts[1] = b.kinds[1].types
	if counts[2], b.distant, ok = b.contextMap(b.distant, 4*b.kinds[2].types); !ok {
		return Corrupt
	}
	for i, alphabet := range [3]int{256, 704, 16 + direct + 48<<postfix} {
		k := &b.kinds[i]
		for len(k.trees) < counts[i] {
			k.trees = append(k.trees, huffman{})
		}
		for j := range counts[i] {
			if !b.tree(&k.trees[j], alphabet) {
				return Corrupt
			}
			if b.short {
				return Short
			}
		}
	}
	return b.commands(len(b.out)+size, postfix, direct)
}

// next counts a symbol of a kind and begins another block where one ends.
func (b *brotliReader) next(k *blockKind) {
	if k.left == 0 && k.types >= 2 {
		t := b.symbol(&k.typeCode)
		switch t {
		case 0:
			t = k.other
		case 1:
			t = k.now + 1
		default:
			t -= 2
		}
		if t >= k.types {
			t -= k.types
		}
		k.now, k.other = t, k.now
		k.left = b.count(k)
	}
	k.left--
}

var (
	countBase = [26]uint16{1, 5, 9, 13, 17, 25, 33, 41, 49, 65, 81, 97, 113, 145, 177, 209, 241, 305, 369, 497, 753, 1265, 2289, 4337, 8433, 16625}
	countBits = [26]uint8{2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 6, 6, 7, 8, 9, 10, 11, 12, 13, 24}

	insertBase = [24]uint16{0, 1, 2, 3, 4, 5, 6, 8, 10, 14, 18, 26, 34, 50, 66, 98, 130, 194, 322, 578, 1090, 2114, 6210, 22594}
	insertBits = [24]uint8{0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 10, 12, 14, 24}
	copyBase   = [24]uint16{2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 18, 22, 30, 38, 54, 70, 102, 134, 198, 326, 582, 1094, 2118}
	copyBits   = [24]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 10, 24}

	// By cell of 64 command symbols: first insert code, first copy code.
	insertCell = [11]uint8{0, 0, 0, 0, 8, 8, 0, 16, 8, 16, 16}
	copyCell   = [11]uint8{0, 8, 0, 8, 0, 8, 16, 0, 16, 8, 16}
)

func (b *brotliReader) count(k *blockKind) int {
	c := b.symbol(&k.countCode)
	return int(countBase[c]) + b.read(uint(countBits[c]))
}

// commands reads up to where the output has end bytes.
func (b *brotliReader) commands(end int, postfix uint, direct int) Error {
	for len(b.out) < end {
		if b.short {
			return Short
		}
		k := &b.kinds[1]
		b.next(k)
		command := b.symbol(&k.trees[k.now])
		ic := insertCell[command>>6] + uint8(command>>3&7)
		cc := copyCell[command>>6] + uint8(command&7)
		insert := int(insertBase[ic]) + b.read(uint(insertBits[ic]))
		length := int(copyBase[cc]) + b.read(uint(copyBits[cc]))
		if insert > end-len(b.out) {
			return Corrupt
		}
		if err := b.literals(insert); err != 0 {
			return err
		}
		if len(b.out) == end {
			return 0
		}
		distance, again := 0, true
		if command < 128 {
			distance = b.recent[b.last&3]
		} else {
			k = &b.kinds[2]
			b.next(k)
			code := b.symbol(&k.trees[b.distant[4*k.now+min(length, 5)-2]])
			distance, again = b.distance(code, postfix, direct), code == 0
		}
		if b.short { // bits that are not there would choose what is copied
			return Short
		}
		if distance <= 0 {
			return Corrupt
		}
		far := min(b.window, len(b.out)-b.start)
		if distance > far {
			if err := b.word(distance-far-1, length, end); err != 0 {
				return err
			}
			continue
		}
		if !again {
			b.last++
			b.recent[b.last&3] = distance
		}
		if length > end-len(b.out) {
			return Corrupt
		}
		if room := b.limit - len(b.out); length > room {
			b.out = appendMatch(b.out, distance, room)
			return Large
		}
		b.out = appendMatch(b.out, distance, length)
	}
	return 0
}

// literals reads n literals.
func (b *brotliReader) literals(n int) Error {
	k := &b.kinds[0]
	var p1, p2 byte
	if i := len(b.out); i > b.start {
		p1 = b.out[i-1]
		if i > b.start+1 {
			p2 = b.out[i-2]
		}
	}
	for range n {
		if b.short {
			return Short
		}
		if len(b.out) == b.limit {
			return Large
		}
		b.next(k)
		var context int
		switch b.modes[k.now] {
		case 0:
			context = int(p1 & 63)
		case 1:
			context = int(p1 >> 2)
		case 2:
			context = int(utf8First(p1) | utf8Second(p2))
		case 3:
			context = int(signed(p1)<<3 | signed(p2))
		}
		c := byte(b.symbol(&k.trees[b.literal[64*k.now+context]]))
		b.out = append(b.out, c)
		p2, p1 = p1, c
	}
	return 0
}

// distance resolves a distance code, section 4.
func (b *brotliReader) distance(code int, postfix uint, direct int) int {
	switch {
	case code < 4:
		return b.recent[(b.last-code)&3]
	case code < 16:
		d := b.recent[b.last&3]
		if code >= 10 {
			d = b.recent[(b.last-1)&3]
			code -= 6
		}
		by := (code - 2) / 2
		if code&1 == 0 {
			by = -by
		}
		return d + by
	case code < 16+direct:
		return code - 15
	}
	code -= direct + 16
	n := uint(1 + code>>(postfix+1))
	offset := (2+code>>postfix&1)<<n - 4
	return (offset+b.read(n))<<postfix + code&(1<<postfix-1) + direct + 1
}

// wordBits is the logarithm of how many words of a length there are.
var wordBits = [25]uint8{4: 10, 10, 11, 11, 10, 10, 10, 10, 10, 9, 9, 8, 7, 7, 8, 7, 7, 6, 6, 5, 5}

// word appends a word of the static dictionary, section 8.
func (b *brotliReader) word(id, length, end int) Error {
	if length < 4 || length > 24 {
		return Corrupt
	}
	from := 0
	for n := 4; n < length; n++ {
		from += n << wordBits[n]
	}
	n := wordBits[length]
	if id>>n >= len(transforms) {
		return Corrupt
	}
	from += id & (1<<n - 1) * length
	word := dictionary[from : from+length]
	t := &transforms[id>>n]
	switch {
	case t.do < 10:
		word = word[:max(length-int(t.do), 0)]
	case t.do > 11:
		word = word[min(length, int(t.do)-11):]
	}
	size := len(t.prefix) + len(word) + len(t.suffix)
	if size > end-len(b.out) {
		return Corrupt
	}
	if size > b.limit-len(b.out) {
		return Large
	}
	b.out = append(b.out, t.prefix...)
	at := len(b.out)
	b.out = append(b.out, word...)
	if t.do == 10 || t.do == 11 {
		for w := b.out[at:]; len(w) > 0; {
			w = w[capital(w):]
			if t.do == 10 {
				break
			}
		}
	}
	b.out = append(b.out, t.suffix...)
	return 0
}

// capital changes the first letter as the RFC has it, which is simpler than
// Unicode, and returns how many bytes it has.
func capital(w []byte) int {
	switch {
	case w[0] < 0xc0:
		if 'a' <= w[0] && w[0] <= 'z' {
			w[0] ^= 32
		}
		return 1
	case w[0] < 0xe0:
		if len(w) > 1 {
			w[1] ^= 32
		}
		return min(2, len(w))
	}
	if len(w) > 2 {
		w[2] ^= 5
	}
	return min(3, len(w))
}
