package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"sealbook/verifier/check"
)

var siteCommand = command{
	name:  "site",
	usage: []string{"[--policy FILE] URL", "[--policy FILE] FOLDER | ZIP", "[--policy FILE] [--log URL|FOLDER|ZIP] HAR"},
	brief: "whether a site serves what was published, to everybody",
	about: `
Walks the log of the site's releases, checks whose keys signed it, and compares
every file, every header field and every path that must not be there with the
release that the site says it is.

A URL is asked as several visitors, in random order: a plain program, Chrome, a
phone from elsewhere, a service worker, one who comes back, one with a query, one
who wants a part. Redirects are reported, not followed. A HAR, which a browser's
own tools save, shows what that browser received: no server can tell that visit
from others. Its log is read from the site itself, unless --log says where.

Which keys count is in the policy: --policy FILE, or the one inside this program.
The checkpoint of each log is kept, so that a log that is rolled back or forked
is noticed the next time.

Each finding is a line "CODE where: what":
  FILE EXTRA STATUS HEADER    a file, path, answer or header field is another
  LOG MANIFEST INCLUSION      a file of the log is not what its entries give
  SIGNATURE KEY FORMAT RULES  the log is not by those keys, or not well-formed
  ROLLBACK CONSISTENCY        the log is not the one that was seen before
  STALE EXPIRED WITHDRAWN     the release is not the newest that stands
  FETCH WITNESS KIND          could not check: no answer, no quorum of
                              witnesses, an entry of a newer kind

With --json the output is an object with verdict, release, log, findings and
remarks.`,
	options: []string{"policy", "known", "release", "log", "bare", "pause", "json"},
	exits: [3]string{
		"verified: all is as the log says",
		"differs: something is not, and stands in the output",
		"could not check: no answer, no key, no quorum",
	},
	samples: []string{"verifier site https://sealbook.example/", "verifier site --policy dist/trust.policy dist/sealbook-0.1.0.zip", "verifier site visit.har"},
	run:     runSite,
}

func runSite(s *session) (int, error) {
	if len(s.args) != 1 {
		return 0, fail("one site is needed: a URL, a folder, a zip or a HAR", "")
	}
	r, _, err := s.checkSite(s.args[0])
	if err != nil {
		return 0, err
	}
	return s.report(r)
}

// interrupted is a context that an interrupt ends.
func interrupted() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
}

// checkSite checks what an argument names.
func (s *session) checkSite(where string) (*check.Report, check.Source, error) {
	o, err := s.checkOptions()
	if err != nil {
		return nil, nil, err
	}
	source, err := check.Open(where)
	if err != nil {
		return nil, nil, fail("cannot read the site: "+err.Error(), "it is a URL, a folder, a zip or a HAR")
	}
	elsewhere := s.log
	if origin := check.Origin(source); elsewhere == "" {
		elsewhere = origin // of a HAR, which has no log
	}
	if elsewhere != "" {
		if o.Log, err = check.Open(elsewhere); err != nil {
			return nil, nil, fail("cannot read the log: "+err.Error(), "--log is a URL, a folder or a zip")
		}
	}
	ctx, stop := interrupted()
	defer stop()
	return check.Site(ctx, source, o), source, nil
}

func (s *session) checkOptions() (o check.Options, err error) {
	o = check.Options{Version: s.release, Now: time.Now(), Bare: s.bare, Pause: s.pause}
	if o.Policy, err = s.releasePolicy(); err == nil {
		o.Known, err = s.knownLogs()
	}
	return o, err
}

var verdicts = [3]string{"verified", "differs", "could not check"}

// report writes a report and answers its exit code.
func (s *session) report(r *check.Report) (int, error) {
	if s.json {
		return r.Exit(), s.printJSON(struct {
			Verdict string `json:"verdict"`
			*check.Report
		}{verdicts[r.Exit()], r})
	}
	return r.Exit(), print(s.out, describeSite(r))
}

// describeSite is a report for people: the verdict, what differs, and what it was
// compared with.
func describeSite(r *check.Report) string {
	var b strings.Builder
	where := visibleLine(r.Where)
	switch r.Exit() {
	case clean:
		fmt.Fprintf(&b, "verified: %s is release %s, as its log has it for everybody\n", where, r.Version)
	case found:
		fmt.Fprintf(&b, "differs: %s is not what its log says\n", where)
	default:
		fmt.Fprintf(&b, "could not check: %s\n", where)
	}
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "  %s\n", visibleLine(f.String()))
	}
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "  %-9s %s\n", name, visibleLine(fmt.Sprintf(format, args...)))
	}
	if r.Version != "" {
		line("release", "%s of %s, expires %s", r.Version, r.Time.Format(time.DateOnly), r.Expires.Format(time.DateOnly))
	}
	if r.Commit != "" {
		line("source", "commit %s", r.Commit)
		line("manifest", "%s", r.Manifest)
	}
	if r.Origin != "" {
		line("log", "%s, entry %d of %d, root %s", r.Origin, r.Entry, r.Entries, r.Root)
		line("witnesses", "%s", cosigned(r))
	}
	if r.Files > 0 {
		line("compared", "%d files", r.Files)
	}
	if len(r.Visitors) > 1 {
		line("asked as", "%s: %d requests, %.1f MB", strings.Join(r.Visitors, ", "), r.Requests, float64(r.Bytes)/1e6)
	}
	notes(&b, r)
	return b.String()
}

func notes(b *strings.Builder, r *check.Report) {
	for _, remark := range r.Remarks {
		fmt.Fprintf(b, "  note: %s\n", visibleLine(remark))
	}
	if r.Trial {
		b.WriteString("  note: the keys are those of trial releases, which everybody has: this shows how it works and proves nothing\n")
	}
}

func cosigned(r *check.Report) string {
	if r.Witnesses == 0 {
		return "none: the policy names none, so a fork shows only to those who compare"
	}
	var list []string
	for _, c := range r.Cosigned {
		list = append(list, c.Name+" "+c.Time.Format(time.RFC3339))
	}
	text := fmt.Sprintf("%d of %d cosigned", len(list), r.Witnesses)
	if len(list) > 0 {
		text += ": " + strings.Join(list, ", ")
	}
	return text
}
