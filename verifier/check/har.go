package check

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
)

// har is what a browser saved of a visit: no server can tell that visit from
// others.
type har struct {
	name    string
	base    *url.URL
	entries []harEntry
}

type harEntry struct {
	Request struct {
		Method string
		URL    string
	}
	Response struct {
		Status  int
		Headers []struct{ Name, Value string }
		Content struct {
			Size           int64
			Text, Encoding string
		}
	}
}

// openHAR reads HAR 1.2.
func openHAR(name string, in io.Reader) (Source, error) {
	var file struct {
		Log struct{ Entries []harEntry }
	}
	if err := json.NewDecoder(io.LimitReader(in, maxSite)).Decode(&file); err != nil || len(file.Log.Entries) == 0 {
		return nil, errors.New("neither a zip nor a HAR that a browser saved")
	}
	h := &har{name: name, entries: file.Log.Entries}
	// The site is where the browser was sent first.
	for _, e := range h.entries {
		u, err := url.Parse(e.Request.URL)
		if err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" {
			h.base = &url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path[:strings.LastIndex(u.Path, "/")+1]}
			if h.base.Path == "" {
				h.base.Path = "/"
			}
			return h, nil
		}
	}
	return nil, errors.New("the HAR has no request to a site")
}

func (h *har) Name() string { return filepath.Base(h.name) }

// Origin is the address of the site that was visited.
func (h *har) Origin() string { return h.base.String() }

// Origin is the address that a HAR is of, "" for other sources.
func Origin(s Source) string {
	if h, ok := s.(*har); ok {
		return h.Origin()
	}
	return ""
}

// Get finds the last answer to a path.
func (h *har) Get(_ context.Context, path string, _ Visitor) (Answer, error) {
	for i := len(h.entries) - 1; i >= 0; i-- {
		e := &h.entries[i]
		if at, ok := h.path(e); ok && at == path && e.Request.Method == http.MethodGet {
			return e.answer()
		}
	}
	return Answer{Status: 404}, nil
}

// path is that of an entry within the site.
func (h *har) path(e *harEntry) (string, bool) {
	u, err := url.Parse(e.Request.URL)
	if err != nil || u.Scheme != h.base.Scheme || u.Host != h.base.Host {
		return "", false
	}
	return strings.CutPrefix(u.Path, h.base.Path)
}

var errNoBody = &fetchError{Fetch, "no-body", "the HAR does not have the whole body"}

func (e *harEntry) answer() (Answer, error) {
	a := Answer{Status: e.Response.Status, Header: http.Header{}}
	for _, h := range e.Response.Headers {
		if !strings.HasPrefix(h.Name, ":") {
			// Browsers write the lines of one field as one value.
			for _, line := range strings.Split(h.Value, "\n") {
				a.Header.Add(h.Name, line)
			}
		}
	}
	c := e.Response.Content
	switch c.Encoding {
	case "base64":
		b, err := base64.StdEncoding.DecodeString(c.Text)
		if err != nil {
			return Answer{}, errNoBody
		}
		a.Body = b
	default:
		a.Body = []byte(c.Text)
	}
	if a.Status == 200 && (len(a.Body) == 0 && c.Size != 0 || c.Size > int64(len(a.Body))) {
		return a, errNoBody
	}
	return a, nil
}

// check compares all that the browser received with the release.
func (h *har) check(r *Report, l *log, o Options) {
	r.Visitors = []string{"the browser that saved the HAR"}
	checked := 0
	for i := range h.entries {
		e := &h.entries[i]
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme != "https" && u.Scheme != "http" {
			continue // data:, blob: and what extensions load
		}
		path, ok := h.path(e)
		switch {
		case !ok:
			r.Find(Finding{Code: Extra, Where: "/", Reason: "host", What: "the browser asked another host"})
			continue
		case strings.HasPrefix(path, "v2/"):
			r.Remark("requests to the directory are not the site's: verifier transcript explains those")
			continue
		case e.Response.Status <= 0:
			continue // refused or stopped by the browser itself
		}
		a, err := e.answer()
		file, missing := path, false
		if path == "" {
			file = "index.html"
		}
		if _, there := l.expected(file); !there {
			if _, there = l.expected(file + ".html"); there {
				file += ".html"
			} else {
				missing = true
			}
		}
		if err != nil {
			r.fault(where(path), err)
			continue
		}
		checked++
		if missing {
			if a.Status != http.StatusNotFound {
				r.Find(Finding{Code: Extra, Where: where(path), What: fmt.Sprintf("status %d for a path that the release does not have", a.Status)})
			}
			continue
		}
		rules := file // of a page, though a host dropped its ending
		if path == "" {
			rules = ""
		}
		if a.Status == http.StatusNotModified {
			r.judgeHeaders(l, rules, a, "", o.Bare)
			continue
		}
		if a.Status != http.StatusOK && !(file == "404.html" && a.Status == http.StatusNotFound) {
			r.Find(Finding{Code: Status, Where: where(path), What: fmt.Sprintf("status %d", a.Status)})
			continue
		}
		r.judgeHeaders(l, rules, a, "", o.Bare)
		r.compare(l, file, a.Body, "")
	}
	r.Requests = checked
	if checked == 0 {
		r.Find(Finding{Code: Fetch, Where: "/", Reason: "empty", What: "the HAR has nothing of the site"})
	}
}
