package edge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
	"sealbook/wasm/oprf"
)

// publishState makes the next state, and makes it the newest.
func (h *Handler) publishState(ctx context.Context, head store.Head, last *newest, lost bool, clock time.Time) error {
	err := h.publishFrom(ctx, head, last, lost, clock)
	if errors.Is(err, errFormer) && !lost && ctx.Err() == nil {
		h.log(fmt.Errorf("%w; they are made again from the database", err))
		err = h.publishFrom(ctx, head, last, true, clock)
	}
	return err
}

func (h *Handler) publishFrom(ctx context.Context, head store.Head, last *newest, lost bool, clock time.Time) error {
	began := time.Now()
	p := &publication{h: h, ctx: ctx, version: head.Size + 1, sizes: map[string]int64{}}
	var id [8]byte
	if _, err := io.ReadFull(h.config.Random, id[:]); err != nil {
		return err
	}
	// With the time, so that it can be seen how old a publication is that came to
	// nothing.
	p.id = fmt.Sprintf("%x-%s", clock.Unix(), hex.EncodeToString(id[:]))
	if last != nil && last.state.Epoch == head.Epoch {
		p.last, p.distrust = last, lost
	}
	err := p.make()
	if err == nil {
		err = p.append(last, clock, began)
	}
	if err == nil {
		return nil
	}
	if p.appending && !errors.Is(err, store.ErrTaken) {
		// The answer was lost, and the leaf may be there.
		switch v, _, lookErr := h.config.Store.Version(context.WithoutCancel(ctx), p.version); {
		case lookErr == nil && v.Files == p.id:
			return nil
		case lookErr != nil && !errors.Is(lookErr, store.ErrNone):
			return err // nobody knows; if it is not, its files are removed as an orphan's
		}
	}
	return errors.Join(err, h.config.Files.Remove(context.WithoutCancel(ctx), p.written...))
}

// publication is a state that is being made. It holds what changed, and of the
// files a piece.
type publication struct {
	h       *Handler
	ctx     context.Context
	version int64
	id      string
	last    *newest // in the same epoch; nil: none
	// distrust is that the last state's files are not those of the log.
	distrust  bool
	appending bool

	mu      sync.Mutex // of what files were written
	written []string
	sizes   map[string]int64

	moment  store.Moment
	public  [oprf.ElementSize]byte
	people  uint32
	tagsSum [32]byte
	blocks  []tlog.Hash // hashes of the blocks of records
	changes directory.Changes
	added   []recorded // its added and changed entries with their records
	changed []recorded
}

// recorded is an entry of the changes with its record.
type recorded struct {
	entry  directory.Entry
	record [directory.RecordSize]byte
}

// write writes a file of the publication.
func (p *publication) write(file string, write func(io.Writer) error) error {
	name := fileName(p.version, p.id, file)
	p.mu.Lock()
	p.written = append(p.written, name)
	p.mu.Unlock()
	var size int64
	err := p.h.config.Files.Write(p.ctx, name, func(w io.Writer) error {
		c := &counter{w: w}
		err := write(c)
		size = c.size
		return err
	})
	p.mu.Lock()
	p.sizes[file] = size
	p.mu.Unlock()
	return err
}

// counter counts the bytes that go by.
type counter struct {
	w    io.Writer
	size int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.size += int64(n)
	return n, err
}

// writeAll writes files at once: where each is a round trip, that is one.
func (p *publication) writeAll(files map[string]func(io.Writer) error) error {
	failed := make(chan error, len(files))
	for file, write := range files {
		go func() { failed <- p.write(file, write) }()
	}
	var all error
	for range files {
		all = errors.Join(all, <-failed)
	}
	return all
}

// make reads what changed and writes tags and records of the state.
func (p *publication) make() (err error) {
	if p.moment, err = p.h.config.Store.Reading(p.ctx, p.version); err != nil {
		return err
	}
	if p.last != nil && p.moment.Epoch != p.last.state.Epoch {
		return store.ErrEpoch // one began in this moment
	}
	if p.moment.Size != p.version-1 {
		return store.ErrTaken
	}
	epoch, err := p.h.epochOf(p.ctx, p.moment.Epoch)
	if err != nil {
		return err
	}
	p.public = epoch.public
	p.changes = directory.Changes{Place: directory.Place{Epoch: p.moment.Epoch}, Version: uint64(p.version)}
	if tags, came, err := p.adoptedTags(); came {
		if err == nil {
			err = p.goOn(tags)
		}
		return err
	}
	if p.last == nil {
		return p.everybody()
	}
	changes, err := p.h.config.Store.Changes(p.ctx, p.moment, p.last.leaf.Read)
	if err != nil {
		return err
	}
	old, err := p.openLast()
	if err != nil {
		return err
	}
	return errors.Join(p.merge(old, changes), old.Close())
}

// writeState writes the files of tags and records, of so many people, and hashes
// what the log commits to.
func (p *publication) writeState(count int64, write func(*directory.TagsWriter, io.Writer) error) error {
	if count < 0 {
		return errHistory
	}
	if count > directory.MaxCount {
		return fmt.Errorf("edge: %d people are more than a list may have", count)
	}
	p.people = uint32(count)
	header := directory.Header{Place: p.changes.Place, Version: uint64(p.version), Count: p.people}
	return p.write(tagsFile, func(tw io.Writer) error {
		sum := sha256.New()
		tags := directory.NewTagsWriter(io.MultiWriter(tw, sum), header)
		err := p.write(recordsFile, func(rw io.Writer) error {
			if _, err := rw.Write(header.AppendRecords(nil)); err != nil {
				return err
			}
			b := &blockHasher{hash: sha256.New()}
			if err := write(tags, io.MultiWriter(rw, b)); err != nil {
				return err
			}
			if p.blocks = b.end(); int64(b.size) != count*directory.RecordSize {
				return errHistory
			}
			return nil
		})
		if err == nil {
			err = tags.Close()
		}
		p.tagsSum = [32]byte(sum.Sum(nil))
		return err
	})
}

// bytesOf writes bytes.
func bytesOf(b []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}
}

// lengths are those of all files.
func (p *publication) lengths() store.Sizes {
	var all []string
	for _, file := range allFiles {
		all = append(all, fmt.Sprint(p.sizes[file]))
	}
	return store.Sizes(strings.Join(all, " "))
}

// copyLast copies a file of the last state.
func (p *publication) copyLast(w io.Writer, file string) error {
	f, err := p.openFile(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, f)
	return errors.Join(err, f.Close())
}
