//go:build old

package main

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"sealbook/verifier/discovery"
	"sealbook/wasm/contacts"
	"sealbook/wasm/contacts/file"
	"sealbook/wasm/contacts/sift"
	"sealbook/wasm/directory"
)

var discoverCommand = command{
	name:  "discover",
	usage: []string{"--account FILE --contacts FILE [--region XX] [--state FILE]"},
	brief: "which of your contacts are in a directory, without showing it which",
	about: `
Looks for the numbers of your contacts (vCard, CSV or a plain list) among the
people of a directory. Numbers do not leave this machine: each is blinded with a
random factor of its own, and what is sent is as random as the factor. The
directory computes on it under its key, proves that it did, and the proof is
checked. Matching is done here, on files that are the same for everybody.

What the directory and those who carry the packets do learn is your network
address, the time, the size of the batches (8, 64, 256 or 1,024, filled up with
random elements), and blocks of records that are read, with as many decoys.

Each new number costs one evaluation of the account's budget. With --state what
was paid for is kept, and a run that was cut off goes on; the file is as private
as your contacts. With --transcript all that is sent is written down, with what
it is made of, for verifier transcript.

--region auto guesses in which country numbers without + were written down, as
"verifier contacts" does, and says so.

With --json the output is
  {"found":[{"number","name","line","handle","flags"}],"contacts":{…},"counts":{…}}`,
	options: []string{"account", "contacts", "column", "region", "state", "transcript", "json"},
	auto:    true,
	exits:   [3]string{"searched, whether or not somebody was found", notVerified, couldNotReach},
	samples: []string{"verifier discover --account me.account --contacts contacts.vcf --state me.state"},
	run:     runDiscover,
}

// written is a number of the contacts, as somebody wrote it down.
type written struct {
	name string
	line uint32
}

// readBook reads the contacts.
func (s *session) readBook() (*discovery.Book, []written, error) {
	if s.contacts == "" {
		return nil, nil, fail("--contacts is missing", "the file with the contacts, as in --contacts contacts.vcf")
	}
	in, err := s.contactsInput("the file of --contacts", s.contacts)
	if err != nil {
		return nil, nil, err
	}
	defer in.Close()
	book := new(discovery.Book)
	filter := sift.Filter{Region: s.region}
	var entries []written
	for e, err := range file.Read(in, contacts.Options{Number: s.column}) {
		if err != nil {
			if _, ok := errors.AsType[contacts.Code](err); ok {
				return nil, nil, contactsFailure("the file of --contacts", err)
			}
			return nil, nil, fail("cannot read the contacts: "+bare(err).Error(), "")
		}
		switch e.Kind {
		case contacts.Problem:
			s.problem(e)
		case contacts.Number:
			for _, f := range filter.Read(e.Text, string(e.Country)) {
				text := f.Number.String()
				if n, _ := filter.Judge(e.Text); n.String() == text {
					text = string(e.Text) // with its extension
				}
				book.Add(len(entries), text, s.region)
			}
			entries = append(entries, written{string(e.Name), e.Line})
		}
	}
	c := book.Counts
	if left := c.Unreadable + c.Invalid + c.Services + c.Extensions; left > 0 {
		s.warn("%d of %d numbers are left out: %d unreadable or without country code, %d not in use, %d of services, %d with an extension; verifier contacts lists them",
			left, c.Texts, c.Unreadable, c.Invalid, c.Services, c.Extensions)
	}
	if c.Numbers == 0 {
		return nil, nil, fail("the contacts have no number to look for", "--region says in which country they were written down, as in --region GB; --region auto guesses")
	}
	return book, entries, nil
}

func runDiscover(s *session) (int, error) {
	book, entries, err := s.readBook()
	if err != nil {
		return 0, err
	}
	ctx, stop := interruptible()
	defer stop()
	_, d, credential, err := s.mine(ctx)
	if err != nil {
		return 0, err
	}
	state := discovery.NewState(d)
	if s.state != "" {
		if state, err = discovery.LoadState(s.state, d); err != nil {
			return 0, ofDirectory(err)
		}
	} else {
		s.warn("without --state every run pays for all numbers again")
	}
	s.warnOfAddress(d)
	s.warn("it sees batches of 8, 64, 256 or 1,024 elements and blocks of records, not which numbers, nor whom you find")
	bar := newProgress(s, nil)
	result, err := d.Discover(ctx, discovery.Search{
		Credential: credential, Numbers: book.Numbers, State: state,
		Progress: func(p discovery.Progress) { bar.show(int64(p.Done), 1) },
	})
	bar.clear()
	if err != nil {
		return 0, ofDirectory(err)
	}
	if s.json {
		return clean, s.printFoundJSON(book, entries, result)
	}
	return clean, s.printFound(book, entries, result)
}

func (s *session) printFound(book *discovery.Book, entries []written, r discovery.Result) error {
	var b strings.Builder
	for _, f := range r.Found {
		for _, at := range book.Owners[f.Number] {
			fmt.Fprintf(&b, "%s\n  name      %s\n  line      %d\n  handle    %s\n  flags     %d\n",
				f.Number, visibleLine(entries[at].name), entries[at].line, handleText(f.Record.Handle), f.Record.Flags)
		}
	}
	c := r.Counts
	fmt.Fprintf(&b, "%d of %d numbers found; %d were paid for before, %d evaluations charged", len(r.Found), len(book.Numbers), c.Known, c.Charged)
	if c.Budget != nil {
		fmt.Fprintf(&b, ", %d left", *c.Budget)
	}
	b.WriteString("\n")
	return print(s.out, b.String())
}

func (s *session) printFoundJSON(book *discovery.Book, entries []written, r discovery.Result) error {
	type person struct {
		Number string `json:"number"`
		Name   string `json:"name"`
		Line   uint32 `json:"line"`
		Handle string `json:"handle"`
		Flags  uint32 `json:"flags"`
	}
	people := []person{}
	for _, f := range r.Found {
		for _, at := range book.Owners[f.Number] {
			people = append(people, person{f.Number, entries[at].name, entries[at].line, hex.EncodeToString(f.Record.Handle[:]), f.Record.Flags})
		}
	}
	b, err := json.Marshal(struct {
		Found    []person             `json:"found"`
		Contacts discovery.BookCounts `json:"contacts"`
		Counts   discovery.Counts     `json:"counts"`
	}{people, book.Counts, r.Counts})
	if err != nil {
		return err
	}
	return print(s.out, string(b)+"\n")
}

// visibleLine is a text from elsewhere on one line of a terminal.
func visibleLine(text string) string { return string(appendVisible(nil, []byte(text))) }

// scopeOf reads --scope.
func scopeOf(text string) (directory.Scope, error) {
	for _, s := range directory.Scopes() {
		if string(s) == text {
			return s, nil
		}
	}
	return "", fail("--scope is neither search nor discoverable", "")
}
