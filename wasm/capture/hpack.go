package capture

// hpack decodes header blocks of HTTP/2, RFC 7541. One serves each direction.
type hpack struct {
	table []Field // dynamic, the newest last
	size  int     // of the table, as the RFC counts
	most  int
}

const maxHpack = 1 << 20 // bytes that a table can be made to hold

func newHpack() *hpack { return &hpack{most: 4096} }

// decode calls use for each field of a block, which must be whole. It reports
// whether the block is well formed; what came before was used. The slices hold.
func (h *hpack) decode(p []byte, limit int, use func(name, value []byte)) bool {
	for len(p) > 0 {
		c := p[0]
		var index uint64
		var ok bool
		switch {
		case c&0x80 != 0: // both in a table
			if index, p, ok = hpackInt(p, 7); !ok {
				return false
			}
			f, ok := h.at(index)
			if !ok {
				return false
			}
			if limit -= len(f.Name) + len(f.Value); limit < 0 {
				return false
			}
			use(f.Name, f.Value)
			continue
		case c&0xe0 == 0x20: // size of the table
			if index, p, ok = hpackInt(p, 5); !ok || index > maxHpack {
				return false
			}
			h.most = int(index)
			h.evict()
			continue
		}
		bits := uint(4)
		if c&0x40 != 0 {
			bits = 6
		}
		if index, p, ok = hpackInt(p, bits); !ok {
			return false
		}
		var f Field
		if index > 0 {
			known, ok := h.at(index)
			if !ok {
				return false
			}
			f.Name = known.Name
		} else if f.Name, p, ok = hpackString(p); !ok {
			return false
		}
		if f.Value, p, ok = hpackString(p); !ok {
			return false
		}
		if limit -= len(f.Name) + len(f.Value); limit < 0 {
			return false
		}
		if bits == 6 {
			h.table = append(h.table, f)
			h.size += len(f.Name) + len(f.Value) + 32
			h.evict()
		}
		use(f.Name, f.Value)
	}
	return true
}

func (h *hpack) evict() {
	n := 0
	for h.size > h.most && n < len(h.table) {
		h.size -= len(h.table[n].Name) + len(h.table[n].Value) + 32
		n++
	}
	h.table = h.table[n:]
}

// at returns the field of an index: 1 to 61 are static, then the newest first.
func (h *hpack) at(i uint64) (Field, bool) {
	if i == 0 {
		return Field{}, false
	}
	if i <= uint64(len(hpackStatic)) {
		f := &hpackStatic[i-1]
		return Field{[]byte(f[0]), []byte(f[1])}, true
	}
	i -= uint64(len(hpackStatic))
	if i > uint64(len(h.table)) {
		return Field{}, false
	}
	return h.table[uint64(len(h.table))-i], true
}

// hpackInt reads an integer with a prefix of some bits, section 5.1.
func hpackInt(p []byte, bits uint) (n uint64, rest []byte, ok bool) {
	mask := uint64(1)<<bits - 1
	n = uint64(p[0]) & mask
	p = p[1:]
	if n < mask {
		return n, p, true
	}
	for shift := uint(0); shift < 35 && len(p) > 0; shift += 7 {
		c := p[0]
		p = p[1:]
		n += uint64(c&0x7f) << shift
		if c&0x80 == 0 {
			return n, p, true
		}
	}
	return 0, nil, false
}

// hpackString reads a string, section 5.2, into memory of its own.
func hpackString(p []byte) (s, rest []byte, ok bool) {
	if len(p) == 0 {
		return nil, nil, false
	}
	packed := p[0]&0x80 != 0
	n, p, ok := hpackInt(p, 7)
	if !ok || n > uint64(len(p)) {
		return nil, nil, false
	}
	s, rest = p[:n], p[n:]
	if !packed {
		return append([]byte{}, s...), rest, true
	}
	s, ok = unhuffman(s)
	return s, rest, ok
}

// unhuffman undoes the code of appendix B, which is canonical.
func unhuffman(p []byte) ([]byte, bool) {
	if huffmanCount[5] == 0 {
		for _, n := range []byte(huffmanBits) {
			huffmanCount[n]++
		}
		i := 0
		for n := byte(5); n <= 30; n++ {
			for c := range 256 {
				if huffmanBits[c] == n {
					huffmanSymbol[i] = byte(c)
					i++
				}
			}
		}
	}
	out := make([]byte, 0, len(p)*8/5+1)
	code, first, at, n := uint32(0), uint32(0), 0, 0
	for _, c := range p {
		for bit := 7; bit >= 0; bit-- {
			code = code<<1 | uint32(c>>bit&1)
			n++
			first <<= 1
			if n > 30 {
				return out, false
			}
			count := uint32(huffmanCount[n])
			if code-first < count {
				out = append(out, huffmanSymbol[at+int(code-first)])
				code, first, at, n = 0, 0, 0, 0
				continue
			}
			first += count
			at += int(count)
		}
	}
	// Padding is less than a byte of ones.
	return out, n < 8 && code == 1<<n-1
}

var (
	huffmanCount  [31]uint16
	huffmanSymbol [256]byte
)

// huffmanBits is how many bits each byte has in the code of appendix B.
const huffmanBits = "" +
	"\x0d\x17\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x18\x1e\x1c\x1c\x1e\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1e\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c" +
	"\x06\x0a\x0a\x0c\x0d\x06\x08\x0b\x0a\x0a\x08\x0b\x08\x06\x06\x06\x05\x05\x05\x06\x06\x06\x06\x06\x06\x06\x07\x08\x0f\x06\x0c\x0a" +
	"\x0d\x06\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x08\x07\x08\x0d\x13\x0d\x0e\x06" +
	"\x0f\x05\x06\x05\x06\x05\x06\x06\x06\x05\x07\x07\x06\x06\x06\x05\x06\x07\x06\x05\x05\x06\x07\x07\x07\x07\x07\x0f\x0b\x0e\x0d\x1c" +
	"\x14\x16\x14\x14\x16\x16\x16\x17\x16\x17\x17\x17\x17\x17\x18\x17\x18\x18\x16\x17\x18\x17\x17\x17\x17\x15\x16\x17\x16\x17\x17\x18" +
	"\x16\x15\x14\x16\x16\x17\x17\x15\x17\x16\x16\x18\x15\x16\x17\x17\x15\x15\x16\x15\x17\x16\x17\x17\x14\x16\x16\x16\x17\x16\x16\x17" +
	"\x1a\x1a\x14\x13\x16\x17\x16\x19\x1a\x1a\x1a\x1b\x1b\x1a\x18\x19\x13\x15\x1a\x1b\x1b\x1a\x1b\x18\x15\x15\x1a\x1a\x1c\x1b\x1b\x1b" +
	"\x14\x18\x14\x15\x16\x15\x15\x17\x16\x16\x19\x19\x18\x18\x1a\x17\x1a\x1b\x1a\x1a\x1b\x1b\x1b\x1b\x1b\x1c\x1b\x1b\x1b\x1b\x1b\x1a"

// hpackStatic is the table of appendix A.
var hpackStatic = [61][2]string{
	{":authority", ""},
	{":method", "GET"},
	{":method", "POST"},
	{":path", "/"},
	{":path", "/index.html"},
	{":scheme", "http"},
	{":scheme", "https"},
	{":status", "200"},
	{":status", "204"},
	{":status", "206"},
	{":status", "304"},
	{":status", "400"},
	{":status", "404"},
	{":status", "500"},
	{"accept-charset", ""},
	{"accept-encoding", "gzip, deflate"},
	{"accept-language", ""},
	{"accept-ranges", ""},
	{"accept", ""},
	{"access-control-allow-origin", ""},
	{"age", ""},
	{"allow", ""},
	{"authorization", ""},
	{"cache-control", ""},
	{"content-disposition", ""},
	{"content-encoding", ""},
	{"content-language", ""},
	{"content-length", ""},
	{"content-location", ""},
	{"content-range", ""},
	{"content-type", ""},
	{"cookie", ""},
	{"date", ""},
	{"etag", ""},
	{"expect", ""},
	{"expires", ""},
	{"from", ""},
	{"host", ""},
	{"if-match", ""},
	{"if-modified-since", ""},
	{"if-none-match", ""},
	{"if-range", ""},
	{"if-unmodified-since", ""},
	{"last-modified", ""},
	{"link", ""},
	{"location", ""},
	{"max-forwards", ""},
	{"proxy-authenticate", ""},
	{"proxy-authorization", ""},
	{"range", ""},
	{"referer", ""},
	{"refresh", ""},
	{"retry-after", ""},
	{"server", ""},
	{"set-cookie", ""},
	{"strict-transport-security", ""},
	{"transfer-encoding", ""},
	{"user-agent", ""},
	{"vary", ""},
	{"via", ""},
	{"www-authenticate", ""},
}
