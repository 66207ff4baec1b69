package contacts

import (
	"unsafe"

	"sealbook/wasm/number/short"
)

// Sizes of a Session's buffers in bytes.
const (
	InputSize  = 256 << 10
	OutputSize = 512 << 10
)

// A Failure says that a call of a Session was wrong; it is negative. What is
// wrong with a file is a [Code] in a row instead.
type Failure int32

const (
	BadLength Failure = -1 // offset and length are not inside the input
	BadFormat Failure = -2 // no such format
	BadOption Failure = -3 // malformed options
	BadState  Failure = -9 // feed or finish without begin, or after finish
)

// A Session is a Reader behind fixed buffers, for a host that shares memory
// with it and nothing else: the body of contacts.wasm, whose package comment
// says what the calls do. About 1 MB.
type Session struct {
	Input  [InputSize]byte
	Output [OutputSize]byte
	Status [8]uint32

	reader  Reader
	entry   Entry
	begun   bool
	ended   bool
	written int
	rows    uint32
	number  [maxNormal]byte // what Options.Number and Name point to
	name    [maxNormal]byte
}

// Begin starts a file. Input[:length] holds options. It answers 0 or a
// Failure.
func (s *Session) Begin(format, length int) int {
	s.begun, s.ended, s.written, s.rows = false, false, 0, 0
	s.Status = [8]uint32{}
	if length < 0 || length > InputSize {
		return int(BadLength)
	}
	if format < 0 || format > int(List) {
		return int(BadFormat)
	}
	o := Options{Format: Format(format)}
	for line, rest := []byte(nil), s.Input[:length]; len(rest) > 0; {
		line, rest = nextLine(rest)
		if len(line) == 0 {
			continue
		}
		tab := index(line, "\t")
		if tab < 0 {
			return int(BadOption)
		}
		val := line[tab+1:]
		switch key := line[:tab]; {
		case same(key, "delimiter"):
			if len(val) != 1 || val[0] != ',' && val[0] != ';' && val[0] != '\t' {
				return int(BadOption)
			}
			o.Delimiter = val[0]
		case same(key, "number"):
			o.Number = keepOption(&s.number, val)
		case same(key, "name"):
			o.Name = keepOption(&s.name, val)
		default:
			return int(BadOption)
		}
	}
	s.reader.Reset(o)
	s.begun = true
	return 0
}

// Feed reads Input[offset:offset+length] and answers how many bytes it took,
// or a Failure.
func (s *Session) Feed(offset, length int) int {
	if offset < 0 || length < 0 || offset > InputSize || length > InputSize-offset {
		return int(BadLength)
	}
	if !s.begun || s.ended {
		return int(BadState)
	}
	s.written, s.rows = 0, 0
	p := s.Input[offset : offset+length]
	for s.drain() && len(p) > 0 {
		p = p[s.reader.Feed(p):]
	}
	s.report(length - len(p))
	return length - len(p)
}

// Finish ends the file. It answers 1 while rows are still to come, 0 when the
// last are in the output, or a Failure.
func (s *Session) Finish() int {
	if !s.begun {
		return int(BadState)
	}
	s.ended = true
	s.written, s.rows = 0, 0
	done := s.drain()
	if done {
		s.reader.Finish()
		done = s.drain()
	}
	s.report(0)
	if done {
		return 0
	}
	return 1
}

// drain writes the rows that wait; false means that the output is full.
func (s *Session) drain() bool {
	for s.written+MaxRowText <= OutputSize {
		if !s.reader.Next(&s.entry) {
			return true
		}
		s.written += writeRow(s.Output[s.written:], &s.entry)
		s.rows++
	}
	return false
}

func (s *Session) report(taken int) {
	r := &s.reader
	s.Status = [8]uint32{s.rows, uint32(taken), uint32(s.written), r.people,
		uint32(r.format), uint32(r.delim), uint32(r.Charset()), 0}
	if r.fatal != OK {
		s.Status[7] = 1
	}
}

// Short says what Input[:length] is inside a region, whose two capital letters
// are packed, the first in the lowest byte: a short.Kind, or a Failure. It may
// be asked at any time, also in the middle of a file.
func (s *Session) Short(region uint32, length int) int {
	if length < 0 || length > InputSize {
		return int(BadLength)
	}
	letters := [2]byte{byte(region), byte(region >> 8)}
	if region>>16 != 0 {
		return int(short.None)
	}
	return int(short.Lookup(s.Input[:length], unsafe.String(&letters[0], len(letters))))
}
