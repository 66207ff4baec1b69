// Package short knows the numbers that exist inside one region alone: those of
// emergency services, and the short ones of directory enquiries, operators and
// text services. Nobody can be called there from abroad, and none of them is a
// number to package number: "911" read in US becomes +1911, which is not valid,
// and a few become another subscriber's number. Who reads people's contacts
// asks here first.
//
// It answers as libphonenumber's ShortNumberInfo does (isEmergencyNumber, and
// isValidShortNumberForRegion), with the same metadata as package number. The
// two share no code: this one is in contacts.wasm, that one in core.wasm.
//
// tables.go keeps libphonenumber's patterns as texts, in a grammar without
// blanks:
//
//	pattern  = sequence { "|" sequence }
//	sequence = { atom [ "?" | "{" digit "}" | "{" digit "," digit "}" ] }
//	atom     = digit | "." | "[" { digit | digit "-" digit } "]" | "(" pattern ")"
//
// where "." is any digit. They are matched as they stand, all ways at once: a
// set of places in, a set of places out. A region has two, numbered by a byte
// each, so there is room for 255 distinct ones of each kind.
package short

// Kind is what a number is inside its region.
type Kind uint8

const (
	None      Kind = iota // not a short number
	Short                 // of a service
	Emergency             // of the police, the fire brigade, an ambulance …
)

var kindNames = [...]string{"NONE", "SHORT", "EMERGENCY"}

// String returns NONE, SHORT or EMERGENCY.
func (k Kind) String() string { return kindNames[k] }

const (
	maxText   = 250 // bytes that a text has at most; package number's limit, nearly
	maxDigits = 10  // of a short number
)

// Lookup says what the digits of a text are in a region, given by two capital
// letters. What stands between the digits does not matter, except that a text
// with a plus is no short number, nor one of more than 250 bytes. Digits may be ASCII, full-width, Arabic or
// Persian.
func Lookup(text []byte, region string) Kind {
	emergency, short := patterns(region)
	if short == 0 || len(text) > maxText {
		return None
	}
	var m matcher
	if !m.read(text) {
		return None
	}
	if emergency > 0 && m.matches(nth(emergencyText, emergency)) {
		return Emergency
	}
	if m.matches(nth(shortText, short)) {
		return Short
	}
	return None
}

// patterns returns the numbers of a region's patterns, counted from 1; 0 for
// none.
func patterns(region string) (emergency, short uint8) {
	if len(region) != 2 {
		return 0, 0
	}
	for i := 0; i < len(regionData); i += 4 {
		if regionData[i] == region[0] && regionData[i+1] == region[1] {
			return regionData[i+2], regionData[i+3]
		}
	}
	return 0, 0
}

// nth returns line n of a text, counted from 1.
func nth(text string, n uint8) string {
	from := 0
	for i := 0; i < len(text); i++ {
		if text[i] != '\n' {
			continue
		}
		if n--; n == 0 {
			return text[from:i]
		}
		from = i + 1
	}
	return ""
}

// matcher holds the digits of a text, and where it is in a pattern.
type matcher struct {
	digits  [maxDigits]byte
	count   int
	pattern string
	at      int
}

// places is a set of places between digits: bit n is behind n of them.
type places uint32

// read takes the digits of a text; false says that they cannot be a short
// number.
func (m *matcher) read(text []byte) bool {
	for i := 0; i < len(text); i++ {
		c := text[i]
		d := c - '0'
		switch {
		case c == '+' || starts(text[i:], "\uff0b"):
			return false
		case c == 0xd9 && i+1 < len(text): // U+0660–0669
			d = text[i+1] - 0xa0
		case c == 0xdb && i+1 < len(text): // U+06F0–06F9
			d = text[i+1] - 0xb0
		case c == 0xef && i+2 < len(text) && text[i+1] == 0xbc: // U+FF10–FF19
			d = text[i+2] - 0x90
		}
		if d > 9 {
			continue
		}
		if m.count == maxDigits {
			return false
		}
		m.digits[m.count] = d
		m.count++
	}
	return m.count > 1
}

func starts(s []byte, text string) bool {
	if len(s) < len(text) {
		return false
	}
	for i := 0; i < len(text); i++ {
		if s[i] != text[i] {
			return false
		}
	}
	return true
}

// matches says whether a pattern matches all of the digits.
func (m *matcher) matches(pattern string) bool {
	m.pattern, m.at = pattern, 0
	return m.alternatives(1)>>uint(m.count)&1 != 0
}

// alternatives returns where the sequences from here to the next ")" or the
// end can lead to from any of the places.
func (m *matcher) alternatives(from places) (to places) {
	for {
		to |= m.sequence(from)
		if m.at == len(m.pattern) || m.pattern[m.at] == ')' {
			return to
		}
		m.at++ // "|"
	}
}

func (m *matcher) sequence(from places) places {
	for m.at < len(m.pattern) && m.pattern[m.at] != '|' && m.pattern[m.at] != ')' {
		from = m.repetition(from)
	}
	return from
}

func (m *matcher) repetition(from places) places {
	begin := m.at
	once := m.atom(from)
	if m.at == len(m.pattern) {
		return once
	}
	switch m.pattern[m.at] {
	case '?':
		m.at++
		return from | once
	case '{':
		least := int(m.pattern[m.at+1] - '0')
		most := least
		m.at += 2
		if m.pattern[m.at] == ',' {
			most = int(m.pattern[m.at+1] - '0')
			m.at += 2
		}
		end := m.at + 1
		var to places
		if least == 0 {
			to = from
		}
		for n := 1; n <= most; n++ {
			m.at = begin
			from = m.atom(from)
			if n >= least {
				to |= from
			}
		}
		m.at = end
		return to
	}
	return once
}

func (m *matcher) atom(from places) places {
	c := m.pattern[m.at]
	m.at++
	var set uint16 // bit d: digit d
	switch c {
	case '(':
		to := m.alternatives(from)
		m.at++
		return to
	case '[':
		set = m.class()
	case '.':
		set = 1<<10 - 1
	default:
		set = 1 << (c - '0')
	}
	var to places
	for i, d := range m.digits[:m.count] {
		if from>>uint(i)&1 != 0 && set>>d&1 != 0 {
			to |= 2 << uint(i)
		}
	}
	return to
}

// class reads a class of digits and the bracket behind it.
func (m *matcher) class() (set uint16) {
	for m.pattern[m.at] != ']' {
		first := m.pattern[m.at] - '0'
		last := first
		m.at++
		if m.pattern[m.at] == '-' {
			last = m.pattern[m.at+1] - '0'
			m.at += 2
		}
		for d := first; d <= last; d++ {
			set |= 1 << d
		}
	}
	m.at++
	return set
}
