package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"sealbook/verifier/check"
	"sealbook/verifier/discovery"
)

var keyCommand = command{
	name:  "key",
	usage: []string{"[--key KEY] [--save FILE] URL | FOLDER | ZIP"},
	brief: "whether a directory has had one key an epoch, for everybody",
	about: `
Walks a directory's log of states from its first entry to its last, and says
which key each epoch had and since when, and which terms everybody was shown. The
parameters that the directory signs must be those of the newest state: a key or
terms for you alone are not in the log, or the log is another than that of others.
The checkpoint is kept, so that a log that is rolled back or forked is noticed the
next time; verifier log compare holds it against what others see.

--key pins the key of the directory's notes; without it the one that is shown is
taken. --save writes all that was read to a zip, which the command checks again
without asking anybody, also unpacked to a FOLDER. A mirror of verifier log lacks
the parameters and cannot be checked by them: verifier log checks it.

Each finding is a line "CODE where: what":
  KEY          another key than the pinned one, or than the log has
  INCLUSION    terms or limits that are not those of everybody
  RULES        two keys in an epoch, a version left out, a time that falls
  STALE CLOCK  the newest state is older than 25 hours, or of the future
  ROLLBACK CONSISTENCY  the log is not the one that was seen before
  SIGNATURE FORMAT LOG  not signed, not well-formed, a tile that is cut off
  FETCH        no answer, or a folder without parameters: could not check`,
	options: []string{"key", "known", "save", "json"},
	exits:   [3]string{"verified: one key an epoch, and the parameters are everybody's", "differs: the directory contradicts itself, or the log", "could not check: no answer, no parameters"},
	samples: []string{"verifier key https://directory.example", "verifier key --key KEY --save directory.zip https://directory.example"},
	run:     runKey,
}

// toldReport is what key and receipt write with --json.
type toldReport struct {
	Verdict    string          `json:"verdict"`
	Where      string          `json:"where"`
	Name       string          `json:"name"`
	Key        string          `json:"key"` // of notes
	Log        string          `json:"log"` // its verifier key
	Entries    int64           `json:"entries"`
	Root       string          `json:"root"`
	Checkpoint string          `json:"checkpoint"`
	Time       *time.Time      `json:"time"` // of the newest state
	People     uint64          `json:"people"`
	Epochs     []check.Tenure  `json:"epochs"`
	Terms      []check.Tenure  `json:"terms"`
	Receipts   []check.Receipt `json:"receipts,omitempty"`
	Findings   []check.Finding `json:"findings"`
	Remarks    []string        `json:"remarks"`
}

func runKey(s *session) (int, error) {
	if len(s.args) != 1 {
		return 0, fail("one directory is needed: a URL, a folder or a zip", "as in verifier key https://directory.example")
	}
	source, err := openDirectory(s.args[0])
	if err != nil {
		return 0, err
	}
	ctx, stop := interrupted()
	defer stop()
	recorder, r, told, err := s.readTold(ctx, source, s.key)
	if err != nil {
		return 0, err
	}
	if err := s.saveBundle(recorder, nil); err != nil {
		return 0, err
	}
	head := [3]string{"verified: %s has had one key an epoch, and shows everybody the same\n", "differs: %s is not what it shows to others, or was\n", "could not check: %s\n"}
	return s.reportTold(r, told, nil, head)
}

// openDirectory opens a directory's address, or what was kept of one.
func openDirectory(where string) (check.Source, error) {
	source, err := check.Open(where)
	if err != nil {
		return nil, fail("cannot read the directory: "+err.Error(), "it is a URL, or a folder or zip that was saved")
	}
	return source, nil
}

// readTold reads what a directory says of itself and its log.
func (s *session) readTold(ctx context.Context, source check.Source, key string) (*check.Recorder, *check.Report, *check.Told, error) {
	known, err := s.knownLogs()
	if err != nil {
		return nil, nil, nil, err
	}
	recorder := check.Record(source)
	r, told := check.ReadTold(ctx, recorder, key, check.Options{Known: known, Now: time.Now()})
	return recorder, r, told, nil
}

// saveBundle writes the bundle of --save.
func (s *session) saveBundle(recorder *check.Recorder, papers []check.Paper) error {
	if s.save == "" {
		return nil
	}
	bundle, err := recorder.Bundle(papers)
	if err == nil {
		err = discovery.WriteSecret(s.save, bundle) // a tag is personal data
	}
	if err != nil {
		return fail("cannot write the file of --save: "+bare(err).Error(), "")
	}
	return nil
}

// reportTold writes a report on a directory, and answers its exit code.
func (s *session) reportTold(r *check.Report, told *check.Told, receipts []check.Receipt, head [3]string) (int, error) {
	out := toldReport{Verdict: verdicts[r.Exit()], Where: r.Where, Entries: r.Entries, Root: r.Root,
		Epochs: []check.Tenure{}, Terms: []check.Tenure{}, Receipts: receipts, Findings: r.Findings, Remarks: r.Remarks}
	if told != nil {
		newest := told.States.Newest()
		out.Name, out.Key, out.Log = told.Parameters.Name, told.Key.String(), told.Parameters.Log
		out.Checkpoint, out.Time, out.People = told.States.Checkpoint, &newest.Time, newest.People
		out.Epochs, out.Terms = told.Keys(), told.Terms()
	}
	if s.json {
		return r.Exit(), s.printJSON(out)
	}
	var b strings.Builder
	fmt.Fprintf(&b, head[r.Exit()], visibleLine(r.Where))
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "  %s\n", visibleLine(f.String()))
	}
	for _, c := range receipts {
		fmt.Fprintf(&b, "  %-10s account %s, epoch %d, %s\n", c.Kind, visibleLine(c.Account), c.Epoch, visibleLine(c.Time))
		switch {
		case c.Kind == "receipt":
			fmt.Fprintf(&b, "             terms SHA-256 %s, which everybody was shown from entry %d on\n", visibleLine(c.Terms), c.TermsEntry)
		case c.RemovedIn > 0:
			fmt.Fprintf(&b, "             the tag went with version %d; promised from version %d on\n", c.RemovedIn, c.AbsentFrom)
		}
	}
	if told != nil {
		for _, e := range out.Epochs {
			fmt.Fprintf(&b, "  epoch %-4d key %s\n             since entry %d, %s, to entry %d\n", e.Epoch, e.Value, e.First, e.Since.Format(time.RFC3339), e.Last)
		}
		for _, e := range out.Terms {
			fmt.Fprintf(&b, "  terms      SHA-256 %s\n             since entry %d, %s, to entry %d\n", e.Value, e.First, e.Since.Format(time.RFC3339), e.Last)
		}
		fmt.Fprintf(&b, "  key        %s\n", visibleLine(out.Key))
		fmt.Fprintf(&b, "  log        %s, %d entries, root %s\n", visibleLine(r.Origin), r.Entries, r.Root)
		fmt.Fprintf(&b, "  newest     %s, people %d\n", out.Time.Format(time.RFC3339), out.People)
	}
	for _, text := range r.Remarks {
		fmt.Fprintf(&b, "  remark     %s\n", visibleLine(text))
	}
	return r.Exit(), print(s.out, b.String())
}
