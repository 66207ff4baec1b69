package contacts

const (
	headSize  = 32 << 10 // bytes looked at before deciding what the file is
	arenaSize = 64 << 10
	// Items are handed out when this much is in the arena, so that the worst
	// single cell (MaxValue bytes of one-letter values, each tripled by
	// transcoding) still fits behind it.
	arenaFull = arenaSize - 6*MaxValue
	itemsFull = 128
	maxItems  = itemsFull + MaxValue/2 + 16 // a cell of one-digit values, one a line
)

// stage says how far a Reader has come.
type stage uint8

const (
	sniffing stage = iota // collecting the head
	reading
	refused  // after a fatal code: the rest is passed over
	finished // everything was read
)

// An item is an Entry that waits for its person to be complete.
type item struct {
	kind         Kind
	code         Code
	label        Label
	role         Role
	country      country
	person, line uint32
	text, note   span
	group        uint32 // of vCard: hash of the group's name, 0 for none
}

// itemGroupLabel is an X-ABLabel: never handed out, only looked up.
const itemGroupLabel Kind = 255

// A span is a piece of a buffer.
type span struct{ off, end uint32 }

func (s span) of(b []byte) []byte { return b[s.off:s.end] }

// Parts of a name, best first.
const (
	partFull = iota
	partGiven
	partMiddle
	partFamily
	partNick
	partCompany
	parts
)

// buffers are a Reader's memory: the same for every file, and without pointers,
// so that a collector passes them over.
type buffers struct {
	head   [headSize]byte
	wide   [3*headSize/2 + 8]byte // UTF-16 on its way to UTF-8
	items  [maxItems]item
	arena  [arenaSize]byte
	names  [parts * (MaxName + 4)]byte
	whole  [3 * (MaxName + 4)]byte // the name composed
	normal [maxNormal]byte         // scratch
	cell   [3 * maxNormal]byte     // scratch
	key    [maxNormal]byte         // scratch
	meant  [maxNormal]byte         // see meaning
	line   [MaxValue]byte          // a line of a list, a cell, a vCard value
	vc     vcard
	table  table
}

// A Reader reads one file after another. The zero value must be Reset first,
// which takes some 400 KB once.
type Reader struct {
	*buffers
	options Options
	archive archive
	stage   stage
	format  Format
	charset Charset // of the file
	legacy  Charset // what bytes that are not UTF-8 are read as
	delim   byte
	fatal   Code
	warned  bool    // UnreadableCharset was reported
	surmise bool    // the encoding was guessed by the letters
	guessed bool    // … and that was reported
	foreign Charset // … about a vCard property's own CHARSET

	headLen, headPos int

	wideLen, widePos int
	unit             uint32 // of a wide encoding, as far as it was read
	unitN            uint8  // bytes of it; bits in UTF-7
	surrogate        rune   // first half of a pair; 0 for none
	shifted          bool   // inside of Base64, of UTF-7
	begun            bool   // … that is not empty

	lineNo uint32 // the line that the next byte is on
	cr     bool   // the last byte was CR: a LF now belongs to it

	people  uint32  // persons begun
	open    bool    // a person is being read
	ready   bool    // items wait to be drained
	ended   bool    // Finish was called
	ending  bool    // this file is at its end: one of an archive, or Finish was called
	country country // of the person's numbers, as far as the file says so
	given   [3]byte // the country of the entry that was handed out last
	tree    *tree   // of JSON and XML
	ldif    ldif
	agents  []byte // cards of agents, until that around them ended; or those of one line
	begins  []byte // what follows BEGIN: on a line
	list    listing
	layout  *layout // of a table
	next    int
	count   int
	used    int
	name    [parts]span // in names
	namesN  int
	wholeN  int
	meantN  int
	meantAs Label
	lineN   int
	over    bool // buffers.line was too small
	start   uint32
}

// Reset makes r ready for a new file.
func (r *Reader) Reset(o Options) {
	if r.buffers == nil {
		r.buffers = new(buffers)
	}
	r.options = o
	r.archive.reset()
	r.fatal, r.people, r.ended = OK, 0, false
	r.next, r.count, r.used, r.wholeN, r.ready = 0, 0, 0, 0, false
	r.begin()
}

// begin makes r ready for a file, of an archive or the only one.
func (r *Reader) begin() {
	r.stage, r.format, r.charset, r.legacy, r.delim, r.warned = sniffing, r.options.Format, UTF8, UTF8, 0, false
	r.surmise, r.guessed = false, false
	r.foreign = UTF8
	r.headLen, r.headPos, r.wideLen, r.widePos, r.unit, r.unitN, r.surrogate, r.shifted = 0, 0, 0, 0, 0, 0, 0, false
	r.lineNo, r.cr, r.start = 1, false, 1
	r.open, r.ending, r.country = false, false, country{}
	r.lineN, r.over = 0, false
	r.clearName()
	r.vc.reset()
	r.table.reset()
	r.tree, r.ldif, r.list, r.layout, r.agents = nil, ldif{bol: true}, listing{}, nil, nil
}

// People counts the persons met so far, with or without numbers.
func (r *Reader) People() int { return int(r.people) }

// Format is Auto until enough was read to tell, then what the file is.
func (r *Reader) Format() Format { return r.format }

// Charset is the encoding that was found. It is UTF8 until something else
// shows.
func (r *Reader) Charset() Charset {
	switch {
	case r.archive.kind != notPacked && r.legacy.Foreign():
		return UTF8 // its letters are quoted
	case r.charset != UTF8:
		return r.charset
	case r.legacy == UTF8, r.legacy == unknownCharset && r.foreign != UTF8:
		return r.foreign
	}
	return r.legacy
}

// Delimiter is the CSV delimiter in use, 0 for other formats.
func (r *Reader) Delimiter() byte { return r.delim }

// Failure is the fatal Code that ended the reading, or OK.
func (r *Reader) Failure() Code { return r.fatal }

// Feed takes bytes of the file and returns how many it took: all of them, or
// fewer if entries wait to be drained with Next, none while they still wait.
func (r *Reader) Feed(p []byte) int {
	if r.archive.kind == notPacked {
		return r.feed(p)
	}
	return r.unpack(p)
}

// feed takes bytes of a file that is not packed.
func (r *Reader) feed(p []byte) int {
	n := 0
	for !r.ready {
		if r.stage == reading && (r.headPos < r.headLen || r.widePos < r.wideLen) {
			r.headPos += r.decode(r.head[r.headPos:r.headLen])
			continue
		}
		if n == len(p) {
			break
		}
		switch r.stage {
		case sniffing:
			c := copy(r.head[r.headLen:], p[n:])
			n += c
			r.headLen += c
			if r.headLen == headSize {
				r.detect()
			}
		case reading:
			n += r.decode(p[n:])
		default:
			return len(p)
		}
	}
	return n
}

// Finish says that the file ends here. Entries may follow: drain them with
// Next until it reports false.
func (r *Reader) Finish() {
	r.ended = true
	if r.archive.kind == notPacked {
		r.end()
		return
	}
	r.endArchive()
}

// end ends a file that is not packed, or one of an archive. Entries that wait may
// interrupt it: Next goes on.
func (r *Reader) end() {
	r.ending = true
	if r.ready || r.stage >= refused {
		return
	}
	if r.stage == sniffing {
		r.detect()
	}
	r.feed(nil)
	if r.ready || r.stage >= refused {
		return
	}
	if r.tree != nil && !r.endTreeOf() || r.format == VCard && !r.endVCard() {
		return
	}
	r.stage = finished
	if r.unitN > 0 && !r.shifted || r.surrogate != 0 {
		r.problem(Truncated, r.lineNo)
	}
	switch r.format {
	case CSV:
		r.endTable()
	case List:
		r.endLine()
		if r.list.code {
			r.endPerson()
		}
	case LDIF:
		r.endLDIF()
	}
	r.flush()
}

// endTreeOf ends JSON or XML: false while persons still wait.
func (r *Reader) endTreeOf() bool {
	t := r.tree
	if r.format == JSON && t.json.state != jsonBetween {
		if t.json.state != jsonLiteral {
			r.treeProblem(Truncated)
		}
		r.endJSONLine()
	}
	r.endTree()
	if !r.handOut() {
		return false
	}
	if !t.some {
		r.fail(UnknownFormat, "")
		return false
	}
	return true
}

// Next fills e with the next entry that waits. It reports false when there is
// none: then it is time to feed more, or, after Finish, it was the last.
func (r *Reader) Next(e *Entry) bool {
	for r.ready || r.resume() {
		for r.next < r.count {
			it := &r.items[r.next]
			r.next++
			if it.kind == itemGroupLabel {
				continue
			}
			*e = Entry{
				Kind: it.kind, Code: it.code, Label: it.label, Role: it.role, Person: it.person, Line: it.line, Country: it.country.of(&r.given),
				Text: it.text.of(r.arena[:]), Note: it.note.of(r.arena[:]),
			}
			if it.group != 0 && it.kind <= Email {
				r.groupLabel(it.group, e)
			}
			if it.person != 0 {
				e.Name = r.whole[:r.wholeN]
			}
			return true
		}
		r.next, r.count, r.used, r.ready = 0, 0, 0, false
	}
	return false
}

// resume goes on with what waiting items interrupted.
func (r *Reader) resume() bool {
	switch {
	case r.ended:
		r.Finish()
	case r.archive.kind != notPacked:
		r.unpack(nil)
	}
	return r.ready
}
