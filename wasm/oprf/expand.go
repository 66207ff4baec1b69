package oprf

import (
	"sealbook/wasm/digest"
	"sealbook/wasm/ristretto"
)

// expander is expand_message_xmd of RFC 9380, section 5.3.1, with SHA-512, for
// one domain separation tag: the hash after Z_pad, and DST_prime.
type expander struct {
	padded digest.Hash
	dst    [256]byte
	n      int
}

// begin makes h take the message, for expand.
//
// Here and in the rest of the package what is not hot is kept from being
// inlined: core.wasm has little room.
//
//go:noinline
func (e *expander) begin(h *digest.Hash) { *h = e.padded }

// start makes h take a message of its own.
//
//go:noinline
func start(h *digest.Hash) { *h = digest.New(digest.SHA512) }

// set makes e the expander for label and the context string of mode m (RFC
// 9497, section 3.1). The label has at most 200 bytes.
//
//go:noinline
func (e *expander) set(label string, m Mode) {
	n := copy(e.dst[:], label)
	n += copy(e.dst[n:], "OPRFV1-")
	e.dst[n] = byte(m)
	n++
	n += copy(e.dst[n:], "-ristretto255-SHA512")
	e.finish(n)
}

// setTag makes e the expander for any tag of at least one byte.
func (e *expander) setTag(dst []byte) {
	if len(dst) <= 255 {
		e.finish(copy(e.dst[:], dst))
		return
	}
	var h digest.Hash
	start(&h)
	h.WriteString("H2C-OVERSIZE-DST-")
	h.Write(dst)
	var out [digest.MaxSize]byte
	h.Sum(&out)
	e.finish(copy(e.dst[:], out[:]))
}

//go:noinline
func (e *expander) finish(n int) {
	e.dst[n] = byte(n)
	e.n = n + 1
	start(&e.padded)
	var pad [digest.MaxBlock]byte
	e.padded.Write(pad[:])
}

// expand fills out, of at most 255*64 bytes, with what h, from begin, expands
// to. It spoils h.
//
//go:noinline
func (e *expander) expand(h *digest.Hash, out []byte) {
	h.Write([]byte{byte(len(out) >> 8), byte(len(out)), 0})
	h.Write(e.dst[:e.n])
	var first, block [digest.MaxSize]byte
	h.Sum(&first)
	for i := byte(1); len(out) > 0; i++ {
		for j := range block {
			block[j] ^= first[j]
		}
		start(h)
		h.Write(block[:])
		h.Write([]byte{i})
		h.Write(e.dst[:e.n])
		h.Sum(&block)
		out = out[copy(out, block[:]):]
	}
}

// scalar sets k to HashToScalar of what h was given (RFC 9497, section 4.1).
//
//go:noinline
func (e *expander) scalar(h *digest.Hash, k *ristretto.Scalar) {
	var wide [64]byte
	e.expand(h, wide[:])
	k.SetWide(&wide)
}

// group sets p to HashToGroup of what h was given (RFC 9497, section 4.1; RFC
// 9380, appendix B).
//
//go:noinline
func (e *expander) group(h *digest.Hash, p *ristretto.Element) {
	var wide [64]byte
	e.expand(h, wide[:])
	p.Map(&wide)
}

// Expand fills out, of 1 to 16320 bytes, with expand_message_xmd (RFC 9380,
// section 5.3.1, SHA-512) of message under the tag dst of at least one byte.
func Expand(out, message, dst []byte) Code {
	if len(out) == 0 || len(out) > 255*digest.MaxSize || len(dst) == 0 {
		return InvalidLength
	}
	var e expander
	e.setTag(dst)
	var h digest.Hash
	e.begin(&h)
	h.Write(message)
	e.expand(&h, out)
	return OK
}

// HashToGroup writes the encoding of the element that message hashes to under
// the tag dst: hash_to_ristretto255 of RFC 9380, appendix B.
func HashToGroup(out *[ElementSize]byte, message, dst []byte) Code {
	if len(dst) == 0 {
		return InvalidLength
	}
	var e expander
	e.setTag(dst)
	var h digest.Hash
	e.begin(&h)
	h.Write(message)
	var p ristretto.Element
	e.group(&h, &p)
	p.Encode(out)
	return OK
}
