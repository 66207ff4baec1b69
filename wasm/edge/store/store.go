// Package store keeps what a directory holds in SQL that runs unchanged on
// SQLite and on Cloudflare D1.
//
// D1 has no transactions, so everything that must happen as a whole is one
// statement, with RETURNING to learn what it did and triggers (package
// migrations) for what must follow from it. D1 takes at most 100 parameters in
// a statement, no times, and no integers from 2^53 on.
//
// No number, code or credential comes here: callers hash them first.
package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// What callers branch on. Other errors are the database's own.
var (
	ErrNone   = errors.New("store: no such row")
	ErrBusy   = errors.New("store: the database is locked")
	ErrFull   = errors.New("store: the database is full")
	ErrBudget = errors.New("store: the budget does not cover it")
	ErrGone   = errors.New("store: that version is not kept any more")
	ErrEpoch  = errors.New("store: another epoch has begun")
)

// Store is an opened database with the tables of package migrations.
type Store struct {
	// Write and Read are the database: one handle twice, or two where writers
	// queue apart.
	Write, Read *sql.DB
	// Cause turns the driver's error into ErrBusy or ErrFull where it amounts
	// to that. Nil keeps errors as they are.
	Cause func(error) error
	// Prepare keeps statements prepared. Not where a database is only lent for
	// the time of a request, as in workers.
	Prepare bool

	prepared sync.Map // of *sql.Stmt, by statement
}

// statement is what a prepared one is kept under.
type statement struct {
	db  *sql.DB
	sql string
}

// preparing answers the prepared statement, or nil: then db takes the text.
func (s *Store) preparing(ctx context.Context, db *sql.DB, text string) (*sql.Stmt, error) {
	if !s.Prepare {
		return nil, nil
	}
	key := statement{db, text}
	if kept, ok := s.prepared.Load(key); ok {
		return kept.(*sql.Stmt), nil
	}
	made, err := db.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	if kept, there := s.prepared.LoadOrStore(key, made); there {
		return kept.(*sql.Stmt), made.Close()
	}
	return made, nil
}

// Statements are the texts of those that were prepared so far.
func (s *Store) Statements() (texts []string) {
	s.prepared.Range(func(key, _ any) bool {
		texts = append(texts, key.(statement).sql)
		return true
	})
	return texts
}

func (s *Store) exec(ctx context.Context, db *sql.DB, text string, args ...any) (sql.Result, error) {
	made, err := s.preparing(ctx, db, text)
	switch {
	case err != nil:
		return nil, err
	case made != nil:
		return made.ExecContext(ctx, args...)
	}
	return db.ExecContext(ctx, text, args...)
}

func (s *Store) query(ctx context.Context, db *sql.DB, text string, args ...any) (*sql.Rows, error) {
	made, err := s.preparing(ctx, db, text)
	switch {
	case err != nil:
		return nil, err
	case made != nil:
		return made.QueryContext(ctx, args...)
	}
	return db.QueryContext(ctx, text, args...)
}

// row is a statement that answers at most one row.
type row struct {
	rows *sql.Rows
	err  error
}

func (s *Store) row(ctx context.Context, db *sql.DB, text string, args ...any) row {
	rows, err := s.query(ctx, db, text, args...)
	return row{rows, err}
}

// Scan reads the row, or answers sql.ErrNoRows.
func (r row) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		return cmp.Or(r.rows.Err(), sql.ErrNoRows)
	}
	if err := r.rows.Scan(into...); err != nil {
		return err
	}
	// Only when all rows are read has a statement that writes done its work.
	for r.rows.Next() {
	}
	return cmp.Or(r.rows.Err(), r.rows.Close())
}

// fail says where an error came from, and what it amounts to.
func (s *Store) fail(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return ErrNone
	case s.Cause != nil:
		err = s.Cause(err)
	}
	return fmt.Errorf("store: %s: %w", what, err)
}

// State is what holds for the directory as a whole.
type State struct {
	Key        string // verifier key of the notes, "" before the first start
	Epoch      uint32
	BucketBits uint8
	Version    uint64
}

// State answers the state.
func (s *Store) State(ctx context.Context) (State, error) {
	var st State
	err := s.row(ctx, s.Read, "SELECT key, epoch, bucket_bits, version FROM directory").
		Scan(&st.Key, &st.Epoch, &st.BucketBits, &st.Version)
	return st, s.fail("state", err)
}

// Claim writes down under which verifier key this directory signs, the first
// time, and answers the one that stands.
func (s *Store) Claim(ctx context.Context, key string) (string, error) {
	var stands string
	err := s.row(ctx, s.Write, "UPDATE directory SET key = iif(key = '', ?, key) RETURNING key", key).Scan(&stands)
	return stands, s.fail("claim", err)
}

// StartEpoch begins the epoch after from, with that many bucket bits. From then
// on no account of from is known. It answers ErrEpoch if from is not the
// current epoch.
func (s *Store) StartEpoch(ctx context.Context, from uint32, bits uint8) error {
	res, err := s.exec(ctx, s.Write, "UPDATE directory SET epoch = epoch + 1, bucket_bits = ? WHERE epoch = ?", int64(bits), int64(from))
	if err != nil {
		return s.fail("start epoch", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(ErrEpoch, err)
	}
	return nil
}

// purged is how many accounts one Purge erases at most: a statement must end
// within the time that D1 gives it.
const purged = 5000

// Purge erases what has had its time: registrations that expired, sends counted
// an hour ago, removals of a day ago, accounts of earlier epochs. It answers
// how many rows went; if any did, call it again.
func (s *Store) Purge(ctx context.Context, now int64) (int64, error) {
	var sum int64
	for _, del := range []struct {
		sql string
		arg int64
	}{
		{"DELETE FROM registrations WHERE expires <= ?", now},
		{"DELETE FROM sends WHERE at <= ?", now - SendWindow},
		{"DELETE FROM removals WHERE at <= ?", now - Remembered},
		// Apart, because each has an index of its own.
		{"DELETE FROM accounts WHERE id IN (SELECT id FROM accounts WHERE listed = 1 AND epoch < (SELECT epoch FROM directory) LIMIT ?)", purged},
		{"DELETE FROM accounts WHERE id IN (SELECT id FROM accounts WHERE listed = 0 AND epoch < (SELECT epoch FROM directory) LIMIT ?)", purged},
	} {
		res, err := s.exec(ctx, s.Write, del.sql, del.arg)
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
