package contacts

// unpacker takes the files out of a .zip (APPNOTE 6.3.10, sections 4.3 to 4.5) or
// a .gz (RFC 1952), fed and drained in pieces. Of a .zip it reads the files as
// they come, by their own headers, for the directory stands at the end.
type unpacker struct {
	kind  packing
	step  unpackStep
	head  [maxPackHead]byte // a header, a file's name and its extra fields
	headN int
	want  int // bytes of it that are needed
	zip64 bool

	method   uint16
	flags    uint16
	size     uint64 // packed bytes of this file, where they are known
	sum      uint32 // CRC-32 of what was unpacked
	length   uint64 // bytes that were unpacked
	all      uint64 // … of all files
	wantSum  uint32
	inflater inflater
	passed   bool // this file is not unpacked: nobody wants it
}

// MaxUnpacked is the most bytes that the files of an archive have together:
// what a few kilobytes can be made to swell to has no end.
const MaxUnpacked = 4 << 30

const maxPackHead = 30 + 1<<10 // longer names and extra fields are passed over

type packing uint8

const (
	unknownPacking packing = iota
	notPacked
	zipPacked
	gzipPacked
)

type unpackStep uint8

const (
	packHeader  unpackStep = iota // up to the lengths in it
	packNames                     // what has these lengths
	packSkip                      // the rest of it
	packBody                      // of a file
	packTrailer                   // sums and sizes behind it
	packEnd                       // no more files
	packBad                       // damaged: the rest cannot be read
	packLocked                    // encrypted, or packed in a way that is not read here
)

// packingOf knows an archive by its first bytes.
func packingOf(head []byte) packing {
	switch {
	case len(head) >= 4 && same(head[:4], "PK\x03\x04"):
		return zipPacked
	case len(head) >= 3 && same(head[:3], "\x1f\x8b\x08"):
		return gzipPacked
	}
	return notPacked
}

func (u *unpacker) reset(kind packing) {
	u.kind, u.step, u.headN, u.all = kind, packHeader, 0, 0
	u.want = 30
	if kind == gzipPacked {
		u.want = 10
	}
}

// packed says what became of a call of push.
type packed uint8

const (
	packMore  packed = iota // it needs more bytes
	packBegan               // a file begins: name holds its name
	packData                // bytes wait in pending
	packEnded               // a file ended
	packDone                // nothing more follows, or it cannot be read: see step
)

// name returns that of the file that begins.
func (u *unpacker) name() []byte {
	if u.kind == gzipPacked {
		return nil
	}
	return u.head[30:min(30+int(le16(u.head[26:])), u.headN)]
}

// pending returns bytes of a file that nobody took yet.
func (u *unpacker) pending() []byte { return u.inflater.pending() }

// took says that n of the pending bytes were taken.
func (u *unpacker) took(n int) { u.inflater.out -= n }

// push reads bytes of the archive until something happens, and returns how many
// it took.
func (u *unpacker) push(p []byte) (n int, what packed) {
	for {
		switch u.step {
		case packHeader, packNames, packTrailer:
			c := copy(u.head[u.headN:u.want], p[n:])
			u.headN += c
			n += c
			if u.headN < u.want {
				return n, packMore
			}
			if what := u.header(); what != packMore {
				return n, what
			}
		case packSkip:
			c := min(len(p)-n, u.want)
			n += c
			if u.want -= c; u.want > 0 {
				return n, packMore
			}
			return n, u.begin()
		case packBody:
			c, what := u.body(p[n:])
			n += c
			if what != packEnded {
				return n, what
			}
			u.headN, u.step = 0, packTrailer
			switch {
			case u.kind == gzipPacked:
				u.want = 8
			case u.flags&8 == 0:
				u.want = 0
			default:
				u.want = 16 // with its signature, which may be missing
			}
		default:
			return n, packDone
		}
	}
}

// header acts on what is complete in head.
func (u *unpacker) header() packed {
	h := u.head[:]
	switch {
	case u.step == packTrailer:
		return u.trailer()
	case u.kind == gzipPacked:
		return u.gzipHeader()
	case u.step == packHeader && !same(h[:4], "PK\x03\x04"):
		if u.step = packBad; same(h[:4], "PK\x01\x02") || same(h[:4], "PK\x05\x06") || same(h[:4], "PK\x06\x06") {
			u.step = packEnd
		}
		return packDone
	case u.step == packHeader:
		u.flags, u.method = le16(h[6:]), le16(h[8:])
		u.wantSum, u.size = le32(h[14:]), uint64(le32(h[18:]))
		u.step = packNames
		u.want = min(30+int(le16(h[26:]))+int(le16(h[28:])), maxPackHead)
		return packMore
	}
	names := int(le16(h[26:]))
	u.zip64 = false
	for extra := h[min(30+names, u.headN):u.headN]; len(extra) >= 4; {
		id, size := le16(extra), int(le16(extra[2:]))
		if size > len(extra)-4 {
			break
		}
		if id == 1 { // Zip64: the size in full, behind the unpacked one
			u.zip64 = true
			if size >= 16 && u.size == 0xffffffff {
				u.size = uint64(le32(extra[12:])) | uint64(le32(extra[16:]))<<32
			}
		}
		extra = extra[4+size:]
	}
	u.step, u.want = packSkip, names+int(le16(h[28:]))+30-u.headN
	return packMore
}

// gzipHeader reads the fields that flags announce (RFC 1952 section 2.3).
func (u *unpacker) gzipHeader() packed {
	h := u.head[:u.headN]
	if !same(h[:3], "\x1f\x8b\x08") {
		u.step = packEnd // padding behind the last member
		if u.all == 0 {
			u.step = packBad
		}
		return packDone
	}
	at := 10
	more := func(n int) bool {
		if at += n; at > len(h) {
			u.want = at
			return true
		}
		return false
	}
	flags := h[3]
	if flags&4 != 0 {
		if more(2) {
			return u.further()
		}
		if more(int(le16(h[at-2:]))) {
			return u.further()
		}
	}
	for _, flag := range [...]byte{8, 16} { // name and comment end with a zero
		if flags&flag == 0 {
			continue
		}
		for {
			if more(1) {
				return u.further()
			}
			if h[at-1] == 0 {
				break
			}
		}
	}
	if flags&2 != 0 && more(2) {
		return u.further()
	}
	u.method, u.flags = 8, 0
	return u.begin()
}

// further goes on with a header that is longer than was known.
func (u *unpacker) further() packed {
	if u.want > maxPackHead {
		u.step = packBad
		return packDone
	}
	return packMore
}

// begin begins a file.
func (u *unpacker) begin() packed {
	u.sum, u.length, u.passed = 0, 0, false
	u.inflater.reset()
	u.step = packBody
	if u.flags&1 != 0 || u.method != 0 && u.method != 8 || u.method == 0 && u.flags&8 != 0 {
		u.step = packLocked
		return packDone
	}
	return packBegan
}

// pass leaves the file that begins packed, if its size is known.
func (u *unpacker) pass() { u.passed = u.flags&8 == 0 && u.kind == zipPacked }

// body reads bytes of a file.
func (u *unpacker) body(p []byte) (n int, what packed) {
	z := &u.inflater
	if u.passed || u.method == 0 {
		n = int(min(uint64(len(p)), u.size))
		if !u.passed {
			n = min(n, windowSize/2-z.out)
			for _, c := range p[:n] {
				z.put(c)
			}
		}
		u.size -= uint64(n)
		switch {
		case n > 0 && !u.passed:
			return n, u.count(p[:n])
		case z.out > 0:
			return n, packData
		case u.size > 0:
			return n, packMore
		}
		return n, packEnded
	}
	before, at := z.out, z.at
	n = z.push(p)
	if new := z.out - before; new > 0 {
		// They may go round the ring's end.
		first := min(new, windowSize-at)
		if what := u.count(z.window[at : at+first]); what != packData {
			return n, what
		}
		if what := u.count(z.window[:new-first]); what != packData {
			return n, what
		}
	}
	switch {
	case z.out > 0:
		return n, packData // before what comes behind it, be it damage
	case z.step == inflateBad:
		u.step = packBad
		return n, packDone
	case z.step == inflateDone:
		return n, packEnded
	}
	return n, packMore
}

// count adds bytes to the sum and the length.
func (u *unpacker) count(p []byte) packed {
	u.sum = crc32(u.sum, p)
	u.length += uint64(len(p))
	if u.all += uint64(len(p)); u.all > MaxUnpacked {
		u.step = packBad
		return packDone
	}
	return packData
}

// trailer compares the sum behind a file, or that of its header.
func (u *unpacker) trailer() packed {
	h := u.head[:u.headN]
	switch {
	case u.kind == gzipPacked:
		u.wantSum = le32(h)
		u.next(0)
	case u.flags&8 == 0:
		u.next(0)
	default:
		// CRC and two sizes, of four bytes or, with Zip64, eight; a signature before
		// them, or none.
		at, size := 0, 12
		if u.zip64 {
			size = 20
		}
		if same(h[:4], "PK\x07\x08") {
			at = 4
		}
		if u.headN < at+size {
			u.want = at + size
			return packMore
		}
		u.wantSum = le32(h[at:])
		u.next(at + size)
	}
	if u.passed || u.sum == u.wantSum {
		return packEnded
	}
	u.step = packBad
	return packDone
}

// next goes on to the next header; what is in head from used on belongs to it.
func (u *unpacker) next(used int) {
	u.headN = copy(u.head[:], u.head[used:max(used, u.headN)])
	if u.kind == gzipPacked {
		u.headN = 0
	}
	u.step = packHeader
	u.want = 30
	if u.kind == gzipPacked {
		u.want = 10
	}
}

func le16(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 }

func le32(b []byte) uint32 { return uint32(le16(b)) | uint32(le16(b[2:]))<<16 }

// crc32 is that of ISO 3309, half a byte at a time.
func crc32(sum uint32, p []byte) uint32 {
	sum = ^sum
	for _, c := range p {
		sum ^= uint32(c)
		sum = sum>>4 ^ crcTable[sum&15]
		sum = sum>>4 ^ crcTable[sum&15]
	}
	return ^sum
}

var crcTable = [16]uint32{
	0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
	0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
}
