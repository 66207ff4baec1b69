package audit

// plist looks at the objects of Apple's binary property list: a magic, objects,
// a table of their places, and a trailer of 32 bytes that tells where it is.
func (s *scan) plist(l *layer) bool {
	p := l.p
	if len(p) < 40 {
		return false
	}
	trailer := p[len(p)-32:]
	width, count, table := int(trailer[6]), bigEndian(trailer[8:]), bigEndian(trailer[24:])
	if width < 1 || width > 8 || count > uint64(len(p)) || table > uint64(len(p)-32) || count*uint64(width) > uint64(len(p)-32)-table {
		return false
	}
	for k := range int(count) {
		at := uint64(0)
		for _, c := range p[int(table)+k*width : int(table)+(k+1)*width] {
			at = at<<8 | uint64(c)
		}
		if at >= table {
			continue
		}
		s.plistObject(l, int(at), int(table))
	}
	return true
}

// plistObject looks at the object at a place.
func (s *scan) plistObject(l *layer, at, end int) {
	p := l.p[:end]
	kind, n := p[at]>>4, int(p[at]&15)
	at++
	switch kind {
	case 1, 2: // integer, real
		if n > 4 || at+1<<n > end {
			return
		}
		v := uint64(0)
		for _, c := range p[at : at+1<<n] {
			v = v<<8 | uint64(c)
		}
		c := s.child(l, "plist", within, span{at, at + 1<<n}, p[at:at+1<<n])
		all := span{0, len(c.p)}
		if kind == 2 {
			s.float(c, all, v)
		} else if v >= 1e6 {
			s.integer(c, all, v, n == 3)
		}
		return
	case 4, 5, 6: // data, ASCII, UTF-16
	default:
		return
	}
	if n == 15 { // the length is an integer of its own
		if at >= end || p[at]>>4 != 1 || p[at]&15 > 3 {
			return
		}
		w := 1 << (p[at] & 15)
		at++
		if at+w > end {
			return
		}
		n = 0
		for _, c := range p[at : at+w] {
			n = n<<8 | int(c)
		}
		at += w
	}
	if n < 0 || n > end || kind == 6 && 2*n > end {
		return
	}
	if kind == 6 {
		n *= 2
	}
	if at+n > end {
		return
	}
	c := s.child(l, "plist", within, span{at, at + n}, p[at:at+n])
	c.bounds = true
	if kind == 6 {
		s.utf16(c, span{0, n}, true, false)
		return
	}
	s.look(c)
}
