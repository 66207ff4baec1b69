package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"sealbook/verifier/stream"
	"sealbook/wasm/batch"
	"sealbook/wasm/contacts"
	"sealbook/wasm/contacts/file"
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
was to compare. Where none explains a digest, it may be of what stands in the
field: "typed" is that text, trimmed, typed_digits its digits, typed_plus a plus
and its digits, typed_dashes the national number with dashes. At the end come the
digests that were not found.

With --jsonl each line out is
  {"digest","found","e164","email","name","line","recipes","other_encoding",
   "grid","bytes","of","error"}
with what is absent as null; "error" is NOT_A_DIGEST or null.

--region auto guesses the region by the numbers themselves, as "verifier
contacts" does, and says so.

The file may be of any length; the digests are held in memory, about 300 bytes
each.`,
	options: []string{"contacts", "hashes", "region", "column", "jsonl", "engine", "jobs"},
	auto:    true,
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
	in, err := s.contactsInput("the file of --contacts", s.contacts)
	if err != nil {
		return 0, err
	}
	defer in.Close()
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
			if _, ok := errors.AsType[contacts.Code](bad.Err); ok {
				return 0, contactsFailure("the file of --contacts", bad.Err)
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
func contactsFailure(argument string, err error) error {
	code, _ := errors.AsType[contacts.Code](err)
	hint := "vCard (.vcf), CSV with a header, LDIF, JSON, XML or a number a line"
	switch code {
	case contacts.NoSuchColumn:
		hint = "--column names the column with the numbers as the header does, or counts: 1 is the first"
	case contacts.NoNumberColumn:
		hint = "--column says which column has the numbers"
	case contacts.Unsupported:
		hint = "export the contacts as vCard (.vcf) or the table as CSV, and give that"
	}
	if refused, ok := errors.AsType[*file.Refused](err); ok && refused.What != "" {
		return fail(argument+" is "+article(refused.What)+", and no contacts that can be read ("+code.String()+")", hint)
	}
	return fail(argument+" holds no contacts that can be read ("+code.String()+")", hint)
}

// article puts the indefinite article before a word.
func article(what string) string {
	if strings.ContainsRune("aeiou", rune(what[0])) {
		return "an " + what
	}
	return "a " + what
}

// matching is what the workers share.
type matching struct {
	*session
	targets      *targets
	calculations []calculation
	home         uint32
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
		return 0, fail("nothing was found, but not all numbers could be looked at", "--region says in which country they were written down, as in --region GB; --region auto guesses")
	case total.Rows == 0:
		return 0, fail("the contacts have neither numbers nor e-mail addresses", "")
	}
	return clean, nil
}

var _ io.Reader = (*contactRows)(nil)
