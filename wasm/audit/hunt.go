package audit

import "sealbook/wasm/digest"

// A hunt looks for salted and double digests among the tokens.
type hunt struct {
	s     *scan
	found table // tokens by key
	bloom bloom
	exact []digest.Algorithm // whose size some token has
	algs  []digest.Algorithm // the same; all, if some token is cut
	usual []digest.Algorithm // exact, and if some token is cut MD5, SHA-1 and SHA-256
	sum   [digest.MaxSize]byte
	buf   []byte
	inner [digest.MaxSize]byte     // a digest of which digests are tried,
	hex   [2 * digest.MaxSize]byte // and written
}

// A template says what was hashed. Its pieces are joined where a digest is found:
// there are millions of others.
type template [3]string

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
		if exact || odd && (a == digest.MD5 || a == digest.SHA1 || a == digest.SHA256) {
			h.usual = append(h.usual, a)
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
		for i := range between {
			sep := between[i]
			h.try(o, form, template{"{n}", sep, "{salt}"}, text, sep, salt)
			h.try(o, form, template{"{salt}", sep, "{n}"}, salt, sep, text)
		}
		h.try(o, form, template{"{n} msisdn {salt}"}, text, " msisdn ", salt)
		h.try(o, form, template{"{n} email {salt}"}, text, " email ", salt)
		h.buf = append(append(append(h.buf[:0], salt...), text...), salt...)
		h.hash(o, form, template{"{salt}{n}{salt}"}, h.algs)
		h.hmac(o, form, salt, text)
	}
	for _, list := range [2][][]byte{h.s.keys.list, h.s.beside.list} {
		for _, key := range list {
			h.try(o, form, template{"{n}{salt}"}, text, "", key)
			h.try(o, form, template{"{salt}{n}"}, key, "", text)
			h.hmac(o, form, key, text)
		}
	}
	for _, salt := range h.s.beside.list {
		for i := 1; i < 4; i++ {
			sep := between[i]
			h.try(o, form, template{"{n}", sep, "{salt}"}, text, sep, salt)
			h.try(o, form, template{"{salt}", sep, "{n}"}, salt, sep, text)
		}
	}
	// Digests of digests, written in the usual ways, and with the salts.
	for a := digest.MD5; a <= digest.SHA512 && len(h.algs) > 0; a++ {
		n := digest.Sum(a, &h.inner, text)
		for way := range ways {
			w := h.inner[:n]
			if way != inRaw {
				w = h.hex[:write(&h.hex, w, way)]
			}
			name, in := algorithmNames[a], ways[way]
			h.buf = append(h.buf[:0], w...)
			algs := h.exact
			if usual := a == digest.MD5 || a == digest.SHA1 || a == digest.SHA256; usual && (way == inHex || way == inRaw) {
				algs = h.usual // also of those that are cut
			}
			h.hash(o, form, template{name, in}, algs)
			if way == inHEX || way == inBase64 {
				continue
			}
			for i, salt := range h.s.salts.list {
				if i == 8 {
					break
				}
				h.buf = append(append(h.buf[:0], w...), salt...)
				h.hash(o, form, template{name, in, "{salt}"}, h.exact)
				h.buf = append(append(h.buf[:0], salt...), w...)
				h.hash(o, form, template{"{salt}", name, in}, h.exact)
				for _, b := range h.exact {
					k := digest.NewKey(b, salt)
					size := k.Sum(&h.sum, w)
					h.check(o, size, form, "hmac-", b, template{name, in, ", {salt} as key"})
				}
			}
		}
	}
}

func (h *hunt) hmac(o owner, form string, key, text []byte) {
	for _, a := range h.algs {
		k := digest.NewKey(a, key)
		size := k.Sum(&h.sum, text)
		h.check(o, size, form, "hmac-", a, template{"{salt} as key"})
	}
}

func (h *hunt) try(o owner, form string, what template, a []byte, sep string, b []byte) {
	h.buf = append(append(append(h.buf[:0], a...), sep...), b...)
	h.hash(o, form, what, h.algs)
}

// hash tries each hash of buf.
func (h *hunt) hash(o owner, form string, what template, algs []digest.Algorithm) {
	for _, a := range algs {
		size := digest.Sum(a, &h.sum, h.buf)
		h.check(o, size, form, "", a, what)
	}
}

var algorithmNames = [...]string{"", "md5", "sha1", "sha224", "sha256", "sha384", "sha512"}

// Ways to write a digest that is hashed again.
const (
	inHex = iota
	inHEX
	inBase64
	inRaw
)

var ways = [...]string{" in hex", " in HEX", " in base64", " in raw"}

// write writes a digest in one of these ways but the last, and returns how long it
// is.
func write(dst *[2 * digest.MaxSize]byte, p []byte, way int) (n int) {
	if way == inBase64 {
		const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
		for ; len(p) >= 3; p = p[3:] {
			x := uint32(p[0])<<16 | uint32(p[1])<<8 | uint32(p[2])
			dst[n], dst[n+1], dst[n+2], dst[n+3] = digits[x>>18], digits[x>>12&63], digits[x>>6&63], digits[x&63]
			n += 4
		}
		switch len(p) {
		case 1:
			dst[n], dst[n+1], dst[n+2], dst[n+3] = digits[p[0]>>2], digits[p[0]<<4&63], '=', '='
			n += 4
		case 2:
			x := uint32(p[0])<<8 | uint32(p[1])
			dst[n], dst[n+1], dst[n+2], dst[n+3] = digits[x>>10], digits[x>>4&63], digits[x<<2&63], '='
			n += 4
		}
		return n
	}
	digits := "0123456789abcdef"
	if way == inHEX {
		digits = "0123456789ABCDEF"
	}
	for _, c := range p {
		dst[n], dst[n+1] = digits[c>>4], digits[c&15]
		n += 2
	}
	return n
}

// check looks for a digest among the tokens. mac goes before the algorithm's name.
func (h *hunt) check(o owner, size int, form, mac string, a digest.Algorithm, what template) {
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
			h.s.late1(k, o, form+"/"+mac+algorithmNames[a]+" of "+what[0]+what[1]+what[2])
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
