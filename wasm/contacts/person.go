package contacts

import "unicode/utf8"

// person begins a person unless one is open.
//
//go:noinline
func (r *Reader) person() {
	if !r.open {
		r.open = true
		r.people++
		r.clearName()
		r.country = country{}
	}
}

// endPerson closes the open person and hands out what it has.
//
//go:noinline
func (r *Reader) endPerson() {
	r.flush()
	r.open = false
}

//go:noinline
func (r *Reader) clearName() {
	r.name = [parts]span{}
	r.namesN = 0
}

// flush hands out the items that wait, with the name as far as it is known.
//
//go:noinline
func (r *Reader) flush() {
	if r.count == 0 {
		return
	}
	if r.open {
		r.compose()
	}
	r.ready = true
}

// room flushes in the middle of a person that has more than there is room for.
func (r *Reader) room() {
	if r.count >= itemsFull || r.used >= arenaFull {
		r.flush()
	}
}

// add puts an item in line. Nobody can overrun the arrays: room is checked
// after each cell and property, and these are limited in size.
//
//go:noinline
func (r *Reader) add(it item) {
	if r.count < maxItems {
		r.items[r.count] = it
		r.count++
	}
}

// problem reports a code about a line.
//
//go:noinline
func (r *Reader) problem(c Code, line uint32) {
	it := item{kind: Problem, code: c, line: line}
	if r.open {
		it.person = r.people
	}
	r.add(it)
	if !r.open {
		r.flush()
	} else {
		r.room()
	}
}

// fail ends the reading, behind the columns of a table that were read; what says
// what the file is, where that is known.
//
//go:noinline
func (r *Reader) fail(c Code, what string) {
	if r.archive.inside {
		r.refuse(c, what)
		return
	}
	r.fatal, r.stage, r.open = c, refused, false
	r.problem(c, 1)
	r.say(what)
}

// say gives the problem that was told last a text of our own.
func (r *Reader) say(what string) {
	if r.count == 0 || len(what) == 0 {
		return
	}
	from := r.used
	r.used += copy(r.arena[from:], what)
	r.items[r.count-1].text = span{uint32(from), uint32(r.used)}
}

// value adds a number or an address. False means that it is empty.
//
//go:noinline
func (r *Reader) value(k Kind, l Label, raw []byte, line uint32, note span, group uint32) bool {
	raw = trim(raw)
	if len(raw) == 0 {
		return false
	}
	r.person()
	for _, c := range raw {
		if c == 0 {
			r.problem(BinaryLine, line)
			return true
		}
	}
	s := r.text(raw, line)
	if s.off == s.end {
		return false
	}
	r.add(item{kind: k, label: l, country: r.country, person: r.people, line: line, text: s, note: note, group: group})
	return true
}

// text puts a text into the arena.
//
//go:noinline
func (r *Reader) text(raw []byte, line uint32) span {
	r.settleLegacy(raw, line)
	raw = r.quoteArchived(raw)
	from := r.used
	n, ok := writeText(r.arena[from:], raw, r.legacy)
	r.used += n
	if !ok {
		r.unreadable(line)
	}
	return span{uint32(from), uint32(from + n)}
}

// unreadable reports the first text in an encoding without a table here.
func (r *Reader) unreadable(line uint32) {
	if !r.warned {
		r.warned = true
		if r.legacy >= singleBytes {
			r.foreign = r.legacy
		}
		r.problem(UnreadableCharset, line)
	}
}

// setName sets a part of the name; the first one wins.
//
//go:noinline
func (r *Reader) setName(part int, raw []byte, line uint32) {
	raw = trim(raw)
	if len(raw) == 0 {
		return
	}
	r.person()
	if r.name[part].end != r.name[part].off {
		return
	}
	for _, c := range raw {
		if c == 0 {
			r.problem(BinaryLine, line)
			return
		}
	}
	r.settleLegacy(raw, line)
	raw = r.quoteArchived(raw)
	from := r.namesN
	n, ok := writeText(r.names[from:from+MaxName], raw, r.legacy)
	n = plainName(r.names[from : from+n])
	r.namesN += n
	r.name[part] = span{uint32(from), uint32(r.namesN)}
	if !ok {
		r.unreadable(line)
	}
	if len(raw) > MaxName {
		r.problem(ValueTooLong, line)
	}
}

// plainName takes marks of direction out of a name, and undoes what a program did that
// took bytes of UTF-8 for letters; it returns the length.
func plainName(s []byte) int {
	if twiceUTF8(s) {
		s = s[:copy(s, fromLatin(s))]
	}
	n := 0
	for i := 0; i < len(s); {
		u, size := utf8.DecodeRune(s[i:])
		if !isDirection(u) {
			n += copy(s[n:], s[i:i+size])
		}
		i += size
	}
	return n
}

// compose makes the name to show: the full one, or the parts in the order of
// their script, or a nickname, or the company.
func (r *Reader) compose() {
	r.wholeN = 0
	put := func(part int, sep bool) {
		s := r.name[part].of(r.names[:])
		if len(s) == 0 {
			return
		}
		if sep && r.wholeN > 0 {
			r.whole[r.wholeN] = ' '
			r.wholeN++
		}
		r.wholeN += copy(r.whole[r.wholeN:], s)
	}
	put(partFull, false)
	if r.wholeN > 0 {
		return
	}
	if eastAsian(r.name[partFamily].of(r.names[:])) && eastAsian(r.name[partGiven].of(r.names[:])) {
		put(partFamily, false)
		put(partGiven, false)
		return
	}
	put(partGiven, true)
	put(partMiddle, true)
	put(partFamily, true)
	if r.wholeN == 0 {
		put(partNick, true)
	}
	if r.wholeN == 0 {
		put(partCompany, true)
	}
}

// eastAsian reports whether a text begins with a Chinese, Japanese or Korean
// letter: the lead bytes E3–ED of UTF-8 hold them, F3 those that are quoted.
func eastAsian(s []byte) bool { return len(s) > 0 && (0xe3 <= s[0] && s[0] <= 0xed || s[0] == 0xf3) }
