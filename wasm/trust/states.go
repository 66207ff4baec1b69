package trust

import (
	"fmt"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// States is a log of a directory's states, read from its first entry to its last.
type States struct {
	List       []State
	Tree       tlog.Tree
	Checkpoint string // signed

	leaves [][]byte
	hashes hashes
}

// MaxStates is the most entries of a log of states that is read: two years of
// one a minute.
const MaxStates = 1 << 20

// ReadStates reads a log of states from what a directory serves, by the paths
// behind "v2/log/": it opens the checkpoint, reads all entries, applies the rules
// to each after the one before, and makes the root again. A directory counts its
// versions one by one, from 1. Errors of read are returned as they are; its own
// are Format, Signature, LogFile, Rules, and Consistency where the entries are not
// those of the checkpoint.
func ReadStates(read func(path string) ([]byte, error), log note.Verifier) (*States, error) {
	b, err := read("checkpoint")
	if err != nil {
		return nil, err
	}
	s := &States{Checkpoint: string(b)}
	if s.Tree, err = OpenCheckpoint(s.Checkpoint, log, Witnesses{}); err != nil {
		return nil, err
	}
	if s.Tree.N < 1 || s.Tree.N > MaxStates {
		return nil, Format.Because("checkpoint: a log of states has 1 to 1048576 entries")
	}
	for n := int64(0); n < s.Tree.N; {
		t := Tile{tlog.Tile{H: TileHeight, N: n >> TileHeight, W: int(min(s.Tree.N-n, 1<<TileHeight))}, true}
		b, err := read(t.String())
		if err != nil {
			return nil, err
		}
		list, err := ParseBundle(b)
		if err != nil || len(list) != t.W {
			return nil, LogFile.Because(t.String() + ": not a bundle of so many entries")
		}
		for _, leaf := range list {
			if err := s.add(n, leaf); err != nil {
				return nil, fmt.Errorf("entry %d: %w", n, err)
			}
			n++
		}
	}
	if root, err := tlog.TreeHash(s.Tree.N, s.hashes); err != nil || root != s.Tree.Hash {
		return nil, Consistency.Because("the entries are not those of the checkpoint")
	}
	return s, nil
}

func (s *States) add(n int64, leaf []byte) error {
	state, err := ParseState(leaf)
	if err != nil {
		return err
	}
	if n > 0 {
		if err := state.Follows(&s.List[n-1]); err != nil {
			return err
		}
	}
	if state.Version != uint64(n)+1 {
		return Rules.Because("a version is left out")
	}
	s.List, s.leaves = append(s.List, state), append(s.leaves, leaf)
	return s.hashes.add(n, leaf)
}

// Newest is the last state.
func (s *States) Newest() *State { return &s.List[len(s.List)-1] }

// Leaf is the text of an entry.
func (s *States) Leaf(n int64) []byte { return s.leaves[n] }

// Grown says whether a tree that was known is one that this log was. Its error is
// Rollback or Consistency.
func (s *States) Grown(known tlog.Tree) error { return s.hashes.grown(s.Tree, known) }

// Consistency proves that this log grew out of its first n entries.
func (s *States) Consistency(n int64) (tlog.TreeProof, error) {
	return s.hashes.consistency(s.Tree, n)
}

// Chained says whether the changes of a version are those that its leaf has
// chained: by the SHA-256 of their file. Its error is Inclusion.
func (s *States) Chained(version uint64, changes [32]byte) error {
	if version < 1 || version > uint64(len(s.List)) {
		return Inclusion.Because("changes of a version that the log does not have")
	}
	state, before := &s.List[version-1], tlog.Hash{}
	if version > 1 && s.List[version-2].Epoch == state.Epoch {
		before = s.List[version-2].Changes
	}
	if Chain(before, version, changes) != state.Changes {
		return Inclusion.Because(fmt.Sprintf("the changes of version %d are not those of the log", version))
	}
	return nil
}

// Tiles are the tiles of the log, by their paths behind "v2/log/".
func (s *States) Tiles() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, t := range tlog.NewTiles(TileHeight, 0, s.Tree.N) {
		data, err := tlog.ReadTileData(t, s.hashes)
		if err != nil {
			return nil, err
		}
		files[Tile{Tile: t}.String()] = data
		if t.L == 0 {
			var bundle []byte
			for n := t.N << TileHeight; n < t.N<<TileHeight+int64(t.W); n++ {
				bundle = AppendEntry(bundle, s.leaves[n])
			}
			files[Tile{t, true}.String()] = bundle
		}
	}
	return files, nil
}
