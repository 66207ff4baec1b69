// Package folder keeps a directory's published files in a folder.
package folder

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Files are the files in a folder: each in one of its own folders, publication
// and kind.
type Files struct{ root *os.Root }

// Open opens the folder, and makes it if there is none.
func Open(name string) (*Files, error) {
	if err := os.MkdirAll(name, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	return &Files{root}, nil
}

// Close closes the folder.
func (f *Files) Close() error { return f.root.Close() }

// Write writes a file. When it returns the file is on the disk, and can be found
// there. A file that could not be written is removed.
func (f *Files) Write(_ context.Context, name string, write func(io.Writer) error) error {
	name = filepath.FromSlash(name)
	if err := f.root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	file, err := f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<16)
	err = write(w)
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = file.Sync()
	}
	err = errors.Join(err, file.Close())
	if err != nil {
		return errors.Join(err, f.root.Remove(name))
	}
	return errors.Join(f.sync(filepath.Dir(name)), f.sync("."))
}

func (f *Files) sync(folder string) error {
	d, err := f.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open opens a file, or returns fs.ErrNotExist.
func (f *Files) Open(_ context.Context, name string) (io.ReadSeekCloser, int64, error) {
	file, err := f.root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, info.Size(), nil
}

// List returns the names of all files.
func (f *Files) List(context.Context) (names []string, err error) {
	err = fs.WalkDir(f.root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // removed meanwhile
		}
		if err == nil && d.Type().IsRegular() {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// Remove removes files, and their folders where they were the last. Whoever has
// one open reads on.
func (f *Files) Remove(_ context.Context, names ...string) error {
	for _, name := range names {
		name = filepath.FromSlash(name)
		if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		// It fails where something is left.
		f.root.Remove(filepath.Dir(name))
	}
	return nil
}
