package capture

// A fragmentKey is what the fragments of a packet of IP have in common: addresses,
// protocol, identification.
type fragmentKey struct {
	ends     flow
	protocol byte
	id       uint32
}

// fragments are those of one packet that are there so far.
type fragments struct {
	parts []fragment // by their place
	size  int        // of the whole packet; 0 before the last is there
	kept  int        // bytes of parts
}

type fragment struct {
	at   int
	data []byte
}

const (
	maxPackets = 64   // that wait for fragments at a time: of 64 KiB each
	maxPieces  = 1024 // of one packet
)

// fragment takes a piece of a packet (RFC 791 section 3.2, RFC 8200 section 4.5)
// and returns the whole when it is there, nil before. more says that it is not the
// last one.
func (n *network) fragment(key fragmentKey, at int, more bool, data []byte) []byte {
	f := n.pieces[key]
	if f == nil {
		if len(n.pieces) >= maxPackets {
			n.once(Gap)
			clear(n.pieces)
		}
		f = new(fragments)
		if n.pieces == nil {
			n.pieces = map[fragmentKey]*fragments{}
		}
		n.pieces[key] = f
	}
	if len(data) == 0 {
		return nil
	}
	if at+len(data) > 1<<16 || f.kept+len(data) > 1<<17 || len(f.parts) == maxPieces {
		n.once(Gap)
		delete(n.pieces, key)
		return nil
	}
	if !more {
		f.size = at + len(data)
	}
	i := len(f.parts)
	for i > 0 && f.parts[i-1].at > at {
		i--
	}
	f.parts = append(f.parts, fragment{})
	copy(f.parts[i+1:], f.parts[i:])
	f.parts[i] = fragment{at, append([]byte(nil), data...)}
	f.kept += len(data)
	if f.size == 0 || f.kept < f.size {
		return nil
	}
	whole := make([]byte, 0, f.size)
	for _, p := range f.parts {
		if p.at > len(whole) {
			return nil // there is a hole, and more than one copy of something else
		}
		if again := len(whole) - p.at; again < len(p.data) {
			whole = append(whole, p.data[again:]...)
		}
	}
	delete(n.pieces, key)
	return whole
}
