package trust

import (
	"bufio"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	cosign "github.com/transparency-dev/formats/note"
	"golang.org/x/mod/sumdb/note"
)

// A Policy says whose keys count: C2SP tlog-policy, with two words more, those of
// an entry of keys.
//
//	release VKEY               keys of entry 0, where they are pinned
//	threshold 1
//	log VKEY [URL]
//	witness NAME VKEY [URL]
//	group NAME any|all|N NAME…
//	quorum none|NAME
//
// Package witness of transparency-dev/formats reads this too, but it passes over
// logs and wants a URL of each witness.
type Policy struct {
	Release   []string
	Threshold int
	Logs      []string // verifier keys
	Witnesses []WitnessKey

	quorum quorum
}

// A WitnessKey is a witness of a policy.
type WitnessKey struct {
	Name, URL string
	Key       note.Verifier
	Text      string // the verifier key, of a cosignature: name+id+base64
}

// A Quorum is who has to have cosigned: a witness, or so many of a group.
type Quorum struct {
	Witness string   `json:"witness,omitempty"` // its verifier key
	Least   int      `json:"least,omitempty"`
	Of      []Quorum `json:"of,omitempty"`
}

// Quorum is that of the policy, nil where nobody need have cosigned.
func (p *Policy) Quorum() *Quorum {
	if p.quorum.witness == nil && p.quorum.least == 0 {
		return nil
	}
	q := p.export(p.quorum)
	return &q
}

func (p *Policy) export(q quorum) (out Quorum) {
	if q.witness != nil {
		i := slices.IndexFunc(p.Witnesses, func(w WitnessKey) bool { return w.Key == q.witness })
		return Quorum{Witness: p.Witnesses[i].Text}
	}
	out.Least = q.least
	for _, c := range q.of {
		out.Of = append(out.Of, p.export(c))
	}
	return out
}

// quorum is a witness or a group: who of them is enough. The zero value needs
// nobody.
type quorum struct {
	witness note.Verifier
	least   int
	of      []quorum
	used    bool // in a group
}

func (q quorum) satisfied(by func(note.Verifier) bool) bool {
	if q.witness != nil {
		return by(q.witness)
	}
	n := 0
	for _, c := range q.of {
		if c.satisfied(by) {
			n++
		}
	}
	return n >= q.least
}

// ParsePolicy reads a policy. Its error is Format.
func ParsePolicy(text string) (*Policy, error) {
	if len(text) > MaxText {
		return nil, Format.Because("policy: too long")
	}
	p := &Policy{Threshold: 1}
	names := map[string]quorum{}
	quorums := 0
	lines := bufio.NewScanner(strings.NewReader(text))
	for number := 1; lines.Scan(); number++ {
		line, _, _ := strings.Cut(lines.Text(), "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		ok := false
		switch word, rest := fields[0], fields[1:]; word {
		case "quorum":
			quorums++
			if ok = len(rest) == 1; ok && rest[0] != "none" {
				p.quorum, ok = names[rest[0]]
			}
		case "group":
			ok = group(names, rest)
		default:
			ok = p.key(names, word, rest)
		}
		if !ok {
			return nil, Format.Because("policy: line " + strconv.Itoa(number))
		}
	}
	if quorums != 1 || lines.Err() != nil || p.Threshold < 1 || len(p.Release) > 0 && p.Threshold > len(p.Release) {
		return nil, Format.Because("policy: it has one quorum, and a threshold that its keys can reach")
	}
	return p, nil
}

// key reads a line that names a key.
func (p *Policy) key(names map[string]quorum, word string, rest []string) bool {
	switch {
	case word == "threshold" && len(rest) == 1:
		n, ok := parseInteger(rest[0])
		p.Threshold = int(min(n, MaxKeys+1))
		return ok
	case word == "release" && len(rest) == 1:
		_, err := note.NewVerifier(rest[0])
		p.Release = append(p.Release, rest[0])
		return err == nil && strings.HasSuffix(p.name(rest[0]), "/release")
	case word == "log" && (len(rest) == 1 || len(rest) == 2):
		_, err := note.NewVerifier(rest[0])
		p.Logs = append(p.Logs, rest[0])
		return err == nil
	case word == "witness" && (len(rest) == 2 || len(rest) == 3):
		v, err := cosign.NewVerifierForCosignatureV1(rest[1])
		if _, again := names[rest[0]]; again || rest[0] == "none" || err != nil {
			return false
		}
		w := WitnessKey{Name: rest[0], Key: v, Text: rest[1]}
		if text, err := cosign.VKeyToCosignatureV1(rest[1]); err == nil {
			w.Text = text // a plain key of Ed25519 was named
		}
		if len(rest) == 3 {
			w.URL = rest[2]
		}
		names[w.Name] = quorum{witness: v}
		p.Witnesses = append(p.Witnesses, w)
		return true
	}
	return false
}

func (*Policy) name(key string) string {
	name, _, _ := strings.Cut(key, "+")
	return name
}

// group reads a line "group NAME any|all|N NAME…" behind its first word. A
// member stands before its group, and in one group, so it is a tree.
func group(names map[string]quorum, rest []string) bool {
	if len(rest) < 3 {
		return false
	}
	if _, again := names[rest[0]]; again || rest[0] == "none" {
		return false
	}
	q := quorum{}
	for i, name := range rest[2:] {
		member, ok := names[name]
		if !ok || member.used || slices.Contains(rest[2:2+i], name) {
			return false
		}
		q.of = append(q.of, member)
		member.used = true
		names[name] = member
	}
	switch rest[1] {
	case "any":
		q.least = 1
	case "all":
		q.least = len(q.of)
	default:
		n, ok := parseInteger(rest[1])
		if !ok || n < 1 || n > uint64(len(q.of)) {
			return false
		}
		q.least = int(n)
	}
	names[rest[0]] = q
	return true
}

// Unwitnessed is the policy without its witnesses: nobody need have cosigned.
func (p *Policy) Unwitnessed() *Policy {
	return &Policy{Release: p.Release, Threshold: p.Threshold, Logs: p.Logs}
}

// A Cosignature is that of a witness of the policy.
type Cosignature struct {
	Name string    `json:"name"`
	Time time.Time `json:"time"`
}

// Cosigned checks the cosignatures of a checkpoint, whose own signature is
// checked elsewhere. It returns those of the policy's witnesses. Its error is
// Signature for one that does not hold or is of the future, Witness for fewer than
// the quorum.
func (p *Policy) Cosigned(checkpoint string, now time.Time) ([]Cosignature, error) {
	var list []Cosignature
	signed := map[note.Verifier]bool{}
	for _, w := range p.Witnesses {
		n, err := note.Open([]byte(checkpoint), note.VerifierList(w.Key))
		if err != nil {
			if _, ok := errors.AsType[*note.UnverifiedNoteError](err); ok {
				continue
			}
			return nil, Signature.Because("cosignature of " + w.Name)
		}
		at, err := cosign.CoSigV1Timestamp(n.Sigs[0])
		if err != nil || at.Sub(now) > MaxAhead {
			return nil, Signature.Because("the time of the cosignature of " + w.Name)
		}
		signed[w.Key] = true
		list = append(list, Cosignature{w.Name, at.UTC()})
	}
	if !p.quorum.satisfied(func(v note.Verifier) bool { return signed[v] }) {
		return list, Witness.Because("cosigned by " + strconv.Itoa(len(list)) + " witnesses, which is no quorum")
	}
	return list, nil
}

// Check says whether a log of releases is one that the policy trusts: its first
// keys are the pinned ones. Where no release keys are pinned, its checkpoint is
// signed by a pinned key of the log. Its error is Key or Signature.
func (p *Policy) Check(r *Releases, checkpoint string) error {
	if len(p.Release) > 0 {
		pinned := &Keys{Threshold: p.Threshold, Release: p.Release, Log: r.First.Log}
		if !pinned.Same(&r.First) {
			return Key.Because("the log begins with other keys than the policy names")
		}
		return nil
	}
	if len(p.Logs) == 0 {
		return Key.Because("the policy names no key")
	}
	for _, key := range p.Logs {
		v, err := NewVerifier(key, r.First.Origin())
		if err != nil {
			continue
		}
		_, err = OpenCheckpoint(checkpoint, v, Witnesses{})
		return err
	}
	return Key.Because("the policy names no key of this log")
}
