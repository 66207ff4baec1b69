package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// page is a page of the site, as the head of its file defines it: between two
// lines of dashes, a field a line.
//
//	order: 1                     place among the pages; the first is that of "/"
//	script: page/verify.js       the module that it begins with
//	loads: core.wasm worker/book.js
//	                             modules and workers, fetched before it is sealed
//	later: auditor.wasm          of these, what is asked for once something is painted
//	door: worker/door.js         of these, the worker that may connect to /v2/
//	layout: bare                 without head and foot; "full" if left out
//	menu: no                     left out of the list in the head, which other pages lead to
//	frames: anyone               who may show it in a frame; nobody if left out
type page struct {
	name   string // of the file, without ".html"
	order  int
	script string
	loads  []string
	later  []string
	door   string
	bare   bool
	hidden bool
	framed bool
	source string // what follows the head: a template
}

// The page for paths that do not exist has no script and stands alone.
const notFound = "404"

// readPages returns the site's pages in their order.
func readPages(root fs.FS) ([]page, error) {
	entries, err := fs.ReadDir(root, pagesDir)
	if err != nil {
		return nil, err
	}
	var pages []page
	for _, entry := range entries {
		name := strings.TrimSuffix(entry.Name(), ".html")
		if name == "layout" || name == notFound {
			continue
		}
		text, err := fs.ReadFile(root, path.Join(pagesDir, entry.Name()))
		if err != nil {
			return nil, err
		}
		p, err := parsePage(name, string(text))
		if err != nil {
			return nil, fmt.Errorf("%s/%s: %w", pagesDir, entry.Name(), err)
		}
		pages = append(pages, p)
	}
	slices.SortFunc(pages, func(a, b page) int { return cmp.Compare(a.order, b.order) })
	for i, p := range pages {
		if p.order != i+1 {
			return nil, fmt.Errorf("%s: the pages' order must be 1, 2, 3 …, and %s has %d", pagesDir, p.name, p.order)
		}
	}
	return pages, nil
}

func parsePage(name, text string) (page, error) {
	p := page{name: name}
	text, opened := strings.CutPrefix(text, "---\n")
	head, source, closed := strings.Cut(text, "\n---\n")
	if !opened || !closed {
		return page{}, fmt.Errorf("no head between two lines of dashes")
	}
	p.source = source
	for line := range strings.SplitSeq(head, "\n") {
		key, value, ok := strings.Cut(line, ": ")
		switch {
		case !ok:
			return page{}, fmt.Errorf("%q is no field", line)
		case key == "order":
			n, err := strconv.Atoi(value)
			if err != nil {
				return page{}, err
			}
			p.order = n
		case key == "script":
			p.script = value
		case key == "loads":
			p.loads = strings.Fields(value)
		case key == "later":
			p.later = strings.Fields(value)
		case key == "door":
			p.door = value
		case key == "layout" && value == "bare":
			p.bare = true
		case key == "menu" && value == "no":
			p.hidden = true
		case key == "frames" && value == "anyone":
			p.framed = true
		default:
			return page{}, fmt.Errorf("%q is no field", line)
		}
	}
	if p.script == "" || p.door != "" && !slices.Contains(p.loads, p.door) {
		return page{}, fmt.Errorf("a page needs a script, and loads its door")
	}
	for _, name := range p.later {
		if !slices.Contains(p.loads, name) {
			return page{}, fmt.Errorf("a page loads what it loads later, and %s not", name)
		}
	}
	return p, nil
}
