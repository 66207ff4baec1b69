package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/verifier/check"
	"sealbook/verifier/release"
	"sealbook/verifier/witness"
	"sealbook/wasm/trust"
)

var logCommand = command{
	name: "log",
	usage: []string{
		"[--policy FILE] [--mirror FOLDER] URL | FOLDER | ZIP",
		"compare [--policy FILE] [--key KEY] [--evidence FILE] A B",
		"cosign [--policy FILE] FOLDER…",
		"cosign [--policy FILE] URL FILE…",
	},
	brief: "read a log whole, mirror and compare it, have it cosigned",
	about: `
Reads a log of releases from its first entry to its last and applies its rules:
who may sign what, that versions rise and times do not fall, that every tile and
manifest is what the entries give. Then lists the entries. Or a directory's log
of states, URL/v2/, whose key the policy names in a line "log": one key an epoch,
one version after the other, and that the newest is not older than 25 hours.

With --mirror the log is kept in a folder, which can be served as it is, and
which site --log takes. A mirror follows its log and nothing else: one that was
rolled back or forked is refused, and both checkpoints are kept as evidence. Of
a directory it keeps the newest tags and the changes too, each held against the
log: a directory that was restored from a backup goes on from it.

compare says whether two sides show the same log. A side is a URL, folder or zip
with the log, or a file with a checkpoint, a release.tlog-proof or the evidence
that a page's alarm saved. Two signed checkpoints that contradict each other are
evidence for everybody, and are saved. Receipts are sides too, for they name the
directory's log: the file of --account, a signed receipt or withdrawal, and a
bundle of receipt --save. Their key is --key, or the account's; where a side is
that directory no policy is needed. Evidence with a receipt names an account and a
tag: show it to whom you trust.

cosign asks the witnesses of the policy to sign the log's checkpoint, and puts
their signatures into checkpoint and proof. The folder is a release's, a site's
or a log's own; with several the first is asked for, and all are brought up to
date. Do it before the site is uploaded. Of a directory's log, URL, the newest
checkpoint is asked for and goes, where a quorum has signed, into FILE, which the
operator's server answers as /v2/log/cosigned.

Findings are those of site; beside them are
  ROLLBACK     one side has fewer entries than the log had
  CONSISTENCY  one side shows another log: it was forked
  WITNESS      no quorum of witnesses has cosigned: could not check`,
	options: []string{"policy", "key", "known", "mirror", "evidence", "json"},
	exits: [3]string{
		"verified: one log, by its rules; with compare the same on both sides; with cosign a quorum has signed",
		"differs: a rule is broken, or there are two logs",
		"could not check: no answer, no key, no quorum",
	},
	samples: []string{
		"verifier log https://sealbook.example/",
		"verifier log --mirror mirror https://sealbook.example/",
		"verifier log compare mirror https://sealbook.example/",
		"verifier log compare me.account https://directory.example/",
		"verifier log cosign dist site/log",
		"verifier log cosign --policy FILE https://directory.example/ data/published/cosigned",
	},
	run: runLog,
}

func runLog(s *session) (int, error) {
	if len(s.args) > 0 {
		switch s.args[0] {
		case "compare":
			s.args = s.args[1:]
			return compareLogs(s)
		case "cosign":
			s.args = s.args[1:]
			return cosignLog(s)
		}
	}
	if len(s.args) != 1 {
		return 0, fail("one log is needed: a URL, a folder or a zip", "")
	}
	o, err := s.checkOptions()
	if err != nil {
		return 0, err
	}
	source, err := check.OpenLog(s.args[0])
	if err != nil {
		return 0, fail("cannot read the log: "+err.Error(), "it is a URL, a folder or a zip")
	}
	ctx, stop := interrupted()
	defer stop()
	if prefix, ok := check.StatesBelow(ctx, source); ok {
		return s.directoryLog(ctx, source, prefix, o)
	}
	r, log := check.ReadLog(ctx, source, o)
	if log != nil {
		if err := s.keepMirror(r, log, o, "the mirror has all of it"); err != nil {
			return 0, err
		}
	}
	return s.reportLog(r, log)
}

// keepMirror makes or grows the mirror that was asked for, of what was found right.
func (s *session) keepMirror(r *check.Report, log interface{ Mirror(string, time.Time) error }, o check.Options, has string) error {
	if s.mirror == "" || r.Exit() != clean {
		return nil
	}
	if err := log.Mirror(s.mirror, o.Now); err != nil {
		if err = r.Fault("mirror", err); err != nil {
			return fail("cannot keep the mirror: "+bare(err).Error(), "")
		}
		return nil
	}
	r.Remark(has)
	return nil
}

// directoryLog reads a directory's log of states.
func (s *session) directoryLog(ctx context.Context, source check.Source, prefix string, o check.Options) (int, error) {
	r, d := check.ReadDirectory(ctx, source, prefix, o)
	if d != nil {
		if err := s.keepMirror(r, d, o, "the mirror has the log, the newest tags, and the changes that the directory still gives"); err != nil {
			return 0, err
		}
	}
	return s.reportStates(r, d)
}

// reportStates reports on a directory's log.
func (s *session) reportStates(r *check.Report, d *check.Directory) (int, error) {
	out := logReport{verdicts[r.Exit()], r.Where, r.Origin, []logEntry{}, r.Root, "", r.Cosigned, r.Witnesses, r.Findings, r.Remarks, false}
	text := ""
	if d != nil {
		out.Checkpoint = d.States.Checkpoint
		list := d.States.List
		for i := range list {
			// What an epoch began with, and the newest.
			if i > 0 && list[i-1].Epoch == list[i].Epoch && i+1 < len(list) {
				continue
			}
			e := &list[i]
			out.Entries = append(out.Entries, logEntry{Index: int64(i), Kind: "state", Version: fmt.Sprint(e.Version), Time: &e.Time})
			text += fmt.Sprintf("%5d  state      epoch %d, version %d, %s, people %d\n", i, e.Epoch, e.Version, e.Time.Format(time.RFC3339), e.People)
		}
	}
	if s.json {
		return r.Exit(), s.printJSON(out)
	}
	return r.Exit(), print(s.out, describeLog(r, text))
}

// An entry of a log, for --json.
type logEntry struct {
	Index    int64      `json:"index"`
	Kind     string     `json:"kind"` // keys, release, withdrawn
	Version  string     `json:"version,omitempty"`
	Manifest string     `json:"manifest,omitempty"`
	Time     *time.Time `json:"time,omitempty"`
	Expires  *time.Time `json:"expires,omitempty"`
	Reason   string     `json:"reason,omitempty"`
}

// entries lists a log.
func entries(r *trust.Releases) []logEntry {
	list := make([]logEntry, len(r.Entries))
	for i, entry := range r.Entries {
		list[i] = logEntry{Index: int64(i), Kind: "keys"}
		body, _, _ := strings.Cut(string(entry), "\n\n")
		if w, err := trust.ParseWithdrawal(body + "\n"); err == nil {
			list[i] = logEntry{Index: int64(i), Kind: "withdrawn", Version: w.Version, Time: &w.Time, Reason: w.Reason}
		}
	}
	for _, made := range r.List {
		list[made.Index] = logEntry{made.Index, "release", made.Version, hex.EncodeToString(made.Manifest[:]), &made.Time, &made.Expires, ""}
	}
	return list
}

// logReport is what log writes with --json.
type logReport struct {
	Verdict    string              `json:"verdict"`
	Where      string              `json:"where"`
	Origin     string              `json:"origin"`
	Entries    []logEntry          `json:"entries"`
	Root       string              `json:"root"`
	Checkpoint string              `json:"checkpoint"`
	Cosigned   []trust.Cosignature `json:"cosigned"`
	Witnesses  int                 `json:"witnesses"`
	Findings   []check.Finding     `json:"findings"`
	Remarks    []string            `json:"remarks"`
	Trial      bool                `json:"trial"`
}

func (s *session) reportLog(r *check.Report, log *check.Log) (int, error) {
	out := logReport{verdicts[r.Exit()], r.Where, r.Origin, []logEntry{}, r.Root, "", r.Cosigned, r.Witnesses, r.Findings, r.Remarks, r.Trial}
	if log != nil {
		out.Entries, out.Checkpoint = entries(log.Releases), log.Checkpoint
	}
	if s.json {
		return r.Exit(), s.printJSON(out)
	}
	var b strings.Builder
	for _, e := range out.Entries {
		line := fmt.Sprintf("%5d  %-9s  %s", e.Index, e.Kind, e.Version)
		if e.Time != nil {
			line += "  " + e.Time.Format(time.DateOnly)
		}
		if e.Expires != nil {
			line += ", expires " + e.Expires.Format(time.DateOnly)
		}
		if e.Reason != "" {
			line += ": " + e.Reason
		}
		b.WriteString(strings.TrimRight(visibleLine(line), " ") + "\n")
	}
	return r.Exit(), print(s.out, describeLog(r, b.String()))
}

// describeLog is a report for people, with lines about entries.
func describeLog(r *check.Report, entries string) string {
	var b strings.Builder
	head := [3]string{"verified: %s is one log, by its rules\n", "differs: %s is not a log that may be\n", "could not check: %s\n"}
	fmt.Fprintf(&b, head[r.Exit()], visibleLine(r.Where))
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "  %s\n", visibleLine(f.String()))
	}
	b.WriteString(entries)
	if r.Origin != "" {
		fmt.Fprintf(&b, "  log        %s, %d entries, root %s\n", visibleLine(r.Origin), r.Entries, r.Root)
		fmt.Fprintf(&b, "  witnesses  %s\n", visibleLine(cosigned(r)))
	}
	notes(&b, r)
	return b.String()
}

// printJSON writes a value as a line of JSON.
func (s *session) printJSON(v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	return print(s.out, b.String())
}

// cosignLog has a checkpoint cosigned.
func cosignLog(s *session) (int, error) {
	if len(s.args) == 0 {
		return 0, fail("cosign needs the folder of a release, a site or a log", "")
	}
	o, err := s.checkOptions()
	if err != nil {
		return 0, err
	}
	o.Known = nil
	policy := *o.Policy
	if len(policy.Witnesses) == 0 {
		return 0, fail("the policy names no witness", "lines such as: witness NAME VKEY https://witness.example")
	}
	source, err := check.OpenLog(s.args[0])
	if err != nil {
		return 0, fail("cannot read the log: "+err.Error(), "")
	}
	ctx, stop := interrupted()
	defer stop()
	// Before they are asked, fewer than the quorum have signed.
	asked := policy.Unwitnessed()
	if prefix, ok := check.StatesBelow(ctx, source); ok {
		r, d := check.ReadDirectory(ctx, source, prefix, check.Options{Policy: asked, Now: o.Now})
		if d == nil || r.Exit() != clean {
			return s.reportStates(r, d)
		}
		return s.cosignStates(ctx, r, d, policy)
	}
	r, log := check.ReadLog(ctx, source, check.Options{Policy: asked, Now: o.Now})
	if log == nil || r.Exit() != clean {
		return s.reportLog(r, log)
	}
	if log.Checkpoint, err = askWitnesses(ctx, r, policy, log.Checkpoint, log.Releases.Consistency); err != nil {
		r.Fault("log", err)
		if r.Exit() == found {
			return s.reportLog(r, log)
		}
	}
	for _, dir := range s.args {
		if err := putCheckpoint(dir, log.Checkpoint); err != nil {
			return 0, fail("cannot write the checkpoint: "+bare(err).Error(), "")
		}
	}
	return s.reportLog(r, log)
}

// cosignStates has the newest checkpoint of a directory's log cosigned, and puts it
// where the server answers it from: only with a quorum, for what is there has one.
func (s *session) cosignStates(ctx context.Context, r *check.Report, d *check.Directory, policy trust.Policy) (int, error) {
	if len(s.args) < 2 {
		return 0, fail("cosign needs a file for what the witnesses signed of a directory's log", "published/cosigned in the server's folder of -data; for the worker any, which then goes into the bucket as published/cosigned")
	}
	checkpoint, err := askWitnesses(ctx, r, policy, d.States.Checkpoint, d.States.Consistency)
	if err == nil && len(r.Cosigned) == 0 {
		err = trust.Witness.Because("no witness has cosigned")
	}
	if err != nil {
		r.Fault("log", err)
		return s.reportStates(r, d)
	}
	for _, file := range s.args[1:] {
		if err := check.Replace(file, []byte(checkpoint)); err != nil {
			return 0, fail("cannot write the checkpoint: "+bare(err).Error(), "")
		}
	}
	return s.reportStates(r, d)
}

// askWitnesses asks all witnesses of a policy to cosign a checkpoint, and returns
// it with what they signed. Its error says that they are no quorum. A witness that
// has seen another log is told as a finding, which takes nothing from a quorum of
// the others: one alone could say so for ever.
func askWitnesses(ctx context.Context, r *check.Report, policy trust.Policy, checkpoint string, prove func(old int64) (tlog.TreeProof, error)) (string, error) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, w := range policy.Witnesses {
		if w.URL == "" {
			r.Remark(w.Name + " has no address in the policy")
			continue
		}
		signed, err := witness.Ask(ctx, client, w, checkpoint, prove, time.Now())
		if err != nil {
			if errors.Is(err, trust.Rollback) || errors.Is(err, trust.Consistency) {
				r.Fault(w.Name, err) // the log that we have is not the one it has seen
			} else {
				r.Remark(w.Name + ": " + strings.TrimPrefix(err.Error(), "trust: "))
			}
			continue
		}
		checkpoint = signed
	}
	r.Witnesses = len(policy.Witnesses)
	var err error
	r.Cosigned, err = policy.Cosigned(checkpoint, time.Now())
	return checkpoint, err
}

// putCheckpoint puts a cosigned checkpoint into the folder of a log, a site or a
// release: into the checkpoint, the proof, and the zip of the site.
func putCheckpoint(dir, checkpoint string) error {
	files, err := release.ReadFolder(os.DirFS(dir), "")
	if err != nil {
		return err
	}
	prefix := ""
	for _, p := range []string{"", "log/", "site/log/"} {
		if files[p+"checkpoint"] != nil {
			prefix = p
		}
	}
	if files[prefix+"checkpoint"] == nil {
		return errors.New("there is no checkpoint in the folder")
	}
	changed, err := check.Recosign(files, prefix, checkpoint)
	if err != nil {
		return err
	}
	for _, name := range changed.Names() {
		if err := check.Replace(filepath.Join(dir, filepath.FromSlash(name)), changed[name]); err != nil {
			return err
		}
	}
	return nil
}
