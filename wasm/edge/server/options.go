package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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
	kinds, origins          string
	limits                  edge.Limits
	wait, patience          time.Duration
	maxSize                 int64 // MiB
	clockChecked            bool
	startEpoch              bool
	former                  string
	metrics                 string
	exportTo, importFrom    string
	adoptLog                string
}

func (o options) database() string  { return filepath.Join(o.data, "directory.db") }
func (o options) seed() string      { return filepath.Join(o.data, "seed") }
func (o options) published() string { return filepath.Join(o.data, "published") }

// help has the limits in place of %s: their defaults are the code's own.
const help = `Server runs a Sealbook directory, and the site on the same address.

usage: server [options]

  -data FOLDER       keeps the database, the seed and what is published here
                     (.build/directory)
  -dir FOLDER        serves the site that site/build wrote here; "" for none
  -addr ADDRESS      listens here (127.0.0.1:8080); port 0 takes a free one
  -name NAME         name of the directory in its verifier keys (localhost)
  -origins LIST      pages of these origins may use the directory too, such as
                     https://app.example; with commas

codes
  -sender KIND       development shows them on this terminal; webhook posts them.
                     With development a state is published every 2 s and an
                     account is renewed at once, unless -interval and -renewal
                     say otherwise
  -webhook URL       https address that gets {number, code, expires}
  -webhook-secret FILE
                     signs these posts: Sealbook-Signature: sha256=HMAC in hex
  -forwarded HEADER  takes the network address from this header, which the proxy
                     in front sets itself; without it, from the connection
  -kinds LIST        sends codes to numbers of these kinds too; with commas, of
                     %s
  -consent FILE      the text that people agree to; there is one without it

limits
%s
machine
  -metrics ADDRESS   answers GET /metrics there for Prometheus; keep it from the
                     public. Without it nothing does
  -max-size MIB      bounds the database; over it, writes are refused
  -wait TIME         how long to wait for a locked database (5s)
  -patience TIME     how long a request may take to arrive (20s)
  -clock-checked     the clock is right, though it is more than 25 hours ahead of
                     what was published last

epochs, backups and moves
  -export FOLDER     writes tables and published files there, all but the seed, and
                     ends; a backup, or to go on elsewhere, natively or in the worker
  -import FOLDER     goes on from what was exported, with the seed put into -data
                     first, and ends
  -start-epoch       starts the next epoch and ends: another key. For 30 days
                     people's clients move their accounts. A running server
                     follows
  -former-seed FILE  the seed in -data takes the place of this one, and ends: another
                     directory key, which clients need by another way
  -adopt-log FOLDER|URL
                     a restored backup goes on from the log that everybody saw,
                     of which there is a mirror, and ends; who is not in it is
                     erased
`

// usage is the whole help.
func usage() string {
	limits := edge.DefaultLimits()
	var lines strings.Builder
	for _, o := range limits.Options() {
		fmt.Fprintf(&lines, "  %-18s %s (%d)\n", "-"+o.Name+" N", o.What, *o.Value)
	}
	return fmt.Sprintf(help, strings.Join(edge.Kinds(), ", "), &lines)
}

func parseOptions(args []string) (options, error) {
	o := options{limits: edge.DefaultLimits()}
	f := flag.NewFlagSet("server", flag.ContinueOnError)
	f.Usage = func() { fmt.Fprint(os.Stderr, usage()) }
	f.StringVar(&o.data, "data", ".build/directory", "")
	f.StringVar(&o.dir, "dir", "", "")
	f.StringVar(&o.addr, "addr", "127.0.0.1:8080", "")
	f.StringVar(&o.name, "name", "localhost", "")
	f.StringVar(&o.origins, "origins", "", "")
	f.StringVar(&o.sender, "sender", development, "")
	f.StringVar(&o.webhook, "webhook", "", "")
	f.StringVar(&o.secret, "webhook-secret", "", "")
	f.StringVar(&o.forwarded, "forwarded", "", "")
	f.StringVar(&o.kinds, "kinds", "", "")
	f.StringVar(&o.consent, "consent", "", "")
	for _, l := range o.limits.Options() {
		f.Int64Var(l.Value, l.Name, *l.Value, "")
	}
	f.Int64Var(&o.maxSize, "max-size", 0, "")
	f.DurationVar(&o.wait, "wait", 5*time.Second, "")
	f.DurationVar(&o.patience, "patience", 20*time.Second, "")
	f.BoolVar(&o.clockChecked, "clock-checked", false, "")
	f.StringVar(&o.metrics, "metrics", "", "")
	f.StringVar(&o.exportTo, "export", "", "")
	f.StringVar(&o.importFrom, "import", "", "")
	f.BoolVar(&o.startEpoch, "start-epoch", false, "")
	f.StringVar(&o.former, "former-seed", "", "")
	f.StringVar(&o.adoptLog, "adopt-log", "", "")
	if err := f.Parse(args); err != nil {
		return options{}, err
	}
	given := map[string]bool{}
	f.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if o.sender == development {
		edge.Development(&o.limits, given["interval"], given["renewal"])
	}
	switch {
	case f.NArg() > 0:
		return options{}, errors.New("the options stand alone\nhint: server -help")
	case o.sender != development && o.sender != webhook:
		return options{}, fmt.Errorf("there is no sender %q\nhint: development or webhook", o.sender)
	case (o.sender == webhook) != (o.webhook != "" && o.secret != ""):
		return options{}, errors.New("-sender webhook, -webhook and -webhook-secret belong together")
	case more(o.startEpoch, o.former != "", o.adoptLog != "", o.exportTo != "", o.importFrom != ""):
		return options{}, errors.New("-start-epoch, -former-seed, -adopt-log, -export and -import go one after the other")
	case o.maxSize < 0 || o.wait <= 0 || o.patience <= 0:
		return options{}, errors.New("-max-size, -wait and -patience are not negative")
	}
	return o, nil
}

// more reports whether more than one is true.
func more(all ...bool) bool {
	n := 0
	for _, is := range all {
		if is {
			n++
		}
	}
	return n > 1
}

// list reads a list with commas.
func list(text string) (all []string) {
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			all = append(all, item)
		}
	}
	return all
}
