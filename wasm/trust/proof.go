package trust

import (
	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Proof is that an entry is in a log, C2SP tlog-proof, with the entry itself as
// its extra data.
type Proof struct {
	Index      int64
	Hashes     tlog.RecordProof
	Entry      []byte
	Checkpoint string // signed
}

// Append appends the text of the proof.
func (p *Proof) Append(dst []byte) []byte {
	hashes := make([][tlog.HashSize]byte, len(p.Hashes))
	for i, h := range p.Hashes {
		hashes[i] = h
	}
	return append(dst, proof.TLogProof{
		Index: uint64(p.Index), Hashes: hashes, ExtraData: append([]byte{}, p.Entry...), Checkpoint: []byte(p.Checkpoint),
	}.Marshal()...)
}

// ParseProof reads what Append writes. Nothing is checked but its form.
func ParseProof(text []byte) (Proof, error) {
	var t proof.TLogProof
	if len(text) > MaxText || t.Unmarshal(text) != nil || t.Index > MaxInteger || t.ExtraData == nil {
		return Proof{}, Format.Because("proof")
	}
	p := Proof{Index: int64(t.Index), Entry: t.ExtraData, Checkpoint: string(t.Checkpoint)}
	for _, h := range t.Hashes {
		p.Hashes = append(p.Hashes, h)
	}
	if string(p.Append(nil)) != string(text) {
		return Proof{}, Format.Because("proof")
	}
	return p, nil
}

// Open checks the proof's checkpoint, and that the entry is in the log.
func (p *Proof) Open(log note.Verifier, w Witnesses) (tlog.Tree, error) {
	tree, err := OpenCheckpoint(p.Checkpoint, log, w)
	if err != nil {
		return tlog.Tree{}, err
	}
	return tree, p.check(tree)
}

func (p *Proof) check(tree tlog.Tree) error {
	if p.Index >= tree.N || tlog.CheckRecord(p.Hashes, tree.N, tree.Hash, p.Index, tlog.RecordHash(p.Entry)) != nil {
		return Inclusion.Because("the entry is not in the log")
	}
	return nil
}
