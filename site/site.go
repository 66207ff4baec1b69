// Package site serves the built pages with the headers that keep them sealed.
//
// The folder that site/build writes is complete: any static host can serve it,
// and its file _headers says in the form that Cloudflare Pages and Netlify
// read which header belongs to which path. [New] takes its headers from that
// same file, so that there is one list of them and none can be forgotten
// here. A host that sends no headers still gets the policy in each page's
// <meta>; the page "This page" says what is then missing.
//
// The handler answers GET and HEAD for exactly the files of the folder, and
// nothing else: there is nothing a page could send it that it would read.
package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// HeadersFile is the name of the list of headers within the built folder. It
// is not served.
const HeadersFile = "_headers"

// notFound is what a path without a file gets, with status 404.
const notFound = "404.html"

// types by extension. They are fixed here because what a system's own table
// says of .js or .wasm differs, and with nosniff a wrong one breaks the page.
var types = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
	".svg":  "image/svg+xml",
	".wasm": "application/wasm",
	".txt":  "text/plain; charset=utf-8",
	".png":  "image/png",
	".br":   "application/octet-stream", // asked for by its own name, it is only a file

	".webmanifest": "application/manifest+json",
	"":             "text/plain; charset=utf-8", // SHA256SUMS, and the log's texts

	".tlog-proof": "text/plain; charset=utf-8",
}

// typeOf is the type of a file by its path.
func typeOf(name string) (mime string, ok bool) {
	if strings.HasPrefix(name, "log/tile/") {
		return "application/octet-stream", true
	}
	mime, ok = types[path.Ext(name)]
	return mime, ok
}

// file is one file, ready to be sent.
type file struct {
	mime   string
	etag   string
	plain  []byte
	brotli []byte // the copy beside the file; nil where there is none
	zipped []byte // gzip; nil where it would save nothing
}

// handler serves files that it holds in memory: the whole site is smaller
// than a photograph.
type handler struct {
	files map[string]file // by path without leading slash
	rules []rule
}

// New reads the built folder and returns its handler. The files are read once;
// a changed folder needs a new handler.
func New(dir fs.FS) (http.Handler, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(dir, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[name], err = fs.ReadFile(dir, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return Handler(files)
}

// Handler is the handler of a built site's files, by their paths.
func Handler(files map[string][]byte) (http.Handler, error) {
	list, ok := files[HeadersFile]
	if !ok {
		return nil, fmt.Errorf("site: not a built site: it has no %s", HeadersFile)
	}
	h := &handler{files: map[string]file{}}
	var err error
	if h.rules, err = parseRules(string(list)); err != nil {
		return nil, err
	}
	for name, data := range files {
		if name == HeadersFile {
			continue
		}
		mime, ok := typeOf(name)
		if !ok {
			return nil, fmt.Errorf("site: no type is known for %s", name)
		}
		sum := sha256.Sum256(data)
		f := file{mime: mime, etag: hex.EncodeToString(sum[:16]), plain: data}
		if !strings.HasSuffix(name, Copy) {
			f.zipped = zip(data)
			// The file counts: a copy of what it was before somebody changed it
			// is left aside.
			if small := files[name+Copy]; isCopy(small, data) {
				f.brotli = small
			}
		}
		h.files[name] = f
	}
	if _, ok := h.files[notFound]; !ok {
		return nil, fmt.Errorf("site: the folder has no %s", notFound)
	}
	return h, nil
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" {
		name = "index.html"
	}
	f, found := h.files[name]
	if !found {
		name, f = notFound, h.files[notFound]
	}
	header := w.Header()
	for _, rule := range h.rules {
		if rule.matches("/" + name) {
			for _, field := range rule.fields {
				header.Set(field.name, field.value)
			}
		}
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "METHOD_NOT_ALLOWED", http.StatusMethodNotAllowed)
		return
	}
	header.Set("Content-Type", f.mime)
	header.Add("Vary", "Accept-Encoding")
	data, coding := f.encode(r.Header)
	etag := f.etag
	if coding != "" {
		header.Set("Content-Encoding", coding)
		etag += "-" + coding
	}
	if !found {
		header.Set("Content-Length", fmt.Sprint(len(data)))
		w.WriteHeader(http.StatusNotFound)
		if r.Method == http.MethodGet {
			w.Write(data)
		}
		return
	}
	header.Set("ETag", `"`+etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}
