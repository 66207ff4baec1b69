package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"sealbook/verifier/engine"
	"sealbook/verifier/stream"
	"sealbook/wasm/batch"
	"sealbook/wasm/contacts"
	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

var matchCommand = command{
	name:  "match",
	usage: []string{"--contacts FILE [--region XX] HASH...", "--contacts FILE [--region XX] --hashes FILE"},
	brief: "whose number a digest is, and by which recipe",
	about: `
Looks for digests among those of your contacts: of every number and e-mail
address in FILE by every published recipe and the whole grid (7 spellings and
e-mail, each under MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512). The file
is vCard, CSV or a plain list, as any phone or mail program exports it.

HASH is hexadecimal or Base64 of any variant, in any case, whole or cut to no
less than 4 bytes; "sha256:", "0x", quotes and "…" around it don't matter. Put
-- before digests that may begin with -. What is not hashed but sent as it is
(klaviyo, whatsapp-usync) is found by its text.

For each contact that a digest belongs to the output has the digest, the number,
the name and line in FILE, and the recipes: published ones that write it in
this way, those that write the same digest in another way, and its name in the
grid. A short digest may fit by coincidence: "bytes" says how much of it there
was to compare. At the end come the digests that were not found.

With --jsonl each line out is
  {"digest","found","e164","email","name","line","recipes","other_encoding",
   "grid","bytes","of","error"}
with what is absent as null; "error" is NOT_A_DIGEST or null.

The file may be of any length; the digests are held in memory, about 300 bytes
each.`,
	options: []string{"contacts", "hashes", "region", "column", "jsonl", "engine", "jobs"},
	exits: [3]string{
		"clean: none of the digests belongs to a contact",
		"found: at least one does",
		"could not check: as for other commands, or none was found but some of the contacts or digests could not be read",
	},
	samples: []string{
		"verifier match --contacts contacts.vcf --region GB faad3b10918e39b5f4d5334f1e1e1287…",
		"verifier match --contacts contacts.csv --region FI --hashes captured.txt --jsonl",
	},
	run: runMatch,
}

func runMatch(s *session) (int, error) {
	if s.contacts == "" {
		return 0, fail("--contacts is missing", "the file with the contacts, as in --contacts contacts.vcf")
	}
	texts, err := s.hashTexts()
	if err != nil {
		return 0, err
	}
	in := s.in
	if s.contacts != "-" {
		if in, err = openFile("the file of --contacts", s.contacts); err != nil {
			return 0, err
		}
		defer in.Close()
	}
	source, err := s.source()
	if err != nil {
		return 0, err
	}
	defer source.Close()

	m := &matching{session: s, targets: newTargets(texts), calculations: calculations(), home: batch.RegionCode(s.region)}
	rows := newContactRows(in, s.column)
	defer rows.stop()
	job := stream.Job{In: rows, Cut: stream.Lines, Out: s.out}
	for range s.jobs {
		e, err := source.New()
		if err != nil {
			return 0, err
		}
		w := &matcher{matching: m, e: e}
		job.Workers = append(job.Workers, w.work)
	}
	bar := newProgress(s, in)
	job.Done = func(_ int64, c *stream.Chunk) {
		if len(c.Bad) > 0 {
			bar.clear()
			for _, p := range c.Bad {
				s.warn("contacts, line %d: %s", p.Line, p.Reason)
			}
		}
		bar.show(rows.read.Load(), c.Rows.Rows)
	}
	total, err := stream.Run(job)
	bar.clear()
	if err != nil {
		if bad, ok := errors.AsType[*stream.InputError](err); ok {
			if code, ok := errors.AsType[contacts.Code](bad.Err); ok {
				return 0, contactsFailure(code)
			}
			return 0, fail("cannot read the contacts: "+bad.Err.Error(), "")
		}
		return 0, err
	}
	return m.finish(total)
}

// hashTexts are the digests of the command line, or of --hashes.
func (s *session) hashTexts() (texts []string, err error) {
	switch {
	case len(s.args) > 0 && s.hashes != "":
		return nil, fail("HASH and --hashes exclude each other", "")
	case len(s.args) > 0:
		return s.args, nil
	case s.hashes == "":
		return nil, fail("there is no digest to look for", "give digests as arguments, or a file of them with --hashes")
	case s.hashes == "-" && s.contacts == "-":
		return nil, fail("--contacts and --hashes cannot both be standard input", "")
	}
	in := s.in
	if s.hashes != "-" {
		if in, err = openFile("the file of --hashes", s.hashes); err != nil {
			return nil, err
		}
		defer in.Close()
	}
	if texts, err = readHashes(in); err != nil {
		return nil, fail("the file of --hashes: "+err.Error(), "it has a digest a line")
	}
	if len(texts) == 0 {
		return nil, fail("the file of --hashes has no digests", "it has a digest a line")
	}
	return texts, nil
}

// contactsFailure explains a file that holds no contacts.
func contactsFailure(code contacts.Code) error {
	hint := "vCard (.vcf), CSV with a header, or a number a line"
	switch code {
	case contacts.NoSuchColumn:
		hint = "--column names the column with the numbers as the header does, or counts: 1 is the first"
	case contacts.NoNumberColumn:
		hint = "--column says which column has the numbers"
	}
	return fail("the file of --contacts holds no contacts that can be read ("+code.String()+")", hint)
}

// matching is what the workers share.
type matching struct {
	*session
	targets      *targets
	calculations []calculation
	home         uint32
}

// matcher looks for the targets among the digests of rows of contacts.
type matcher struct {
	*matching
	e      engine.Engine
	people []person
	hits   []personHit
}

// person is a row of contacts.
type person struct {
	line       int
	name, text []byte
	email      bool
	e164       []byte
}

type personHit struct {
	person int
	hit
}

// work is a [stream.Worker].
func (m *matcher) work(c *stream.Chunk) error {
	m.people = m.people[:0]
	for rest := c.In; len(rest) > 0; {
		end := bytes.IndexByte(rest, '\n')
		f := bytes.Split(rest[:end], []byte("\t"))
		rest = rest[end+1:]
		line, _ := strconv.Atoi(string(f[2]))
		switch string(f[0]) {
		case "problem":
			c.Bad = append(c.Bad, stream.Problem{Line: line, Reason: string(f[3])})
			if loses(string(f[3])) {
				c.Rows.Bad++
			}
		case "number", "email":
			m.people = append(m.people, person{line: line, name: f[5], text: f[6], email: f[0][0] == 'e'})
		}
	}
	c.Rows.Rows = len(m.people)
	for rest := m.people; len(rest) > 0; {
		n, size := 0, 0
		for n < len(rest) && n < batch.MaxItems && size+len(rest[n].text)+1 <= batch.InputSize {
			size += len(rest[n].text) + 1
			n++
		}
		if err := m.group(c, rest[:n]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

// loses tells whether a problem means that a number may have been passed over.
func loses(code string) bool {
	switch code {
	case contacts.MissingBegin.String(), contacts.MissingEnd.String(), contacts.UnreadableCharset.String():
		return false
	}
	return true
}

// load puts the texts of people into the input; those of the other kind are
// empty lines.
func (m *matcher) load(people []person, email bool) int {
	in := m.e.Input()[:0]
	for i := range people {
		if people[i].email == email {
			in = append(in, people[i].text...)
		}
		in = append(in, '\n')
	}
	return len(in)
}

// group looks for the targets among the digests of people that fit into one
// batch.
func (m *matcher) group(c *stream.Chunk, people []person) error {
	m.hits = m.hits[:0]
	then := func(row int, h hit) { m.hits = append(m.hits, personHit{row, h}) }
	if _, err := m.e.Parse(m.load(people, false), m.home, 0); err != nil {
		return err
	}
	for i := range people {
		r := engine.Record(m.e, i)
		people[i].e164 = append(people[i].e164[:0], r[8:8+r[7]]...)
		if number.Code(r[0]) == number.InvalidCountryCode && !people[i].email && m.home == 0 {
			c.Rows.Failing++
		}
	}
	for k := range m.calculations {
		calc := &m.calculations[k]
		if calc.email {
			continue
		}
		handle, err := engine.Define(m.e, calc.name)
		if err != nil {
			return err
		}
		for first := 0; first < len(people); {
			n, err := m.e.Digest(handle, first)
			if err != nil {
				return err
			}
			calc.check(m.e, m.targets, first, then)
			first += n
		}
	}
	if slices.ContainsFunc(people, func(p person) bool { return p.email }) {
		if err := m.emails(people, then); err != nil {
			return err
		}
	}
	return m.report(c, people)
}

func (m *matcher) emails(people []person, then func(int, hit)) error {
	for k := range m.calculations {
		calc := &m.calculations[k]
		if !calc.email {
			continue
		}
		handle, err := engine.Define(m.e, calc.name)
		if err != nil {
			return err
		}
		for first := 0; first < len(people); {
			n, err := m.e.Hash(m.load(people[first:], true), handle, 0)
			if err != nil {
				return err
			}
			calc.check(m.e, m.targets, first, func(row int, h hit) {
				if people[row].email {
					then(row, h)
				}
			})
			first += n
		}
	}
	return nil
}

// report writes the hits, all of a person and a target together.
func (m *matcher) report(c *stream.Chunk, people []person) error {
	slices.SortStableFunc(m.hits, func(a, b personHit) int {
		if a.person != b.person {
			return a.person - b.person
		}
		return int(a.target - b.target)
	})
	for hits := m.hits; len(hits) > 0; {
		n := 1
		for n < len(hits) && hits[n].person == hits[0].person && hits[n].target == hits[0].target {
			n++
		}
		if o := m.outcome(hits[:n]); len(o.recipes)+len(o.others)+len(o.grid) > 0 {
			m.targets.found[hits[0].target].Store(true)
			if m.jsonl {
				c.Out = o.appendJSON(c.Out, m.targets.texts[hits[0].target], &people[hits[0].person])
			} else {
				c.Out = o.appendText(c.Out, m.targets.texts[hits[0].target], &people[hits[0].person])
			}
		}
		hits = hits[n:]
	}
	return nil
}

// outcome is what the hits of one person and one target come to.
type outcome struct {
	recipes []string // that write the digest in this way
	others  []string // that write it in another way
	grid    []string
	bytes   int // of the target; 0 if it is text
	of      int // of the digest
}

func (m *matcher) outcome(hits []personHit) (o outcome) {
	add := func(to *[]string, name string) {
		if !slices.Contains(*to, name) {
			*to = append(*to, name)
		}
	}
	for _, h := range hits {
		if h.reading < 0 {
			for _, published := range h.c.members {
				add(&o.recipes, published.id)
			}
			continue
		}
		r := &m.targets.readings[h.reading]
		whole := h.c.Size()
		o.bytes, o.of = len(r.bytes), whole
		for _, published := range h.c.members {
			switch {
			case len(r.bytes) > published.size:
			case published.class == r.class:
				add(&o.recipes, published.id)
			default:
				add(&o.others, published.id)
			}
			if len(r.bytes) == published.size {
				o.of = published.size
			}
		}
		if h.c.grid != "" {
			name := h.c.grid + "/" + r.spelling(m.targets.texts[h.target])
			if len(r.bytes) < whole {
				name += "/" + strconv.Itoa(len(r.bytes))
			}
			add(&o.grid, name)
		}
	}
	return o
}

func (o *outcome) appendText(dst []byte, digest string, p *person) []byte {
	dst = append(appendVisible(dst, []byte(digest)), '\n')
	field := func(name string, text []byte) {
		if len(text) > 0 {
			dst = append(appendVisible(fmt.Appendf(dst, "  %-9s ", name), text), '\n')
		}
	}
	if p.email {
		field("e-mail", p.text)
	} else {
		field("number", p.e164)
	}
	field("name", p.name)
	field("line", strconv.AppendInt(nil, int64(p.line), 10))
	field("recipes", []byte(strings.Join(marked(o.recipes), ", ")))
	field("otherwise", []byte(strings.Join(marked(o.others), ", ")))
	field("grid", []byte(strings.Join(o.grid, ", ")))
	if o.bytes > 0 {
		note := ""
		if o.bytes < o.of && o.bytes < 8 {
			note = ": may fit by coincidence"
		}
		field("bytes", fmt.Appendf(nil, "%d of %d%s", o.bytes, o.of, note))
	}
	return dst
}

// marked says of which recipes there is no source.
func marked(ids []string) []string {
	out := slices.Clone(ids)
	for i, id := range ids {
		if r, ok := recipe.Lookup(id); ok && r.Confidence() == recipe.RecallOnly {
			out[i] += " (recall-only)"
		}
	}
	return out
}

func (o *outcome) appendJSON(dst []byte, digest string, p *person) []byte {
	dst = appendQuoted(append(dst, `{"digest":`...), []byte(digest))
	dst = append(dst, `,"found":true,"e164":`...)
	if p.email {
		dst = appendQuoted(append(dst, `null,"email":`...), p.text)
	} else {
		dst = append(appendQuoted(dst, p.e164), `,"email":null`...)
	}
	dst = append(dst, `,"name":`...)
	if len(p.name) == 0 {
		dst = append(dst, "null"...)
	} else {
		dst = appendQuoted(dst, p.name)
	}
	dst = fmt.Appendf(dst, `,"line":%d`, p.line)
	for _, list := range []struct {
		name string
		of   []string
	}{{"recipes", o.recipes}, {"other_encoding", o.others}, {"grid", o.grid}} {
		dst = fmt.Appendf(dst, `,"%s":[`, list.name)
		for i, id := range list.of {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendQuoted(dst, []byte(id))
		}
		dst = append(dst, ']')
	}
	if o.bytes == 0 {
		return append(dst, `,"bytes":null,"of":null,"error":null}`+"\n"...)
	}
	return fmt.Appendf(dst, `,"bytes":%d,"of":%d,"error":null}`+"\n", o.bytes, o.of)
}

// finish writes the targets that were not found and judges the whole.
func (m *matching) finish(total stream.Counts) (int, error) {
	out := bufio.NewWriter(m.out)
	missing, useless, any := 0, 0, false
	for i, text := range m.targets.texts {
		if m.targets.found[i].Load() {
			any = true
			continue
		}
		missing++
		says, code := "not found", "null"
		if m.targets.useless[i] {
			useless++
			says, code = "not a digest", `"NOT_A_DIGEST"`
		}
		if m.jsonl {
			out.Write(appendQuoted([]byte(`{"digest":`), []byte(text)))
			fmt.Fprintf(out, `,"found":false,"e164":null,"email":null,"name":null,"line":null,"recipes":null,"other_encoding":null,"grid":null,"bytes":null,"of":null,"error":%s}`+"\n", code)
		} else {
			out.Write(appendVisible(nil, []byte(text)))
			fmt.Fprintf(out, "\n  %s\n", says)
		}
	}
	if err := out.Flush(); err != nil {
		return 0, &stream.WriteError{Err: err}
	}
	switch {
	case total.Failing > 0 && missing > 0:
		m.warn("%d numbers of the contacts have no country code and were not looked at", total.Failing)
	}
	switch {
	case any:
		return found, nil
	case useless > 0:
		return 0, fail(fmt.Sprintf("%d of the %d texts to look for are no digests", useless, len(m.targets.texts)), "a digest is hexadecimal or Base64, of 4 to 64 bytes")
	case total.Bad > 0:
		return 0, fail(fmt.Sprintf("nothing was found, but %d lines of the contacts could not be read", total.Bad), "the warnings name the lines")
	case total.Failing > 0:
		return 0, fail("nothing was found, but not all numbers could be looked at", "--region says in which country they were written down, as in --region GB")
	case total.Rows == 0:
		return 0, fail("the contacts have neither numbers nor e-mail addresses", "")
	}
	return clean, nil
}

var _ io.Reader = (*contactRows)(nil)
