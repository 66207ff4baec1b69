package main

import (
	"bytes"
	"slices"
	"strconv"

	"sealbook/verifier/engine"
	"sealbook/verifier/stream"
	"sealbook/wasm/batch"
	"sealbook/wasm/contacts"
	"sealbook/wasm/number"
)

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
	case contacts.MissingBegin.String(), contacts.MissingEnd.String(), contacts.UnreadableCharset.String(), contacts.GuessedCharset.String(), contacts.SkippedFile.String():
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
		people[i].e164 = append(people[i].e164[:0], r.E164()...)
		if r.Code() == number.InvalidCountryCode && !people[i].email && m.home == 0 {
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
			n, err := engine.Digests(m.e, &calc.Recipe, handle, first, len(people), func(i int) number.Number {
				if len(people[i].e164) == 0 {
					return number.Number{}
				}
				n, _ := number.ParseBytes(people[i].text, m.session.region)
				return n
			})
			if err != nil {
				return err
			}
			calc.check(m.e, m.targets, first, func(row int, h hit) {
				if len(people[row].e164) > 0 {
					then(row, h)
				}
			})
			first += n
		}
	}
	for i := range people {
		if !people[i].email {
			m.typed(i, &people[i], then)
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
