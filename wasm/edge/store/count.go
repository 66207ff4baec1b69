package store

import (
	"context"
	"errors"
)

// count is a limit: so many in any window of so many seconds.
type count struct {
	key          []byte
	window, most int64
}

// again is when the limit lets somebody pass again: the last so many block, and
// the oldest of them is the first to be forgotten. It is 0 where it does not
// block.
func (s *Store) again(ctx context.Context, c count, now int64) (int64, error) {
	if c.key == nil {
		return 0, nil
	}
	var at int64
	err := s.fail("again", s.row(ctx, s.Read,
		"SELECT at FROM counts WHERE key = ? AND at > ? ORDER BY at DESC LIMIT 1 OFFSET ?", c.key, now-c.window, c.most-1).Scan(&at))
	if errors.Is(err, ErrNone) {
		return 0, nil
	}
	return at + c.window, err
}

// Count counts something under a key, if fewer than most were in the last window
// seconds. It is forgotten when the window is over. Otherwise it returns
// ErrLimit, and when to come again.
func (s *Store) Count(ctx context.Context, key [32]byte, window, most, now int64) (again int64, err error) {
	return s.countUnder(ctx, key[:], window, most, now)
}

func (s *Store) countUnder(ctx context.Context, key []byte, window, most, now int64) (again int64, err error) {
	const insert = `
		INSERT INTO counts (key, at, until) SELECT ?1, ?2, ?2 + ?3
		WHERE (SELECT count(*) FROM counts WHERE key = ?1 AND at > ?2 - ?3) < ?4`
	res, err := s.exec(ctx, s.Write, insert, key, now, window, most)
	if err != nil {
		return 0, s.fail("count", err)
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return 0, s.fail("count", err)
	}
	again, err = s.again(ctx, count{key, window, most}, now)
	if err == nil {
		err = ErrLimit
	}
	return again, err
}

// Counted is how many were counted under a key in the last window seconds, at
// most so many.
func (s *Store) Counted(ctx context.Context, key [32]byte, window, most, now int64) (int64, error) {
	var n int64
	err := s.row(ctx, s.Read, "SELECT count(*) FROM (SELECT 1 FROM counts WHERE key = ? AND at > ? LIMIT ?)",
		key[:], now-window, most).Scan(&n)
	return n, s.fail("counted", err)
}

// CountMove counts that somebody with an account's credential tried to move it,
// if that were fewer than most in the last day. Otherwise it returns ErrLimit,
// and when to come again. The count goes with the account.
func (s *Store) CountMove(ctx context.Context, id [16]byte, most, now int64) (again int64, err error) {
	return s.countUnder(ctx, moveKey(id), day, most, now)
}

// moveKey is what an account's moves are counted under; the triggers make it of
// the id too. Its records are counted under the id itself.
func moveKey(id [16]byte) []byte { return append(id[:], "move"...) }

// Tally is when something was counted, ascending, and until when the last of it
// is kept; 0 where nothing is.
type Tally struct {
	At    []int64
	Until int64
}

// Tallies returns what is counted of an account: records put, and moves tried.
func (s *Store) Tallies(ctx context.Context, id [16]byte, now int64) (records, moves Tally, err error) {
	rows, err := s.query(ctx, s.Read, `
		SELECT key = ?1, at, until FROM counts WHERE key IN (?1, ?2) AND until > ?3 ORDER BY key, at`,
		id[:], moveKey(id), now)
	if err != nil {
		return Tally{}, Tally{}, s.fail("tallies", err)
	}
	defer rows.Close()
	for rows.Next() {
		var record bool
		var at, until int64
		if err := rows.Scan(&record, &at, &until); err != nil {
			return Tally{}, Tally{}, s.fail("tallies", err)
		}
		of := &moves
		if record {
			of = &records
		}
		of.At, of.Until = append(of.At, at), until
	}
	if err := rows.Err(); err != nil {
		return Tally{}, Tally{}, s.fail("tallies", err)
	}
	return records, moves, nil
}
