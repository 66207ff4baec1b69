package capture

// pcap reads the classic format, in both byte orders and both resolutions.
type pcap struct {
	r       *Reader
	net     *network
	f       framer
	big     bool
	nanos   int64 // of a unit of the fraction
	link    int
	started bool
}

// A framer cuts a stream into records that say how long they are.
type framer struct {
	buf  []byte
	at   int64 // where the record begins
	skip int64 // bytes to pass over first
}

// maxRecord bounds a record of a pcap: the largest snap length that tools use is
// 262,144, and blocks of secrets and options are small.
const maxRecord = 16 << 20

// take gives whole records to use. size says of the bytes at hand how many the
// next record has: 0 to wait for more, less than 0 to end; or it sets skip. take
// returns false at the end.
func (f *framer) take(p []byte, size func(p []byte) int, use func(record []byte)) bool {
	for {
		at := &p
		if len(f.buf) > 0 { // first what is left over, with as little copying as possible
			at = &f.buf
		}
		if f.skip > 0 {
			n := int(min(f.skip, int64(len(*at))))
			f.drop(at, n)
			f.skip -= int64(n)
		}
		if len(*at) == 0 {
			if len(p) == 0 {
				return true
			}
			continue
		}
		n := size(*at)
		switch {
		case n < 0:
			return false
		case f.skip > 0:
		case n > 0 && n <= len(*at):
			use((*at)[:n])
			f.drop(at, n)
		case len(p) == 0:
			return true
		default:
			more := len(p)
			if at == &f.buf { // no more than is needed
				more = 64
				if n > 0 {
					more = n - len(f.buf)
				}
				more = min(more, len(p))
			}
			f.buf = append(f.buf, p[:more]...)
			p = p[more:]
		}
	}
}

// drop takes n bytes off one of the two places where they can be.
func (f *framer) drop(at *[]byte, n int) {
	f.at += int64(n)
	if at == &f.buf {
		f.buf = f.buf[:copy(f.buf, f.buf[n:])]
		return
	}
	*at = (*at)[n:]
}

func newPcap(r *Reader) *pcap {
	r.about.Format = "pcap"
	return &pcap{r: r, net: newNetwork(r)}
}

// uint16of and uint32of read integers in either order.
func uint16of(p []byte, big bool) int {
	if big {
		return int(p[0])<<8 | int(p[1])
	}
	return int(p[1])<<8 | int(p[0])
}

func uint32of(p []byte, big bool) uint32 {
	if big {
		return uint32(p[0])<<24 | uint32(p[1])<<16 | uint32(p[2])<<8 | uint32(p[3])
	}
	return uint32(p[3])<<24 | uint32(p[2])<<16 | uint32(p[1])<<8 | uint32(p[0])
}

// isPcap reports whether p begins with one of the four magic numbers, or with
// that of the Kuznetzov variant, whose records are longer.
func isPcap(p []byte) bool {
	return hasPrefix(p, "\xa1\xb2\xc3\xd4") || hasPrefix(p, "\xd4\xc3\xb2\xa1") ||
		hasPrefix(p, "\xa1\xb2\x3c\x4d") || hasPrefix(p, "\x4d\x3c\xb2\xa1")
}

func (c *pcap) write(p []byte) int {
	if !c.net.ready() {
		return 0
	}
	if !c.f.take(p, c.size, c.record) {
		c.net.end()
		c.r.fail(BadCapture, c.f.at)
	}
	return len(p)
}

func (c *pcap) size(p []byte) int {
	if !c.started {
		if len(p) < 24 {
			return 0
		}
		return 24
	}
	if len(p) < 16 {
		return 0
	}
	n := uint32of(p[8:], c.big)
	if n > maxRecord {
		return -1
	}
	return 16 + int(n)
}

func (c *pcap) record(p []byte) {
	if !c.started {
		c.started = true
		c.big = p[0] == 0xa1
		c.nanos = 1000
		if p[1] == 0x3c || p[1] == 0xb2 && p[0] == 0x4d || p[0] == 0x4d {
			c.nanos = 1
		}
		if c.big && p[2] == 0x3c {
			c.nanos = 1
		}
		c.link = int(uint32of(p[20:], c.big) & 0xffff)
		return
	}
	time := int64(uint32of(p, c.big))*1e9 + int64(uint32of(p[4:], c.big))*c.nanos
	c.net.frame(c.link, c.big, p[16:], time)
}

func (c *pcap) end() bool {
	if !c.net.ready() {
		return false
	}
	c.net.end()
	if len(c.f.buf) > 0 || !c.started {
		c.r.note(Truncated, c.f.at)
	}
	return true
}

// pcapng reads pcapng, draft-ietf-opsawg-pcapng.
type pcapng struct {
	r          *Reader
	net        *network
	f          framer
	big        bool
	interfaces []pcapngInterface
	bad        bool
}

type pcapngInterface struct {
	link   int
	snap   uint32
	unit   int64 // nanoseconds, 0 if a unit is smaller
	perSec int64 // units in a second
	offset int64 // seconds
}

func newPcapng(r *Reader) *pcapng {
	r.about.Format = "pcapng"
	n := newNetwork(r)
	n.laterKeys = true
	return &pcapng{r: r, net: n}
}

func (c *pcapng) write(p []byte) int {
	if !c.net.ready() {
		return 0
	}
	if !c.f.take(p, c.size, c.block) || c.bad {
		c.net.end()
		c.r.fail(BadCapture, c.f.at)
	}
	return len(p)
}

const sectionHeader = "\x0a\x0d\x0d\x0a"

func (c *pcapng) size(p []byte) int {
	if len(p) < 12 {
		return 0
	}
	if hasPrefix(p, sectionHeader) {
		switch {
		case hasPrefix(p[8:], "\x1a\x2b\x3c\x4d"):
			c.big = true
		case hasPrefix(p[8:], "\x4d\x3c\x2b\x1a"):
			c.big = false
		default:
			return -1
		}
	}
	n := uint32of(p[4:], c.big)
	if n < 12 || n%4 != 0 || n > maxRecord {
		return -1
	}
	return int(n)
}

func (c *pcapng) block(p []byte) {
	kind := uint32of(p, c.big)
	body := p[8 : len(p)-4]
	switch kind {
	case 0x0a0d0d0a:
		c.interfaces = c.interfaces[:0]
	case 1:
		c.describe(body)
	case 2, 6: // packet (obsolete), enhanced packet
		if len(body) < 20 {
			c.bad = true
			return
		}
		n := int(uint32of(body, c.big))
		if kind == 2 {
			n = uint16of(body, c.big)
		}
		c.packet(n, uint64(uint32of(body[4:], c.big))<<32|uint64(uint32of(body[8:], c.big)), uint32of(body[12:], c.big), body[20:])
	case 3: // simple packet: as much as the snap length lets through
		if len(body) < 4 || len(c.interfaces) == 0 {
			c.bad = true
			return
		}
		size := uint32of(body, c.big)
		if snap := c.interfaces[0].snap; snap > 0 && size > snap {
			size = snap
		}
		c.packet(0, 0, min(size, uint32(len(body)-4)), body[4:])
	case 10: // secrets
		if len(body) >= 8 && uint32of(body, c.big) == 0x544c534b {
			n := uint32of(body[4:], c.big)
			c.net.keys.Add(body[8:min(8+int64(n), int64(len(body)))])
		}
	}
}

func (c *pcapng) packet(n int, stamp uint64, size uint32, data []byte) {
	if n >= len(c.interfaces) || int64(size) > int64(len(data)) {
		c.bad = true
		return
	}
	i := &c.interfaces[n]
	var time int64
	if stamp != 0 {
		if i.unit > 0 {
			time = int64(stamp) * i.unit
		} else {
			time = int64(stamp/uint64(i.perSec))*1e9 + int64(float64(stamp%uint64(i.perSec))/float64(i.perSec)*1e9)
		}
		time += i.offset * 1e9
	}
	c.net.frame(i.link, c.big, data[:size], time)
}

// describe reads an interface description.
func (c *pcapng) describe(p []byte) {
	if len(p) < 8 {
		c.bad = true
		return
	}
	i := pcapngInterface{link: uint16of(p, c.big), snap: uint32of(p[4:], c.big), unit: 1000, perSec: 1e6}
	for p = p[8:]; len(p) >= 4; {
		code, n := uint16of(p, c.big), uint16of(p[2:], c.big)
		if code == 0 || 4+n > len(p) {
			break
		}
		value := p[4 : 4+n]
		switch {
		case code == 9 && n == 1: // if_tsresol
			power, base := int(value[0]&0x7f), int64(10)
			if value[0]&0x80 != 0 {
				base = 2
			}
			i.perSec = 1
			for range power {
				if i.perSec > 1<<58 {
					break
				}
				i.perSec *= base
			}
			i.unit = 0
			if 1e9%i.perSec == 0 {
				i.unit = 1e9 / i.perSec
			}
		case code == 14 && n == 8: // if_tsoffset
			low, high := uint32of(value, c.big), uint32of(value[4:], c.big)
			if c.big {
				low, high = high, low
			}
			i.offset = int64(high)<<32 | int64(low)
		}
		p = p[min(4+(n+3)&^3, len(p)):]
	}
	if len(c.interfaces) < 1<<16 {
		c.interfaces = append(c.interfaces, i)
	}
}

func (c *pcapng) end() bool {
	if !c.net.ready() {
		return false
	}
	c.net.end()
	if len(c.f.buf) > 0 {
		c.r.note(Truncated, c.f.at)
	}
	return true
}
