package field

import "sealbook/wasm/number"

// Read finds the numbers in a field, in their order. It answers none with a
// code, or at least one and OK. What it answers holds until the next call.
func (r *Reader) Read(text []byte, o Options) ([]Found, Code) {
	if a, ok := r.plain(text, o); ok {
		r.found[0] = Found{Answer: a, To: len(text)}
		return r.found[:1], OK
	}
	questions := r.Ask(text, o)
	for i := range questions {
		q := &questions[i]
		r.answers[i] = Know(q.Text(), string(q.Region()))
	}
	return r.Choose(r.answers[:len(questions)])
}

// plain reads a field that is written as it should be: nothing but digits and
// what parts them, with a plus, or with a trunk zero of the region; there is
// nothing to weigh.
func (r *Reader) plain(text []byte, o Options) (a Answer, ok bool) {
	if len(text) == 0 || len(text) > 24 {
		return a, false
	}
	from := 0
	if text[0] == '+' {
		from = 1
		if len(text) > 1 && (text[1] == '0' || text[1] == '8' && (o.Region == "RU" || o.Region == "KZ")) {
			return a, false
		}
	} else if text[0] != '0' || len(text) > 1 && text[1] == '0' || o.Country != "" && o.Country != o.Region {
		return a, false
	}
	var digits [24]byte
	used, dash := 0, -1
	for _, c := range text[from:] {
		switch {
		case isDigit(c):
			digits[used] = c
			used++
		case c == '-' && len(text) > len("2006-01-02"):
			dash = used
		case c != ' ':
			return a, false
		}
	}
	if n := used - dash; dash > n && n > 1 && countsOn(digits[:used], n) {
		return a, false // it may be a range
	}
	n, code := number.ParseBytes(text, o.Region)
	if code != number.OK {
		return a, false
	}
	a = describe(n)
	if from == 1 {
		// A code that stands there twice has to be weighed.
		rest := a.E164[1+int(codeWidth(a.Calling)) : a.Length]
		if hasPrefix(rest, alias(a.E164[1:a.Length-uint8(len(rest))])) {
			return a, false
		}
	}
	return a, a.Valid
}

// Know answers a question with package number.
func Know(text []byte, region string) Answer {
	n, code := number.ParseBytes(text, region)
	if code != number.OK {
		return Answer{Code: code}
	}
	return describe(n)
}

func describe(n number.Number) (a Answer) {
	var e164 [number.MaxE164 + 3]byte
	a.Length = uint8(n.PutE164(&e164))
	copy(a.E164[:], e164[:])
	a.Calling = uint16(n.CallingCode())
	info := n.Info()
	a.Type, a.Valid, a.Possible = info.Type, info.Valid, info.Possible
	copy(a.Region[:], info.Region)
	return a
}
