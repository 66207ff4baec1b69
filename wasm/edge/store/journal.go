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

// Moment is one state of the database: what came into the journal up to Read.
// It can be read page by page while more comes: the journal tells what was before.
type Moment struct {
	Epoch  uint32
	Size   int64 // of the log
	Read   int64 // position of the journal
	People int64 // who are published, if they were counted
}

// Reading says that a publication of that version is about to read, and returns
// the moment of which it reads: whoever withdraws from now on is told the version
// after it.
func (s *Store) Reading(ctx context.Context, version int64) (Moment, error) {
	return s.moment(ctx, s.Write, `
		UPDATE directory SET reading = max(reading, ?)
		RETURNING epoch, size, max(read, coalesce((SELECT max(seq) FROM journal), 0)), 0`, version)
}

// Everybody returns this moment, with the people counted. That looks at all of
// them.
func (s *Store) Everybody(ctx context.Context) (Moment, error) {
	return s.moment(ctx, s.Read, `
		SELECT d.epoch, d.size, max(d.read, coalesce((SELECT max(seq) FROM journal), 0)),
			(SELECT count(*) FROM accounts a WHERE a.listed = 1 AND a.epoch = d.epoch)
		FROM directory d`)
}

func (s *Store) moment(ctx context.Context, db *sql.DB, text string, args ...any) (m Moment, err error) {
	err = s.row(ctx, db, text, args...).Scan(&m.Epoch, &m.Size, &m.Read, &m.People)
	return m, s.fail("moment", err)
}

// Rows of a page: D1 hands it on in one piece.
const (
	changedTags = 1000
	peopleRows  = 5000
)

// page is what one statement read of the directory: accounts as they are, and
// the journal behind them.
type page struct {
	now     map[Key]Person
	journal map[Key][]entry // in the order of seq
	to      [5]byte         // its last tag
	more    bool            // there are tags behind it
}

type entry struct {
	seq int64
	was *Person // nil: nobody
}

// readPage reads what is behind a tag. Its rows are four columns: 0, the size of
// the log, the epoch and the last tag; 1, seq, a person or a key, as the journal
// has it; 2, 0, 0, all people of the page who are published, one behind the other.
// As text: D1 hands a blob on as an array of numbers; and in one row, for each has
// to be fetched from JavaScript. A page is far below the 2 MB that a row may have.
func (s *Store) readPage(ctx context.Context, m Moment, text string, args ...any) (page, error) {
	rows, err := s.query(ctx, s.Read, text, args...)
	if err != nil {
		return page{}, s.fail("page", err)
	}
	defer rows.Close()
	g := page{now: map[Key]Person{}, journal: map[Key][]entry{}}
	var person sql.RawBytes
	for rows.Next() {
		var kind int
		var n, epoch int64
		if err := rows.Scan(&kind, &n, &epoch, &person); err != nil {
			return page{}, s.fail("page", err)
		}
		if kind == 0 {
			switch {
			case uint32(epoch) != m.Epoch:
				return page{}, ErrEpoch
			case n != m.Size: // the journal that it read has gone
				return page{}, ErrTaken
			}
			if len(person) > 0 {
				if _, err := hex.Decode(g.to[:], person); err != nil || len(person) != 2*len(g.to) {
					return page{}, errors.New("store: a tag that is not hexadecimal")
				}
				g.more = true
			}
			continue
		}
		if kind == 2 {
			for all := []byte(person); len(all) > 0; all = all[min(len(all), personDigits):] {
				p, recorded, err := decodePerson(all[:min(len(all), personDigits)])
				if err != nil || !recorded {
					return page{}, errors.Join(err, errors.New("store: a page that ends within a person"))
				}
				g.now[p.Key] = p
			}
			continue
		}
		p, recorded, err := decodePerson(person)
		if err != nil {
			return page{}, err
		}
		e := entry{seq: n}
		if recorded {
			e.was = &p
		}
		g.journal[p.Key] = append(g.journal[p.Key], e)
	}
	if err := rows.Err(); err != nil {
		return page{}, s.fail("page", err)
	}
	for _, entries := range g.journal {
		slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.seq, b.seq) })
	}
	return g, nil
}

// at is who had a key at a position of the journal; nil: nobody.
func (g *page) at(key Key, position int64) *Person {
	for _, e := range g.journal[key] {
		if e.seq > position {
			return e.was
		}
	}
	if p, there := g.now[key]; there {
		return &p
	}
	return nil
}

// keys are all of the page, in order.
func (g *page) keys() []Key {
	all := make([]Key, 0, len(g.now)+len(g.journal))
	for key := range g.now {
		all = append(all, key)
	}
	for key := range g.journal {
		if _, there := g.now[key]; !there {
			all = append(all, key)
		}
	}
	slices.SortFunc(all, Key.Compare)
	return all
}

// Changes returns what changed from a position of the journal to a moment, in
// the order of tags. It is read page by page, and kept. It returns ErrTaken or
// ErrEpoch where another state was published or an epoch began meanwhile.
func (s *Store) Changes(ctx context.Context, m Moment, since int64) (all []Change, err error) {
	const changed = `
		WITH touched (tag) AS (SELECT DISTINCT tag FROM journal WHERE tag > unhex(?1) ORDER BY tag LIMIT ?2)
		SELECT 0, d.size, d.epoch, coalesce((SELECT hex(max(tag)) FROM touched), '') FROM directory d
		UNION ALL
		SELECT 1, j.seq, 0, hex(j.tag) || hex(j.id) || coalesce(hex(j.was), '') FROM touched t CROSS JOIN journal j ON j.tag = t.tag
		UNION ALL
		SELECT 2, 0, 0, group_concat(hex(a.tag) || hex(a.id) || hex(a.record), '')
		FROM touched t CROSS JOIN accounts a ON a.listed = 1 AND a.epoch = (SELECT epoch FROM directory) AND a.tag = t.tag`
	for from, more := "", true; more; {
		g, err := s.readPage(ctx, m, changed, from, changedTags)
		if err != nil {
			return nil, err
		}
		from, more = hex.EncodeToString(g.to[:]), g.more
		all = g.changes(all, since, m.Read)
	}
	return all, nil
}

// changes appends what changed between two positions.
func (g *page) changes(all []Change, since, to int64) []Change {
	keys := g.keys()
	for len(keys) > 0 {
		c := Change{Tag: keys[0].Tag()}
		same := true
		for ; len(keys) > 0 && keys[0].Tag() == c.Tag; keys = keys[1:] {
			before, now := g.at(keys[0], since), g.at(keys[0], to)
			if before != nil {
				c.Before = append(c.Before, *before)
			}
			if now != nil {
				c.Now = append(c.Now, *now)
			}
			same = same && (before == nil && now == nil || before != nil && now != nil && *before == *now)
		}
		if !same {
			all = append(all, c)
		}
	}
	return all
}

// People are those who were published at a position of the journal, page by
// page.
type People struct {
	store *Store
	m     Moment
	at    int64
	from  string
	end   bool
}

// People returns those who were published at a position of the journal.
func (s *Store) People(m Moment, at int64) *People { return &People{store: s, m: m, at: at} }

// Next returns the next of them in the order of keys, and nobody at the end.
func (p *People) Next(ctx context.Context) (all []Person, err error) {
	const people = `
		WITH piece (tag) AS (SELECT coalesce((SELECT tag FROM accounts WHERE listed = 1 AND epoch = ?3 AND tag > unhex(?1)
			ORDER BY tag LIMIT 1 OFFSET ?2), x'ffffffffff'))
		SELECT 0, d.size, d.epoch, hex(p.tag) FROM piece p CROSS JOIN directory d
		UNION ALL
		SELECT 1, j.seq, 0, hex(j.tag) || hex(j.id) || coalesce(hex(j.was), '')
		FROM piece p CROSS JOIN journal j ON j.tag > unhex(?1) AND j.tag <= p.tag
		UNION ALL
		SELECT 2, 0, 0, group_concat(hex(a.tag) || hex(a.id) || hex(a.record), '')
		FROM piece p CROSS JOIN accounts a ON a.listed = 1 AND a.epoch = ?3 AND a.tag > unhex(?1) AND a.tag <= p.tag`
	for len(all) == 0 && !p.end {
		g, err := p.store.readPage(ctx, p.m, people, p.from, peopleRows-1, int64(p.m.Epoch))
		if err != nil {
			return nil, err
		}
		p.from, p.end = hex.EncodeToString(g.to[:]), g.to == [5]byte{0xff, 0xff, 0xff, 0xff, 0xff}
		for _, key := range g.keys() {
			if person := g.at(key, p.at); person != nil {
				all = append(all, *person)
			}
		}
	}
	return all, nil
}

// personDigits are those of a person with record.
const personDigits = 2 * (len(Key{}) + len(Person{}.Record))

// decodePerson reads key and record in hexadecimal; there may be no record.
func decodePerson(text []byte) (p Person, recorded bool, err error) {
	var raw [personDigits / 2]byte
	if len(text) != personDigits && len(text) != 2*len(Key{}) {
		return p, false, fmt.Errorf("store: a person of %d digits", len(text))
	}
	if _, err := hex.Decode(raw[:], text); err != nil {
		return p, false, errors.New("store: a person that is not hexadecimal")
	}
	p.Key, p.Record = Key(raw[:]), [64]byte(raw[len(Key{}):])
	return p, len(text) == personDigits, nil
}
