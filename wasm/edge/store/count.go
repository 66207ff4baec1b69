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
	const insert = `
		INSERT INTO counts (key, at, until) SELECT ?1, ?2, ?2 + ?3
		WHERE (SELECT count(*) FROM counts WHERE key = ?1 AND at > ?2 - ?3) < ?4`
	res, err := s.exec(ctx, s.Write, insert, key[:], now, window, most)
	if err != nil {
		return 0, s.fail("count", err)
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return 0, s.fail("count", err)
	}
	again, err = s.again(ctx, count{key[:], window, most}, now)
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
