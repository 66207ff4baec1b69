package capture

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
