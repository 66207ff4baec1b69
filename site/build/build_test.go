package main

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func assembled(t *testing.T) folder {
	t.Helper()
	files, err := assemble(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestSameBytesTwice(t *testing.T) {
	a, b := assembled(t), assembled(t)
	if !maps.EqualFunc(a, b, bytes.Equal) {
		t.Error("two builds differ")
	}
	if len(a) < 30 {
		t.Errorf("only %d files", len(a))
	}
}

// What is served as it is must be what is in the repository.
func TestFilesAreTheSources(t *testing.T) {
	files := assembled(t)
	n := 0
	for name, data := range files {
		var source string
		switch {
		case strings.HasPrefix(name, "page/built/"):
			continue
		case strings.HasPrefix(name, "page/"), strings.HasPrefix(name, "style/"):
			source = filepath.Join("..", name)
		case strings.HasPrefix(name, "js/"):
			source = filepath.Join("../../wasm", name)
		default:
			i := slices.IndexFunc(modules, func(m module) bool { return m.name == name })
			if i < 0 {
				continue
			}
			source = filepath.Join("../..", modules[i].source)
		}
		n++
		want, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(data, want) {
			t.Errorf("%s differs from %s", name, source)
		}
	}
	if n < 20 {
		t.Errorf("only %d files compared", n)
	}
}

// Every script and style that a page loads is pinned, nothing is loaded from
// elsewhere, and no attribute holds a script or a style.
func TestPagesPinWhatTheyLoad(t *testing.T) {
	files := assembled(t)
	loads := regexp.MustCompile(`<(?:script|link)\b[^>]*\b(?:src|href)="([^"]+)"[^>]*>`)
	pin := regexp.MustCompile(`integrity="([^"]+)"`)
	outside := regexp.MustCompile(`(?:src|href|action)="(?:https?:)?//`)
	inline := regexp.MustCompile(`<[^>]+\s(?:on\w+|style)="`)
	for _, p := range pages {
		html := string(files[p.name+".html"])
		n := 0
		for _, m := range loads.FindAllStringSubmatch(html, -1) {
			if strings.HasPrefix(m[1], "data:") {
				continue
			}
			n++
			data, ok := files[m[1]]
			if !ok {
				t.Errorf("%s loads %s, which is not there", p.name, m[1])
			}
			// The entry module has its hash in the import map.
			if given := pin.FindStringSubmatch(m[0]); given == nil && !strings.Contains(html, `"./`+m[1]+`":"`+integrity(data)+`"`) || given != nil && given[1] != integrity(data) {
				t.Errorf("%s does not pin %s", p.name, m[1])
			}
		}
		if n < 10 {
			t.Errorf("%s loads only %d files", p.name, n)
		}
		if outside.MatchString(html) || inline.MatchString(html) {
			t.Errorf("%s refers to elsewhere or has inline scripts or styles", p.name)
		}
	}
}

func TestHeadersAndMetaAgree(t *testing.T) {
	files := assembled(t)
	headers := string(files["_headers"])
	for _, p := range pages {
		var policies []string
		for _, m := range regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]+)"`).FindAllStringSubmatch(string(files[p.name+".html"]), -1) {
			policies = append(policies, m[1])
		}
		if len(policies) == 0 {
			t.Fatalf("%s has no policy", p.name)
		}
		all := strings.Join(policies, ", ")
		framed := policies[0] + "; frame-ancestors 'none'" + strings.TrimPrefix(all, policies[0])
		if !strings.Contains(headers, "\n/"+p.name+".html\n  Content-Security-Policy: "+framed+"\n") {
			t.Errorf("%s: header and meta differ", p.name)
		}
		// One page has a door, to its own origin and there to one path.
		connect := "connect-src 'none'"
		if p.name == "find" {
			connect = "connect-src 'self', connect-src *:*/v1/"
		}
		if !strings.HasSuffix(all, "; "+connect) || strings.Count(all, "connect-src") != strings.Count(connect, "connect-src") ||
			strings.Contains(all, "unsafe-inline") || strings.Contains(all, "'unsafe-eval'") {
			t.Errorf("%s: %s", p.name, all)
		}
	}
	if strings.Contains(headers, "/SHA256SUMS") || !strings.Contains(headers, "Connection-Allowlist: (response-origin)") {
		t.Error("headers: what is for all paths must stand once")
	}
}

// Every text is used, and every text that is used is there.
func TestTextsAndTheirUses(t *testing.T) {
	all, err := readTexts(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	var sources strings.Builder
	for _, pattern := range []string{"../pages/*.html", "../page/*.js"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatal("no sources", err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			sources.Write(data)
		}
	}
	text := sources.String()
	for _, m := range regexp.MustCompile(`(?:\bt\(|data-label=|\{\{[at] |copyButton\()"([\w.-]+[\w])"`).FindAllStringSubmatch(text, -1) {
		if _, ok := all["en"][m[1]]; !ok {
			t.Errorf("no text %q", m[1])
		}
	}
	// Keys that data makes up, by what they begin with.
	made := regexp.MustCompile(`"([\w.-]+\.)" \+`)
	var prefixes []string
	for _, m := range made.FindAllStringSubmatch(text, -1) {
		prefixes = append(prefixes, m[1])
	}
	for key := range all["en"] {
		if strings.Contains(text, `"`+key+`"`) || strings.HasSuffix(key, ".title") {
			continue
		}
		if !slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(key, prefix) }) {
			t.Errorf("text %q is not used", key)
		}
	}
	for language, texts := range all {
		for key, text := range texts {
			if strings.Contains(text, "<") && !strings.Contains(text, "<code>") {
				t.Errorf("%s %q: only <code> is allowed in texts", language, key)
			}
		}
	}
}

// No text may promise what hashing does not give.
func TestNoFalsePromise(t *testing.T) {
	all, err := readTexts(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	promise := regexp.MustCompile(`(?i)anonymous|anonymis|anonymiz|untraceable|匿名|无法还原|不可逆`)
	denial := regexp.MustCompile(`(?i)does not make|不能让`)
	for language, texts := range all {
		for key, text := range texts {
			if promise.MatchString(text) && !denial.MatchString(text) {
				t.Errorf("%s %q: %s", language, key, text)
			}
		}
	}
}

func TestImports(t *testing.T) {
	text := `// import "./comment.js"
import a from "./a.js";
import {
  b,
} from './b.js';
import "./c.js";
export { d } from "./d.js";
export const e = "./e.js";
const f = import("./f.js");
/** @typedef {import("./g.js").G} G */
`
	var got []string
	for _, m := range importPattern.FindAllStringSubmatch(text, -1) {
		got = append(got, m[1])
	}
	if want := []string{"./a.js", "./b.js", "./c.js", "./d.js"}; !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if _, err := graph(folder{"a.js": []byte(`import "./b.js";`), "b.js": []byte(`import "./a.js";`)}, "a.js"); err == nil {
		t.Error("a cycle is not refused")
	}
	if _, err := graph(folder{"a.js": []byte(`import "https://example.org/b.js";`)}, "a.js"); err == nil {
		t.Error("an address is not refused")
	}
}

func TestWriteSparesOtherFolders(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "letter.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := write(dir, folder{"SHA256SUMS": nil}); err == nil {
		t.Error("a folder with something else was replaced")
	}
	out := filepath.Join(dir, "site")
	for range 2 {
		if err := write(out, folder{"SHA256SUMS": nil, "a/b": []byte("x")}); err != nil {
			t.Fatal(err)
		}
	}
}
