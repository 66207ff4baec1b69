package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"sealbook/verifier/stream"
	"sealbook/wasm/contacts"
	"sealbook/wasm/contacts/file"
	"sealbook/wasm/contacts/sift"
	"sealbook/wasm/field"
	"sealbook/wasm/number"
)

var contactsCommand = command{
	name:  "contacts",
	usage: []string{"[--region XX] [--drop REASON,…] [--jsonl] FILE"},
	brief: "which numbers of your contacts are worth looking for, and why not the others",
	about: `
Reads a file of contacts (vCard, CSV, LDIF, JSON, XML or a plain list, as any
phone, mail or chat program exports it, also in a .zip or .gz; "-" is standard
input) and gives every number in it in
E.164, kept or not: emergency and short numbers, what is no number, what is not
valid and what costs extra are not worth hashing or looking for. Nothing is left
out: what is not kept is listed with its reason.

The output has columns for E.164, REASON, TYPE, LINE of the file, the text as it
was and the name, separated by blanks; "-" is "none". REASON is
  KEPT           the number is kept
  EMERGENCY      police, fire brigade, ambulance …
  SHORT          another service that can be called inside the region alone
  IMPOSSIBLE     too long or too short
  LOCAL_ONLY     without its area code
  INVALID        in no range in use
  AMBIGUOUS      can be read as two numbers
  ROUNDED        a spreadsheet has cut its last digits
  a type, such as PREMIUM_RATE: valid, and not wanted
  or why it is no number, as "verifier number" says it.

--drop chooses what is not kept of IMPOSSIBLE, LOCAL_ONLY, INVALID and the types
that "verifier number" has, separated by commas; "nothing" keeps whatever is a
number. Emergency and short numbers are never kept. Where it is left out, it is
  ` + "IMPOSSIBLE,LOCAL_ONLY,INVALID,PREMIUM_RATE,SHARED_COST,VOICEMAIL" + `

Without --region the region is guessed: under which are the numbers without a
country code valid, and in its way of writing; where several fit, the language
of this machine decides, or the country codes of the other numbers. The guess is
told on standard error.

With --jsonl each line out is
  {"input","e164","kept","reason","type","region_of","name","repairs","line"}
where what is absent is null. A field with several numbers is several lines; what
was mended in it "repairs" says, in the codes of "verifier number --lenient".`,
	options: []string{"region", "drop", "column", "jsonl"},
	auto:    true,
	exits: [3]string{
		"every number is kept",
		"at least one is not",
		"could not check: the file cannot be read, has no numbers, or lines of it could not be read",
	},
	samples: []string{
		"verifier contacts contacts.vcf",
		"verifier contacts --region GB --jsonl contacts.csv > numbers.jsonl",
		"verifier contacts --drop nothing contacts.vcf",
	},
	run: runContacts,
}

func runContacts(s *session) (int, error) {
	if len(s.args) != 1 {
		return 0, fail("it takes one FILE", "the file with the contacts, as in verifier contacts contacts.vcf")
	}
	if s.region == "" {
		s.region = autoRegion
	}
	in, err := s.contactsInput("FILE", s.args[0])
	if err != nil {
		return 0, err
	}
	defer in.Close()
	l := &sieve{session: s, filter: sift.Filter{Region: s.region, Drop: s.drop}, out: bufio.NewWriterSize(s.out, 64<<10), counts: map[sift.Reason]int{}}
	return l.list(in)
}

// sieve lists numbers and why they are not kept.
type sieve struct {
	*session
	filter sift.Filter
	out    *bufio.Writer
	line   []byte
	counts map[sift.Reason]int
	total  int
	bad    int
}

func (l *sieve) list(in io.Reader) (int, error) {
	if !l.jsonl {
		l.out.WriteString("E164              REASON                TYPE                  LINE    INPUT  NAME\n")
	}
	for e, err := range file.Read(in, contacts.Options{Number: l.column}) {
		if _, ok := errors.AsType[contacts.Code](err); ok {
			return 0, contactsFailure("FILE", err)
		}
		if err != nil {
			return 0, fail("cannot read FILE: "+bare(err).Error(), "")
		}
		switch e.Kind {
		case contacts.Number:
			l.line = l.entry(l.line[:0], e)
			if _, err := l.out.Write(l.line); err != nil {
				return 0, &stream.WriteError{Err: err}
			}
		case contacts.Problem:
			l.problem(e)
			if e.Code.Loses() {
				l.bad++
			}
		}
	}
	if err := l.out.Flush(); err != nil {
		return 0, &stream.WriteError{Err: err}
	}
	return l.finish()
}

// problem tells of what could not be read, or was guessed.
func (s *session) problem(e *contacts.Entry) {
	switch {
	case e.Code == contacts.GuessedCharset:
		s.note("the contacts do not say their encoding; names are read as %s, by their letters", e.Text)
	default:
		s.warn("contacts, line %d: %s", e.Line, e.Code)
	}
}

// entry writes a field's numbers, each as a line.
func (l *sieve) entry(dst []byte, e *contacts.Entry) []byte {
	for _, f := range l.filter.Read(e.Text, string(e.Country)) {
		dst = l.number(dst, e, f)
	}
	return dst
}

// number writes one.
func (l *sieve) number(dst []byte, e *contacts.Entry, f sift.Found) []byte {
	l.total++
	l.counts[f.Reason]++
	e164, kind, region := f.Number.String(), "", ""
	if e164 != "" {
		info := f.Number.Info()
		kind, region = info.Type.String(), info.Region
	}
	if l.jsonl {
		dst = appendQuoted(append(dst, `{"input":`...), e.Text)
		dst = appendOptional(append(dst, `,"e164":`...), e164)
		dst = fmt.Appendf(dst, `,"kept":%t`, f.Reason == sift.Kept)
		why := f.Reason.String()
		if f.Reason == sift.Kept {
			why = ""
		}
		dst = appendOptional(append(dst, `,"reason":`...), why)
		dst = appendOptional(append(dst, `,"type":`...), kind)
		dst = appendOptional(append(dst, `,"region_of":`...), region)
		dst = appendOptional(append(dst, `,"name":`...), string(e.Name))
		dst = append(dst, `,"repairs":[`...)
		first := true
		for r := range field.Repair(field.RepairCount) {
			if !f.Repairs.Has(r) {
				continue
			}
			if !first {
				dst = append(dst, ',')
			}
			first = false
			dst = append(append(append(dst, '"'), r.String()...), '"')
		}
		return fmt.Appendf(dst, "],\"line\":%d}\n", e.Line)
	}
	dst = column(dst, orNone(e164), e164Width)
	dst = column(dst, f.Reason.String(), statusWidth)
	dst = column(dst, orNone(kind), kindWidth)
	dst = column(dst, fmt.Sprint(e.Line), 6)
	dst = appendVisible(dst, e.Text)
	if len(e.Name) > 0 {
		dst = appendVisible(append(dst, "  "...), e.Name)
	}
	return append(dst, '\n')
}

func orNone(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// appendOptional appends a text as JSON, null for none.
func appendOptional(dst []byte, s string) []byte {
	if s == "" {
		return append(dst, "null"...)
	}
	return appendQuoted(dst, []byte(s))
}

// finish says how many were not kept, by reason, and judges the whole.
func (l *sieve) finish() (int, error) {
	dropped := l.total - l.counts[sift.Kept]
	if dropped > 0 {
		var parts []string
		for reason, n := range l.counts {
			if reason != sift.Kept {
				parts = append(parts, fmt.Sprintf("%s %d", reason, n))
			}
		}
		slices.Sort(parts)
		l.note("%d of %d numbers are not kept: %s", dropped, l.total, strings.Join(parts, ", "))
	}
	switch {
	case l.total == 0:
		return 0, fail("the contacts have no numbers", "")
	case l.bad > 0:
		return 0, fail(fmt.Sprintf("%d lines of the contacts could not be read", l.bad), "the warnings name the lines")
	case dropped > 0:
		return found, nil
	}
	return clean, nil
}

// dropped reads the value of --drop.
func dropped(v string) (sift.Reasons, error) {
	set := sift.Nothing
	if v == "nothing" {
		return set, nil
	}
	for name := range strings.SplitSeq(strings.ToUpper(v), ",") {
		r, ok := droppable()[name]
		if !ok {
			return 0, fail("--drop is not a list of reasons", "verifier contacts --help lists them; or \"nothing\"")
		}
		set |= sift.Set(r)
	}
	return set, nil
}

// droppable are the reasons that can be chosen, by name.
func droppable() map[string]sift.Reason {
	list := map[string]sift.Reason{}
	for _, r := range []sift.Reason{sift.Impossible, sift.LocalOnly, sift.Invalid} {
		list[r.String()] = r
	}
	for t := number.FixedLine; t <= number.Voicemail; t++ {
		list[t.String()] = sift.OfType(t)
	}
	return list
}

// dropWords are the values that completion offers.
func dropWords() []string {
	words := []string{"nothing"}
	for name := range droppable() {
		words = append(words, name)
	}
	slices.Sort(words)
	return words
}
