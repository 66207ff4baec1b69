package audit

import "sealbook/wasm/digest"

// values64 are the values of Base64 digits of both alphabets, 255 for others.
var values64 = func() (t [256]uint8) {
	for c := range t {
		t[c] = 255
	}
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range len(digits) {
		t[digits[i]] = uint8(i)
	}
	t['-'], t['_'] = 62, 63
	return t
}()

// strange64 reports whether a word is Base64 as long as a digest, with its
// padding, and nothing that is looked into: it returns where it ends, 0 if it is
// something else. Lists of digests are full of these, so nothing else looks at
// them.
//
//go:noinline
func (s *scan) strange64(l *layer, from, end int) int {
	p := l.p
	to := end + 1
	switch end - from {
	case 27, 43: // of 20 and 32 bytes
	case 22, 38, 86: // of 16, 28 and 64
		if to == len(p) || p[to] != '=' {
			return 0
		}
		to++
	default:
		return 0
	}
	if from < l.joined || to < len(p) && (p[to] == '=' || (p[to] == '\n' || p[to] == '\r') && (to-from >= 50 || from > 0 && p[from-1] != '\n')) {
		return 0 // padded twice, or a line of quoted-printable, perhaps
	}
	var room [digest.MaxSize]byte
	raw := room[:decode64(room[:], p[from:end])]
	if !s.random(raw) {
		return 0
	}
	s.shaped(l, from, end, token64, raw)
	if alone(p, from, to) {
		s.lz64(l, span{from, to}, p[from:end])
	}
	return to
}

// digest64 looks for a digest in Base64 that begins at a place.
func (s *scan) digest64(l *layer, from, to int) {
	p := l.p
	if to-from < 11 {
		return
	}
	w := uint64(0)
	for _, c := range p[from : from+10] {
		w = w<<6 | uint64(values64[c])
	}
	w = w<<4 | uint64(values64[p[from+10]]>>2)
	if !s.b.bloom.may(mix(w)) {
		return
	}
	if n := (to - from) * 6 / 8; n < digest.MaxSize && goesOn(p, to) || from < l.joined || to < l.joined && n < digest.MaxSize || escaped64(p, to) {
		return // of a line alone: all lines together are looked at
	}
	var raw [96]byte
	n := decode64(raw[:], p[from:min(to, from+128)])
	s.rawDigest(l, from, w, raw[:n], func(n int) span {
		end := from + (8*n+5)/6
		if end >= to {
			l.told = span{from, to}
			for end < len(p) && p[end] == '=' && (end-from)%4 != 0 {
				end++
			}
		}
		return span{from, end}
	}, (to-from)*6/8)
}

// escaped64 reports whether Base64 that ends at i goes on, or is padded, with an
// escape: it is looked at when that is undone.
func escaped64(p []byte, i int) bool {
	if i+2 >= len(p) || p[i] != '%' && p[i] != '=' {
		return false
	}
	a, b := p[i+1], lower(p[i+2])
	return a == '2' && (b == 'b' || b == 'f') && p[i] == '%' || a == '3' && b == 'd'
}

// decode64 decodes Base64 digits of both alphabets as far as dst has room, and
// returns how many bytes. Digits that make no byte are passed over.
func decode64(dst, p []byte) int {
	x, n, k := uint32(0), uint(0), 0
	i := 0
	for ; i+4 <= len(p) && k+3 <= len(dst); i += 4 {
		x := uint32(values64[p[i]])<<18 | uint32(values64[p[i+1]])<<12 | uint32(values64[p[i+2]])<<6 | uint32(values64[p[i+3]])
		dst[k], dst[k+1], dst[k+2] = byte(x>>16), byte(x>>8), byte(x)
		k += 3
	}
	for ; i < len(p); i++ {
		x, n = x<<6|uint32(values64[p[i]]), n+6
		if n >= 8 {
			n -= 8
			if k == len(dst) {
				return k
			}
			dst[k] = byte(x >> n)
			k++
		}
	}
	return k
}

// prefix64 is sixtyFour for a token that begins with few letters: only where
// what it decodes to is text or packed.
func (s *scan) prefix64(l *layer, from, end, to int) {
	var head [12]byte
	n := decode64(head[:], l.p[from:min(end, from+16)])
	if n >= 8 && interesting(head[:n]) {
		cut := l.cut
		l.cut = l.cut || end < len(l.p) && values64[l.p[end]] < 64
		s.sixtyFour(l, from, end, to)
		l.cut = cut
	}
}

// sixtyFour decodes Base64 and looks inside. The digits end at end, the padding
// at to.
func (s *scan) sixtyFour(l *layer, from, end, to int) {
	p := l.p
	if end-from < 10 || (end-from)%4 == 1 && end-from < 12 || from < l.joined || end-from >= 40 && goesOn(p, end) || l.told == (span{from, end}) || escaped64(p, end) {
		return
	}
	var room [1][2]int
	parts := append(room[:0], [2]int{from, end})
	if to == end {
		parts, to = s.lines64(l, parts, to)
	}
	buf := s.buffer(l.depth + 1)
	for _, part := range parts {
		buf = grow(buf, part[1]-part[0])
		n := decode64(buf[len(buf):cap(buf)], p[part[0]:part[1]])
		if part[1]-part[0] <= 88 { // alone it may be a digest, also where there are more lines
			s.shaped(l, part[0], part[1], token64, buf[len(buf):len(buf)+n])
		}
		buf = buf[:len(buf)+n]
	}
	s.buffers[l.depth+1] = buf
	if hasPrefix(p[from:end], "U2FsdGVkX1") {
		s.encrypted() // by OpenSSL's command
	}
	if len(parts) == 1 && s.random(buf) {
		if alone(p, from, to) {
			s.lz64(l, span{from, to}, p[from:end])
		}
		return
	}
	step := "base64"
	for _, c := range p[from:end] {
		if c == '-' || c == '_' {
			step = "base64url"
		}
	}
	switch {
	case hasPrefix(p[from:end], "eyJ") && (to < len(p) && p[to] == '.' || from > 0 && p[from-1] == '.'):
		step = "jwt"
	case from > 0 && p[from-1] == '.' && hasPrefix(buf, "{"):
		step = "jwt"
	}
	if step == "jwt" && index(buf, `"enc":`, 0) > 0 || hasPrefix(p[from:end], "gAAAAAB") && len(buf) >= 73 {
		s.encrypted() // JWE, RFC 7516 section 3, and Fernet of this century
	}
	c := s.child(l, step, boxed, span{from, to}, buf)
	c.guess = c.guess || !alone(p, from, to)
	s.lookLight(c)
	if end-from >= 12 {
		s.lz64(l, span{from, to}, p[from:end])
	}
}

// lines64 adds the lines of Base64 that follow a first one of 40 letters or more,
// as in a mail or a property list, and returns where they end.
func (s *scan) lines64(l *layer, parts [][2]int, to int) ([][2]int, int) {
	p := l.p
	first := parts[0]
	n := first[1] - first[0]
	if n < 40 || n%4 != 0 {
		return parts, to
	}
	for at := first[1]; ; {
		i := at
		for i < len(p) && (p[i] == '\n' || p[i] == '\r' || p[i] == '\t' || p[i] == ' ') {
			i++
		}
		if i == at || !hasNewline(p[at:i]) {
			break
		}
		j := i
		for j < len(p) && classes[p[j]]&clsWord != 0 && classes[p[j]]&clsHigh == 0 {
			j++
		}
		if j == i || j-i > n {
			break
		}
		parts = append(parts, [2]int{i, j})
		at = j
		if j-i < n {
			for at < len(p) && p[at] == '=' {
				at++
			}
			to = at
			break
		}
		to = at
	}
	if len(parts) > 1 {
		l.joined = parts[len(parts)-1][1]
	}
	return parts, to
}
