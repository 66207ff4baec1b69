package audit

import (
	"unicode/utf8"

	"sealbook/wasm/capture/unpack"
)

// A scan goes over the parts of messages.
type scan struct {
	b *Book
	o Options

	sent     *Sent
	location string
	before   []string // what package capture took off already
	name     string   // of the part
	out      []Finding
	last     []int // of each contact, index+1 of its last finding in out
	count    int   // findings of this part that count
	work     int64 // bytes of layers that may still be looked at for this part
	note     func(reason string)
	noted    string

	digits struct { // groups of digits on the way
		tail  uint64 // the last 16 digits, 4 bits each
		count int
		end   int    // behind the last digit
		all   uint64 // as tail, of groups that other things stand between
	}

	tokens    tokens // what looks like a digest
	salts     salts
	keys      salts // what may be keys of HMACs
	beside    salts // what stands beside digests
	memo      memo
	lateFound []int // of out: salted and double digests

	strict     bool // integers that are no more than possible do not count
	place      place
	root       layer
	layers     []*layer // by depth
	buffers    [][]byte // by depth
	path       []span   // see put
	lzEntries  []lzEntry
	joinedText []byte // see parameters
	stream     unpack.Stream
	tries      int // of what may be packed in the middle of bytes, for this part
}

// trouble reports once for each part and reason what was not looked at.
func (s *scan) trouble(reason string) {
	if s.noted != reason {
		s.noted = reason
		s.note(reason)
	}
}

// look goes over a layer and all that is inside it.
func (s *scan) look(l *layer) {
	if len(l.p) == 0 {
		return
	}
	if c := l.p[0]; (c == 'S' || c == 'a') && (hasPrefix(l.p, "Salted__") || hasPrefix(l.p, "age-encryption.org/")) {
		s.encrypted() // by OpenSSL's command, and by age
	}
	if l.depth > s.o.MaxDepth {
		s.trouble(TooDeep)
		return
	}
	if s.work -= int64(len(l.p)); s.work < 0 {
		s.trouble(TooMuch)
		return
	}
	if s.packed(l) || s.multipart(l) || s.chunked(l) || s.wideText(l) {
		l.known = true
		return
	}
	if isText(l.p) && !(l.p[0] < ' ' && message(l.p)) {
		s.text(l)
		return
	}
	if digestSized(len(l.p)) && l.step != "" {
		s.shaped(l, 0, len(l.p), tokenRaw, l.p)
	}
	s.bytes(l)
	if !l.known && validText(l.p) {
		s.narrow(l)
	}
	if !l.known && opaqueBytes(l) {
		s.encrypted()
	}
}

// encrypted says of what the app sent that nobody can tell what it is, but for the
// tokens that headers hold.
func (s *scan) encrypted() {
	if !s.sent.Response && s.place >= inQuery {
		s.trouble(OpaqueBytes)
	}
}

// tokenKeys are parts of a key's name that say that its value is random by nature.
var tokenKeys = []string{"sign", ".sig.", "token", "cert", "attest", "nonce", "session", "publickey", "public_key", "pubkey"}

// opaqueBytes reports whether a body, or what is long or nearly all inside it, is
// as random as what is encrypted, and nothing that is known.
func opaqueBytes(l *layer) bool {
	p := l.p
	if l.guess || magic(p) == packMedia || len(p) < 16 {
		return false
	}
	if l.parent != nil && l.kind != opaque && l.step != "chunked" && len(p) < 1024 {
		// A token or a signature beside other things; or most of what there is.
		if len(p) < 128 || 5*(l.at.to-l.at.from) < 3*len(l.parent.p) || anyWord(keyBefore(l.parent.p, l.at.from), tokenKeys) {
			return false
		}
	}
	var count [256]int
	p = p[:min(len(p), 4096)]
	high := 0
	for _, c := range p {
		count[c]++
		high += int(c >> 7)
	}
	if len(p) < 64 {
		distinct := 0
		for _, n := range count {
			distinct += min(n, 1)
		}
		return 5*distinct >= 4*len(p) && 4*high >= len(p) && 4*high <= 3*len(p)
	}
	// Chi squared with 255 degrees of freedom is 255 ± 23 for random bytes, times
	// 256 and the length.
	sum := 0
	for _, n := range count {
		sum += n * n
	}
	return 256*sum-len(p)*len(p) < 400*len(p)
}

// bytes goes over bytes that are no text. What a message of protobuf says of its
// integers is better than what they look like.
func (s *scan) bytes(l *layer) {
	strict := s.strict
	s.strict = s.structured(l)
	l.known = l.known || s.strict
	s.binary(l)
	s.strict = strict
}

// text goes over a layer that begins as text.
func (s *scan) text(l *layer) {
	s.shape(l)
	if l.shape == "json" && hasByte(l.p, '\\') {
		s.unescapeJSON(l)
		s.strings(l)
		return
	}
	s.fresh()
	before := len(s.out)
	flags := s.words(l, 0, len(l.p))
	if l.marked && l.kind != hidden {
		if index(l.p, "END:VCARD", 0) >= 0 {
			s.unfold(l)
		}
		if index(l.p, "-----BEGIN PGP MESSAGE-----", 0) >= 0 {
			s.encrypted()
		}
	}
	if flags&clsEscape != 0 && l.kind != hidden && quotedText(l.p) {
		// Lines end anywhere: only without their ends is it a text.
		for i := range s.out[before:] {
			if f := &s.out[before+i]; !f.dropped {
				f.dropped = true
				s.count--
			}
		}
		s.quotedPrintable(l)
		return
	}
	if flags&clsEscape != 0 || l.shape == "form" || s.spaces(l) {
		s.escapes(l)
	}
	if flags&clsHigh != 0 && l.kind != hidden {
		s.scripts(l)
		s.lzText(l)
	}
	if flags&clsControl != 0 {
		s.bytes(l)
		if flags&clsHigh != 0 {
			s.narrow(l)
		}
	} else if flags&clsHigh != 0 && len(l.p) < 256 && !utf8.Valid(l.p) {
		s.bytes(l)
	}
	s.textual(l)
}

// fresh forgets groups of digits.
func (s *scan) fresh() { s.digits.count, s.digits.end = 0, -8 }

// words goes over bytes of a layer that are mostly text, and returns the classes
// of all of them.
//
// What few words need is never inlined here, nor in groups: the compiler of the
// module would, and then keep what every byte needs in memory.
func (s *scan) words(l *layer, from, to int) (flags uint8) {
	p := l.p[:to]
	b := s.b
	l.pairs, l.bytes = 0, 0
	for i := from; i < len(p); {
		c := classes[p[i]]
		if c&clsWord == 0 {
			flags |= c
			if c&clsAt != 0 && len(b.emails) > 0 {
				s.email(l, i)
			}
			i++
			continue
		}
		start, all := i, c
		for i++; i < len(p); i++ {
			c = classes[p[i]]
			if c&clsWord == 0 {
				break
			}
			all |= c
		}
		flags |= all
		n := i - start
		if n >= 22 && all&clsHigh == 0 && all&clsLetter != 0 && i < len(p) && p[i] == '=' {
			if end := s.strange64(l, start, i); end > 0 {
				s.fresh()
				i = end
				continue
			}
		}
		if all&clsDigit != 0 {
			if n < 16 || all&^(clsDigit|clsSpecial) == 0 {
				s.groups(l, start, i)
			} else if all&(clsLetter|clsSpecial) != 0 { // not plain base16
				s.longGroups(l, start, i)
			}
		}
		if n <= 4 && l.pairs+l.bytes < 14 {
			l.short(p[start:i], all)
		}
		if n >= 2 && all&(clsHex|clsLetter) != 0 {
			if n >= 3 && n <= 40 && i < len(p) && p[i] != ' ' && p[i] != '.' && p[i] != ',' {
				s.salty(l, start, i)
			}
			if b.names.may(p[start:i]) {
				s.person(l, start)
			}
		}
		if n >= 11 || n == 10 && i < len(p) && p[i] == '=' {
			d := s.digits
			if s.place == inPath {
				s.segments(l, start, i)
			}
			s.token(l, start, i, all)
			s.digits = d
		}
	}
	return flags
}

// short notes what ends a vCard or announces PGP, perhaps, and counts words that are pairs of hexadecimal digits, and those that are
// bytes in decimal, in a row: up to 7, which stay.
func (l *layer) short(w []byte, all uint8) {
	if l.pairs < 7 {
		switch n := len(w); {
		case n == 2 && all&^(clsHex|clsDigit) == 0, n == 3 && w[0]|0x20 == 'x', n == 4 && w[1]|0x20 == 'x':
			l.pairs++
		default:
			l.pairs = 0
			l.marked = l.marked || n == 3 && (w[0] == 'E' && w[1] == 'N' && w[2] == 'D' || w[0] == 'P' && w[1] == 'G' && w[2] == 'P')
		}
	}
	if l.bytes < 7 {
		if all&^(clsDigit|clsSpecial) == 0 {
			l.bytes++
		} else {
			l.bytes = 0
		}
	}
}

// isText reports whether bytes begin as text.
func isText(p []byte) bool {
	head := p
	if len(head) > 512 {
		head = head[:512]
	}
	bad, high := 0, 0
	for _, c := range head {
		switch k := classes[c]; {
		case c == 0:
			bad += 8
		case k&clsControl != 0:
			bad++
		case k&clsHigh != 0:
			high++
		}
	}
	if bad*16 > len(head) {
		return false
	}
	if high > 0 && bad > 0 || high*4 > len(head) {
		return validText(head)
	}
	return true
}

// validText reports whether p is UTF-8, but for a letter that is cut at the end.
func validText(p []byte) bool {
	for len(p) > 0 {
		r, n := utf8.DecodeRune(p)
		if r == utf8.RuneError && n == 1 {
			return len(p) < 4 && !utf8.FullRune(p)
		}
		p = p[n:]
	}
	return true
}

func hasByte(p []byte, c byte) bool {
	for _, x := range p {
		if x == c {
			return true
		}
	}
	return false
}
