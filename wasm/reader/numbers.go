package main

import (
	"sealbook/wasm/batch"
	"sealbook/wasm/contacts/sift"
	"sealbook/wasm/field"
)

// The rooms for fields and for the guess. Both ask what only package number
// knows, whose tables are in core.wasm: they write questions as lines that core's
// parse takes with info and a region in each line, and are given its records.
var (
	fields field.Reader
	guess  sift.Guess
	most   [batch.MaxItems]field.Answer
)

// line parts input[:length] into what stands before and behind its first tab.
//
//go:noinline
func (s *session) line(length int32) (before string, behind []byte, ok bool) {
	if length < 0 || length > inputSize {
		return "", nil, false
	}
	in := s.input[:length]
	for i, c := range in {
		if c == '\t' {
			return string(in[:i]), in[i+1:], true
		}
	}
	return "", in, true
}

// questions writes them as lines and answers how many there are.
func (s *session) questions(list []field.Question) int32 {
	out := s.output[:0]
	for i := range list {
		q := &list[i]
		out = append(append(append(out, q.Region()...), '\t'), q.Text()...)
		out = append(out, '\n')
	}
	*s.status = [8]uint32{uint32(len(list)), 0, uint32(len(out))}
	return int32(len(list))
}

// answers reads records of core.wasm from the input.
func (s *session) answers(count int32) ([]field.Answer, bool) {
	if count < 0 || int(count) > len(most) || int(count)*batch.RecordSize > inputSize {
		return nil, false
	}
	for i := range int(count) {
		r := (*batch.Record)(s.input[i*batch.RecordSize : (i+1)*batch.RecordSize])
		most[i] = answer(r)
	}
	return most[:count], true
}

//go:noinline
func answer(r *batch.Record) (a field.Answer) {
	a.Code, a.Valid, a.Type, a.Possible = r.Code(), r.Valid(), r.Type(), r.Possibility()
	copy(a.Region[:], r.Region())
	a.Length = uint8(copy(a.E164[:], r.E164()))
	a.Calling = r.CallingCode()
	return a
}

func (s *session) fieldAsk(region, habit, length int32) int32 {
	country, text, ok := s.line(length)
	if !ok {
		return int32(badLength)
	}
	if habit < 0 || habit > int32(field.CodeWithoutPlus) {
		return int32(badOption)
	}
	o := field.Options{Country: country, Habit: field.Habit(habit)}
	if region != 0 {
		o.Region = string([]byte{byte(region), byte(region >> 8)})
	}
	s.field = append(s.field[:0], text...) // it must stay until it is chosen
	s.asked = int32(len(fields.Ask(s.field, o)))
	return s.questions(fields.Questions())
}

func (s *session) fieldChoose(count int32) int32 {
	list, ok := s.answers(count)
	if !ok {
		return int32(badLength)
	}
	if count != s.asked {
		return int32(badState)
	}
	s.asked = -1
	found, code := fields.Choose(list)
	out := s.output[:0]
	for i := range found {
		f := &found[i]
		out = append(f.Append(out), '\t')
		out = append(decimal(out, uint64(f.From)), '\t')
		out = append(decimal(out, uint64(f.To)), '\t')
		out = append(decimal(out, uint64(f.Repairs)), '\n')
	}
	*s.status = [8]uint32{uint32(len(found)), 0, uint32(len(out))}
	return int32(code)
}

func (s *session) guessAsk(length int32) int32 {
	country, text, ok := s.line(length)
	if !ok {
		return int32(badLength)
	}
	list := guess.Ask(text, country)
	s.guessed = int32(len(list))
	return s.questions(list)
}

func (s *session) guessTake(count int32) int32 {
	list, ok := s.answers(count)
	if !ok {
		return int32(badLength)
	}
	if count != s.guessed {
		return int32(badState)
	}
	s.guessed = -1
	guess.Take(list)
	return 0
}

func (s *session) guessBest(length int32) int32 {
	if length < 0 || length > inputSize {
		return int32(badLength)
	}
	var hints []string
	for text := string(s.input[:length]); len(text) > 0; {
		var hint string
		hint, text = cut(text, '\n')
		hints = append(hints, hint)
	}
	g := guess.Best(hints...)
	out := append(append(s.output[:0], g.Region...), '\t')
	out = append(decimal(out, uint64(g.Habit)), '\t')
	out = append(append(out, g.Why.String()...), '\t')
	out = append(decimal(out, uint64(g.National)), '\t')
	out = append(decimal(out, uint64(g.Known)), '\n')
	for _, c := range g.Contenders {
		out = append(append(out, c.Region...), '\t')
		out = append(decimal(out, uint64(c.Fit)), '\t')
		out = append(decimal(out, uint64(c.International)), '\n')
	}
	*s.status = [8]uint32{uint32(1 + len(g.Contenders)), 0, uint32(len(out))}
	return int32(1 + len(g.Contenders))
}

// decimal appends n in decimal digits.
//
//go:noinline
func decimal(dst []byte, n uint64) []byte {
	if n >= 10 {
		dst = decimal(dst, n/10)
	}
	return append(dst, '0'+byte(n%10))
}
