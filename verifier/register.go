package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"sealbook/verifier/discovery"
	"sealbook/wasm/directory"
)

const notVerified = "not verified: the directory's key, signature, proof, receipt or files are not what they must be; nothing that it answered was used"

const couldNotReach = "could not: an option is wrong, a file cannot be read or written, the directory cannot be reached, or it refused"

var registerCommand = command{
	name:  "register",
	usage: []string{"--directory URL [--key KEY] --account FILE --scope SCOPE... NUMBER"},
	brief: "open an account with a directory, for your own number",
	about: `
Has a code sent to your own number, shows what the directory asks you to consent
to, and asks for the code. Entering it is your consent, for the scopes that you
name; there is none by default:
  search        look for others; needs no entry of your own
  discoverable  be found by people who have your number

The number goes to the directory as it is: a code can be sent to nothing less. It
goes there once more when a new epoch begins, to move the account. Without a code
on standard input the registration waits in FILE for verifier confirm.

FILE is written with mode 0600. It holds the credential, which is shown nowhere:
who has it is you. It also pins the directory's key; pass --key to check it the
first time, too.`,
	options: []string{"directory", "key", "account", "scope", "handle", "flags", "region", "transcript"},
	exits:   [3]string{"registered, or waiting for the code", notVerified, couldNotReach},
	samples: []string{
		"verifier register --directory https://directory.example --account me.account \\\n  --scope search --scope discoverable --handle \"@ann\" \"+44 20 7946 0101\"",
	},
	run: runRegister,
}

var confirmCommand = command{
	name:  "confirm",
	usage: []string{"--account FILE [CODE]"},
	brief: "enter the code of a registration",
	about: `
Goes on with a registration that waits in FILE: shows the code that was sent to
the number, which is your consent to what register showed. Without CODE it is
read from standard input.

The directory proves that it used its key, and signs a receipt; both are
verified, and account and tag computed again, before anything is kept. Where the number has
an account already, and its credential is not in FILE, the new one comes after a
day, in which the old one can refuse.`,
	options: []string{"account", "transcript"},
	exits:   [3]string{"registered", notVerified, couldNotReach},
	samples: []string{"verifier confirm --account me.account 12345678"},
	run:     runConfirm,
}

func runRegister(s *session) (int, error) {
	switch {
	case s.directory == "":
		return 0, fail("--directory is missing", "as in --directory https://directory.example")
	case s.account == "":
		return 0, fail("--account is missing", "the file to keep the account in, as in --account me.account")
	case len(s.scopes) == 0:
		return 0, fail("--scope is missing", "search, discoverable, or both: nothing is allowed by default")
	case len(s.args) != 1:
		return 0, fail("one number is needed: your own", "")
	}
	old, err := readAccount(s.account)
	if err == nil && old.Credential != "" {
		return 0, fail("the file of --account has an account already", "verifier withdraw ends it; or name another file")
	}
	number, err := discovery.ParseNumber(s.args[0], s.region)
	if err != nil {
		return 0, fail("not a number that a code can be sent to", "with its country code, as in \"+44 20 7946 0101\", or with --region GB")
	}
	handle, err := handleOf(s.handle)
	if err != nil {
		return 0, err
	}
	ctx, stop := interruptible()
	defer stop()
	a := &account{Sealbook: "account", Version: 2, URL: s.directory, path: s.account}
	d, err := s.open(a)
	if err != nil {
		return 0, err
	}
	if err := d.Describe(ctx); err != nil {
		return 0, ofDirectory(err)
	}
	if s.key == "" {
		s.warn("the directory's key was not known before; it is taken as it is shown, and pinned from now on: %s", d.Key())
	}
	s.warn("%s gets your number as it is, and so does whoever delivers the code", hostOf(d.URL()))
	s.warnOfAddress(d)
	r, err := d.Register(ctx, number)
	if err != nil {
		return 0, ofDirectory(err)
	}
	a.Key = d.Key()
	a.Pending = &pending{
		Registration: r.ID, Number: r.Number, Scopes: s.scopes, Handle: handle[:], Flags: s.flags, Consent: d.Parameters.Consent.SHA256,
	}
	if err := a.save(); err != nil {
		return 0, err
	}
	fmt.Fprintf(s.errOut, "\n%s\nA code was sent for registration %.8s…; it is good until %s. Entering it is your consent to this, for: %s.\n",
		strings.TrimRight(visible(d.Parameters.Consent.Text), "\n"), r.ID, directory.Time(r.Expires), joinScopes(s.scopes))
	code, err := s.readCode()
	if err != nil || code == "" {
		return clean, err
	}
	return s.confirm(ctx, d, a, code)
}

func runConfirm(s *session) (int, error) {
	a, err := readAccount(s.account)
	if err != nil {
		return 0, err
	}
	if a.Pending == nil {
		return 0, fail("no registration waits for a code in the file of --account", "verifier register begins one")
	}
	code := a.Pending.Code // of a renewal, which was entered before
	switch len(s.args) {
	case 0:
		if code != "" {
			break
		}
		if code, err = s.readCode(); err != nil {
			return 0, err
		}
	case 1:
		code = s.args[0]
	default:
		return 0, fail("there is one code", "")
	}
	if code == "" {
		return 0, fail("the code is missing", "it was sent to the number that was registered")
	}
	ctx, stop := interruptible()
	defer stop()
	d, err := s.open(a)
	if err != nil {
		return 0, err
	}
	if err := d.Describe(ctx); err != nil {
		return 0, ofDirectory(err)
	}
	if d.Parameters.Consent.SHA256 != a.Pending.Consent {
		return 0, fail("the directory asks for consent to another text by now", "verifier register shows it")
	}
	return s.confirm(ctx, d, a, code)
}

// readCode asks for the code, "" if there is none.
func (s *session) readCode() (string, error) {
	io.WriteString(s.errOut, "Code: ")
	text, err := s.readLine()
	if err == nil && text == "" {
		io.WriteString(s.errOut, "\nverifier confirm takes it later.\n")
	}
	return text, err
}

// readLine reads a line of standard input, "" if there is none.
func (s *session) readLine() (string, error) {
	text, err := bufio.NewReader(io.LimitReader(s.in, 64)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", fail("cannot read the code: "+bare(err).Error(), "")
	}
	return strings.TrimSpace(text), nil
}

// confirm shows the code and keeps what it bought.
func (s *session) confirm(ctx context.Context, d *discovery.Directory, a *account, code string) (int, error) {
	p := a.Pending
	if len(p.Handle) != directory.HandleSize {
		return 0, fail("the file of --account is no account", "verifier register makes one")
	}
	mine, err := d.Confirm(ctx, nil, discovery.Confirmation{
		Registration: p.Registration, Number: p.Number, Code: code, Scopes: p.Scopes, Consent: p.Consent,
	})
	if later, ok := errors.AsType[*discovery.Renewing](err); ok {
		// The same confirmation is due later, with what stands in for its id.
		p.Registration, p.Code, p.Ready = later.Registration, code, directory.Time(later.Ready)
		if err := a.save(); err != nil {
			return 0, err
		}
		return clean, print(s.out, fmt.Sprintf("waiting\n  ready     %s\n", p.Ready)+
			"The number has an account whose credential was not shown. Until then whoever has it can refuse;\nverifier confirm goes on from then on.\n")
	} else if err != nil {
		return 0, ofDirectory(err)
	}
	// The code is used up: what it bought is kept, whatever comes after it.
	a.Pending, a.Withdrawal = nil, ""
	a.take(&mine)
	a.Handle, a.Flags = p.Handle, p.Flags
	if err := a.save(); err != nil {
		return 0, err
	}
	if err := a.publish(ctx, d); err != nil {
		return 0, &failure{message: "registered, but the record was not published: " + err.Error(), hint: "verifier record puts it again"}
	}
	r := mine.Receipt
	return clean, print(s.out, fmt.Sprintf("registered\n  account   %s\n  scopes    %s\n  epoch     %d\n  log       %d states\n  time      %s\n",
		r.Account, joinScopes(r.Scopes), r.Epoch, r.Size, r.Time))
}

// visible is a directory's text for a terminal: lines, without control
// characters that would move the cursor.
func visible(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.Write(appendVisible(nil, []byte(strings.TrimRight(line, "\n"))))
		b.WriteByte('\n')
	}
	return b.String()
}

// handleText is a handle to read: the text that it was, or hexadecimal.
func handleText(h [directory.HandleSize]byte) string {
	text := strings.TrimRight(string(h[:]), "\x00")
	for _, r := range text {
		if r == utf8.RuneError || !unicode.IsGraphic(r) {
			return hex.EncodeToString(h[:])
		}
	}
	return text
}
