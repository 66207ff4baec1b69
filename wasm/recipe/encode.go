package recipe

import "sealbook/wasm/digest"

const (
	hexDigits    = "0123456789abcdef"
	hexUpper     = "0123456789ABCDEF"
	base64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	base64URL    = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
)

// encode appends the text of a digest, truncated.
func (r *Recipe) encode(dst []byte, out *[digest.MaxSize]byte) []byte {
	raw := out[:r.Size()]
	switch r.encoding {
	case Hex:
		return appendHex(dst, raw, hexDigits)
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
func extend(dst []byte, n int) []byte {
	for cap(dst)-len(dst) < n {
		dst = append(dst[:cap(dst)], 0)[:len(dst)]
	}
	return dst[:len(dst)+n]
}

func appendHex(dst, p []byte, digits string) []byte {
	start := len(dst)
	dst = extend(dst, 2*len(p))
	to := dst[start:]
	for _, c := range p {
		if len(to) < 2 || len(digits) < 16 {
			break // never; spares the checks below
		}
		to[0], to[1] = digits[c>>4], digits[c&15]
		to = to[2:]
	}
	return dst
}

// appendBase64 appends RFC 4648 Base64, with or without padding.
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
