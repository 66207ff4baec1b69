package field

import "sealbook/wasm/number"

// A Reader reads fields, one at a time. It is about 100 KB; its zero value is
// ready.
type Reader struct {
	questions [MaxQuestions]Question
	answers   [MaxQuestions]Answer
	asked     int
	found     [MaxNumbers]Found
}

// Read finds the numbers in a field, in their order. It answers none with a
// code, or at least one and OK. What it answers holds until the next call.
func (r *Reader) Read(text []byte, o Options) ([]Found, Code) {
	questions := r.Ask(text, o)
	for i := range questions {
		q := &questions[i]
		r.answers[i] = know(q.Text(), string(q.Region()))
	}
	return r.Choose(r.answers[:len(questions)])
}

// know asks package number.
func know(text []byte, region string) (a Answer) {
	n, code := number.ParseBytes(text, region)
	if code != number.OK {
		a.Code = code
		return a
	}
	var e164 [number.MaxE164 + 3]byte
	a.Length = uint8(n.PutE164(&e164))
	copy(a.E164[:], e164[:])
	a.Calling = uint16(n.CallingCode())
	info := n.Info()
	a.Type, a.Valid, a.Possible = info.Type, info.Valid, info.Possible
	copy(a.Region[:], info.Region)
	return a
}

// Ask takes a field and lists what has to be known about it. The questions and
// the field must not change before [Reader.Choose].
func (r *Reader) Ask(text []byte, o Options) []Question {
	r.asked = 0
	if len(text) <= questionSize {
		q := &r.questions[0]
		q.length = uint8(copy(q.text[:], text))
		copy(q.region[:], o.Region)
		r.asked = 1
	}
	return r.questions[:r.asked]
}

// Choose takes the answers to all questions, in their order, and finds the
// numbers: see [Reader.Read].
func (r *Reader) Choose(answers []Answer) ([]Found, Code) {
	if len(answers) != 1 || answers[0].Code != number.OK {
		return nil, Code(number.NotANumber)
	}
	r.found[0] = Found{Answer: answers[0], To: int(r.questions[0].length)}
	return r.found[:1], OK
}
