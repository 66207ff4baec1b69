package audit

import (
	"math/bits"

	"sealbook/wasm/digest"
)

// A field is a value of a protobuf message.
type field struct {
	number, wire int
	value        uint64 // of varint, fixed32 and fixed64
	at           span   // of the value, without its length
}

// next reads a field at i and returns where the next one begins; ok is false
// where there is none.
func nextField(p []byte, i int) (f field, end int, ok bool) {
	tag, i, ok := readVarint(p, i)
	if !ok || tag>>3 == 0 || tag>>3 > 1<<29-1 {
		return f, 0, false
	}
	f.number, f.wire = int(tag>>3), int(tag&7)
	f.at.from = i
	switch f.wire {
	case 0:
		if f.value, i, ok = readVarint(p, i); !ok {
			return f, 0, false
		}
	case 1:
		i += 8
	case 5:
		i += 4
	case 2:
		n, j, ok := readVarint(p, i)
		if !ok || n > uint64(len(p)-j) {
			return f, 0, false
		}
		f.at.from = j
		i = j + int(n)
	case 3, 4: // begin and end of a group
	default:
		return f, 0, false
	}
	if i > len(p) {
		return f, 0, false
	}
	f.at.to = i
	if f.wire == 1 || f.wire == 5 {
		for k := i - 1; k >= f.at.from; k-- {
			f.value = f.value<<8 | uint64(p[k])
		}
	}
	return f, i, true
}

func readVarint(p []byte, i int) (v uint64, end int, ok bool) {
	for shift := uint(0); i < len(p) && shift < 70; shift += 7 {
		c := p[i]
		i++
		v |= uint64(c&0x7f) << (shift & 63)
		if c < 0x80 {
			return v, i, true
		}
	}
	return 0, 0, false
}

// message reports whether bytes are a protobuf message from beginning to end.
func message(p []byte) bool { return messageOf(p, 1<<16) }

// smallMessage reports whether bytes as long as a digest are a message: its
// fields have small numbers, as random bytes seldom do.
func smallMessage(p []byte) bool { return messageOf(p, 255) }

// messageOf is message with fields up to a number.
func messageOf(p []byte, most int) bool {
	if len(p) < 2 {
		return false
	}
	open := 0
	for i := 0; i < len(p); {
		f, end, ok := nextField(p, i)
		if !ok || f.number > most {
			return false
		}
		switch f.wire {
		case 3:
			open++
		case 4:
			if open--; open < 0 {
				return false
			}
		}
		i = end
	}
	return open == 0
}

// structured looks at the parts of bytes that are a message of protobuf, with
// gRPC's prefix or without, and reports whether they are one.
func (s *scan) structured(l *layer) bool {
	p := l.p
	if len(p) > 5 && p[0] <= 1 && int(p[1])<<24|int(p[2])<<16|int(p[3])<<8|int(p[4]) == len(p)-5 {
		c := s.child(l, "grpc", within, span{5, len(p)}, p[5:])
		if p[0] == 1 {
			s.look(c)
			return true
		}
		if message(c.p) {
			s.fields(c, c.p, 0, 0)
			return true
		}
	}
	if message(p) {
		s.fields(l, p, 0, 0)
		return true
	}
	// Several messages, each behind its length.
	i, n := 0, 0
	for i < len(p) {
		size, j, ok := readVarint(p, i)
		if !ok || size == 0 || size > uint64(len(p)-j) || !message(p[j:j+int(size)]) {
			return false
		}
		i, n = j+int(size), n+1
	}
	for i = 0; i < len(p); {
		size, j, _ := readVarint(p, i)
		s.fields(l, p[j:j+int(size)], j, 0)
		i = j + int(size)
	}
	return n > 0
}

const maxNesting = 64 // of messages in messages

// fields looks at the fields of a message that begins at a place of l.
func (s *scan) fields(l *layer, p []byte, at, nested int) {
	if s.work -= int64(len(p)); s.work < 0 {
		s.trouble(TooMuch)
		return
	}
	for i := 0; i < len(p); {
		f, end, ok := nextField(p, i)
		if !ok {
			return
		}
		i = end
		place := span{at + f.at.from, at + f.at.to}
		switch f.wire {
		case 0, 1, 5:
			s.fieldNumber(l, p, f, place)
		case 2:
			v := p[f.at.from:f.at.to]
			switch {
			case len(v) < 4:
			case interesting(v) && (!message(v) || printable(v)):
				c := s.child(l, "protobuf", within, place, v)
				c.bounds = true
				s.look(c)
			case nested < maxNesting && message(v):
				s.fields(l, v, place.from, nested+1)
			default:
				s.packedVarints(l, v, place.from)
				if len(v) >= 8 {
					c := s.child(l, "protobuf", within, place, v)
					c.bounds = true
					if len(v) <= 64 {
						s.shaped(c, 0, len(c.p), tokenRaw, c.p)
					}
					s.look(c)
				}
			}
		}
	}
}

func printable(p []byte) bool {
	for _, c := range p {
		if classes[c]&clsControl != 0 {
			return false
		}
	}
	return true
}

// fieldNumber looks at a field that is a number.
func (s *scan) fieldNumber(l *layer, p []byte, f field, place span) {
	in := s.child(l, "protobuf", within, place, l.p[place.from:place.to])
	all := span{0, len(in.p)}
	long := f.wire == 1 || f.wire == 0 && len(in.p) >= 5
	if f.wire == 1 {
		s.float(in, all, f.value)
		if s.b.decimals.has(f.value, 0) {
			s.b.decimals.each(f.value, 0, func(e *decimal) {
				c := Possible
				if e.form.withCode() {
					c = Likely
				}
				s.put(in, all, e.of, Number, c, e.form, "")
			})
			return
		}
	}
	if f.wire == 1 || len(in.p) >= 8 {
		s.digestInteger(in, all, f.value)
	}
	for k, v := range [2]uint64{f.value, f.value >> 1} {
		if k == 1 && (f.value&1 != 0 || f.wire != 0) || v < 1e6 || !s.b.decimals.has(v, 0) {
			continue
		}
		s.b.decimals.each(v, 0, func(e *decimal) {
			c := Possible
			if e.form.withCode() && long {
				c = Certain
			}
			if e.form == significant {
				switch sibling(p, f, s.b.numbers[e.of].code) {
				case splitSame:
					c = Certain
				case splitOther:
					return
				}
			}
			s.put(in, all, e.of, Number, c, e.form, "")
		})
	}
}

// digestInteger looks whether an integer is 8 bytes of a digest, in either order.
func (s *scan) digestInteger(l *layer, at span, v uint64) {
	for _, key := range [2]uint64{v, bits.ReverseBytes64(v)} {
		if !s.b.bloom.may(mix(key)) {
			continue
		}
		for w := s.b.words.first(key); ; {
			e := w.nextDigest()
			if e == nil {
				break
			}
			var sum [digest.MaxSize]byte
			_, name := s.b.calculate(*e, &sum)
			s.put(l, at, e.of, Digest, Certain, 0, name+" cut to 8")
		}
	}
}

// float looks whether 8 bytes are a number as a float64.
func (s *scan) float(l *layer, at span, v uint64) {
	for w := s.b.words.first(v); ; {
		e := w.next()
		if e == nil {
			return
		}
		if e.what == wordFloat {
			s.put(l, at, e.of, Number, Likely, international, "")
		}
	}
}

// sibling looks in a message for a small integer beside a national number: the
// calling code, as libphonenumber's own PhoneNumber has it.
func sibling(p []byte, beside field, code uint64) split {
	for i := 0; i < len(p); {
		f, end, ok := nextField(p, i)
		if !ok {
			return splitNo
		}
		i = end
		if f.wire == 0 && f.value == code && f.number != beside.number {
			return splitSame
		}
		if f.wire == 0 && f.number == 1 && beside.number == 2 && f.value > 0 && f.value < 1000 {
			return splitOther
		}
	}
	return splitNo
}

// packedVarints looks at a packed repeated field.
func (s *scan) packedVarints(l *layer, p []byte, at int) {
	for i := 0; i < len(p); {
		_, end, ok := readVarint(p, i)
		if !ok {
			return
		}
		i = end
	}
	for i := 0; i < len(p); {
		v, end, _ := readVarint(p, i)
		if end-i >= 4 {
			s.whole64(l, span{at + i, at + end}, v, end-i >= 5)
		}
		i = end
	}
}
