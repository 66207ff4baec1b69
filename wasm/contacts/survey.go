package contacts

// What of a head is looked at to find out what its table is.
const (
	surveyColumns = 64
	surveyRows    = 400
	preamble      = 30 // rows among which the header is
)

// delimiters are those that a table is tried with.
const delimiters = ",;\t|"

// A layout is what one delimiter makes of the head of a table.
type layout struct {
	delim  byte
	text   []byte   // the head, as long as it stays
	rows   [][]span // cells of each row, in the head; as many rows as the reader of tables counts
	usual  int      // cells that most rows have
	even   int      // rows that have as many
	filled int      // rows that are not empty
	header int      // the row that is the header, -1 for none
	known  int      // cells of it that say something known
	early  uint64   // rows before the header, by place, that hold a number
	lost   uint64   // … and cells that are not the usual
	tally  [surveyColumns]tally
}

// A tally says what is in the cells of a column, below the header.
type tally struct {
	filled, numbers, strong, mails, words, spaced, small uint16
	named, unclear                                       uint16 // numbers behind a name; cells of digits that are no number
}

// survey finds out whether the head is a table, and with which delimiter.
func (r *Reader) survey(text []byte) bool {
	text, only := separator(text)
	r.layout = nil
	best := 0
	for i := range len(delimiters) {
		d := delimiters[i]
		if only != 0 && d != only {
			continue
		}
		l := r.lay(text, d)
		if score := l.score(); score > best {
			best, r.layout, r.delim = score, l, d
		}
	}
	if r.layout == nil {
		r.delim = 0
	}
	return best > 0
}

// score says how well a delimiter fits; 0 if it does not.
func (l *layout) score() int {
	if l.header >= 0 && l.known > 0 && (l.usual > 1 || l.filled == 1 || l.even > 1) {
		if l.lost != 0 {
			return 900 + l.usual // of two tables the second
		}
		return 1000*l.known + l.usual
	}
	if l.usual < 2 || l.even*10 < l.filled*7 || l.filled == 1 && l.several() {
		return 0
	}
	if t := &l.tally[1]; l.usual == 2 && l.header < 0 && t.named*10 >= t.filled*6 && t.named > 0 {
		return 0 // "Field, Ines: 020 7946 0018": the comma is the name's
	}
	for i := range l.tally {
		if role := l.tally[i].holds(); role == NumberColumn || role == EmailColumn {
			return 100 + l.usual
		}
	}
	return 0
}

// several reports whether the only row has words and numbers, more than one of
// each: people and their numbers on one line, of whom nobody knows who is whose.
func (l *layout) several() bool {
	words, numbers := 0, 0
	for i := range l.tally {
		if l.tally[i].unclear > 0 {
			return true
		}
		words += int(l.tally[i].words)
		numbers += int(l.tally[i].numbers)
	}
	return words > 1 && numbers > 1
}

// lay reads the head as a table with a delimiter.
func (r *Reader) lay(text []byte, delim byte) *layout {
	l := &layout{delim: delim, header: -1}
	if r.charset == UTF8 {
		l.text = text
	}
	l.split(text, r.headLen == headSize)
	var counts [surveyColumns + 1]uint16
	for _, row := range l.rows {
		if len(row) > 0 && !blank(text, row) {
			counts[min(len(row), surveyColumns)]++
			l.filled++
		}
	}
	for n, count := range counts[:] {
		if count > 0 && int(count) >= l.even {
			l.usual, l.even = n, int(count)
		}
	}
	r.findHeader(l, text)
	for at, row := range l.rows {
		if at <= l.header || blank(text, row) {
			continue
		}
		for i, cell := range row[:min(len(row), surveyColumns)] {
			l.tally[i].count(unquote(text[cell.off:cell.end]))
		}
	}
	return l
}

// split cuts the head into rows as the reader of tables does. The last row is left
// out where the head cuts it.
func (l *layout) split(text []byte, cut bool) {
	var row []span
	from, quoted, shut := 0, false, false
	end := func(i int) {
		row = append(row, span{uint32(from), uint32(i)})
		from = i + 1
		shut = false
	}
	for i := 0; i < len(text) && len(l.rows) < surveyRows; i++ {
		switch c := text[i]; {
		case c == '"' && quoted:
			quoted, shut = false, true
		case c == '"' && shut:
			quoted, shut = true, false
		case c == '"' && len(trim(text[from:i])) == 0:
			quoted = true
		case quoted:
		case c == l.delim:
			end(i)
		case c == '\n' || c == '\r':
			end(i)
			l.rows = append(l.rows, row)
			row = nil
			if c == '\r' && i+1 < len(text) && text[i+1] == '\n' {
				i++
				from++
			}
		default:
			shut = false
		}
	}
	if from < len(text) && len(l.rows) < surveyRows && !(cut && len(l.rows) > 0) {
		end(len(text))
		l.rows = append(l.rows, row)
	}
}

func blank(text []byte, row []span) bool {
	for _, cell := range row {
		if says(text[cell.off:cell.end]) {
			return false
		}
	}
	return true
}

// says reports whether a cell has more than white space and lines.
func says(s []byte) bool {
	for _, c := range s {
		if c > ' ' && c != '-' && c != '"' && c != ':' && c != '=' && c != '|' && c != '+' && c != '*' && c != '_' {
			return true
		}
	}
	return false
}

// unquote takes the quotes off a cell of the head.
//
//go:noinline
func unquote(s []byte) []byte {
	s = trim(s)
	if n := len(s); n >= 2 && s[0] == '"' && s[n-1] == '"' {
		s = trim(s[1 : n-1])
	}
	return s
}

// findHeader looks for the row that says what the columns are: the one with the
// most known words among the first, before any row of numbers; or the first, if it
// has no number where those below it do. A row that holds a number is none.
func (r *Reader) findHeader(l *layout, text []byte) {
	seen := 0
	var early, lost uint64 // rows that hold a number; those of them with other cells than usual
	for at, row := range l.rows {
		if blank(text, row) {
			continue
		}
		if seen++; seen > preamble {
			break
		}
		known, numbers, values, cells := 0, 0, 0, 0
		for i, cell := range row {
			if i == MaxColumns {
				break
			}
			s := unquote(text[cell.off:cell.end])
			if len(s) == 0 {
				continue
			}
			cells++
			if from, to, ok := run(s, 0, 7); ok && !isDay(s[from:to]) || !ok && looksNumber(s) || isMail(s) {
				numbers++
				continue
			}
			if role, _ := r.headerRole(s); role != Unused {
				known++
				if role == NumberColumn || role == EmailColumn {
					values++
				}
			}
		}
		if numbers > 0 && (len(row) == l.usual || l.header >= 0) {
			early |= 1 << min(at, 63)
		}
		if numbers > 0 && (len(row) != l.usual || len(row) < 2) {
			lost |= 1 << min(at, 63)
		}
		if numbers > 0 || len(row) < 2 && l.usual > 1 || known < 2 && values == 0 && (seen > 1 || known == 0) {
			continue
		}
		if early != 0 && (known < 2 || values == 0 || known < cells || at > 62) {
			continue // below numbers it must be nothing but a header
		}
		if known > l.known && (early == 0 || l.header < 0) {
			l.header, l.known, l.early = at, known, early
			if l.lost = lost; lost&(lost-1) != 0 {
				l.early |= lost // more than a line about the table
			}
		}
	}
	if l.header >= 0 {
		return
	}
	// The first row of the usual width has no number where the rows below do.
	for at, row := range l.rows {
		if len(row) != l.usual || blank(text, row) {
			continue
		}
		var below [surveyColumns]tally
		for _, later := range l.rows[at+1:] {
			for i, cell := range later[:min(len(later), surveyColumns)] {
				below[i].count(unquote(text[cell.off:cell.end]))
			}
		}
		contrast := false
		for i, cell := range row[:min(len(row), surveyColumns)] {
			s := unquote(text[cell.off:cell.end])
			if digits(s) >= 5 {
				return
			}
			if len(s) > 0 && (below[i].holds() == NumberColumn && !looksNumber(s) || below[i].holds() == EmailColumn && !isMail(s)) {
				contrast = true
			}
		}
		if contrast {
			l.header = at
		}
		return
	}
}

// isDay reports whether a cell is a date or time, as reports have them above their
// tables: digits and signs that are no number.
func isDay(s []byte) bool {
	n := digits(s)
	if n == 10 && len(s) == len("12.05.2024 10") && s[10] == ' ' && (s[2] == s[5] && (s[2] == '.' || s[2] == '/') || s[4] == '-' && s[7] == '-') {
		return true // behind it stand a colon and the minutes
	}
	return (n <= 8 || n == 12 || n == 14) && letters(s) <= 2 && '0' <= s[0] && s[0] <= '9' && !looksNumber(s)
}

// headerRole is roleOf for a cell as it stands in the file.
func (r *Reader) headerRole(s []byte) (Role, Label) {
	if len(s) > maxNormal {
		return Unused, NoLabel
	}
	n, _ := writeText(r.cell[:], s, r.legacy)
	return roleOf(normalise(&r.normal, r.cell[:n]))
}

// count counts what a cell is.
func (t *tally) count(s []byte) {
	if len(s) == 0 {
		return
	}
	t.filled++
	n := digits(s)
	switch {
	case looksNumber(s):
		t.numbers++
		if isNamed(s) {
			t.named++
		}
		if isPlus(s) > 0 || schemeLen(s) > 0 || chatAddress(s) || isLink(s) || n >= 7 && (s[0] == '0' || s[0] == '(' || index(s, " ") > 0 || index(s, "-") > 0 || n >= 10) {
			t.strong++
		}
	case isMail(s):
		t.mails++
	case n <= 2 && len(s) >= 2 && len(s) <= 80:
		t.words++
		if index(s, " ") > 0 {
			t.spaced++
		}
	case n == len(s) && n <= 5:
		t.small++
	case letters(s) > 12:
		if _, _, ok := run(s, 0, 7); ok {
			t.unclear++
		}
	}
}

// isNamed reports whether a name and a colon stand before a number; a label is none.
func isNamed(s []byte) bool {
	colon := index(s, ":")
	if colon < 2 || digits(s[:colon]) > 0 || letters(s[:colon]) < 2 || schemeLen(s) > 0 {
		return false
	}
	var buf [maxNormal]byte
	key := normalise(&buf, s[:colon])
	role, _ := roleOf(key)
	return role == Unused && !is(key, listLabels)
}

// holds says what most of the cells of a column are.
func (t *tally) holds() Role {
	switch {
	case t.filled == 0:
		return Unused
	case t.numbers*10 >= t.filled*6:
		return NumberColumn
	case t.mails*10 >= t.filled*6:
		return EmailColumn
	case t.words*10 >= t.filled*6:
		return FullName
	}
	return Unused
}

// layOut settles delimiter, header row and columns of a table.
func (r *Reader) layOut(text []byte) {
	rest, sep := separator(text)
	if r.options.Delimiter != 0 {
		r.delim = r.options.Delimiter
		r.layout = r.lay(rest, r.delim)
	} else if r.layout == nil && !r.survey(text) {
		r.delim = mostFrequent(text)
		if sep != 0 {
			r.delim = sep
		}
		r.layout = r.lay(rest, r.delim)
	}
	if sep != 0 {
		// "sep=;" is for Excel, not a row.
		skip := len(text) - len(rest)
		switch r.charset {
		case UTF16LE, UTF16BE:
			skip *= 2
		case UTF32LE, UTF32BE:
			skip *= 4
		}
		r.headPos += skip
		r.lineNo++
		r.table.rowAt, r.table.cellAt = r.lineNo, r.lineNo
	}
	t, l := &r.table, r.layout
	t.before, t.early = max(0, l.header), l.early
	t.header, t.width = l.header >= 0, l.usual
	if r.options.Number == "" {
		r.byData(l)
		found := t.header
		for _, role := range t.roles[:] {
			found = found || role == NumberColumn || role == EmailColumn
		}
		if !found {
			t.header = true // to tell what the columns are called, and then fail
		}
		return
	}
	t.early = 0 // only the caller's column counts
	// A column by its number may belong to a table without a header.
	if l.header < 0 {
		t.header = true
		for i := range min(l.usual, surveyColumns) {
			if r.chosen(r.options.Number, i, nil) && l.tally[i].numbers > 0 {
				t.header = false
			}
		}
	}
	r.byData(l)
	if t.header {
		return
	}
	for i := range min(l.usual, surveyColumns) {
		if t.roles[i] == NumberColumn || t.roles[i] == EmailColumn {
			t.roles[i] = Unused
		}
		if r.chosen(r.options.Number, i, nil) {
			t.roles[i] = NumberColumn
		}
		if r.options.Name != "" && r.chosen(r.options.Name, i, nil) {
			t.roles[i] = FullName
		}
	}
}

// byData gives columns the roles that their cells have; a header may know better.
func (r *Reader) byData(l *layout) {
	t := &r.table
	name := -1 // the first column of words, sooner one of several words each
	for i := range surveyColumns {
		c := &l.tally[i]
		switch role := c.holds(); role {
		case NumberColumn, EmailColumn:
			t.roles[i], t.byData[i] = role, true
		case FullName:
			if name < 0 || 2*l.tally[name].spaced < l.tally[name].filled && 2*c.spaced >= c.filled {
				name = i
			}
		}
	}
	if name >= 0 {
		t.roles[name], t.byData[name] = FullName, true
	}
}

// separator cuts Excel's "sep=;" line off the head.
func separator(text []byte) ([]byte, byte) {
	l, rest := nextLine(text)
	l = trim(l)
	if len(l) == 5 && hasPrefix(l, "sep=") {
		if len(rest) > 0 && rest[0] == '\n' {
			rest = rest[1:]
		}
		return rest, l[4]
	}
	return text, 0
}

// mostFrequent is the last resort for a table that the caller says is one.
func mostFrequent(text []byte) byte {
	var n [len(delimiters)]int
	best := 0
	for _, c := range text {
		for i := range len(delimiters) {
			if c == delimiters[i] {
				n[i]++
			}
		}
	}
	for i := range n {
		if n[i] > n[best] {
			best = i
		}
	}
	return delimiters[best]
}
