package recipe

import "sealbook/wasm/digest"

const (
	hexDigits    = "0123456789abcdef"
	hexLetters   = 'a' - '9' - 1
	hexUpper     = 'A' - '9' - 1
	base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	base64URL    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
)

// encode appends the text of a digest, truncated.
//
//go:noinline
func (r *Recipe) encode(dst []byte, out *[digest.MaxSize]byte) []byte {
	raw := out[:r.Size()]
	switch r.encoding {
	case Hex:
		return appendHex(dst, raw, hexLetters)
	case HexUpper:
		return appendHex(dst, raw, hexUpper)
	case Base64:
		return appendBase64(dst, raw, base64Digits, true)
	case Base64NoPad:
		return appendBase64(dst, raw, base64Digits, false)
	case Base64URL:
		return appendBase64(dst, raw, base64URL, true)
	case Base64URLNoPad:
		return appendBase64(dst, raw, base64URL, false)
	case Base64OfHex:
		var text [2 * digest.MaxSize]byte
		for i, c := range raw {
			text[2*i], text[2*i+1] = hexDigits[c>>4], hexDigits[c&15]
		}
		return appendBase64(dst, text[:2*len(raw)], base64Digits, true)
	}
	return dst
}

// extend makes dst n bytes longer; what they hold is unspecified.
//
//go:noinline
func extend(dst []byte, n int) []byte {
	for cap(dst)-len(dst) < n {
		dst = append(dst[:cap(dst)], 0)[:len(dst)]
	}
	return dst[:len(dst)+n]
}

// appendHex appends hexadecimal digits, four bytes at a time: each nibble moves
// into a byte of its own, and those from 10 on get what is between 9 and A.
//
//go:noinline
func appendHex(dst, p []byte, letters uint64) []byte {
	const each = 0x0101010101010101
	start := len(dst)
	dst = extend(dst, 2*len(p))
	to := dst[start:]
	for i := 0; i < len(p); i += 4 {
		x := uint64(0)
		if i+4 <= len(p) {
			b := p[i : i+4 : i+4]
			x = uint64(b[0]) | uint64(b[1])<<16 | uint64(b[2])<<32 | uint64(b[3])<<48
		} else {
			for j, c := range p[i:] {
				x |= uint64(c) << (16 * (j & 3))
			}
		}
		x = x>>4&0x000f000f000f000f | x&0x000f000f000f000f<<8
		x += each*'0' + (x+each*6)>>4&each*letters
		if 2*i+8 <= len(to) {
			b := to[2*i : 2*i+8 : 2*i+8]
			b[0], b[1], b[2], b[3] = byte(x), byte(x>>8), byte(x>>16), byte(x>>24)
			b[4], b[5], b[6], b[7] = byte(x>>32), byte(x>>40), byte(x>>48), byte(x>>56)
		} else {
			for ; 2*i < len(to); i++ {
				to[2*i], to[2*i+1] = byte(x), byte(x>>8)
				x >>= 16
			}
		}
	}
	return dst
}

// appendBase64 appends RFC 4648 Base64, with or without padding.
//
//go:noinline
func appendBase64(dst, p []byte, digits string, pad bool) []byte {
	for len(p) >= 3 {
		x := uint32(p[0])<<16 | uint32(p[1])<<8 | uint32(p[2])
		dst = append(dst, digits[x>>18&63], digits[x>>12&63], digits[x>>6&63], digits[x&63])
		p = p[3:]
	}
	switch len(p) {
	case 1:
		dst = append(dst, digits[p[0]>>2], digits[p[0]<<4&63])
		if pad {
			dst = append(dst, '=', '=')
		}
	case 2:
		x := uint32(p[0])<<8 | uint32(p[1])
		dst = append(dst, digits[x>>10&63], digits[x>>4&63], digits[x<<2&63])
		if pad {
			dst = append(dst, '=')
		}
	}
	return dst
}
