package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"sealbook/verifier/check"
	"sealbook/verifier/discovery"
	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// compareLogs compares two sides.
func compareLogs(s *session) (int, error) {
	if len(s.args) != 2 {
		return 0, fail("compare needs two sides", "URLs, folders, zips, receipts, or files with a checkpoint or proof")
	}
	ctx, stop := interrupted()
	defer stop()
	sides, remarks, err := s.readSides(ctx)
	if err != nil {
		return 0, err
	}
	what, pair, err := check.CompareAll(sides[0], sides[1])
	out := struct {
		Verdict  string          `json:"verdict"`
		Origin   string          `json:"origin"`
		Sizes    [2]int64        `json:"sizes"`
		Findings []check.Finding `json:"findings"`
		Evidence string          `json:"evidence,omitempty"`
		Remarks  []string        `json:"remarks"`
	}{verdicts[clean], pair[0].Origin, [2]int64{pair[0].Tree.N, pair[1].Tree.N}, []check.Finding{}, "", remarks}
	exit := clean
	if err != nil {
		code, ok := errors.AsType[trust.Code](err)
		if !ok {
			return 0, fail(err.Error(), "")
		}
		exit = found
		if code == check.Fetch {
			exit = unknown
		}
		what = strings.TrimPrefix(err.Error(), code.Error()+": ")
		out.Verdict, out.Findings = verdicts[exit], []check.Finding{{Code: code, Where: "log", What: what}}
		if exit == found {
			out.Evidence = cmp.Or(s.evidence, check.EvidenceName(pair[0].Origin))
			if err := saveEvidence(out.Evidence, pair); err != nil {
				return 0, fail("cannot save the evidence: "+bare(err).Error(), "--evidence FILE says where")
			}
		}
		what = string(code) + " log: " + what
	}
	if s.json {
		return exit, s.printJSON(out)
	}
	text := out.Verdict + ": " + what + "\n"
	for _, side := range pair {
		text += fmt.Sprintf("  %s  %d entries, root %s\n", visibleLine(side.Name), side.Tree.N, side.Tree.Hash)
	}
	if out.Evidence != "" {
		both := "both checkpoints are"
		if pair[0].Receipt || pair[1].Receipt {
			both = "both signed texts are"
		}
		text += "  " + both + " in " + visibleLine(out.Evidence) + "\n"
	}
	for _, remark := range remarks {
		text += "  remark     " + visibleLine(remark) + "\n"
	}
	return exit, print(s.out, text)
}

// saveEvidence saves two texts that contradict each other. A receipt is for its
// owner's eyes.
func saveEvidence(path string, pair [2]check.Side) error {
	if pair[0].Receipt || pair[1].Receipt {
		return discovery.WriteSecret(path, check.Evidence(pair[0].Checkpoint, pair[1].Checkpoint))
	}
	_, err := check.SaveEvidence(path, pair[0].Checkpoint, pair[1].Checkpoint)
	return err
}

// readSides reads both sides, the log first where one has it, and what people
// should know of them. Receipts need the directory's key; where the policy names no
// key of its log, the parameters that are signed by the directory's key do.
func (s *session) readSides(ctx context.Context) (sides [2][]check.Side, remarks []string, err error) {
	remarks = []string{}
	var papers [2]papers
	key := s.key
	for i, where := range s.args {
		if papers[i], err = sidePapers(where); err != nil {
			return sides, nil, err
		}
		key = cmp.Or(key, papers[i].key)
	}
	receipts := len(papers[0].list)+len(papers[1].list) > 0
	policy, err := s.releasePolicy()
	if err != nil {
		if !receipts || s.policy != "" {
			return sides, nil, err
		}
		policy = &trust.Policy{}
	}
	// alone reports whether a side has receipts and no log.
	alone := func(i int) bool { return len(papers[i].list) > 0 && papers[i].bundle == nil }
	for i, where := range s.args {
		if !receipts || alone(i) || key != "" && names(policy, key) {
			continue
		}
		notes, log, err := check.SaidBy(ctx, where, key)
		switch {
		case errors.Is(err, trust.Key), errors.Is(err, trust.Signature):
			return sides, nil, unread(i, err)
		case err != nil:
			continue // a checkpoint or a mirror says nothing; what else is wrong is found below
		}
		if key == "" {
			key = notes
			remarks = append(remarks, "the directory's key is taken as "+sideNames[i]+" shows it; compare it with what others have, and pass it as --key")
		}
		if !names(policy, key) {
			policy.Logs = append(policy.Logs, log)
		}
	}
	for i, where := range s.args {
		if !alone(i) {
			side, err := check.ReadSide(ctx, where, policy, time.Now())
			if err != nil {
				return sides, nil, unread(i, err)
			}
			side.Name = sideNames[i]
			sides[i] = []check.Side{side}
		}
		if len(papers[i].list) == 0 {
			continue
		}
		verifier, err := directory.NewVerifier(key)
		if key == "" || err != nil {
			return sides, nil, fail("--key is missing, or is none", "a receipt does not say which key its directory has; the file of --account does")
		}
		list, err := check.ReadReceipts(papers[i].list, verifier)
		if err != nil {
			return sides, nil, unread(i, err)
		}
		for _, side := range list {
			side.Name = sideNames[i] + ", " + side.Name
			sides[i] = append(sides[i], side)
		}
	}
	return sides, remarks, nil
}

// sideNames are those of the two sides.
var sideNames = [2]string{"A", "B"}

// unread says that a side is none, or not to be believed.
func unread(i int, err error) error {
	return fail("cannot read "+sideNames[i]+": "+strings.TrimPrefix(err.Error(), "trust: "), "a side is a URL, a folder, a zip, a receipt, or a file with a checkpoint or proof; one of them has the log")
}

// names reports whether a policy names a key of the log of the directory with that
// key of notes.
func names(policy *trust.Policy, key string) bool {
	directory, _, _ := strings.Cut(key, "+")
	return slices.ContainsFunc(policy.Logs, func(log string) bool {
		_, err := trust.NewVerifier(log, trust.Origin(directory))
		return err == nil
	})
}

// sidePapers are the receipts of a side: none, where it is anything else.
func sidePapers(where string) (papers, error) {
	if info, err := os.Stat(where); err != nil || !info.Mode().IsRegular() {
		return papers{}, nil
	}
	p, err := readPapers(where)
	switch {
	case err != nil:
		return papers{}, nil // too long for a receipt, perhaps
	case p.bundle == nil && p.url != "" && len(p.list) == 0:
		return papers{}, fail("there is no receipt in the file", "verifier confirm gets one, and verifier withdraw")
	case p.bundle == nil && p.url == "" && !check.IsReceipt(p.list[0].Text):
		return papers{}, nil
	}
	return p, nil
}
