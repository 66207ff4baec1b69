package directory

import (
	"encoding/binary"
	"math/bits"
	"slices"
	"sort"
)

// Tags is a list of tags.
type Tags struct {
	Header
	// List has the tags as integers of 40 bits, sorted, equal ones kept. There
	// are Count of them.
	List []uint64
}

// A file of tags, SBT2, is its header, with k in byte 9, and each tag's
// difference to the one before, the first's to 0, in Golomb–Rice code: the
// quotient by 2^k in unary, ones and then a zero, then k low bits; most
// significant bit first, zeros to the end of the last byte. That is about 21.6
// bits a tag among 10⁶.

// end is the first integer that is no tag.
const end = 1 << (8 * TagSize)

// rice is k for so many tags: their differences are 2^40/count on average.
func rice(count uint32) uint8 {
	if count == 0 {
		return 0
	}
	return uint8(8*TagSize - bits.Len32(count))
}

// MaxTagsFile is the most bytes that a file of so many tags has: all unary parts
// together have at most 2·count ones.
func MaxTagsFile(count uint32) int64 {
	return HeaderSize + (int64(count)*int64(rice(count)+3)+7)/8
}

// TagNumber is a tag as an integer.
func TagNumber(tag [TagSize]byte) uint64 {
	return uint64(tag[0])<<32 | uint64(binary.BigEndian.Uint32(tag[1:]))
}

// NumberTag is an integer as a tag.
func NumberTag(n uint64) (tag [TagSize]byte) {
	tag[0] = byte(n >> 32)
	binary.BigEndian.PutUint32(tag[1:], uint32(n))
	return tag
}

// NewTags makes the list of tags of a place and version. It sorts the list where
// it is not sorted, and keeps it.
func NewTags(p Place, version uint64, list []uint64) Tags {
	if !slices.IsSorted(list) {
		slices.Sort(list)
	}
	return Tags{Header{p, version, uint32(len(list))}, list}
}

// Append appends the file.
func (t Tags) Append(dst []byte) []byte {
	k := rice(t.Count)
	c := newCoder(t.append(slices.Grow(dst, int(MaxTagsFile(t.Count))), tagsMagic, k), k)
	for _, tag := range t.List {
		c.add(tag)
	}
	return c.end()
}

// coder writes tags in Golomb–Rice code.
type coder struct {
	dst    []byte
	acc    uint64 // bits that are not in dst yet, at its end
	n      uint   // how many: fewer than 8 between codes
	before uint64
	low    uint64
	k      uint8
}

func newCoder(dst []byte, k uint8) coder { return coder{dst: dst, k: k, low: 1<<k - 1} }

// add adds a tag that is not less than those before.
func (c *coder) add(tag uint64) {
	difference := tag - c.before
	c.before = tag
	q := difference >> c.k
	dst, acc, n := c.dst, c.acc, c.n
	for ; q >= 8; q -= 8 { // rare: whole bytes of ones
		acc = acc<<8 | 0xff
		dst = append(dst, byte(acc>>n))
	}
	acc, n = acc<<(q+1)|(1<<(q+1)-2), n+uint(q)+1
	for ; n >= 8; n -= 8 {
		dst = append(dst, byte(acc>>(n-8)))
	}
	acc, n = acc<<c.k|difference&c.low, n+uint(c.k)
	for ; n >= 8; n -= 8 {
		dst = append(dst, byte(acc>>(n-8)))
	}
	c.dst, c.acc, c.n = dst, acc, n
}

// end pads the last byte, and returns all.
func (c *coder) end() []byte {
	if c.n > 0 {
		c.dst, c.n = append(c.dst, byte(c.acc<<(8-c.n))), 0
	}
	return c.dst
}

// ParseTags reads a whole file of tags. It takes memory only where all the bits
// that so many tags need are there.
func ParseTags(b []byte) (Tags, error) {
	h, k, err := parseHeader(b, tagsMagic)
	if err != nil {
		return Tags{}, err
	}
	if k != rice(h.Count) {
		return Tags{}, bad("k")
	}
	body := b[HeaderSize:]
	if uint64(len(body))*8 < uint64(h.Count)*uint64(k+1) {
		return Tags{}, bad("truncated")
	}
	list := make([]uint64, h.Count)
	r := bitReader{rest: body}
	before := uint64(0)
	for i := range list {
		q, ok := r.unary((end - 1 - before) >> k)
		if !ok {
			return Tags{}, bad(r.reason)
		}
		low, ok := r.bits(uint(k))
		if !ok {
			return Tags{}, bad("truncated")
		}
		before += q<<k + low
		if before >= end {
			return Tags{}, bad("sum")
		}
		list[i] = before
	}
	if err := r.end(); err != nil {
		return Tags{}, err
	}
	return Tags{h, list}, nil
}

// bitReader reads bits, the most significant first.
type bitReader struct {
	rest   []byte
	more   func() []byte // what comes behind rest, which it begins with; nil: nothing does
	acc    uint64        // the next bits, from the top; zeros behind them
	n      uint          // how many
	reason string
}

// end reports what is left behind the last code but zeros to the end of a byte.
func (r *bitReader) end() error {
	if r.read(); len(r.rest) > 0 || r.n >= 8 {
		return bad("trailing")
	}
	if r.n > 0 && r.acc>>(64-r.n) != 0 {
		return bad("padding")
	}
	return nil
}

// read reads on where little is left.
func (r *bitReader) read() {
	if r.more != nil && len(r.rest) < 8 {
		r.rest = r.more()
	}
}

// fill makes n at least 57 where so much is left.
func (r *bitReader) fill() {
	r.read()
	if len(r.rest) >= 8 {
		r.acc |= binary.BigEndian.Uint64(r.rest) >> r.n
		taken := (63 - r.n) / 8
		r.rest = r.rest[taken:]
		r.n += 8 * taken
		// What was read beyond whole bytes is read again.
		r.acc &= ^uint64(0) << (64 - r.n)
		return
	}
	for ; r.n <= 56 && len(r.rest) > 0; r.n += 8 {
		r.acc |= uint64(r.rest[0]) << (56 - r.n)
		r.rest = r.rest[1:]
	}
}

// unary reads ones and the zero behind them; false, with the reason, where there
// are more than most.
func (r *bitReader) unary(most uint64) (q uint64, ok bool) {
	for {
		if r.n < 48 {
			r.fill()
		}
		ones := uint64(bits.LeadingZeros64(^r.acc))
		if ones > uint64(r.n) {
			ones = uint64(r.n)
		}
		if q += ones; q > most {
			r.reason = "run"
			return 0, false
		}
		if ones < uint64(r.n) {
			r.acc, r.n = r.acc<<(ones+1), r.n-uint(ones)-1
			return q, true
		}
		if r.read(); len(r.rest) == 0 {
			r.reason = "truncated"
			return 0, false
		}
		r.acc, r.n = 0, 0
	}
}

// bits reads k < 40 bits.
func (r *bitReader) bits(k uint) (uint64, bool) {
	if r.n < k {
		if r.fill(); r.n < k {
			return 0, false
		}
	}
	if k == 0 {
		return 0, true
	}
	b := r.acc >> (64 - k)
	r.acc, r.n = r.acc<<k, r.n-k
	return b, true
}

// Find returns the positions from ≤ i < to of those that have this tag.
func (t Tags) Find(tag [TagSize]byte) (from, to int) {
	n := TagNumber(tag)
	from = sort.Search(len(t.List), func(i int) bool { return t.List[i] >= n })
	for to = from; to < len(t.List) && t.List[to] == n; to++ {
	}
	return from, to
}
