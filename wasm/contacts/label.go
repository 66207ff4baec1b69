package contacts

// A Label says what a number or address is for.
type Label uint8

const (
	NoLabel Label = iota
	Mobile
	Home
	Work
	Main // the company's or the person's first number
	Fax  // at home or at work
	Pager
	Car
	Assistant
	Other
)

var labelNames = [...]string{"", "mobile", "home", "work", "main", "fax", "pager", "car", "assistant", "other"}

// String gives "mobile", "home" and so on, "" for NoLabel.
func (l Label) String() string { return labelNames[l] }

// A Role is what a column of a table is read as.
type Role uint8

const (
	Unused Role = iota
	NumberColumn
	EmailColumn
	NumberLabel // says what the next NumberColumn is for, as Google's "Phone 1 - Label"
	EmailLabel
	FullName
	GivenName
	MiddleName
	FamilyName
	Nickname
	Company
	CountryColumn // of the row's numbers: a region or a calling code
	AreaColumn    // … their area code
)

var roleNames = [...]string{"", "number", "email", "number label", "email label",
	"name", "given name", "middle name", "family name", "nickname", "company", "country", "area code"}

// String gives "number", "given name" and so on, "" for Unused.
func (r Role) String() string { return roleNames[r] }

// labelOf finds what normalised text says a number is for.
func labelOf(s []byte) Label {
	switch {
	case has(s, faxWords):
		return Fax
	case has(s, pagerWords):
		return Pager
	case has(s, aideWords):
		return Assistant
	case has(s, cellWords):
		return Mobile
	case has(s, carWords):
		return Car
	case has(s, mainWords):
		return Main
	case has(s, workWords):
		return Work
	case has(s, homeWords):
		return Home
	}
	return Other
}

// meaning is labelOf for a label in the file's own words. It remembers the
// last one: a file has few, and uses them often.
//
//go:noinline
func (r *Reader) meaning(text []byte) Label {
	s := normalise(&r.normal, text)
	if r.meantN > 0 && same(s, alias(r.meant[:r.meantN])) {
		return r.meantAs
	}
	r.meantN = copy(r.meant[:], s)
	r.meantAs = labelOf(s)
	return r.meantAs
}

// has reports whether s contains one of the words that | separates.
//
//go:noinline
func has(s []byte, words string) bool {
	var in [4]uint64 // bytes of s: most words have one that is none of them
	for _, c := range s {
		in[c>>6] |= 1 << (c & 63)
	}
	from, missing := 0, false
	for i := 0; i <= len(words); i++ {
		if i < len(words) && words[i] != '|' {
			c := words[i]
			missing = missing || in[c>>6]>>(c&63)&1 == 0
			continue
		}
		if !missing && index(s, words[from:i]) >= 0 {
			return true
		}
		from, missing = i+1, false
	}
	return false
}

// is reports whether s, without the spaces at its ends, is one of the words.
//
//go:noinline
func is(s []byte, words string) bool {
	if len(s) < 2 {
		return false
	}
	s = s[1 : len(s)-1]
	for len(words) > 0 {
		n := 0
		for n < len(words) && words[n] != '|' {
			n++
		}
		if same(s, words[:n]) {
			return true
		}
		words = words[min(n+1, len(words)):]
	}
	return false
}

// among is the same for many words, in order.
//
//go:noinline
func among(s []byte, words string) bool {
	if len(s) < 2 {
		return false
	}
	s = s[1 : len(s)-1]
	for lo, hi := 0, len(words); lo < hi; {
		from := (lo + hi) / 2
		for from > lo && words[from-1] != '|' {
			from--
		}
		to := from
		for to < hi && words[to] != '|' {
			to++
		}
		switch word := words[from:to]; {
		case same(s, word):
			return true
		case alias(s) < word:
			hi = max(from-1, lo)
		default:
			lo = to + 1
		}
	}
	return false
}

// same compares without the copy that TinyGo makes of string(s).
//
//go:noinline
func same(s []byte, t string) bool {
	if len(s) != len(t) {
		return false
	}
	for i, c := range s {
		if c != t[i] {
			return false
		}
	}
	return true
}

// index is bytes.Index for short needles, without its tables.
//
//go:noinline
func index(s []byte, sub string) int {
	if sub == "" {
		return -1
	}
	for i := 0; i+len(sub) <= len(s); i++ {
		if s[i] == sub[0] && same(s[i:i+len(sub)], sub) {
			return i
		}
	}
	return -1
}
