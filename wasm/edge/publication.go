package edge

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
	"sealbook/wasm/oprf"
	"sealbook/wasm/trust"
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

// merge makes the state of the last one and what changed since.
func (p *publication) merge(old former, changes []store.Change) error {
	count := int64(p.last.state.People)
	for _, c := range changes {
		count += int64(len(c.Now) - len(c.Before))
	}
	err := p.writeState(count, func(tags *directory.TagsWriter, records io.Writer) error {
		tag, err := old.next()
		// keep hands on who comes before a tag, a piece at a time.
		keep := func(before uint64) error {
			n := 0
			for ; err == nil && tag < before; tag, err = old.next() {
				if err := tags.Add(tag); err != nil {
					return err
				}
				if n++; n == keptAtOnce {
					if err := old.pass(records, n); err != nil {
						return err
					}
					n = 0
				}
			}
			return old.pass(records, n)
		}
		for _, c := range changes {
			want := directory.TagNumber(c.Tag)
			if err := keep(want); err != nil {
				return err
			}
			for range c.Before {
				if err != nil || tag != want {
					return notEOF(err, errHistory)
				}
				tag, err = old.next()
			}
			if err := old.pass(io.Discard, len(c.Before)); err != nil {
				return err
			}
			for _, person := range c.Now {
				if err := tags.Add(want); err != nil {
					return err
				}
				if _, err := records.Write(person.Record[:]); err != nil {
					return err
				}
			}
			p.compare(c)
		}
		if err := keep(math.MaxUint64); err != nil {
			return err
		}
		if err := notEOF(err, nil); err != nil {
			return err
		}
		return old.check(&p.last.state)
	})
	p.sortChanges()
	return err
}

// keptAtOnce is of how many people in a row the records are handed on at once.
const keptAtOnce = 4096

// notEOF is err, or another where it is nil or io.EOF.
func notEOF(err, other error) error {
	if err == nil || err == io.EOF {
		return other
	}
	return err
}

// compare notes what a change means for the published list.
func (p *publication) compare(c store.Change) {
	before := map[store.Key]store.Person{}
	for _, person := range c.Before {
		before[person.Key] = person
	}
	for _, person := range c.Now {
		was, there := before[person.Key]
		delete(before, person.Key)
		entry := recorded{directory.NewEntry(c.Tag, person.Record[:]), person.Record}
		switch {
		case !there:
			p.changes.Added = append(p.changes.Added, entry.entry)
			p.added = append(p.added, entry)
		case was.Record != person.Record:
			p.changes.Changed = append(p.changes.Changed, entry.entry)
			p.changed = append(p.changed, entry)
		}
	}
	for range before {
		p.changes.Removed = append(p.changes.Removed, c.Tag)
	}
}

// sortChanges brings the records of the changes into the order of their entries.
func (p *publication) sortChanges() {
	order := func(a, b recorded) int {
		if c := bytes.Compare(a.entry[:], b.entry[:]); c != 0 {
			return c
		}
		return bytes.Compare(a.record[:], b.record[:])
	}
	slices.SortFunc(p.added, order)
	slices.SortFunc(p.changed, order)
}

// everybody makes the first state of an epoch, of everybody who is in it.
func (p *publication) everybody() (err error) {
	if p.moment, err = p.h.config.Store.Everybody(p.ctx); err != nil {
		return err
	}
	if p.moment.Epoch != p.changes.Epoch {
		return store.ErrEpoch
	}
	all := p.h.config.Store.People(p.moment, p.moment.Read)
	err = p.writeState(p.moment.People, func(tags *directory.TagsWriter, records io.Writer) error {
		for {
			people, err := all.Next(p.ctx)
			if len(people) == 0 || err != nil {
				return err
			}
			for i := range people {
				if err := tags.Add(directory.TagNumber(people[i].Key.Tag())); err != nil {
					return err
				}
				p.compare(store.Change{Tag: people[i].Key.Tag(), Now: people[i : i+1]})
				if _, err := records.Write(people[i].Record[:]); err != nil {
					return err
				}
			}
		}
	})
	p.sortChanges()
	return err
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

// blockHasher hashes blocks of records as they go by.
type blockHasher struct {
	hash   hash.Hash
	size   int // bytes in all
	blocks []tlog.Hash
}

const blockSize = directory.Block * directory.RecordSize

func (b *blockHasher) Write(data []byte) (int, error) {
	n := len(data)
	for len(data) > 0 {
		if b.size%blockSize == 0 {
			b.close()
			b.hash.Write([]byte{0}) // of a leaf, RFC 6962
		}
		part := data[:min(len(data), blockSize-b.size%blockSize)]
		b.hash.Write(part)
		b.size += len(part)
		data = data[len(part):]
	}
	return n, nil
}

// close ends the block that was begun.
func (b *blockHasher) close() {
	if b.size > 0 {
		b.blocks = append(b.blocks, tlog.Hash(b.hash.Sum(nil)))
		b.hash.Reset()
	}
}

func (b *blockHasher) end() []tlog.Hash {
	b.close()
	return b.blocks
}

// append writes the changes, and appends the leaf to the log. Before is the
// newest state of whichever epoch.
func (p *publication) append(before *newest, clock time.Time, began time.Time) error {
	root := trust.BlocksRoot(p.blocks)
	state := trust.State{
		Epoch: p.moment.Epoch, Key: p.public, Version: uint64(p.version), People: uint64(p.people),
		Files:      trust.Files(p.tagsSum, root),
		Parameters: p.h.parameters(p.moment.Epoch, p.public).SHA256(),
		Consent:    sha256.Sum256([]byte(p.h.config.Consent)),
		Time:       clock.UTC().Truncate(time.Second),
	}
	if before != nil && state.Time.Before(before.state.Time) {
		state.Time = before.state.Time // the clock was set back
	}
	hour := state.Time.Unix() / 3600
	file := p.changes.Append(nil)
	// An hour's file is of one epoch, and goes on from the last version's.
	goesOn := p.last != nil && p.last.leaf.Hour == hour
	behind := func(name string, write func(io.Writer) error) func(io.Writer) error {
		return func(w io.Writer) error {
			if goesOn {
				// What is lost of it can't be made again.
				if err := p.copyLast(w, name); err != nil && !(p.distrust && errors.Is(err, errFormer)) {
					return err
				}
			}
			return write(w)
		}
	}
	err := p.writeAll(map[string]func(io.Writer) error{
		rootFile: bytesOf(root[:]),
		hashesFile: func(w io.Writer) error {
			for _, b := range p.blocks {
				if _, err := w.Write(b[:]); err != nil {
					return err
				}
			}
			return nil
		},
		changesFile: behind(changesFile, bytesOf(file)),
		changesRecordsFile: behind(changesRecordsFile, func(w io.Writer) error {
			for _, list := range [][]recorded{p.added, p.changed} {
				for i := range list {
					if _, err := w.Write(list[i].record[:]); err != nil {
						return err
					}
				}
			}
			return nil
		}),
	})
	if err != nil {
		return err
	}
	var chain tlog.Hash
	if p.last != nil {
		chain = p.last.state.Changes
	}
	state.Changes = trust.Chain(chain, uint64(p.version), sha256.Sum256(file))
	if before != nil {
		// What clients would refuse is not published.
		if err := state.Follows(&before.state); err != nil {
			return err
		}
	}
	leaf := store.Leaf{
		N: p.version - 1, Text: string(state.Leaf()), Epoch: state.Epoch, Hour: hour, Read: p.moment.Read,
		Files: p.id, Sizes: p.lengths(), At: clock.Unix(), Took: time.Since(began).Milliseconds(),
	}
	reader := p.h.config.Store.Hashes(p.ctx)
	if leaf.Hashes, err = tlog.StoredHashes(leaf.N, []byte(leaf.Text), reader); err != nil {
		return err
	}
	if leaf.Root, err = tlog.TreeHash(leaf.N+1, withStored(leaf.N, leaf.Hashes, reader)); err != nil {
		return err
	}
	p.appending = true
	return p.h.config.Store.Append(p.ctx, leaf)
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

// withStored reads hashes that are about to be stored, and others.
func withStored(n int64, hashes []tlog.Hash, rest tlog.HashReader) tlog.HashReader {
	first := tlog.StoredHashIndex(0, n)
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var others []int64
		for _, i := range indexes {
			if i < first {
				others = append(others, i)
			}
		}
		var read []tlog.Hash
		if len(others) > 0 {
			var err error
			if read, err = rest.ReadHashes(others); err != nil {
				return nil, err
			}
		}
		all := make([]tlog.Hash, 0, len(indexes))
		for _, i := range indexes {
			if i < first {
				all, read = append(all, read[0]), read[1:]
			} else {
				all = append(all, hashes[i-first])
			}
		}
		return all, nil
	})
}
