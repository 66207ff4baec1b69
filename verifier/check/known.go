package check

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/trust"
)

// Known are the checkpoints of logs that were seen before, in a file: so that a log
// that was rolled back or forked is noticed.
type Known struct {
	file string
	logs map[string]knownLog
	// Evidence is where two checkpoints that contradict each other were saved.
	Evidence string
}

type knownLog struct {
	Size       int64     `json:"size"`
	Root       tlog.Hash `json:"root"`
	Checkpoint string    `json:"checkpoint"` // signed
}

// maxKnown is more than such a file has.
const maxKnown = 16 << 20

// OpenKnown reads the file, which need not be there. A malformed one is an error:
// to begin anew would forget what was seen.
func OpenKnown(file string) (*Known, error) {
	k := &Known{file: file, logs: map[string]knownLog{}}
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	}
	if err != nil {
		return nil, bare(err)
	}
	if len(b) > maxKnown || json.Unmarshal(b, &k.logs) != nil || k.logs == nil {
		return nil, errors.New("the file of known checkpoints is not what this program wrote")
	}
	return k, nil
}

// Check compares a log of releases with what is known of it, and keeps the new
// one. Its error is Rollback or Consistency.
func (k *Known) Check(origin string, r *trust.Releases, checkpoint string) error {
	return k.check(origin, r.Tree, checkpoint, r.Grown)
}

func (k *Known) check(origin string, tree tlog.Tree, checkpoint string, grown func(tlog.Tree) error) error {
	if before, ok := k.logs[origin]; ok && before.Size > 0 {
		if err := grown(tlog.Tree{N: before.Size, Hash: before.Root}); err != nil {
			return k.accuse(origin, before.Checkpoint, checkpoint, err)
		}
	}
	return k.keep(origin, tree, checkpoint)
}

// keep keeps a checkpoint and writes the file.
func (k *Known) keep(origin string, tree tlog.Tree, checkpoint string) error {
	k.logs[origin] = knownLog{tree.N, tree.Hash, checkpoint}
	b, err := json.MarshalIndent(k.logs, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(k.file), 0o700); err != nil {
		return bare(err)
	}
	// Whole or not at all.
	temporary, err := os.CreateTemp(filepath.Dir(k.file), "known-*")
	if err != nil {
		return bare(err)
	}
	_, err = temporary.Write(append(b, '\n'))
	err = errors.Join(err, temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), k.file)
	}
	if err != nil {
		os.Remove(temporary.Name())
		return fmt.Errorf("known checkpoints: %w", bare(err))
	}
	return nil
}

// accuse saves two checkpoints that contradict each other beside the file.
func (k *Known) accuse(origin, before, now string, err error) error {
	path, failed := SaveEvidence(filepath.Join(filepath.Dir(k.file), EvidenceName(origin)), before, now)
	if failed == nil {
		k.Evidence = path
		return fmt.Errorf("%w; both checkpoints are in %s", err, filepath.Base(path))
	}
	return err
}

// EvidenceName is the file's name for evidence about a log.
func EvidenceName(origin string) string {
	return "evidence-" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '_'
	}, strings.ToLower(origin)) + ".txt"
}
