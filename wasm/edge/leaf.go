package edge

import (
	"crypto/sha256"
	"errors"
	"io"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/edge/store"
	"sealbook/wasm/trust"
)

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
