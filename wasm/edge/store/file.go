package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
)

// Files keeps published files in the database, for platforms that have no better
// place for them. It suits some ten thousand people.
type Files struct{ Store *Store }

// part is how many bytes a row has: D1 hands rows on as text, in one piece.
const part = 256 << 10

// Write writes a file. It is there as a whole, or not at all.
func (f Files) Write(ctx context.Context, name string, write func(io.Writer) error) error {
	w := &partWriter{ctx: ctx, files: f, name: name}
	err := write(w)
	if err == nil {
		// With the last part it is there.
		_, err = f.Store.exec(ctx, f.Store.Write, "INSERT INTO files (name, size, body) VALUES (?, ?, unhex(?))",
			name, w.size, hex.EncodeToString(w.rest))
		err = f.Store.fail("write", err)
	}
	return err
}

type partWriter struct {
	ctx   context.Context
	files Files
	name  string
	rest  []byte
	parts int64
	size  int64
}

func (w *partWriter) Write(b []byte) (int, error) {
	w.rest = append(w.rest, b...)
	w.size += int64(len(b))
	for len(w.rest) > part {
		if err := w.put(w.rest[:part]); err != nil {
			return 0, err
		}
		w.rest = append(w.rest[:0], w.rest[part:]...)
	}
	return len(b), nil
}

func (w *partWriter) put(b []byte) error {
	s := w.files.Store
	_, err := s.exec(w.ctx, s.Write, "INSERT OR REPLACE INTO parts (name, part, body) VALUES (?, ?, unhex(?))", w.name, w.parts, hex.EncodeToString(b))
	w.parts++
	return s.fail("write", err)
}

// Open opens a file, or returns fs.ErrNotExist.
func (f Files) Open(ctx context.Context, name string) (io.ReadSeekCloser, int64, error) {
	var size int64
	var last string
	err := f.Store.fail("open", f.Store.row(ctx, f.Store.Read, "SELECT size, hex(body) FROM files WHERE name = ?", name).Scan(&size, &last))
	if errors.Is(err, ErrNone) {
		return nil, 0, fs.ErrNotExist
	} else if err != nil {
		return nil, 0, err
	}
	all := make([]byte, 0, size)
	if size > part {
		rows, err := f.Store.query(ctx, f.Store.Read, "SELECT hex(body) FROM parts WHERE name = ? ORDER BY part", name)
		if err != nil {
			return nil, 0, f.Store.fail("open", err)
		}
		defer rows.Close()
		for rows.Next() {
			var text sql.RawBytes
			if err := rows.Scan(&text); err != nil {
				return nil, 0, f.Store.fail("open", err)
			}
			if all, err = hex.AppendDecode(all, text); err != nil {
				return nil, 0, errors.New("store: a part that is not hexadecimal")
			}
		}
		if err := rows.Err(); err != nil {
			return nil, 0, f.Store.fail("open", err)
		}
	}
	if all, err = hex.AppendDecode(all, []byte(last)); err != nil {
		return nil, 0, errors.New("store: a part that is not hexadecimal")
	}
	if int64(len(all)) != size {
		return nil, 0, fmt.Errorf("store: a file has %d of %d bytes", len(all), size)
	}
	return memory{bytes.NewReader(all)}, size, nil
}

// memory is a file in memory.
type memory struct{ *bytes.Reader }

func (memory) Close() error { return nil }

// List returns the names of all files, those too that are not whole.
func (f Files) List(ctx context.Context) ([]string, error) {
	rows, err := f.Store.query(ctx, f.Store.Read, "SELECT name FROM files UNION SELECT name FROM parts WHERE part = 0")
	if err != nil {
		return nil, f.Store.fail("list", err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, f.Store.fail("list", err)
		}
		names = append(names, strings.Clone(name))
	}
	return names, f.Store.fail("list", rows.Err())
}

// Remove removes files, those first that are whole: none is left in part.
func (f Files) Remove(ctx context.Context, names ...string) error {
	for _, name := range names {
		for _, del := range []string{"DELETE FROM files WHERE name = ?", "DELETE FROM parts WHERE name = ?"} {
			if _, err := f.Store.exec(ctx, f.Store.Write, del, name); err != nil {
				return f.Store.fail("remove", err)
			}
		}
	}
	return nil
}
