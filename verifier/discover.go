package main

import (
	"context"
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
	name: "discover",
	usage: []string{
		"--account FILE --contacts FILE [--region XX] [--state FILE]",
		"--account FILE --contacts FILE --state FILE --handle NAME",
	},
	brief: "which of your contacts are in a directory, without showing it which",
	about: `
Looks for the numbers of your contacts (vCard, CSV or a plain list) among the
people of a directory. Numbers do not leave this machine: each is blinded with a
random factor of its own, and what is sent is as random as the factor. The
directory computes on it under its key, proves that it did, and the proof is
checked. Matching is done here, on files that are the same for everybody and that
the directory has in a log: it cannot show you others.

What is sent depends on no contact and on nobody who is found. What the directory
and those who carry the packets do learn is your network address, the time, and
how many new numbers there are, rounded up to 8, 64, 256 or 1,024; the directory
also learns that it is the same account and the same device as before.

Where a directory has few people, what all of them show is read. Where it has
many, nobody's is, and a contact is only "here". --handle NAME then asks for what
one contact shows, by name or number. That is an act of its own: the request
tells the directory that somebody at your address wants one of at most 256
people, often of one. Nothing else asks for it.

Each new number costs one evaluation of the account's budget, and each run at
least 8. With --state what was paid for is kept; the file is as private as your
contacts. With --transcript all that is sent is written down, with what it is made
of, for verifier transcript.

What a contact shows is a claim: the directory evaluates everybody's number, so it
could have written it. Compare it by another way before you trust it as a key.

--region auto guesses in which country numbers without + were written down, as
"verifier contacts" does, and says so.

With --json the output is
  {"found":[{"number","name","line","handle","flags"}],"contacts":{…},"counts":{…}}
where handle is null for who is only "here".`,
	options: []string{"account", "contacts", "column", "region", "state", "handle", "transcript", "json"},
	auto:    true,
	exits:   [3]string{"searched, whether or not somebody was found", notVerified, couldNotReach},
	samples: []string{
		"verifier discover --account me.account --contacts contacts.vcf --state me.state",
		"verifier discover --account me.account --contacts contacts.vcf --state me.state \\\n  --handle \"Ben Example\"",
	},
	run: runDiscover,
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
	a, d, mine, err := s.mine()
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
	if s.handle != "" {
		return s.askHandle(ctx, d, state, book, entries)
	}
	s.warn("it sees how many new numbers there are, rounded up, and that it is you again; not which, nor whom you find")
	bar := newProgress(s, nil)
	result, err := d.Sync(ctx, discovery.Search{
		Mine: mine, Numbers: book.Numbers, State: state,
		Progress: func(p discovery.Progress) { bar.show(int64(p.Done), 1) },
	})
	bar.clear()
	if m := result.Moved; m != nil {
		// Kept before anything else, and beside an error too: the old credential may
		// be of no use any more.
		s.warn("the directory has begun epoch %d; your number went to it once more, to move your account", m.Receipt.Epoch)
		a.take(m)
		if err := a.save(); err != nil {
			return 0, err
		}
	}
	if err != nil && !errors.Is(err, discovery.Own) {
		return 0, ofDirectory(err)
	}
	s.warnOf(&result)
	show := s.printFound
	if s.json {
		show = s.printFoundJSON
	}
	if wrong := show(book, entries, result.Found, &result.Counts); wrong != nil {
		return 0, wrong
	}
	if err != nil {
		return 0, ofDirectory(err)
	}
	return clean, nil
}

// warnOf says what a sync saw beside whom it found.
func (s *session) warnOf(r *discovery.Result) {
	if r.Held != nil {
		s.warnOfRenewal(r.Held)
	}
	if r.Epochs {
		s.warn("the directory has begun two epochs within a day: each costs an evaluation for every number")
	}
	if !r.Unwatched[0].IsZero() {
		s.warn("from %s to %s nobody looked after your own entry: the changes of that time were not read",
			directory.Time(r.Unwatched[0]), directory.Time(r.Unwatched[1]))
	}
	if r.Counts.Waiting > 0 && r.WaitUntil.IsZero() {
		s.warn("%d numbers wait: the account was registered without --scope search", r.Counts.Waiting)
	} else if r.Counts.Waiting > 0 {
		s.warn("%d numbers wait: the budget covers them from %s on", r.Counts.Waiting, directory.Time(r.WaitUntil))
	}
	for _, f := range r.Found {
		if f.Before != nil {
			s.warn("a contact shows something else than at first: compare by another way before you trust it")
		}
		if f.Several {
			s.warn("two records open for one contact: somebody has written one of them, compare by another way")
		}
	}
}

// askHandle asks for what one contact shows.
func (s *session) askHandle(ctx context.Context, d *discovery.Directory, state *discovery.State, book *discovery.Book, entries []written) (int, error) {
	if s.state == "" {
		return 0, fail("--state is missing", "--handle asks for somebody whom a run with --state has found")
	}
	number := ""
	for _, n := range book.Numbers {
		named := n == s.handle
		for _, at := range book.Owners[n] {
			named = named || strings.EqualFold(entries[at].name, s.handle)
		}
		switch {
		case named && number != "":
			return 0, fail("more than one number has that name", "name the number, as it was written out")
		case named:
			number = n
		}
	}
	if number == "" {
		return 0, fail("no contact has that name or number", "")
	}
	s.warn("this tells %s that somebody at your network address wants one of at most 256 people, often of one; nothing else does", hostOf(d.URL()))
	f, err := d.Handle(ctx, state, number)
	if err != nil {
		return 0, ofDirectory(err)
	}
	show := s.printFound
	if s.json {
		show = s.printFoundJSON
	}
	s.warnOf(&discovery.Result{Found: []discovery.Found{f}})
	return clean, show(book, entries, []discovery.Found{f}, nil)
}

func (s *session) printFound(book *discovery.Book, entries []written, found []discovery.Found, c *discovery.Counts) error {
	var b strings.Builder
	for _, f := range found {
		for _, at := range book.Owners[f.Number] {
			fmt.Fprintf(&b, "%s\n  name      %s\n  line      %d\n", f.Number, visibleLine(entries[at].name), entries[at].line)
			if f.Record == nil {
				b.WriteString("  here\n")
				continue
			}
			fmt.Fprintf(&b, "  handle    %s\n  flags     %d\n", handleText(f.Record.Handle), f.Record.Flags)
		}
	}
	if c != nil {
		fmt.Fprintf(&b, "%d of %d numbers found; %d were paid for before, %d evaluations charged", len(found), len(book.Numbers), c.Known, c.Charged)
		if c.Budget != nil {
			fmt.Fprintf(&b, ", %d left", *c.Budget)
		}
		b.WriteString("\n")
	}
	return print(s.out, b.String())
}

func (s *session) printFoundJSON(book *discovery.Book, entries []written, found []discovery.Found, c *discovery.Counts) error {
	type person struct {
		Number string  `json:"number"`
		Name   string  `json:"name"`
		Line   uint32  `json:"line"`
		Handle *string `json:"handle"`
		Flags  *uint32 `json:"flags"`
	}
	people := []person{}
	for _, f := range found {
		for _, at := range book.Owners[f.Number] {
			p := person{Number: f.Number, Name: entries[at].name, Line: entries[at].line}
			if f.Record != nil {
				handle := hex.EncodeToString(f.Record.Handle[:])
				p.Handle, p.Flags = &handle, &f.Record.Flags
			}
			people = append(people, p)
		}
	}
	b, err := json.Marshal(struct {
		Found    []person             `json:"found"`
		Contacts discovery.BookCounts `json:"contacts"`
		Counts   *discovery.Counts    `json:"counts,omitempty"`
	}{people, book.Counts, c})
	if err != nil {
		return err
	}
	return print(s.out, string(b)+"\n")
}

// visibleLine is a text from elsewhere on one line of a terminal.
func visibleLine(text string) string { return string(appendVisible(nil, []byte(text))) }
