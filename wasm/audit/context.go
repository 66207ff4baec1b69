package audit

// keywords are parts of a key's name that say that its value is a phone number;
// those with a dot at both ends have to be all of a word of it.
var keywords = []string{
	"phone", "tel", "msisdn", "mobile", "mobil", "cell", "handy", "whatsapp", "viber", "signal", "sms", "contact", "recipient",
	"caller", "callee", "dial", "addressbook", "nummer", "numero", "number", "subscriber", "fax", "puhelin", "telefono", "friend", "invite",
	".to.", ".from.", ".num.", ".ph.", ".tn.", ".call.", ".nr.", ".gsm.", ".national.", ".nsn.",
}

// telling reports whether the key of what stands at a place says phone: a word
// in the 64 bytes before it, or the name of its part.
func (s *scan) telling(l *layer, at int) bool {
	if l.key != "" && tellingText([]byte(l.key)) || tellingText([]byte(s.name)) {
		return true
	}
	return tellingText(l.p[max(0, at-64):at]) || tellingText(column(l.p, at))
}

// named reports whether the key of what stands at a place says phone without a
// doubt, so that not even digits in thousands are an amount.
func (s *scan) named(l *layer, at int) bool {
	return anyWord(keyBefore(l.p, at), phoneKeys) || l.key != "" && anyWord([]byte(l.key), phoneKeys) || anyWord([]byte(s.name), phoneKeys)
}

// phoneKeys are those of the keywords that nothing else is called.
var phoneKeys = []string{"phone", ".tel.", "msisdn", "mobile", "handy", "whatsapp", "telefon", "puhelin"}

func tellingText(p []byte) bool { return anyWord(p, keywords) }

// anyWord reports whether one of some lower-case words is in p.
func anyWord(p []byte, words []string) bool {
	for _, w := range words {
		whole := w[0] == '.'
		if whole {
			w = w[1 : len(w)-1]
		}
		for i := 0; i+len(w) <= len(p); i++ {
			if lower(p[i]) != w[0] || !foldPrefix(p[i:], w) {
				continue
			}
			if whole && (i > 0 && isAlnum(p[i-1]) || i+len(w) < len(p) && isAlnum(p[i+len(w)])) {
				continue
			}
			return true
		}
	}
	return false
}

// foldPrefix reports whether p begins with a lower-case ASCII text in any case.
func foldPrefix(p []byte, w string) bool {
	if len(p) < len(w) {
		return false
	}
	for i := range len(w) {
		if lower(p[i]) != w[i] {
			return false
		}
	}
	return true
}

// codeKeys are parts of a key's name that say that its value is a calling code.
var codeKeys = []string{"country", "calling", ".cc.", "ccode", "prefix", "dial", "areacode", "intl", ".code.", ".idd.", "countrycode", "cc_", "_cc", "phonecode", "phone_code", "isd"}

// lineKeys are parts of a key's name that say that its value is a part of a number.
var lineKeys = []string{"area", "subscriber", "line", "exchange", ".npa.", ".nxx.", ".ndc.", ".ac.", ".sn.", "local", "national", "suffix", "region", "part"}

type split uint8

const (
	splitNo split = iota
	splitSame
	splitOther
)

// split looks whether a field beside a national number holds a calling code:
// that of the contact, or another one.
func (s *scan) split(l *layer, from, to int, code uint64) split {
	p := l.p
	own := keyBefore(p, from)
	// judge looks at digits; next says that nothing but a comma parts them from
	// the number, line that they are on another line.
	judge := func(a, b int, key []byte, next, line bool) split {
		v := uint64(0)
		digits := p[a:b]
		for len(digits) > 1 && digits[0] == '0' {
			digits = digits[1:]
		}
		if len(digits) > 3 {
			return splitNo
		}
		for _, c := range digits {
			v = v*10 + uint64(c-'0')
		}
		tells := anyWord(key, codeKeys)
		if !tells && next {
			tells = anyWord(column(p, a), codeKeys)
		}
		plus := !line && plusBefore(p, a)
		switch {
		case v == code && (tells || plus || next && !line):
			return splitSame
		case v != code && v > 0 && (tells || plus || next && s.listed(l, []span{{from, to}, {a, b}})):
			return splitOther
		}
		return splitNo
	}
	// To the left, up to where the record begins.
	stop, line := max(0, from-96), false
	for i := from; i > stop; {
		c := p[i-1]
		if c == '{' || c == '}' || c == '\n' && recordEnds(p, i-1) {
			break
		}
		line = line || c == '\n'
		if !isDigit(c) {
			i--
			continue
		}
		b := i
		for i > 0 && isDigit(p[i-1]) {
			i--
		}
		key := keyBefore(p, i)
		if len(key) > 0 && string(key) == string(own) {
			break // of the record before
		}
		if b-i > 5 || i > 0 && isLetter(p[i-1]) && !plusBefore(p, i) || isLetter(p[b]) || i > 0 && (p[i-1] == '.' || p[i-1] == '_') || p[b] == '_' {
			continue
		}
		if r := judge(i, b, key, adjacent(p[b:from]), line); r != splitNo {
			return r
		}
	}
	stop, line = min(len(p), to+64), false
	for i := to; i < stop; {
		c := p[i]
		if c == '{' || c == '}' || c == '\n' && recordEnds(p, i) {
			break
		}
		line = line || c == '\n'
		if !isDigit(c) {
			i++
			continue
		}
		a := i
		for i < len(p) && isDigit(p[i]) {
			i++
		}
		key := keyBefore(p, a)
		if len(key) > 0 && string(key) == string(own) {
			break
		}
		if i-a > 5 || isLetter(p[a-1]) && !plusBefore(p, a) || i < len(p) && isLetter(p[i]) || p[a-1] == '.' || p[a-1] == '_' {
			continue
		}
		if r := judge(a, i, key, adjacent(p[to:a]) && len(column(p, a)) > 0, line); r != splitNo {
			return r
		}
	}
	return splitNo
}

// plusBefore reports whether a plus stands before a place, as it is or escaped.
func plusBefore(p []byte, at int) bool {
	return at > 0 && p[at-1] == '+' || at > 2 && p[at-3] == '%' && p[at-2] == '2' && lower(p[at-1]) == 'b'
}

// recordEnds reports whether a record ends with the line that ends at a place:
// not where JSON or XML go on behind a comma or a tag.
func recordEnds(p []byte, at int) bool {
	for at > 0 && (p[at-1] == '\r' || p[at-1] == ' ' || p[at-1] == '\t') {
		at--
	}
	if at == 0 {
		return true
	}
	switch p[at-1] {
	case ',', '>', '[', ':':
		return false
	}
	return true
}

// adjacent reports whether bytes between two fields are nothing but what parts
// values of a list.
func adjacent(p []byte) bool {
	comma := false
	for _, c := range p {
		switch c {
		case ',', ';', '\t', '|':
			comma = true
		case ' ', '"', '\'', '\\', '\n', '\r':
		default:
			return false
		}
	}
	return comma
}

// keyBefore returns the word before a value. In a property list, and in XML-RPC,
// that is the key's text: before a value stands its type.
func keyBefore(p []byte, at int) []byte {
	if plusBefore(p, at) {
		at -= 1 + 2*int(p[at-1]>>6&1) // + or %2B
	}
	for range 3 {
		from, to := wordBefore(p, at)
		if from == 0 || p[from-1] != '<' || !anyWord(p[from:to], typeTags) {
			return p[from:to]
		}
		end := from - 1
		for end > 0 && p[end-1] <= ' ' {
			end--
		}
		for _, tag := range [...]string{"</key>", "</name>"} {
			if n := len(tag); end >= n && string(p[end-n:end]) == tag {
				from, to = wordBefore(p, end-n)
				return p[from:to]
			}
		}
		at = from - 1
	}
	return nil
}

// typeTags are elements that say of what type a value is.
var typeTags = []string{".string.", ".integer.", ".int.", ".i4.", ".i8.", ".real.", ".value."}

func wordBefore(p []byte, at int) (from, to int) {
	i := at
	for i > 0 && at-i < 8 && !isAlnum(p[i-1]) && p[i-1] != ',' && p[i-1] != '&' && p[i-1] != ';' {
		i--
	}
	to = i
	for i > 0 && to-i < 40 && (isAlnum(p[i-1]) || p[i-1] == '_' || p[i-1] == '-') {
		i--
	}
	return i, to
}

// column returns the name of the column of a table that a place is in: what the
// first line has there. nil if it is on the first line itself, or far behind it.
func column(p []byte, at int) []byte {
	start := at
	for start > 0 && p[start-1] != '\n' && at-start < 4096 {
		start--
	}
	if start == 0 || p[start-1] != '\n' {
		return nil
	}
	first := lineEnd(p[:min(start, 4096)], 0)
	if first == 4096 {
		return nil
	}
	n, quoted := 0, false
	mark := byte(0)
	for _, c := range p[start:at] {
		switch {
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ',' || c == ';' || c == '\t' || c == '|') && (mark == 0 || c == mark):
			mark = c
			n++
		}
	}
	if n == 0 {
		for _, c := range p[:first] {
			if c == ',' || c == ';' || c == '\t' || c == '|' {
				mark = c
				break
			}
		}
	}
	from := 0
	for i, c := range p[:first] {
		if c == mark {
			if n == 0 {
				return p[from:i]
			}
			n--
			from = i + 1
		}
	}
	if n > 0 || mark == 0 {
		return nil
	}
	return p[from:first]
}
