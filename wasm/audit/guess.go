package audit

// random reports whether bytes are as long as a digest and nothing that is looked
// into: no text, nothing packed, no message, and no digest begins at any fourth of
// them. Lists of digests are full of these.
func (s *scan) random(p []byte) bool {
	if !digestSized(len(p)) {
		return false
	}
	for i := 0; i+8 <= len(p); i += 8 {
		if s.b.bloom.may(mix(bigEndian(p[i:]))) {
			return false
		}
	}
	first := p[0]
	if first <= 1 || interesting(p) || first > 7 && first < 0x80 && first&7 < 6 && (first&7 != 2 || int(p[1]) < len(p)-1) && smallMessage(p) || (first&1 != 0 || p[len(p)-1]+1 < 2) && mayDeflate(p) || mayBrotli(p) {
		return false
	}
	return hexValues[first] > 15 || hexValues[p[1]] > 15 && p[1] != '\r' && p[1] != ';' // no chunk begins so
}

// lookLight is look for what may be short and random.
func (s *scan) lookLight(l *layer) {
	p := l.p
	switch {
	case len(p) > 64 || interesting(p):
		s.look(l)
	case len(p) < 7 || (!digestSized(len(p)) || p[0] < 2 || smallMessage(p)) && (p[0]>>3 != 0 && p[0]&7 < 6 || p[0] < 2) && s.structured(l) || s.chunked(l):
	case !digestSized(len(p)) && s.wideText(l):
	case (!digestSized(len(p)) || p[len(p)-1] == 0 || mayDeflate(p) || mayBrotli(p)) && len(p) >= 10 && s.bare(l): // no number is packed in less
	case digestSized(len(p)):
		s.sparse(l)
	default:
		s.binary(l)
	}
}

// interesting reports whether bytes begin as text or as something packed. It
// looks at few.
func interesting(p []byte) bool {
	if len(p) > 24 {
		p = p[:24]
	}
	if len(p) < 3 {
		return false
	}
	if magicFirst[p[0]] && magic(p) != packNone || p[0]&p[1] == 0xfe && p[0]^p[1] == 1 { // or UTF-16's mark
		return true
	}
	zeros := 0
	high := false
	for _, c := range p {
		k := classes[c]
		switch {
		case c == 0:
			zeros++
		case k&clsControl != 0:
			return false
		case k&clsHigh != 0:
			high = true
		}
	}
	if zeros > 0 {
		return !high && zeros*2 >= len(p)-1 && zeros*2 <= len(p)+1
	}
	return !high || validText(p)
}
