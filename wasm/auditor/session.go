package main

import (
	"sealbook/wasm/audit"
	"sealbook/wasm/audit/report"
	"sealbook/wasm/capture"
	"sealbook/wasm/contacts/sift"
	"sealbook/wasm/digest"
	"sealbook/wasm/heap"
	"sealbook/wasm/number"
)

// Sizes of the buffers in bytes.
const (
	inputSize  = 256 << 10
	outputSize = 512 << 10
)

// Limits of memory; those of a capture are those of packages capture and audit.
const (
	maxMemory = 384 << 20 // in use between two calls, of the 512 MiB in target.json
	maxPeople = 64 << 20  // … of it for the people
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

	auditor *audit.Auditor // both keep their room from one begin to the next
	reader  *capture.Reader
	started bool // a capture was; no people or keys can be added
	report  *audit.Report
	pending []byte // of the report, not yet taken
	line    int    // of the report, the next to write

	sum      digest.Hash // of the next capture's file
	summed   string
	captures []*report.Capture // all that were read
	again    bool              // the reader reads one of them for its requests
	index    int               // … which
}

// people counts what was added.
type people struct {
	last               uint32
	of                 int
	codeless, useless  uint32
	numbers, addresses uint32
}

// open makes the buffers when the host first asks for one. The compiler would make
// them globals, in which the collector takes what a host writes for addresses.
func (s *session) open() *session {
	if s.input == nil {
		heap.SkipConstants()
		s.input, s.output, s.status = make([]byte, inputSize), make([]byte, outputSize), new([8]uint32)
	}
	return s
}

// text is what the host wrote.
func (s *session) text(length int32) ([]byte, bool) {
	if length < 0 || int(length) > len(s.input) {
		return nil, false
	}
	return s.input[:length], true
}

// begin forgets everything; the input holds options, lines of "key\tvalue".
func (s *session) begin(length int32) int32 {
	s.open()
	p, ok := s.text(length)
	if !ok {
		return int32(badLength)
	}
	s.forget()
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
			if !s.limit(string(key), value) {
				return int32(badOption)
			}
		}
	}
	s.filter.Drop = sift.Nothing
	s.sum = digest.New(digest.SHA256)
	s.book = new(audit.Book)
	return 0
}

// forget drops everything but room of a fixed size. The collector takes numbers
// of the tables for addresses, and what lies there stays: so what is dropped is
// emptied as well, and keeps nothing else alive.
func (s *session) forget() {
	auditor, reader := s.auditor, s.reader
	if reader == nil {
		auditor, reader = new(audit.Auditor), capture.NewReader(capture.Options{}, s.message)
	}
	auditor.Reset(nil, audit.Options{})
	reader.Reset(capture.Options{})
	for _, c := range s.captures {
		if c.Report != nil {
			clear(c.Report.Findings)
		}
		*c = report.Capture{}
	}
	if s.book != nil {
		*s.book = audit.Book{}
	}
	*s = session{input: s.input, output: s.output, status: s.status, auditor: auditor, reader: reader}
}

// message is what the reader calls.
func (s *session) message(m *capture.Message) {
	if s.again {
		s.captures[s.index].Message(m)
	} else {
		s.auditor.Message(m)
	}
}

// limit takes an option that is a limit, a number above 0.
func (s *session) limit(key string, value []byte) bool {
	n := int64(0)
	for _, c := range value {
		if c < '0' || c > '9' || n > 1<<40 {
			return false
		}
		n = n*10 + int64(c-'0')
	}
	if n == 0 || n > 1<<40 {
		return false
	}
	small := int(min(n, 1<<31-1))
	switch key {
	case "max-body":
		s.limits.MaxBody = small
	case "max-unpacked":
		s.limits.MaxUnpacked = n
	case "max-depth":
		s.limits.MaxDepth = min(small, 10_000)
	case "max-layers":
		s.options.MaxDepth = min(small, 100)
	case "max-findings":
		s.options.MaxFindings = small
	default:
		return false
	}
	return true
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
	if s.book == nil || s.started {
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
	case s.book == nil || s.started:
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
	if !s.started {
		s.started = true
		s.auditor.Reset(s.book, s.options)
		s.reader.Reset(s.limits)
	} else if s.report == nil {
		s.auditor.End() // of a capture that was given up
	}
	s.report, s.pending, s.line, s.again = nil, nil, 0, false
	size := int64(low) | int64(high)<<32
	s.reader.Begin(string(p), size)
	s.captures = append(s.captures, &report.Capture{Name: string(p), SHA256: s.summed, Size: size})
	s.summed = ""
	return s.tell()
}

// hash adds a piece of the next capture's file to its SHA-256.
func (s *session) hash(length int32) int32 {
	p, ok := s.text(length)
	switch {
	case !ok:
		return int32(badLength)
	case s.book == nil:
		return int32(badState)
	}
	s.sum.Write(p)
	return 0
}

// hashed ends that and writes it, in hexadecimal.
func (s *session) hashed() int32 {
	if s.book == nil {
		return int32(badState)
	}
	const digits = "0123456789abcdef"
	var sum [digest.MaxSize]byte
	var text []byte
	for _, c := range sum[:s.sum.Sum(&sum)] {
		text = append(text, digits[c>>4], digits[c&15])
	}
	s.sum, s.summed = digest.New(digest.SHA256), string(text)
	s.status[2] = uint32(copy(s.output, text))
	return 0
}

// requests reads one of the captures again, for the requests that are in the
// page. It wants nothing where there are none.
func (s *session) requests(index int32) int32 {
	if s.reading() || index < 0 || int(index) >= len(s.captures) {
		return int32(badState)
	}
	c := s.captures[index]
	*s.status = [8]uint32{}
	if c.Report == nil || !c.Wanted() {
		return 0
	}
	s.report, s.pending, s.line, s.again, s.index = nil, nil, 0, true, int(index)
	s.reader.Begin(c.Name, c.Size)
	return s.tell()
}

// page writes the page of all captures; the input holds what it states, lines of
// "key\tvalue".
func (s *session) page(length int32) int32 {
	p, ok := s.text(length)
	switch {
	case !ok:
		return int32(badLength)
	case s.book == nil || s.reading():
		return int32(badState)
	}
	page := report.Page{Book: s.book, Salts: len(s.options.Salts)}
	for _, c := range s.captures {
		if c.Report != nil {
			page.Captures = append(page.Captures, c)
		}
	}
	for len(p) > 0 {
		var line []byte
		line, p = cut(p, '\n')
		key, value := cut(line, '\t')
		switch string(key) {
		case "app":
			page.App = string(value)
		case "device":
			page.Device = string(value)
		case "consent":
			page.Consent = string(value)
		case "made":
			page.Made = string(value)
		case "tool":
			page.Tool = string(value)
		default:
			return int32(badOption)
		}
	}
	s.pending, s.line, s.report = page.Append(nil), 0, new(audit.Report)
	s.line = 1 // and no lines
	if heap.Over(maxMemory) {
		*s = session{input: s.input, output: s.output, status: s.status}
		return int32(memory)
	}
	return 0
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
	switch {
	case more:
		return 1
	case s.again:
		s.report = s.captures[s.index].Report
	case s.report == nil:
		s.report = s.auditor.End()
		c := s.captures[len(s.captures)-1]
		c.Report, c.About = s.report, s.reader.About()
	}
	return 0
}

// reading reports whether a capture is being read.
func (s *session) reading() bool { return s.started && s.report == nil }

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
		about := s.reader.About()
		s.pending = s.report.AppendLine(s.pending[:0:0], s.line, s.book, &about)
		s.line++
	}
}
