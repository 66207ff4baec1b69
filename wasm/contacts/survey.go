package contacts

// surveyColumns limits what is looked at in the cells of the head.
const surveyColumns = 64

// A view is what one delimiter makes of the head of a table.
type view struct {
	columns int // cells of the first row
	known   int // … whose header has a role
	rows    int // complete rows
	even    int // … with as many cells as the first
	first   [surveyColumns]tally
	later   [surveyColumns]tally
}

// A tally says what was in the cells of a column.
type tally struct{ filled, numbers, mails, words, spaced uint16 }

// survey finds out whether the head is a table, and with which delimiter.
func (r *Reader) survey(text []byte) bool {
	text, delim := separator(text)
	best, score := byte(0), 0
	for _, d := range [...]byte{',', ';', '\t'} {
		if delim != 0 && d != delim {
			continue
		}
		v := &r.view
		v.look(r, text, d)
		s := 0
		if v.known > 0 && (v.columns > 1 || v.rows == 0 || v.even > 0) {
			s = 1000*v.known + v.columns
		} else if v.columns > 1 && v.even*10 >= (v.rows-1)*7 {
			for i := range v.later {
				if role := v.holds(i); role == NumberColumn || role == EmailColumn {
					s = 100 + v.columns
				}
			}
		}
		if s > score {
			best, score = d, s
		}
	}
	r.delim = best
	return best != 0
}

// layOut settles delimiter, header row and columns of a table.
func (r *Reader) layOut(text []byte) {
	if r.options.Delimiter != 0 {
		r.delim = r.options.Delimiter
	} else if r.delim == 0 && !r.survey(text) {
		r.delim = mostFrequent(text)
	}
	rest, sep := separator(text)
	if sep != 0 {
		// "sep=;" is for Excel, not a row.
		skip := len(text) - len(rest)
		if r.charset != UTF8 {
			skip *= 2
		}
		r.headPos += skip
		r.lineNo++
		r.table.rowAt, r.table.cellAt = r.lineNo, r.lineNo
		if r.options.Delimiter == 0 {
			r.delim = sep
		}
	}
	t, v := &r.table, &r.view
	v.look(r, rest, r.delim)
	// The first row is a header if it says something known, or if it holds no
	// number where the rows below do.
	t.header = v.known > 0
	name := -1 // the first column of words, sooner one of several words each
	for i := 0; i < min(v.columns, surveyColumns); i++ {
		role := v.holds(i)
		if role == NumberColumn || role == EmailColumn {
			if v.first[i].filled > 0 && v.first[i].holds() != role {
				t.header = true
			}
		} else if role == FullName {
			if name < 0 || 2*v.later[name].spaced < v.later[name].filled && 2*v.later[i].spaced >= v.later[i].filled {
				name = i
			}
			continue
		} else {
			continue
		}
		t.roles[i], t.byData[i] = role, true
	}
	if name >= 0 {
		t.roles[name], t.byData[name] = FullName, true
	}
	if r.options.Number == "" {
		found := t.header
		for _, role := range t.roles {
			found = found || role == NumberColumn || role == EmailColumn
		}
		if !found {
			t.header = true // to tell what the columns are called, and then fail
		}
		return
	}
	// A column by its number may belong to a table without a header.
	t.header = true
	for i := 0; i < min(v.columns, surveyColumns); i++ {
		if r.chosen(r.options.Number, i, nil) && v.known == 0 && v.first[i].numbers > 0 {
			t.header = false
			for j := range t.roles {
				if t.roles[j] == NumberColumn || t.roles[j] == EmailColumn {
					t.roles[j] = Unused
				}
			}
			t.roles[i] = NumberColumn
			for j := range t.roles {
				if r.options.Name != "" && r.chosen(r.options.Name, j, nil) {
					t.roles[j] = FullName
				}
			}
		}
	}
}

// holds says what a column is by its cells: those below the first row, which
// may be a header, unless there are none.
func (v *view) holds(i int) Role {
	if v.rows <= 1 {
		return v.first[i].holds()
	}
	return v.later[i].holds()
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

// look reads the head as a table with the given delimiter.
func (v *view) look(r *Reader, text []byte, delim byte) {
	v.columns, v.known, v.rows, v.even = 0, 0, 0, 0
	clear(v.first[:])
	clear(v.later[:])
	column, from, filled, quoted := 0, 0, false, false
	for i := 0; i <= len(text); i++ {
		c := byte('\n')
		if i < len(text) {
			c = text[i]
		} else if r.headLen == headSize && v.rows > 0 {
			break // the head cuts this row
		}
		if c == '"' {
			quoted = !quoted
		}
		if i < len(text) && (quoted || c != delim && c != '\n' && c != '\r') {
			continue
		}
		cell := trim(text[from:i])
		from = i + 1
		if n := len(cell); n >= 2 && cell[0] == '"' && cell[n-1] == '"' {
			cell = trim(cell[1 : n-1])
		}
		if len(cell) > 0 {
			filled = true
			v.cell(r, column, cell)
		}
		column++
		if c == delim && i < len(text) {
			continue
		}
		if filled {
			if v.rows == 0 {
				v.columns = column
			}
			if column == v.columns {
				v.even++
			}
			v.rows++
		}
		column, filled = 0, false
	}
	v.even-- // not the first itself
}

// cell counts what a cell is.
func (v *view) cell(r *Reader, column int, s []byte) {
	number, mail := looksNumber(s), isMail(s)
	if v.rows == 0 && !number && !mail && len(s) <= maxNormal {
		n, _ := writeText(r.cell[:], s, r.legacy)
		if role, _ := roleOf(normalise(&r.normal, r.cell[:n])); role != Unused {
			v.known++
		}
	}
	if column >= surveyColumns {
		return
	}
	t := &v.later[column]
	if v.rows == 0 {
		t = &v.first[column]
	}
	t.filled++
	switch {
	case number:
		t.numbers++
	case mail:
		t.mails++
	case digits(s) <= 2 && len(s) >= 2 && len(s) <= 80:
		t.words++
		if index(s, " ") > 0 {
			t.spaced++
		}
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
	var n [3]int
	for _, c := range text {
		switch c {
		case ',':
			n[0]++
		case ';':
			n[1]++
		case '\t':
			n[2]++
		}
	}
	switch {
	case n[2] > n[0] && n[2] > n[1]:
		return '\t'
	case n[1] > n[0]:
		return ';'
	}
	return ','
}
