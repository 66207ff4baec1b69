package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
)

// Person is what is published about somebody. People are in the order of their
// keys, tag before id: so tags are sorted, and equal tags have an order too.
type Person struct {
	Key    Key
	Record [64]byte
}

// Key is a tag and the account's id behind it.
type Key [5 + 16]byte

// Tag is the key's tag.
func (k Key) Tag() [5]byte { return [5]byte(k[:5]) }

// Compare orders keys.
func (k Key) Compare(o Key) int { return bytes.Compare(k[:], o[:]) }

// Change is what happened to a tag between the newest state and the one that
// comes: who had it, and who has it now. Each list is in the order of keys.
type Change struct {
	Tag         [5]byte
	Before, Now []Person
}

// Journal is what changed since a position of the journal.
type Journal struct {
	Epoch   uint32
	Read    int64    // position up to which this is
	Changes []Change // in the order of tags
}

// Reading says that a publication of that version is about to read: whoever
// withdraws from now on is told the version after it.
func (s *Store) Reading(ctx context.Context, version int64) error {
	_, err := s.exec(ctx, s.Write, "UPDATE directory SET reading = max(reading, ?)", version)
	return s.fail("reading", err)
}

// Changes reads what changed since a position. It is one statement, so it sees
// one state of the database.
func (s *Store) Changes(ctx context.Context, since int64) (Journal, error) {
	// As one text a row: D1 hands a blob on as an array of numbers, and each
	// column costs as much as its bytes do.
	const changes = `
		SELECT d.epoch, 0, 0, '' FROM directory d
		UNION ALL
		SELECT 0, 1, seq, hex(tag) || hex(id) || coalesce(hex(was), '') FROM journal WHERE seq > ?1
		UNION ALL
		SELECT 0, 2, 0, hex(a.tag) || hex(a.id) || hex(a.record)
		FROM (SELECT DISTINCT tag FROM journal WHERE seq > ?1) j CROSS JOIN accounts a
			ON a.listed = 1 AND a.epoch = (SELECT epoch FROM directory) AND a.tag = j.tag`
	rows, err := s.query(ctx, s.Read, changes, since)
	if err != nil {
		return Journal{}, s.fail("changes", err)
	}
	defer rows.Close()
	j := Journal{Read: since}
	type first struct {
		seq int64
		was *Person // nil: nobody
	}
	was := map[Key]first{} // at the position started from
	var now []Person
	var text sql.RawBytes
	for rows.Next() {
		var epoch uint32
		var kind int
		var seq int64
		if err := rows.Scan(&epoch, &kind, &seq, &text); err != nil {
			return Journal{}, s.fail("changes", err)
		}
		switch kind {
		case 0:
			j.Epoch = epoch
			continue
		case 1:
			j.Read = max(j.Read, seq)
		}
		p, recorded, err := decodePerson(text)
		if err != nil {
			return Journal{}, err
		}
		if kind == 2 {
			now = append(now, p)
			continue
		}
		if f, seen := was[p.Key]; seen && f.seq < seq {
			continue
		}
		f := first{seq: seq}
		if recorded {
			f.was = &p
		}
		was[p.Key] = f
	}
	if err := rows.Err(); err != nil {
		return Journal{}, s.fail("changes", err)
	}
	byTag := map[[5]byte]*Change{}
	of := func(tag [5]byte) *Change {
		if byTag[tag] == nil {
			byTag[tag] = &Change{Tag: tag}
		}
		return byTag[tag]
	}
	for key, f := range was {
		if c := of(key.Tag()); f.was != nil {
			c.Before = append(c.Before, *f.was)
		}
	}
	for _, p := range now {
		c := of(p.Key.Tag())
		c.Now = append(c.Now, p)
		if _, touched := was[p.Key]; !touched {
			c.Before = append(c.Before, p)
		}
	}
	order := func(a, b Person) int { return a.Key.Compare(b.Key) }
	for _, c := range byTag {
		slices.SortFunc(c.Before, order)
		slices.SortFunc(c.Now, order)
		j.Changes = append(j.Changes, *c)
	}
	slices.SortFunc(j.Changes, func(a, b Change) int { return bytes.Compare(a.Tag[:], b.Tag[:]) })
	return j, nil
}

// People calls f for everybody who is published, in order. It is one statement;
// it returns of which epoch they are, and up to where the journal is in them.
func (s *Store) People(ctx context.Context, f func(*Person) error) (Journal, error) {
	const list = `
		SELECT d.epoch, (SELECT coalesce(max(seq), 0) FROM journal), d.read,
			coalesce(hex(a.tag) || hex(a.id) || hex(a.record), '')
		FROM directory d LEFT JOIN accounts a ON a.listed = 1 AND a.epoch = (SELECT epoch FROM directory)
		WHERE d.one = 1 ORDER BY a.tag, a.id`
	rows, err := s.query(ctx, s.Read, list)
	if err != nil {
		return Journal{}, s.fail("people", err)
	}
	defer rows.Close()
	var j Journal
	var text sql.RawBytes
	for rows.Next() {
		var end, read int64
		if err := rows.Scan(&j.Epoch, &end, &read, &text); err != nil {
			return Journal{}, s.fail("people", err)
		}
		j.Read = max(end, read)
		if len(text) == 0 {
			continue // nobody
		}
		p, _, err := decodePerson(text)
		if err == nil {
			err = f(&p)
		}
		if err != nil {
			return Journal{}, err
		}
	}
	return j, s.fail("people", cmp.Or(rows.Err(), rows.Close()))
}

// decodePerson reads key and record in hexadecimal; there may be no record.
func decodePerson(text []byte) (p Person, recorded bool, err error) {
	const size = len(Key{}) + len(Person{}.Record)
	var raw [size]byte
	if len(text) != 2*size && len(text) != 2*len(Key{}) {
		return p, false, fmt.Errorf("store: a person of %d digits", len(text))
	}
	if _, err := hex.Decode(raw[:], text); err != nil {
		return p, false, errors.New("store: a person that is not hexadecimal")
	}
	p.Key, p.Record = Key(raw[:]), [64]byte(raw[len(Key{}):])
	return p, len(text) == 2*size, nil
}
