package capturetest

import (
	"bytes"
	"encoding/binary"
)

// A Packet is an IP packet at a time.
type Packet struct {
	Time int64 // nanoseconds since 1970
	Data []byte
}

// Start is the time of the first packet.
const Start = 1_772_712_000_123_456_789 // 2026-03-05

// Wire says how a talk becomes packets.
type Wire struct {
	IPv6     bool
	Port     uint16 // of the server; 80 if 0
	Client   uint16 // port of the client; 40000 if 0
	MSS      int    // 1,000 if 0
	NoSYN    bool
	NoFIN    bool
	Sequence uint32 // the client's first; the server's is its complement
}

const (
	fin = 1
	syn = 2
	psh = 8
	ack = 16
)

// Packets is a talk as TCP, every packet 1 ms behind the other.
func (w Wire) Packets(t Talk) (all []Packet) {
	if w.Port == 0 {
		w.Port = 80
	}
	if w.Client == 0 {
		w.Client = 40000
	}
	if w.MSS == 0 {
		w.MSS = 1000
	}
	seq := [2]uint32{w.Sequence, ^w.Sequence}
	now := int64(Start)
	send := func(client bool, flags byte, data []byte) {
		side := 0
		if !client {
			side = 1
		}
		all = append(all, Packet{now, w.segment(client, seq[side], seq[1-side], flags, data)})
		now += 1_000_000
		seq[side] += uint32(len(data))
		if flags&(syn|fin) != 0 {
			seq[side]++
		}
	}
	if w.NoSYN {
		seq[0]++
		seq[1]++
	} else {
		send(true, syn, nil)
		send(false, syn|ack, nil)
		send(true, ack, nil)
	}
	for _, s := range t {
		for data := s.Data; len(data) > 0; {
			n := min(w.MSS, len(data))
			send(s.Client, psh|ack, data[:n])
			data = data[n:]
		}
		send(!s.Client, ack, nil)
	}
	if !w.NoFIN {
		send(true, fin|ack, nil)
		send(false, fin|ack, nil)
		send(true, ack, nil)
	}
	return all
}

func (w Wire) segment(client bool, seq, acked uint32, flags byte, data []byte) []byte {
	from, to := w.Client, w.Port
	if !client {
		from, to = to, from
	}
	p := binary.BigEndian.AppendUint16(nil, from)
	p = binary.BigEndian.AppendUint16(p, to)
	p = binary.BigEndian.AppendUint32(p, seq)
	p = binary.BigEndian.AppendUint32(p, acked)
	p = append(p, 8<<4, flags, 0xff, 0xff, 0, 0, 0, 0)
	p = append(p, 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 1) // timestamps
	return w.ip(client, 6, append(p, data...))
}

// UDP is a datagram.
func (w Wire) UDP(client bool, data []byte) Packet {
	if w.Port == 0 {
		w.Port = 443
	}
	if w.Client == 0 {
		w.Client = 40000
	}
	from, to := w.Client, w.Port
	if !client {
		from, to = to, from
	}
	p := binary.BigEndian.AppendUint16(nil, from)
	p = binary.BigEndian.AppendUint16(p, to)
	p = binary.BigEndian.AppendUint16(p, uint16(8+len(data)))
	p = append(p, 0, 0)
	return Packet{Start, w.ip(client, 17, append(p, data...))}
}

func (w Wire) ip(client bool, protocol byte, data []byte) []byte {
	if w.IPv6 {
		a := append([]byte{0x20, 1, 0xd, 0xb8}, make([]byte, 12)...)
		b := bytes.Clone(a)
		a[15], b[15] = 1, 2
		if !client {
			a, b = b, a
		}
		p := []byte{0x60, 0, 0, 0}
		p = binary.BigEndian.AppendUint16(p, uint16(len(data)))
		p = append(p, protocol, 64)
		return append(append(append(p, a...), b...), data...)
	}
	a, b := []byte{192, 0, 2, 1}, []byte{198, 51, 100, 7}
	if !client {
		a, b = b, a
	}
	p := []byte{0x45, 0}
	p = binary.BigEndian.AppendUint16(p, uint16(20+len(data)))
	p = append(p, 0, 1, 0x40, 0, 64, protocol, 0, 0)
	return append(append(append(p, a...), b...), data...)
}

// Links are the link types that Capture can write.
var Links = []int{0, 1, 9, 12, 14, 50, 101, 108, 113, 228, 229, 239, 276}

// Capture says how packets are written.
type Capture struct {
	Link    int
	Big     bool
	Nanos   bool
	Tags    int    // VLAN tags on Ethernet
	PPPoE   bool   // … and PPPoE
	Trailer int    // bytes behind the packet on Ethernet
	Secrets []byte // of a pcapng: a key log
	Late    bool   // … behind the packets
}

func (c Capture) order() binary.ByteOrder {
	if c.Big {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// frame puts a link's header before a packet.
func (c Capture) frame(p []byte) []byte {
	six := p[0]>>4 == 6
	kind := uint16(0x0800)
	family := uint32(2)
	if six {
		kind, family = 0x86dd, 30
	}
	be := binary.BigEndian
	switch c.Link {
	case 0:
		h := make([]byte, 4)
		c.order().PutUint32(h, family)
		return append(h, p...)
	case 108:
		return append(be.AppendUint32(nil, family), p...)
	case 1:
		h := make([]byte, 12)
		for range c.Tags {
			h = append(h, 0x81, 0, 0, 5)
		}
		if c.PPPoE {
			ppp := uint16(0x21)
			if six {
				ppp = 0x57
			}
			h = append(h, 0x88, 0x64, 0x11, 0, 0, 1)
			h = be.AppendUint16(h, uint16(len(p)+2))
			h = be.AppendUint16(h, ppp)
		} else {
			h = be.AppendUint16(h, kind)
		}
		return append(append(h, p...), make([]byte, c.Trailer)...)
	case 9, 50:
		h := []byte{0xff, 0x03, 0, 0x21}
		if six {
			h[3] = 0x57
		}
		return append(h[4*(c.Tags&1)/2:], p...) // with an address, or without
	case 113:
		return append(be.AppendUint16(make([]byte, 14), kind), p...)
	case 276:
		return append(append(be.AppendUint16(nil, kind), make([]byte, 18)...), p...)
	case 239:
		h := []byte{byte(family), 0, 0, 5, 8, 0, 1, 0, 1, 2, 3, 4}
		h = binary.LittleEndian.AppendUint16(h, uint16(4+len(p)))
		h = binary.LittleEndian.AppendUint16(h, 9)
		return append(h, p...)
	}
	return p
}

// Pcap writes the classic format.
func (c Capture) Pcap(packets ...Packet) []byte {
	var b bytes.Buffer
	put := func(v any) { binary.Write(&b, c.order(), v) }
	magic, unit := uint32(0xa1b2c3d4), int64(1000)
	if c.Nanos {
		magic, unit = 0xa1b23c4d, 1
	}
	put([]uint32{magic, 2, 0, 0, 262144, uint32(c.Link)})
	if c.Big {
		copy(b.Bytes()[4:], []byte{0, 2, 0, 4})
	} else {
		copy(b.Bytes()[4:], []byte{2, 0, 4, 0})
	}
	for _, p := range packets {
		f := c.frame(p.Data)
		put([]uint32{uint32(p.Time / 1e9), uint32(p.Time % 1e9 / unit), uint32(len(f)), uint32(len(f))})
		b.Write(f)
	}
	return b.Bytes()
}

// Pcapng writes pcapng.
func (c Capture) Pcapng(packets ...Packet) []byte {
	var b bytes.Buffer
	o := c.order()
	block := func(kind uint32, body []byte) {
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
		for _, v := range []uint32{kind, uint32(12 + len(body))} {
			binary.Write(&b, o, v)
		}
		b.Write(body)
		binary.Write(&b, o, uint32(12+len(body)))
	}
	u32 := func(p []byte, vs ...uint32) []byte {
		for _, v := range vs {
			q := make([]byte, 4)
			o.PutUint32(q, v)
			p = append(p, q...)
		}
		return p
	}
	u16 := func(p []byte, vs ...uint16) []byte {
		for _, v := range vs {
			q := make([]byte, 2)
			o.PutUint16(q, v)
			p = append(p, q...)
		}
		return p
	}
	secrets := func() {
		if c.Secrets != nil {
			block(10, append(u32(nil, 0x544c534b, uint32(len(c.Secrets))), c.Secrets...))
		}
	}
	block(0x0a0d0d0a, append(u16(u32(nil, 0x1a2b3c4d), 1, 0), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff))
	unit := int64(1000)
	options := []byte(nil)
	if c.Nanos {
		unit = 1
		options = append(u16(nil, 9, 1), 9, 0, 0, 0)
		options = u16(options, 0, 0)
	}
	block(1, append(u32(u16(nil, uint16(c.Link), 0), 0), options...))
	if !c.Late {
		secrets()
	}
	for _, p := range packets {
		f := c.frame(p.Data)
		t := uint64(p.Time / unit)
		block(6, append(u32(nil, 0, uint32(t>>32), uint32(t), uint32(len(f)), uint32(len(f))), f...))
	}
	if c.Late {
		secrets()
	}
	return b.Bytes()
}
