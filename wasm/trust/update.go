package trust

import (
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// An update brings a client from the log that it knows to the newest leaf:
//
//	old 2
//	NLBFa7geb0vdd3LAsbPwaSpWf96GcdoGjMiStXH1A/o=   consistency, one hash a line
//
//	c2sp.org/tlog-proof@v1
//	extra c2VhbGJvb2sg…                            the newest leaf
//	index 2
//	…
//
// It is 0.7 KB at first and 1.9 KB after a year of hours.

// NewUpdate writes the update from a size to a tree whose last leaf is given.
// For a size beyond the tree's end it has no hashes; the client says Rollback.
// The checkpoint is that of [SignCheckpoint].
func NewUpdate(from int64, tree tlog.Tree, leaf []byte, checkpoint string, r tlog.HashReader) (string, error) {
	var consistency tlog.TreeProof
	if 0 < from && from < tree.N {
		var err error
		if consistency, err = tlog.ProveTree(tree.N, from, r); err != nil {
			return "", err
		}
	}
	hashes, err := tlog.ProveRecord(tree.N, tree.N-1, r)
	if err != nil {
		return "", err
	}
	p := Proof{Index: tree.N - 1, Hashes: hashes, Entry: leaf, Checkpoint: checkpoint}
	return string(p.Append(appendOld(nil, from, consistency))), nil
}

// Update is the newest leaf, and the tree it is the last one of.
type Update struct {
	State State
	Tree  tlog.Tree
	// Checkpoint is the signed one: who keeps it can show what was said.
	Checkpoint string
}

// OpenUpdate checks the answer to a request for an update from the tree that is
// known, Tree{} where none is: signature, consistency, inclusion of the last
// leaf. Errors wrap Format, Signature, Rollback, Consistency, Inclusion or
// Rules. For consistency with the leaf known before see [State.Follows].
func OpenUpdate(text string, known tlog.Tree, log note.Verifier) (Update, error) {
	u, consistency, inclusion, err := openUpdate(text, known.N, log)
	if err != nil {
		return Update{}, err
	}
	if err := Follow(u.Tree, known, consistency); err != nil {
		return Update{}, err
	}
	return u.newest(inclusion)
}

// ReadUpdate is OpenUpdate for who does not know the tree of the size that was
// asked from: it checks all but consistency.
func ReadUpdate(text string, from int64, log note.Verifier) (Update, error) {
	u, _, inclusion, err := openUpdate(text, from, log)
	if err != nil {
		return Update{}, err
	}
	if u.Tree.N < from {
		return Update{}, Rollback.Because("the log has fewer entries than it had")
	}
	return u.newest(inclusion)
}

func openUpdate(text string, from int64, log note.Verifier) (u Update, consistency tlog.TreeProof, p Proof, err error) {
	consistency, p, err = parseUpdate(text, from)
	if err != nil {
		return Update{}, nil, Proof{}, err
	}
	u.Checkpoint = p.Checkpoint
	u.Tree, err = OpenCheckpoint(p.Checkpoint, log, Witnesses{})
	return u, consistency, p, err
}

// newest checks that the entry of a proof is the last leaf of the tree, and reads
// it.
func (u Update) newest(p Proof) (Update, error) {
	if p.Index != u.Tree.N-1 {
		return Update{}, Inclusion.Because("not the last leaf")
	}
	if err := p.check(u.Tree); err != nil {
		return Update{}, err
	}
	var err error
	if u.State, err = ParseState(p.Entry); err != nil {
		return Update{}, err
	}
	return u, nil
}

func parseUpdate(text string, from int64) (hashes tlog.TreeProof, p Proof, err error) {
	bad := Format.Because("update")
	if len(text) > MaxText {
		return nil, Proof{}, bad
	}
	hashes, rest, ok := cutOld(text, from)
	if !ok {
		return nil, Proof{}, bad
	}
	p, err = ParseProof([]byte(rest))
	return hashes, p, err
}
