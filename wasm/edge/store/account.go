package store

import (
	"context"
	"errors"
)

// Account is everything that is held about a person.
type Account struct {
	ID         [16]byte
	Epoch      uint32
	Credential [32]byte // SHA-256
	Search     bool
	Listed     bool // tag and record are published
	Tag        [5]byte
	Record     [64]byte
	Consent    [32]byte // SHA-256 of the text
	Registered int64
	Seen       int64 // last code or sync, to a day
	Used       int64 // level of the budget at UsedAt, in 1/86400 evaluation
	UsedAt     int64
	Ready      int64 // when a renewal without the credential comes true; 0: none is under way
	Refused    bool  // it was refused once
}

// Day is the time to a day, as Account.Seen has it.
func Day(now int64) int64 { return now - now%day }

// Entry is how somebody comes to an account: with a code, or from the epoch
// before.
type Entry struct {
	Registration *[16]byte // to be spent; nil: none
	// Former is the number's account id in the epoch before, while that is kept.
	Former *[16]byte
	// Credential is the SHA-256 of the one that was shown; nil: none.
	Credential *[32]byte
	// Wait is for how many seconds somebody without the credential waits.
	Wait int64
}

// free is the condition under which a row of accounts may be taken over.
func free(row string) string {
	return "(" + row + ".credential = ?13 OR ?14 = 0 OR " + row + ".ready > max(?9 - ?15, 0) AND " + row + ".ready <= ?9)"
}

// Register writes an account, spends the registration and erases what the
// number had before: all or nothing. An account of the same number is renewed:
// its credential, scopes and record are replaced, its budget stays; with the
// credential the record stays too.
//
// It returns ErrBarred where the number has an account and the caller neither
// its credential nor waited for the renewal, or where it was withdrawn with a
// code a moment ago; ErrNone if the registration was spent meanwhile, or another
// epoch has begun.
func (s *Store) Register(ctx context.Context, a Account, e Entry) (Account, error) {
	register := `
		INSERT INTO accounts (id, epoch, credential, search, listed, tag, record, consent, registered, seen, used, used_at, registration, moved)
		SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,
			coalesce(w.used, o.used, v.used, 0), coalesce(w.used_at, o.used_at, v.used_at, ?9), ?11, ?12
		FROM directory d LEFT JOIN withdrawn w ON w.id = ?1
			LEFT JOIN accounts o ON o.id = ?12 LEFT JOIN withdrawn v ON v.id = ?12
		WHERE d.epoch = ?2
			AND (?11 IS NULL OR EXISTS (SELECT 1 FROM registrations WHERE id = ?11))
			AND (o.id IS NULL OR ` + free("o") + `)
			AND coalesce(w.barred, 0) <= ?9 AND coalesce(v.barred, 0) <= ?9
		ON CONFLICT (id) DO UPDATE SET
			credential = excluded.credential, search = excluded.search, listed = excluded.listed,
			record = iif(accounts.credential = ?13, accounts.record, excluded.record),
			consent = excluded.consent, registered = excluded.registered, seen = excluded.seen,
			ready = 0, refused = 0, registration = excluded.registration
			WHERE ` + free("accounts") + `
		RETURNING ` + columns
	var registration, former, credential []byte
	if e.Registration != nil {
		registration = e.Registration[:]
	}
	if e.Former != nil {
		former = e.Former[:]
	}
	if e.Credential != nil {
		credential = e.Credential[:]
	}
	made, err := scan(s.row(ctx, s.Write, register,
		a.ID[:], int64(a.Epoch), a.Credential[:], flag(a.Search), flag(a.Listed), a.Tag[:], a.Record[:], a.Consent[:],
		a.Registered, a.Seen, blob(registration), blob(former), blob(credential), e.Wait, int64(Claimable)))
	if err = s.fail("register", err); !errors.Is(err, ErrNone) {
		return made, err
	}
	// Which of the conditions was it? The answer may be of a moment later.
	var barred bool
	err = s.row(ctx, s.Read, `
		SELECT d.epoch = ?3 AND (?4 IS NULL OR EXISTS (SELECT 1 FROM registrations WHERE id = ?4)) AND (
			EXISTS (SELECT 1 FROM accounts WHERE id IN (?1, ?2)) OR
			EXISTS (SELECT 1 FROM withdrawn WHERE id IN (?1, ?2) AND barred > ?5))
		FROM directory d`, a.ID[:], blob(former), int64(a.Epoch), blob(registration), a.Registered).Scan(&barred)
	if err == nil && barred {
		return Account{}, ErrBarred
	}
	if err != nil {
		return Account{}, s.fail("register", err)
	}
	return Account{}, ErrNone
}

// blob is a blob, or NULL.
func blob(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}

// flag is a boolean for the database.
func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

const columns = "id, epoch, credential, search, listed, tag, record, consent, registered, seen, used, used_at, ready, refused"

// scan reads columns, and what comes behind them.
func scan(row row, more ...any) (Account, error) {
	var a Account
	var id, credential, tag, record, consent []byte
	err := row.Scan(append([]any{&id, &a.Epoch, &credential, &a.Search, &a.Listed, &tag, &record, &consent,
		&a.Registered, &a.Seen, &a.Used, &a.UsedAt, &a.Ready, &a.Refused}, more...)...)
	if err != nil {
		return Account{}, err
	}
	copy(a.ID[:], id)
	copy(a.Credential[:], credential)
	copy(a.Tag[:], tag)
	copy(a.Record[:], record)
	copy(a.Consent[:], consent)
	return a, nil
}

// Account returns the account with that credential, of this epoch or of the one
// before while that is kept, or ErrNone.
func (s *Store) Account(ctx context.Context, credential [32]byte) (Account, error) {
	a, err := scan(s.row(ctx, s.Read, "SELECT "+columns+" FROM accounts WHERE credential = ?", credential[:]))
	return a, s.fail("account", err)
}

// Touch writes down that an account is in use.
func (s *Store) Touch(ctx context.Context, credential [32]byte, now int64) error {
	_, err := s.exec(ctx, s.Write, "UPDATE accounts SET seen = ?2 WHERE credential = ?1 AND seen < ?2", credential[:], Day(now))
	return s.fail("touch", err)
}

// PutRecord replaces the record of an account of this epoch, at most so many
// times in a day. It returns ErrNone, or ErrLimit and when to come again.
func (s *Store) PutRecord(ctx context.Context, credential [32]byte, record [64]byte, most, now int64) (again int64, err error) {
	const put = `
		UPDATE accounts SET record = ?2, put = ?3 WHERE credential = ?1 AND epoch = (SELECT epoch FROM directory)
			AND (SELECT count(*) FROM counts WHERE key = accounts.id AND at > ?3 - 86400) < ?4
		RETURNING id`
	var id []byte
	err = s.fail("record", s.row(ctx, s.Write, put, credential[:], record[:], now, most).Scan(&id))
	if !errors.Is(err, ErrNone) {
		return 0, err
	}
	a, err := s.Account(ctx, credential)
	if err != nil {
		return 0, err
	}
	again, err = s.again(ctx, count{a.ID[:], day, most}, now)
	if err == nil {
		err = ErrLimit
	}
	return again, err
}

// Withdrawn is what an account was, and how its erasure goes on.
type Withdrawn struct {
	Account
	// Absent is the version from which on its tag is not published.
	Absent uint64
}

// leaving is the statement's end with which an account is erased, and its budget
// kept. A publication that is reading may have read the account.
const leaving = " RETURNING " + columns + ", (SELECT max(size, reading) + 1 FROM directory)"

// Withdraw erases the account with that credential, of whichever epoch, or
// returns ErrNone.
func (s *Store) Withdraw(ctx context.Context, credential [32]byte, now int64) (Withdrawn, error) {
	return s.left(s.row(ctx, s.Write, "UPDATE accounts SET left_at = ?2, barred = 0 WHERE credential = ?1"+leaving, credential[:], now))
}

// WithdrawNumber spends a registration and erases the account of its number: id
// in this epoch, or former in the one before. For wait seconds the number gets
// no new account, else whoever has its codes would have no renewal to wait for.
// It returns ErrNone if there is no account, or the registration was spent.
func (s *Store) WithdrawNumber(ctx context.Context, registration, id [16]byte, former *[16]byte, wait, now int64) (Withdrawn, error) {
	ids := []any{id[:], nil}
	if former != nil {
		ids[1] = former[:]
	}
	return s.left(s.row(ctx, s.Write, `
		UPDATE accounts SET registration = ?3, left_at = ?4, barred = iif(?5 = 0, 0, ?4 + ?5)
		WHERE id IN (?1, ?2) AND EXISTS (SELECT 1 FROM registrations WHERE id = ?3)`+leaving,
		append(ids, registration[:], now, wait)...))
}

func (s *Store) left(r row) (Withdrawn, error) {
	var w Withdrawn
	a, err := scan(r, &w.Absent)
	w.Account = a
	return w, s.fail("withdraw", err)
}

// Renewal is when an account comes to whoever has its number.
type Renewal struct {
	Ready   int64
	Refused bool
}

// Refusal is how many seconds a refusal delays a renewal, and Claimable how many
// after it is ready it can be taken; then it is forgotten.
const (
	Refusal   = 7 * day
	Claimable = 14 * day
)

// Renew begins the renewal of a number's account, or returns the one under way:
// of id in this epoch, or former in the one before. The registration is kept
// until it can be taken. A number that was withdrawn with a code waits too.
func (s *Store) Renew(ctx context.Context, id [16]byte, former *[16]byte, registration [16]byte, wait, now int64) (Renewal, error) {
	ids := []any{id[:], nil}
	if former != nil {
		ids[1] = former[:]
	}
	var r Renewal
	err := s.fail("renew", s.row(ctx, s.Write, `
		UPDATE accounts SET
			refused = iif(ready > ?3 - ?5, refused, 0),
			ready = iif(ready > ?3 - ?5, ready, ?3 + ?4)
		WHERE id IN (?1, ?2) RETURNING ready, refused`, append(ids, now, wait, int64(Claimable))...).Scan(&r.Ready, &r.Refused))
	if errors.Is(err, ErrNone) {
		err = s.fail("renew", s.row(ctx, s.Read, "SELECT max(barred) FROM withdrawn WHERE id IN (?1, ?2) HAVING count(*) > 0", ids...).Scan(&r.Ready))
	}
	if err != nil {
		return Renewal{}, err
	}
	_, err = s.exec(ctx, s.Write, "UPDATE registrations SET expires = max(expires, ?2) WHERE id = ?1", registration[:], r.Ready+Claimable)
	return r, s.fail("renew", err)
}

// Refuse delays the renewal of an account, once. It returns ErrNone if none is
// under way, or ErrLimit if it was refused before.
func (s *Store) Refuse(ctx context.Context, credential [32]byte, now int64) error {
	var ready int64
	err := s.fail("refuse", s.row(ctx, s.Write, `
		UPDATE accounts SET ready = max(ready, ?2) + ?3, refused = 1
		WHERE credential = ?1 AND ready > ?2 - ?4 AND ready > 0 AND refused = 0 RETURNING ready`,
		credential[:], now, int64(Refusal), int64(Claimable)).Scan(&ready))
	if !errors.Is(err, ErrNone) {
		return err
	}
	a, err := s.Account(ctx, credential)
	if err == nil && a.Refused && a.Ready > now-Claimable {
		return ErrLimit
	}
	if err == nil {
		err = ErrNone
	}
	return err
}

// Erase erases an account of which nothing is to be kept.
func (s *Store) Erase(ctx context.Context, id [16]byte) error {
	_, err := s.exec(ctx, s.Write, "DELETE FROM accounts WHERE id = ?", id[:])
	return s.fail("erase", err)
}

// EraseUnlisted erases all accounts that an epoch does not publish, and all of
// other epochs.
func (s *Store) EraseUnlisted(ctx context.Context, epoch uint32) error {
	_, err := s.exec(ctx, s.Write, "DELETE FROM accounts WHERE listed = 0 OR epoch <> ?", int64(epoch))
	return s.fail("erase", err)
}

// EraseAll erases all accounts.
func (s *Store) EraseAll(ctx context.Context) error {
	_, err := s.exec(ctx, s.Write, "DELETE FROM accounts")
	return s.fail("erase", err)
}
