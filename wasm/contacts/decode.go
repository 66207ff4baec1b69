package contacts

import "unicode/utf8"

// decode passes raw bytes on to the format's own reader, those of wide encodings by
// way of UTF-8, and returns how many it took.
func (r *Reader) decode(p []byte) int {
	if !r.charset.wide() {
		return r.parse(p)
	}
	for n := 0; ; {
		if r.widePos < r.wideLen {
			r.widePos += r.parse(r.wide[r.widePos:r.wideLen])
			if r.ready || r.stage != reading {
				return n
			}
			continue
		}
		if n == len(p) {
			return n
		}
		r.widePos, r.wideLen = 0, 0
		n += r.widen(p[n:])
	}
}

// widen turns UTF-16, UTF-32 or UTF-7 into UTF-8 in r.wide and returns how many bytes
// it took. A lone surrogate becomes U+FFFD.
func (r *Reader) widen(p []byte) int {
	size := uint8(2)
	if r.charset != UTF16LE && r.charset != UTF16BE {
		size = 4
	}
	n := 0
	for ; n < len(p) && r.wideLen+8 <= len(r.wide); n++ {
		c := p[n]
		switch r.charset {
		case UTF7:
			r.shift(c)
			continue
		case UTF16LE, UTF32LE:
			r.unit |= uint32(c) << (8 * r.unitN)
		default:
			r.unit = r.unit<<8 | uint32(c)
		}
		if r.unitN++; r.unitN < size {
			continue
		}
		u := rune(r.unit)
		r.unit, r.unitN = 0, 0
		if size == 4 {
			r.put(u)
		} else {
			r.put16(u)
		}
	}
	return n
}

// put16 takes a unit of UTF-16.
func (r *Reader) put16(u rune) {
	high := r.surrogate
	r.surrogate = 0
	if high != 0 {
		if 0xdc00 <= u && u <= 0xdfff {
			r.put((high-0xd800)<<10 + (u - 0xdc00) + 0x10000)
			return
		}
		r.put(utf8.RuneError)
	}
	if 0xd800 <= u && u <= 0xdbff {
		r.surrogate = u
		return
	}
	r.put(u) // a lone low surrogate encodes as U+FFFD
}

// shift takes a byte of UTF-7: itself, but for what stands between + and -, which is
// UTF-16 in Base64.
func (r *Reader) shift(c byte) {
	if r.shifted {
		if d := sixBits(c); d < 64 {
			r.unit = r.unit<<6 | uint32(d)
			if r.unitN += 6; r.unitN >= 16 {
				r.unitN -= 16
				r.put16(rune(r.unit >> r.unitN & 0xffff))
			}
			r.begun = true
			return
		}
		r.shifted, r.unit, r.unitN = false, 0, 0
		if c == '-' {
			if !r.begun {
				r.put('+')
			}
			return
		}
	}
	if c == '+' {
		r.shifted, r.begun = true, false
		return
	}
	r.put(rune(c))
}

// sixBits is the value of a digit of Base64, 64 for what is none.
func sixBits(c byte) byte {
	switch {
	case 'A' <= c && c <= 'Z':
		return c - 'A'
	case 'a' <= c && c <= 'z':
		return c - 'a' + 26
	case '0' <= c && c <= '9':
		return c - '0' + 52
	case c == '+':
		return 62
	case c == '/':
		return 63
	}
	return 64
}

// looksUTF7 reports whether a head of nothing but ASCII has letters as UTF-7 writes
// them, and no plus that stands for itself, as those of numbers and of addresses
// would.
func looksUTF7(h []byte) bool {
	found := false
	for i := 0; i < len(h); i++ {
		if h[i] >= 0x80 || h[i] == 0 {
			return false
		}
		if h[i] != '+' {
			continue
		}
		bits, n, script := uint32(0), 0, 0
		k := i + 1
		for ; k < len(h) && sixBits(h[k]) < 64; k++ {
			bits = bits<<6 | uint32(sixBits(h[k]))
			if n += 6; n >= 16 {
				n -= 16
				of := scriptOf(rune(bits >> n & 0xffff))
				if of < 0 || of > 0 && script > 0 && of != script {
					return false
				}
				script = max(script, of)
			}
		}
		switch {
		case k == len(h): // the head may end here
		case k == i+1 && h[k] == '-': // +- is a plus
		case k < i+4 || n >= 6 || bits&(1<<n-1) != 0:
			return false
		default:
			for m := k; m < len(h) && h[m] > ' ' && h[m] != ',' && h[m] != ';' && h[m] != '-'; m++ {
				if h[m] == '@' {
					return false
				}
			}
			found = found || script > 0
		}
		i = k
		if k < len(h) && h[k] != '-' {
			i--
		}
	}
	return found
}

// scriptOf tells scripts apart that no word mixes; 0 for what stands in all, -1 for
// what is hardly ever written.
func scriptOf(u rune) int {
	switch {
	case u < ' ', '0' <= u && u <= '9', isASCIILetter(byte(u)) && u < 0x80:
		return -1
	case u < 0x80, 0x2000 <= u && u < 0x2070, u == 0x20ac, u == 0xfeff, 0xd800 <= u && u < 0xe000:
		return 0
	case u < 0x700, 0x1e00 <= u && u < 0x1f00:
		return 1
	case 0x900 <= u && u < 0xe80:
		return 2
	case 0x3000 <= u && u < 0x3100, 0x4e00 <= u && u < 0xa000:
		return 3
	case 0xac00 <= u && u < 0xd7a4:
		return 4
	}
	return -1
}

func (r *Reader) put(c rune) {
	r.wideLen += utf8.EncodeRune(r.wide[r.wideLen:r.wideLen+4], c)
}

// parse is the format's own reader. It stops early when items wait.
func (r *Reader) parse(p []byte) int {
	switch r.format {
	case VCard:
		return r.parseVCard(p)
	case CSV:
		return r.parseTable(p)
	case LDIF:
		return r.parseLDIF(p)
	case JSON:
		return r.parseJSON(p)
	case XML:
		return r.parseXML(p)
	}
	return r.parseList(p)
}
