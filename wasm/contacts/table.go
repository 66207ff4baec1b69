package contacts

// table is what the CSV reader keeps between bytes.
type table struct {
	roles    [MaxColumns]Role
	labels   [MaxColumns]Label
	byData   [MaxColumns]bool // the role was found in the cells, not in the header
	never    [MaxColumns]bool // … and the header says that they are something else
	before   int              // rows before the header or the first row
	early    uint64           // those of them, by place, that hold a number
	header   bool             // the row being read is the header
	skip     bool             // to the end of the line: the row was too long
	column   int
	row      int    // bytes in the row so far
	rowAt    uint32 // line where the row began
	quoted   bool   // inside quotes
	shut     bool   // a quote inside quotes: the end, or half of a doubled one
	cellAt   uint32 // line where the cell began
	any      bool   // the row has more than white space
	note     [256]byte
	noteN    int // of the last label column
	noteAt   int // its column: a label is for the column behind it
	noteOf   Kind
	country  [64]byte // of the row
	countryN int
	area     [16]byte // of the row
	areaN    int
	areas    areaOrder
	areaFrom int            // the item behind those that had theirs
	wanted   bool           // the column that Options.Number names was seen
	width    int            // columns of the header, or else of most rows
	heading  uint32         // hash of the header
	gap      bool           // the row before was empty
	got      bool           // the row has a number or an address
	stray    bool           // … or a number in a cell that is not read
	raw      [MaxValue]byte // cells of the row, each ended by NUL, up to a number or address
	rawN     int
	looked   int // cells of which it was asked whether they are of a header
}

// areaOrder says whose a column of area codes is.
type areaOrder uint8

const (
	areaBefore areaOrder = iota // of the numbers behind it
	areaBehind                  // of those before it, up to the area codes before
	areaOfAll                   // of the row's
)

func (t *table) reset() {
	clear(t.roles[:])
	clear(t.labels[:])
	clear(t.byData[:])
	clear(t.never[:])
	t.before, t.early, t.areas, t.areaFrom = 0, 0, areaBefore, 0
	t.width, t.heading, t.gap, t.got, t.rawN, t.looked = 0, 0, false, false, 0, 0
	t.header, t.skip, t.quoted, t.shut, t.any, t.wanted = false, false, false, false, false, false
	t.column, t.row, t.rowAt, t.cellAt, t.noteN, t.noteAt, t.countryN, t.areaN = 0, 0, 1, 1, 0, 0, 0, 0
}

// parseTable takes bytes of a CSV file.
func (r *Reader) parseTable(p []byte) int {
	t := &r.table
	for i := 0; i < len(p); i++ {
		if r.ready || r.stage == refused {
			return i
		}
		c := p[i]
		if c == '\n' && r.cr {
			r.cr = false
			continue
		}
		r.cr = c == '\r'
		if c == '\r' {
			c = '\n'
		}
		if c == '\n' {
			t.row++
			if t.quoted && t.row <= MaxRow {
				r.keep(newline)
				r.lineNo++
				continue
			}
			if t.quoted {
				r.problem(UnclosedQuote, t.cellAt)
			}
			r.endRow()
			r.lineNo++
			t.rowAt, t.cellAt = r.lineNo, r.lineNo
			continue
		}
		if t.skip {
			continue
		}
		if t.row++; t.row > MaxRow {
			if t.quoted {
				r.problem(UnclosedQuote, t.cellAt)
			} else {
				r.problem(LineTooLong, t.rowAt)
			}
			t.skip, t.quoted = true, false
			continue
		}
		switch {
		case c == '"' && t.quoted:
			t.quoted, t.shut = false, true
		case c == '"' && t.shut: // "" inside quotes
			t.quoted, t.shut = true, false
			r.keep(p[i : i+1])
		case c == '"' && len(trim(r.line[:r.lineN])) == 0 && !r.over:
			t.quoted = true
			r.lineN = 0
		case c == r.delim && !t.quoted:
			r.endCell()
			t.cellAt = r.lineNo
		default:
			t.shut = false
			j, end := i+1, min(len(p), i+1+MaxRow-t.row)
			for j < end && p[j] != r.delim && p[j] != '"' && p[j] != '\n' && p[j] != '\r' {
				j++
			}
			r.keep(p[i:j])
			t.row += j - i - 1
			i = j - 1
		}
	}
	return len(p)
}

var newline = []byte{'\n'}

// keep stores a piece of a cell that matters.
func (r *Reader) keep(p []byte) {
	t := &r.table
	if t.passed() {
		return
	}
	t.any = t.any || says(p)
	if !t.got {
		t.rawN += copy(t.raw[t.rawN:], p)
	}
	if !t.heads() && !(t.column < MaxColumns && t.roles[t.column] != Unused) {
		return
	}
	n := copy(r.line[r.lineN:], p)
	r.lineN += n
	r.over = r.over || n < len(p)
}

// endTable is called at the end of the file.
func (r *Reader) endTable() {
	t := &r.table
	if t.quoted && !t.skip {
		r.problem(UnclosedQuote, t.cellAt)
	}
	if t.row > 0 {
		r.endRow()
	}
}

func (r *Reader) endRow() {
	t := &r.table
	r.endCell()
	heads, passed := t.heads(), t.passed()
	if t.before > 0 {
		t.before--
		t.early >>= 1
	}
	switch {
	case passed || !t.any:
	case heads:
		t.header, t.width, t.heading = false, t.column, hash(t.raw[:t.rawN])
		r.endHeader()
	case !t.got && r.headerBelow():
	case !r.open:
		// A row without number, address and name is a person no less, unless
		// nothing is in it.
		r.person()
	}
	if r.open {
		r.endPerson()
	}
	t.gap = !t.any
	t.column, t.row, t.skip, t.quoted, t.shut, t.any, t.noteN, t.countryN, t.areaN = 0, 0, false, false, false, false, 0, 0, 0
	t.areaFrom, t.got, t.rawN = 0, false, 0
}

// passed reports whether the row is one before the header that has no number.
func (t *table) passed() bool { return t.before > 0 && t.early&1 == 0 }

// heads reports whether the row is the header.
func (t *table) heads() bool { return t.before == 0 && t.header }

// endCell takes a cell that is complete.
func (r *Reader) endCell() {
	t := &r.table
	s := r.line[:r.lineN]
	over := r.over
	col := t.column
	r.lineN, r.over, t.shut, t.quoted = 0, false, false, false
	t.column++
	if t.passed() {
		return
	}
	if !t.got {
		t.rawN += copy(t.raw[t.rawN:], "\x00")
	}
	if t.heads() {
		r.headerCell(col, s)
		return
	}
	if col >= MaxColumns || t.roles[col] == Unused {
		return
	}
	kind := Number
	switch role := t.roles[col]; role {
	case NumberLabel, EmailLabel:
		t.noteN, t.noteAt = copy(t.note[:], s), col
		t.noteOf = Number
		if role == EmailLabel {
			t.noteOf = Email
		}
	case EmailColumn, NumberColumn:
		if role == EmailColumn {
			kind = Email
		}
		if !says(s) && !over {
			return
		}
		if over {
			r.person()
			r.problem(ValueTooLong, t.cellAt)
			return
		}
		t.got = t.got || digits(s) > 2 || isMail(s) && !t.header
		label, note := t.labels[col], span{}
		if t.noteN > 0 && t.noteOf == kind && t.noteAt == col-1 {
			label, note = r.cellLabel(t.note[:t.noteN])
		}
		t.noteN = 0
		if kind == Email && hasPrefix(s, "/o=") {
			return // Exchange's own name for a colleague, no address
		}
		for len(s) > 0 {
			n, sep := nextValue(s)
			kind := kind
			if kind == Number && isMail(trim(s[:n])) {
				kind = Email
			}
			value := s[:n]
			if kind == Number && t.lacksArea(value) {
				value = append(append(append(make([]byte, 0, t.areaN+1+n), t.area[:t.areaN]...), ' '), trim(value)...)
			}
			r.value(kind, label, value, t.cellAt, note, 0)
			s = s[n+sep:]
		}
		r.setRowCountry()
		r.room()
	case CountryColumn:
		t.countryN = copy(t.country[:], s)
		if r.open {
			r.setRowCountry()
		}
	case AreaColumn:
		s = trim(s)
		switch n := digits(s); {
		case n == 0 || len(s) > len(t.area):
		case hasPrefix(s, "00") || isPlus(s) > 0:
			t.countryN = copy(t.country[:], s)
		case n <= 6:
			t.areaN = copy(t.area[:], s)
		}
		if t.areas != areaBefore {
			r.setRowArea()
		}
	default:
		if says(s) {
			r.setName(partOf(role), s, t.cellAt)
		}
	}
}

// lacksArea reports whether a number is one to which the row's area code belongs: it
// has neither a prefix nor that code.
func (t *table) lacksArea(s []byte) bool {
	s = trim(s)
	if t.areaN == 0 || len(s) == 0 || s[0] < '1' || s[0] > '9' || digits(s) > 9 {
		return false
	}
	area := t.area[:t.areaN]
	for len(area) > 0 && (area[0] < '1' || area[0] > '9') {
		area = area[1:]
	}
	return !hasPrefix(s, alias(area)) || digits(s) < 7
}

// setRowArea puts the area code before those numbers of the row that stand before its
// column.
func (r *Reader) setRowArea() {
	t := &r.table
	for i := min(t.areaFrom, r.count); i < r.count; i++ {
		it := &r.items[i]
		text := it.text.of(r.arena[:])
		if it.kind != Number || it.person != r.people || !r.open || !t.lacksArea(text) || r.used+3*len(t.area)+1+len(text) > len(r.arena) {
			continue
		}
		from := r.text(t.area[:t.areaN], it.line).off
		r.arena[r.used] = ' '
		r.used += 1 + copy(r.arena[r.used+1:], text)
		it.text = span{from, uint32(r.used)}
	}
	if t.areaFrom = r.count; t.areas == areaBehind {
		t.areaN = 0
	}
	r.room()
}

// setRowCountry gives the numbers of the row its country, wherever its column is.
//
//go:noinline
func (r *Reader) setRowCountry() {
	t := &r.table
	if t.countryN == 0 {
		return
	}
	c := countryOf(r, t.country[:t.countryN])
	for i := range r.items[:r.count] {
		if it := &r.items[i]; it.kind == Number && it.person == r.people {
			it.country = c
		}
	}
}

// cellLabel reads Google's label cells: "Mobile", "* Work", "WhatsApp Bob".
func (r *Reader) cellLabel(s []byte) (Label, span) {
	for len(s) > 0 && (s[0] == '*' || s[0] <= ' ') {
		s = s[1:]
	}
	if len(s) == 0 {
		return NoLabel, span{}
	}
	l, known := typeOf(s)
	if known {
		return l, span{}
	}
	return r.meaning(s), r.text(s, r.table.cellAt)
}

// nextValue finds the first of several values in a cell: its length and that
// of what divides it from the next. Google joins them with " ::: ", people with
// line breaks, addresses with semicolons or commas. What else may part numbers
// package field knows.
func nextValue(b []byte) (n, separator int) {
	for i, c := range b {
		n = 0
		switch {
		case c == '\n':
			n = 1
		case c == ':' && i+2 < len(b) && b[i+1] == ':' && b[i+2] == ':':
			n = 3
		case (c == ';' || c == ',') && isMail(trim(b[:i])):
			n = 1
		}
		if n > 0 {
			return i, n
		}
	}
	return len(b), 0
}
