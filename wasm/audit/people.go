package audit

import "unicode/utf8"

// email looks at an @ for an address of the book.
func (s *scan) email(l *layer, at int) {
	p := l.p
	from, to := at, at+1
	for from > 0 && at-from < 64 && localPart(p[from-1]) {
		from--
	}
	for to < len(p) && to-at < 254 && (isAlnum(p[to]) || p[to] == '-' || p[to] == '.' || p[to] >= 0x80) {
		to++
	}
	for to > at && (p[to-1] == '.' || p[to-1] == '-') {
		to--
	}
	for from < at && (p[from] == '.' || p[from] == '\'' || p[from] == '-') {
		from++
	}
	if from == at || to <= at+3 {
		return
	}
	var buf [320]byte
	text := buf[:copy(buf[:], p[from:to])]
	for i, c := range text {
		text[i] = lower(c)
	}
	h := uint64(0xcbf29ce484222325)
	for _, c := range text {
		h = (h ^ uint64(c)) * 0x100000001b3
	}
	for w := s.b.mails.first(mix(h)); ; {
		e := w.next()
		if e == nil {
			return
		}
		if s.b.emails[-1-e.of].text == string(text) {
			s.put(l, span{from, to}, e.of, Email, Likely, 0, "")
		}
	}
}

func localPart(c byte) bool {
	if isAlnum(c) || c >= 0x80 {
		return true
	}
	switch c {
	case '.', '_', '-', '+', '\'':
		return true
	}
	return false
}

// A nameIndex finds names of two words or more by the first letters of any word
// that one of them begins or ends with.
type nameIndex struct {
	bits  []uint64 // bitmap of hashes of first letters
	names table    // by hash of the whole word
	words [][2]string
	who   []int
}

const nameBits = 1 << 14

func (x *nameIndex) build(b *Book) {
	x.bits = make([]uint64, nameBits/64)
	var list []word
	for i := range b.contacts {
		first, last := ends(b.contacts[i].name)
		if first == "" {
			continue
		}
		k := len(x.who)
		x.who = append(x.who, i)
		x.words = append(x.words, [2]string{first, last})
		for side, w := range [2]string{first, last} {
			h := nameHash([]byte(w))
			x.bits[h>>6] |= 1 << (h & 63)
			list = append(list, word{hashText(w), owner(k), uint16(side)})
		}
	}
	x.names.build(list)
}

// ends returns the first and the last word of a name in lower case, "" where
// there are no two that can be told from chance.
func ends(name string) (first, last string) {
	p := foldName([]byte(name))
	from := -1
	var words []string
	for i := 0; i <= len(p); i++ {
		if i < len(p) && nameLetter(p[i]) {
			if from < 0 {
				from = i
			}
			continue
		}
		if from >= 0 {
			words = append(words, string(p[from:i]))
			from = -1
		}
	}
	if len(words) < 2 {
		return "", ""
	}
	first, last = words[0], words[len(words)-1]
	if len(first) < 2 || len(last) < 2 || len(first)+len(last) < 6 || first == last {
		return "", ""
	}
	return first, last
}

func nameLetter(c byte) bool { return isLetter(c) || c >= 0x80 || c == '\'' }

// foldName returns text in lower case, as far as Latin, Greek and Cyrillic go.
func foldName(p []byte) []byte {
	out := make([]byte, 0, len(p))
	for i := 0; i < len(p); {
		if p[i] < 0x80 {
			out = append(out, lower(p[i]))
			i++
			continue
		}
		r, n := utf8.DecodeRune(p[i:])
		out = appendRune(out, foldRune(r))
		i += n
	}
	return out
}

func foldRune(r rune) rune {
	switch {
	case r >= 0xc0 && r <= 0xde && r != 0xd7, r >= 0x391 && r <= 0x3a9, r >= 0x410 && r <= 0x42f:
		return r + 0x20
	case r >= 0x400 && r <= 0x40f:
		return r + 0x50
	case r >= 0x100 && r <= 0x137, r >= 0x14a && r <= 0x177:
		return r | 1
	case r >= 0x139 && r <= 0x148, r >= 0x179 && r <= 0x17e:
		return r + r&1
	case r == 0x2019:
		return '\''
	}
	return r
}

// nameHash is of the first four bytes of a word without regard to case.
func nameHash(p []byte) uint64 {
	x := uint32(0)
	for i := range min(len(p), 4) {
		if p[i] >= 0x80 {
			break // its case is in more bytes than one
		}
		x = x<<8 | uint32(p[i]|0x20)
	}
	return uint64(x*0x9e3779b1) >> (32 - 14)
}

// may reports whether a word may begin or end a name.
func (x *nameIndex) may(p []byte) bool {
	h := nameHash(p)
	return x.bits[h>>6]>>(h&63)&1 != 0
}

// person looks whether the word at a place and another one soon behind it are
// the ends of a name.
func (s *scan) person(l *layer, from int) {
	p := l.p
	if from > 0 && nameLetter(p[from-1]) {
		return
	}
	to := from
	for to < len(p) && to-from < 48 && nameLetter(p[to]) {
		to++
	}
	if to-from < 2 || to-from >= 48 {
		return
	}
	one := foldName(p[from:to])
	x := &s.b.names
	for w := x.names.first(hashText(string(one))); ; {
		e := w.next()
		if e == nil {
			return
		}
		pair := x.words[e.of]
		if pair[e.what] != string(one) {
			continue
		}
		other := pair[1-e.what]
		end := min(len(p), to+64)
		for i := to; i < end; {
			if !nameLetter(p[i]) {
				if p[i] == '}' || p[i] == '\n' {
					break
				}
				i++
				continue
			}
			j := i
			for j < len(p) && j-i < 48 && nameLetter(p[j]) {
				j++
			}
			if string(foldName(p[i:j])) == other {
				who := x.who[e.of]
				of := owner(0)
				if c := &s.b.contacts[who]; len(c.numbers) > 0 {
					of = owner(c.numbers[0])
				} else {
					of = s.b.anyOwner(who)
				}
				s.put(l, span{from, j}, of, Name, Possible, 0, "")
				break
			}
			i = j
		}
	}
}

// anyOwner returns an address of a person without a number; any owner if there
// is none.
func (b *Book) anyOwner(who int) owner {
	for i := range b.emails {
		if b.emails[i].contact == who {
			return owner(-1 - i)
		}
	}
	return nobody - owner(who)
}

// nobody, and what is below, stands for a person by itself.
const nobody owner = -1 << 30
