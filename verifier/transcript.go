package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"sealbook/verifier/transcript"
	"sealbook/wasm/directory"
)

var transcriptCommand = command{
	name:  "transcript",
	usage: []string{"[--account FILE] FILE"},
	brief: "whether all that was sent to a directory is explained",
	about: `
Checks what a client wrote down with --transcript, or a page let you save: makes
every request again from the numbers, blinds and padding that it names, and
compares each byte of path, header fields and body. It also verifies the
directory's proofs and receipts, and says in plain words what a network observer
and the directory could have learned.

What is not explained is written with its line in FILE and the offset of the
first byte. Nothing of it is repeated.

With --account the credential and the key of the record are those of that
account. Without, a transcript that does not begin with the registration takes
the credential as it is, and cannot explain a record.

It cannot show that the client sent nothing beside the transcript, nor that its
blinds were drawn at random.

With --json the output is {"findings":[{"line","part","offset","reason"}],"learned":{…}}.`,
	options: []string{"account", "json"},
	exits: [3]string{
		"verified: every byte is explained, and every proof holds",
		"not verified: something is not explained, or not right",
		"could not check: the file cannot be read, or is no transcript",
	},
	samples: []string{"verifier transcript sent.jsonl"},
	run:     runTranscript,
}

// maxTranscript is how long a transcript may be, in bytes.
const maxTranscript = 1 << 30

func runTranscript(s *session) (int, error) {
	if len(s.args) != 1 {
		return 0, fail("one file is needed: the transcript", "")
	}
	in := s.in
	if s.args[0] != "-" {
		var err error
		if in, err = openFile("the transcript", s.args[0]); err != nil {
			return 0, err
		}
		defer in.Close()
	}
	b, err := io.ReadAll(io.LimitReader(in, maxTranscript+1))
	switch {
	case err != nil:
		return 0, fail("cannot read the transcript: "+bare(err).Error(), "")
	case len(b) > maxTranscript:
		return 0, fail("the transcript is longer than 1 GiB", "")
	}
	var o transcript.Options
	if s.account != "" {
		a, err := readAccount(s.account)
		if err != nil {
			return 0, err
		}
		o.Credential = a.Credential
		if a.RecordKey != nil {
			o.RecordKey = (*[directory.RecordKeySize]byte)(a.RecordKey)
		}
	}
	r, err := transcript.Check(b, o)
	if at, ok := errors.AsType[*directory.LineError](err); ok {
		return 0, fail(fmt.Sprintf("line %d is not one of a transcript", at.Line), "a transcript is JSON Lines, as verifier discover --transcript writes it")
	} else if err != nil {
		return 0, &failure{message: err.Error(), exit: found}
	}
	if s.json {
		text, err := json.Marshal(r)
		if err != nil {
			return 0, err
		}
		err = print(s.out, string(text)+"\n")
		return verdict(r), err
	}
	return verdict(r), print(s.out, describe(r))
}

func verdict(r *transcript.Report) int {
	if len(r.Findings) > 0 {
		return found
	}
	return clean
}

func describe(r *transcript.Report) string {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "not explained: %s\n", f)
	}
	l := &r.Learned
	if len(r.Findings) == 0 {
		fmt.Fprintf(&b, "explained: every byte of %d requests to %s\n", l.Requests, visibleLine(l.Directory))
	}
	fmt.Fprintf(&b, "  blinded   %d numbers and %d random elements that pad them\n  proofs    %d of the directory hold\n", l.Numbers, l.Padding, l.Proofs)
	if l.CredentialGiven {
		b.WriteString("  taken as it is: the credential, which was given before this transcript began (--account checks it)\n")
	}
	list := func(title string, lines []string) {
		fmt.Fprintf(&b, "\n%s\n", title)
		for _, line := range lines {
			for i, part := range wrap(line, helpWidth-4) {
				lead := "  - "
				if i > 0 {
					lead = "    "
				}
				b.WriteString(lead + part + "\n")
			}
		}
	}
	list("What a network observer could have learned:", l.Observer())
	list("What the directory could have learned:", l.Service())
	return b.String()
}
