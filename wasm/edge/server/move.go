package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// What moves: the database as SQL, and the published files. The seed does not: it
// goes another way than what it opens.
const (
	movedTables = "directory.sql"
	movedFiles  = "published"
)

// export writes all that another machine needs to go on, but the seed.
func (s *service) export(ctx context.Context, folder string) error {
	if err := os.Mkdir(folder, 0o700); err != nil {
		return fmt.Errorf("%w\nhint: -export makes the folder", err)
	}
	kept, err := s.handler.Needed(ctx)
	if err != nil {
		return err
	}
	there, err := s.published.List(ctx)
	if err != nil {
		return err
	}
	var names []string
	for _, name := range there {
		if slices.Contains(kept, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if err := s.exportFile(ctx, name, filepath.Join(folder, movedFiles, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	// After the files, so that those that it speaks of are there.
	tables, err := os.OpenFile(filepath.Join(folder, movedTables), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(s.file.Export(ctx, tables), tables.Sync(), tables.Close()); err != nil {
		return err
	}
	fmt.Printf("exported to %s: the tables and %d published files; the seed is not in it\n", folder, len(names))
	return nil
}

func (s *service) exportFile(ctx context.Context, name, to string) error {
	from, _, err := s.published.Open(ctx, name)
	if err != nil {
		return err
	}
	defer from.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, from)
	return errors.Join(err, file.Close())
}

// importFrom takes what was exported, natively or from the worker, if seed and name
// are the right ones: all of it, or nothing. It publishes nothing: of a backup the log
// has gone on, and is adopted first.
func (s *service) importFrom(ctx context.Context, o options, folder string) error {
	tables, err := os.Open(filepath.Join(folder, movedTables))
	if err != nil {
		return err
	}
	defer tables.Close()
	var names []string
	err = s.file.Import(ctx, tables, func(key string) (err error) {
		if err := s.handler.Belongs(key); err != nil {
			return hint(err, o)
		}
		names, err = s.importFiles(ctx, os.DirFS(folder))
		return err
	})
	if err != nil {
		// It was told already what is wrong, and ctx may be over.
		return errors.Join(err, s.published.Remove(context.WithoutCancel(ctx), names...))
	}
	fmt.Printf("imported: the tables and %d published files\n", len(names))
	return nil
}

// importFiles writes the published files, and returns the names of those that it has
// written, beside an error too.
func (s *service) importFiles(ctx context.Context, from fs.FS) (written []string, err error) {
	names, err := listFiles(from, movedFiles)
	for _, name := range names {
		if err == nil {
			err = s.published.Remove(ctx, name) // of an import that was killed
		}
		if err != nil {
			break
		}
		err = s.published.Write(ctx, name, func(w io.Writer) error {
			file, err := from.Open(movedFiles + "/" + name)
			if err != nil {
				return err
			}
			defer file.Close()
			_, err = io.Copy(w, file)
			return err
		})
		if err == nil {
			written = append(written, name)
		}
	}
	return written, err
}

// listFiles returns the names of the files below a folder, which may be missing.
func listFiles(files fs.FS, folder string) (names []string, err error) {
	err = fs.WalkDir(files, folder, func(name string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == folder {
			return nil // they are made again, but for the changes of eight days
		}
		if err == nil && d.Type().IsRegular() {
			names = append(names, strings.TrimPrefix(name, folder+"/"))
		}
		return err
	})
	return names, err
}
