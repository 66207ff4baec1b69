package numbers

import (
	"regexp/syntax"
	"strings"

	"sealbook/wasm/number"
)

func (s *Source) pick(list []string) string { return list[s.rand.IntN(len(list))] }

// one says yes once in n.
func (s *Source) one(n int) bool { return s.rand.IntN(n) == 0 }

var (
	separators = []string{" ", "-", ".", "/", "(", ")", "  ", " - ", "[", "]", "~", "*", "\u00a0", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014",
		"\u2015", "\u2212", "\u30fc", "\uff0d", "\uff0e", "\uff0f", "\u00ad", "\u200b", "\u2060", "\u3000", "\uff08", "\uff09", "\uff3b", "\uff3d", "\u2053", "\u223c", "\uff5e"}
	odd = []string{"\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2067", "\u2068", "\u200e", "\u200f", "\u2066", "\u2069", "\ufeff", "\u061c", "\t", "\n", "\r\n", ",", ";", ":", "#", "+", "\uff0b", "'", "\"", "_", "&", "@", "=", "!", "?", "|", "\\",
		"\u0000", "\u00e9", "\u65e5", "\U0001f4de", "\ufffd", "x", "X", "e", "ext", "\u017f", "\u0131", "\u0130", "\u212a", "\u0660", "\uff11", "\u0967", "\u00b2", "\u2460", "%", "<", ">", "^", "\u0301"}
	labels = []string{";ext=", ";EXT=", " ext ", " ext. ", "ext", " extn ", " extension ", " extensi\u00f3n ", " extensio\u0301n ", " Ext: ", " EXTN.", " x", "x", "X", " X: ", "#", " # ", "~", " int ", " int. ", " INT", " anexo ", " Anexo ",
		" \u0434\u043e\u0431 ", " \u0414\u041e\u0411. ", ",,", ", ", ",", ",,,", ";", " ; ", " ,, ", "- ", " - ", ",:", ",,: ", " \uff58", " \uff45\uff58\uff54\uff4e ", " \uff29\uff2e\uff34 ", "\uff03", "\uff5e", " xt ", "  ext - ", "\text\t", "extn- ", " e", ";isub=", " poste ", " doorkiesnummer "}
	contexts = []string{";phone-context=+", ";phone-context=", ";phone-context=example.com", ";phone-context=a.b-c.", ";phone-context=-", ";phone-context=1.com", ";phone-context=+;", ";phone-context=+1-(2).3", ";phone-context=\u0663\u0664.com", ";phone-context=example.com;isub=1", ";phone-context=+44;phone-context=+1", ";phone-context="}
	wholes   = []string{"", " ", "+", "++", "0", "00", "1", "12", "1 2", "112", "911", "999", "+1", "+999", "tel:", "tel:911", "x", "ext 5", "12x3", "12 ext 3", "+ 4 4", "3/x4", "()", "1,2,3", "+++++44 20 7946 0018", "\uff0b\uff14\uff14", "tel:+44-20-7946-0018;phone-context=+1",
		"00000000000000000000", "+0", "+00", "+0044", "12345678901234567890", "1234567890123456789012345678901234567890", ";phone-context=+442079460018", "7946;phone-context=+4420tel:", "7946;phone-context=+44;tel:", "tel:7946;phone-context=+44;phone-context=+1", "tel:7946;phone-context=tel:", "1-800-FLOWERS", "0800 REVERSE", "1 800 GOFEDEX ext GO"}
)

// Next returns the next input.
func (s *Source) Next() Input {
	e := s.number()
	home := e.region
	if home == "001" {
		home = "ZZ"
	}
	text := s.write(e, &home)
	// Bend it, seldom more than twice.
	for s.rand.IntN(5) < 2 {
		text = s.bend(text)
	}
	region := home
	switch s.rand.IntN(8) {
	case 0:
		region = s.pick(s.regions)
	case 1:
		region = "ZZ"
	}
	return Input{text, region}
}

// number returns an example, or a number by a pattern: as it is, with one or two
// other digits, or a digit longer or shorter.
func (s *Source) number() example {
	if s.one(2) {
		return s.examples[s.rand.IntN(len(s.examples))]
	}
	p := s.patterns[s.rand.IntN(len(s.patterns))]
	digits := []byte(s.matching(p.digits))
	switch s.rand.IntN(4) {
	case 0:
		for range 1 + s.rand.IntN(2) {
			digits[s.rand.IntN(len(digits))] = '0' + byte(s.rand.IntN(10))
		}
	case 1:
		if s.one(2) {
			digits = append(digits, '0'+byte(s.rand.IntN(10)))
		} else {
			digits = digits[:len(digits)-1]
		}
	}
	n, err := number.Parse("+"+p.code+string(digits), "")
	if err != nil {
		return s.examples[s.rand.IntN(len(s.examples))]
	}
	return example{p.region, n}
}

// write writes a number in one of the ways it can be written. It may name
// another region to dial from.
func (s *Source) write(e example, home *string) string {
	n := e.number
	switch s.rand.IntN(16) {
	case 0, 1:
		return n.Format(number.E164)
	case 2, 3:
		return n.Format(number.International)
	case 4, 5, 6:
		return n.Format(number.National)
	case 7:
		return n.Format(number.RFC3966)
	case 8:
		return n.Format(number.Digits)
	case 9:
		return n.Format(number.Significant)
	case 10:
		// From another region, by its international prefix.
		*home = s.pick(s.regions)
		return s.matching(s.idd[*home]) + s.pick([]string{"", " ", "-"}) + n.Format(number.International)[1:]
	case 11:
		// By the region's national prefixes and carrier codes.
		return s.matching(s.prefix[e.region]) + s.pick([]string{"", " ", "-"}) + n.Format(number.Significant)
	case 12:
		if list := s.short[e.region]; list != nil && s.one(2) {
			return s.pick(list)
		}
		return s.pick(wholes)
	case 13:
		return s.spread(n.Format(number.NationalDigits))
	case 14:
		return "+" + s.spread(n.Format(number.Digits))
	}
	return s.random()
}

// spread puts separators between digits.
func (s *Source) spread(digits string) string {
	var b strings.Builder
	for i := range digits {
		b.WriteByte(digits[i])
		for s.one(4) {
			b.WriteString(s.pick(separators))
		}
	}
	return b.String()
}

// random is text of everything that means something, and something more.
func (s *Source) random() string {
	var b strings.Builder
	n := s.rand.IntN(24)
	if s.one(40) {
		n = 230 + s.rand.IntN(40)
	}
	for range n {
		switch s.rand.IntN(12) {
		case 0:
			b.WriteString(s.pick(separators))
		case 1:
			b.WriteString(s.pick(odd))
		case 2:
			b.WriteRune(zeros[s.rand.IntN(len(zeros))] + s.rand.Int32N(10))
		case 3:
			b.WriteByte("abcXYZext+"[s.rand.IntN(10)])
		case 4:
			if s.one(4) {
				b.WriteString(s.pick(labels))
			}
			if s.one(12) {
				b.WriteString(s.pick(contexts))
			}
		default:
			b.WriteByte('0' + byte(s.rand.IntN(10)))
		}
	}
	return b.String()
}

// bend changes a text a little.
func (s *Source) bend(text string) string {
	r := []rune(text)
	at := s.rand.IntN(len(r) + 1)
	insert := func(t string) string { return string(r[:at]) + t + string(r[at:]) }
	digit := func(f func(rune) rune) string {
		var places []int
		for i, c := range r {
			if c >= '0' && c <= '9' {
				places = append(places, i)
			}
		}
		if places != nil {
			i := places[s.rand.IntN(len(places))]
			r[i] = f(r[i])
		}
		return string(r)
	}
	switch s.rand.IntN(18) {
	case 0, 1, 2:
		return digit(func(rune) rune { return '0' + s.rand.Int32N(10) })
	case 3:
		return insert(string('0' + s.rand.Int32N(10)))
	case 4:
		if at == len(r) {
			return text
		}
		return string(r[:at]) + string(r[at+1:])
	case 5, 6:
		return text + s.pick(labels) + s.digits(1+s.rand.IntN(8))
	case 7:
		if s.one(3) {
			return text + s.pick(labels) + s.digits(s.rand.IntN(24)) + s.pick([]string{"", "#", " ", "#.", " x5"})
		}
		return text + s.pick([]string{"/x", " / x", "\\x", "/ 5", " or "}) + s.digits(s.rand.IntN(9))
	case 8:
		return insert(s.pick(separators))
	case 9:
		return insert(s.pick(odd))
	case 10:
		// All digits in another script.
		zero := zeros[s.rand.IntN(len(zeros))]
		if s.one(2) {
			zero = []rune{0xff10, 0x660, 0x6f0}[s.rand.IntN(3)]
		}
		for i, c := range r {
			if c >= '0' && c <= '9' && !s.one(30) {
				r[i] = zero + c - '0'
			}
		}
		return string(r)
	case 11:
		// Letters for digits at the end.
		for i := len(r) - 1 - s.rand.IntN(8); i >= 0 && i < len(r); i++ {
			if r[i] >= '2' && r[i] <= '9' {
				r[i] = []rune("ADGJMPTW")[r[i]-'2'] + s.rand.Int32N(3)
				if s.one(4) {
					r[i] |= 32
				}
			}
		}
		return string(r)
	case 12:
		if s.one(2) {
			return "tel:" + text
		}
		return s.pick([]string{"tel:", ""}) + text + s.pick(contexts) + s.pick([]string{"", "44", "1", "49", "+44", ";ext=3"})
	case 13:
		return s.pick(odd) + text + s.pick(odd)
	case 14:
		return s.pick([]string{"Tel. ", "(", "call ", "\u260e ", "00", "0", "+", "++", "\uff0b", "011 ", "1", "(0)", "+ "}) + text
	case 15:
		return strings.Replace(text, "+", s.pick([]string{"00", "011", "0011", "+0", "(+", "+ ", "", "\uff0b"}), 1)
	case 16:
		if s.one(6) {
			return text + strings.Repeat(s.pick([]string{"1", " ", "-", ",", "+", "\uff11"}), 200+s.rand.IntN(60))
		}
		return text + s.digits(1+s.rand.IntN(12))
	}
	if at < 4 {
		at = len(r)
	}
	return string(r[:at])
}

func (s *Source) digits(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = '0' + byte(s.rand.IntN(10))
	}
	return string(b)
}

// matching returns a text that a pattern matches.
func (s *Source) matching(p *syntax.Regexp) string {
	if p == nil {
		return "00"
	}
	switch p.Op {
	case syntax.OpLiteral:
		return string(p.Rune)
	case syntax.OpCharClass:
		i := s.rand.IntN(len(p.Rune)/2) * 2
		return string(p.Rune[i] + s.rand.Int32N(p.Rune[i+1]-p.Rune[i]+1))
	case syntax.OpConcat, syntax.OpCapture:
		var b strings.Builder
		for _, sub := range p.Sub {
			b.WriteString(s.matching(sub))
		}
		return b.String()
	case syntax.OpAlternate:
		return s.matching(p.Sub[s.rand.IntN(len(p.Sub))])
	case syntax.OpQuest:
		if s.one(2) {
			return ""
		}
		return s.matching(p.Sub[0])
	case syntax.OpRepeat:
		var b strings.Builder
		for range p.Min + s.rand.IntN(p.Max-p.Min+1) {
			b.WriteString(s.matching(p.Sub[0]))
		}
		return b.String()
	}
	return ""
}
