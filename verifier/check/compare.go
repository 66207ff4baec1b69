package check

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"sealbook/verifier/release"
	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// A Side is what one side shows of a log: a signed checkpoint, and the log if it
// has it.
type Side struct {
	Name       string // for reports
	Origin     string
	Tree       tlog.Tree
	Checkpoint string // signed; or the receipt, see Receipt
	// Receipt says that the tree is what a receipt or a withdrawal names, by the
	// directory's own key. Such a text is personal data: it has an account and a tag.
	Receipt bool

	log    whole // nil for a checkpoint alone
	pinned bool  // signed by a key of the log that the policy names
	kept   bool  // the log is files that somebody kept, not what is served now
}

// whole is a log that was read and checked.
type whole interface {
	Grown(known tlog.Tree) error
	OpenOld(checkpoint string) (tlog.Tree, error)
}

// statesOf is a log of states with its key.
type statesOf struct {
	*trust.States
	key note.Verifier
}

func (s statesOf) OpenOld(checkpoint string) (tlog.Tree, error) {
	tree, err := trust.OpenCheckpoint(checkpoint, s.key, trust.Witnesses{})
	if err != nil {
		return tlog.Tree{}, err
	}
	return tree, s.Grown(tree)
}

// ReadSide reads a URL, a folder or a zip with a log of releases or of states, or a
// file with a checkpoint, a proof, an update or the evidence of a page's alarm. A log is checked; a checkpoint alone
// is when it is compared.
func ReadSide(ctx context.Context, where string, policy *trust.Policy, now time.Time) (Side, error) {
	if info, err := os.Stat(where); err == nil && info.Mode().IsRegular() && info.Size() <= 4*trust.MaxText {
		b, err := os.ReadFile(where)
		if err != nil {
			return Side{}, bare(err)
		}
		if !strings.HasPrefix(string(b), "PK") {
			return readNote(string(b), policy)
		}
	}
	source, err := OpenLog(where)
	if err != nil {
		return Side{}, err
	}
	get := getter(ctx, source)
	if prefix, ok := StatesBelow(ctx, source); ok {
		states, key, err := readStates(func(path string) ([]byte, error) { return get(prefix + path) }, policy)
		if err != nil {
			return Side{}, err
		}
		return Side{Origin: key.Name(), Tree: states.Tree, Checkpoint: states.Checkpoint, log: statesOf{states, key}, kept: offline(source)}, nil
	}
	r, checkpoint, err := trust.ReadReleases(func(path string) ([]byte, error) { return get("log/" + path) }, now)
	if err == nil {
		err = policy.Check(r, checkpoint)
	}
	if err != nil {
		return Side{}, err
	}
	return Side{Origin: r.Keys.Origin(), Tree: r.Tree, Checkpoint: checkpoint, log: r}, nil
}

func readNote(text string, policy *trust.Policy) (Side, error) {
	var alarm struct {
		Proof string `json:"proof"`
	}
	if strings.HasPrefix(strings.TrimSpace(text), "{") && json.Unmarshal([]byte(text), &alarm) == nil {
		if text = alarm.Proof; text == "" {
			return Side{}, trust.Format.Because("the alarm saw no proof")
		}
	}
	if strings.HasPrefix(text, "old ") { // an update of a directory's log
		_, text, _ = strings.Cut(text, "\n\n")
	}
	if p, err := trust.ParseProof([]byte(text)); err == nil {
		text = p.Checkpoint
	}
	origin, tree, err := trust.ReadCheckpoint(text)
	if err != nil {
		return Side{}, err
	}
	side := Side{Origin: origin, Tree: tree, Checkpoint: text}
	for _, key := range policy.Logs {
		if v, err := trust.NewVerifier(key, origin); err == nil {
			_, err = trust.OpenCheckpoint(text, v, trust.Witnesses{})
			side.pinned = side.pinned || err == nil
		}
	}
	return side, nil
}

// ReadReceipts reads what receipts and withdrawals name of the log, by the key of
// the directory's notes: a side each, and that with the most entries first. Its
// error is Signature, Format, or Fetch for more than 1000.
func ReadReceipts(papers []Paper, key *directory.Verifier) ([]Side, error) {
	if len(papers) > maxPapers {
		return nil, errPapers
	}
	list := make([]Side, len(papers))
	for i, p := range papers {
		var receipt directory.Receipt
		var withdrawal directory.Withdrawal
		tree := &receipt.LogTree
		err := key.Open(p.Text, &receipt)
		if strings.HasPrefix(p.Text, withdrawalHead) {
			tree, err = &withdrawal.LogTree, key.Open(p.Text, &withdrawal)
		}
		if err = noteError(err); err != nil {
			return nil, err
		}
		list[i] = Side{Name: p.Where, Origin: trust.Origin(key.Name()), Tree: tree.Tree(), Checkpoint: p.Text, Receipt: true, pinned: true}
	}
	slices.SortStableFunc(list, func(a, b Side) int { return cmp.Compare(b.Tree.N, a.Tree.N) })
	return list, nil
}

// SaidBy reads what a directory says of itself where its log is: the key of its
// notes and that of its log. key is the pinned one, or empty.
func SaidBy(ctx context.Context, where, key string) (notes, log string, err error) {
	source, err := Open(where)
	if err != nil {
		return "", "", err
	}
	prefix, ok := StatesBelow(ctx, source)
	if !ok {
		return "", "", trust.Format.Because("no directory's log")
	}
	text, err := getter(ctx, source)(prefix + "directory")
	if err != nil {
		return "", "", err
	}
	var t Told
	if err := t.open(text, key); err != nil {
		return "", "", err
	}
	return t.Key.String(), t.Parameters.Log, nil
}

// IsReceipt reports whether a text is, by its first line, a receipt or a withdrawal.
func IsReceipt(text string) bool {
	return strings.HasPrefix(text, receiptHead) || strings.HasPrefix(text, withdrawalHead)
}

// CompareAll compares all that two sides show, each with each, also what is of one
// side: a bundle has a log and receipts. The log, where a side has it, is its
// first. It returns what Compare does, and the two that this is about.
func CompareAll(a, b []Side) (what string, pair [2]Side, err error) {
	what, err = Compare(a[0], b[0])
	pair = [2]Side{a[0], b[0]}
	all := slices.Concat(a, b)
	anyLog := a[0].log != nil || b[0].log != nil
	// own reports whether it is a receipt beside a log, against which it is held too.
	own := func(i int) bool { return 0 < i && i < len(a) && a[0].log != nil || i > len(a) && b[0].log != nil }
	for i, x := range all {
		for j, y := range all[i+1:] {
			_, other := Compare(x, y)
			switch {
			case other == nil:
			case !errors.Is(other, Fetch):
				return "", [2]Side{x, y}, other
			case x.Origin == y.Origin && (own(i) || own(i+1+j) || anyLog && x.log == nil && y.log == nil):
				// They are held against a log, and logs against each other.
			case err == nil:
				what, pair, err = "", [2]Side{x, y}, other
			}
		}
	}
	return what, pair, err
}

// Compare says whether two sides show the same log: what it returns is for people.
// Its error is Consistency where there are two logs, Rollback where a log has
// fewer entries than the other side's checkpoint of it, Signature for a checkpoint
// that is not the log's, and Fetch where neither side has the log and the
// checkpoints are of different sizes.
func Compare(a, b Side) (string, error) {
	if a.Origin != b.Origin {
		return "", Fetch.Because("the two sides are of different logs")
	}
	small, large := a, b
	if a.Tree.N > b.Tree.N {
		small, large = b, a
	}
	same := "the same log on both sides"
	if small.Tree.N < large.Tree.N {
		same = fmt.Sprintf("the same log; one side has %d entries more", large.Tree.N-small.Tree.N)
	}
	texts := "checkpoints"
	if small.Receipt || large.Receipt {
		texts = "signed texts"
	}
	switch {
	case small.log != nil && large.log != nil:
		if err := large.log.Grown(small.Tree); err != nil {
			return "", trust.Consistency.Because("two logs: they are signed by the same keys, and none grew out of the other")
		}
		return same, nil
	case large.log != nil:
		return same, opened(large, small)
	case small.log != nil:
		// The longer side is a checkpoint alone.
		err := opened(small, large)
		if errors.Is(err, trust.Rollback) && small.kept && large.Receipt {
			return "", Fetch.Because("the log was kept before the receipt was signed, which names more entries")
		}
		if errors.Is(err, trust.Rollback) {
			err = trust.Rollback.Because("a side has fewer entries than its log had, by the other side's checkpoint")
		}
		return same, err
	case small.Tree.N == large.Tree.N && small.pinned && large.pinned:
		if small.Tree != large.Tree {
			return "", trust.Consistency.Because("two logs: two checkpoints of one size with different roots, both signed by the log's key")
		}
		return same, nil
	case small.Tree.N == large.Tree.N:
		return "", Fetch.Because("two " + texts + " of one size, of which the policy does not name the log's key: one side has to be the log, a URL, folder or zip")
	}
	return "", Fetch.Because("two " + texts + " of different sizes: one side has to be the log, a URL, folder or zip")
}

// opened opens a checkpoint by the log of the other side.
func opened(log, other Side) error {
	if other.Receipt { // its signature was checked before
		err := log.log.Grown(other.Tree)
		if errors.Is(err, trust.Consistency) {
			return trust.Consistency.Because("two logs: the receipt is signed by the directory's key, and is not of these entries")
		}
		return err
	}
	_, err := log.log.OpenOld(other.Checkpoint)
	if errors.Is(err, trust.Consistency) {
		return trust.Consistency.Because("two logs: the checkpoint is signed by the log's key, and is not of these entries")
	}
	return err
}

// Recosign puts a checkpoint with other cosignatures into the files of a log
// whose paths begin with a prefix, "log/" for a site and "site/log/" for a release:
// beside the checkpoint into the proof, if that is of the same checkpoint, and into
// the zip of a release. It returns the files that change.
func Recosign(files release.Files, prefix, checkpoint string) (release.Files, error) {
	_, tree, err := trust.ReadCheckpoint(checkpoint)
	if err != nil {
		return nil, err
	}
	if _, now, err := trust.ReadCheckpoint(string(files[prefix+"checkpoint"])); err != nil || now != tree {
		return nil, errors.New("the folder has another checkpoint than was cosigned")
	}
	changed := release.Files{prefix + "checkpoint": []byte(checkpoint)}
	site, inSite := strings.CutSuffix(prefix, "log/")
	if !inSite {
		return changed, nil
	}
	if p, err := trust.ParseProof(files[site+"release.tlog-proof"]); err == nil {
		if _, then, err := trust.ReadCheckpoint(p.Checkpoint); err == nil && then == tree {
			p.Checkpoint = checkpoint
			changed[site+"release.tlog-proof"] = p.Append(nil)
		}
	}
	zipped := release.Files{}
	for name, data := range files {
		if strings.HasPrefix(name, "site/") {
			zipped[name] = data
		}
		if new, ok := changed[name]; ok && zipped[name] != nil {
			zipped[name] = new
		}
	}
	for name := range files {
		if site == "site/" && strings.HasPrefix(name, "sealbook-") && strings.HasSuffix(name, ".zip") {
			if changed[name], err = zipped.Zip(); err != nil {
				return nil, err
			}
		}
	}
	return changed, nil
}
