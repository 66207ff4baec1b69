// Package sqlite keeps a directory's tables in a file.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"runtime"
	"strconv"
	"time"

	"modernc.org/sqlite"
	code "modernc.org/sqlite/lib"

	"sealbook/wasm/edge/migrations"
	"sealbook/wasm/edge/store"
)

// Options are what an operator may choose.
type Options struct {
	// Wait is how long a write waits for another process that has the file
	// locked; 5 seconds if 0.
	Wait time.Duration
	// MaxBytes bounds the database file; SQLite's own limit if 0.
	MaxBytes int64
}

// File is an open database.
type File struct {
	// Store is what package edge keeps its tables in.
	Store *store.Store

	write, read *sql.DB
	wait        time.Duration
}

const pageSize = 4096

// Open opens the file, makes it if there is none, and applies the migrations
// that it has not seen.
//
// An answered write is on the disk: WAL with synchronous=FULL. An erased row
// leaves no bytes: secure_delete overwrites it, and [File.Scrub] empties the
// WAL, where older copies of its page would outlive it.
func Open(ctx context.Context, name string, o Options) (*File, error) {
	if o.Wait == 0 {
		o.Wait = 5 * time.Second
	}
	pragmas := []string{
		// First, because the others already may meet a lock.
		"busy_timeout=" + strconv.FormatInt(o.Wait.Milliseconds(), 10),
		"page_size=" + strconv.Itoa(pageSize),
		"journal_mode=WAL",
		"synchronous=FULL",
		"secure_delete=ON",
		"foreign_keys=ON",
		"temp_store=MEMORY", // sorting leaves nothing on the disk either
		"trusted_schema=OFF",
		"cache_size=-32768", // KiB; rows lie at random places of large trees
	}
	if o.MaxBytes > 0 {
		pragmas = append(pragmas, "max_page_count="+strconv.FormatInt(o.MaxBytes/pageSize, 10))
	}
	dsn := "file:" + (&url.URL{Path: name}).EscapedPath() + "?" + url.Values{"_pragma": pragmas}.Encode()
	write, err := sql.Open("sqlite", dsn+"&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	// SQLite has one writer at a time; a queue is fairer than its retries.
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	read.SetMaxOpenConns(2 * runtime.GOMAXPROCS(0))
	read.SetMaxIdleConns(2 * runtime.GOMAXPROCS(0))
	f := &File{write: write, read: read, wait: o.Wait}
	f.Store = &store.Store{Write: write, Read: read, Cause: cause, Prepare: true}
	if err := f.migrate(ctx); err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return f, nil
}

// Close closes the file. What was written is in it, and the WAL is gone.
func (f *File) Close() error { return errors.Join(f.read.Close(), f.write.Close()) }

// Scrub moves what is in the WAL into the database and cuts the WAL off, so
// that of what was erased no older copy remains. It fails while somebody reads
// an older state: call it again.
func (f *File) Scrub(ctx context.Context) error {
	conn, err := f.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	// Nobody can write meanwhile, so it does not wait for readers as writes do.
	if err := wait(ctx, conn, scrubWait); err != nil {
		return err
	}
	var busy, log, done int
	err = conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &done)
	if err := errors.Join(err, wait(context.WithoutCancel(ctx), conn, f.wait)); err != nil {
		return cause(err)
	}
	if busy != 0 {
		return store.ErrBusy
	}
	return nil
}

const scrubWait = 50 * time.Millisecond

// wait sets how long a connection waits for a lock.
func wait(ctx context.Context, conn *sql.Conn, d time.Duration) error {
	_, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", d.Milliseconds()))
	return err
}

// cause returns the error of package store that err amounts to, or err.
func cause(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case code.SQLITE_BUSY, code.SQLITE_LOCKED:
		return store.ErrBusy
	case code.SQLITE_FULL:
		return store.ErrFull
	}
	return err
}

// migrate applies what is new, each file as a whole or not at all. The table
// is the one that wrangler keeps, so a file can move between the two.
func (f *File) migrate(ctx context.Context) error {
	const table = `CREATE TABLE IF NOT EXISTS d1_migrations (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		name TEXT UNIQUE,
		applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
	)`
	if _, err := f.write.ExecContext(ctx, table); err != nil {
		return cause(err)
	}
	names, err := fs.Glob(migrations.Files, "*.sql") // sorted
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := f.apply(ctx, name); err != nil {
			return fmt.Errorf("migration %s: %w", path.Base(name), cause(err))
		}
	}
	return nil
}

func (f *File) apply(ctx context.Context, name string) error {
	text, err := migrations.Files.ReadFile(name)
	if err != nil {
		return err
	}
	tx, err := f.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var seen bool
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM d1_migrations WHERE name = ?", name).Scan(&seen); err != nil || seen {
		return err
	}
	if _, err := tx.ExecContext(ctx, string(text)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO d1_migrations (name) VALUES (?)", name); err != nil {
		return err
	}
	return tx.Commit()
}
