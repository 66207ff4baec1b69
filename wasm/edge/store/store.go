// Package store keeps what a directory holds in SQL that runs unchanged on
// SQLite and on Cloudflare D1.
//
// D1 has no transactions, so everything that must happen as a whole is one
// statement, with RETURNING to learn what it did and triggers (package
// migrations) for what must follow from it. D1 takes at most 100 parameters in
// a statement, no times, and no integers from 2^53 on.
//
// No number, code or credential comes here: callers hash them first.
//
// What people change of what is published goes into a journal. A publication
// reads it with one statement, which sees one state, and its entry of the log
// says how far it read; see [Store.Changes] and [Store.Append].
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
	ErrLimit  = errors.New("store: there were too many of them")
	ErrBarred = errors.New("store: the number has an account, or had one until now")
	ErrEpoch  = errors.New("store: another epoch has begun")
	ErrTaken  = errors.New("store: another publication came first")
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

// preparing returns the prepared statement, or nil: then db takes the text.
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
