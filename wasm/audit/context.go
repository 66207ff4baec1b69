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
	return tellingText(l.p[max(0, at-64):at])
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
	result := splitNo
	judge := func(a, b int, key []byte, next bool) {
		v := uint64(0)
		digits := p[a:b]
		for len(digits) > 1 && digits[0] == '0' {
			digits = digits[1:]
		}
		if len(digits) > 3 {
			return
		}
		for _, c := range digits {
			v = v*10 + uint64(c-'0')
		}
		plus := a > 0 && p[a-1] == '+'
		tells := anyWord(key, codeKeys)
		switch {
		case v == code && (tells || plus || next):
			if result == splitNo {
				result = splitSame
			}
		case v != code && v > 0 && (tells || plus):
			if result == splitNo {
				result = splitOther
			}
		}
	}
	// To the left, up to where the record begins.
	stop := max(0, from-96)
	end := from
	for i := from; i > stop && result == splitNo; {
		c := p[i-1]
		if c == '{' || c == '}' || c == '\n' {
			break
		}
		if !isDigit(c) {
			i--
			continue
		}
		b := i
		for i > 0 && isDigit(p[i-1]) {
			i--
		}
		if b-i > 5 || i > 0 && isLetter(p[i-1]) || isLetter(p[b]) || i > 0 && (p[i-1] == '.' || p[i-1] == '_') || p[b] == '_' {
			continue
		}
		judge(i, b, keyBefore(p, i), adjacent(p[b:from]))
		end = i
	}
	_ = end
	stop = min(len(p), to+64)
	for i := to; i < stop && result == splitNo; {
		c := p[i]
		if c == '{' || c == '}' || c == '\n' {
			break
		}
		if !isDigit(c) {
			i++
			continue
		}
		a := i
		for i < len(p) && isDigit(p[i]) {
			i++
		}
		if i-a > 5 || isLetter(p[a-1]) || i < len(p) && isLetter(p[i]) || p[a-1] == '.' || p[a-1] == '_' {
			continue
		}
		judge(a, i, keyBefore(p, a), false)
	}
	return result
}

// adjacent reports whether bytes between two fields are nothing but what parts
// values of a list.
func adjacent(p []byte) bool {
	comma := false
	for _, c := range p {
		switch c {
		case ',', ';', '\t', '|':
			comma = true
		case ' ', '"', '\'', '\\':
		default:
			return false
		}
	}
	return comma
}

// keyBefore returns the word before a value.
func keyBefore(p []byte, at int) []byte {
	i := at
	for i > 0 && at-i < 8 && !isAlnum(p[i-1]) && p[i-1] != ',' && p[i-1] != '&' && p[i-1] != ';' {
		i--
	}
	end := i
	for i > 0 && end-i < 40 && (isAlnum(p[i-1]) || p[i-1] == '_' || p[i-1] == '-') {
		i--
	}
	return p[i:end]
}
