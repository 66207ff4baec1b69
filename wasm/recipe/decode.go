package recipe

import "sealbook/wasm/digest"

// Decode appends the raw bytes of a digest as people paste it, if it has the
// shape of this recipe's output, and answers whether it has. White space around
// it goes; hexadecimal digits may be of either case and may follow 0x; Base64
// may be of either alphabet, padded or not. A recipe that writes hexadecimal
// digits takes no Base64 and the other way round, since another recipe is the
// one that writes it. The output of a plain recipe is its text, with the
// template around digits, or around anything for an e-mail address.
//
// dst wants room for 64 bytes, and for the text where the recipe is plain.
func (r *Recipe) Decode(dst []byte, text []byte) ([]byte, bool) {
	text = trim(text)
	size := r.Size()
	switch r.encoding {
	case Hex, HexUpper:
		if len(text) > 2 && text[0] == '0' && text[1]|0x20 == 'x' {
			text = text[2:]
		}
		return appendUnhex(dst, text, size)
	case Base64, Base64NoPad, Base64URL, Base64URLNoPad:
		start := len(dst)
		dst = extend(dst, size)
		if !unbase64(dst[start:], text) {
			return dst[:start], false
		}
		return dst, true
	case Base64OfHex:
		var inner [2 * digest.MaxSize]byte
		if !unbase64(inner[:2*size], text) {
			return dst, false
		}
		return appendUnhex(dst, inner[:2*size], size)
	case Text:
		if !r.shaped(text) {
			return dst, false
		}
		return append(dst, text...), true
	}
	return dst, false
}

// shaped reports whether text can be what a plain recipe gives: the template
// with a number in its place. The number is what the parts around it leave.
func (r *Recipe) shaped(text []byte) bool {
	var p parts
	rest := len(text)
	for part := r.next(&p); part.what != 0; part = r.next(&p) {
		if part.what != theNumber {
			rest -= part.to - part.from
		}
	}
	if rest <= 0 {
		return false
	}
	p = parts{}
	for {
		var want []byte
		switch part := r.next(&p); part.what {
		case 0:
			return len(text) == 0
		case theNumber:
			if !r.spelled(text[:rest]) {
				return false
			}
			text = text[rest:]
			continue
		case theSalt:
			want = r.salt[:r.salts]
		default:
			want = r.template[part.from:part.to]
		}
		if !equal(text[:len(want)], want) {
			return false
		}
		text = text[len(want):]
	}
}

// spelled reports whether text can be a number in the recipe's form.
func (r *Recipe) spelled(text []byte) bool {
	switch r.form {
	case Email:
		return len(text) > 0
	case E164Plus, SpacedIntl:
		if len(text) == 0 || text[0] != '+' {
			return false
		}
		text = text[1:]
	case RFC3966:
		const scheme = "tel:+"
		for i := range len(scheme) {
			if i >= len(text) || text[i] != scheme[i] {
				return false
			}
		}
		text = text[len(scheme):]
	}
	if len(text) == 0 || text[0] < '0' || text[0] > '9' {
		return false
	}
	if r.form == SpacedIntl || r.form == RFC3966 {
		return true
	}
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// appendUnhex appends size bytes from hexadecimal digits, exactly as many.
//
//go:noinline
func appendUnhex(dst, text []byte, size int) ([]byte, bool) {
	if size == 0 || len(text) != 2*size {
		return dst, false
	}
	start := len(dst)
	dst = extend(dst, size)
	to := dst[start:]
	for i := range to {
		high, low := unhex(text[2*i]), unhex(text[2*i+1])
		if high|low > 15 {
			return dst[:start], false
		}
		to[i] = high<<4 | low
	}
	return dst, true
}

// unhex returns a digit's value, and 255 for what is no digit.
func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 255
}

// unbase64 fills dst from text of either alphabet, padded or not. The bits that
// are left over have to be zero, as every encoder makes them.
//
//go:noinline
func unbase64(dst, text []byte) bool {
	size := len(dst)
	digits := (8*size + 5) / 6
	if size == 0 || len(text) < digits {
		return false
	}
	// Not a switch over a string, which TinyGo would make on the heap.
	if padding := text[digits:]; len(padding) != 0 {
		if len(padding) != 3-size%3 || size%3 == 0 {
			return false
		}
		for _, c := range padding {
			if c != '=' {
				return false
			}
		}
	}
	x, n, k := uint32(0), 0, 0
	for _, c := range text[:digits] {
		v := unbase64Digit(c)
		if v > 63 {
			return false
		}
		x, n = x<<6|uint32(v), n+6
		if n >= 8 {
			n -= 8
			dst[k] = byte(x >> n)
			k++
			x &= 1<<n - 1
		}
	}
	return x == 0
}

func unbase64Digit(c byte) byte {
	switch {
	case 'A' <= c && c <= 'Z':
		return c - 'A'
	case 'a' <= c && c <= 'z':
		return c - 'a' + 26
	case '0' <= c && c <= '9':
		return c - '0' + 52
	case c == '+' || c == '-':
		return 62
	case c == '/' || c == '_':
		return 63
	}
	return 255
}
