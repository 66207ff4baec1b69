package trust

import (
	"errors"
	"strconv"
	"strings"

	formats "github.com/transparency-dev/formats/log"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// SignCheckpoint writes and signs the checkpoint of a tree. The log's origin is
// the name of each signer: there is more than one while a key is replaced. Ed25519
// is deterministic: the same tree gives the same bytes, nothing need be stored.
func SignCheckpoint(tree tlog.Tree, signers ...note.Signer) (string, error) {
	text := formats.Checkpoint{Origin: signers[0].Name(), Size: uint64(tree.N), Hash: tree.Hash[:]}.Marshal()
	signed, err := note.Sign(&note.Note{Text: string(text)}, signers...)
	return string(signed), err
}

// Witnesses are the keys of those who cosign, and how many of them must have.
type Witnesses struct {
	Keys   []note.Verifier
	Quorum int
}

// OpenCheckpoint checks a log's signature of a checkpoint and reads it. There
// may be further signatures, by whomever; those of witnesses are counted.
func OpenCheckpoint(text string, log note.Verifier, w Witnesses) (tlog.Tree, error) {
	if len(text) > MaxText {
		return tlog.Tree{}, Format.Because("checkpoint: too long")
	}
	n, err := note.Open([]byte(text), note.VerifierList(append([]note.Verifier{log}, w.Keys...)...))
	if err != nil {
		if _, ok := errors.AsType[*note.UnverifiedNoteError](err); ok {
			return tlog.Tree{}, Signature.Because("checkpoint: not by this log's key")
		}
		if _, ok := errors.AsType[*note.InvalidSignatureError](err); ok {
			return tlog.Tree{}, Signature.Because("checkpoint")
		}
		return tlog.Tree{}, Format.Because("checkpoint: not a signed note")
	}
	signed := false
	cosigned := 0
	for _, s := range n.Sigs {
		if s.Name == log.Name() && s.Hash == log.KeyHash() {
			signed = true
		} else {
			cosigned++
		}
	}
	if !signed {
		return tlog.Tree{}, Signature.Because("checkpoint: not by this log's key")
	}
	tree, err := parseTree(n.Text, log.Name())
	if err != nil {
		return tlog.Tree{}, err
	}
	if cosigned < w.Quorum {
		return tlog.Tree{}, Witness.Because(strconv.Itoa(cosigned) + " of " + strconv.Itoa(w.Quorum) + " cosignatures")
	}
	return tree, nil
}

// parseTree reads the text of a checkpoint, three lines and nothing else.
func parseTree(text, origin string) (tlog.Tree, error) {
	var c formats.Checkpoint
	rest, err := c.Unmarshal([]byte(text))
	if err != nil || len(rest) > 0 || c.Origin != origin || len(c.Hash) != tlog.HashSize ||
		c.Size > MaxInteger || string(c.Marshal()) != text {
		return tlog.Tree{}, Format.Because("checkpoint: text")
	}
	return tlog.Tree{N: int64(c.Size), Hash: tlog.Hash(c.Hash)}, nil
}

// Follow says whether a tree grew out of one that is known, by a proof of RFC
// 6962. Its error is Rollback or Consistency.
func Follow(tree, known tlog.Tree, proof tlog.TreeProof) error {
	switch {
	case tree.N < known.N:
		return Rollback.Because("the log has fewer entries than it had")
	case known.N == 0:
		if len(proof) == 0 {
			return nil
		}
	case tlog.CheckTree(proof, tree.N, tree.Hash, known.N, known.Hash) == nil:
		return nil
	}
	return Consistency.Because("the log is not the one it was")
}

// Origin is the name of a directory's log.
func Origin(directory string) string { return directory + "/v2/log" }

// NewVerifier reads a log's verifier key, which must be of that origin and in
// its one form.
func NewVerifier(key, origin string) (note.Verifier, error) {
	v, err := note.NewVerifier(key)
	if err != nil || v.Name() != origin || strings.ContainsAny(key, "\r\n") {
		return nil, Format.Because("verifier key of a log")
	}
	return v, nil
}
