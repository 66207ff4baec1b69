package recipe

import (
	"unicode/utf8"

	"sealbook/wasm/digest"
)

// TextRoom returns the room, in bytes, that AppendText wants behind dst for a
// text of n bytes.
func (r *Recipe) TextRoom(n int) int {
	if r.algorithm == Plain {
		return n + MaxTemplate + 2*MaxSalt
	}
	return MaxDigest
}

// AppendText appends the digest of a text that stands where the number would:
// as it is, or, for a recipe of form email, trimmed and in lower case (see
// above). The text may be of any length.
func (r *Recipe) AppendText(dst []byte, text []byte) []byte {
	if !r.Computable() {
		return dst
	}
	if r.form == Email {
		text = trim(text)
	}
	if r.algorithm == Plain {
		return r.appendPlain(dst, text)
	}
	var out [digest.MaxSize]byte
	if !r.algorithm.keyed() {
		h := digest.New(r.algorithm.hash())
		r.write(&h, text)
		h.Sum(&out)
	} else {
		h := r.mac.Begin()
		r.write(&h, text)
		r.mac.Finish(&h, &out)
	}
	return r.encode(dst, &out)
}

// appendPlain appends the text within the template.
//
//go:noinline
func (r *Recipe) appendPlain(dst, text []byte) []byte {
	var p parts
	for {
		switch part := r.next(&p); part.what {
		case 0:
			return dst
		case theNumber:
			start := len(dst)
			dst = append(dst, text...)
			if r.form == Email {
				lower(dst[start:])
			}
		case theSalt:
			dst = append(dst, r.salt[:r.salts]...)
		default:
			dst = append(dst, r.template[part.from:part.to]...)
		}
	}
}

// write hashes the text within the template.
func (r *Recipe) write(h *digest.Hash, text []byte) {
	var p parts
	for {
		switch part := r.next(&p); part.what {
		case 0:
			return
		case theNumber:
			if r.form == Email {
				writeLower(h, text)
			} else {
				h.Write(text)
			}
		case theSalt:
			h.Write(r.salt[:r.salts])
		default:
			h.Write(r.template[part.from:part.to])
		}
	}
}

// writeLower hashes text in lower case.
func writeLower(h *digest.Hash, text []byte) {
	for len(text) > 0 {
		var part [64]byte
		n := copy(part[:], text)
		lower(part[:n])
		h.Write(part[:n])
		text = text[n:]
	}
}

// lower turns A to Z into a to z.
func lower(p []byte) {
	for i, c := range p {
		if 'A' <= c && c <= 'Z' {
			p[i] = c + 'a' - 'A'
		}
	}
}

// trim removes white space at both ends.
//
//go:noinline
func trim(p []byte) []byte {
	for len(p) > 0 {
		c, n := utf8.DecodeRune(p)
		if !space(c) {
			break
		}
		p = p[n:]
	}
	for len(p) > 0 {
		c, n := utf8.DecodeLastRune(p)
		if !space(c) {
			break
		}
		p = p[:len(p)-n]
	}
	return p
}

// space holds the WhiteSpace and LineTerminator characters of ECMA-262.
func space(c rune) bool {
	switch {
	case c == ' ' || '\t' <= c && c <= '\r':
		return true
	case c < 0xa0:
		return false
	case c >= 0x2000 && c <= 0x200a:
		return true
	}
	switch c {
	case 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff:
		return true
	}
	return false
}
