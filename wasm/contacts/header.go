package contacts

// HeaderKey returns the form in which headers, labels and keys are compared: two
// that differ in case, accents or punctuation alone have the same.
func HeaderKey(header string) string {
	var buf [maxNormal]byte
	return string(normalise(&buf, []byte(header)))
}

// roleOf says what a column with this normalised header holds.
func roleOf(s []byte) (Role, Label) {
	if len(s) < 3 {
		return Unused, NoLabel
	}
	switch {
	case among(unnumbered(s), countryExact):
		return CountryColumn, NoLabel
	case among(unnumbered(s), areaExact):
		return AreaColumn, NoLabel
	case among(s, givenExact):
		return GivenName, NoLabel
	case among(s, familyExact):
		return FamilyName, NoLabel
	case among(s, middleExact):
		return MiddleName, NoLabel
	case among(s, fullExact):
		return FullName, NoLabel
	case among(s, nickExact):
		return Nickname, NoLabel
	case among(s, companyExact):
		return Company, NoLabel
	}
	if has(s, mailWords) && !has(s, mailNot) {
		switch {
		case has(s, typeWords):
			// Google's "E-mail 1 - Type" is a label; Outlook's "E-mail Type"
			// says SMTP. "E-mail 2 Type" may be either: see endCell.
			if index(s, " e mail ") == 0 && numbered(s) && has(s, " type | label ") {
				return EmailLabel, NoLabel
			}
			return Unused, NoLabel
		case has(s, nameWords):
			return Unused, NoLabel
		}
		l := labelOf(s)
		if l != Home && l != Work {
			l = NoLabel
		}
		return EmailColumn, l
	}
	if has(s, telexWords) {
		return Unused, NoLabel
	}
	if index(s, " phone ") == 0 && numbered(s) && (has(s, " type | label ")) {
		return NumberLabel, NoLabel
	}
	if among(s, numberExact) {
		return NumberColumn, labelOf(s)
	}
	if has(s, phoneNot) {
		return Unused, NoLabel
	}
	if has(s, phoneWords) || has(s, faxWords) || has(s, pagerWords) || has(s, cellHeader) {
		return NumberColumn, labelOf(s)
	}
	return Unused, NoLabel
}

// headerBelow looks at a row of a table that has no number and no address. Where tables
// were put one below the other it is the header of the next, perhaps with another
// delimiter, or the same once more: then it reports true. Or a number stands where
// none is read: then the row is told.
func (r *Reader) headerBelow() bool {
	t := &r.table
	raw := t.raw[:t.rawN]
	if h := hash(raw); h != t.heading {
		const tried = "\x00" + delimiters
		is, delim := false, byte(0)
		t.stray = false
		for i := 0; !is && (i == 0 || t.column == 1 && i < len(tried)); i++ {
			delim = tried[i]
			is = r.headers(raw, delim, false)
		}
		if !is || r.options.Number != "" {
			if t.stray {
				r.problem(BadLine, t.rowAt)
			}
			return false
		}
		if delim != 0 {
			r.delim = delim
		}
		clear(t.roles[:])
		clear(t.byData[:])
		r.layout.text = nil
		r.headers(raw, delim, true)
		t.heading = h
		r.endHeader()
	}
	if r.open {
		r.open = false
		r.people--
	}
	for i := range r.items[:r.count] {
		it := &r.items[i]
		if it.person = 0; it.kind != Problem {
			it.kind = itemGroupLabel // it was none
		}
	}
	return true
}

// headers reports whether a row is a header: it has words of headers for names and for
// values and no digits, and it is nothing else or has eight of them, four where it is
// not as wide as the table. With take its cells say what the columns are. A number in a
// cell that is not read, or is a name, is stray.
//
//go:noinline
func (r *Reader) headers(raw []byte, delim byte, take bool) bool {
	t := &r.table
	known, filled, cells, odd := 0, 0, 0, 0
	values, names := false, false
	for ; len(raw) > 0 && cells < MaxColumns; cells++ {
		n := 0
		for n < len(raw) && raw[n] != delim {
			n++
		}
		s := unquote(raw[:n])
		raw = raw[min(n+1, len(raw)):]
		if len(s) == 0 {
			continue
		}
		filled = cells + 1
		if digits(s) > 2 {
			odd = MaxColumns * 4
			from, to, ok := run(s, 0, 7)
			t.stray = t.stray || ok && !isDay(s[from:to]) &&
				(t.header || cells >= t.width || t.column == 1 && t.width > 1 || t.roles[cells] >= FullName && t.roles[cells] <= Company)
		}
		if odd > 3*known+16 || filled == 1 && len(raw) == 0 || t.looked > 1<<14 && !t.gap {
			continue // one cell is none; and there may be many such rows
		}
		t.looked++
		role, label := r.headerRole(s)
		if take {
			t.roles[cells], t.labels[cells] = role, label
		}
		if role != Unused {
			known++
		} else {
			odd++
		}
		values = values || role == NumberColumn || role == EmailColumn
		names = names || role >= FullName && role <= Company
	}
	if take {
		t.width = cells
	}
	return odd <= 3*known+16 && values && names && (known == filled && (filled == cells || t.gap) || known >= 8 || known >= 4 && cells != t.width)
}

// unnumbered cuts the number off the end of a header, as of "area code 2".
func unnumbered(s []byte) []byte {
	if n := len(s); n > 4 && '0' <= s[n-2] && s[n-2] <= '9' && s[n-3] == ' ' {
		return s[:n-2]
	}
	return s
}

// numbered reports whether the second or third word is a number, as in
// "phone 1 value" and "e mail 2 label".
func numbered(s []byte) bool {
	for i := 1; i+1 < len(s); i++ {
		if s[i] == ' ' && '0' <= s[i+1] && s[i+1] <= '9' {
			return true
		}
	}
	return false
}
