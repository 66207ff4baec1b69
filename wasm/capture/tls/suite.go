package tls

import "sealbook/wasm/digest"

// A suite is what a cipher suite says of records.
type suite struct {
	hash   digest.Algorithm // of the key schedule; of TLS 1.2 and 1.3
	kind   kind
	key    int              // bytes
	mac    digest.Algorithm // of CBC
	only13 bool
}

type kind uint8

const (
	gcm kind = iota
	chacha
	cbc
)

// block is the size of the key block of TLS 1.2 and before.
func (s *suite) block() int { return 2 * (s.mac.Size() + s.key + 16) }

// suiteOf returns a suite by its number in IANA's registry, nil if it is not
// read here.
func suiteOf(code int) *suite {
	switch code {
	case 0x1301:
		return &suite{digest.SHA256, gcm, 16, 0, true}
	case 0x1302:
		return &suite{digest.SHA384, gcm, 32, 0, true}
	case 0x1303:
		return &suite{digest.SHA256, chacha, 32, 0, true}
	case 0x9c, 0x9e, 0xa2, 0xa8, 0xaa, 0xc02b, 0xc02d, 0xc02f, 0xc031, 0xd001:
		return &suite{digest.SHA256, gcm, 16, 0, false}
	case 0x9d, 0x9f, 0xa3, 0xa9, 0xab, 0xc02c, 0xc02e, 0xc030, 0xc032, 0xd002:
		return &suite{digest.SHA384, gcm, 32, 0, false}
	case 0xcca8, 0xcca9, 0xccaa, 0xccab, 0xccac, 0xccad:
		return &suite{digest.SHA256, chacha, 32, 0, false}
	case 0x2f, 0x32, 0x33, 0x8c, 0x90, 0xc004, 0xc009, 0xc00e, 0xc013, 0xc035:
		return &suite{digest.SHA256, cbc, 16, digest.SHA1, false}
	case 0x35, 0x38, 0x39, 0x8d, 0x91, 0xc005, 0xc00a, 0xc00f, 0xc014, 0xc036:
		return &suite{digest.SHA256, cbc, 32, digest.SHA1, false}
	case 0x3c, 0x40, 0x67, 0xae, 0xb2, 0xc023, 0xc025, 0xc027, 0xc029, 0xc037:
		return &suite{digest.SHA256, cbc, 16, digest.SHA256, false}
	case 0x3d, 0x6a, 0x6b:
		return &suite{digest.SHA256, cbc, 32, digest.SHA256, false}
	case 0xaf, 0xb3, 0xc024, 0xc026, 0xc028, 0xc02a, 0xc038:
		return &suite{digest.SHA384, cbc, 32, digest.SHA384, false}
	}
	return nil
}

// prf is the pseudorandom function of TLS 1.2 (RFC 5246 section 5), and that of
// 1.0 and 1.1 (RFC 2246).
func prf(version int, hash digest.Algorithm, secret []byte, label string, seed []byte, n int) []byte {
	seed = append([]byte(label), seed...)
	out := make([]byte, n)
	if version >= 0x0303 {
		pHash(hash, secret, seed, out)
		return out
	}
	half := (len(secret) + 1) / 2
	pHash(digest.MD5, secret[:half], seed, out)
	other := make([]byte, n)
	pHash(digest.SHA1, secret[len(secret)-half:], seed, other)
	for i := range out {
		out[i] ^= other[i]
	}
	return out
}

func pHash(hash digest.Algorithm, secret, seed, out []byte) {
	key := digest.NewKey(hash, secret)
	var a, sum [digest.MaxSize]byte
	size := key.Sum(&a, seed)
	for len(out) > 0 {
		h := key.Begin()
		h.Write(a[:size])
		h.Write(seed)
		key.Finish(&h, &sum)
		out = out[copy(out, sum[:size]):]
		next := a
		key.Sum(&a, next[:size])
	}
}

// expandLabel is HKDF-Expand-Label with an empty context, RFC 8446 section 7.1.
func expandLabel(hash digest.Algorithm, secret []byte, label string, n int) []byte {
	info := []byte{byte(n >> 8), byte(n), byte(6 + len(label))}
	info = append(info, "tls13 "...)
	info = append(info, label...)
	info = append(info, 0)
	key := digest.NewKey(hash, secret)
	var out []byte
	var t [digest.MaxSize]byte
	for i := byte(1); len(out) < n; i++ {
		h := key.Begin()
		if i > 1 {
			h.Write(t[:hash.Size()])
		}
		h.Write(info)
		h.Write([]byte{i})
		key.Finish(&h, &t)
		out = append(out, t[:hash.Size()]...)
	}
	return out[:n]
}

// A cipher opens the records of one side under one key.
type cipher struct {
	suite        *suite
	version      int
	seq          uint64
	iv           []byte
	aes          *aes
	ghash        *ghash
	key          []byte     // of ChaCha20
	mac          digest.Key // of CBC
	encryptFirst bool
}

// newCipher takes a side's keys out of the key block, RFC 5246 section 6.3.
func newCipher(s *suite, version int, block []byte, side int) *cipher {
	c := &cipher{suite: s, version: version}
	each := func(n int) []byte {
		both := block[:2*n]
		block = block[2*n:]
		return both[side*n : side*n+n]
	}
	if s.kind == cbc {
		c.mac = digest.NewKey(s.mac, each(s.mac.Size()))
	}
	key := each(s.key)
	switch s.kind {
	case gcm:
		c.iv = each(4)
	case chacha:
		c.iv = each(12)
	case cbc:
		c.iv = each(16) // of TLS 1.0 alone
	}
	c.use(key)
	return c
}

// newCipher13 makes the key of a traffic secret, RFC 8446 section 7.3.
func newCipher13(s *suite, secret []byte) *cipher {
	c := &cipher{suite: s, version: 0x0304}
	c.iv = expandLabel(s.hash, secret, "iv", 12)
	c.use(expandLabel(s.hash, secret, "key", s.key))
	return c
}

func (c *cipher) use(key []byte) {
	switch c.suite.kind {
	case chacha:
		c.key = key
	case gcm:
		c.aes = newAES(key, false)
		var h [16]byte
		c.aes.encrypt(&h)
		c.ghash = newGHASH(&h)
	case cbc:
		c.aes = newAES(key, true)
	}
}

// open decrypts a record with the given head and reports whether it is
// authentic.
func (c *cipher) open(head, p []byte) ([]byte, bool) {
	if c.suite.kind == cbc {
		return c.openCBC(head, p)
	}
	var nonce [12]byte
	if c.version < 0x0304 && c.suite.kind == gcm {
		if len(p) < 8 {
			return nil, false
		}
		copy(nonce[:], c.iv)
		copy(nonce[4:], p[:8])
		p = p[8:]
	} else {
		copy(nonce[:], c.iv)
		for i := range 8 {
			nonce[4+i] ^= byte(c.seq >> (56 - 8*i))
		}
	}
	if len(p) < 16 {
		return nil, false
	}
	text, tag := p[:len(p)-16], p[len(p)-16:]
	ad := head
	if c.version < 0x0304 {
		ad = c.header(head, len(text))
	}
	var plain []byte
	var ok bool
	if c.suite.kind == gcm {
		plain, ok = openGCM(c.aes, c.ghash, &nonce, text, tag, ad)
	} else {
		plain, ok = openChaCha(c.key, &nonce, text, tag, ad)
	}
	if ok {
		c.seq++
	}
	return plain, ok
}

// header is what TLS 1.2 and before authenticate besides the text.
func (c *cipher) header(head []byte, n int) []byte {
	out := make([]byte, 8, 13)
	for i := range out {
		out[i] = byte(c.seq >> (56 - 8*i))
	}
	return append(out, head[0], head[1], head[2], byte(n>>8), byte(n))
}

// openCBC decrypts a record of a CBC suite, RFC 5246 section 6.2.3.2, also with
// encrypt-then-MAC, RFC 7366.
func (c *cipher) openCBC(head, p []byte) ([]byte, bool) {
	size := c.suite.mac.Size()
	var mac []byte
	whole := p
	if c.encryptFirst {
		if len(p) < size {
			return nil, false
		}
		p, mac = p[:len(p)-size], p[len(p)-size:]
		whole = p
	}
	iv := c.iv
	if c.version > 0x0301 {
		if len(p) < 16 {
			return nil, false
		}
		iv, p = p[:16], p[16:]
	}
	if len(p) == 0 || len(p)%16 != 0 {
		return nil, false
	}
	plain := make([]byte, len(p))
	for i := 0; i < len(p); i += 16 {
		var b [16]byte
		copy(b[:], p[i:])
		c.aes.decrypt(&b)
		for j := range b {
			plain[i+j] = b[j] ^ iv[j]
		}
		iv = p[i : i+16]
	}
	padding := int(plain[len(plain)-1]) + 1
	if padding > len(plain) {
		return nil, false
	}
	for _, b := range plain[len(plain)-padding:] {
		if int(b) != padding-1 {
			return nil, false
		}
	}
	plain = plain[:len(plain)-padding]
	over := whole
	if !c.encryptFirst {
		if len(plain) < size {
			return nil, false
		}
		plain, mac = plain[:len(plain)-size], plain[len(plain)-size:]
		over = plain
	}
	h := c.mac.Begin()
	h.Write(c.header(head, len(over)))
	h.Write(over)
	var sum [digest.MaxSize]byte
	c.mac.Finish(&h, &sum)
	if string(sum[:size]) != string(mac) {
		return nil, false
	}
	if c.version == 0x0301 {
		c.iv = append(c.iv[:0:0], iv...)
	}
	c.seq++
	return plain, true
}
