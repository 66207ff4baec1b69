package witness

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/rogpeppe/go-internal/lockedfile"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/trust"
)

// store keeps the checkpoint of each log that was cosigned last, in a file named
// by the SHA-256 of the log's origin. Each is signed by the witness itself, so
// that one which was damaged is noticed and not taken for another history.
type store struct {
	dir string
	key note.Verifier
	// mutex is taken before the file's lock: who waits for that holds a thread.
	mutex *sync.Mutex
}

// errDamaged is about a file that is not what this witness wrote.
var errDamaged = errors.New("the file is damaged: a witness that goes on without it could cosign another history")

// there says whether the folder is there.
func (s store) there() error {
	info, err := os.Stat(s.dir)
	if err == nil && !info.IsDir() {
		err = errors.New("not a folder")
	}
	return bare(err)
}

func (s store) file(origin string) string {
	sum := sha256.Sum256([]byte(origin))
	return filepath.Join(s.dir, hex.EncodeToString(sum[:]))
}

// lock keeps others out, of this process and of others.
func (s store) lock() (unlock func(), err error) {
	s.mutex.Lock()
	unfile, err := lockedfile.MutexAt(filepath.Join(s.dir, "lock")).Lock()
	if err != nil {
		s.mutex.Unlock()
		return nil, bare(err)
	}
	return func() { unfile(); s.mutex.Unlock() }, nil
}

// read returns what was cosigned last, and "" where nothing was.
func (s store) read(origin string) (tlog.Tree, string, error) {
	b, err := os.ReadFile(s.file(origin))
	if errors.Is(err, fs.ErrNotExist) {
		return tlog.Tree{}, "", nil
	}
	if err != nil {
		return tlog.Tree{}, "", bare(err)
	}
	of, tree, err := trust.ReadCheckpoint(string(b))
	if _, wrong := note.Open(b, note.VerifierList(s.key)); err != nil || wrong != nil || of != origin {
		return tlog.Tree{}, "", errDamaged
	}
	return tree, string(b), nil
}

// write keeps a checkpoint. Whoever writes holds the lock.
func (s store) write(origin, checkpoint string) error { return s.replace(s.file(origin), checkpoint) }

// replace replaces a file, whole or not at all; when it returns, it is on the disk.
func (s store) replace(name, text string) error {
	next := name + ".new"
	f, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return bare(err)
	}
	_, err = f.WriteString(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(next, name)
	}
	if err == nil && runtime.GOOS != "windows" { // where a folder has no sync
		var d *os.File
		if d, err = os.Open(s.dir); err == nil {
			err = errors.Join(d.Sync(), d.Close())
		}
	}
	return bare(err)
}

// accuse keeps two checkpoints of one size and different roots, both signed by
// the log: evidence that it shows different people different things. The first
// such pair of a log is kept that can be, whole. Whoever accuses holds the lock.
func (s store) accuse(origin, before, now string) {
	name := s.file(origin) + ".fork"
	if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
		s.replace(name, fmt.Sprintf("cosigned before:\n\n%s\nsubmitted now:\n\n%s", before, now))
	}
}

// bare is an error without the name of a file.
func bare(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}
