package capture

// frame takes one packet as a link delivers it. big is the byte order of the
// capture, which link type 0 uses.
func (n *network) frame(link int, big bool, p []byte, time int64) {
	n.time = time
	kind := 0 // EtherType
	switch link {
	case 0, 108: // BSD loopback; of OpenBSD
		if len(p) < 4 {
			return
		}
		family := uint32of(p, big)
		if family > 0xffff { // of a machine in the other order
			family = uint32of(p, !big)
		}
		kind = 0x86dd
		if family == 2 {
			kind = 0x0800
		}
		p = p[4:]
	case 1: // Ethernet
		if len(p) < 14 {
			return
		}
		kind, p = uint16of(p[12:], true), p[14:]
	case 9, 50: // PPP
		kind, p = ppp(p)
	case 12, 14, 101: // IP
		kind = version(p)
	case 113: // Linux cooked
		if len(p) < 16 {
			return
		}
		kind, p = uint16of(p[14:], true), p[16:]
	case 228:
		kind = 0x0800
	case 229:
		kind = 0x86dd
	case 239: // NFLOG: values with type and length; 9 is the packet
		if len(p) < 4 {
			return
		}
		for p = p[4:]; len(p) >= 4; {
			size := uint16of(p, false)
			if size < 4 || size > len(p) {
				return
			}
			if uint16of(p[2:], false) == 9 {
				p = p[4:size]
				kind = version(p)
				break
			}
			p = p[min((size+3)&^3, len(p)):]
		}
	case 276: // Linux cooked v2
		if len(p) < 20 {
			return
		}
		kind, p = uint16of(p, true), p[20:]
	default:
		n.once(UnsupportedLink)
		return
	}
	for range 4 { // tags and sessions around IP
		switch kind {
		case 0x8100, 0x88a8, 0x9100:
			if len(p) < 4 {
				return
			}
			kind, p = uint16of(p[2:], true), p[4:]
		case 0x8864: // PPPoE
			if len(p) < 8 {
				return
			}
			kind, p = ppp(p[6:])
		case 0x8847, 0x8848: // MPLS, RFC 3032: labels up to the one that says it is the last
			for len(p) >= 4 && p[2]&1 == 0 {
				p = p[4:]
			}
			if len(p) < 5 {
				return
			}
			p = p[4:]
			if kind = version(p); p[0]>>4 != 4 && p[0]>>4 != 6 {
				n.once(UnsupportedLink) // not IP
				return
			}
		}
	}
	n.ip(kind, p, 0)
}

// ppp returns the EtherType of what a frame of PPP holds, 0 if it is not IP, and
// that: RFC 1661, with the address of RFC 1662 or without, and with a protocol of
// one byte or two.
func ppp(p []byte) (kind int, inner []byte) {
	if hasPrefix(p, "\xff\x03") {
		p = p[2:]
	}
	if len(p) > 1 && p[0] == 0 {
		p = p[1:]
	}
	if len(p) == 0 {
		return 0, nil
	}
	switch p[0] {
	case 0x21:
		kind = 0x0800
	case 0x57:
		kind = 0x86dd
	}
	return kind, p[1:]
}

func version(p []byte) int {
	if len(p) > 0 && p[0]>>4 == 6 {
		return 0x86dd
	}
	return 0x0800
}

// A flow is who talks to whom, as 16 bytes of address and the port, twice.
type flow [36]byte

// ip takes a packet of IPv4 or IPv6.
func (n *network) ip(kind int, p []byte, depth int) {
	var key flow
	var protocol byte
	switch {
	case kind == 0x0800:
		if len(p) < 20 || p[0]>>4 != 4 {
			return
		}
		head, total := int(p[0]&15)*4, uint16of(p[2:], true)
		if total == 0 { // left to the network card
			total = len(p)
		}
		if head < 20 || total < head || len(p) < head {
			return
		}
		if total > len(p) {
			n.once(PacketTruncated)
		}
		protocol = p[9]
		copy(key[12:], p[12:16])
		copy(key[30:], p[16:20])
		key[10], key[11], key[28], key[29] = 0xff, 0xff, 0xff, 0xff
		piece, id := uint16of(p[6:], true), uint32(uint16of(p[4:], true))
		p = p[head:min(total, len(p))]
		if piece&0x3fff != 0 {
			if p = n.fragment(fragmentKey{key, protocol, id}, piece&0x1fff*8, piece&0x2000 != 0, p); p == nil {
				return
			}
		}
	case kind == 0x86dd:
		if len(p) < 40 || p[0]>>4 != 6 {
			return
		}
		copy(key[:], p[8:24])
		copy(key[18:], p[24:40])
		size := uint16of(p[4:], true)
		protocol = p[6]
		p = p[40:]
		if size > len(p) {
			n.once(PacketTruncated)
		} else if size > 0 {
			p = p[:size]
		}
		for range 8 {
			more := 0
			switch protocol {
			case 0, 43, 60: // options, routing
				if len(p) < 8 {
					return
				}
				more = int(p[1])*8 + 8
			case 51: // authentication
				if len(p) < 8 {
					return
				}
				more = int(p[1])*4 + 8
			case 44:
				if len(p) < 8 {
					return
				}
				if piece := uint16of(p[2:], true); piece&^6 != 0 {
					next := p[0]
					if p = n.fragment(fragmentKey{key, next, uint32of(p[4:], true)}, piece&^7, piece&1 != 0, p[8:]); p == nil {
						return
					}
					protocol = next
					continue
				}
				more = 8
			}
			if more == 0 {
				break
			}
			if more > len(p) {
				return
			}
			protocol, p = p[0], p[more:]
		}
	default:
		return // ARP and the like
	}
	switch {
	case protocol == 6:
		n.tcp(&key, p)
	case protocol == 17:
		n.udp(&key, p)
	case protocol == 4 && depth < 2:
		n.ip(0x0800, p, depth+1)
	case protocol == 41 && depth < 2:
		n.ip(0x86dd, p, depth+1)
	case protocol == 47 && depth < 2:
		n.gre(p, depth+1)
	case protocol == 50: // ESP
		n.once(Encrypted)
	}
}

// gre takes what RFC 2784 and 2890 put around a packet.
func (n *network) gre(p []byte, depth int) {
	if len(p) < 4 {
		return
	}
	flags, kind, head := p[0], uint16of(p[2:], true), 4
	for _, optional := range [3]byte{0x80, 0x20, 0x10} { // checksum, key, sequence number
		if flags&optional != 0 {
			head += 4
		}
	}
	if kind == 0x6558 && len(p) >= head+14 { // Ethernet
		kind = uint16of(p[head+12:], true)
		head += 14
	}
	if head <= len(p) {
		n.ip(kind, p[head:], depth)
	}
}

// swap turns a flow round.
func (k *flow) swap() (other flow) {
	copy(other[:18], k[18:])
	copy(other[18:], k[:18])
	return other
}

// address writes one end of a flow as "192.0.2.1:443" or "[2001:db8::1]:443",
// the latter without shortening.
func (k *flow) address(end int) []byte {
	a := k[18*end : 18*end+18]
	var out []byte
	if string(a[:12]) == "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff" {
		for i, c := range a[12:16] {
			if i > 0 {
				out = append(out, '.')
			}
			out = decimal(out, int(c))
		}
	} else {
		const digits = "0123456789abcdef"
		out = append(out, '[')
		for i := 0; i < 16; i += 2 {
			if i > 0 {
				out = append(out, ':')
			}
			out = append(out, digits[a[i]>>4], digits[a[i]&15], digits[a[i+1]>>4], digits[a[i+1]&15])
		}
		out = append(out, ']')
	}
	out = append(out, ':')
	return decimal(out, uint16of(a[16:], true))
}
