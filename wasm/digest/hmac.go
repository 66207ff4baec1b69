package digest

// A Key is an HMAC key (RFC 2104, FIPS 198-1) ready for use: the states after
// the inner and the outer padded key. It saves two of the four blocks that a
// short message costs. It is as secret as the key.
type Key struct {
	inner, outer Hash
}

// NewKey answers the key for HMAC over a. A key of any length will do; one
// longer than a block is hashed first, as the standard says.
func NewKey(a Algorithm, key []byte) Key {
	var k Key
	k.Set(a, key)
	return k
}

// Set makes k the key for HMAC over a, in place.
func (k *Key) Set(a Algorithm, key []byte) {
	size := a.BlockSize()
	var pad [MaxBlock]byte
	if len(key) > size {
		var out [MaxSize]byte
		copy(pad[:], out[:Sum(a, &out, key)])
	} else {
		copy(pad[:], key)
	}
	for i := range pad {
		pad[i] ^= 0x36
	}
	k.inner = New(a)
	k.inner.Write(pad[:size])
	for i := range pad {
		pad[i] ^= 0x36 ^ 0x5c
	}
	k.outer = New(a)
	k.outer.Write(pad[:size])
}

// Sum writes HMAC(key, p) to the front of out and answers its size.
func (k *Key) Sum(out *[MaxSize]byte, p []byte) int {
	h := k.inner
	h.Write(p)
	return k.Finish(&h, out)
}

// Begin answers a Hash that takes a message in parts for [Key.Finish].
func (k *Key) Begin() Hash {
	return k.inner
}

// Finish writes the HMAC of the message that was written to h, which came from
// [Key.Begin] and is spent, to the front of out and answers its size.
func (k *Key) Finish(h *Hash, out *[MaxSize]byte) int {
	n := h.finish(out)
	*h = k.outer
	h.Write(out[:n])
	return h.finish(out)
}
