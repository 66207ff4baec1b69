package audit

import "sealbook/wasm/digest"

// token looks at a word of 11 letters or more for digests and encodings.
func (s *scan) token(l *layer, from, to int, all uint8) {
	p := l.p
	if p[from+2] == '-' && p[from+5] == '-' && hexValues[p[from]]|hexValues[p[from+4]] < 16 {
		l.pairs = 7 // 2b-34-34
	}
	s.hexDigests(l, from, to)
	if all&(clsHex|clsLetter) == 0 {
		s.sixteen(l, from, to)
		return
	}
	end := to
	for to < len(p) && to-end < 6 && p[to] == '=' {
		to++
	}
	if all&(clsDigit|clsSpecial|clsHigh) == 0 && end-from >= 16 {
		s.thirtyTwo(l, from, end, all) // small letters alone, perhaps
	}
	if all&clsHigh != 0 || all&clsDigit == 0 && !capitals(p[from:end]) {
		return // words: what is encoded has digits or capitals
	}
	if all&clsSpecial == 0 {
		s.segment(l, from, end, to > end, all)
		if all&clsLetter != 0 || end-from < 16 { // long ones are plainly base16
			s.digest64(l, from, end)
			s.sixtyFour(l, from, end, to)
		}
		return
	}
	// With special letters inside it may be one token, or several: but for one
	// with padding that is as long as a digest.
	s.digest64(l, from, end)
	s.sixtyFour(l, from, end, to)
	if to > end && (to-from)%4 == 0 && to-end <= 2 && digestSized((end-from)*6/8) {
		return
	}
	tried := 0
	for i := from; i < end; {
		j, seg := i, uint8(0)
		for j < end && classes[p[j]]&clsSpecial == 0 {
			seg |= classes[p[j]]
			j++
		}
		if j-i >= 11 {
			s.segment(l, i, j, to > end || i > from && p[i-1] == '+' || j < end && p[j] == '+', seg)
			if i > from {
				s.digest64(l, i, end)
				if tried++; j == end && p[i-1] == '/' {
					s.sixtyFour(l, i, end, to) // the end of a path
				} else if tried <= 8 {
					s.prefix64(l, i, end, to)
				}
			}
			if j < end && tried <= 8 {
				s.prefix64(l, i, j, j)
			}
		} else if i > from && end-i >= 11 {
			s.digest64(l, i, end)
			if tried++; tried <= 8 {
				s.prefix64(l, i, end, to)
			}
		}
		i = j + 1
	}
}

// segments looks at the parts of a word of a path one by one. A slash that was
// escaped parts nothing.
func (s *scan) segments(l *layer, from, to int) {
	decoded := l.parent != nil && l.parent.parent == nil && l.step == "percent"
	if l.parent != nil && !decoded {
		return
	}
	for i := from; i < to; {
		j, all := i, uint8(0)
		for j < to && (l.p[j] != '/' || decoded && l.parent.p[l.up(j)] != '/') {
			all |= classes[l.p[j]]
			j++
		}
		if j-i >= 10 && j-i < to-from {
			s.token(l, i, j, all)
		}
		i = j + 1
	}
}

// capitals reports whether a word has capitals behind its first letter.
func capitals(p []byte) bool {
	for _, c := range p[1:] {
		if c-'A' < 26 {
			return true
		}
	}
	return false
}

// segment looks at letters and digits for the encodings that have no others.
// other says that there are some beside them, or padding.
func (s *scan) segment(l *layer, from, to int, other bool, all uint8) {
	if all&clsLetter == 0 {
		s.sixteen(l, from, to)
	}
	if to-from >= 11 && (all&clsLetter != 0 || to-from < 20) {
		s.thirtyTwo(l, from, to, all)
		if !other && all&clsLetter != 0 {
			s.fiftyEight(l, from, to)
		}
	}
}

// hexDigests looks for digests in hexadecimal digits.
func (s *scan) hexDigests(l *layer, from, to int) {
	p := l.p
	for i := from + 15; i < to; i += 16 { // of 16 in a row, one is here
		if hexValues[p[i]] > 15 {
			continue
		}
		start, end := i, i+1
		for start > from && hexValues[p[start-1]] < 16 {
			start--
		}
		for end < to && hexValues[p[end]] < 16 {
			end++
		}
		if end-start >= 16 {
			s.hexRun(l, start, end)
		}
		i = max(i, end-1)
		i -= (i - from - 15) % 16
	}
}

// hexRun looks for digests in a run of hexadecimal digits. In one that is as long
// as a digest others can begin only where digests end; else anywhere.
func (s *scan) hexRun(l *layer, from, to int) {
	p := l.p
	filter := &s.b.bloom
	every := 1
	switch to - from {
	case 16, 20, 24, 32, 40, 56, 64, 96, 128:
		every = 8
	}
	w := uint64(0)
	for i := from; i < to; i++ {
		w = w<<4 | uint64(hexValues[p[i]])
		at := i - from - 15
		if at < 0 || at&(every-1) != 0 {
			continue
		}
		if filter.may(mix(w)) {
			s.hexDigest(l, i-15, to, w)
		}
	}
	s.shaped(l, from, to, tokenHex, nil)
}

var hexValues = func() (t [256]uint8) {
	for c := range 256 {
		t[c] = unhex(byte(c))
	}
	return t
}()

// hexDigest looks whose digest begins at a place.
func (s *scan) hexDigest(l *layer, from, to int, key uint64) {
	for w := s.b.words.first(key); ; {
		e := w.next()
		if e == nil {
			return
		}
		if e.what >= wordFixed64 {
			continue
		}
		var sum [digest.MaxSize]byte
		size, name := s.b.calculate(*e, &sum)
		n := 0
		i := from
		for ; n < size && i+1 < to; n++ {
			high, low := hexValues[l.p[i]], hexValues[l.p[i+1]]
			if high|low > 15 || high<<4|low != sum[n] {
				break
			}
			i += 2
		}
		rest := i
		for rest < to && hexValues[l.p[rest]] < 16 {
			rest++
		}
		start := from
		for start > 0 && hexValues[l.p[start-1]] < 16 {
			start--
		}
		if n < size && goesOn(l.p, rest) {
			continue // goes on in the next line
		}
		if whole(n, size, rest-i, start == from && (rest-from)/2 == size) {
			s.digestAt(l, span{from, i}, e.of, name, n, size)
			l.told = span{from, i}
		}
	}
}

// softBreak reports whether a line of quoted-printable ends at i and goes on in
// the next: one of about 76 letters, or no Base64 that ends in it.
func softBreak(p []byte, i int) bool {
	if i+2 >= len(p) || p[i] != '=' || p[i+1] != '\n' && p[i+1] != '\r' {
		return false
	}
	from := i
	for from > 0 && i-from < 100 && p[from-1] != '\n' {
		from--
	}
	next := skipLine(p, i)
	long := i-from >= 50 && i-from < 100 || i > 0 && values64[p[i-1]] > 63
	return long && next < len(p) && p[next] > ' '
}

// goesOn reports whether a word that ends at i goes on in a next line, behind an
// escape of its end: what undoes that sees all of it.
func goesOn(p []byte, i int) bool {
	if i+2 >= len(p) {
		return false
	}
	a, b := p[i+1], lower(p[i+2])
	switch p[i] {
	case '=':
		return softBreak(p, i)
	case '%':
		return a == '0' && (b == 'a' || b == 'd')
	case '&':
		return a == '#' && (b == '1' || b == 'x')
	case '\\':
		return a == 'n' || a == 'r'
	}
	return false
}

// quotedText reports whether bytes are quoted-printable for sure: a line goes on
// in the next, and no equals sign stands there as itself.
func quotedText(p []byte) bool {
	soft := false
	for i, c := range p {
		if c != '=' {
			continue
		}
		if i+2 < len(p) && quotable(p[i+1], p[i+2]) {
			continue
		}
		if !softBreak(p, i) {
			return false
		}
		soft = true
	}
	return soft
}

// digestSized reports whether so many bytes are a whole digest.
func digestSized(n int) bool {
	switch n {
	case 16, 20, 28, 32, 48, 64:
		return true
	}
	return false
}

// whole reports whether n bytes of a digest of a size, with more of the same
// letters behind them, are it: all of it, or cut where digests are cut. One whose
// later bytes differ is another one.
func whole(n, size, more int, sized bool) bool {
	switch {
	case n < 8:
		return false
	case n == size:
		return true
	case sized:
		return false
	case more == 0:
		return true
	}
	switch n {
	case 8, 10, 12, 16, 20, 24, 28, 32, 48:
		return true
	}
	return false
}

// digestAt records a digest of which n bytes of size are there.
func (s *scan) digestAt(l *layer, at span, of owner, name string, n, size int) {
	if n < size {
		if l.cut && at.to == len(l.p) {
			return
		}
		name += " cut to " + decimal0(n)
	}
	s.put(l, at, of, Digest, Certain, 0, name)
}

func decimal0(n int) string {
	if n >= 10 {
		return decimal0(n/10) + string(rune('0'+n%10))
	}
	return string(rune('0' + n))
}

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

// rawDigest looks whose digest p begins with; of is how many bytes there are in
// all.
func (s *scan) rawDigest(l *layer, from int, key uint64, p []byte, at func(n int) span, of int) {
	for w := s.b.words.first(key); ; {
		e := w.next()
		if e == nil {
			return
		}
		if e.what >= wordFixed64 {
			continue
		}
		var sum [digest.MaxSize]byte
		size, name := s.b.calculate(*e, &sum)
		n := 0
		for n < size && n < len(p) && p[n] == sum[n] {
			n++
		}
		if whole(n, size, of-n, of == size) {
			s.digestAt(l, at(n), e.of, name, n, size)
		}
	}
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

func hasNewline(p []byte) bool { return hasByte(p, '\n') || hasByte(p, '\r') }

// sixteen decodes hexadecimal digits and looks inside.
func (s *scan) sixteen(l *layer, from, to int) {
	if to-from < 14 || (to-from)%2 != 0 || l.told == (span{from, to}) {
		return
	}
	p := l.p[from:to]
	buf := grow(s.buffer(l.depth+1), len(p)/2)
	packed := false
	for i := 0; i < len(p); i += 2 {
		high, low := hexValues[p[i]], hexValues[p[i+1]]
		if high|low > 15 {
			return
		}
		if i == 16 && len(p) <= 128 && digestSized(len(p)/2) && !interesting(buf) {
			// As long as a digest, and no text: packed, or not worth a look.
			if packed = buf[0]&7 == 3 || hasSuffix(p, "00") || brotliHead(buf, len(p)/2); !packed {
				return
			}
		}
		buf = append(buf, high<<4|low)
	}
	s.buffers[l.depth+1] = buf
	if packed && buf[len(buf)-1] != 0 && !mayDeflate(buf) && !mayBrotli(buf) {
		return
	}
	c := s.child(l, "base16", boxed, span{from, to}, buf)
	c.guess = c.guess || !alone(l.p, from, to)
	s.lookLight(c)
}

// alone reports whether a token is all of a text, or of a value in quotes, between
// tags or in a form.
func alone(p []byte, from, to int) bool {
	if from > 0 {
		switch p[from-1] {
		case '"', '\'', '>', '=':
		default:
			return false
		}
	}
	if to < len(p) {
		switch p[to] {
		case '"', '\'', '<', '&', '\\':
		default:
			return false
		}
	}
	return true
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

// grow makes room for n more bytes.
func grow(p []byte, n int) []byte {
	if cap(p)-len(p) >= n {
		return p
	}
	q := make([]byte, len(p), max(2*cap(p), len(p)+n))
	copy(q, p)
	return q
}

// buffer returns room for the bytes of a layer of a depth: there is one of each
// at a time.
func (s *scan) buffer(depth int) []byte {
	for len(s.buffers) <= depth {
		s.buffers = append(s.buffers, nil)
	}
	if cap(s.buffers[depth]) > 4<<20 {
		s.buffers[depth] = nil
	}
	return s.buffers[depth][:0]
}

// child makes a layer inside l. It holds until the next of its depth.
func (s *scan) child(l *layer, step string, kind layerKind, at span, p []byte) *layer {
	d := l.depth + 1
	for len(s.layers) <= d {
		s.layers = append(s.layers, new(layer))
	}
	c := s.layers[d]
	moves := c.moves[:0]
	*c = layer{p: p, parent: l, step: step, kind: kind, at: at, depth: d, moves: moves, key: l.key, guess: l.guess, cut: l.cut}
	return c
}
