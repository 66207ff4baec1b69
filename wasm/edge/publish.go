package edge

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
	"sealbook/wasm/oprf"
	"sealbook/wasm/trust"
)

// A publication reads one state of the database, writes its files under an id of
// its own, and appends its leaf to the log, if that is still as long as it was:
// with that the files belong to the version, in the same statement. Killed
// before, it leaves files that nobody asks for and that the next one removes.
// Whoever else publishes at once finds the log longer and begins again.

// leafEvery is how often a leaf is written at least, in seconds: every 6 hours,
// so that clients can tell a frozen directory from a quiet one; some time is left
// for trying again.
const leafEvery = 6*3600 - 600

// MaxJump is how far ahead of the last leaf's time the clock may be. More is
// taken for a clock that is wrong: one leaf of a far year, and no client takes
// another.
const MaxJump = 25 * time.Hour

// ErrClock is that the clock jumped.
var ErrClock = fmt.Errorf("edge: the clock is more than %v ahead of the last published state", MaxJump)

// Publish publishes if it is time, and returns when to call it again: after that
// long, or when Config.Changed is called. An error is not the end: it may go
// better the next time.
func (h *Handler) Publish(ctx context.Context) (time.Duration, error) {
	return h.publish(ctx, false)
}

// PublishNow publishes what there is to publish without waiting for the clock,
// as a start does.
func (h *Handler) PublishNow(ctx context.Context) error {
	_, err := h.publish(ctx, true)
	return err
}

func (h *Handler) publish(ctx context.Context, now bool) (time.Duration, error) {
	h.publishing.Lock()
	defer h.publishing.Unlock()
	for try := 0; ; try++ {
		wait, err := h.publishOnce(ctx, now)
		if !errors.Is(err, store.ErrTaken) || try == 3 {
			return wait, err
		}
		now = false // somebody else has just published
	}
}

func (h *Handler) publishOnce(ctx context.Context, now bool) (time.Duration, error) {
	again := time.Duration(h.config.Limits.Interval) * time.Second
	if !h.claimed {
		if err := h.claim(ctx); err != nil {
			return again, err
		}
		h.claimed = true
	}
	head, err := h.config.Store.Head(ctx)
	if err != nil {
		return again, err
	}
	last, err := h.last(ctx, head)
	if err != nil {
		return again, err
	}
	clock := h.config.Now()
	if err := h.checkClock(last, clock); err != nil {
		return again, err
	}
	if head.Epoch == 0 || clock.Unix()-head.Began >= MaxEpoch {
		if err := h.StartEpoch(ctx, head.Epoch); err != nil && !errors.Is(err, store.ErrEpoch) {
			return again, err
		}
		if head, err = h.config.Store.Head(ctx); err != nil {
			return again, err
		}
	}
	// After a start it is seen whether the files are still those of the log.
	lost := now && last != nil && last.leaf.Files != adopted && !h.filesFit(ctx, last)
	if wait := h.due(head, last, clock.Unix()); wait > 0 && !(now && (lost || h.pending(head, last))) {
		return time.Duration(wait) * time.Second, nil
	}
	if err := h.publishState(ctx, head, last, lost, clock); err != nil {
		return again, err
	}
	if age := clock.Unix() - h.swept; 0 <= age && age < sweepEvery {
		return again, nil
	}
	h.swept = clock.Unix()
	return again, h.sweep(ctx, clock.Unix())
}

// sweepEvery is how many seconds lie between two looks for old files at least.
const sweepEvery = 60

// last is the newest state, nil before the first.
func (h *Handler) last(ctx context.Context, head store.Head) (*newest, error) {
	if head.Size == 0 {
		return nil, nil
	}
	n, err := h.newest(ctx)
	return &n, err
}

func (h *Handler) checkClock(last *newest, clock time.Time) error {
	if last == nil || clock.Sub(last.state.Time) <= MaxJump {
		return nil
	}
	if checked := h.config.ClockChecked; checked != nil && clock.Sub(checked()).Abs() <= MaxJump {
		return nil
	}
	return ErrClock
}

// pending reports whether the newest state is not what would be published now.
func (h *Handler) pending(head store.Head, last *newest) bool {
	return last == nil || head.Changed > head.Read || h.urgent(head, last)
}

// urgent reports whether the newest state is of another epoch or of other
// parameters, or came from a mirror: until the next is published clients can't
// go on.
func (h *Handler) urgent(head store.Head, last *newest) bool {
	return head.Epoch != last.state.Epoch || last.leaf.Files == adopted ||
		h.parameters(last.state.Epoch, last.state.Key).SHA256() != last.state.Parameters
}

// due is in how many seconds it is time to publish.
func (h *Handler) due(head store.Head, last *newest, now int64) int64 {
	if last == nil {
		return 0
	}
	age := now - last.leaf.At
	interval := max(h.config.Limits.Interval, (h.config.Limits.Share*last.leaf.Took+999)/1000)
	switch {
	case age < 0: // the clock was set back; the next one is by the new clock
		return 0
	case head.Epoch != last.state.Epoch:
		return 0
	}
	leaf := max(leafEvery-(now-last.state.Time.Unix()), 0)
	if h.pending(head, last) {
		// A publication may have taken hours, on a machine that slept.
		return min(leaf, max(interval-age, 0))
	}
	return leaf
}

// publishState makes the next state, and makes it the newest.
func (h *Handler) publishState(ctx context.Context, head store.Head, last *newest, lost bool, clock time.Time) error {
	began := time.Now()
	p := &publication{h: h, ctx: ctx, version: head.Size + 1}
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
	err := h.config.Store.Reading(ctx, p.version)
	if err == nil {
		err = p.make()
	}
	if err == nil {
		err = p.append(last, clock, began)
	}
	if err != nil {
		return errors.Join(err, h.config.Files.Remove(context.WithoutCancel(ctx), p.written...))
	}
	return nil
}

// publication is a state that is being made.
type publication struct {
	h       *Handler
	ctx     context.Context
	version int64
	id      string
	last    *newest // in the same epoch; nil: none
	// distrust is that the last state's files are not those of the log.
	distrust bool
	written  []string

	journal store.Journal
	public  [oprf.ElementSize]byte
	tags    directory.Tags
	file    []byte // of the tags
	tagsSum [32]byte
	blocks  []tlog.Hash
	hashes  []byte // of the blocks, as a file
	root    tlog.Hash
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
	p.written = append(p.written, name)
	return p.h.config.Files.Write(p.ctx, name, write)
}

// writeAll writes files at once: where each is a round trip, that is one.
func (p *publication) writeAll(files map[string][]byte) error {
	failed := make(chan error, len(files))
	for file, b := range files {
		name := fileName(p.version, p.id, file)
		p.written = append(p.written, name)
		go func() {
			failed <- p.h.config.Files.Write(p.ctx, name, func(w io.Writer) error {
				_, err := w.Write(b)
				return err
			})
		}()
	}
	var all error
	for range files {
		all = errors.Join(all, <-failed)
	}
	return all
}

// make reads what changed and writes the files of the state.
func (p *publication) make() error {
	journal, err := p.h.config.Store.Changes(p.ctx, p.since())
	if err != nil {
		return err
	}
	if p.last != nil && journal.Epoch != p.last.state.Epoch {
		return store.ErrEpoch // one began in this moment
	}
	p.journal = journal
	epoch, err := p.h.epochOf(p.ctx, journal.Epoch)
	if err != nil {
		return err
	}
	p.public = epoch.public
	place := directory.Place{Epoch: journal.Epoch}
	p.changes = directory.Changes{Place: place, Version: uint64(p.version)}
	if tags, came, err := p.adoptedTags(); came {
		if err == nil {
			err = p.goOn(tags)
		}
		if err == nil {
			p.commit()
		}
		return err
	}
	var old *former
	if p.distrust {
		old, err = p.rebuild()
	} else {
		old, err = p.openLast()
	}
	switch {
	case err == nil && old != nil:
		err = errors.Join(p.merge(old), old.Close())
	case err == nil:
		err = p.everybody()
	}
	if err != nil {
		return err
	}
	p.commit()
	return nil
}

// commit computes what the log commits to, when the records are written.
func (p *publication) commit() {
	p.root = trust.BlocksRoot(p.blocks)
	p.hashes = make([]byte, 0, tlog.HashSize*len(p.blocks))
	for _, b := range p.blocks {
		p.hashes = append(p.hashes, b[:]...)
	}
	p.file = p.tags.Append(nil)
	p.tagsSum = sha256.Sum256(p.file)
}

func (p *publication) since() int64 {
	if p.last == nil {
		return 0
	}
	return p.last.leaf.Read
}

// former is what the last state of the epoch has.
type former struct {
	tags    directory.Tags
	sum     [32]byte  // SHA-256 of the file of tags
	records io.Reader // behind the header
	closer  io.Closer
}

func (f *former) Close() error { return f.closer.Close() }

// openLast opens the files of the last state, nil where the epoch has none.
// Files that were lost are made again.
func (p *publication) openLast() (*former, error) {
	if p.last == nil {
		return nil, nil
	}
	f, err := p.openFiles()
	if err != nil && p.ctx.Err() == nil {
		p.h.log(fmt.Errorf("%w; they are made again from the database", err))
		return p.rebuild()
	}
	return f, err
}

func (p *publication) openFiles() (*former, error) {
	both, err := p.readAll(tagsFile, rootFile)
	if err != nil {
		return nil, fmt.Errorf("edge: the last state's tags: %w", err)
	}
	file, root := both[0], both[1]
	if len(root) != tlog.HashSize || p.last.state.CheckFiles(sha256.Sum256(file), tlog.Hash(root)) != nil {
		return nil, errors.New("edge: the last state's tags are not those of the log")
	}
	f := &former{sum: sha256.Sum256(file)}
	if f.tags, err = directory.ParseTags(file); err != nil {
		return nil, err
	}
	records, size, err := p.h.config.Files.Open(p.ctx, fileName(p.last.leaf.N+1, p.last.leaf.Files, recordsFile))
	if err != nil {
		return nil, fmt.Errorf("edge: the last state's records: %w", err)
	}
	if size != directory.HeaderSize+directory.RecordSize*int64(f.tags.Count) {
		return nil, errors.Join(fmt.Errorf("edge: the last state's records have %d bytes", size), records.Close())
	}
	f.closer = records
	r := bufio.NewReaderSize(records, 1<<18)
	f.records = r
	_, err = r.Discard(directory.HeaderSize)
	return f, err
}

// rebuild makes the last state again from the database, which holds everybody
// who is there now, and in the journal what was before.
func (p *publication) rebuild() (*former, error) {
	for range 5 {
		var all []store.Person
		journal, err := p.h.config.Store.People(p.ctx, func(person *store.Person) error {
			all = append(all, *person)
			return nil
		})
		if err != nil {
			return nil, err
		}
		if p.journal, err = p.h.config.Store.Changes(p.ctx, p.since()); err != nil {
			return nil, err
		}
		if journal.Read != p.journal.Read || journal.Epoch != p.last.state.Epoch {
			continue // something changed in between
		}
		f := &former{closer: io.NopCloser(nil)}
		var records []byte
		var list []uint64
		add := func(people []store.Person) {
			for i := range people {
				list = append(list, directory.TagNumber(people[i].Key.Tag()))
				records = append(records, people[i].Record[:]...)
			}
		}
		for _, c := range p.journal.Changes {
			n, _ := slices.BinarySearchFunc(all, c.Tag, func(person store.Person, tag [directory.TagSize]byte) int {
				return bytes.Compare(person.Key[:directory.TagSize], tag[:])
			})
			add(all[:n])
			add(c.Before)
			all = all[n+len(c.Now):]
		}
		add(all)
		f.tags = directory.NewTags(p.changes.Place, p.last.state.Version, list)
		f.records = bytes.NewReader(records)
		return f, p.last.state.CheckFiles(sha256.Sum256(f.tags.Append(nil)), trust.RecordsRoot(records))
	}
	return nil, store.ErrBusy
}

// filesFit reports whether the files of the newest state are those that the log
// commits to.
func (h *Handler) filesFit(ctx context.Context, last *newest) bool {
	p := &publication{h: h, ctx: ctx, last: last}
	f, err := p.openFiles()
	if err != nil {
		return false
	}
	defer f.Close()
	b := &blockHasher{hash: sha256.New()}
	if _, err := io.Copy(b, f.records); err != nil {
		return false
	}
	return last.state.CheckFiles(f.sum, trust.BlocksRoot(b.end())) == nil
}

// read reads a file of the last state.
func (p *publication) read(file string) ([]byte, error) {
	f, size, err := p.h.config.Files.Open(p.ctx, fileName(p.last.leaf.N+1, p.last.leaf.Files, file))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b := make([]byte, size)
	_, err = io.ReadFull(f, b)
	return b, err
}

// readAll reads files of the last state at once.
func (p *publication) readAll(files ...string) ([][]byte, error) {
	all, failed := make([][]byte, len(files)), make(chan error, len(files))
	for i, file := range files {
		go func() {
			var err error
			all[i], err = p.read(file)
			failed <- err
		}()
	}
	var err error
	for range files {
		err = errors.Join(err, <-failed)
	}
	return all, err
}

// merge makes the state of the last one and what changed since. It holds the
// tags in memory, and of the records a piece.
func (p *publication) merge(old *former) error {
	count := int(old.tags.Count)
	for _, c := range p.journal.Changes {
		count += len(c.Now) - len(c.Before)
	}
	list := make([]uint64, 0, max(count, 0))
	rest := old.tags.List
	err := p.writeRecords(count, func(w io.Writer) error {
		for _, c := range p.journal.Changes {
			tag := directory.TagNumber(c.Tag)
			n, _ := slices.BinarySearch(rest, tag)
			if _, err := io.CopyN(w, old.records, int64(n)*directory.RecordSize); err != nil {
				return err
			}
			list = append(list, rest[:n]...)
			rest = rest[n:]
			for range c.Before {
				if len(rest) == 0 || rest[0] != tag {
					return errHistory
				}
				rest = rest[1:]
			}
			if _, err := io.CopyN(io.Discard, old.records, int64(len(c.Before))*directory.RecordSize); err != nil {
				return err
			}
			for _, person := range c.Now {
				list = append(list, tag)
				if _, err := w.Write(person.Record[:]); err != nil {
					return err
				}
			}
			p.compare(c)
		}
		list = append(list, rest...)
		_, err := io.CopyN(w, old.records, int64(len(rest))*directory.RecordSize)
		return err
	})
	p.tags = directory.NewTags(p.changes.Place, uint64(p.version), list)
	p.sortChanges()
	return err
}

// errHistory is that the files of the last state are not those that the database
// goes on from.
var errHistory = errors.New("edge: the files of the last state do not go with the database")

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
func (p *publication) everybody() error {
	var people []store.Person
	journal, err := p.h.config.Store.People(p.ctx, func(person *store.Person) error {
		people = append(people, *person)
		return nil
	})
	if err != nil {
		return err
	}
	if journal.Epoch != p.journal.Epoch {
		return store.ErrEpoch
	}
	p.journal = journal
	list := make([]uint64, len(people))
	err = p.writeRecords(len(people), func(w io.Writer) error {
		for i := range people {
			list[i] = directory.TagNumber(people[i].Key.Tag())
			p.compare(store.Change{Tag: people[i].Key.Tag(), Now: people[i : i+1]})
			if _, err := w.Write(people[i].Record[:]); err != nil {
				return err
			}
		}
		return nil
	})
	p.tags = directory.NewTags(p.changes.Place, uint64(p.version), list)
	p.sortChanges()
	return err
}

// writeRecords writes the file of records, and hashes its blocks.
func (p *publication) writeRecords(count int, write func(io.Writer) error) error {
	if count < 0 {
		return errHistory
	}
	if count > directory.MaxCount {
		return fmt.Errorf("edge: %d people are more than a list may have", count)
	}
	return p.write(recordsFile, func(w io.Writer) error {
		header := directory.Header{Place: p.changes.Place, Version: uint64(p.version), Count: uint32(count)}
		if _, err := w.Write(header.AppendRecords(nil)); err != nil {
			return err
		}
		b := &blockHasher{hash: sha256.New()}
		if err := write(io.MultiWriter(w, b)); err != nil {
			return err
		}
		if p.blocks = b.end(); b.size != count*directory.RecordSize {
			return errHistory
		}
		return nil
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
	state := trust.State{
		Epoch: p.journal.Epoch, Key: p.public, Version: uint64(p.version), People: uint64(p.tags.Count),
		Files:      trust.Files(p.tagsSum, p.root),
		Parameters: p.h.parameters(p.journal.Epoch, p.public).SHA256(),
		Consent:    sha256.Sum256([]byte(p.h.config.Consent)),
		Time:       clock.UTC().Truncate(time.Second),
	}
	if before != nil && state.Time.Before(before.state.Time) {
		state.Time = before.state.Time // the clock was set back
	}
	hour := state.Time.Unix() / 3600
	changes, records, err := p.hour(hour)
	if err != nil {
		return err
	}
	file := p.changes.Append(nil)
	for _, list := range [][]recorded{p.added, p.changed} {
		for i := range list {
			records = append(records, list[i].record[:]...)
		}
	}
	err = p.writeAll(map[string][]byte{
		tagsFile: p.file, rootFile: p.root[:], hashesFile: p.hashes,
		changesFile: append(changes, file...), changesRecordsFile: records,
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
		N: p.version - 1, Text: string(state.Leaf()), Epoch: state.Epoch, Hour: hour, Read: p.journal.Read,
		Files: p.id, At: clock.Unix(), Took: time.Since(began).Milliseconds(),
	}
	reader := p.h.config.Store.Hashes(p.ctx)
	if leaf.Hashes, err = tlog.StoredHashes(leaf.N, []byte(leaf.Text), reader); err != nil {
		return err
	}
	if leaf.Root, err = tlog.TreeHash(leaf.N+1, withStored(leaf.N, leaf.Hashes, reader)); err != nil {
		return err
	}
	return p.h.config.Store.Append(p.ctx, leaf)
}

// hour is what the hour's files have up to the last version: an hour's file is
// of one epoch.
func (p *publication) hour(hour int64) (changes, records []byte, err error) {
	if p.last == nil || p.last.leaf.Hour != hour {
		return nil, nil, nil
	}
	both, err := p.readAll(changesFile, changesRecordsFile)
	if err != nil {
		return nil, nil, err
	}
	return both[0], both[1], nil
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

// orphan is how old, in seconds, the files of a publication must be that is not
// in the log: a younger one may be under way.
const orphan = 3600

// sweep removes the files that have had their time.
func (h *Handler) sweep(ctx context.Context, now int64) error {
	names, err := h.config.Files.List(ctx)
	if err != nil {
		return err
	}
	type owner struct {
		version int64
		id      string
	}
	owners := map[string]owner{}
	var versions []int64
	for _, name := range names {
		folder, _, _ := strings.Cut(name, "/")
		number, id, _ := strings.Cut(folder, "-")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil || id == "" {
			continue // not ours
		}
		owners[name] = owner{version, id}
		if !slices.Contains(versions, version) {
			versions = append(versions, version)
		}
	}
	kept, err := h.config.Store.Versions(ctx, versions)
	if err != nil {
		return err
	}
	inLog := map[owner]store.Kept{}
	for _, k := range kept {
		inLog[owner{k.Version.Version, k.Files}] = k
	}
	var gone []string
	for name, o := range owners {
		k, ok := inLog[o]
		_, file, _ := strings.Cut(name, "/")
		switch readable := k.Replaced == 0 || now-k.Replaced < versionKept; {
		case !ok:
			at, _, _ := strings.Cut(o.id, "-")
			if began, err := strconv.ParseInt(at, 16, 64); err != nil || now-began >= orphan {
				gone = append(gone, name)
			}
		case readable:
		case (file == changesFile || file == changesRecordsFile) && k.LastOfHour && now < (k.Hour+1)*3600+hourKept:
		default:
			gone = append(gone, name)
		}
	}
	slices.Sort(gone)
	return h.config.Files.Remove(ctx, gone...)
}

// Clean erases what has had its time. It does not where the clock may be wrong:
// in a far year everything would be old.
func (h *Handler) Clean(ctx context.Context) error {
	head, err := h.config.Store.Head(ctx)
	if err != nil {
		return err
	}
	last, err := h.last(ctx, head)
	if err != nil {
		return err
	}
	clock := h.config.Now()
	if err := h.checkClock(last, clock); err != nil {
		return err
	}
	for {
		n, err := h.config.Store.Purge(ctx, clock.Unix())
		if n == 0 || err != nil {
			return err
		}
		h.erased()
		h.changed()
	}
}
