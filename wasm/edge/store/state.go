package store

import (
	"context"
	"errors"
)

// Head is what holds for the directory as a whole.
type Head struct {
	Key   string // verifier key of the notes, "" before the first start
	Epoch uint32 // 0 before the first
	Began int64  // when the epoch began
	Size  int64  // of the log, so the version of the newest state
	Read  int64  // the journal up to here is in that state
	// Changed is the end of the journal: more than Read if something is to be
	// published.
	Changed int64
}

// Head returns what holds now.
func (s *Store) Head(ctx context.Context) (Head, error) {
	var h Head
	err := s.row(ctx, s.Read, `
		SELECT d.key, d.epoch, coalesce(e.began, 0), d.size, d.read, coalesce((SELECT max(seq) FROM journal), 0)
		FROM directory d LEFT JOIN epochs e ON e.epoch = d.epoch`).
		Scan(&h.Key, &h.Epoch, &h.Began, &h.Size, &h.Read, &h.Changed)
	return h, s.fail("head", err)
}

// Claim writes down under which verifier key this directory signs, the first
// time, and how many evaluations of a budget come back in a day. It returns the
// key that stands.
func (s *Store) Claim(ctx context.Context, key string, refill int64) (string, error) {
	var stands string
	err := s.row(ctx, s.Write, "UPDATE directory SET key = iif(key = '', ?1, key), refill = iif(key IN ('', ?1), ?2, refill) RETURNING key",
		key, refill).Scan(&stands)
	return stands, s.fail("claim", err)
}

// Reclaim writes down another verifier key in the place of one, and returns the
// one that stands.
func (s *Store) Reclaim(ctx context.Context, from, to string) (string, error) {
	var stands string
	err := s.row(ctx, s.Write, "UPDATE directory SET key = iif(key = ?1, ?2, key) RETURNING key", from, to).Scan(&stands)
	return stands, s.fail("reclaim", err)
}

// ResealEpoch keeps the key of an epoch as it was encrypted anew, unless somebody
// else has done so.
func (s *Store) ResealEpoch(ctx context.Context, epoch uint32, from, to []byte) error {
	_, err := s.exec(ctx, s.Write, "UPDATE epochs SET key = ?3 WHERE epoch = ?1 AND key = ?2", int64(epoch), from, to)
	return s.fail("reseal epoch", err)
}

// EpochKey returns the encrypted key of an epoch, or ErrNone.
func (s *Store) EpochKey(ctx context.Context, epoch uint32) ([]byte, error) {
	var key []byte
	err := s.row(ctx, s.Read, "SELECT key FROM epochs WHERE epoch = ?", int64(epoch)).Scan(&key)
	return key, s.fail("epoch key", err)
}

// StartEpoch begins the epoch after from, with an encrypted key. From then on
// nobody is published, and people move their accounts. It returns ErrEpoch if
// from is not the current epoch.
func (s *Store) StartEpoch(ctx context.Context, from uint32, now int64, key []byte) error {
	const start = `
		INSERT INTO epochs (epoch, began, key) SELECT ?2, ?3, ?4
		WHERE ?1 = (SELECT epoch FROM directory) RETURNING epoch`
	var epoch int64
	err := s.fail("start epoch", s.row(ctx, s.Write, start, int64(from), int64(from)+1, now, key).Scan(&epoch))
	if errors.Is(err, ErrNone) {
		return ErrEpoch
	}
	return err
}

// SkipEpochs goes on to a later epoch, of which there is no key here.
func (s *Store) SkipEpochs(ctx context.Context, from, to uint32) error {
	_, err := s.exec(ctx, s.Write, "UPDATE directory SET epoch = max(epoch, ?2) WHERE epoch = ?1", int64(from), int64(to))
	return s.fail("skip epochs", err)
}

// Overlap is for how many seconds an epoch's accounts may still be moved, and
// its key is kept, after the next began. A state lists what changed for
// [Remembered].
const (
	Overlap    = 30 * day
	Lapse      = 400 * day // of an account without a code or a sync
	Remembered = 8 * day
	day        = 86400
)

// purged is how many accounts one Purge erases at most: a statement must end
// within the time that D1 gives it.
const purged = 5000

// Purge erases what has had its time: registrations that expired, counts,
// budgets that are full again, accounts that lapsed; and 30 days after an epoch
// began the accounts and the key of the one before. It returns how many rows
// went; if any did, call it again.
func (s *Store) Purge(ctx context.Context, now int64) (int64, error) {
	var sum int64
	for _, del := range []struct {
		sql  string
		args []any
	}{
		{"DELETE FROM registrations WHERE expires <= ?", []any{now}},
		{"DELETE FROM counts WHERE until <= ?", []any{now}},
		{"DELETE FROM withdrawn WHERE until <= ?", []any{now}},
		{"DELETE FROM accounts WHERE id IN (SELECT id FROM accounts WHERE seen <= ? LIMIT ?)", []any{now - Lapse, purged}},
		{`DELETE FROM accounts WHERE id IN (SELECT id FROM accounts WHERE epoch <
			(SELECT max(epoch) FROM epochs WHERE began <= ?) LIMIT ?)`, []any{now - Overlap, purged}},
		{"DELETE FROM epochs WHERE epoch < (SELECT max(epoch) FROM epochs WHERE began <= ?)", []any{now - Overlap}},
	} {
		res, err := s.exec(ctx, s.Write, del.sql, del.args...)
		if err != nil {
			return sum, s.fail("purge", err)
		}
		n, err := res.RowsAffected()
		if err != nil {
			return sum, s.fail("purge", err)
		}
		sum += n
	}
	return sum, nil
}
