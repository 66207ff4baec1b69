package audit

// groups goes over the digit groups of a word.
func (s *scan) groups(l *layer, from, to int) {
	p := l.p
	d := &s.digits
	for i := from; i < to; {
		if !isDigit(p[i]) {
			i++
			continue
		}
		if gap := i - d.end; gap > 3 {
			d.count = 0
		} else {
			for _, c := range p[d.end:i] {
				if isAlnum(c) || c == ',' || c == '"' {
					d.count = 0
				}
			}
		}
		tail, n, start := d.tail, d.count, i
		for ; i < to && isDigit(p[i]); i++ {
			tail = tail<<4 | uint64(p[i]-'0')
			n++
		}
		d.tail, d.count, d.end = tail, n, i
		if n >= 7 {
			if h := endingHash(tail); s.b.ending[h>>6]>>(h&63)&1 != 0 {
				s.number(l, i)
			}
			if n >= 16 && i-start >= 16 && i-start <= 20 {
				s.digestDecimal(l, start, i)
			}
		}
		// Fields of a record: what a letter stands beside is part of a name.
		if size := i - start; size <= 10 && (start == 0 || classes[p[start-1]]&(clsLetter|clsHex) == 0) {
			d.all = d.all<<(4*uint(size)) | tail&(1<<(4*uint(size))-1)
			if h := endingHash(d.all); n == size && s.b.ending[h>>6]>>(h&63)&1 != 0 {
				s.fields3(l, i)
			}
		}
		if i < len(p) && p[i]|0x20 == 'e' {
			s.exponent(l, i)
		}
	}
}

// digestDecimal looks whether digits are 8 bytes of a digest as an integer, with a
// sign or without.
func (s *scan) digestDecimal(l *layer, from, to int) {
	p := l.p
	v := uint64(0)
	for _, c := range p[from:to] {
		next := v*10 + uint64(c-'0')
		if v > 1<<64/10 || next < v {
			return
		}
		v = next
	}
	if from > 0 && p[from-1] == '-' {
		from--
		v = -v
	}
	if (from == 0 || !isAlnum(p[from-1]) && p[from-1] != '.') && (to == len(p) || !isAlnum(p[to]) && p[to] != '.') {
		s.digestInteger(l, span{from, to}, v)
	}
}

// longGroups looks at the groups of digits in a long word with letters: those of
// seven digits or more, with the marks between them, and those at its ends, which
// may go on beyond them.
//
//go:noinline
func (s *scan) longGroups(l *layer, from, to int) {
	p := l.p
	grouped := func(i int) bool { return classes[p[i]]&(clsDigit|clsSpecial) != 0 }
	first, last := from, to
	for first < to && grouped(first) {
		first++
	}
	for last > first && grouped(last-1) {
		last--
	}
	s.groups(l, from, first)
	for i := first + 6; i < last; i += 7 { // of seven in a row, one is here
		if !isDigit(p[i]) && (!grouped(i) || !isDigit(p[i-1]) && !isDigit(p[i+1])) {
			continue
		}
		start, end := i, i+1
		for start > first && grouped(start-1) {
			start--
		}
		for end < last && grouped(end) {
			end++
		}
		s.groups(l, start, end)
		i = max(i, end-1)
	}
	s.groups(l, last, to)
}

// A number has at most this many groups of digits that are looked at.
const maxGroups = 16

// sequence is groups of digits, from the last to the first.
type sequence struct {
	group [maxGroups]span
	n     int
}

// number looks whether groups of digits that end at a place are a spelling of a
// number, the longest that is.
//
//go:noinline
func (s *scan) number(l *layer, end int) {
	p := l.p
	var q sequence
	value, power, n := uint64(0), uint64(1), 0
	best, bestN := 0, 0
	var bestValue uint64
	for i := end; q.n < maxGroups; {
		to := i
		for i > 0 && isDigit(p[i-1]) {
			i--
			if n++; n > 19 {
				break
			}
			value += power * uint64(p[i]-'0')
			power *= 10
		}
		if n > 19 || i == to {
			break
		}
		q.group[q.n] = span{i, to}
		q.n++
		if n >= 7 && s.b.decimals.has(value, uint8(n)) {
			best, bestN, bestValue = q.n, n, value
		}
		gap := i
		for gap > 0 && i-gap < 3 && separator(p[gap-1]) {
			gap--
		}
		if gap == i || gap == 0 || !isDigit(p[gap-1]) {
			break
		}
		i = gap
	}
	if best == 0 {
		return
	}
	q.n = best
	s.b.decimals.each(bestValue, uint8(bestN), func(e *decimal) {
		at := span{q.group[q.n-1].from, end}
		if c := s.judge(l, &q, e, bestN); c != none {
			if at.from > 0 && p[at.from-1] == '+' {
				at.from--
			}
			if at.from > 0 && p[at.from-1] == '(' && hasByte(p[at.from:end], ')') {
				at.from--
			}
			s.put(l, at, e.of, Number, c, e.form, "")
		}
	})
}

// fields3 looks whether digits that end at a place are, with those of one to three
// fields before it, a number: calling code, area and the rest of it.
func (s *scan) fields3(l *layer, end int) {
	p := l.p
	var group [4]span
	count, n := 0, 0
	value, power := uint64(0), uint64(1)
	for i := end; count < len(group); {
		to := i
		for i > 0 && isDigit(p[i-1]) && n < 19 {
			i--
			n++
			value += power * uint64(p[i]-'0')
			power *= 10
		}
		if i > 0 && (isAlnum(p[i-1]) || p[i-1] == '.') || to < len(p) && (isAlnum(p[to]) || p[to] == '.' && to+1 < len(p) && isDigit(p[to+1])) {
			return
		}
		group[count] = span{i, to}
		if count++; count > 1 && n >= 9 && s.b.decimals.has(value, uint8(n)) {
			if s.joined(l, group[:count], value, n) {
				return
			}
		}
		// The field before, of the same record.
		stop := max(0, i-48)
		for i > stop && (!isDigit(p[i-1]) || i > 1 && (isLetter(p[i-2]) || p[i-2] == '_')) {
			if c := p[i-1]; c == '{' || c == '}' || c == '[' || c == ']' || c == '\n' && recordEnds(p, i-1) {
				return
			}
			i--
		}
		if i == stop {
			return
		}
	}
}

// joined judges digits of several fields, from the last to the first, that are a
// spelling of a number together: their names have to say what they are. It reports
// whether they do.
func (s *scan) joined(l *layer, group []span, value uint64, n int) bool {
	p := l.p
	from, to := group[len(group)-1].from, group[0].to
	names := p[max(0, from-40):to]
	told := 0
	for _, g := range group {
		if key := keyBefore(p, g.from); anyWord(key, keywords) || anyWord(key, codeKeys) || anyWord(key, lineKeys) {
			told++
		}
	}
	if s.listed(l, group) {
		told = len(group)
	}
	if told < 2 || len(group) == 2 && !anyWord(names, keywords) && !anyWord(names, lineKeys) {
		return false
	}
	s.b.decimals.each(value, uint8(n), func(e *decimal) {
		c := Certain
		if !e.form.withCode() {
			c = Likely
			switch s.split(l, from, to, s.b.numbers[e.of].code) {
			case splitSame:
				c = Certain
			case splitOther:
				return
			}
		}
		if e.form == reversed {
			return
		}
		if from > 0 && p[from-1] == '+' {
			from--
		}
		s.put(l, span{from, to}, e.of, Number, c, e.form, "")
	})
	return true
}

// listed reports whether fields are all there is of a list whose key says phone.
func (s *scan) listed(l *layer, group []span) bool {
	p := l.p
	for i := range group[1:] {
		if !adjacent(trimPlus(p[group[i+1].to:group[i].from])) {
			return false
		}
	}
	from, to := group[len(group)-1].from, group[0].to
	for from > 0 && (p[from-1] <= ' ' || p[from-1] == '"' || p[from-1] == '+' || p[from-1] == '\\') {
		from--
	}
	for to < len(p) && (p[to] <= ' ' || p[to] == '"' || p[to] == '\\') {
		to++
	}
	return from > 0 && p[from-1] == '[' && to < len(p) && p[to] == ']' && s.named(l, from)
}

// trimPlus removes a plus from the end.
func trimPlus(p []byte) []byte {
	if n := len(p); n > 0 && p[n-1] == '+' {
		return p[:n-1]
	}
	return p
}

// exponent looks at a decimal number with an exponent, whose e is at i.
//
//go:noinline
func (s *scan) exponent(l *layer, i int) {
	p := l.p
	j := i + 1
	if j < len(p) && p[j] == '+' {
		j++
	}
	x, k := 0, j
	for ; k < len(p) && k-j < 3 && isDigit(p[k]); k++ {
		x = x*10 + int(p[k]-'0')
	}
	if k == j || x > 18 || k < len(p) && isAlnum(p[k]) {
		return
	}
	// Backwards over the digits before and behind the point.
	from := i
	for from > 0 && i-from < 20 && isDigit(p[from-1]) {
		from--
	}
	point := -1
	if from > 1 && p[from-1] == '.' && isDigit(p[from-2]) {
		point = from - 1
		from -= 2
		for from > 0 && i-from < 22 && isDigit(p[from-1]) {
			from--
		}
	}
	if from > 0 && isAlnum(p[from-1]) {
		return
	}
	value, n, fraction := uint64(0), 0, 0
	for j := from; j < i; j++ {
		if j == point {
			continue
		}
		if n++; n > 19 {
			return
		}
		value = value*10 + uint64(p[j]-'0')
		if point >= 0 && j > point {
			fraction++
		}
	}
	if fraction > x {
		return
	}
	for ; fraction < x; fraction++ {
		if value > 1<<59 {
			return
		}
		value *= 10
	}
	s.integer(l, span{from, k}, value, true)
}

// integer looks up a whole number. whole says that it is one for sure and as
// large as one with a calling code has to be.
func (s *scan) integer(l *layer, at span, value uint64, whole bool) {
	s.b.decimals.each(value, 0, func(e *decimal) {
		c := Possible
		if e.form.withCode() && whole {
			c = Certain
		}
		if c == Possible && s.strict {
			return
		}
		s.put(l, at, e.of, Number, c, e.form, "")
	})
}
