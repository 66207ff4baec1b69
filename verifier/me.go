package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"sealbook/verifier/discovery"
	"sealbook/wasm/directory"
)

var meCommand = command{
	name:  "me",
	usage: []string{"--account FILE [--refuse] [--json]"},
	brief: "all that a directory holds about you",
	about: `
Asks the directory for all that it holds about your account, and shows it; also
whether somebody with a code for your number is about to get the account. With
--refuse that is refused, once: it is delayed by 7 days.`,
	options: []string{"account", "refuse", "json", "transcript"},
	exits:   [3]string{"shown", notVerified, couldNotReach},
	samples: []string{"verifier me --account me.account"},
	run:     runMe,
}

var recordCommand = command{
	name:  "record",
	usage: []string{"--account FILE [--handle TEXT] [--flags N]"},
	brief: "what those see who have your number",
	about: `
Seals what those see who have your number and puts it in place of the record
before; it is published with the directory's next state. Without --handle it is
the same as before, sealed anew. The directory takes 24 records a day.`,
	options: []string{"account", "handle", "flags", "transcript"},
	exits:   [3]string{"put", notVerified, couldNotReach},
	samples: []string{"verifier record --account me.account --handle \"@ann\""},
	run:     runRecord,
}

var withdrawCommand = command{
	name: "withdraw",
	usage: []string{
		"--account FILE",
		"--directory URL --key KEY NUMBER",
	},
	brief: "take your account out of a directory, with a receipt",
	about: `
Has the directory erase your account and verifies the receipt that it signs: from
which version on your tag is not published, and what is kept until when. The
receipt is written out and kept in FILE; the credential is erased there, and so
is the state that you name with --state.

Without an account, for who lost the device: a code is sent to NUMBER, and with it
the number's account is erased.`,
	options: []string{"account", "state", "directory", "key", "region", "transcript"},
	exits:   [3]string{"withdrawn", "not verified: the receipt is not right", couldNotReach},
	samples: []string{"verifier withdraw --account me.account > receipt.txt"},
	run:     runWithdraw,
}

// mine opens the account of --account and its directory.
func (s *session) mine() (*account, *discovery.Directory, *discovery.Mine, error) {
	a, err := readAccount(s.account)
	if err != nil {
		return nil, nil, nil, err
	}
	m, err := a.mine()
	if err != nil {
		return nil, nil, nil, err
	}
	d, err := s.open(a)
	return a, d, m, err
}

func runMe(s *session) (int, error) {
	ctx, stop := interruptible()
	defer stop()
	_, d, m, err := s.mine()
	if err != nil {
		return 0, err
	}
	s.warnOfAddress(d)
	if s.refuse {
		if err := d.RefuseRenewal(ctx, m.Credential); err != nil {
			return 0, ofDirectory(err)
		}
	}
	held, err := d.Me(ctx, m.Credential)
	if err != nil {
		return 0, ofDirectory(err)
	}
	s.warnOfRenewal(&held.Held)
	if s.json {
		return clean, print(s.out, string(held.JSON)+"\n")
	}
	b := held.Budget
	text := fmt.Sprintf(`account     %s
registered  %s
lapses      %s
scopes      %s
consent     SHA-256 %s
credential  SHA-256 %s
tag         %x, of epoch %d
record      %x
budget      %d of %d evaluations, %d come back a day
`, held.Account, visibleLine(held.Registered), visibleLine(held.Lapses), joinScopes(held.Scopes), visibleLine(held.ConsentSHA256), visibleLine(held.CredentialSHA256),
		[]byte(held.Tag), held.Epoch, []byte(held.Record), b.Available, b.Limit, b.RefillPerDay)
	for _, e := range held.Elsewhere {
		kept := "under a keyed hash"
		if len(e.Times) > 0 {
			kept = "counted at " + visibleLine(strings.Join(e.Times, ", "))
		}
		text += fmt.Sprintf("elsewhere   %s, %s, until %s\n", visibleLine(e.What), kept, visibleLine(e.Until))
	}
	return clean, print(s.out, text)
}

// warnOfRenewal says that somebody else is about to get the account.
func (s *session) warnOfRenewal(held *directory.Held) {
	if r := held.Renewal; r != nil {
		s.warn("somebody with a code for your number gets this account at %s", visibleLine(r.Ready))
		if !r.Refused {
			s.warn("if that is not you: verifier me --refuse delays it by 7 days, once; then see to it that the number is yours")
		}
	}
}

func runRecord(s *session) (int, error) {
	ctx, stop := interruptible()
	defer stop()
	a, d, m, err := s.mine()
	if err != nil {
		return 0, err
	}
	if m.Receipt.Tag == nil {
		return 0, fail("the account is not one that can be found", "it was registered without --scope discoverable")
	}
	if s.handle != "" {
		h, err := handleOf(s.handle)
		if err != nil {
			return 0, err
		}
		a.Handle, a.Flags = h[:], s.flags
	}
	s.warnOfAddress(d)
	return clean, a.publish(ctx, d)
}

func runWithdraw(s *session) (int, error) {
	ctx, stop := interruptible()
	defer stop()
	if s.account == "" {
		return s.withdrawByCode(ctx)
	}
	a, d, m, err := s.mine()
	if err != nil {
		return 0, err
	}
	s.warnOfAddress(d)
	_, note, err := d.Withdraw(ctx, m.Credential, m.Receipt.Account)
	if err != nil {
		return 0, ofDirectory(err)
	}
	a.Credential, a.Number, a.RecordKey, a.Handle, a.Sealed, a.Withdrawal = "", "", nil, nil, nil, note
	if err := a.save(); err != nil {
		return 0, err
	}
	if s.state != "" {
		if err := forget(s.state); err != nil {
			return 0, err
		}
	}
	return clean, print(s.out, note)
}

func (s *session) withdrawByCode(ctx context.Context) (int, error) {
	if s.directory == "" || len(s.args) != 1 {
		return 0, fail("--account is missing, or --directory and a number", "as in --account me.account")
	}
	if s.key == "" {
		return 0, fail("--key is missing", "without it anybody could sign the receipt")
	}
	number, err := discovery.ParseNumber(s.args[0], s.region)
	if err != nil {
		return 0, fail("not a number that a code can be sent to", "with its country code, as in \"+44 20 7946 0101\", or with --region GB")
	}
	d, err := s.open(&account{URL: s.directory})
	if err != nil {
		return 0, err
	}
	s.warn("%s gets your number as it is, and so does whoever delivers the code", hostOf(d.URL()))
	r, err := d.Register(ctx, number)
	if err != nil {
		return 0, ofDirectory(err)
	}
	fmt.Fprintf(s.errOut, "\nA code was sent for registration %.8s…; it is good until %s. Entering it withdraws the account of the number.\n", r.ID, directory.Time(r.Expires))
	io.WriteString(s.errOut, "Code: ")
	code, err := s.readLine()
	if err != nil {
		return 0, err
	}
	_, note, err := d.WithdrawByCode(ctx, r.ID, number, code)
	if err != nil {
		return 0, ofDirectory(err)
	}
	return clean, print(s.out, note)
}
