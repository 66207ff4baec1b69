package main

import (
	_ "embed"
	"io"
	"os"
	"path/filepath"

	"sealbook/verifier/check"
	"sealbook/wasm/trust"
)

//go:embed trust.policy
var builtInPolicy string

// releasePolicy is the policy that --policy names, or the one inside this program.
// A log of releases needs one with keys.
func (s *session) releasePolicy() (*trust.Policy, error) {
	text := builtInPolicy
	if s.policy != "" {
		f, err := openFile("--policy", s.policy)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		b, err := io.ReadAll(io.LimitReader(f, trust.MaxText+1))
		if err != nil {
			return nil, fail("cannot read --policy: "+bare(err).Error(), "")
		}
		text = string(b)
	}
	p, err := trust.ParsePolicy(text)
	if err != nil {
		return nil, fail(err.Error(), "a policy is of lines release, threshold, log, witness, group and quorum; wasm/trust/TRUST.md says what each means")
	}
	if len(p.Release) == 0 && len(p.Logs) == 0 {
		return nil, fail("no key of a publisher is known", "--policy FILE names them: the publisher's trust.policy, got on another way than the site; for a trial release dist/trust.policy")
	}
	return p, nil
}

// knownLogs are the checkpoints seen before; nil where --known is "none".
func (s *session) knownLogs() (*check.Known, error) {
	file := s.known
	switch file {
	case "none":
		return nil, nil
	case "":
		dir, err := os.UserConfigDir()
		if err != nil {
			return nil, fail("there is no folder for settings", "--known FILE says where checkpoints are kept, --known none keeps none")
		}
		file = filepath.Join(dir, "sealbook", "known.json")
	}
	k, err := check.OpenKnown(file)
	if err != nil {
		return nil, fail("cannot read the known checkpoints: "+err.Error(), "they are in --known FILE; to forget them is to begin trusting anew")
	}
	return k, nil
}
