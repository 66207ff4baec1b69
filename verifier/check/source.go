package check

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"sealbook/verifier/release"
	"sealbook/wasm/trust"
)

// Limits.
const (
	maxFile = 16 << 20  // bytes of a file, unpacked
	maxSite = 256 << 20 // bytes of a folder, zip or HAR
)

// An Answer is what a path was answered with.
type Answer struct {
	Status  int
	Header  http.Header // nil where there are none: folders and zips
	Body    []byte
	Early   []string // fields of answers before this one, such as early hints
	Trailer http.Header
}

// A Source is where a site is.
type Source interface {
	Name() string
	// Get asks for a path without a slash before it; "" is that of the site.
	Get(ctx context.Context, path string, v Visitor) (Answer, error)
}

// fetchError is why there is no answer to compare.
type fetchError struct {
	code   trust.Code
	reason string // "slow", "endless", "unpacks", "connect"
	what   string
}

func (e *fetchError) Error() string { return e.what }

// Open opens a URL, a folder, a zip or a HAR.
func Open(where string) (Source, error) {
	if strings.HasPrefix(where, "https://") || strings.HasPrefix(where, "http://") {
		return openURL(where)
	}
	info, err := os.Stat(where)
	if err != nil {
		return nil, bare(err)
	}
	if info.IsDir() {
		files, err := release.ReadFolder(os.DirFS(where), "")
		if err != nil {
			return nil, bare(err)
		}
		// A release's folder has the site in one of its own.
		if files["manifest"] != nil && files["site/index.html"] != nil {
			return &folder{name: where, files: below(files, "site/")}, nil
		}
		return &folder{name: where, files: files}, nil
	}
	if info.Size() > maxSite {
		return nil, errors.New("the file is larger than 256 MB")
	}
	f, err := os.Open(where)
	if err != nil {
		return nil, bare(err)
	}
	defer f.Close()
	var head [2]byte
	if _, err := f.ReadAt(head[:], 0); err != nil {
		return nil, errors.New("the file is empty")
	}
	if string(head[:]) != "PK" {
		return openHAR(where, f)
	}
	files, err := release.ReadZip(f, info.Size(), maxSite)
	if err != nil {
		return nil, err
	}
	if files["site/index.html"] != nil {
		s := &folder{name: where, files: below(files, "site/")}
		for name := range files {
			if !strings.HasPrefix(name, "site/") {
				s.outside = append(s.outside, name)
			}
		}
		return s, nil
	}
	return &folder{name: where, files: files}, nil
}

func below(files release.Files, prefix string) release.Files {
	some := release.Files{}
	for name, data := range files {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			some[rest] = data
		}
	}
	return some
}

// folder is a site in a folder or a zip.
type folder struct {
	name    string
	files   release.Files
	outside []string // files of a zip beside the site
}

func (s *folder) Name() string { return filepath.Base(s.name) }

func (s *folder) Get(_ context.Context, path string, _ Visitor) (Answer, error) {
	if path == "" {
		path = "index.html"
	}
	data, ok := s.files[path]
	if !ok {
		return Answer{Status: 404}, nil
	}
	return Answer{Status: 200, Body: data}, nil
}

// Files are those of a folder or a zip, nil for others.
func Files(s Source) release.Files {
	if f, ok := s.(*folder); ok {
		return f.files
	}
	return nil
}

// check compares all files, and finds those that are too many.
func (s *folder) check(r *Report, l *log) {
	for _, path := range l.paths() {
		if s.files[path] == nil {
			r.Find(Finding{Code: Status, Where: path, Reason: "missing", What: "the file is missing"})
		}
	}
	for _, path := range s.files.Names() {
		r.compare(l, path, s.files[path], "")
	}
	for _, path := range s.outside {
		r.Find(Finding{Code: Extra, Where: path, What: "a file beside the site"})
	}
}

// bare is an error without the name of a file.
func bare(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}
