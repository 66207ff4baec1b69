//go:build old

package discovery

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
)

// State is what a device remembers between runs: evaluations that were paid
// for, tags that were read, and the seed of the decoys. It is as private as the
// address book, whose numbers it holds.
//
// The file is that of the npm package: a line of JSON, and a line with its
// SHA-256, so that a damaged state is seen instead of quietly finding nobody.
type State struct {
	path string // "": nowhere
	of   *Directory
	seed [directory.DecoySeedSize]byte

	mu      sync.Mutex
	outputs map[string][oprf.OutputSize]byte
	tags    map[uint32]known
}

// NewState makes a state that is kept in memory alone: each run with a new one
// pays for all numbers.
func NewState(d *Directory) *State {
	s := &State{of: d, outputs: map[string][oprf.OutputSize]byte{}, tags: map[uint32]known{}}
	d.draw(s.seed[:])
	return s
}

// LoadState reads the state of a directory from a file, or begins one where
// there is none.
func LoadState(path string, d *Directory) (*State, error) {
	s := NewState(d)
	s.path = path
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(b) == 0 {
		return s, nil
	}
	if err != nil {
		return nil, wrap(StateWrong, "the state cannot be read", err)
	}
	if err := s.read(b); err != nil {
		return nil, err
	}
	return s, nil
}

// stateFile is the line of JSON.
type stateFile struct {
	Sealbook  string                     `json:"sealbook"` // "state"
	Version   int                        `json:"version"`  // 1
	Key       string                     `json:"key"`
	Epoch     uint32                     `json:"epoch"`
	PublicKey directory.Bytes            `json:"public_key"`
	Seed      directory.Bytes            `json:"seed"`
	Outputs   map[string]directory.Bytes `json:"outputs"` // by number
	Tags      []stateTags                `json:"tags"`
}

type stateTags struct {
	Bits    uint8           `json:"bits"`
	Bucket  uint32          `json:"bucket"`
	Version uint64          `json:"version"`
	ETag    *string         `json:"etag"`
	Tags    directory.Bytes `json:"tags"`
}

func damaged() error {
	return fail(StateWrong, "the state is damaged; without it the contacts are evaluated and charged again")
}

func (s *State) read(b []byte) error {
	text, sum, ok := bytes.Cut(b, []byte("\n"))
	if !ok || string(sum) != directory.TextSHA256(string(text))+"\n" {
		return damaged()
	}
	var f stateFile
	if json.Unmarshal(text, &f) != nil {
		return damaged()
	}
	p := &s.of.Parameters
	switch {
	case f.Sealbook != "state" || f.Version != 1:
		return fail(StateWrong, "the state is of another version")
	case f.Key != s.of.Key():
		return fail(StateWrong, "the state is of another directory")
	case len(f.Seed) != directory.DecoySeedSize:
		return damaged()
	case f.Epoch > p.Epoch:
		return fail(Epoch, "the directory went back to an earlier epoch")
	}
	s.seed = [directory.DecoySeedSize]byte(f.Seed)
	if f.Epoch < p.Epoch {
		return nil // of an epoch that is over nothing is of use any more
	}
	if !bytes.Equal(f.PublicKey, p.PublicKey) {
		return fail(Key, "the directory shows another public key than before for the same epoch")
	}
	for number, output := range f.Outputs {
		if len(output) != oprf.OutputSize {
			return damaged()
		}
		s.outputs[number] = [oprf.OutputSize]byte(output)
	}
	for _, t := range f.Tags {
		if t.Bits != p.BucketBits {
			continue
		}
		h := directory.Header{Place: s.of.place(t.Bucket), Version: t.Version, Count: uint32(len(t.Tags) / directory.TagSize)}
		tags := directory.Tags{Header: h, Packed: t.Tags}
		if _, err := directory.ParseTags(tags.Append(nil)); err != nil {
			return damaged()
		}
		k := known{Tags: tags}
		if t.ETag != nil {
			k.etag = *t.ETag
		}
		s.tags[t.Bucket] = k
	}
	return nil
}

// Known tells how many numbers are paid for.
func (s *State) Known() int { return len(s.outputs) }

// save writes the state over the old one, whole or not at all.
func (s *State) save() error {
	if s.path == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &s.of.Parameters
	f := stateFile{Sealbook: "state", Version: 1, Key: s.of.Key(), Epoch: p.Epoch, PublicKey: p.PublicKey, Seed: s.seed[:],
		Outputs: map[string]directory.Bytes{}, Tags: []stateTags{}}
	for number, output := range s.outputs {
		f.Outputs[number] = output[:]
	}
	for bucket, t := range s.tags {
		entry := stateTags{Bits: t.BucketBits, Bucket: bucket, Version: t.Version, Tags: t.Packed}
		if t.etag != "" {
			entry.ETag = &t.etag
		}
		f.Tags = append(f.Tags, entry)
	}
	slices.SortFunc(f.Tags, func(a, b stateTags) int { return int(int64(a.Bucket) - int64(b.Bucket)) })
	text, err := json.Marshal(f)
	if err != nil {
		panic(err) // texts, numbers, bytes
	}
	if err := WriteSecret(s.path, []byte(string(text)+"\n"+directory.TextSHA256(string(text))+"\n")); err != nil {
		return wrap(StateWrong, "the state cannot be saved", err)
	}
	return nil
}

// WriteSecret writes a file that only its owner may read (mode 0600), in place
// of an older one: whole or not at all, whatever happens meanwhile.
func WriteSecret(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".sealbook-*") // made with mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}
