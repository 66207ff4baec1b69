// Package release makes releases: deterministic archives, the manifest, and
// entries of the log of releases, signed by keys that stay in an ssh-agent or in a
// file with a passphrase. See wasm/trust/TRUST.md; to check a release is for
// package check.
//
// Nothing of time, place or machine goes into what it makes, but the times of
// entries, which are given.
package release

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Files are files by their path, with "/".
type Files map[string][]byte

// Names are the paths, sorted.
func (f Files) Names() []string { return slices.Sorted(maps.Keys(f)) }

// ReadFolder reads all files below a folder, with a prefix to their paths. Only
// regular files may be there.
func ReadFolder(dir fs.FS, prefix string) (Files, error) {
	files := Files{}
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if !d.Type().IsRegular() {
			return fmt.Errorf("%s: not a regular file", name)
		}
		files[prefix+name], err = fs.ReadFile(dir, name)
		return err
	})
	return files, err
}

// Write writes files into a folder, which must be empty or not there.
func (f Files) Write(dir string) error {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("%s is not empty", dir)
	}
	for _, name := range f.Names() {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		mode := fs.FileMode(0o644)
		if executable(name) {
			mode = 0o755
		}
		if err := os.WriteFile(to, f[name], mode); err != nil {
			return err
		}
	}
	return nil
}

func executable(name string) bool { return strings.HasPrefix(name, "verifier/") }

// npmTime is the one that npm writes.
var npmTime = time.Date(1985, 10, 26, 8, 15, 0, 0, time.UTC)

// Zip is the files in the order of their names, stored: how deflate packs differs
// between the versions of a library, and who wants less compresses the whole.
func (f Files) Zip() ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range f.Names() {
		// The oldest time, in the old form, without the field that has a time zone.
		h := &zip.FileHeader{Name: name, Method: zip.Store}
		h.ModifiedDate, h.ModifiedTime = uint16(1<<5|1), 0
		e, err := w.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := e.Write(f[name]); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}

// Tarball is the files as npm packs them, in the order of their names.
func (f Files) Tarball() ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	w := tar.NewWriter(z)
	for _, name := range f.Names() {
		err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "package/" + name, Size: int64(len(f[name])), Mode: 0o644, ModTime: npmTime, Format: tar.FormatUSTAR})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(f[name]); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	err = z.Close()
	return b.Bytes(), err
}

// Npm are the files of a package by its package.json, as npm chooses them, with
// another version.
func Npm(dir fs.FS, version string) (Files, error) {
	text, err := fs.ReadFile(dir, "package.json")
	if err != nil {
		return nil, err
	}
	var about struct {
		Version string
		Files   []string
	}
	if err := json.Unmarshal(text, &about); err != nil {
		return nil, err
	}
	old := fmt.Sprintf("\"version\": %q", about.Version)
	if bytes.Count(text, []byte(old)) != 1 {
		return nil, fmt.Errorf("package.json names its version not once")
	}
	files := Files{"package.json": bytes.Replace(text, []byte(old), fmt.Appendf(nil, "\"version\": %q", version), 1)}
	for _, pattern := range append(about.Files, "README.md") {
		names, err := fs.Glob(dir, pattern)
		if err == nil && len(names) == 0 {
			err = fmt.Errorf("package.json names %s, and there is none", pattern)
		}
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			// A folder is all below it.
			if err := fs.WalkDir(dir, name, func(name string, d fs.DirEntry, err error) error {
				if err == nil && !d.IsDir() && files[name] == nil {
					files[name], err = fs.ReadFile(dir, name)
				}
				return err
			}); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}

// ReadZip reads the files of a zip, at most so many bytes in all.
func ReadZip(r io.ReaderAt, size, most int64) (Files, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, err
	}
	files := Files{}
	for _, e := range z.File {
		if strings.HasSuffix(e.Name, "/") {
			continue
		}
		if files[e.Name] != nil || !fs.ValidPath(e.Name) || path.Clean(e.Name) != e.Name {
			return nil, fmt.Errorf("a zip with a path that is there twice or leads elsewhere")
		}
		c, err := e.Open()
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(io.LimitReader(c, most+1))
		c.Close()
		if err != nil {
			return nil, err
		}
		if most -= int64(len(b)); most < 0 {
			return nil, fmt.Errorf("a zip of more than it may have")
		}
		files[e.Name] = append([]byte{}, b...)
	}
	return files, nil
}
