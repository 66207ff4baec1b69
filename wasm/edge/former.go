package edge

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
	"sealbook/wasm/trust"
)

// former hands on the people of the last state, in order.
type former interface {
	// next returns the tag of the next one, and io.EOF at the end.
	next() (uint64, error)
	// pass hands on the records of n more, of those that next returned.
	pass(w io.Writer, n int) error
	// check says whether what was handed on is what the log commits to.
	check(state *trust.State) error
	io.Closer
}

// errFormer is that the files of the last state are lost, or not those of the
// log. They can be made again.
var errFormer = errors.New("edge: the last state's files are not those of the log")

// errHistory is that they do not go with the database.
var errHistory = fmt.Errorf("%w: they do not go with the database", errFormer)

// errDatabase is that the database, of which they are made again, does not go with
// the log.
var errDatabase = errors.New("edge: the database does not go with the log")

// formerError makes an error of a file errFormer where the file is lost or
// malformed, and not where it could not be read just now.
func formerError(file string, err error) error {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, directory.ErrMalformed) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: %s: %w", errFormer, file, err)
	}
	return err
}

// openLast opens the last state: its files, or where they were lost the
// database, which holds everybody who is there now, and in the journal what was
// before.
func (p *publication) openLast() (former, error) {
	if p.distrust {
		r := &rebuilt{ctx: p.ctx, people: p.h.config.Store.People(p.moment, p.last.leaf.Read), sum: sha256.New(), hasher: blockHasher{hash: sha256.New()}}
		last := &p.last.state
		r.tags = directory.NewTagsWriter(r.sum, directory.Header{
			Place: directory.Place{Epoch: last.Epoch}, Version: last.Version, Count: uint32(last.People)})
		return r, nil
	}
	return p.openFiles()
}

// openFile opens a file of the last state.
func (p *publication) openFile(file string) (io.ReadCloser, error) {
	f, size, err := p.h.config.Files.Open(p.ctx, fileName(p.last.leaf.N+1, p.last.leaf.Files, file))
	if err != nil {
		return nil, formerError(file, err)
	}
	if want, known := sizeOf(p.last.leaf.Sizes, file); known && size != want {
		return nil, errors.Join(fmt.Errorf("%w: %s has %d of %d bytes", errFormer, file, size, want), f.Close())
	}
	return f, nil
}

func (p *publication) readFile(file string) ([]byte, error) {
	f, err := p.openFile(file)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(f)
	return b, errors.Join(err, f.Close())
}

// files are those of the last state.
type files struct {
	tags    *directory.TagsReader
	sum     hash.Hash // of the file of tags
	root    tlog.Hash // of the blocks of records
	records *bufio.Reader
	closers []io.Closer
}

func (p *publication) openFiles() (*files, error) {
	f := &files{sum: sha256.New()}
	root, err := p.readFile(rootFile)
	if err != nil {
		return nil, err
	}
	if len(root) != tlog.HashSize {
		return nil, fmt.Errorf("%w: root", errFormer)
	}
	f.root = tlog.Hash(root)
	var files [2]io.ReadCloser
	for i, file := range []string{tagsFile, recordsFile} {
		if files[i], err = p.openFile(file); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		f.closers = append(f.closers, files[i])
	}
	f.records = bufio.NewReaderSize(files[1], 1<<18)
	head := make([]byte, directory.HeaderSize)
	if _, err = io.ReadFull(f.records, head); err == nil {
		f.tags, err = directory.NewTagsReader(io.TeeReader(files[0], f.sum))
	}
	if err != nil {
		return nil, errors.Join(formerError(tagsFile, err), f.Close())
	}
	if h, err := directory.ParseRecordsHeader(head); err != nil || h != f.tags.Header || uint64(h.Count) != p.last.state.People {
		return nil, errors.Join(fmt.Errorf("%w: header", errFormer), f.Close())
	}
	return f, nil
}

func (f *files) next() (uint64, error) {
	tag, err := f.tags.Next()
	if err != nil && err != io.EOF {
		err = formerError(tagsFile, err)
	}
	return tag, err
}

func (f *files) pass(w io.Writer, n int) error {
	_, err := io.CopyN(w, f.records, int64(n)*directory.RecordSize)
	if err == io.EOF {
		err = formerError(recordsFile, err)
	}
	return err
}

func (f *files) check(state *trust.State) error {
	if state.CheckFiles([32]byte(f.sum.Sum(nil)), f.root) != nil {
		return errFormer
	}
	return nil
}

func (f *files) Close() (err error) {
	for _, c := range f.closers {
		err = errors.Join(err, c.Close())
	}
	return err
}

// rebuilt is the last state as the database tells it.
type rebuilt struct {
	ctx     context.Context
	people  *store.People
	page    []store.Person
	tags    *directory.TagsWriter
	sum     hash.Hash    // of their file
	pending bytes.Buffer // records of those that were returned and not handed on
	hasher  blockHasher
}

func (r *rebuilt) next() (uint64, error) {
	if len(r.page) == 0 {
		var err error
		if r.page, err = r.people.Next(r.ctx); err != nil {
			return 0, err
		}
		if len(r.page) == 0 {
			return 0, io.EOF
		}
	}
	person := r.page[0]
	r.page = r.page[1:]
	tag := directory.TagNumber(person.Key.Tag())
	if err := r.tags.Add(tag); err != nil {
		return 0, fmt.Errorf("%w: %w", errDatabase, err)
	}
	r.pending.Write(person.Record[:])
	return tag, nil
}

func (r *rebuilt) pass(w io.Writer, n int) error {
	b := r.pending.Next(n * directory.RecordSize)
	r.hasher.Write(b)
	_, err := w.Write(b)
	return err
}

func (r *rebuilt) check(state *trust.State) error {
	err := r.tags.Close()
	if err == nil {
		err = state.CheckFiles([32]byte(r.sum.Sum(nil)), trust.BlocksRoot(r.hasher.end()))
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errDatabase, err)
	}
	return nil
}

func (r *rebuilt) Close() error { return nil }

// filesFit reports whether the files of the newest state are those that the log
// commits to.
func (h *Handler) filesFit(ctx context.Context, last *newest) bool {
	p := &publication{h: h, ctx: ctx, last: last}
	f, err := p.openFiles()
	if err != nil {
		return false
	}
	defer f.Close()
	for err == nil {
		_, err = f.next()
	}
	b := &blockHasher{hash: sha256.New()}
	if _, copyErr := io.Copy(b, f.records); err != io.EOF || copyErr != nil {
		return false
	}
	return f.root == trust.BlocksRoot(b.end()) && f.check(&last.state) == nil
}
