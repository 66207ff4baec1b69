package audit

import "sealbook/wasm/capture"

// parameter returns the digits of a part that is one of several with names and
// holds nothing else, but for a plus in front, and whether it is such a part.
func parameter(p *capture.Part) (plus bool, digits []byte, ok bool) {
	if p.Place != capture.Query && p.Place != capture.BodyPart && p.Place != capture.Header {
		return false, nil, false
	}
	digits = p.Bytes
	switch {
	case hasPrefix(digits, "+"), hasPrefix(digits, " "): // a space is what + is in forms
		plus, digits = true, digits[1:]
	case hasPrefix(digits, "%2B"), hasPrefix(digits, "%2b"):
		plus, digits = true, digits[3:]
	}
	for _, c := range digits {
		if !isDigit(c) {
			return false, nil, false
		}
	}
	return plus, digits, len(digits) > 0 && len(digits) <= 16
}

// besides looks among the other parameters of a message for a calling code.
func (s *scan) besides(m *capture.Message, f *Finding) split {
	code := s.b.numbers[f.owner].code
	other := false
	for i := range m.Parts {
		p := &m.Parts[i]
		_, digits, ok := parameter(p)
		if !ok || len(digits) > 5 || !anyWord(p.Name, codeKeys) {
			continue
		}
		v := uint64(0)
		for _, c := range digits {
			v = v*10 + uint64(c-'0')
		}
		if v == code {
			return splitSame
		}
		other = other || v > 0 && v < 1000
	}
	if other {
		return splitOther
	}
	return splitNo
}

// parameters looks whether parameters beside each other are a number together:
// calling code, area and the rest of it. It is told at the last of them.
func (a *Auditor) parameters(m *capture.Message) {
	s := &a.scan
	text := s.joinedText[:0]
	before := 0
	for i := range m.Parts {
		p := &m.Parts[i]
		plus, digits, ok := parameter(p)
		if !ok {
			continue
		}
		text = append(append(append(text, '&'), p.Name...), '=')
		if plus {
			text = append(text, '+')
		}
		text = append(text, digits...)
		if before++; before == 1 {
			continue
		}
		if s.sent == nil {
			s.sent = newSent(m, a.seen)
		}
		s.location, s.before, s.name, s.place, s.count = p.Location(), p.Chain, "", inOther, 0
		clear(s.last)
		from := len(s.out)
		s.fields3(&layer{p: text}, len(text))
		for k := from; k < len(s.out); k++ {
			s.out[k].Start, s.out[k].End = 0, len(p.Bytes)
		}
	}
	s.joinedText = text
}
