package audit

import "sealbook/wasm/digest"

// token looks at a word of 11 letters or more for digests and encodings.
func (s *scan) token(l *layer, from, to int, all uint8) {
	p := l.p
	if p[from+2] == '-' && p[from+5] == '-' && hexValues[p[from]]|hexValues[p[from+4]] < 16 {
		l.pairs = 7 // 2b-34-34
	}
	s.hexDigests(l, from, to)
	if all&clsSpecial != 0 && to-from >= 36 && p[from+8] == '-' && p[from+13] == '-' && p[from+18] == '-' && p[from+23] == '-' {
		s.uuidDigest(l, from)
	}
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
//
//go:noinline
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

// rawDigest looks whose digest p begins with; of is how many bytes there are in
// all.
func (s *scan) rawDigest(l *layer, from int, key uint64, p []byte, at func(n int) span, of int) {
	for w := s.b.words.first(key); ; {
		e := w.nextDigest()
		if e == nil {
			return
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

func hasNewline(p []byte) bool { return hasByte(p, '\n') || hasByte(p, '\r') }

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
