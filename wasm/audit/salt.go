package audit

// salts are those of a capture, and the user's.
type salts struct {
	list [][]byte
	own  int // how many are the user's
}

const longestSalt = 128 // bytes

func (x *salts) add(p []byte, most int) {
	if len(p) == 0 || len(p) > longestSalt || len(x.list) >= most {
		return
	}
	for _, have := range x.list {
		if string(have) == string(p) {
			return
		}
	}
	x.list = append(x.list, append([]byte(nil), p...))
}

// addAll adds a salt as text and, where it may be that, decoded.
func (x *salts) addAll(p []byte, most int) {
	x.add(p, most)
	if len(p) >= 8 && len(p)%2 == 0 {
		raw := make([]byte, 0, len(p)/2)
		for i := 0; i < len(p); i += 2 {
			high, low := unhex(p[i]), unhex(p[i+1])
			if high|low > 15 {
				raw = nil
				break
			}
			raw = append(raw, high<<4|low)
		}
		x.add(raw, most)
	}
	end := len(p)
	for end > 0 && p[end-1] == '=' {
		end--
	}
	if end >= 6 && (end < len(p) || end%4 != 1 && end >= 16 || end%4 == 0 && x.own == 0) { // the user's come first, and may be short
		for _, c := range p[:end] {
			if values64[c] > 63 {
				return
			}
		}
		raw := make([]byte, end)
		x.add(raw[:decode64(raw, p[:end])], most)
	}
}

// maySalt takes the value of a name that is that of a salt, or may be that of a
// key: of the latter fewer, for they are more.
func (s *scan) maySalt(name, value []byte) {
	switch {
	case saltName(name):
		s.salts.addAll(value, s.salts.own+s.o.MaxSalts)
	case keyName(name) && len(value) >= 4 && len(value) <= longestSalt:
		s.keys.addAll(value, s.o.MaxSalts/4)
	}
}

// keyName reports whether a name may be that of an HMAC's key: one of these words,
// alone or behind one that says what it is for. Others have too many keys.
func keyName(p []byte) bool {
	if len(p) == 0 {
		return false
	}
	switch lower(p[len(p)-1]) { // most end otherwise
	case 'y', 't', 'd', 'e':
	default:
		return false
	}
	for _, w := range [...]string{"key", "secret", "seed", "nonce"} {
		if n := len(p) - len(w); n >= 0 && n <= 12 && foldPrefix(p[n:], w) {
			if n == 0 {
				return true
			}
			for _, of := range [...]string{"hash", "hmac", "mac", "sign", "shared", "secret", "digest", "contact", "phone"} {
				if foldPrefix(p, of) {
					return true
				}
			}
		}
	}
	return false
}

// salty takes the value of a key that is called salt or pepper, or key.
//
//go:noinline
func (s *scan) salty(l *layer, from, to int) {
	p := l.p
	switch lower(p[to-2]) { // of salt and secret, pepper, key, seed, nonce
	case 'l', 'e', 'c':
	default:
		if first := lower(p[from]); first != 's' && first != 'p' && first != 'h' {
			return
		}
	}
	if name := p[from:to]; l.kind == hidden || !saltName(name) && !keyName(name) {
		return
	}
	i := to
	sign := false
	for i < len(p) && i-to < 12 {
		switch c := p[i]; c {
		case ':', '=', '>':
			sign = true
		case '"', '\'', ' ', '\\', '[', '\n', '\t':
		default:
			goto value
		}
		i++
	}
value:
	if !sign || i >= len(p) {
		return
	}
	end := i
	for end < len(p) && end-i < 130 && p[end] > ' ' && p[end] < 0x7f {
		switch p[end] {
		case '"', '\'', '&', ',', ';', '<', '}', ']', '\\':
			goto done
		}
		end++
	}
done:
	s.maySalt(p[from:to], p[i:end])
}

// saltName reports whether a key is that of a salt.
func saltName(p []byte) bool {
	if len(p) < 4 {
		return false
	}
	last := p[max(0, len(p)-6):]
	return foldPrefix(p, "salt") || foldPrefix(p, "pepper") || foldPrefix(p, "hmac") ||
		len(last) >= 4 && foldPrefix(last[len(last)-4:], "salt") || len(last) == 6 && foldPrefix(last, "pepper") ||
		len(p) >= 7 && len(p) <= 12 && (foldPrefix(p, "hashkey") || foldPrefix(p, "hash_key") || foldPrefix(p, "hashseed") || foldPrefix(p, "secretkey"))
}

// tokenKind is how a digest-shaped text is written.
type tokenKind uint8

const (
	tokenHex tokenKind = iota
	token64
	tokenRaw
)

// A token is what looks like a digest, kept until the salts are known.
type token struct {
	key      uint64 // its first 8 bytes
	origin   int32
	from, to int32 // in the layer
	block    int32 // of tokens.text
	text     int32 // where in the block it is, with up to aside bytes before and behind
	kind     tokenKind
	lead     uint8 // bytes before it
	trail    uint8 // bytes behind it
}

const aside = 12

const mostBeside = 6 // salts that are known by their place alone

// besideToken takes what a colon, dollar sign or bar parts from a digest for its
// salt: 4f3a9c:DIGEST, $5$4f3a9c$DIGEST, DIGEST:4f3a9c.
func (s *scan) besideToken(p []byte, from, to int) {
	parts := func(i int) bool { return i >= 0 && i < len(p) && (p[i] == ':' || p[i] == '$' || p[i] == '|') }
	take := func(from, to int) {
		if n := to - from; n < 4 || n > 64 || (n >= 3 && foldPrefix(p[from:], "sha") || foldPrefix(p[from:], "md5")) {
			return
		}
		digit := false
		for _, c := range p[from:to] {
			digit = digit || isDigit(c)
		}
		if digit { // words are none
			s.beside.add(p[from:to], mostBeside)
		}
	}
	if parts(from - 1) {
		i := from - 1
		for i > 0 && classes[p[i-1]]&clsWord != 0 {
			i--
		}
		take(i, from-1)
	}
	for to < len(p) && p[to] == '=' {
		to++
	}
	if parts(to) {
		i := to + 1
		for i < len(p) && classes[p[i]]&clsWord != 0 {
			i++
		}
		take(to+1, i)
	}
}

type tokens struct {
	list    []token
	text    [][]byte // blocks, so that none is copied when there is more
	origins []origin
	block   int    // of text that is being filled
	sizes   uint64 // bit per size, that of 64 is 0
	full    bool
}

// An origin is where tokens were: what findings take from a layer.
type origin struct {
	sent     *Sent
	location string
	chain    []string
}

// shaped remembers a text that has the shape of a digest; raw is what it stands
// for, nil for hexadecimal digits.
func (s *scan) shaped(l *layer, from, to int, k tokenKind, raw []byte) {
	p := l.p
	n := len(raw)
	if k == tokenHex {
		n = (to - from) / 2
	}
	switch n { // whole, or cut where digests are
	case 8, 10, 12, 16, 20, 24, 28, 32, 40, 48, 64:
	default:
		return
	}
	if l.kind == hidden {
		return
	}
	key := uint64(0)
	switch k {
	case tokenHex:
		for _, c := range p[from : from+16] {
			key = key<<4 | uint64(hexValues[c])
		}
		i := from
		for i < to && isDigit(p[i]) {
			i++
		}
		if i == to {
			return // a number
		}
	case token64:
		// Words of prose and of programs have no digits, or no capitals inside,
		// and no padding.
		cases := uint8(0)
		if to < len(p) && p[to] == '=' {
			cases = 7
		}
		for i, c := range p[from:to] {
			if cases == 7 {
				break
			}
			switch {
			case c <= '9':
				cases |= 1
			case c <= 'Z' && i > 0:
				cases |= 2
			case c > 'Z' && c != '_':
				cases |= 4
			}
		}
		if cases != 7 && cases != 6 && cases != 3 {
			return
		}
		key = bigEndian(raw)
	default:
		key = bigEndian(raw)
	}
	if k != tokenRaw && digestSized(n) && len(s.beside.list) < mostBeside {
		s.besideToken(p, from, to)
	}
	t := &s.tokens
	if len(t.list) >= s.o.MaxTokens {
		if !t.full {
			t.full = true
			s.trouble(NotTried)
		}
		return
	}
	if l.origin == 0 {
		t.origins = append(t.origins, origin{s.sent, s.location, l.chain(s.before)})
		l.origin = int32(len(t.origins))
	}
	a, b := max(0, from-aside), min(len(p), to+aside)
	for t.block < len(t.text) && cap(t.text[t.block])-len(t.text[t.block]) < b-a {
		t.block++
	}
	if t.block == len(t.text) {
		t.text = append(t.text, make([]byte, 0, 1<<16))
	}
	block := t.text[t.block]
	t.list = append(t.list, token{key, l.origin - 1, int32(from), int32(to), int32(t.block), int32(len(block)), k, uint8(from - a), uint8(b - to)})
	t.text[t.block] = append(block, p[a:b]...)
	t.sizes |= 1 << (n & 63)
}

// context returns what is kept of a token: the bytes around it, and how many of
// them are before it.
func (t *tokens) context(k *token) ([]byte, int) {
	n := int32(k.lead) + k.to - k.from + int32(k.trail)
	return t.text[k.block][k.text : k.text+n], int(k.lead)
}

// forget drops the tokens and keeps the room.
func (t *tokens) forget() {
	for i := range t.text {
		t.text[i] = t.text[i][:0]
	}
	*t = tokens{list: t.list[:0], text: t.text}
}

// raw returns the bytes of a token.
func (t *tokens) raw(k *token, dst []byte) []byte {
	text, lead := t.context(k)
	text = text[lead : lead+int(k.to-k.from)]
	switch k.kind {
	case tokenHex:
		for i := 0; i+1 < len(text); i += 2 {
			dst = append(dst, hexValues[text[i]]<<4|hexValues[text[i+1]])
		}
		return dst
	case token64:
		n := decode64(dst[:cap(dst)], text)
		return dst[:n]
	}
	return append(dst, text...)
}
