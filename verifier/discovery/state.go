package discovery

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/oprf"
	"sealbook/wasm/trust"
)

// State is what a device remembers between syncs: evaluations that were paid
// for, what the directory published when it was read last and where its log
// stood, the handles that were seen first, and the own entry. It is as private
// as the address book, whose numbers it holds.
//
// The file is a line of JSON, and a line with its SHA-256, so that a damaged
// state is seen instead of quietly finding nobody.
type State struct {
	path string // "": nowhere
	of   *Directory

	tree   tlog.Tree // of the log; 0 leaves: nothing is known
	leaf   trust.State
	update string // that signed it
	note   string // the parameters that were signed beside it
	log    string // the key of the log that they name

	tags    *directory.Tags // of the leaf's version; nil: none were read
	root    tlog.Hash       // of its records
	records []byte          // all of them, RecordSize bytes each; nil: they were not read
	epochs  [2]time.Time    // when the two newest epochs were seen first

	epoch   uint32                           // of the outputs
	outputs map[string][oprf.OutputSize]byte // by number
	seen    map[string]directory.Record      // the handles that were seen first
	own     own
}

// NewState makes a state that is kept in memory alone: each run with a new one
// pays for all numbers.
func NewState(d *Directory) *State {
	return &State{of: d, outputs: map[string][oprf.OutputSize]byte{}, seen: map[string]directory.Record{}}
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
	Sealbook string                     `json:"sealbook"` // "state"
	Version  int                        `json:"version"`  // 2
	Key      string                     `json:"key"`
	Size     int64                      `json:"log_size"`
	Root     directory.Bytes            `json:"log_root"`
	Leaf     string                     `json:"leaf"`
	Update   string                     `json:"update"`
	Note     string                     `json:"note"`
	Log      string                     `json:"log"`
	Tags     directory.Bytes            `json:"tags"`    // SBT2
	Records  *directory.Bytes           `json:"records"` // null: they were not read
	RootOf   directory.Bytes            `json:"records_root"`
	Epochs   [2]int64                   `json:"epochs"`  // Unix times
	Epoch    uint32                     `json:"epoch"`   // of the outputs
	Outputs  map[string]directory.Bytes `json:"outputs"` // by number
	Seen     map[string]seenRecord      `json:"seen"`    // by number
	Own      ownFile                    `json:"own"`
}

type seenRecord struct {
	Handle directory.Bytes `json:"handle"`
	Flags  uint32          `json:"flags"`
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
	switch {
	case f.Sealbook != "state" || f.Version != 2:
		return fail(StateWrong, "the state is of another version")
	case s.of.Key() != "" && f.Key != s.of.Key():
		return fail(StateWrong, "the state is of another directory")
	}
	if s.of.verifier == nil && f.Key != "" {
		verifier, err := directory.NewVerifier(f.Key)
		if err != nil {
			return damaged()
		}
		s.of.verifier = verifier // what was seen before is pinned
	}
	if f.Size > 0 {
		leaf, err := trust.ParseState([]byte(f.Leaf))
		if err != nil || len(f.Root) != tlog.HashSize {
			return damaged()
		}
		s.tree, s.leaf, s.update = tlog.Tree{N: f.Size, Hash: tlog.Hash(f.Root)}, leaf, f.Update
		s.note, s.log = f.Note, f.Log
	}
	if len(f.Tags) > 0 {
		tags, err := directory.ParseTags(f.Tags)
		if err != nil || len(f.RootOf) != tlog.HashSize || tags.Version != s.leaf.Version {
			return damaged()
		}
		s.tags, s.root = &tags, tlog.Hash(f.RootOf)
	}
	if f.Records != nil {
		if s.tags == nil || len(*f.Records) != directory.RecordSize*len(s.tags.List) {
			return damaged()
		}
		s.records = *f.Records
	}
	s.epoch = f.Epoch
	for number, output := range f.Outputs {
		if len(output) != oprf.OutputSize {
			return damaged()
		}
		s.outputs[number] = [oprf.OutputSize]byte(output)
	}
	for number, r := range f.Seen {
		if len(r.Handle) != directory.HandleSize {
			return damaged()
		}
		s.seen[number] = directory.Record{Handle: [directory.HandleSize]byte(r.Handle), Flags: r.Flags}
	}
	for i, at := range f.Epochs {
		if at != 0 {
			s.epochs[i] = time.Unix(at, 0)
		}
	}
	return s.readOwn(f.Own)
}

// Known is how many numbers are paid for.
func (s *State) Known() int { return len(s.outputs) }

// Save writes the state over the old one, whole or not at all.
func (s *State) Save() error {
	if s.path == "" {
		return nil
	}
	f := stateFile{Sealbook: "state", Version: 2, Key: s.of.Key(), Size: s.tree.N, Update: s.update, Note: s.note, Log: s.log, Epoch: s.epoch,
		Outputs: map[string]directory.Bytes{}, Seen: map[string]seenRecord{}, Own: s.own.file()}
	if s.tree.N > 0 {
		f.Root, f.Leaf = s.tree.Hash[:], string(s.leaf.Leaf())
	}
	if s.tags != nil {
		f.Tags, f.RootOf = s.tags.Append(nil), s.root[:]
	}
	if s.records != nil {
		f.Records = (*directory.Bytes)(&s.records)
	}
	for number, output := range s.outputs {
		f.Outputs[number] = output[:]
	}
	for number, r := range s.seen {
		f.Seen[number] = seenRecord{r.Handle[:], r.Flags}
	}
	for i, at := range s.epochs {
		if !at.IsZero() {
			f.Epochs[i] = at.Unix()
		}
	}
	text, err := json.Marshal(f)
	if err != nil {
		panic(err) // texts, numbers, bytes
	}
	if err := WriteSecret(s.path, []byte(string(text)+"\n"+directory.TextSHA256(string(text))+"\n")); err != nil {
		return wrap(StateWrong, "the state cannot be saved", err)
	}
	return nil
}

// saveEvidence writes signed texts beside the state and returns the file's name,
// "" where there is no state or it cannot be written.
func (s *State) saveEvidence(d *Directory, code Code, evidence []Signed) string {
	if s.path == "" || len(evidence) == 0 {
		return ""
	}
	text, err := json.MarshalIndent(struct {
		Sealbook string   `json:"sealbook"` // "evidence"
		Version  int      `json:"version"`  // 1
		Code     Code     `json:"code"`
		Key      string   `json:"key"`
		Log      string   `json:"log"`
		Time     string   `json:"time"`
		Signed   []Signed `json:"signed"`
	}{"evidence", 1, code, d.Key(), d.Parameters.Log, directory.Time(d.link.now()), evidence}, "", " ")
	if err != nil {
		panic(err) // texts
	}
	path := fmt.Sprintf("%s.%s-%d.evidence", s.path, code, d.link.now().Unix())
	if WriteSecret(path, append(text, '\n')) != nil {
		return ""
	}
	return path
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
