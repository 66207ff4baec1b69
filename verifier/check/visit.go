package check

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"sealbook/wasm/trust"
)

// parallel is how many requests are under way at once.
const parallel = 8

// asked is a request, and what is to come of it.
type asked struct {
	path    string
	visitor Visitor
	missing bool // nothing is there
}

// visit asks a server for everything, as every visitor, in random order.
func visit(ctx context.Context, r *Report, source Source, l *log, o Options) {
	s := source.(*site)
	r.Visitors = r.Visitors[:0]
	var first, second []asked
	for _, v := range Visitors {
		r.Visitors = append(r.Visitors, v.Name)
		list := &first
		if v.again {
			list = &second
		}
		for _, path := range append(l.paths(), "") {
			if !strings.HasPrefix(path, "_") {
				*list = append(*list, asked{path: path, visitor: v})
			}
		}
		for _, path := range notThere() {
			*list = append(*list, asked{path: path, visitor: v, missing: true})
		}
	}
	v := visiting{r: r, l: l, s: s, o: o, seen: map[string]Answer{}}
	v.all(ctx, first)
	v.all(ctx, second)
	v.hidden(ctx)
}

// notThere are paths that no release has.
func notThere() []string {
	var b [8]byte
	rand.Read(b[:])
	name := hex.EncodeToString(b[:])
	return []string{name, name + ".html", name + "/sw.js", "log/" + name, ".well-known/" + name}
}

// visiting is a visit that is under way.
type visiting struct {
	r *Report
	l *log
	s *site
	o Options

	mutex sync.Mutex
	seen  map[string]Answer // of Chrome, by path, for who comes back
}

func (v *visiting) all(ctx context.Context, list []asked) {
	mathrand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	next := make(chan asked)
	var group sync.WaitGroup
	for range parallel {
		group.Go(func() {
			for a := range next {
				v.one(ctx, a)
			}
		})
	}
	for _, a := range list {
		if ctx.Err() != nil {
			break
		}
		next <- a
	}
	close(next)
	group.Wait()
	if ctx.Err() != nil {
		v.r.Find(Finding{Code: Fetch, Where: "/", Reason: "stopped", What: "stopped before all was asked"})
	}
}

// one asks once and judges the answer.
func (v *visiting) one(ctx context.Context, q asked) {
	v.mutex.Lock()
	var before *Answer
	if a, ok := v.seen[q.path]; ok && q.visitor.again {
		before = &a
	}
	v.mutex.Unlock()
	a, err := v.s.ask(ctx, q.path, q.visitor, before)
	v.mutex.Lock()
	defer v.mutex.Unlock()
	if err != nil {
		if e, ok := err.(*fetchError); ok {
			v.r.Find(Finding{Code: e.code, Where: where(q.path), Reason: e.reason, What: e.what, Visitor: q.visitor.Name})
		}
		return
	}
	if q.visitor.Name == chrome.Name {
		v.seen[q.path] = a
	}
	v.judge(q, a, before)
}

func (v *visiting) judge(q asked, a Answer, before *Answer) {
	r, name, path := v.r, q.visitor.Name, q.path
	file := path
	if path == "" {
		file = "index.html"
	}
	want, rules := http.StatusOK, path
	if q.missing {
		want, rules, file = http.StatusNotFound, "404.html", "404.html"
	}
	status := func(reason, format string, args ...any) {
		shown := where(path)
		if q.missing {
			shown = "404.html"
		}
		r.Find(Finding{Code: Status, Where: shown, Reason: reason, What: fmt.Sprintf(format, args...), Visitor: name})
	}
	switch {
	case a.Status >= 300 && a.Status < 400 && a.Status != http.StatusNotModified:
		if to, ok := v.tidied(path, a); ok {
			r.Remark(fmt.Sprintf("%s is answered by a redirect to %s, as some hosts drop the ending", path, to))
			return
		}
		status("redirect", "a redirect to %s", shownTarget(v.s.base, a.Header.Get("Location")))
		return
	case a.Status == http.StatusNotModified && before != nil && !q.missing:
		r.judgeHeaders(v.l, rules, a, name, v.o.Bare)
		return
	case a.Status == http.StatusPartialContent && q.visitor.part:
	case path == "404.html" && a.Status == http.StatusNotFound: // some hosts
	case a.Status != want && q.missing:
		status("found", "status %d for a path that no release has", a.Status)
		return
	case a.Status != want:
		status("status", "status %d", a.Status)
		return
	}
	r.judgeHeaders(v.l, rules, a, name, v.o.Bare)
	if q.missing {
		if f := v.l.manifest.File("site/404.html"); f == nil || !f.Is(a.Body) {
			r.Find(Finding{Code: trust.File, Where: "404.html", Reason: "missing-path", What: "other bytes for a path that no release has", Visitor: name})
		}
		return
	}
	r.compare(v.l, file, a.Body, name)
}

// tidied says whether a redirect leads to the same path without its ending, on
// the same origin: "/find.html" to "/find", "/index.html" to "/".
func (v *visiting) tidied(path string, a Answer) (string, bool) {
	short, ok := strings.CutSuffix(path, ".html")
	if !ok || a.Status != http.StatusPermanentRedirect && a.Status != http.StatusTemporaryRedirect {
		return "", false
	}
	if short == "index" {
		short = ""
	}
	to, err := v.s.base.Parse(a.Header.Get("Location"))
	if err != nil {
		return "", false
	}
	want := *v.s.base
	want.Path += short
	to.RawQuery = ""
	return "/" + short, to.String() == want.String()
}

// shownTarget is where a redirect leads, by what is different.
func shownTarget(base *url.URL, location string) string {
	to, err := base.Parse(location)
	switch {
	case err != nil || location == "":
		return "nowhere"
	case to.Scheme != base.Scheme && to.Host == base.Host:
		return "another scheme"
	case to.Host != base.Host:
		return "another host"
	}
	return "another path"
}

// hidden asks for the files that hosts take in and do not give out.
func (v *visiting) hidden(ctx context.Context) {
	for path, file := range v.l.manifest.Below("site/") {
		if !strings.HasPrefix(path, "_") {
			continue
		}
		a, err := v.s.ask(ctx, path, Plain, nil)
		switch {
		case err != nil:
			v.r.fault(path, err)
		case a.Status == http.StatusOK && !file.Is(a.Body):
			v.r.Find(Finding{Code: trust.File, Where: path, What: "other bytes than the release has"})
		case a.Status != http.StatusOK && a.Status != http.StatusNotFound:
			v.r.Find(Finding{Code: Status, Where: path, What: fmt.Sprintf("status %d", a.Status)})
		}
	}
}
