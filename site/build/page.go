package main

import (
	"fmt"
	"io/fs"
	"strings"
	"text/template"
)

// view is what a page's template can use.
type view struct {
	Name   string          // "index"
	Policy []string        // policies that all hold
	Pages  []string        // names of all pages that the head lists
	Bare   bool            // without head and foot
	Door   string          // of Loads, the worker that may connect
	Loads  []pinned        // what the page fetches before it is sealed
	Later  map[string]bool // of Loads, by path, what it fetches once it was drawn
	Style  string          // all of it: a page is drawn as soon as it is here
	Early  string          // the script that runs before anything is drawn
	Script string          // the page's own, all of it
	CSS    string          // of the page for missing paths
}

type pinned struct{ Path, Integrity string }

func (f folder) pin(name string) pinned { return pinned{name, integrity(f[name])} }

// template reads the layout and one page. Pages are trusted text of this
// repository, and nothing from outside enters them, hence text/template.
//
// {{t "key"}} is a text in all languages, of which the style shows one: the
// language changes without loading anything and without a flicker, and a
// reader without scripts gets the first. {{a "key"}} is the text of the first
// language alone, for attributes, which the page's script then keeps right.
// {{figure "pages" "row"}} is a number of the package's README, see [readFigures].
func (t texts) template(root fs.FS, source string) (*template.Template, error) {
	one := func(language, key string) (string, error) {
		text, ok := t[language][key]
		if !ok {
			return "", fmt.Errorf("no text %q", key)
		}
		return text, nil
	}
	readme, err := fs.ReadFile(root, jsDir+"/README.md")
	if err != nil {
		return nil, err
	}
	tmpl, err := template.New("").Option("missingkey=error").Funcs(template.FuncMap{
		"a":  func(key string) (string, error) { return one(languages[0], key) },
		"zh": func(key string) (string, error) { return one(languages[1], key) },
		"t": func(key string) (string, error) {
			var b strings.Builder
			for _, language := range languages {
				text, err := one(language, key)
				if err != nil {
					return "", err
				}
				fmt.Fprintf(&b, `<span class="t" lang="%s">%s</span>`, language, text)
			}
			return b.String(), nil
		},
		"figure": func(table, row string) (figure, error) {
			figures, err := readFigures(string(readme), table)
			if err != nil {
				return figure{}, err
			}
			found, ok := figures[row]
			if !ok {
				return figure{}, fmt.Errorf("no figure %q among the %s", row, table)
			}
			return found, nil
		},
	}).ParseFS(root, pagesDir+"/layout.html")
	if err != nil {
		return nil, err
	}
	return tmpl.Parse(source)
}

// page makes one page, and returns its policies as well.
func (t texts) page(root fs.FS, pages []page, made page, files, scripts folder, style string) ([]byte, []string, error) {
	tmpl, err := t.template(root, made.source)
	if err != nil {
		return nil, nil, fmt.Errorf("page %s: %w", made.name, err)
	}
	// Of the texts, those that its scripts use.
	empty, err := join(scripts.with(textsModule, []byte("export default {};\n")), made.script)
	if err != nil {
		return nil, nil, err
	}
	layout, err := fs.ReadFile(root, pagesDir+"/layout.html")
	if err != nil {
		return nil, nil, err
	}
	used, err := t.used(string(empty) + made.source + string(layout))
	if err != nil {
		return nil, nil, err
	}
	script, err := join(scripts.with(textsModule, used.module()), made.script)
	if err != nil {
		return nil, nil, err
	}
	v := view{
		Name: made.name, Bare: made.bare, Door: made.door, Later: map[string]bool{}, Style: "\n" + style,
		Early: "\n" + strings.TrimLeft(comment.ReplaceAllString(string(scripts["page/early.js"]), ""), "\n"), Script: "\n" + string(script),
	}
	v.Policy = made.policy(v.Style, v.Early, v.Script)
	for _, p := range pages {
		if !p.bare && !p.hidden {
			v.Pages = append(v.Pages, p.name)
		}
	}
	for _, name := range made.loads {
		v.Loads = append(v.Loads, files.pin(name))
	}
	for _, name := range made.later {
		v.Later[name] = true
	}
	var b strings.Builder
	if err := tmpl.ExecuteTemplate(&b, "layout", v); err != nil {
		return nil, nil, err
	}
	return []byte(b.String()), v.Policy, nil
}

// notFound makes the page for missing paths and its policy. A host serves it
// at any depth, so it loads nothing and has its style inside.
func (t texts) notFound(root fs.FS) ([]byte, []string, error) {
	style, err := fs.ReadFile(root, styleDir+"/404.css")
	if err != nil {
		return nil, nil, err
	}
	source, err := fs.ReadFile(root, pagesDir+"/404.html")
	if err != nil {
		return nil, nil, err
	}
	tmpl, err := t.template(root, string(source))
	if err != nil {
		return nil, nil, err
	}
	policy := []string{"default-src 'none'; style-src '" + integrity(style) + "'; base-uri 'none'; form-action 'none'"}
	var b strings.Builder
	if err := tmpl.ExecuteTemplate(&b, notFound, view{Name: notFound, Policy: policy, CSS: string(style)}); err != nil {
		return nil, nil, err
	}
	return []byte(b.String()), policy, nil
}
