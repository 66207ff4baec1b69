package edge

import (
	"bytes"
	"io"
	"math"
	"slices"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/store"
)

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
