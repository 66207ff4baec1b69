package audit

import (
	"slices"

	"sealbook/wasm/capture"
)

// place is what kind of part is looked at.
type place uint8

const (
	inOther place = iota
	inPath
	inHeader
	inCookie
	inQuery // what follows may be encrypted as a whole
	inBody
	inPart
)

// An Auditor looks through captures, one after another.
type Auditor struct {
	scan   scan
	report Report
	seen   int // messages
}

// New returns an auditor of a book, which must not change any more.
func New(b *Book, o Options) *Auditor {
	a := new(Auditor)
	a.Reset(b, o)
	return a
}

// Reset makes the auditor one of another book. Of what was before it keeps nothing
// but room of a fixed size. With nil it only forgets, until it is reset again.
func (a *Auditor) Reset(b *Book, o Options) {
	*a = Auditor{scan: scan{b: b, o: o.withDefaults(), memo: a.scan.memo}}
	if b != nil {
		b.build()
		a.reset()
	}
}

func (a *Auditor) reset() {
	s := &a.scan
	a.report, a.seen = Report{}, 0
	s.out, s.lateFound = nil, nil
	s.last = make([]int, len(s.b.contacts))
	s.tokens.forget()
	s.salts, s.keys, s.beside = salts{}, salts{}, salts{}
	s.memo.forget()
	for _, text := range s.o.Salts {
		s.salts.addAll([]byte(text), 3*len(s.o.Salts))
	}
	s.salts.own = len(s.salts.list)
}

// Message looks through a message of the capture. It keeps nothing of m. It
// returns how many findings the message has so far: salted digests are found at
// the end.
func (a *Auditor) Message(m *capture.Message) int {
	s := &a.scan
	if m.Index >= 0 {
		a.report.Messages++
	}
	if m.Time != 0 {
		if a.report.First == 0 || m.Time < a.report.First {
			a.report.First = m.Time
		}
		a.report.Last = max(a.report.Last, m.Time)
	}
	for _, p := range m.Problems {
		a.unreadable(m, p.Reason.String(), p.Offset)
	}
	before := len(s.out)
	s.sent = nil
	for i := range m.Parts {
		a.part(m, &m.Parts[i])
	}
	a.parameters(m)
	a.seen++
	a.settle(m, before)
	return len(s.out) - before
}

func (a *Auditor) unreadable(m *capture.Message, reason string, offset int64) {
	list := a.report.Unreadable
	for i := range list {
		u := &list[len(list)-1-i]
		if u.Index == m.Index && u.InStream == m.InStream && u.Response == (m.Direction == capture.Response) && u.Reason == reason {
			return
		}
		if i == 8 {
			break
		}
	}
	a.report.Unreadable = append(list, Unreadable{m.Index, m.InStream, m.Direction == capture.Response, reason, offset})
}

func newSent(m *capture.Message, nth int) *Sent {
	return &Sent{
		Index: m.Index, InStream: m.InStream, Response: m.Direction == capture.Response, WebSocket: m.Protocol == capture.WebSocket,
		Method: string(m.Method), Host: string(m.Host), Target: string(m.Target), Status: m.Status, Time: m.Time, Nth: nth,
	}
}

// part looks through one part.
func (a *Auditor) part(m *capture.Message, p *capture.Part) {
	s := &a.scan
	if len(p.Bytes) == 0 {
		return
	}
	kind := inOther
	switch p.Place {
	case capture.Path:
		kind = inPath
	case capture.Query:
		kind = inQuery
	case capture.Header:
		kind = inHeader
	case capture.Cookie:
		kind = inCookie
	case capture.Body, capture.WebSocketMsg:
		kind = inBody
	case capture.BodyPart:
		kind = inPart
	}
	if len(p.Bytes) <= 3*longestSalt && (saltName(p.Name) || keyName(p.Name)) { // also where the value is known
		s.maySalt(p.Name, unpercent(nil, p.Bytes, false))
	}
	h := s.memo.hash(s.b.secret, p.Bytes, uint64(kind)|uint64(m.Direction)<<8|uint64(len(p.Name))<<16)
	if s.memo.has(h) {
		return
	}
	found, kept, noted := len(s.out), len(s.tokens.list), len(a.report.Unreadable)
	if s.sent == nil {
		s.sent = newSent(m, a.seen)
	}
	s.location = p.Location()
	s.before = p.Chain
	s.name = string(p.Name)
	s.place = kind
	s.count = 0
	s.tries = 64
	s.noted = ""
	s.work = s.o.MaxWork + 64*int64(len(p.Bytes))
	s.note = func(reason string) { a.unreadable(m, reason, 0) }
	clear(s.last)
	l := &s.root
	moves := l.moves[:0]
	*l = layer{p: p.Bytes, moves: moves}
	s.look(l)
	// What came of other readings of the same bytes is told once.
	n := found
	for i := found; i < len(s.out); i++ {
		if !s.out[i].dropped {
			s.out[n] = s.out[i]
			n++
		}
	}
	clear(s.out[n:])
	s.out = s.out[:n]
	if n == found && kept == len(s.tokens.list) && noted == len(a.report.Unreadable) && !tellingText(p.Name) {
		s.memo.add(h)
	}
}

// settle weighs the findings of a message against each other: a national number
// and the calling code in another parameter, a name and a number of its owner.
func (a *Auditor) settle(m *capture.Message, from int) {
	s := &a.scan
	if len(s.out) == from {
		return
	}
	n := from
	for i := from; i < len(s.out); i++ {
		f := &s.out[i]
		if f.Kind == Number && f.whole && !f.spelled.withCode() && f.spelled != reversed {
			switch s.besides(m, f) {
			case splitSame:
				f.Certainty = Certain
			case splitOther:
				continue
			}
		}
		if f.Kind == Number && f.Certainty == Possible && s.surer(f, from) {
			continue // what was undone shows it better
		}
		if f.Kind == Name {
			for k := from; k < len(s.out); k++ {
				if g := &s.out[k]; g.Contact == f.Contact && g.Kind != Name && g.Certainty >= Likely {
					f.Certainty = Likely
				}
			}
		}
		s.out[n] = *f
		n++
	}
	clear(s.out[n:])
	s.out = s.out[:n]
}

// surer reports whether the same part has a better finding of the same number.
func (s *scan) surer(f *Finding, from int) bool {
	for k := from; k < len(s.out); k++ {
		if g := &s.out[k]; g.owner == f.owner && g.Kind == Number && g.Certainty >= Likely && g.Location == f.Location {
			return true
		}
	}
	return false
}

// End ends the capture: it looks for salted and double digests, and returns what
// was found. The auditor is ready for the next capture.
func (a *Auditor) End() *Report {
	s := &a.scan
	s.late()
	for _, salt := range slices.Concat(s.salts.list[s.salts.own:], s.keys.list, s.beside.list) {
		a.report.Salts = append(a.report.Salts, s.value(&layer{p: salt}, span{0, len(salt)}))
	}
	a.report.Findings = s.out
	sortFindings(a.report.Findings)
	r := a.report
	a.reset()
	return &r
}

// sortFindings puts them in the order of messages, and within one in that of
// contacts; stable, and by merging, for there may be many.
func sortFindings(list []Finding) {
	if len(list) < 2 {
		return
	}
	half := len(list) / 2
	sortFindings(list[:half])
	sortFindings(list[half:])
	merged := make([]Finding, 0, len(list))
	a, b := list[:half], list[half:]
	for len(a) > 0 && len(b) > 0 {
		if before(&b[0], &a[0]) {
			merged = append(merged, b[0])
			b = b[1:]
		} else {
			merged = append(merged, a[0])
			a = a[1:]
		}
	}
	merged = append(append(merged, a...), b...)
	copy(list, merged)
}

func before(a, b *Finding) bool {
	if a.Sent.Nth != b.Sent.Nth {
		return a.Sent.Nth < b.Sent.Nth
	}
	return false
}
