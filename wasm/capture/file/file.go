// Package file reads captures from files. It stands apart from package capture
// because that one goes into a WebAssembly module, where package os has no place.
package file

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sealbook/wasm/capture"
)

// Read reads one capture and calls found for each message, in order. Files that
// the capture names are looked for in its folder and nowhere else, not behind
// symbolic links that lead out of it either. progress, if not nil, is told how
// many bytes of how many have been read.
//
// The error is about the capture's own file. What of it could not be read is
// among the problems of messages.
func Read(path string, o capture.Options, found func(*capture.Message), progress func(done, size int64)) (capture.About, error) {
	f, err := os.Open(path)
	if err != nil {
		return capture.About{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return capture.About{}, err
	}
	if !info.Mode().IsRegular() {
		return capture.About{}, &fs.PathError{Op: "read", Path: path, Err: errors.New("not a file")}
	}
	folder, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return capture.About{}, err
	}
	defer folder.Close()

	r := capture.NewReader(o, found)
	r.Begin(filepath.Base(path), info.Size())
	var (
		buf    = make([]byte, 256<<10)
		name   string
		beside *os.File
	)
	defer func() { beside.Close() }()
	for {
		wanted, offset, more := r.Want()
		if !more {
			return r.About(), nil
		}
		src := f
		if wanted != "" {
			if wanted != name || beside == nil {
				beside.Close()
				if beside, err = folder.Open(filepath.FromSlash(wanted)); err != nil {
					beside, name = nil, ""
					r.Missing()
					continue
				}
				name = wanted
			}
			src = beside
		}
		n, err := src.ReadAt(buf, offset)
		switch {
		case n > 0:
			r.Feed(buf[:n])
		case err == io.EOF:
			r.End()
			name = ""
		case wanted != "":
			r.Missing()
			name = ""
		default:
			return r.About(), err
		}
		if progress != nil {
			progress(r.Progress(), info.Size())
		}
	}
}

// List returns the captures that a path stands for: itself, or the files of a
// folder and its folders in order of their names, without key logs and without
// files whose names begin with a dot.
func List(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var all []string
	err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(d.Name(), ".") && p != path:
			if d.IsDir() {
				return filepath.SkipDir
			}
		case d.Type().IsRegular() && !strings.EqualFold(filepath.Ext(p), ".keylog"):
			all = append(all, p)
		}
		return nil
	})
	slices.Sort(all)
	return all, err
}
