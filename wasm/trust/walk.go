package trust

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/semver"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A Logged is a release with its place in the log.
type Logged struct {
	Release
	Index     int64
	Withdrawn *Withdrawal // nil: it stands
}

// Releases is a log of releases, read from its first entry to its last.
type Releases struct {
	First, Keys Keys // of entry 0, and those that hold now
	List        []Logged
	Tree        tlog.Tree
	Entries     [][]byte

	hashes hashes
	now    time.Time
}

// Walk reads all entries of a log of releases and applies its rules: entry 0
// are keys, signed by all of them; a rotation is signed by the threshold of the
// old and by all new ones; all else by the threshold. Versions rise, a release is
// withdrawn once and after it was made, times do not fall and are not of the
// future, and a release expires within MaxLife.
//
// Its error is Format, Signature, Rules, or Kind for an entry of a kind that only
// a newer program knows.
func Walk(entries [][]byte, now time.Time) (*Releases, error) {
	r := &Releases{Entries: entries, now: now}
	var last time.Time
	for i, entry := range entries {
		at, err := r.enter(int64(i), entry)
		if err == nil && !at.IsZero() {
			switch {
			case at.Before(last):
				err = Rules.Because("the time falls")
			case at.Sub(now) > MaxAhead:
				err = Rules.Because("the time is of the future")
			}
			last = at
		}
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", i, err)
		}
		if err := r.hashes.add(int64(i), entry); err != nil {
			return nil, err
		}
	}
	if len(entries) == 0 {
		return nil, Format.Because("a log of releases has an entry")
	}
	root, err := tlog.TreeHash(int64(len(entries)), r.hashes)
	r.Tree = tlog.Tree{N: int64(len(entries)), Hash: root}
	return r, err
}

// MaxEntries is the most entries of a log of releases that is read.
const MaxEntries = 1 << 12

// ReadReleases reads a log of releases from its static files, by their paths
// behind "log/": it walks all entries and opens the checkpoint. Whose keys they
// are is for [Policy.Check] to say. Errors of read are returned as they are; its
// own are Format, LogFile for a bundle that is not of its size, and those of
// [Walk] and [Releases.OpenCheckpoint].
func ReadReleases(read func(path string) ([]byte, error), now time.Time) (r *Releases, checkpoint string, err error) {
	b, err := read("checkpoint")
	if err != nil {
		return nil, "", err
	}
	// Nothing is believed yet: the size says which bundles to ask for.
	_, tree, err := ReadCheckpoint(string(b))
	if err != nil {
		return nil, "", err
	}
	if tree.N < 1 || tree.N > MaxEntries {
		return nil, "", Format.Because("checkpoint: a log of releases has 1 to 4096 entries")
	}
	var entries [][]byte
	for first := int64(0); first < tree.N; first += 1 << TileHeight {
		t := Tile{tlog.Tile{H: TileHeight, N: first >> TileHeight, W: int(min(tree.N-first, 1<<TileHeight))}, true}
		b, err := read(t.String())
		if err != nil {
			return nil, "", err
		}
		list, err := ParseBundle(b)
		if err != nil || len(list) != t.W {
			return nil, "", LogFile.Because(t.String() + ": not a bundle of so many entries")
		}
		entries = append(entries, list...)
	}
	if r, err = Walk(entries, now); err != nil {
		return nil, "", err
	}
	return r, string(b), r.OpenCheckpoint(string(b))
}

// enter applies an entry, and returns its time if it has one.
func (r *Releases) enter(i int64, entry []byte) (time.Time, error) {
	body, err := textOf(entry)
	if err != nil {
		return time.Time{}, err
	}
	head, _, _ := strings.Cut(body, "\n")
	switch head += "\n"; head {
	case keysHead:
		return time.Time{}, r.rotate(i, entry, body)
	case releaseHead, withdrawalHead:
		if i == 0 {
			return time.Time{}, Rules.Because("entry 0 are keys")
		}
	default:
		return time.Time{}, Kind.Because("an entry of a kind that a newer program knows")
	}
	_, by, err := signedBy(entry, r.Keys.Release...)
	if err != nil {
		return time.Time{}, err
	}
	if len(by) < r.Keys.Threshold {
		return time.Time{}, Signature.Because(fmt.Sprintf("entry: %d of %d signatures", len(by), r.Keys.Threshold))
	}
	if head == releaseHead {
		made, err := ParseRelease(body)
		if err != nil {
			return time.Time{}, err
		}
		return made.Time, r.release(i, made)
	}
	w, err := ParseWithdrawal(body)
	if err != nil {
		return time.Time{}, err
	}
	return w.Time, r.withdraw(w)
}

func (r *Releases) rotate(i int64, entry []byte, body string) error {
	keys, err := ParseKeys(body)
	if err != nil {
		return err
	}
	_, by, err := signedBy(entry, slices.Concat(r.Keys.Release, keys.Release)...)
	if err != nil {
		return err
	}
	old := 0
	for _, key := range r.Keys.Release {
		if by[key] {
			old++
		}
	}
	if i > 0 && old < r.Keys.Threshold {
		return Signature.Because(fmt.Sprintf("keys: %d of %d signatures by the keys before", old, r.Keys.Threshold))
	}
	for _, key := range keys.Release {
		if !by[key] {
			return Signature.Because("keys: not signed by each new one")
		}
	}
	if i == 0 {
		r.First = keys
	} else if keys.Host() != r.First.Host() {
		return Rules.Because("keys: of another host")
	}
	r.Keys = keys
	return nil
}

func (r *Releases) release(i int64, made Release) error {
	if n := len(r.List); n > 0 && semver.Compare("v"+made.Version, "v"+r.List[n-1].Version) <= 0 {
		return Rules.Because("the version does not rise")
	}
	if life := made.Expires.Sub(made.Time); life <= 0 || life > MaxLife {
		return Rules.Because("a release expires after its time, and at most 400 days")
	}
	r.List = append(r.List, Logged{Release: made, Index: i})
	return nil
}

func (r *Releases) withdraw(w Withdrawal) error {
	made := r.Version(w.Version)
	switch {
	case made == nil:
		return Rules.Because("withdrawn: there is no such release")
	case made.Withdrawn != nil:
		return Rules.Because("withdrawn twice")
	}
	made.Withdrawn = &w
	return nil
}

// Version is a release by its version, nil where there is none.
func (r *Releases) Version(v string) *Logged {
	i := slices.IndexFunc(r.List, func(l Logged) bool { return l.Version == v })
	if i < 0 {
		return nil
	}
	return &r.List[i]
}

// Newest is the newest release that stands and has not expired. Where there is
// none its error is Withdrawn or Expired, by what the newest is, and Rules where
// nothing was ever released.
func (r *Releases) Newest(now time.Time) (*Logged, error) {
	for i := len(r.List) - 1; i >= 0; i-- {
		if r.List[i].Standing(now) == nil {
			return &r.List[i], nil
		}
	}
	if len(r.List) == 0 {
		return nil, Rules.Because("nothing was released")
	}
	return nil, r.List[len(r.List)-1].Standing(now)
}

// Standing says whether a release was neither withdrawn nor has expired.
func (l *Logged) Standing(now time.Time) error {
	switch {
	case l.Withdrawn != nil:
		return Withdrawn.Because(l.Version + " was withdrawn: " + l.Withdrawn.Reason)
	case now.After(l.Expires):
		return Expired.Because(l.Version + " expired " + formatTime(l.Expires))
	}
	return nil
}

// Prove is the proof of an entry, with a signed checkpoint of this tree.
func (r *Releases) Prove(index int64, checkpoint string) (Proof, error) {
	return r.ProveIn(index, r.Tree.N, checkpoint)
}

// ProveIn is the proof of an entry in what the log was when it had so many.
func (r *Releases) ProveIn(index, size int64, checkpoint string) (Proof, error) {
	if index < 0 || index >= size || size > r.Tree.N {
		return Proof{}, Inclusion.Because("an entry beyond the end of the log")
	}
	p, err := tlog.ProveRecord(size, index, r.hashes)
	if err != nil {
		return Proof{}, err
	}
	return Proof{Index: index, Hashes: p, Entry: r.Entries[index], Checkpoint: checkpoint}, nil
}

// Root is that of the first n entries.
func (r *Releases) Root(n int64) (tlog.Hash, error) { return r.hashes.root(r.Tree, n) }

// Grown says whether a tree that was known is one that this log was. Its error is
// Rollback or Consistency.
func (r *Releases) Grown(known tlog.Tree) error { return r.hashes.grown(r.Tree, known) }

// Consistency proves that this log grew out of its first n entries.
func (r *Releases) Consistency(n int64) (tlog.TreeProof, error) {
	return r.hashes.consistency(r.Tree, n)
}

// OpenOld opens a checkpoint of this log or of what it was: signed by a key of the
// log that held at that size. Its error is Format, Signature, Rollback or
// Consistency.
func (r *Releases) OpenOld(text string) (tlog.Tree, error) {
	body, err := textOf([]byte(text))
	if err != nil {
		return tlog.Tree{}, Format.Because("checkpoint: not a signed note")
	}
	tree, err := parseTree(body, r.Keys.Origin())
	if err != nil {
		return tlog.Tree{}, err
	}
	then, err := Walk(r.Entries[:min(max(tree.N, 0), r.Tree.N)], r.now)
	if err != nil {
		return tlog.Tree{}, err
	}
	return tree, then.OpenCheckpoint(text)
}

// OpenCheckpoint checks a checkpoint of this log: signed by each log key that
// holds now, of this tree. Its error is Format, Signature, Rollback or
// Consistency.
func (r *Releases) OpenCheckpoint(text string) error {
	for _, key := range r.Keys.Log {
		v, err := NewVerifier(key, r.Keys.Origin())
		if err != nil {
			return err
		}
		tree, err := OpenCheckpoint(text, v, Witnesses{})
		switch {
		case err != nil:
			return err
		case tree.N != r.Tree.N:
			return Rollback.Because("a checkpoint of another size")
		case tree != r.Tree:
			return Consistency.Because("a checkpoint of other entries")
		}
	}
	return nil
}

// Tiles are the static files of this log but its checkpoint and manifests: path
// ("tile/0/000.p/3", "tile/entries/000.p/3") to bytes. A tree of n entries has
// no more than n of them.
func (r *Releases) Tiles() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, t := range tlog.NewTiles(TileHeight, 0, r.Tree.N) {
		tile := Tile{Tile: t}
		data, err := r.Tile(tile)
		if err != nil {
			return nil, err
		}
		files[tile.String()] = data
		if t.L == 0 {
			tile.Entries = true
			if files[tile.String()], err = r.Tile(tile); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

// Tile is the content of a tile of this log or of what it was: a partial one may
// still be there when there are more entries. Its error is Format for one beyond
// the end.
func (r *Releases) Tile(t Tile) ([]byte, error) {
	if t.Entries {
		first, count := t.Range()
		if first < 0 || count < 1 || first > r.Tree.N || count > r.Tree.N-first {
			return nil, Format.Because("a tile beyond the end of the log")
		}
		var b []byte
		for _, e := range r.Entries[first : first+count] {
			b = AppendEntry(b, e)
		}
		return b, nil
	}
	// Of its level there are so many whole hashes.
	if t.L < 0 || t.L >= 8 || t.N < 0 || t.N > r.Tree.N || t.N<<TileHeight+int64(t.W) > r.Tree.N>>(TileHeight*t.L) {
		return nil, Format.Because("a tile beyond the end of the log")
	}
	data, err := tlog.ReadTileData(t.Tile, r.hashes)
	if err != nil {
		return nil, Format.Because("tile")
	}
	return data, nil
}

// textOf is the text of a signed note, whoever signed it.
func textOf(entry []byte) (string, error) {
	_, err := note.Open(entry, note.VerifierList())
	if u, ok := errors.AsType[*note.UnverifiedNoteError](err); ok {
		return u.Note.Text, nil
	}
	return "", Format.Because("entry: not a signed note")
}
