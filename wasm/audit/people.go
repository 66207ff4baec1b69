package audit

import "unicode/utf8"

// email looks at an @ for an address of the book.
//
//go:noinline
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
	if !s.address(l, span{from, to}, text) && (hasSuffix(text, "@gmail.com") || hasSuffix(text, "@googlemail.com")) {
		if plain := mailbox(string(text)); plain != "" {
			s.address(l, span{from, to}, []byte(plain))
		}
	}
}

// address records an address if it is of the book, and reports whether it is.
func (s *scan) address(l *layer, at span, text []byte) bool {
	found := false
	h := uint64(0xcbf29ce484222325) // as hashText, without a copy
	for _, c := range text {
		h = (h ^ uint64(c)) * 0x100000001b3
	}
	for w := s.b.mails.first(mix(h)); ; {
		e := w.next()
		if e == nil {
			return found
		}
		if s.b.emails[-1-e.of].text == string(text) {
			s.put(l, at, e.of, Email, Likely, 0, "")
			found = true
		}
	}
}

const gmail = "gmail.com"

// mailbox returns what an address of Gmail, in lower case, is the same mailbox as:
// without dots and what is behind a plus. It is "" for those of others.
func mailbox(text string) string {
	local, domain, ok := cutAt(text)
	if !ok || domain != gmail && domain != "googlemail.com" {
		return ""
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(local) && local[i] != '+'; i++ {
		if local[i] != '.' {
			out = append(out, local[i])
		}
	}
	if len(out) == 0 {
		return ""
	}
	return string(out) + "@" + gmail
}

// cutAt parts an address at its @; ok is false where there is not exactly one.
func cutAt(text string) (local, domain string, ok bool) {
	at := -1
	for i := range len(text) {
		if text[i] == '@' {
			if at >= 0 {
				return "", "", false
			}
			at = i
		}
	}
	if at < 0 {
		return "", "", false
	}
	return text[:at], text[at+1:], true
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
			if w == "" {
				continue
			}
			x.mark(w)
			folded := string(foldName([]byte(w)))
			x.words[k][side] = folded
			list = append(list, word{hashText(folded), owner(k), uint16(side)})
		}
	}
	x.names.build(list)
}

// mark sets the bits of the first letters of a word as texts may have them: with
// its marks on the letters, behind them, or without.
func (x *nameIndex) mark(w string) {
	set := func(p []byte) {
		h := nameHash(p)
		x.bits[h>>6] |= 1 << (h & 63)
	}
	folded := foldName([]byte(w))
	set(folded)
	n := 0
	for i := 0; i < len(w) && n < 4; {
		r, size := utf8.DecodeRuneInString(w[i:])
		if r >= 0x80 {
			set(folded[:min(n, len(folded))])
			set(folded[:min(n+1, len(folded))])
		}
		i += size
		n++
	}
}

// ends returns the first and the last word of a name as it is written, "" where
// there are none that can be told from chance. A name of three letters or more of
// a script that writes whole words with one is a word alone, and the last is "".
func ends(name string) (first, last string) {
	p := name
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
	if len(words) == 1 && len(words[0]) >= 9 && dense(words[0]) {
		return words[0], ""
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

// dense reports whether all letters are Chinese, Japanese or Korean.
func dense(w string) bool {
	for _, r := range w {
		if r < 0x3041 || r > 0x30fe && r < 0x3400 || r > 0x9fff && r < 0xac00 || r > 0xd7a3 {
			return false
		}
	}
	return true
}

func nameLetter(c byte) bool { return isLetter(c) || c >= 0x80 || c == '\'' }

// foldName returns text in lower case and without the marks on letters, as far as
// Latin, Greek and Cyrillic go.
func foldName(p []byte) []byte {
	out := make([]byte, 0, len(p))
	for i := 0; i < len(p); {
		if p[i] < 0x80 {
			out = append(out, lower(p[i]))
			i++
			continue
		}
		r, n := utf8.DecodeRune(p[i:])
		i += n
		switch {
		case r >= 0x300 && r < 0x370: // a mark behind its letter
		case r == 0xdf || r == 0x1e9e:
			out = append(out, "ss"...)
		default:
			out = appendRune(out, foldRune(r))
		}
	}
	return out
}

// The letters of Latin-1 and Latin Extended-A, and of Vietnamese, without marks; a
// question mark where there is none.
const (
	plainFrom    = 0xc0
	plainLetters = "aaaaaa?ceeeeiiii?nooooo?ouuuuy??aaaaaa?ceeeeiiii?nooooo?ouuuuy?yaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii??jjkkkllllllllllnnnnnnn??oooooo??rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
	vietFrom     = 0x1ea0
	vietLetters  = "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy"
)

func foldRune(r rune) rune {
	switch {
	case r >= plainFrom && r < plainFrom+rune(len(plainLetters)):
		if c := plainLetters[r-plainFrom]; c != '?' {
			return rune(c)
		}
		if r < 0x100 { // Æ, Ð, Þ and their small letters; × and ÷
			return r | 0x20
		}
		return r | 1
	case r >= vietFrom && r < vietFrom+rune(len(vietLetters)):
		return rune(vietLetters[r-vietFrom])
	case r == 0x1a0, r == 0x1a1:
		return 'o'
	case r == 0x1af, r == 0x1b0:
		return 'u'
	case r == 0x218, r == 0x219:
		return 's'
	case r == 0x21a, r == 0x21b:
		return 't'
	case r >= 0x386 && r <= 0x3ce:
		return foldGreek(r)
	case r == 0x419, r == 0x439: // short i
		return 0x438
	case r == 0x401, r == 0x451:
		return 0x435
	case r == 0x407, r == 0x457:
		return 0x456
	case r >= 0x410 && r <= 0x42f:
		return r + 0x20
	case r >= 0x400 && r <= 0x40f:
		return r + 0x50
	case r == 0x2019:
		return '\''
	}
	return r
}

// foldGreek returns a letter between U+0386 and U+03CE in lower case without marks.
func foldGreek(r rune) rune {
	const alpha, epsilon, eta, iota, omicron, sigma, upsilon, omega = 0x3b1, 0x3b5, 0x3b7, 0x3b9, 0x3bf, 0x3c3, 0x3c5, 0x3c9
	switch r {
	case 0x386, 0x3ac:
		return alpha
	case 0x388, 0x3ad:
		return epsilon
	case 0x389, 0x3ae:
		return eta
	case 0x38a, 0x3af, 0x3aa, 0x3ca, 0x390:
		return iota
	case 0x38c, 0x3cc:
		return omicron
	case 0x38e, 0x3cd, 0x3ab, 0x3cb, 0x3b0:
		return upsilon
	case 0x38f, 0x3ce:
		return omega
	case 0x3c2: // at the end of a word
		return sigma
	}
	if r >= 0x391 && r <= 0x3a9 {
		return r + 0x20
	}
	return r
}

// nameHash is of the first four bytes of a word without regard to case.
func nameHash(p []byte) uint64 {
	if len(p) >= 4 {
		if p[0]|p[1]|p[2]|p[3] < 0x80 { // nearly always
			x := uint32(p[0])<<24 | uint32(p[1])<<16 | uint32(p[2])<<8 | uint32(p[3]) | 0x20202020
			return uint64(x*0x9e3779b1) >> (32 - 14)
		}
	}
	x := uint32(0)
	if len(p) >= 4 {
		x = uint32(p[0])<<24 | uint32(p[1])<<16 | uint32(p[2])<<8 | uint32(p[3])
		if x&0x80808080 == 0 {
			return uint64((x|0x20202020)*0x9e3779b1) >> (32 - 14)
		}
		x = 0
	}
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
//
//go:noinline
func (s *scan) person(l *layer, from int) {
	p := l.p
	if from > 0 && nameLetter(p[from-1]) {
		return
	}
	to := from
	for to < len(p) && to-from < 64 && nameLetter(p[to]) {
		to++
	}
	if to-from < 2 || to-from >= 64 {
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
		if other == "" {
			s.putName(l, span{from, to}, e.of)
			continue
		}
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
			for j < len(p) && j-i < 64 && nameLetter(p[j]) {
				j++
			}
			if string(foldName(p[i:j])) == other {
				s.putName(l, span{from, j}, e.of)
				break
			}
			i = j
		}
	}
}

// putName records a name of the index.
func (s *scan) putName(l *layer, at span, k owner) {
	who := s.b.names.who[k]
	of := owner(0)
	if c := &s.b.contacts[who]; len(c.numbers) > 0 {
		of = owner(c.numbers[0])
	} else {
		of = s.b.anyOwner(who)
	}
	s.put(l, at, of, Name, Possible, 0, "")
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
