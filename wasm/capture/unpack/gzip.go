package unpack

// Kind is a compression that a [Stream] undoes.
type Kind uint8

const (
	Raw  Kind = iota // deflate without anything around it, RFC 1951
	Zlib             // RFC 1950
	Gzip             // RFC 1952, any number of members
)

// A Stream undoes deflate in its three wrappings piece by piece, in constant
// memory. The zero value is not ready: see Reset.
type Stream struct {
	kind   Kind
	d      inflater
	where  where
	head   []byte // header or trailer as far as it has come
	flags  byte
	size   uint32 // of this member, modulo 2^32
	crc    uint32 // of Gzip
	a, b   uint32 // of Zlib
	err    Error
	out    []byte
	before int // bytes of out that were given already
}

type where uint8

const (
	inHeader where = iota
	inData
	inTrailer
	atEnd
)

const window = 32 << 10

// Reset starts a stream. Output comes in pieces of up to the given size.
func (s *Stream) Reset(k Kind, size int) {
	if cap(s.out) < window+size {
		s.out = make([]byte, 0, window+size)
	}
	*s = Stream{kind: k, out: s.out[:0], head: s.head[:0]}
	s.start()
}

// start begins a member.
func (s *Stream) start() {
	s.d.reset()
	s.head, s.size, s.crc, s.a, s.b = s.head[:0], 0, 0, 1, 0
	s.where = inHeader
	if s.kind == Raw {
		s.where = inData
	}
}

// Write takes a piece of the stream and returns how much of it was used, and
// output, which holds until the next call. If less than all was used, there is
// more output, or the stream has ended or is broken: see Ended and Err. Write
// with an empty p gives what output is left.
func (s *Stream) Write(p []byte) (used int, out []byte) {
	if len(s.out) == cap(s.out) {
		s.out = s.out[:copy(s.out, s.out[len(s.out)-window:])]
	}
	s.before = len(s.out)
	for s.err == 0 {
		switch s.where {
		case atEnd:
			if s.kind != Gzip || used == len(p) || p[used] != 0x1f {
				return used, s.out[s.before:] // what else follows is padding
			}
			s.start() // the next member
		case inHeader:
			n, ok := s.header(p[used:])
			used += n
			if !ok {
				return used, s.out[s.before:]
			}
			s.where = inData
		case inData:
			var n int
			from := len(s.out)
			s.out, n, _ = s.d.run(s.out, p[used:])
			used += n
			s.sum(s.out[from:])
			switch s.d.state {
			case broken:
				s.err = Corrupt
			case finished:
				s.where, s.head = inTrailer, s.head[:0]
				continue
			}
			return used, s.out[s.before:]
		case inTrailer:
			need := 0
			switch s.kind {
			case Zlib:
				need = 4
			case Gzip:
				need = 8
			}
			for ; len(s.head) < need && s.d.nbits > 0; s.d.nbits -= 8 {
				s.head = append(s.head, byte(s.d.bits))
				s.d.bits >>= 8
			}
			for len(s.head) < need {
				if used == len(p) {
					return used, s.out[s.before:]
				}
				s.head = append(s.head, p[used])
				used++
			}
			if !s.checked() {
				s.err = Corrupt
			}
			s.where = atEnd
		}
	}
	return used, s.out[s.before:]
}

// Ended reports whether the stream is complete.
func (s *Stream) Ended() bool { return s.where == atEnd }

// Err is not nil if the stream is broken.
func (s *Stream) Err() error {
	if s.err != 0 {
		return s.err
	}
	return nil
}

// header takes the bytes of a header and reports whether it is complete.
func (s *Stream) header(p []byte) (used int, ok bool) {
	for {
		n, bad := s.headerSize()
		if bad || len(s.head) > 1<<16 {
			s.err = Corrupt
			return used, false
		}
		if n > 0 && n <= len(s.head) {
			return used, true
		}
		if used == len(p) {
			return used, false
		}
		s.head = append(s.head, p[used])
		used++
	}
}

// headerSize is how many bytes the header has, 0 while that is open.
func (s *Stream) headerSize() (n int, bad bool) {
	h := s.head
	if s.kind == Zlib {
		if len(h) < 2 {
			return 0, false
		}
		return 2, h[0]&15 != 8 || h[0]>>4 > 7 || (int(h[0])<<8|int(h[1]))%31 != 0 || h[1]&0x20 != 0
	}
	magic := [...]byte{0x1f, 0x8b, 8}
	for i := range min(len(h), 3) {
		if h[i] != magic[i] {
			return 0, true
		}
	}
	if len(h) < 10 {
		return 0, false
	}
	n = 10
	if h[3]&4 != 0 { // extra field
		if len(h) < 12 {
			return 0, false
		}
		n = 12 + int(h[10]) + int(h[11])<<8
	}
	for bit := byte(8); bit <= 16; bit <<= 1 { // name, comment
		if h[3]&bit == 0 {
			continue
		}
		for {
			if n >= len(h) {
				return 0, false
			}
			n++
			if h[n-1] == 0 {
				break
			}
		}
	}
	if h[3]&2 != 0 { // checksum of the header
		n += 2
	}
	return n, h[3]&0xe0 != 0
}

// sum adds output to the checksum.
func (s *Stream) sum(p []byte) {
	switch s.kind {
	case Gzip:
		s.size += uint32(len(p))
		s.crc = crc32(s.crc, p)
	case Zlib:
		a, b := s.a, s.b
		for len(p) > 0 {
			n := min(len(p), 5552) // what cannot overflow
			for _, c := range p[:n] {
				a += uint32(c)
				b += a
			}
			a %= 65521
			b %= 65521
			p = p[n:]
		}
		s.a, s.b = a, b
	}
}

// checked compares the trailer.
func (s *Stream) checked() bool {
	h := s.head
	switch s.kind {
	case Zlib:
		return uint32(h[0])<<24|uint32(h[1])<<16|uint32(h[2])<<8|uint32(h[3]) == s.b<<16|s.a
	case Gzip:
		return little32(h) == s.crc && little32(h[4:]) == s.size
	}
	return true
}

// Inflate appends what a whole stream unpacks to, at most limit bytes, and
// returns how many bytes of p the stream has.
func Inflate(to []byte, k Kind, p []byte, limit int) (out []byte, used int, err error) {
	var s Stream
	return s.All(to, k, p, limit)
}

// All is Inflate with the buffers of s, which is reset.
func (s *Stream) All(to []byte, k Kind, p []byte, limit int) (out []byte, used int, err error) {
	s.Reset(k, 64<<10)
	from := len(to)
	for {
		n, piece := s.Write(p[used:])
		used += n
		if room := limit - (len(to) - from); len(piece) > room {
			return append(to, piece[:room]...), used, Large
		}
		to = append(to, piece...)
		switch {
		case s.err != 0:
			return to, used, s.err
		case s.Ended():
			return to, used, nil
		case n == 0 && len(piece) == 0:
			return to, used, Short
		}
	}
}

func little32(p []byte) uint32 {
	return uint32(p[0]) | uint32(p[1])<<8 | uint32(p[2])<<16 | uint32(p[3])<<24
}

var crcTable [8][256]uint32

// crc32 continues the checksum of IEEE 802.3, eight bytes at a time: [i][c] is
// what c does i bytes before the end.
func crc32(crc uint32, p []byte) uint32 {
	t := &crcTable
	if t[0][1] == 0 {
		for i := range 256 {
			c := uint32(i)
			for range 8 {
				c = c>>1 ^ 0xedb88320&-(c&1)
			}
			t[0][i] = c
		}
		for i := range 256 {
			for j := 1; j < 8; j++ {
				t[j][i] = t[j-1][i]>>8 ^ t[0][byte(t[j-1][i])]
			}
		}
	}
	crc = ^crc
	for ; len(p) >= 8; p = p[8:] {
		crc ^= little32(p)
		crc = t[7][byte(crc)] ^ t[6][byte(crc>>8)] ^ t[5][byte(crc>>16)] ^ t[4][crc>>24] ^
			t[3][p[4]] ^ t[2][p[5]] ^ t[1][p[6]] ^ t[0][p[7]]
	}
	for _, c := range p {
		crc = t[0][byte(crc)^c] ^ crc>>8
	}
	return ^crc
}
