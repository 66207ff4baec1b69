package capture

import "math/bits"

// A node is a place in a document that its handler knows. All below skip is
// passed over.
type node uint8

const skip node = 0

// A jsonHandler gives a document its meaning. It is told of nodes other than
// skip alone.
type jsonHandler interface {
	// child names the value under key in an object, or the next in an array,
	// where key is nil.
	child(parent node, key []byte) node
	open(n node, array bool)
	// close reports whether reading has to stop behind this container until
	// resume is called: the handler waits for another file.
	close(n node) (wait bool)
	// scalar gives a value: text holds a string without its quotes and escapes,
	// or a number or literal as written.
	scalar(n node, text []byte, v scalar)
}

// scalar says what kind of value there is, and what was seen in a string.
type scalar struct {
	quoted  bool // a string
	high    bool // it holds bytes above 127
	escaped bool // … of which some were surrogate escapes (PEP 383): it is bytes, not text
	cut     bool // it was longer than the limit
}

// null reports whether text is the literal null.
func (v scalar) null(text []byte) bool { return !v.quoted && string(text) == "null" }

type jsonState uint8

const (
	jsonValue     jsonState = iota // expects a value
	jsonFirstItem                  // … or ']'
	jsonFirstKey                   // expects a key or '}'
	jsonKey                        // expects a key
	jsonColon                      // expects ':'
	jsonNext                       // expects ',' or an end
	jsonString                     // inside a string
	jsonEscape                     // behind '\'
	jsonHex                        // inside the four digits of \u
	jsonWord                       // inside a number or literal
	jsonEnd                        // behind the document
)

// json reads a document as a stream, RFC 8259 with what tools really write:
// control characters in strings, NaN, lone surrogates. It stores only what its
// handler wants, so its memory does not depend on the document. A value of
// bytes above 127 that Python wrote as surrogate escapes (\udc80 to \udcff)
// comes out as those bytes, which encoding/json would replace.
type json struct {
	handler  jsonHandler
	limit    int // bytes of a string that are stored
	maxDepth int

	state jsonState
	key   bool // the string is a key
	store bool // … or a value that is wanted
	value node // what the value that comes next is
	v     scalar
	word  []byte // string, number or literal so far

	hex   uint32 // digits of \u so far
	nhex  int
	first uint32 // high surrogate that waits for its low one, or 0

	// The containers around here. Those below a skipped one are counted, with a
	// bit each for what they are.
	nodes []node
	array []bool

	// A container that is also kept as it is written.
	rawDepth int // nodes around it, 0 if none
	raw      []byte
	rawLimit int
}

// newJSON returns a reader of a document whose root is the given node.
func newJSON(h jsonHandler, root node, o *Options) *json {
	return &json{handler: h, value: root, limit: o.MaxBody, maxDepth: o.MaxDepth, rawLimit: o.MaxHead}
}

// keepRaw stores the container that is being opened as it is written.
func (j *json) keepRaw() { j.rawDepth, j.raw = len(j.nodes), j.raw[:0] }

// write reads p and returns how many bytes it took: fewer than len(p) where the
// handler waits, or with a reason why reading cannot go on.
func (j *json) write(p []byte) (n int, why Reason) {
	kept := 0 // of p, what is in raw already or need not be
	if j.rawDepth == 0 {
		kept = -1
	}
	for n < len(p) {
		c := p[n]
		switch j.state {
		case jsonString:
			n += j.text(p[n:])
			continue
		case jsonEscape:
			j.escape(c)
			n++
			continue
		case jsonHex:
			d := unhex(c)
			if d > 15 {
				return n, BadCapture
			}
			j.hex = j.hex<<4 | uint32(d)
			n++
			if j.nhex++; j.nhex == 4 {
				j.rune(j.hex)
				j.state = jsonString
			}
			continue
		case jsonWord:
			if isWord(c) {
				if len(j.word) < 64 {
					j.word = append(j.word, c)
				}
				n++
				continue
			}
			j.scalar()
			continue
		}
		if c == ' ' || c == '\n' || c == '\r' || c == '\t' {
			n++
			continue
		}
		switch j.state {
		case jsonFirstItem, jsonValue:
			switch {
			case c == ']' && j.state == jsonFirstItem:
				// closed below
			case c == '"':
				j.begin(false)
				n++
				continue
			case c == '{' || c == '[':
				if len(j.nodes) >= j.maxDepth {
					return n, TooDeep
				}
				array := c == '['
				j.nodes, j.array = append(j.nodes, j.value), append(j.array, array)
				if j.value != skip {
					before := j.rawDepth
					j.handler.open(j.value, array)
					if before == 0 && j.rawDepth != 0 {
						kept = n
					}
				}
				j.state = jsonFirstKey
				if array {
					j.state = jsonFirstItem
					j.item()
				}
				n++
				continue
			case isWord(c):
				j.word, j.v = j.word[:0], scalar{}
				j.state = jsonWord
				continue
			default:
				return n, BadCapture
			}
		case jsonFirstKey, jsonKey:
			if c == '"' {
				j.begin(true)
				n++
				continue
			}
			if c != '}' || j.state == jsonKey {
				return n, BadCapture
			}
		case jsonColon:
			if c != ':' {
				return n, BadCapture
			}
			j.state = jsonValue
			n++
			continue
		case jsonNext:
			if c == ',' {
				if j.array[len(j.array)-1] {
					j.state = jsonValue
					j.item()
				} else {
					j.state = jsonKey
				}
				n++
				continue
			}
		case jsonEnd:
			return n, BadCapture
		}
		// The end of a container.
		top := len(j.nodes) - 1
		if c != '}' && c != ']' || j.array[top] != (c == ']') {
			return n, BadCapture
		}
		n++
		closed := j.nodes[top]
		j.nodes, j.array = j.nodes[:top], j.array[:top]
		if j.rawDepth == top+1 {
			j.keep(p[kept:n])
			j.rawDepth, kept = 0, -1
		}
		j.state = jsonNext
		if top == 0 {
			j.state = jsonEnd
		}
		if closed != skip && j.handler.close(closed) {
			break
		}
	}
	if kept >= 0 {
		j.keep(p[kept:n])
	}
	return n, OK
}

func (j *json) keep(p []byte) {
	if room := j.rawLimit - len(j.raw); len(p) > room {
		p = p[:room]
	}
	j.raw = append(j.raw, p...)
}

// end says that the document ends, and reports whether it may.
func (j *json) end() bool {
	if j.state == jsonWord && len(j.nodes) == 0 {
		j.scalar()
	}
	return j.state == jsonEnd
}

// item finds out what the next item of the array is.
func (j *json) item() { j.value = j.under(nil) }

// under is the node of a value in the innermost container.
func (j *json) under(key []byte) node {
	parent := j.nodes[len(j.nodes)-1]
	if parent == skip {
		return skip
	}
	return j.handler.child(parent, key)
}

// begin starts a string.
func (j *json) begin(key bool) {
	j.state, j.key = jsonString, key
	j.word, j.v, j.first = j.word[:0], scalar{quoted: true}, 0
	if key {
		j.value = skip
		j.store = j.nodes[len(j.nodes)-1] != skip
	} else {
		j.store = j.value != skip
	}
}

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

// scalar ends a value.
func (j *json) scalar() {
	j.state = jsonNext
	if len(j.nodes) == 0 {
		j.state = jsonEnd
	}
	if j.value != skip {
		j.handler.scalar(j.value, j.word, j.v)
	}
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
