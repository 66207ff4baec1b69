package audit

// thirtyTwo decodes Base32, of RFC 4648's alphabet or that of its section 7, and
// looks inside where that is text, packed or a digest.
func (s *scan) thirtyTwo(l *layer, from, to int, all uint8) {
	p := l.p[from:to]
	upper, low := false, false
	for _, c := range p {
		switch {
		case c >= 'A' && c <= 'Z':
			upper = true
		case c >= 'a' && c <= 'z':
			low = true
		}
		if upper && low {
			return
		}
	}
	if upper == low {
		return // both cases, or no letters
	}
	end := to
	for end < len(l.p) && end-to < 6 && l.p[end] == '=' {
		end++
	}
	for k, hexadecimal := range [2]bool{false, true} {
		if k == 1 && all&clsLetter == 0 {
			break // plainly base16
		}
		buf := grow(s.buffer(l.depth+1), len(p)*5/8+1)
		x, n := uint32(0), uint(0)
		ok := true
		for i, c := range p {
			v := value32(lower(c), hexadecimal)
			if v > 31 {
				ok = false
				break
			}
			x, n = x<<5|uint32(v), n+5
			if n >= 8 {
				n -= 8
				buf = append(buf, byte(x>>n))
				if hexadecimal && i >= 14 && len(buf) == 10 && len(p) > 128 && !interesting(buf) { // plain base16 is it too
					ok = false
					break
				}
			}
		}
		s.buffers[l.depth+1] = buf
		if !ok || len(buf) < 7 {
			continue
		}
		c := s.child(l, "base32", boxed, span{from, end}, buf)
		switch {
		case interesting(buf):
			s.sureLook(c, l, span{from, to})
		case alone(l.p, from, end) && likelyBytes(buf):
			c.guess = true
			if s.lookLight(c); c.known {
				l.told = span{from, to}
			}
		default:
			s.start(c)
		}
	}
}

// likelyBytes reports whether few bytes may be something that nothing announces.
func likelyBytes(p []byte) bool {
	return message(p) || len(p) >= 12 && hexValues[p[0]] < 16 && (p[1] == '\r' || p[2] == '\r') || len(p) >= 8 && (mayDeflate(p) || mayBrotli(p) || p[len(p)-1] == 0)
}

// sureLook looks at what a token decodes to, and where that is text or something
// packed for sure, remembers it: then the token is no Base64 as well.
func (s *scan) sureLook(c, l *layer, at span) {
	sure := len(c.p) >= 12 && magic(c.p) == packNone && isText(c.p)
	if s.look(c); sure || c.known {
		l.told = at
	}
}

func value32(c byte, hexadecimal bool) byte {
	if hexadecimal {
		switch {
		case isDigit(c):
			return c - '0'
		case c >= 'a' && c <= 'v':
			return c - 'a' + 10
		}
		return 255
	}
	switch {
	case c >= 'a' && c <= 'z':
		return c - 'a'
	case c >= '2' && c <= '7':
		return c - '2' + 26
	}
	return 255
}

// start looks whether a layer begins with a digest.
func (s *scan) start(l *layer) {
	if len(l.p) < 8 {
		return
	}
	w := bigEndian(l.p)
	if s.b.bloom.may(mix(w)) {
		s.rawDigest(l, 0, w, l.p, func(n int) span { return span{0, n} }, len(l.p))
	}
}

// values58 are the values of Bitcoin's alphabet, 255 for others.
var values58 = func() (t [256]uint8) {
	for c := range t {
		t[c] = 255
	}
	const digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	for i := range len(digits) {
		t[digits[i]] = uint8(i)
	}
	return t
}()

const longest58 = 256 // digits: decoding takes the square of them

// fiftyEight decodes Base58 and looks inside where that is text, packed or a
// digest.
func (s *scan) fiftyEight(l *layer, from, to int) {
	p := l.p[from:to]
	if len(p) > longest58 {
		return
	}
	for _, c := range p {
		if values58[c] > 57 {
			return
		}
	}
	var limbs [longest58*6/32 + 2]uint32 // the lowest first
	n := 0
	for i := 0; i < len(p); {
		// Five digits at a time: 58^5 fits.
		carry, by := uint64(0), uint64(1)
		for j := 0; j < 5 && i < len(p); j++ {
			carry = carry*58 + uint64(values58[p[i]])
			by *= 58
			i++
		}
		for k := range n {
			carry += uint64(limbs[k]) * by
			limbs[k] = uint32(carry)
			carry >>= 32
		}
		if carry > 0 {
			limbs[n] = uint32(carry)
			n++
		}
	}
	buf := grow(s.buffer(l.depth+1), 4*n+4)
	for _, c := range p {
		if c != '1' {
			break
		}
		buf = append(buf, 0)
	}
	started := false
	for k := n - 1; k >= 0; k-- {
		for shift := 24; shift >= 0; shift -= 8 {
			b := byte(limbs[k] >> shift)
			if started = started || b != 0; started {
				buf = append(buf, b)
			}
		}
	}
	s.buffers[l.depth+1] = buf
	if len(buf) < 7 {
		return
	}
	c := s.child(l, "base58", boxed, span{from, to}, buf)
	switch {
	case interesting(buf):
		s.sureLook(c, l, span{from, to})
	case alone(l.p, from, to) && likelyBytes(buf):
		c.guess = true
		if s.lookLight(c); c.known {
			l.told = span{from, to}
		}
	default:
		s.start(c)
	}
}
