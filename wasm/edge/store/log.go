package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Sizes are those of a publication's files in bytes, in their order, as
// "2700028 64000028 …"; "": nobody knows.
type Sizes string

// Entry of the log: a state's leaf, and where its files are.
type Leaf struct {
	N      int64
	Text   string
	Hashes []tlog.Hash // of the nodes that it makes whole, its own first
	Root   tlog.Hash   // of the tree that ends with it
	Epoch  uint32
	Hour   int64  // of its time
	Read   int64  // the journal up to here is in it
	Files  string // id of the publication
	Sizes  Sizes
	At     int64 // when it was appended
	Took   int64 // milliseconds that publishing took
}

// Append appends a leaf to the log, if the log has as many entries as its N says
// and the epoch is still its own. From then on the state is the newest, and what
// it read of the journal goes. It returns ErrTaken if another came first.
func (s *Store) Append(ctx context.Context, l Leaf) error {
	return s.append(ctx, l, "size = ?1 AND epoch = ?5")
}

// Adopt is Append for a leaf that comes from a mirror, of whatever epoch.
func (s *Store) Adopt(ctx context.Context, l Leaf) error { return s.append(ctx, l, "size = ?1") }

func (s *Store) append(ctx context.Context, l Leaf, where string) error {
	hashes := make([]byte, 0, tlog.HashSize*len(l.Hashes))
	for _, h := range l.Hashes {
		hashes = append(hashes, h[:]...)
	}
	add := `
		INSERT INTO log (n, leaf, hashes, root, epoch, hour, read, files, sizes, at, took)
		SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 FROM directory WHERE ` + where + `
		RETURNING n`
	var n int64
	err := s.fail("append", s.row(ctx, s.Write, add, l.N, l.Text, hashes, l.Root[:], int64(l.Epoch), l.Hour, l.Read, l.Files, string(l.Sizes), l.At, l.Took).Scan(&n))
	if errors.Is(err, ErrNone) {
		return ErrTaken
	}
	return err
}

// Newest returns the last leaf, without its hashes, or ErrNone.
func (s *Store) Newest(ctx context.Context) (Leaf, error) {
	var l Leaf
	var root []byte
	err := s.row(ctx, s.Read, `
		SELECT n, leaf, root, epoch, hour, read, files, sizes, at, took FROM log WHERE n = (SELECT size - 1 FROM directory)`).
		Scan(&l.N, &l.Text, &root, &l.Epoch, &l.Hour, &l.Read, &l.Files, &l.Sizes, &l.At, &l.Took)
	copy(l.Root[:], root)
	return l, s.fail("leaf", err)
}

// Version is where the files of a version are, and until when.
type Version struct {
	Version  int64
	Files    string // id of the publication
	Sizes    Sizes
	Hour     int64 // of its leaf's time
	Replaced int64 // when the next one came; 0: it is the newest
}

// Version returns a version, or ErrNone. Newest is that of the newest state.
func (s *Store) Version(ctx context.Context, version int64) (v Version, newest int64, err error) {
	v.Version = version
	var found bool
	err = s.row(ctx, s.Read, `
		SELECT d.size, l.n IS NOT NULL, coalesce(l.files, ''), coalesce(l.sizes, ''), coalesce(l.hour, 0), coalesce(m.at, 0)
		FROM directory d LEFT JOIN log l ON l.n = ?1 - 1 LEFT JOIN log m ON m.n = ?1`, version).
		Scan(&newest, &found, &v.Files, &v.Sizes, &v.Hour, &v.Replaced)
	if err = s.fail("version", err); err == nil && !found {
		err = ErrNone
	}
	return v, newest, err
}

// Hours are those of the log's first and newest leaf, -1 where there is none.
type Hours struct{ First, Newest int64 }

// Hour returns the last version of an hour, or ErrNone, and the hours there are.
func (s *Store) Hour(ctx context.Context, h int64) (v Version, hours Hours, err error) {
	err = s.row(ctx, s.Read, `
		SELECT coalesce((SELECT min(hour) FROM log), -1), coalesce((SELECT max(hour) FROM log), -1),
			coalesce(l.n + 1, 0), coalesce(l.files, ''), coalesce(l.sizes, '')
		FROM directory d LEFT JOIN log l ON l.n = (SELECT max(n) FROM log WHERE hour = ?)`, h).
		Scan(&hours.First, &hours.Newest, &v.Version, &v.Files, &v.Sizes)
	v.Hour = h
	if err = s.fail("hour", err); err == nil && v.Version == 0 {
		err = ErrNone
	}
	return v, hours, err
}

// Kept says of versions and their publications what is still to be kept.
type Kept struct {
	Version
	LastOfHour bool
}

// Versions returns those of the given versions that there are.
func (s *Store) Versions(ctx context.Context, versions []int64) ([]Kept, error) {
	list, err := json.Marshal(versions)
	if err != nil {
		return nil, err
	}
	rows, err := s.query(ctx, s.Read, `
		SELECT l.n + 1, l.files, l.hour, coalesce(m.at, 0), l.hour <> coalesce(m.hour, -1)
		FROM json_each(?) j CROSS JOIN log l ON l.n = j.value - 1 LEFT JOIN log m ON m.n = l.n + 1`, string(list))
	if err != nil {
		return nil, s.fail("versions", err)
	}
	defer rows.Close()
	var all []Kept
	for rows.Next() {
		var k Kept
		if err := rows.Scan(&k.Version.Version, &k.Files, &k.Hour, &k.Replaced, &k.LastOfHour); err != nil {
			return nil, s.fail("versions", err)
		}
		all = append(all, k)
	}
	return all, s.fail("versions", rows.Err())
}

// Readable returns what can be read: the versions that were replaced after a
// time, the newest too; and of the hours from one on, each one's last version.
func (s *Store) Readable(ctx context.Context, replaced, hour int64) (all []Kept, hours Hours, err error) {
	const readable = `
		WITH RECURSIVE hours (hour) AS (
			SELECT coalesce((SELECT max(hour) FROM log), -1)
			UNION ALL SELECT hour - 1 FROM hours WHERE hour > ?2),
		versions (n) AS (
			SELECT size - 1 FROM directory WHERE size > 0
			UNION ALL SELECT n - 1 FROM versions v WHERE n > 0 AND (SELECT at FROM log WHERE n = v.n) > ?1)
		SELECT l.n + 1, l.files, l.sizes, l.hour, coalesce(m.at, 0), 0 FROM versions v CROSS JOIN log l ON l.n = v.n LEFT JOIN log m ON m.n = l.n + 1
		UNION ALL
		SELECT l.n + 1, l.files, l.sizes, l.hour, 0, 1 FROM hours h CROSS JOIN log l ON l.n = (SELECT max(n) FROM log WHERE hour = h.hour)
		UNION ALL
		SELECT 0, '', '', coalesce(min(hour), -1), 0, 0 FROM log`
	rows, err := s.query(ctx, s.Read, readable, replaced, hour)
	if err != nil {
		return nil, Hours{}, s.fail("readable", err)
	}
	defer rows.Close()
	hours.Newest = -1
	for rows.Next() {
		var k Kept
		if err := rows.Scan(&k.Version.Version, &k.Files, &k.Sizes, &k.Hour, &k.Replaced, &k.LastOfHour); err != nil {
			return nil, Hours{}, s.fail("readable", err)
		}
		if k.Version.Version == 0 {
			hours.First = k.Hour
			continue
		}
		hours.Newest = max(hours.Newest, k.Hour)
		all = append(all, k)
	}
	return all, hours, s.fail("readable", rows.Err())
}

// Leaves returns the texts of so many leaves from the first on.
func (s *Store) Leaves(ctx context.Context, first, count int64) ([]string, error) {
	rows, err := s.query(ctx, s.Read, "SELECT leaf FROM log WHERE n >= ? AND n < ? ORDER BY n", first, first+count)
	if err != nil {
		return nil, s.fail("leaves", err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, s.fail("leaves", err)
		}
		all = append(all, text)
	}
	return all, s.fail("leaves", rows.Err())
}

// Hashes reads hashes of the log's tree.
func (s *Store) Hashes(ctx context.Context) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		if len(indexes) == 0 {
			return nil, nil
		}
		// The hash of a node is stored with the leaf that made it whole.
		rows := make([]int64, len(indexes))
		levels := make([]int, len(indexes))
		for i, index := range indexes {
			level, n := tlog.SplitStoredHashIndex(index)
			levels[i], rows[i] = level, (n+1)<<level-1
		}
		list, err := json.Marshal(rows)
		if err != nil {
			return nil, err
		}
		found := map[int64][]byte{}
		q, err := s.query(ctx, s.Read, "SELECT l.n, l.hashes FROM json_each(?) j CROSS JOIN log l ON l.n = j.value", string(list))
		if err != nil {
			return nil, s.fail("hashes", err)
		}
		defer q.Close()
		for q.Next() {
			var n int64
			var hashes []byte
			if err := q.Scan(&n, &hashes); err != nil {
				return nil, s.fail("hashes", err)
			}
			found[n] = hashes
		}
		if err := q.Err(); err != nil {
			return nil, s.fail("hashes", err)
		}
		all := make([]tlog.Hash, len(indexes))
		for i, n := range rows {
			at := tlog.HashSize * levels[i]
			if len(found[n]) < at+tlog.HashSize {
				return nil, fmt.Errorf("store: the log has no hash of level %d with leaf %d", levels[i], n)
			}
			all[i] = tlog.Hash(found[n][at:])
		}
		return all, nil
	})
}
