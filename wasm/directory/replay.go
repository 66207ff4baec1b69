package directory

import (
	"crypto/sha256"
	"errors"
	"slices"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/trust"
)

// ErrHistory is that changes do not go with the state that they are applied to.
var ErrHistory = errors.New("directory: the changes do not go with the state")

// Replay goes from one version's tags to a later one's, change by change. A
// version costs what it changes, not what there is: the list is made once, at
// the end.
type Replay struct {
	from    Tags
	version uint64
	people  int
	chain   tlog.Hash
	now     map[uint64]int // how often a tag that was touched is there
	// Shared is that a tag which was touched is or was one that several people
	// have. The order of their records is not known from outside: they are read
	// whole again.
	Shared bool
}

// NewReplay begins at a version and the chain after it.
func NewReplay(from Tags, chain tlog.Hash) *Replay {
	return &Replay{from: from, version: from.Version, people: len(from.List), chain: chain, now: map[uint64]int{}}
}

// Begin begins an epoch, after the last version of the one before: with nobody,
// and a new chain.
func Begin(p Place, version uint64) *Replay {
	return NewReplay(Tags{Header: Header{Place: p, Version: version}}, tlog.Hash{})
}

// Next applies the next version, of which raw is the file. Its error is
// ErrHistory: another epoch, not the next version, or a tag removed or changed
// that was not there before. Then the replay is of no use any more.
func (r *Replay) Next(c *Changes, raw []byte) error {
	if c.Place != r.from.Place || c.Version != r.version+1 {
		return ErrHistory
	}
	gone := map[uint64]int{}
	for _, tag := range c.Removed {
		gone[TagNumber(tag)]++
	}
	touched := gone
	if len(c.Changed) > 0 {
		touched = map[uint64]int{}
		for tag, n := range gone {
			touched[tag] = n
		}
		for _, e := range c.Changed {
			touched[TagNumber(e.Tag())]++
		}
	}
	for tag, n := range touched {
		if n > r.count(tag) {
			return ErrHistory
		}
	}
	for tag := range touched {
		r.Shared = r.Shared || r.count(tag) > 1
	}
	for tag, n := range gone {
		r.now[tag] = r.count(tag) - n
	}
	for _, e := range c.Added {
		tag := TagNumber(e.Tag())
		r.now[tag] = r.count(tag) + 1
		r.Shared = r.Shared || r.now[tag] > 1
	}
	r.version = c.Version
	r.people += len(c.Added) - len(c.Removed)
	if r.people > MaxCount {
		return ErrHistory
	}
	r.chain = trust.Chain(r.chain, c.Version, sha256.Sum256(raw))
	return nil
}

func (r *Replay) count(tag uint64) int {
	if n, ok := r.now[tag]; ok {
		return n
	}
	from, to := r.from.Find(NumberTag(tag))
	return to - from
}

// Version and Chain are where the replay is.
func (r *Replay) Version() uint64  { return r.version }
func (r *Replay) Chain() tlog.Hash { return r.chain }

// Tags are those of the version where the replay is.
func (r *Replay) Tags() Tags {
	touched := make([]uint64, 0, len(r.now))
	for tag := range r.now {
		touched = append(touched, tag)
	}
	slices.Sort(touched)
	list := make([]uint64, 0, r.people)
	old := r.from.List
	for _, tag := range touched {
		i, _ := slices.BinarySearch(old, tag)
		list = append(list, old[:i]...)
		for old = old[i:]; len(old) > 0 && old[0] == tag; old = old[1:] {
		}
		for range r.now[tag] {
			list = append(list, tag)
		}
	}
	list = append(list, old...)
	return Tags{Header{r.from.Place, r.version, uint32(len(list))}, list}
}

// FitRecords says whether records are those of an hour's versions: of added and
// changed entries, RecordSize bytes each, in their order. Its error is
// ErrRecords.
func FitRecords(versions []Changes, records []byte) error {
	for i := range versions {
		c := &versions[i]
		for _, list := range [][]Entry{c.Added, c.Changed} {
			for _, e := range list {
				if len(records) < RecordSize || !e.Fits(records[:RecordSize]) {
					return ErrRecords
				}
				records = records[RecordSize:]
			}
		}
	}
	if len(records) > 0 {
		return ErrRecords
	}
	return nil
}

// ErrRecords is that records are not those of the changes.
var ErrRecords = errors.New("directory: the records are not those of the changes")
