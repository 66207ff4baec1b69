package audit

import "sealbook/wasm/digest"

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
	case len(name) >= 4 && saltName(name):
		s.salts.addAll(value, s.salts.own+s.o.MaxSalts)
	case keyName(name) && len(value) >= 4 && len(value) <= longestSalt:
		s.keys.addAll(value, s.o.MaxSalts/4)
	}
}

// keyName reports whether a name may be that of an HMAC's key: one of these words,
// alone or behind one that says what it is for. Others have too many keys.
func keyName(p []byte) bool {
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

// A hunt looks for salted and double digests among the tokens.
type hunt struct {
	s     *scan
	found table // tokens by key
	bloom bloom
	exact []digest.Algorithm // whose size some token has
	algs  []digest.Algorithm // the same; all, if some token is cut
	sum   [digest.MaxSize]byte
	buf   []byte
}

// late looks for digests that need salts, or are of digests, among the tokens of
// a capture.
func (s *scan) late() {
	t := &s.tokens
	if len(t.list) == 0 {
		return
	}
	h := hunt{s: s, buf: make([]byte, 0, 512)}
	list := make([]word, len(t.list))
	odd := false
	for i := range t.list {
		list[i] = word{t.list[i].key, owner(i), 0}
	}
	for n := uint(1); n < 64; n++ {
		switch n {
		case 16, 20, 28, 32, 48:
		default:
			odd = odd || t.sizes>>n&1 != 0
		}
	}
	h.found.build(list)
	h.bloom.build(list)
	for a := digest.MD5; a <= digest.SHA512; a++ {
		exact := t.sizes>>(a.Size()&63)&1 != 0
		if exact {
			h.exact = append(h.exact, a)
		}
		if exact || odd {
			h.algs = append(h.algs, a)
		}
	}
	b := s.b
	var texts [][]byte
	for k := -len(b.emails); k < len(b.numbers); k++ {
		o := owner(k)
		texts = b.preimages(texts[:0], o)
		for f, text := range texts {
			if text == nil {
				continue
			}
			name := "email"
			if o >= 0 {
				name = gridForms[f].name
			}
			h.of(o, name, text)
		}
	}
}

// between are what programs put between a number and a salt.
var between = [...]string{"", ":", "-", "_", "|", ".", " ", "#", "+", "$", ";", ","}

// of tries all digests of a spelling.
func (h *hunt) of(o owner, form string, text []byte) {
	for _, salt := range h.s.salts.list {
		for _, sep := range between {
			h.try(o, form, "{n}"+sep+"{salt}", text, sep, salt)
			h.try(o, form, "{salt}"+sep+"{n}", salt, sep, text)
		}
		h.try(o, form, "{n} msisdn {salt}", text, " msisdn ", salt)
		h.try(o, form, "{n} email {salt}", text, " email ", salt)
		h.buf = append(append(append(h.buf[:0], salt...), text...), salt...)
		h.hash(o, form, "{salt}{n}{salt}", h.algs)
		h.hmac(o, form, salt, text)
	}
	for _, key := range h.s.keys.list {
		h.try(o, form, "{n}{salt}", text, "", key)
		h.try(o, form, "{salt}{n}", key, "", text)
		h.hmac(o, form, key, text)
	}
	// Digests of digests, written in the usual ways, and with the salts.
	var inner [digest.MaxSize]byte
	var written [2 * digest.MaxSize]byte
	for a := digest.MD5; a <= digest.SHA512 && len(h.exact) > 0; a++ {
		n := digest.Sum(a, &inner, text)
		for _, way := range [...]string{"hex", "HEX", "base64", "raw"} {
			w := write(written[:0], inner[:n], way)
			what := algorithmName(a) + " in " + way
			h.buf = append(h.buf[:0], w...)
			h.hash(o, form, what, h.exact)
			if way == "HEX" || way == "base64" {
				continue
			}
			for i, salt := range h.s.salts.list {
				if i == 8 {
					break
				}
				h.buf = append(append(h.buf[:0], w...), salt...)
				h.hash(o, form, what+"{salt}", h.exact)
				h.buf = append(append(h.buf[:0], salt...), w...)
				h.hash(o, form, "{salt}"+what, h.exact)
				for _, b := range h.exact {
					k := digest.NewKey(b, salt)
					size := k.Sum(&h.sum, w)
					h.check(o, size, form, "hmac-"+algorithmName(b), what+", {salt} as key")
				}
			}
		}
	}
}

func (h *hunt) hmac(o owner, form string, key, text []byte) {
	for _, a := range h.algs {
		k := digest.NewKey(a, key)
		size := k.Sum(&h.sum, text)
		h.check(o, size, form, "hmac-"+algorithmName(a), "{salt} as key")
	}
}

func (h *hunt) try(o owner, form, template string, a []byte, sep string, b []byte) {
	h.buf = append(append(append(h.buf[:0], a...), sep...), b...)
	h.hash(o, form, template, h.algs)
}

// hash tries each hash of buf.
func (h *hunt) hash(o owner, form, template string, algs []digest.Algorithm) {
	for _, a := range algs {
		size := digest.Sum(a, &h.sum, h.buf)
		h.check(o, size, form, algorithmName(a), template)
	}
}

func algorithmName(a digest.Algorithm) string {
	return [...]string{"", "md5", "sha1", "sha224", "sha256", "sha384", "sha512"}[a]
}

func write(dst, p []byte, way string) []byte {
	switch way {
	case "raw":
		return append(dst, p...)
	case "base64":
		const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
		for ; len(p) >= 3; p = p[3:] {
			x := uint32(p[0])<<16 | uint32(p[1])<<8 | uint32(p[2])
			dst = append(dst, digits[x>>18], digits[x>>12&63], digits[x>>6&63], digits[x&63])
		}
		switch len(p) {
		case 1:
			dst = append(dst, digits[p[0]>>2], digits[p[0]<<4&63], '=', '=')
		case 2:
			x := uint32(p[0])<<8 | uint32(p[1])
			dst = append(dst, digits[x>>10], digits[x>>4&63], digits[x<<2&63], '=')
		}
		return dst
	}
	digits := "0123456789abcdef"
	if way == "HEX" {
		digits = "0123456789ABCDEF"
	}
	for _, c := range p {
		dst = append(dst, digits[c>>4], digits[c&15])
	}
	return dst
}

// check looks for a digest among the tokens.
func (h *hunt) check(o owner, size int, form, alg, template string) {
	key := bigEndian(h.sum[:])
	if !h.bloom.may(mix(key)) {
		return
	}
	t := &h.s.tokens
	var room [96]byte
	for w := h.found.first(key); ; {
		e := w.next()
		if e == nil {
			return
		}
		k := &t.list[e.of]
		raw := t.raw(k, room[:0])
		n := 0
		for n < size && n < len(raw) && raw[n] == h.sum[n] {
			n++
		}
		if whole(n, size, len(raw)-n, len(raw) == size) {
			h.s.late1(k, o, form+"/"+alg+" of "+template)
		}
	}
}

// late1 records a finding at a token.
func (s *scan) late1(k *token, of owner, recipe string) {
	t := &s.tokens
	from := t.origins[k.origin]
	who := s.b.contactOf(of)
	for i := range s.lateFound {
		g := &s.out[s.lateFound[i]]
		if g.Sent == from.sent && g.Contact == who && g.Location == from.location && (g.Start == int(k.from) || len(g.Chain) != len(from.chain)) {
			return
		}
	}
	context, lead := t.context(k)
	end := lead + int(k.to-k.from)
	for k.kind == token64 && end < len(context) && context[end] == '=' && (end-lead)%4 != 0 {
		end++
	}
	text := context[lead:end]
	value := string(text)
	if k.kind == tokenRaw {
		value = hexText(text)
	}
	e164 := s.b.E164(who)
	if of >= 0 {
		e164 = s.b.numbers[of].e164
	}
	s.lateFound = append(s.lateFound, len(s.out))
	s.out = append(s.out, Finding{
		Sent: from.sent, Contact: who, E164: e164, Kind: Digest, Certainty: Certain, Value: value, Recipe: recipe,
		Location: from.location, Chain: from.chain, Start: int(k.from), End: int(k.from) + len(text),
		Context: append([]byte(nil), context...), At: lead, owner: of,
	})
}
