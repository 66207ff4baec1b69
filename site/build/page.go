package main

import (
	"fmt"
	"io/fs"
	"strings"
	"text/template"
)

// view is what a page's template can use.
type view struct {
	Name    string   // "index"
	Policy  []string // policies that all hold
	Map     string
	Entry   string
	Modules []pinned // what Entry imports, in order of need
	Styles  []pinned
	Early   pinned
	Style   string // of the page for missing paths
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
func (t texts) template(root fs.FS, name string) (*template.Template, error) {
	one := func(language, key string) (string, error) {
		text, ok := t[language][key]
		if !ok {
			return "", fmt.Errorf("no text %q", key)
		}
		return text, nil
	}
	return template.New("").Option("missingkey=error").Funcs(template.FuncMap{
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
	}).ParseFS(root, pagesDir+"/layout.html", pagesDir+"/"+name+".html")
}

// page makes one page.
func (t texts) page(root fs.FS, made page, files folder, p policy) ([]byte, error) {
	tmpl, err := t.template(root, made.name)
	if err != nil {
		return nil, err
	}
	order, err := graph(files, made.entry)
	if err != nil {
		return nil, err
	}
	v := view{Name: made.name, Policy: p.of(made), Map: p.importMap, Entry: made.entry, Early: files.pin("page/early.js")}
	for _, module := range order {
		v.Modules = append(v.Modules, files.pin(module))
	}
	for _, file := range files.names() {
		if strings.HasPrefix(file, "style/") {
			v.Styles = append(v.Styles, files.pin(file))
		}
	}
	var b strings.Builder
	if err := tmpl.ExecuteTemplate(&b, "layout", v); err != nil {
		return nil, err
	}
	return []byte(b.String()), nil
}

// notFound makes the page for missing paths and its policy. A host serves it
// at any depth, so it loads nothing and has its style inside.
func (t texts) notFound(root fs.FS) (page []byte, content string, err error) {
	style, err := fs.ReadFile(root, styleDir+"/404.css")
	if err != nil {
		return nil, "", err
	}
	tmpl, err := t.template(root, "404")
	if err != nil {
		return nil, "", err
	}
	content = "default-src 'none'; style-src '" + integrity(style) + "'; base-uri 'none'; form-action 'none'"
	var b strings.Builder
	if err := tmpl.ExecuteTemplate(&b, "404", view{Name: "404", Policy: []string{content}, Style: string(style)}); err != nil {
		return nil, "", err
	}
	return []byte(b.String()), content, nil
}
