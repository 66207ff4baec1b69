package main

import (
	"unsafe"

	"sealbook/wasm/contacts"
	"sealbook/wasm/heap"
	"sealbook/wasm/number/short"
)

// Sizes of the buffers in bytes.
const (
	inputSize  = 256 << 10
	outputSize = 512 << 10
)

// A failure says that a call was wrong; it is negative. What is wrong with a
// file is a [contacts.Code] in a row instead.
type failure int32

const (
	badLength failure = -1  // offset and length are not inside the input
	badFormat failure = -2  // no such format
	badOption failure = -3  // malformed options
	badState  failure = -9  // feed or finish without begin, or after finish
	memory    failure = -10 // the file makes the reader keep more than [heap.Limit]
)

// A session is a Reader behind buffers that it shares with its host.
type session struct {
	input  []byte
	output []byte
	status *[8]uint32

	reader  *contacts.Reader
	entry   contacts.Entry
	begun   bool
	ended   bool
	written int
	rows    uint32

	field          []byte // that was asked about
	asked, guessed int32  // how many answers field_choose and guess_take want; -1 for none
}

// open makes the buffers when the host first asks for something. The compiler would make
// them globals, in which the collector takes what a host writes for addresses.
func (s *session) open() *session {
	if s.input == nil {
		heap.SkipConstants()
		s.input, s.output, s.status = make([]byte, inputSize), make([]byte, outputSize), new([8]uint32)
		s.reader = new(contacts.Reader)
	}
	return s
}

// begin starts a file; the input holds length bytes of options.
func (s *session) begin(format, length int32) int32 {
	s.begun, s.ended, s.written, s.rows = false, false, 0, 0
	*s.status = [8]uint32{}
	if length < 0 || length > inputSize {
		return int32(badLength)
	}
	if format < 0 || format > int32(contacts.LastFormat) {
		return int32(badFormat)
	}
	o, ok := options(string(s.input[:length]))
	if !ok {
		return int32(badOption)
	}
	o.Format = contacts.Format(format)
	s.reader.Reset(o)
	s.begun = true
	return 0
}

// options reads lines of "key\tvalue".
func options(text string) (o contacts.Options, ok bool) {
	for len(text) > 0 {
		var line string
		if line, text = cut(text, '\n'); line == "" {
			continue
		}
		key, value := cut(line, '\t')
		if len(key) == len(line) {
			return o, false
		}
		switch key {
		case "delimiter":
			if len(value) != 1 || !contacts.IsDelimiter(value[0]) {
				return o, false
			}
			o.Delimiter = value[0]
		case "number":
			o.Number = value
		case "name":
			o.Name = value
		default:
			return o, false
		}
	}
	return o, true
}

// cut is strings.Cut for one byte.
func cut(s string, sep byte) (before, after string) {
	for i := range len(s) {
		if s[i] == sep {
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// feed reads a piece of the input and answers how many bytes of it were taken.
func (s *session) feed(offset, length int32) int32 {
	if offset < 0 || length < 0 || offset > inputSize || length > inputSize-offset {
		return int32(badLength)
	}
	if !s.begun || s.ended {
		return int32(badState)
	}
	s.written, s.rows = 0, 0
	p := s.input[offset : offset+length]
	for s.drain() && len(p) > 0 {
		p = p[s.reader.Feed(p):]
	}
	return s.report(length - int32(len(p)))
}

// finish ends the file: 1 while rows are still to come, 0 behind the last.
func (s *session) finish() int32 {
	if !s.begun {
		return int32(badState)
	}
	s.ended = true
	s.written, s.rows = 0, 0
	done := s.drain()
	if done {
		s.reader.Finish()
		done = s.drain()
	}
	answer := s.report(0)
	if answer == 0 && !done {
		answer = 1
	}
	return answer
}

// drain writes the rows that wait; false means that the output is full.
func (s *session) drain() bool {
	for s.written+contacts.MaxRowText <= outputSize {
		if !s.reader.Next(&s.entry) {
			return true
		}
		s.written = len(contacts.AppendRow(s.output[:s.written], &s.entry))
		s.rows++
	}
	return false
}

// report sets the status after a call that took some bytes.
func (s *session) report(taken int32) int32 {
	r := s.reader
	*s.status = [8]uint32{s.rows, uint32(taken), uint32(s.written), uint32(r.People()),
		uint32(r.Format()), uint32(r.Delimiter()), uint32(r.Charset()), 0}
	if r.Failure() != contacts.OK {
		s.status[7] = 1
	}
	if heap.Full() {
		s.begun = false
		s.reader = new(contacts.Reader)
		return int32(memory)
	}
	return taken
}

// short says what the first length bytes of the input are inside a region.
func (s *session) short(region uint32, length int32) int32 {
	if length < 0 || length > inputSize {
		return int32(badLength)
	}
	letters := [2]byte{byte(region), byte(region >> 8)}
	if region>>16 != 0 {
		return int32(short.None)
	}
	return int32(short.Lookup(s.input[:length], unsafe.String(&letters[0], len(letters))))
}

// encoding writes the label of the file's encoding to the output and answers its
// length; 0x10000 more if a decoder is needed.
func (s *session) encoding() int32 {
	c := s.reader.Charset()
	n := int32(copy(s.output, c.String()))
	if c.Foreign() {
		n |= 1 << 16
	}
	return n
}
