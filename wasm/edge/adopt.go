package edge

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
	"sealbook/wasm/trust"
)

// adopted is the publication of states that came from a mirror. There may be
// the tags of the last one, and changes.
const adopted = "adopted"

// ErrNothing is that a mirror's log is no longer than the database's.
var ErrNothing = errors.New("there is nothing to adopt")

// AdoptLog goes on from a log that is longer than the database's, which was
// restored from a backup: everybody has seen that log, and takes no other. What
// it knows of people wins: whoever is not in its last tags is erased, so that
// nobody who withdrew comes back, and so are those of whom nothing is published.
// Nobody else may use the database meanwhile. Interrupted, it can be called
// again.
func (h *Handler) AdoptLog(ctx context.Context, mirror Mirror) error {
	h.publishing.Lock()
	defer h.publishing.Unlock()
	if err := h.claim(ctx); err != nil {
		return err
	}
	head, err := h.config.Store.Head(ctx)
	if err != nil {
		return err
	}
	states, err := h.mirroredStates(ctx, mirror, head)
	if err != nil {
		return err
	}
	last := *states.Newest()
	if last.Epoch == head.Epoch {
		err = h.keepPublished(ctx, mirror, last)
	} else {
		// The key of that epoch is in no backup: what comes is the one after.
		err = h.config.Store.EraseAll(ctx)
	}
	if err != nil {
		return err
	}
	if head, err = h.config.Store.Head(ctx); err != nil {
		return err
	}
	for n := head.Size; n < states.Tree.N; n++ {
		if err := h.adoptLeaf(ctx, mirror, states, n, head.Changed); err != nil {
			return err
		}
	}
	h.erased()
	if last.Epoch != head.Epoch {
		if err := h.config.Store.SkipEpochs(ctx, head.Epoch, last.Epoch); err != nil {
			return err
		}
		return h.StartEpoch(ctx, last.Epoch)
	}
	return nil
}

// mirroredStates reads a mirror's log, and checks that it is what this directory
// signed, by its rules, and goes on from what the database has.
func (h *Handler) mirroredStates(ctx context.Context, mirror Mirror, head store.Head) (*trust.States, error) {
	key, err := trust.NewVerifier(h.keys.LogVerifier(), trust.Origin(h.config.Name))
	if err != nil {
		return nil, err
	}
	states, err := trust.ReadStates(func(path string) ([]byte, error) {
		b, err := mirror(ctx, "v2/log/"+path)
		if path != "checkpoint" || err != nil {
			return b, err
		}
		// Before the rest is read: the worker asks each time while it is told to.
		tree, err := trust.OpenCheckpoint(string(b), key, trust.Witnesses{})
		if err == nil && tree.N <= head.Size {
			err = fmt.Errorf("%d entries, and this one has %d: %w", tree.N, head.Size, ErrNothing)
		}
		return b, err
	}, key)
	if err != nil {
		return nil, fmt.Errorf("edge: the mirror's log: %w", err)
	}
	own, err := h.config.Store.Leaves(ctx, 0, head.Size)
	if err != nil {
		return nil, err
	}
	for i, text := range own {
		if string(states.Leaf(int64(i))) != text {
			return nil, fmt.Errorf("edge: the mirror's log is not this one's: entry %d", i)
		}
	}
	return states, nil
}

// keepPublished erases everybody who is not in the mirror's last tags, and keeps
// those for the state that comes next.
func (h *Handler) keepPublished(ctx context.Context, mirror Mirror, last trust.State) error {
	epoch, err := h.epochOf(ctx, last.Epoch)
	if err != nil {
		return err
	}
	if epoch.public != last.Key {
		return errors.New("edge: the mirror's log has another key for this epoch")
	}
	file, err := mirror(ctx, fmt.Sprintf("v2/states/%d/tags", last.Version))
	if err != nil {
		return fmt.Errorf("edge: the mirror's tags: %w", err)
	}
	tags, err := directory.ParseTags(file)
	if err != nil || tags.Epoch != last.Epoch || tags.Version != last.Version || uint64(tags.Count) != last.People {
		return fmt.Errorf("edge: the mirror's tags are not those of version %d", last.Version)
	}
	if root, err := mirror(ctx, fmt.Sprintf("v2/states/%d/root", last.Version)); err == nil {
		if len(root) != tlog.HashSize || last.CheckFiles(sha256.Sum256(file), tlog.Hash(root)) != nil {
			return fmt.Errorf("edge: the mirror's tags are not those that version %d commits to", last.Version)
		}
	}
	here := map[[directory.TagSize]byte][][16]byte{}
	moment, err := h.config.Store.Everybody(ctx)
	if err != nil {
		return err
	}
	for all := h.config.Store.People(moment, moment.Read); ; {
		people, err := all.Next(ctx)
		if err != nil {
			return err
		}
		if len(people) == 0 {
			break
		}
		for _, p := range people {
			here[p.Key.Tag()] = append(here[p.Key.Tag()], [16]byte(p.Key[directory.TagSize:]))
		}
	}
	for tag, ids := range here {
		// Of several under one tag of which fewer are left nobody knows which.
		if from, to := tags.Find(tag); to-from < len(ids) {
			for _, id := range ids {
				if err := h.config.Store.Erase(ctx, id); err != nil {
					return err
				}
			}
		}
	}
	if err := h.config.Store.EraseUnlisted(ctx, last.Epoch); err != nil {
		return err
	}
	return h.adoptFile(ctx, int64(last.Version), tagsFile, file)
}

// adoptLeaf appends leaf n, with the changes of its hour if it is the last of
// it and the mirror has them.
func (h *Handler) adoptLeaf(ctx context.Context, mirror Mirror, states *trust.States, n, read int64) error {
	state := &states.List[n]
	hour := state.Time.Unix() / 3600
	newest := n+1 == states.Tree.N
	if newest || states.List[n+1].Time.Unix()/3600 != hour {
		path := fmt.Sprintf("v2/changes/%d", hour)
		if newest {
			path += fmt.Sprintf("/%d", state.Version)
		}
		changes, err1 := mirror(ctx, path)
		records, err2 := mirror(ctx, path+"/records")
		if err1 == nil && err2 == nil {
			if err := errors.Join(
				h.adoptFile(ctx, n+1, changesFile, changes),
				h.adoptFile(ctx, n+1, changesRecordsFile, records),
			); err != nil {
				return err
			}
		}
	}
	leaf := store.Leaf{
		N: n, Text: string(states.Leaf(n)), Epoch: state.Epoch, Hour: hour, Read: read, Files: adopted, At: state.Time.Unix(),
	}
	reader := h.config.Store.Hashes(ctx)
	var err error
	if leaf.Hashes, err = tlog.StoredHashes(n, []byte(leaf.Text), reader); err != nil {
		return err
	}
	if leaf.Root, err = tlog.TreeHash(n+1, withStored(n, leaf.Hashes, reader)); err != nil {
		return err
	}
	return h.config.Store.Adopt(ctx, leaf)
}

// adoptFile writes a file in the place of one that an interrupted call left.
func (h *Handler) adoptFile(ctx context.Context, version int64, file string, body []byte) error {
	name := fileName(version, adopted, file)
	if err := h.config.Files.Remove(ctx, name); err != nil {
		return err
	}
	return h.config.Files.Write(ctx, name, func(w io.Writer) error {
		_, err := w.Write(body)
		return err
	})
}

// adoptedTags are those of the last state where it came from a mirror; false
// where it did not.
func (p *publication) adoptedTags() (directory.Tags, bool, error) {
	if p.last == nil || p.last.leaf.Files != adopted {
		return directory.Tags{}, false, nil
	}
	file, err := p.readFile(tagsFile)
	if err != nil {
		return directory.Tags{}, true, err
	}
	tags, err := directory.ParseTags(file)
	return tags, true, err
}

// goOn makes the state after one that came from a mirror, of whose records
// nothing is known: whoever is still there counts as changed.
func (p *publication) goOn(old directory.Tags) error {
	if err := p.everybody(); err != nil {
		return err
	}
	p.changes.Added, p.changes.Changed = nil, nil
	entries := p.added
	p.added, p.changed = nil, nil
	rest := old.List
	for _, e := range entries { // in the order of tags
		tag := directory.TagNumber(e.entry.Tag())
		for len(rest) > 0 && rest[0] < tag {
			p.changes.Removed = append(p.changes.Removed, directory.NumberTag(rest[0]))
			rest = rest[1:]
		}
		if len(rest) > 0 && rest[0] == tag {
			rest = rest[1:]
			p.changes.Changed = append(p.changes.Changed, e.entry)
			p.changed = append(p.changed, e)
		} else {
			p.changes.Added = append(p.changes.Added, e.entry)
			p.added = append(p.added, e)
		}
	}
	for _, tag := range rest {
		p.changes.Removed = append(p.changes.Removed, directory.NumberTag(tag))
	}
	return nil
}
