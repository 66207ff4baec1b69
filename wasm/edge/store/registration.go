package store

import "context"

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

// Send is what a send of a code is counted under: keyed hashes.
type Send struct {
	Address [32]byte  // of the client: an IPv4 address, an IPv6 /64
	Network *[32]byte // the IPv6 /48 around it; nil: none
	Calling [32]byte  // of the calling code
	Total   [32]byte  // of all sends
}

// SendLimits are how many sends an hour may see, and a day for a number.
type SendLimits struct {
	Number, NumberDay, Address, Network, Calling, Total int64
}

const hour = 3600

// Begin writes down a registration and counts its send. Where anything has had
// its share it writes nothing and returns ErrLimit, and when to come again.
func (s *Store) Begin(ctx context.Context, r Registration, send Send, most SendLimits) (again int64, err error) {
	var network []byte
	if send.Network != nil {
		network = send.Network[:]
	}
	limits := []count{
		{r.Number[:], hour, most.Number}, {r.Number[:], day, most.NumberDay},
		{send.Address[:], hour, most.Address}, {network, hour, most.Network},
		{send.Calling[:], hour, most.Calling}, {send.Total[:], hour, most.Total},
	}
	const begin = `
		INSERT INTO registrations (id, number, code, tries, sent, expires, address, network, calling, total)
		SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
		WHERE (SELECT count(*) FROM counts WHERE key = ?2 AND at > ?5 - 3600) < ?11
		  AND (SELECT count(*) FROM counts WHERE key = ?2 AND at > ?5 - 86400) < ?12
		  AND (SELECT count(*) FROM counts WHERE key = ?7 AND at > ?5 - 3600) < ?13
		  AND (SELECT count(*) FROM counts WHERE key = ?8 AND at > ?5 - 3600) < ?14
		  AND (SELECT count(*) FROM counts WHERE key = ?9 AND at > ?5 - 3600) < ?15
		  AND (SELECT count(*) FROM counts WHERE key = ?10 AND at > ?5 - 3600) < ?16`
	res, err := s.exec(ctx, s.Write, begin, r.ID[:], r.Number[:], r.Code[:], r.Tries, r.Sent, r.Expires,
		send.Address[:], blob(network), send.Calling[:], send.Total[:],
		most.Number, most.NumberDay, most.Address, most.Network, most.Calling, most.Total)
	if err != nil {
		return 0, s.fail("begin", err)
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return 0, s.fail("begin", err)
	}
	for _, c := range limits {
		at, err := s.again(ctx, c, r.Sent)
		if err != nil {
			return 0, err
		}
		again = max(again, at)
	}
	return again, ErrLimit
}

// Try takes one try from a registration and returns what is left of it. There
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
