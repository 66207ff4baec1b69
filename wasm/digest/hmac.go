package digest

// A Key is an HMAC key (RFC 2104, FIPS 198-1) ready for use: the states after
// the inner and the outer padded key. That saves two of the four blocks that a
// short message costs. It is as secret as the key.
type Key struct {
	inner, outer [8]uint64 // of the 32-bit hashes in the lower halves
	alg          Algorithm
}

// NewKey returns the key for HMAC over a. A key of any length will do; one
// longer than a block is hashed first, as the standard says.
func NewKey(a Algorithm, key []byte) Key {
	var k Key
	k.Set(a, key)
	return k
}

// Set makes k the key for HMAC over a, in place.
func (k *Key) Set(a Algorithm, key []byte) {
	k.alg = a
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
	state(&k.inner, a, pad[:size])
	for i := range pad {
		pad[i] ^= 0x36 ^ 0x5c
	}
	state(&k.outer, a, pad[:size])
}

// state sets s to the state after one block.
//
//go:noinline
func state(s *[8]uint64, a Algorithm, block []byte) {
	h := New(a)
	h.Write(block)
	if a >= SHA384 {
		*s = h.s64
		return
	}
	for i, x := range h.s32 {
		s[i] = uint64(x)
	}
}

// resume returns a Hash that goes on from a state after one block.
func (k *Key) resume(s *[8]uint64) Hash {
	h := Hash{alg: k.alg, n: uint64(k.alg.BlockSize())}
	if k.alg >= SHA384 {
		h.s64 = *s
	} else {
		narrow(&h.s32, s)
	}
	return h
}

func narrow(to *[8]uint32, from *[8]uint64) {
	for i, x := range from {
		to[i] = uint32(x)
	}
}

// Sum writes HMAC(key, p) to the front of out and answers its size.
func (k *Key) Sum(out *[MaxSize]byte, p []byte) int {
	if k.alg < SHA384 && k.alg >= MD5 && len(p) < 56 {
		var s [8]uint32
		narrow(&s, &k.inner)
		last32(k.alg, &s, p, 64)
		n := finish32(k.alg, out, &s)
		narrow(&s, &k.outer)
		last32(k.alg, &s, out[:n], 64)
		return finish32(k.alg, out, &s)
	}
	h := k.Begin()
	h.Write(p)
	return k.Finish(&h, out)
}

// Begin returns a Hash that takes a message in parts for [Key.Finish].
func (k *Key) Begin() Hash {
	return k.resume(&k.inner)
}

// Finish writes the HMAC of the message that was written to h, which came from
// [Key.Begin] and is spent, to the front of out and answers its size.
func (k *Key) Finish(h *Hash, out *[MaxSize]byte) int {
	n := h.finish(out)
	*h = k.resume(&k.outer)
	h.Write(out[:n])
	return h.finish(out)
}
