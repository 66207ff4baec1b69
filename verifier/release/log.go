package release

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	"sealbook/wasm/trust"
)

// A Log is a log of releases with its manifests, as a folder has it and as a
// host serves it at /log/.
type Log struct {
	Entries    [][]byte
	Manifests  map[[32]byte][]byte
	checkpoint string
}

// ReadLog reads a log from a folder, which need not be there.
func ReadLog(dir string, now time.Time) (*Log, error) {
	l := &Log{Manifests: map[[32]byte][]byte{}}
	read := func(path string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, filepath.FromSlash(path))) }
	if _, err := read("checkpoint"); errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	r, checkpoint, err := trust.ReadReleases(read, now)
	if err != nil {
		return nil, err
	}
	l.Entries, l.checkpoint = r.Entries, checkpoint
	for _, made := range r.List {
		if l.Manifests[made.Manifest], err = read("manifest/" + hex.EncodeToString(made.Manifest[:])); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// Append signs an entry and appends it, if the rules allow it.
func (l *Log) Append(text string, now time.Time, keys ...*Key) error {
	signers := make([]note.Signer, len(keys))
	for i, k := range keys {
		signers[i] = k
	}
	entry, err := note.Sign(&note.Note{Text: text}, signers...)
	if err != nil {
		return err
	}
	entries := append(slices.Clone(l.Entries), entry)
	if _, err := trust.Walk(entries, now); err != nil {
		return err
	}
	l.Entries = entries
	return nil
}

// Sign signs the checkpoint by each key of the log. Cosignatures of a checkpoint
// of the same entries stay.
func (l *Log) Sign(now time.Time, keys ...*Key) (*trust.Releases, error) {
	r, err := trust.Walk(l.Entries, now)
	if err != nil {
		return nil, err
	}
	if l.checkpoint != "" && r.OpenCheckpoint(l.checkpoint) == nil {
		return r, nil
	}
	if len(keys) == 0 {
		return nil, errors.New("a checkpoint needs the log's key")
	}
	var signers []note.Signer
	for _, k := range keys {
		signers = append(signers, k)
	}
	signed, err := trust.SignCheckpoint(r.Tree, signers...)
	if err != nil {
		return nil, err
	}
	if err := r.OpenCheckpoint(signed); err != nil {
		return nil, fmt.Errorf("the checkpoint is not by the keys that the log names: %w", err)
	}
	l.checkpoint = signed
	return r, nil
}

// Checkpoint is the signed one.
func (l *Log) Checkpoint() string { return l.checkpoint }

// Files are what a host serves at /log/, by their paths behind it.
func (l *Log) Files(r *trust.Releases) (Files, error) {
	tiles, err := r.Tiles()
	if err != nil {
		return nil, err
	}
	files := Files(tiles)
	files["checkpoint"] = []byte(l.checkpoint)
	for sum, text := range l.Manifests {
		files["manifest/"+hex.EncodeToString(sum[:])] = text
	}
	return files, nil
}

// GrewOutOf says whether the log has all entries of another: to append to one that
// lacks some would fork it.
func (l *Log) GrewOutOf(live *trust.Releases, now time.Time) error {
	r, err := trust.Walk(l.Entries, now)
	if err != nil {
		return err
	}
	return r.Grown(live.Tree)
}

// TrialKeys are those of a log of trial releases.
func TrialKeys() trust.Keys {
	return trust.Keys{Threshold: 1, Release: []string{TrialKey("release").Verifier()}, Log: []string{TrialKey("log").Verifier()}}
}
