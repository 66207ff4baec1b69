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
	if r.legacy >= GBK && rawPhone(s, r.legacy) {
		role, label = NumberColumn, NoLabel
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
		} else if role >= FullName {
			role = Unused
		}
	}
	if role != Unused || r.options.Number != "" && t.roles[col] < FullName || r.options.Name != "" && t.roles[col] >= FullName {
		t.roles[col], t.labels[col], t.byData[col] = role, label, false
	}
	r.add(item{kind: Column, role: t.roles[col], line: t.cellAt, text: text, group: uint32(col)})
	r.room()
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
			r.fail(NoSuchColumn)
		}
		return
	}
	// What the cells showed counts where the headers name nothing of the kind,
	// or could not be read.
	values, names := false, false
	for i := range t.roles {
		if !t.byData[i] {
			values = values || t.roles[i] == NumberColumn || t.roles[i] == EmailColumn
			names = names || t.roles[i] >= FullName
		}
	}
	found := false
	for i := range t.roles {
		if t.byData[i] && r.legacy < GBK && (values && t.roles[i] < FullName || names && t.roles[i] >= FullName) {
			t.roles[i] = Unused
		}
		found = found || t.roles[i] == NumberColumn || t.roles[i] == EmailColumn
	}
	if !found {
		r.fail(NoNumberColumn)
		return
	}
	for i := range r.items[:r.count] {
		if it := &r.items[i]; it.kind == Column {
			it.role = t.roles[it.group]
		}
	}
	r.flush()
}
