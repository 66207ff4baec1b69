package audit

import (
	"math/bits"

	"sealbook/wasm/capture/unpack"
)

// pack is how bytes are packed.
type pack uint8

const (
	packNone pack = iota
	packGzip
	packZlib
	packZstd
	packZip
	packPlist
	packMedia // a picture, sound, film or font: no text inside, and no secret either
)

// magicFirst are the first bytes of what magic knows.
var magicFirst = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c&15 == 8 && c>>4 <= 7
	}
	for _, c := range []byte("\x1f\x28Pb\x89\xffGw\x1aOIf\x00R%") {
		t[c] = true
	}
	return t
}()

// magic tells by the first bytes.
func magic(p []byte) pack {
	if len(p) < 3 {
		return packNone
	}
	switch {
	case p[0] == 0x1f && p[1] == 0x8b && p[2] == 8:
		return packGzip
	case p[0]&15 == 8 && p[0]>>4 <= 7 && (int(p[0])<<8|int(p[1]))%31 == 0 && p[1]&0x20 == 0 && (p[0] == 0x78 || len(p) < 8 && p[0] > 0x18):
		return packZlib
	case hasPrefix(p, "\x28\xb5\x2f\xfd"):
		return packZstd
	case hasPrefix(p, "PK\x03\x04"):
		return packZip
	case hasPrefix(p, "bplist0"):
		return packPlist
	case hasPrefix(p, "\x89PNG"), hasPrefix(p, "\xff\xd8\xff"), hasPrefix(p, "GIF8"), hasPrefix(p, "wOF"), hasPrefix(p, "\x1aE\xdf\xa3"),
		hasPrefix(p, "OggS"), hasPrefix(p, "ID3"), hasPrefix(p, "fLaC"), hasPrefix(p, "\x00\x01\x00\x00\x00"), hasPrefix(p, "\x00asm"),
		len(p) >= 12 && (hasPrefix(p, "RIFF") || p[0] == 0 && hasPrefix(p[4:], "ftyp")), hasPrefix(p, "%PDF"):
		return packMedia
	}
	return packNone
}

// packed undoes compression around a layer and looks inside. It reports whether
// that was all of it.
func (s *scan) packed(l *layer) bool {
	p := l.p
	switch magic(p) {
	case packGzip:
		return s.inflate(l, unpack.Gzip, "gzip")
	case packZlib:
		return s.inflate(l, unpack.Zlib, "zlib")
	case packZstd:
		return s.zstd(l)
	case packZip:
		return s.zip(l)
	case packPlist:
		return s.plist(l)
	case packNone:
		// What nothing announces may be something else after all: look at the
		// bytes too.
		if l.kind != hidden && len(p) >= 8 && !isText(p) && (s.bare(l) || s.measured(l)) {
			l.known = true
		}
	}
	return false
}

// room is how many bytes of a layer may be unpacked to.
func (s *scan) room() int { return int(max(0, min(s.work, 64<<20))) }

// unpacked looks at what a layer was unpacked to. Of damaged ones it looks at
// what there is.
func (s *scan) unpacked(l *layer, step string, out []byte, err error) bool {
	if err == unpack.Large {
		s.trouble(TooMuch)
	}
	if len(out) == 0 {
		return err == nil
	}
	c := s.child(l, step, opaque, span{0, len(l.p)}, out)
	c.cut = l.cut || err != nil
	s.look(c)
	return err == nil || err == unpack.Large
}

func (s *scan) inflate(l *layer, k unpack.Kind, step string) bool {
	out, _, err := s.stream.All(s.buffer(l.depth+1), k, l.p, s.room())
	s.buffers[l.depth+1] = out
	ok := s.unpacked(l, step, out, err)
	if !ok && k == unpack.Gzip && len(l.p) >= 18 && !l.guess {
		s.trouble(Broken)
	}
	return ok
}

// measured looks at what is packed behind four bytes that say how long it is, as it
// is or unpacked, and reports whether something is.
func (s *scan) measured(l *layer) bool {
	p := l.p
	if len(p) < 16 {
		return false
	}
	rest := uint32(len(p) - 4)
	big := uint32(p[0])<<24 | uint32(p[1])<<16 | uint32(p[2])<<8 | uint32(p[3])
	plausible := false
	for _, n := range [2]uint32{big, bits.ReverseBytes32(big)} {
		plausible = plausible || n >= rest/2 && n/1040 <= rest
	}
	if !plausible {
		return false
	}
	c := s.child(l, "", within, span{4, len(p)}, p[4:])
	switch magic(c.p) {
	case packGzip, packZlib, packZstd:
		c.guess = true
		return s.packed(c)
	case packNone:
		return s.bare(c)
	}
	return false
}

// embedded looks at what is packed behind bytes of another kind; i is the last
// byte of its magic.
func (s *scan) embedded(l *layer, i int) {
	from := i - 2
	if l.p[i] != 8 || i < 2 || l.p[i-2] != 0x1f {
		from = i - 3
	}
	if s.tries--; s.tries < 0 {
		return
	}
	rest := s.child(l, "", within, span{from, len(l.p)}, l.p[from:])
	rest.guess = true
	if magic(rest.p) == packGzip {
		out, used, err := s.stream.All(s.buffer(rest.depth+1), unpack.Gzip, rest.p, s.room())
		s.buffers[rest.depth+1] = out
		if err == nil {
			l.known = l.known || used >= len(l.p)/2
			s.look(s.child(rest, "gzip", opaque, span{0, len(rest.p)}, out))
		}
		return
	}
	if s.packed(rest) && len(rest.p) >= len(l.p)/2 {
		l.known = true
	}
}

// bare tries raw deflate, Brotli and lz-string, which nothing announces: they
// are looked into where they end with the bytes. It reports whether what comes
// out is worth it, so that it was no chance.
func (s *scan) bare(l *layer) bool {
	if mayDeflate(l.p) {
		out, used, err := s.stream.All(s.buffer(l.depth+1), unpack.Raw, l.p, s.room())
		s.buffers[l.depth+1] = out
		if err == nil && used >= len(l.p)-8 && len(out) >= 7 {
			plausible := interesting(out) || used == len(l.p) && (message(out) || len(out) > 2*used)
			if plausible || used == len(l.p) {
				plausible = s.guessed(l, "deflate", out) || plausible
			}
			if plausible {
				return true
			}
		}
	}
	return s.brotli(l) || s.lzBytes(l)
}

// guessed looks at what a layer unpacks to, if it is packed at all, and reports
// whether that is something that is known.
func (s *scan) guessed(l *layer, step string, out []byte) bool {
	c := s.child(l, step, opaque, span{0, len(l.p)}, out)
	c.guess = c.guess || !interesting(out)
	s.look(c)
	return c.known
}

func (s *scan) zstd(l *layer) bool {
	out, err := unpack.Zstd(s.buffer(l.depth+1), l.p, s.room())
	s.buffers[l.depth+1] = out
	ok := s.unpacked(l, "zstd", out, err)
	if !ok && !l.guess {
		s.trouble(Broken)
	}
	return ok
}

func (s *scan) brotli(l *layer) bool {
	if !mayBrotli(l.p) {
		return false
	}
	out, err := unpack.Brotli(s.buffer(l.depth+1), l.p, s.room())
	s.buffers[l.depth+1] = out
	if err != nil || len(out) < 7 {
		return false
	}
	plausible := interesting(out) || message(out) || mayDeflate(out)
	return s.guessed(l, "br", out) || plausible
}

// mayDeflate looks at the header of the first block of raw deflate (RFC 1951
// section 3.2.3) and at what follows: the first letters of one with fixed codes,
// the lengths of the codes of one with its own. Most bytes that are no deflate
// stop here.
func mayDeflate(p []byte) bool {
	switch p[0] >> 1 & 3 {
	case 0:
		return len(p) > 5 && little16(p[1:]) == ^little16(p[3:]) && p[0] < 8
	case 1:
		return mayFixed(p)
	case 2:
		if len(p) < 13 {
			return false
		}
		sum, codes := codeLengths(p)
		return sum == 128 || sum >= 0 && codes == 1
	}
	return false
}

// codeLengths adds up the shares, of 128, that the codes for the lengths of codes
// have at the start of a block with its own (RFC 1951 section 3.2.7), as far as p
// goes, and counts them. The sum is -1 if it is no such block.
func codeLengths(p []byte) (sum, codes int) {
	if p[0]>>3 > 29 || p[1]&31 > 29 {
		return -1, 0
	}
	count := uint(p[1]>>5) | uint(p[2]&1)<<3 + 4
	for i := range count {
		at := 17 + 3*i
		if at/8+1 >= uint(len(p)) {
			break
		}
		n := (uint(p[at/8]) | uint(p[at/8+1])<<8) >> (at % 8) & 7
		if n > 0 {
			sum += 128 >> n
			codes++
		}
	}
	if sum > 128 {
		return -1, codes
	}
	return sum, codes
}

// mayFixed decodes a few letters of a block with fixed codes (section 3.2.6) and
// asks whether they are text, packed or a message. A block that is not the last
// one has to be followed by what encoders end a stream with.
func mayFixed(p []byte) bool {
	flushed := hasSuffix(p, "\x00\x00\xff\xff") || hasSuffix(p, "\x03\x00")
	if p[0]&1 == 0 && !flushed && len(p) < 64 {
		return false
	}
	if n := len(p); n <= 256 && (flushed || !digestSized(n) && p[0]&1 != 0 && p[n-1] == 0 && p[n-2] < 2) {
		return true // ends as one does
	}
	at := uint(3)
	code := func(n uint) (v uint) { // the highest bit first
		for range n {
			v <<= 1
			if at/8 < uint(len(p)) {
				v |= uint(p[at/8]>>(at%8)) & 1
			}
			at++
		}
		return v
	}
	var room [12]byte
	out := room[:0]
	for len(out) < 10 && at/8 < uint(len(p)) {
		c := code(7)
		switch {
		case c == 0:
			return len(out) >= 7
		case c < 24: // a match
			length := c - 1
			if length >= 8 {
				at += min(5, length/4-1)
			}
			distance := code(5)
			if distance > 7 {
				return false
			}
			if distance > 3 {
				distance = 4 + (distance-4)*2
				at++
			}
			if distance >= uint(len(out)) {
				return false
			}
			out = append(out, out[uint(len(out))-1-distance])
		default:
			if c = c<<1 | code(1); c < 0xc0 {
				out = append(out, byte(c-0x30))
			} else if c < 0xc8 {
				return false // a long match so soon
			} else {
				out = append(out, byte(c<<1|code(1)-0x190+144))
			}
		}
		if len(out) == 3 && magic(out) != packNone {
			return true
		}
	}
	return interesting(out) || len(out) > 7 && len(p) < 256 && brotliHead(out, len(p)) || len(out) > 3 && out[0]>>3 != 0 && (out[0] == 0x0a || out[0]&0x87 == 0 && out[0] <= 0x18 || out[0] == 0x12)
}

func hasSuffix(p []byte, s string) bool { return len(p) >= len(s) && string(p[len(p)-len(s):]) == s }

// mayBrotli reads the window size and the header of the first meta-block (RFC
// 7932 sections 9.1 and 9.2) and asks whether the length fits, and whether few
// bytes have one kind of block alone, as encoders write them.
func mayBrotli(p []byte) bool { return len(p) >= 8 && brotliHead(p, len(p)) }

// brotliHead is mayBrotli of the first 8 bytes of some.
func brotliHead(p []byte, length int) bool {
	x := uint64(p[0]) | uint64(p[1])<<8 | uint64(p[2])<<16 | uint64(p[3])<<24 | uint64(p[4])<<32 | uint64(p[5])<<40 | uint64(p[6])<<48 | uint64(p[7])<<56
	bit := func(n uint) (v uint64) {
		v = x & (1<<n - 1)
		x >>= n
		return v
	}
	if bit(1) != 0 && bit(3) == 0 && bit(3) == 1 {
		return false // a large window
	}
	last := bit(1) != 0
	if last && bit(1) != 0 {
		return false // empty
	}
	nibbles := bit(2)
	if nibbles == 3 {
		return false // no data, which no encoder begins with
	}
	size, n := bit(4*(4+uint(nibbles)))+1, uint64(length)
	if nibbles > 0 && size <= 1<<(4*(3+nibbles)) || size < n/2 || size > 1000*n || n < 256 && size > 40*n || n < 48 && size > 16*n {
		return false
	}
	if !last && bit(1) != 0 {
		return size <= n // not compressed
	}
	return n >= 256 || bit(3) == 0
}
