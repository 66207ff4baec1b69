package store

import (
	"context"
	"time"
)

// SendWindow is over how many seconds sends are counted.
const SendWindow = int64(time.Hour / time.Second)

// Registration is a code that was sent.
type Registration struct {
	ID     [16]byte
	Number [32]byte // keyed hash
	Code   [32]byte // keyed hash
	Tries  int64    // left
	Sent   int64
	// Expires is the first second in which the code is not taken any more.
	Expires int64
}

// SendLimits are how many sends [SendWindow] may see.
type SendLimits struct {
	Number, Address int64
}

// Begin writes down a registration and counts its send for the number and for
// the network address, of which it takes a keyed hash. Where either has had its
// share it writes nothing and answers false, and when to come again.
func (s *Store) Begin(ctx context.Context, r Registration, address [32]byte, max SendLimits) (ok bool, again int64, err error) {
	const begin = `
		INSERT INTO registrations (id, number, code, tries, sent, expires, address)
		SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
		WHERE (SELECT count(*) FROM sends WHERE key = ?2 AND at > ?8) < ?9
		  AND (SELECT count(*) FROM sends WHERE key = ?7 AND at > ?8) < ?10`
	since := r.Sent - SendWindow
	res, err := s.exec(ctx, s.Write, begin, r.ID[:], r.Number[:], r.Code[:], r.Tries, r.Sent, r.Expires,
		address[:], since, max.Number, max.Address)
	if err != nil {
		return false, 0, s.fail("begin", err)
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return n > 0, 0, s.fail("begin", err)
	}
	// The last max sends block; the oldest of them is the first to be forgotten.
	const oldest = `
		SELECT max(
			coalesce((SELECT at FROM sends WHERE key = ?1 AND at > ?3 ORDER BY at DESC LIMIT 1 OFFSET ?4 - 1), 0),
			coalesce((SELECT at FROM sends WHERE key = ?2 AND at > ?3 ORDER BY at DESC LIMIT 1 OFFSET ?5 - 1), 0))`
	var at int64
	err = s.row(ctx, s.Read, oldest, r.Number[:], address[:], since, max.Number, max.Address).Scan(&at)
	return false, at + SendWindow, s.fail("begin", err)
}

// Try takes one try from a registration and answers what is left of it. There
// is ErrNone if it is unknown, expired or has no try left; see Pending.
func (s *Store) Try(ctx context.Context, id [16]byte, now int64) (Registration, error) {
	r := Registration{ID: id}
	var number, code []byte
	err := s.row(ctx, s.Write, `
		UPDATE registrations SET tries = tries - 1 WHERE id = ? AND expires > ? AND tries > 0
		RETURNING number, code, tries, sent, expires`, id[:], now).
		Scan(&number, &code, &r.Tries, &r.Sent, &r.Expires)
	if err != nil {
		return Registration{}, s.fail("try", err)
	}
	copy(r.Number[:], number)
	copy(r.Code[:], code)
	return r, nil
}

// Untry gives a try back.
func (s *Store) Untry(ctx context.Context, id [16]byte) error {
	_, err := s.exec(ctx, s.Write, "UPDATE registrations SET tries = tries + 1 WHERE id = ?", id[:])
	return s.fail("untry", err)
}

// Pending reports whether the registration is still written down, usable or
// not.
func (s *Store) Pending(ctx context.Context, id [16]byte) (bool, error) {
	var n int64
	err := s.row(ctx, s.Read, "SELECT count(*) FROM registrations WHERE id = ?", id[:]).Scan(&n)
	return n > 0, s.fail("pending", err)
}

// Abandon erases a registration whose code could not be sent. The send stays
// counted: it may have cost.
func (s *Store) Abandon(ctx context.Context, id [16]byte) error {
	_, err := s.exec(ctx, s.Write, "DELETE FROM registrations WHERE id = ?", id[:])
	return s.fail("abandon", err)
}
