package audit

import "sealbook/wasm/digest"

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
		e := w.nextDigest()
		if e == nil {
			return
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
			head := messageHead(buf, len(p)/2)
			if buf[0]&7 == 5 {
				sum, _ := codeLengths(buf)
				head = head || sum >= 0
			}
			if packed = buf[0]&7 == 3 || hasSuffix(p, "00") || brotliHead(buf, len(p)/2); !packed && !head {
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

// messageHead reports whether bytes of a length begin as a message of protobuf with
// a field as long as 8 bytes of a digest, or with an integer and such a field.
func messageHead(p []byte, length int) bool {
	if p[0]&7 == 0 && p[0] > 7 && p[1] < 0x80 {
		p, length = p[2:], length-2
	}
	return p[0]&7 == 2 && p[0] > 7 && p[0] < 0x80 && p[1] >= 8 && int(p[1]) <= length-2
}

// uuidDigest looks whether a UUID is 16 bytes of a digest: as they are, or as RFC
// 9562 makes one of a name (sections 5.3, 5.5 and 5.8), with a version and a variant
// over six bits of them.
func (s *scan) uuidDigest(l *layer, at int) {
	p := l.p[at : at+36]
	key := uint64(0)
	for _, c := range p[:8] {
		key = key<<4 | uint64(hexValues[c])
	}
	for _, group := range [2][]byte{p[9:13], p[14:18]} {
		for _, c := range group {
			key = key<<4 | uint64(hexValues[c])
		}
	}
	versions := uint64(1)
	switch p[14] {
	case '3', '5', '8':
		versions = 16
	}
	for v := range versions {
		masked := versions > 1
		if masked {
			key = key&^0xf000 | v<<12
		}
		if !s.b.bloom.may(mix(key)) || !uuid(p, 0) {
			continue
		}
		var raw [8]byte
		for i := range raw {
			k := 19 + 2*i
			if i > 1 {
				k++
			}
			raw[i] = hexValues[p[k]]<<4 | hexValues[p[k+1]]
		}
		for w := s.b.words.first(key); ; {
			e := w.nextDigest()
			if e == nil {
				break
			}
			var sum [digest.MaxSize]byte
			_, name := s.b.calculate(*e, &sum)
			if masked {
				sum[8] = sum[8]&0x3f | raw[0]&0xc0
			}
			if string(sum[8:16]) == string(raw[:]) {
				s.put(l, span{at, at + 36}, e.of, Digest, Certain, 0, name+" as UUID")
			}
		}
	}
}
