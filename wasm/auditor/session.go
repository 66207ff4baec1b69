package main

import (
	"sealbook/wasm/audit"
	"sealbook/wasm/capture"
	"sealbook/wasm/contacts/sift"
	"sealbook/wasm/heap"
	"sealbook/wasm/number"
)

// Sizes of the buffers in bytes.
const (
	inputSize  = 256 << 10
	outputSize = 512 << 10
)

// Limits of one capture here; natively they are those of package capture.
const (
	maxBody     = 32 << 20
	maxBuffered = 64 << 20
	maxMemory   = 384 << 20 // in use between two calls, of the 512 MiB in target.json
	maxPeople   = 64 << 20  // … of it for the people
)

// A failure says that a call was wrong; it is negative. What is wrong with a
// capture is in its report.
type failure int32

const (
	badLength failure = -1  // length is not inside the input
	badRow    failure = -2  // a row of people that is none
	badOption failure = -3  // malformed options
	badState  failure = -9  // a call out of its order
	memory    failure = -10 // over maxMemory; what was read is dropped
)

type session struct {
	input  []byte
	output []byte
	status *[8]uint32

	book    *audit.Book
	filter  sift.Filter
	options audit.Options
	limits  capture.Options
	people  people

	auditor *audit.Auditor
	reader  *capture.Reader
	report  *audit.Report
	pending []byte // of the report, not yet taken
	line    int    // of the report, the next to write
}

// people counts what was added.
type people struct {
	last               uint32
	of                 int
	codeless, useless  uint32
	numbers, addresses uint32
}

func newSession() session {
	return session{input: make([]byte, inputSize), output: make([]byte, outputSize), status: new([8]uint32)}
}

// text is what the host wrote.
func (s *session) text(length int32) ([]byte, bool) {
	if length < 0 || length > inputSize {
		return nil, false
	}
	return s.input[:length], true
}

// begin forgets everything; the input holds options, lines of "key\tvalue".
func (s *session) begin(length int32) int32 {
	p, ok := s.text(length)
	if !ok {
		return int32(badLength)
	}
	*s = session{input: s.input, output: s.output, status: s.status}
	*s.status = [8]uint32{}
	for len(p) > 0 {
		var line []byte
		line, p = cut(p, '\n')
		if len(line) == 0 {
			continue
		}
		key, value := cut(line, '\t')
		switch string(key) {
		case "region":
			s.filter.Region = string(value)
		case "salt":
			s.options.Salts = append(s.options.Salts, string(value))
		default:
			return int32(badOption)
		}
	}
	s.filter.Drop = sift.Nothing
	s.limits.MaxBody, s.limits.MaxBuffered = maxBody, maxBuffered
	s.book = new(audit.Book)
	return 0
}

// cut is bytes.Cut for one byte.
func cut(p []byte, sep byte) (before, after []byte) {
	for i, c := range p {
		if c == sep {
			return p[:i], p[i+1:]
		}
	}
	return p, nil
}

// add takes rows of people, as contacts.wasm writes them.
func (s *session) add(length int32) int32 {
	p, ok := s.text(length)
	if !ok {
		return int32(badLength)
	}
	if s.book == nil || s.auditor != nil {
		return int32(badState)
	}
	for len(p) > 0 {
		var row []byte
		row, p = cut(p, '\n')
		var field [7][]byte
		for i := range field {
			field[i], row = cut(row, '\t')
		}
		person := uint32(0)
		for _, c := range field[1] {
			if c < '0' || c > '9' {
				return int32(badRow)
			}
			person = person*10 + uint32(c-'0')
		}
		kind := string(field[0])
		if kind != "number" && kind != "email" {
			continue
		}
		if s.people.last == 0 || person != s.people.last {
			s.people.last, s.people.of = person, s.book.Add(string(field[5]))
		}
		if kind == "email" {
			s.book.AddEmail(s.people.of, string(field[6]))
			s.people.addresses++
			continue
		}
		n, reason := s.filter.Judge(field[6])
		switch {
		case reason == sift.Kept:
			s.book.AddNumber(s.people.of, n)
			s.people.numbers++
		case reason == sift.Reason(number.InvalidCountryCode) && s.filter.Region == "":
			s.people.codeless++
		default:
			s.people.useless++
		}
	}
	*s.status = [8]uint32{0: uint32(s.book.Contacts()), 1: s.people.numbers, 2: s.people.addresses, 3: s.people.codeless, 4: s.people.useless}
	if heap.Over(maxPeople) {
		*s = session{input: s.input, output: s.output, status: s.status}
		return int32(memory)
	}
	return 0
}

// keys adds a piece of a key log that the person gave.
func (s *session) keys(length int32) int32 {
	p, ok := s.text(length)
	switch {
	case !ok:
		return int32(badLength)
	case s.book == nil || s.reader != nil:
		return int32(badState)
	}
	s.limits.KeyLog = append(s.limits.KeyLog, p...)
	return 0
}

// capture starts a capture; the input holds its name.
func (s *session) capture(length int32, low, high uint32) int32 {
	p, ok := s.text(length)
	if !ok {
		return int32(badLength)
	}
	if s.book == nil {
		return int32(badState)
	}
	if s.auditor == nil {
		s.auditor = audit.New(s.book, s.options)
	} else if s.report == nil {
		s.auditor.End() // of a capture that was given up
	}
	s.report, s.pending, s.line = nil, nil, 0
	s.reader = capture.NewReader(s.limits, func(m *capture.Message) { s.auditor.Message(m) })
	s.reader.Begin(string(p), int64(low)|int64(high)<<32)
	return s.tell()
}

// tell says what is wanted next: 1 bytes, 0 nothing.
func (s *session) tell() int32 {
	if heap.Over(maxMemory) {
		*s = session{input: s.input, output: s.output, status: s.status}
		return int32(memory)
	}
	name, offset, more := s.reader.Want()
	progress := s.reader.Progress()
	*s.status = [8]uint32{2: uint32(copy(s.output, name)), 3: uint32(offset), 4: uint32(offset >> 32), 5: uint32(progress), 6: uint32(progress >> 32)}
	if more {
		return 1
	}
	if s.report == nil {
		s.report = s.auditor.End()
	}
	return 0
}

// reading reports whether a capture is being read.
func (s *session) reading() bool { return s.reader != nil && s.report == nil }

func (s *session) feed(length int32) int32 {
	p, ok := s.text(length)
	switch {
	case !ok || length == 0:
		return int32(badLength)
	case !s.reading():
		return int32(badState)
	}
	s.reader.Feed(p)
	return s.tell()
}

func (s *session) end() int32 {
	if !s.reading() {
		return int32(badState)
	}
	s.reader.End()
	return s.tell()
}

func (s *session) missing() int32 {
	if !s.reading() {
		return int32(badState)
	}
	s.reader.Missing()
	return s.tell()
}

// lines writes the next lines of the report and returns 1 if there are more.
func (s *session) lines() int32 {
	if s.report == nil {
		return int32(badState)
	}
	about := s.reader.About()
	n := 0
	for {
		k := copy(s.output[n:], s.pending)
		n += k
		if s.pending = s.pending[k:]; len(s.pending) > 0 {
			s.status[2] = uint32(n)
			return 1
		}
		if s.line > len(s.report.Findings)+len(s.report.Unreadable) {
			s.status[2] = uint32(n)
			return 0
		}
		s.pending = s.report.AppendLine(s.pending[:0:0], s.line, s.book, &about)
		s.line++
	}
}
