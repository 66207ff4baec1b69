package contacts

import "unicode/utf8"

// decode passes raw bytes on to the format's own reader, UTF-16 by way of
// UTF-8, and returns how many it took.
func (r *Reader) decode(p []byte) int {
	if r.charset != UTF16LE && r.charset != UTF16BE {
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

// widen turns UTF-16 into UTF-8 in r.wide and returns how many bytes it took.
// A lone surrogate becomes U+FFFD.
func (r *Reader) widen(p []byte) int {
	n := 0
	for n < len(p) && r.wideLen+8 <= len(r.wide) {
		if !r.hasHalf {
			r.half, r.hasHalf = p[n], true
			n++
			continue
		}
		r.hasHalf = false
		u := rune(r.half) | rune(p[n])<<8
		if r.charset == UTF16BE {
			u = rune(r.half)<<8 | rune(p[n])
		}
		n++
		if r.surrogate != 0 {
			high := r.surrogate
			r.surrogate = 0
			if 0xdc00 <= u && u <= 0xdfff {
				r.put((high-0xd800)<<10 + (u - 0xdc00) + 0x10000)
				continue
			}
			r.put(utf8.RuneError)
		}
		if 0xd800 <= u && u <= 0xdbff {
			r.surrogate = u
			continue
		}
		r.put(u) // a lone low surrogate encodes as U+FFFD
	}
	return n
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
