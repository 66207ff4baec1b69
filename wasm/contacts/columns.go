package contacts

// headerCell reads a cell of the header row and reports it as a Column.
func (r *Reader) headerCell(col int, s []byte) {
	t := &r.table
	if col >= MaxColumns {
		if col == MaxColumns {
			r.problem(TooManyColumns, t.rowAt)
		}
		return
	}
	text := r.text(s, t.cellAt)
	key := normalise(&r.normal, text.of(r.arena[:]))
	role, label := roleOf(key)
	if r.legacy.Foreign() && rawPhone(s, r.legacy) {
		role, label = NumberColumn, NoLabel
	}
	if col < surveyColumns {
		role, label = r.layout.tally[col].correct(role, label, key)
	}
	if r.options.Number != "" {
		chosen := r.chosen(r.options.Number, col, key)
		if chosen {
			if role != NumberColumn {
				label = NoLabel
			}
			role, t.wanted = NumberColumn, true
		} else if role == NumberColumn || role == NumberLabel || role == EmailColumn || role == EmailLabel {
			role = Unused
		}
	}
	if r.options.Name != "" {
		if r.chosen(r.options.Name, col, key) {
			role = FullName
		} else if role >= FullName && role <= Company {
			role = Unused
		}
	}
	if role != Unused || r.options.Number != "" && t.roles[col] < FullName || r.options.Name != "" && t.roles[col] >= FullName {
		t.roles[col], t.labels[col], t.byData[col] = role, label, false
	} else if t.byData[col] {
		if l := labelOf(key); l != Other {
			t.labels[col] = l
		}
		t.never[col] = has(key, notNumbers)
	}
	r.add(item{kind: Column, role: t.roles[col], line: t.cellAt, text: text, group: uint32(col)})
	r.room()
}

// notNumbers are words of headers whose columns hold digits that are no telephone
// number.
const notNumbers = " created | modified | updated |timestamp|barcode| ean | sku | serial | id | no | nr | uid | code | zip | plz | postal | postleitzahl | birth|geburt| date | datum | fecha | data | année| year | jahr |" +
	" amount | price | preis | betrag | total | balance | iban | bic | account | konto | card | order | bestell| invoice | rechnung | kundennummer | customer no |" +
	" tax | steuer | vat | ust | ssn | passport | pass | ausweis | dni | cpf | cnpj | pesel | nip | inn | latitude | longitude | lat | lng | lon | ip | isbn | serial | version | time | zeit |" +
	" address | adresse | street | strasse | haus"

// correct is the role of a column whose header says one thing and its cells
// another.
func (t *tally) correct(role Role, label Label, key []byte) (Role, Label) {
	switch {
	case role >= FullName && role <= Company && t.filled > 0 && t.strong*10 >= t.filled*6:
		return NumberColumn, labelOf(key) // "Contact", and numbers in it
	case role == NumberColumn && t.filled > 1 && t.small == t.filled:
		return Unused, NoLabel // "Number": of the row
	case role == NumberColumn && t.filled > 0 && t.numbers == 0 && t.mails == t.filled:
		return EmailColumn, NoLabel
	}
	return role, label
}

// chosen reports whether an option names the column by header or position.
func (r *Reader) chosen(option string, col int, key []byte) bool {
	n := 0
	for i := 0; i < len(option); i++ {
		if option[i] < '0' || option[i] > '9' || i > 3 {
			n = -1
			break
		}
		n = n*10 + int(option[i]-'0')
	}
	if n > 0 {
		return n == col+1
	}
	n = copy(r.cell[:maxNormal], option)
	option = alias(normalise(&r.key, r.cell[:n]))
	return same(key, option)
}

// endHeader decides between what the headers say and what the cells in the
// head of the file showed.
func (r *Reader) endHeader() {
	t := &r.table
	if r.options.Number != "" {
		if !t.wanted {
			r.fail(NoSuchColumn, "")
		}
		return
	}
	// What the cells showed counts where the headers name nothing of the kind,
	// or could not be read. Numbers that cannot be anything else count beside those
	// that a header names.
	values, names := false, false
	for i := range t.roles[:] {
		if !t.byData[i] {
			values = values || t.roles[i] == NumberColumn || t.roles[i] == EmailColumn
			names = names || t.roles[i] >= FullName && t.roles[i] <= Company
		}
	}
	found := false
	for i := range t.roles[:] {
		role := t.roles[i]
		if t.byData[i] && !r.legacy.Foreign() {
			switch {
			case role == FullName && names, role == EmailColumn && values && i >= surveyColumns:
				role = Unused
			case role == NumberColumn && (values || names) && (t.never[i] || i >= surveyColumns || !r.layout.tally[i].surely()):
				role = Unused
			}
			t.roles[i] = role
		}
		found = found || role == NumberColumn || role == EmailColumn
	}
	r.settleNames()
	t.areas = t.orderAreas()
	if !found {
		r.fail(NoNumberColumn, "")
		return
	}
	for i := range r.items[:r.count] {
		if it := &r.items[i]; it.kind == Column {
			it.role = t.roles[it.group]
		}
	}
	r.flush()
}

// orderAreas says whose the area codes are: one column's are those of all numbers of
// the row; of several each has its number, before it if the last one has.
func (t *table) orderAreas() areaOrder {
	columns, last := 0, NumberColumn
	for _, role := range t.roles[:] {
		switch role {
		case AreaColumn:
			columns++
			last = role
		case NumberColumn:
			last = role
		}
	}
	switch {
	case columns == 1:
		return areaOfAll
	case last == AreaColumn:
		return areaBehind
	}
	return areaBefore
}

// surely reports whether the cells of a column can be nothing but numbers.
func (t *tally) surely() bool { return t.filled > 0 && t.strong*10 >= t.filled*8 }

// settleNames decides what a column called "Name" is beside one for a part of it:
// in "Name, Vorname" and "Name, Surname" it is the other part, unless its cells
// hold the whole.
func (r *Reader) settleNames() {
	t := &r.table
	full, given, family, second := -1, -1, -1, -1
	for i, role := range t.roles[:] {
		switch {
		case t.byData[i]:
		case role == FullName && full < 0:
			full = i
		case role == GivenName && given < 0:
			given = i
		case role == FamilyName && family < 0:
			family = i
		case role == FamilyName && i == family+1:
			second = i
		}
	}
	if second >= 0 && full < 0 && given < 0 {
		t.roles[family] = GivenName // "Nom, Cognoms"
		return
	}
	if full < 0 || given >= 0 == (family >= 0) {
		return
	}
	part := max(given, family)
	if r.contains(full, part) {
		return
	}
	if given >= 0 {
		t.roles[full] = FamilyName
	} else {
		t.roles[full] = GivenName
	}
}

// contains reports whether the cells of one column mostly hold those of another,
// as far as the head shows.
func (r *Reader) contains(whole, part int) bool {
	text := r.layout.text
	if text == nil {
		return false
	}
	rows, within := 0, 0
	for at, row := range r.layout.rows {
		if at <= r.layout.header || whole >= len(row) || part >= len(row) {
			continue
		}
		w, p := unquote(text[row[whole].off:row[whole].end]), unquote(text[row[part].off:row[part].end])
		if len(w) == 0 || len(p) == 0 {
			continue
		}
		rows++
		if len(w) > len(p) && index(w, alias(p)) >= 0 {
			within++
		}
	}
	return rows > 0 && within*10 >= rows*6
}
