//go:build old

package main

import (
	"context"
	"fmt"

	"sealbook/verifier/discovery"
	"sealbook/wasm/directory"
)

var meCommand = command{
	name:    "me",
	usage:   []string{"--account FILE [--json]"},
	brief:   "all that a directory holds about you",
	about:   `Asks the directory for all that it holds about your account, and shows it.`,
	options: []string{"account", "json", "transcript"},
	exits:   [3]string{"shown", notVerified, couldNotReach},
	samples: []string{"verifier me --account me.account"},
	run: func(s *session) (int, error) {
		ctx, stop := interruptible()
		defer stop()
		_, d, credential, err := s.mine(ctx)
		if err != nil {
			return 0, err
		}
		s.warnOfAddress(d)
		held, err := d.Me(ctx, credential)
		if err != nil {
			return 0, ofDirectory(err)
		}
		if s.json {
			return clean, print(s.out, string(held.JSON)+"\n")
		}
		b := held.Budget
		return clean, print(s.out, fmt.Sprintf(`account     %s
registered  %s
scopes      %s
consent     SHA-256 %s
credential  SHA-256 %s
tag         %x, in bucket %d of epoch %d
record      %x
budget      %d of %d evaluations, %d come back a day
`, held.Account, visibleLine(held.Registered), joinScopes(held.Scopes), visibleLine(held.ConsentSHA256), visibleLine(held.CredentialSHA256),
			[]byte(held.Tag), held.Bucket, held.Epoch, []byte(held.Record), b.Available, b.Limit, b.RefillPerDay))
	},
}

var withdrawCommand = command{
	name:  "withdraw",
	usage: []string{"--account FILE"},
	brief: "erase your account from a directory, with a receipt",
	about: `
Has the directory erase your account, verifies the receipt that it signs, and
looks whether your tag has gone from what it publishes. The receipt is written
out and kept in FILE; the credential is erased there.`,
	options: []string{"account", "transcript"},
	exits:   [3]string{"withdrawn, and absent", "not verified: the receipt is not right, or the tag is still published", couldNotReach},
	samples: []string{"verifier withdraw --account me.account > receipt.txt"},
	run:     runWithdraw,
}

// mine opens the account of --account and its directory.
func (s *session) mine(ctx context.Context) (*account, *discovery.Directory, string, error) {
	a, err := readAccount(s.account)
	if err != nil {
		return nil, nil, "", err
	}
	credential, err := a.credential()
	if err != nil {
		return nil, nil, "", err
	}
	d, err := s.open(ctx, a)
	return a, d, credential, err
}

func runWithdraw(s *session) (int, error) {
	ctx, stop := interruptible()
	defer stop()
	a, d, credential, err := s.mine(ctx)
	if err != nil {
		return 0, err
	}
	var receipt directory.Receipt
	verifier, err := directory.NewVerifier(a.Key)
	if err != nil || verifier.Open(a.Receipt, &receipt) != nil {
		return 0, fail("the file of --account is damaged: its receipt does not verify", "")
	}
	s.warnOfAddress(d)
	w, note, err := d.Withdraw(ctx, credential, receipt.Account)
	if err != nil {
		return 0, ofDirectory(err)
	}
	a.Credential, a.RecordKey, a.Withdrawal = "", nil, note
	if err := a.save(); err != nil {
		return 0, err
	}
	if err := print(s.out, note); err != nil {
		return 0, err
	}
	if receipt.Tag == nil {
		return clean, nil // it was never published
	}
	absent, err := d.Absent(ctx, w, [directory.TagSize]byte(*receipt.Tag))
	if err != nil {
		return 0, ofDirectory(err)
	}
	if !absent {
		return 0, &failure{message: "the directory signed that the tag is absent, and still publishes it", exit: found,
			hint: "the receipt shows what it promised; another person's tag may be equal once in 10^12"}
	}
	return clean, nil
}
