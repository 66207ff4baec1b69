package audit

// judge says how sure it is that a sequence is the number, none for not at all.
func (s *scan) judge(l *layer, q *sequence, e *decimal, n int) Certainty {
	p := l.p
	from, to := q.group[q.n-1].from, q.group[0].to
	plus := from > 0 && p[from-1] == '+'
	left := from
	if plus {
		left--
	}
	if q.n == 1 && !plus && uuid(p, from) {
		return none
	}
	bounded := plus && e.form.withCode() || counted(p, left, to) || (left == 0 || !glued(l, left-1)) && (to == len(p) || !glued(l, to) || q.n > 1 && extension(p, to))
	if from == left && left > 1 && p[left-1] == '.' && isDigit(p[left-2]) && q.n == 1 {
		return none // behind a decimal point
	}

	// Groups that go on make it another number.
	long := q.n == 1 && e.form.withCode() && n >= 11
	if !plus && e.form != dialled {
		if c := s.leftOf(p, q, from, n, long); c == none {
			return none
		} else if c == Possible {
			bounded = false
		}
	}
	if c := s.rightOf(p, q, to, n, long); c == none {
		return none
	} else if c == Possible {
		bounded = false
	}

	thousands := false
	if q.n > 1 {
		switch c := s.punctuation(l, q, e.form, plus); c {
		case none:
			return none
		case Possible:
			thousands = true
		}
	}
	if !bounded {
		return Possible
	}
	if e.form == reversed || plus && !e.form.withCode() { // behind a plus stands a calling code
		return Possible
	}
	if thousands && !s.telling(l, from) {
		return Possible
	}
	switch {
	case e.form.withCode() && (plus || e.form == dialled || n >= 10):
		return Certain
	case e.form.withCode() && (n == 9 || s.telling(l, from)):
		return Likely
	}
	if e.form.withCode() {
		return Possible
	}
	switch s.split(l, from, to, s.b.numbers[e.of].code) {
	case splitSame:
		return Certain
	case splitOther:
		return none
	}
	switch {
	case n >= 9, e.form == national0 && n >= 8:
		return Likely
	case n == 8 && s.telling(l, from):
		return Likely
	}
	return Possible
}

// uuid reports whether one of the groups of a UUID (RFC 9562 section 4) begins at
// a place.
func uuid(p []byte, at int) bool {
	const form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
next:
	for _, group := range [...]int{0, 9, 14, 19, 24} {
		from := at - group
		if from < 0 || from+len(form) > len(p) {
			continue
		}
		for i, c := range p[from : from+len(form)] {
			if (form[i] == '-') != (c == '-') || c != '-' && hexValues[c] > 15 {
				continue next
			}
		}
		return true
	}
	return false
}

// glued reports whether the byte at i belongs to the same word as the digits
// beside it. Letters beyond ASCII do not: many scripts have no spaces.
func glued(l *layer, i int) bool { return isAlnum(l.p[i]) }

// counted reports whether digits are as long as the byte before them says: a
// string of CBOR, MessagePack, Thrift, Avro (in zigzag) or Java, behind which
// anything may stand.
func counted(p []byte, from, to int) bool {
	if from == 0 || to-from > 23 {
		return false
	}
	n := byte(to - from)
	switch c := p[from-1]; c {
	case '\n', '\r':
		return c == n && from > 1 && p[from-2] == 0
	case n, 2 * n, 0x60 + n, 0xa0 + n:
		return true
	}
	return false
}

// extension reports whether an x and up to six digits stand at a place.
func extension(p []byte, i int) bool {
	if lower(p[i]) != 'x' {
		return false
	}
	to := i + 1
	for to < len(p) && isDigit(p[to]) {
		to++
	}
	return to-i > 1 && to-i <= 7 && (to == len(p) || !isAlnum(p[to]))
}

// leftOf looks at what stands to the left of a sequence.
func (s *scan) leftOf(p []byte, q *sequence, from, n int, long bool) Certainty {
	gap := from
	for gap > 0 && from-gap < 4 && separator(p[gap-1]) {
		gap--
	}
	if gap == from || gap == 0 || !isDigit(p[gap-1]) {
		return Certain
	}
	start := gap
	for start > 0 && gap-start < 20 && isDigit(p[start-1]) {
		start--
	}
	count := gap - start
	if start > 0 && p[start-1] == '+' {
		if n+count > 17 {
			return Certain // another number, in a list
		}
		return none // behind another calling code
	}
	if n+count > 17 || start > 0 && isLetter(p[start-1]) && q.n == 1 && p[from-1] == ' ' {
		return Certain
	}
	space := p[from-1] == ' ' && from-gap == 1
	if q.n == 1 && space {
		if long || count > 4 {
			return Certain
		}
		if count <= 3 || p[start] == '0' && p[start+1] == '0' {
			return none // a calling code without plus
		}
		return Possible
	}
	if long && q.n == 1 {
		return Possible
	}
	return none
}

// rightOf looks at what stands to the right of a sequence.
func (s *scan) rightOf(p []byte, q *sequence, to, n int, long bool) Certainty {
	gap := to
	for gap < len(p) && gap-to < 3 && separator(p[gap]) {
		gap++
	}
	if gap == to || gap == len(p) || !isDigit(p[gap]) {
		return Certain
	}
	end := gap
	zeros := true
	for end < len(p) && end-gap < 20 && isDigit(p[end]) {
		zeros = zeros && p[end] == '0'
		end++
	}
	count := end - gap
	if gap-to == 1 && count <= 6 && (p[to] == '#' || p[to] == ':' && end < len(p) && p[end] == '@') {
		return Certain // an extension, or a device of a WhatsApp address
	}
	if gap-to == 1 && p[to] == '.' && q.n == 1 {
		if zeros {
			return Certain // 441134960654.0
		}
		return none
	}
	if n+count > 17 {
		return Certain
	}
	if q.n == 1 && p[to] == ' ' && gap-to == 1 {
		return Certain // whoever writes no groups begins none either
	}
	if long && q.n == 1 {
		return Possible
	}
	return none
}

// punctuation judges what stands between the groups of a sequence: none if it
// makes them something else than a number, Possible if it may.
func (s *scan) punctuation(l *layer, q *sequence, f form, plus bool) Certainty {
	p := l.p
	sure := plus || f == dialled || f == national0 || f == trunked // something else shows that it is a phone number
	named := !sure && s.named(l, q.group[q.n-1].from)
	last := q.n - 1                                                         // the first group in the text
	gap := func(i int) []byte { return p[q.group[i].to:q.group[i-1].from] } // behind group i
	free := 1
	if f.withCode() {
		free = 2
	}
	// One kind of mark parts the groups, or one the first of them and another the
	// rest. Behind a plus, or a key that says phone, it may be any.
	kind, kinds := "", 0
	for i := last; i > 0; i-- {
		g := gap(i)
		if hasByte(g, '(') || hasByte(g, ')') {
			continue
		}
		if last-i < free && i > 1 && q.n > 2 {
			continue
		}
		if kinds == 0 || kind != string(g) {
			kind = string(g)
			kinds++
		}
	}
	if kinds > 1 && !(sure && f.withCode()) && (kinds > 2 || !sure && !s.telling(l, q.group[last].from)) && !named && !s.named(l, q.group[last].from) {
		return none
	}
	size := func(i int) int { return q.group[i].to - q.group[i].from }
	first := gap(last)
	if string(first) == "." && (q.n == 2 && size(last) == 1 && !plus || !sure && !named && (q.n == 2 || f.withCode() && size(last) < 2)) {
		return none // a decimal fraction, or a version
	}
	if q.n == 2 && string(first) == "-" && size(1) == 5 && size(0) == 4 && !sure {
		return none // ZIP+4
	}
	if q.n == 4 && !sure {
		address := true
		for i := range q.n {
			v := 0
			for _, c := range p[q.group[i].from:q.group[i].to] {
				v = min(v*10+int(c-'0'), 1000)
			}
			address = address && v <= 255 && (i == 0 || string(gap(i)) == ".")
		}
		if address {
			return none
		}
	}
	if sure {
		return Certain
	}
	thousands := size(last) <= 3
	for i := range last {
		thousands = thousands && size(i) == 3 && string(gap(i+1)) == string(first)
	}
	if thousands && len(first) == 1 {
		if first[0] == ' ' && (size(last) == 3 || named) || first[0] == '.' && named {
			return Possible // as some write thousands, and Spain its numbers
		}
		if first[0] == '.' || first[0] == ' ' || first[0] == '_' || first[0] == '\'' {
			return none
		}
	}
	return Certain
}
