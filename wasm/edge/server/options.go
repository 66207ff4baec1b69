package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"sealbook/wasm/edge"
)

// What -sender takes.
const (
	development = "development"
	webhook     = "webhook"
)

type options struct {
	addr, dir, data, name   string
	sender, webhook, secret string
	consent                 string
	forwarded               string
	limits                  edge.Limits
	wait, patience          time.Duration
	maxSize, cache          int64 // MiB
	startEpoch              bool
	bucketBits              int
}

func (o options) database() string { return filepath.Join(o.data, "directory.db") }
func (o options) seed() string     { return filepath.Join(o.data, "seed") }

const help = `Server runs a Sealbook directory, and the site on the same address.

usage: server [options]

  -data FOLDER       keeps the database and the seed here (.build/directory)
  -dir FOLDER        serves the site that site/build wrote here; "" for none
  -addr ADDRESS      listens here (127.0.0.1:8080); port 0 takes a free one
  -name NAME         name of the directory in its verifier key (localhost)

codes
  -sender KIND       development shows them on this terminal; webhook posts them
  -webhook URL       https address that gets {number, code, expires}
  -webhook-secret FILE
                     signs these posts: Sealbook-Signature: sha256=HMAC in hex
  -forwarded HEADER  takes the network address from this header, which the proxy
                     in front sets itself; without it, from the connection

limits
  -budget N          evaluations of an account (5120)
  -refill N          of which come back in a day (200)
  -code-seconds N    for how long a code is taken (600)
  -code-tries N      how often it may be tried (5)
  -sends N           codes an hour for a number (3)
  -sends-address N   codes an hour for a network address (30)
  -consent FILE      the text that people agree to; there is one without it

machine
  -cache MIB         memory for built files (512)
  -max-size MIB      bounds the database; over it, writes are refused
  -wait TIME         how long to wait for a locked database (5s)
  -patience TIME     how long a request may take to arrive (20s)

epochs
  -start-epoch       starts the next epoch and ends. All accounts are erased:
                     people renew theirs with a code. A running server follows
  -bucket-bits N     with it: the bits of the buckets from then on, 0 to 32
`

func parseOptions(args []string) (options, error) {
	o := options{limits: edge.DefaultLimits()}
	f := flag.NewFlagSet("server", flag.ContinueOnError)
	f.Usage = func() { fmt.Fprint(os.Stderr, help) }
	f.StringVar(&o.data, "data", ".build/directory", "")
	f.StringVar(&o.dir, "dir", "", "")
	f.StringVar(&o.addr, "addr", "127.0.0.1:8080", "")
	f.StringVar(&o.name, "name", "localhost", "")
	f.StringVar(&o.sender, "sender", development, "")
	f.StringVar(&o.webhook, "webhook", "", "")
	f.StringVar(&o.secret, "webhook-secret", "", "")
	f.StringVar(&o.forwarded, "forwarded", "", "")
	f.Int64Var(&o.limits.Budget, "budget", o.limits.Budget, "")
	f.Int64Var(&o.limits.RefillPerDay, "refill", o.limits.RefillPerDay, "")
	f.Int64Var(&o.limits.CodeSeconds, "code-seconds", o.limits.CodeSeconds, "")
	f.Int64Var(&o.limits.CodeTries, "code-tries", o.limits.CodeTries, "")
	f.Int64Var(&o.limits.SendsPerHour, "sends", o.limits.SendsPerHour, "")
	f.Int64Var(&o.limits.SendsPerAddress, "sends-address", o.limits.SendsPerAddress, "")
	f.StringVar(&o.consent, "consent", "", "")
	f.Int64Var(&o.cache, "cache", 512, "")
	f.Int64Var(&o.maxSize, "max-size", 0, "")
	f.DurationVar(&o.wait, "wait", 5*time.Second, "")
	f.DurationVar(&o.patience, "patience", 20*time.Second, "")
	f.BoolVar(&o.startEpoch, "start-epoch", false, "")
	f.IntVar(&o.bucketBits, "bucket-bits", -1, "")
	if err := f.Parse(args); err != nil {
		return options{}, err
	}
	switch {
	case f.NArg() > 0:
		return options{}, errors.New("the options stand alone\nhint: server -help")
	case o.sender != development && o.sender != webhook:
		return options{}, fmt.Errorf("there is no sender %q\nhint: development or webhook", o.sender)
	case (o.sender == webhook) != (o.webhook != "" && o.secret != ""):
		return options{}, errors.New("-sender webhook, -webhook and -webhook-secret belong together")
	case o.bucketBits >= 0 && !o.startEpoch || o.bucketBits > 32:
		return options{}, errors.New("-bucket-bits goes with -start-epoch, and up to 32")
	case o.cache < 0 || o.maxSize < 0 || o.wait <= 0 || o.patience <= 0:
		return options{}, errors.New("-cache, -max-size, -wait and -patience are not negative")
	}
	return o, nil
}
