package capture

import "math/bits"

// text reads inside a string up to its end, an escape that is longer than two
// bytes or cut, or the end of p.
func (j *json) text(p []byte) (n int) {
	if j.first != 0 && (p[0] != '\\' || len(p) > 1 && p[1] != 'u') {
		j.lone()
	}
	for {
		if at := len(j.word); j.store && at < min(cap(j.word), j.limit) {
			wrote, read, high := unescape(j.word[at:min(cap(j.word), j.limit)], p[n:min(n+256, len(p))]) // what is longer is copied as a whole
			j.word = j.word[:at+wrote]
			j.v.high = j.v.high || high
			n += read
		}
		k, high := plain(p[n:])
		if j.store && k > 0 {
			j.v.high = j.v.high || high
			j.add(p[n : n+k])
		}
		if n += k; n == len(p) {
			return n
		}
		if p[n] == '"' {
			break
		}
		if n+1 == len(p) || p[n+1] == 'u' {
			j.state = jsonEscape
			return n + 1
		}
		j.escape(p[n+1])
		n += 2
	}
	if j.key {
		if j.store {
			j.value = j.under(j.word)
		}
		j.state = jsonColon
		return n + 1
	}
	j.scalar()
	return n + 1
}

// add stores bytes of a string.
func (j *json) add(p []byte) {
	if room := j.limit - len(j.word); len(p) > room {
		j.v.cut = true
		p = p[:room]
	}
	j.word = append(j.word, p...)
}

// escape reads the byte behind a backslash.
func (j *json) escape(c byte) {
	j.state = jsonString
	if c == 'u' {
		j.state, j.hex, j.nhex = jsonHex, 0, 0
		return
	}
	if !j.store {
		return
	}
	if j.first != 0 {
		j.lone()
	}
	j.v.high = j.v.high || c >= 0x80
	j.addByte(escaped(c))
}

// escaped is the byte that an escape of two stands for.
func escaped(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

// unescape copies a string from p to to, up to its end, an escape of more than two
// bytes or the end of either; high is as in plain. It calls nothing that may
// allocate, or TinyGo would write each pointer to memory, for its collector.
//
//go:noinline
func unescape(to, p []byte) (wrote, read int, high bool) {
	var seen uint64
	for {
		for read+8 <= len(p) && wrote+8 <= len(to) {
			q, t := p[read:read+8:read+8], to[wrote:wrote+8:wrote+8]
			w := uint64(q[0]) | uint64(q[1])<<8 | uint64(q[2])<<16 | uint64(q[3])<<24 |
				uint64(q[4])<<32 | uint64(q[5])<<40 | uint64(q[6])<<48 | uint64(q[7])<<56
			t[0], t[1], t[2], t[3] = byte(w), byte(w>>8), byte(w>>16), byte(w>>24)
			t[4], t[5], t[6], t[7] = byte(w>>32), byte(w>>40), byte(w>>48), byte(w>>56)
			if end := ends(w); end != 0 {
				before := uint(bits.TrailingZeros64(end)) &^ 7
				seen |= w & (1<<before - 1)
				read += int(before / 8)
				wrote += int(before / 8)
				break
			}
			seen |= w
			read += 8
			wrote += 8
		}
		if read == len(p) || wrote == len(to) || p[read] == '"' {
			break
		}
		c := p[read]
		if c == '\\' {
			if read+1 == len(p) || p[read+1] == 'u' {
				break
			}
			read++
			c = escaped(p[read])
		}
		seen |= uint64(c)
		to[wrote] = c
		read++
		wrote++
	}
	return wrote, read, seen&tops != 0
}

const ones, tops = 0x0101010101010101, 0x8080808080808080

// ends marks a quote or backslash in eight bytes: the lowest bit is right, those
// above it may be wrong.
func ends(w uint64) uint64 {
	quote, slash := w^'"'*ones, w^'\\'*ones
	return ((quote-ones)&^quote | (slash-ones)&^slash) & tops
}

// addByte stores one byte of a string.
func (j *json) addByte(c byte) {
	n := len(j.word)
	switch {
	case n >= j.limit:
		j.v.cut = true
	case n < cap(j.word):
		j.word = j.word[:n+1]
		j.word[n] = c
	default:
		j.word = append(j.word, c)
	}
}

// rune takes a UTF-16 code unit that was written as \uXXXX.
func (j *json) rune(r uint32) {
	if !j.store {
		return
	}
	if j.first != 0 {
		if r&0xfc00 == 0xdc00 {
			r = 0x10000 + j.first&0x3ff<<10 + r&0x3ff
			j.first = 0
			j.v.high = true
			j.word = appendRune(j.word, r)
			return
		}
		j.lone()
	}
	if r >= 0x80 {
		j.v.high = true
	}
	switch {
	case r&0xfc00 == 0xd800:
		j.first = r
	case 0xdc80 <= r && r <= 0xdcff:
		j.v.escaped = true
		j.addByte(byte(r))
	default:
		if len(j.word)+3 > j.limit {
			j.v.cut = true
			return
		}
		j.word = appendRune(j.word, r)
	}
}

// lone stores a high surrogate without its low one, as WTF-8 does.
func (j *json) lone() {
	j.word = appendRune(j.word, j.first)
	j.first = 0
}

// appendRune appends r in UTF-8, surrogates too.
func appendRune(to []byte, r uint32) []byte {
	switch {
	case r < 0x80:
		return append(to, byte(r))
	case r < 0x800:
		return append(to, 0xc0|byte(r>>6), 0x80|byte(r)&0x3f)
	case r < 0x10000:
		return append(to, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
	}
	return append(to, 0xf0|byte(r>>18), 0x80|byte(r>>12)&0x3f, 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
}

// isWord reports whether c can be in a number or literal, Python's NaN and
// -Infinity too.
func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '-' || c == '+' || c == '.'
}

// unhex is the value of a hexadecimal digit, 255 if it is none.
func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c|0x20 && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 255
}

// plain returns how many bytes of p there are before a quote or backslash, and
// whether one of them is above 127. It looks at eight bytes at a time: captures
// are mostly long strings.
func plain(p []byte) (n int, high bool) {
	var seen uint64
	for ; n+8 <= len(p); n += 8 {
		q := p[n : n+8 : n+8]
		w := uint64(q[0]) | uint64(q[1])<<8 | uint64(q[2])<<16 | uint64(q[3])<<24 |
			uint64(q[4])<<32 | uint64(q[5])<<40 | uint64(q[6])<<48 | uint64(q[7])<<56
		if end := ends(w); end != 0 {
			before := uint(bits.TrailingZeros64(end)) &^ 7
			return n + int(before/8), (seen|w&(1<<before-1))&tops != 0
		}
		seen |= w
	}
	high = seen&tops != 0
	for ; n < len(p); n++ {
		if p[n] == '"' || p[n] == '\\' {
			break
		}
		high = high || p[n] >= 0x80
	}
	return n, high
}
