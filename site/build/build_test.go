package main

import (
	"bytes"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"sealbook/site"
)

func assembled(t *testing.T) folder {
	t.Helper()
	files, err := assemble(os.DirFS("../.."), nil)
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
	if len(a) < 15 {
		t.Errorf("only %d files", len(a))
	}
}

func thePages(t *testing.T) []page {
	t.Helper()
	pages, err := readPages(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) < 4 {
		t.Fatalf("only %d pages", len(pages))
	}
	return pages
}

// What is served as it is must be what is in the repository.
func TestFilesAreTheSources(t *testing.T) {
	files := assembled(t)
	for _, m := range modules {
		want, err := os.ReadFile(filepath.Join("../..", m.source))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(files[m.name], want) {
			t.Errorf("%s differs from %s", m.name, m.source)
		}
	}
}

// Whatever a page loads is pinned, nothing is loaded from elsewhere, its
// style and scripts are those that its policy names, and no attribute holds a
// script or a style.
func TestPagesPinWhatTheyLoad(t *testing.T) {
	files := assembled(t)
	loads := regexp.MustCompile(`<(?:script|link)\b[^>]*\b(?:src|href)="([^"]+)"[^>]*>`)
	pin := regexp.MustCompile(`integrity="([^"]+)"`)
	script := regexp.MustCompile(`(?s)<script(?: type="module")?>(.*?)</script>`)
	outside := regexp.MustCompile(`(?:src|href|action)="(?:https?:)?//`)
	inline := regexp.MustCompile(`<[^>]+\s(?:on\w+|style)="`)
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`)
	for _, p := range thePages(t) {
		html := string(files[p.name+".html"])
		scripts := script.FindAllStringSubmatch(html, -1)
		if len(scripts) != 2 || strings.Count(html, "<script") != 2 {
			t.Errorf("%s has %d scripts", p.name, len(scripts))
		}
		for _, m := range scripts {
			if !strings.Contains(html, " '"+integrity([]byte(m[1]))+"'") {
				t.Errorf("%s: a script is not the one that the policy names", p.name)
			}
		}
		markup := script.ReplaceAllString(html, "")
		if styles := style.FindAllStringSubmatch(markup, -1); len(styles) != 1 || strings.Count(markup, "<style") != 1 || !strings.Contains(html, "; style-src '"+integrity([]byte(styles[0][1]))+"'; ") {
			t.Errorf("%s has not one style, which the policy names", p.name)
		}
		n := 0
		for _, m := range loads.FindAllStringSubmatch(markup, -1) {
			if strings.HasPrefix(m[1], "data:") {
				continue
			}
			data, ok := files[m[1]]
			if !ok {
				t.Errorf("%s loads %s, which is not there", p.name, m[1])
			}
			if strings.Contains(m[0], `rel="manifest"`) {
				continue // for installing; no engine checks a hash there
			}
			n++
			if given := pin.FindStringSubmatch(m[0]); given == nil || given[1] != integrity(data) {
				t.Errorf("%s does not pin %s", p.name, m[1])
			}
		}
		if n != len(p.loads) {
			t.Errorf("%s loads %d files", p.name, n)
		}
		if outside.MatchString(markup) || inline.MatchString(markup) {
			t.Errorf("%s refers to elsewhere or has inline scripts or styles", p.name)
		}
	}
}

func TestHeadersAndMetaAgree(t *testing.T) {
	files := assembled(t)
	headers := string(files["_headers"])
	for _, p := range thePages(t) {
		var policies []string
		for _, m := range regexp.MustCompile(`http-equiv="Content-Security-Policy" content="([^"]+)"`).FindAllStringSubmatch(string(files[p.name+".html"]), -1) {
			policies = append(policies, m[1])
		}
		if len(policies) == 0 {
			t.Fatalf("%s has no policy", p.name)
		}
		all := strings.Join(policies, ", ")
		ancestors := "'none'"
		if p.framed {
			ancestors = "*"
		}
		framed := policies[0] + "; frame-ancestors " + ancestors + strings.TrimPrefix(all, policies[0])
		if !strings.Contains(headers, "\n/"+p.name+".html\n  Content-Security-Policy: "+framed+"\n") {
			t.Errorf("%s: header and meta differ", p.name)
		}
		// From elsewhere nothing; from here only what is pinned, see page/seal.js.
		if strings.Count(all, "connect-src 'self';") != 1 || !strings.Contains(all, "default-src 'none'; script-src 'sha256-") ||
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
	for _, pattern := range []string{"../pages/*.html", "../page/*.js", "../worker/*.js"} {
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
		if strings.Contains(text, `"`+key+`"`) || strings.HasSuffix(key, ".title") || strings.HasSuffix(key, ".about") {
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

// What a recipe is for, and how sure that is, has a text in both languages: pages
// show a kind without one by its identifier.
func TestTextsOfRecipes(t *testing.T) {
	all, err := readTexts(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	recipes, err := os.ReadFile("../../wasm/recipe/recipes.json")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, m := range regexp.MustCompile(`"(kind|confidence)": "([\w-]+)"`).FindAllStringSubmatch(string(recipes), -1) {
		found[m[1]+"."+m[2]] = true
	}
	if len(found) != 9 {
		t.Errorf("%d kinds and confidences, want 9", len(found))
	}
	for _, language := range languages {
		for key := range found {
			if all[language][key] == "" {
				t.Errorf("%s has no text %q", language, key)
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
	if _, err := join(folder{"a.js": []byte(`import "./b.js";`), "b.js": []byte(`import "./a.js";`)}, "a.js"); err == nil {
		t.Error("a cycle is not refused")
	}
	if _, err := join(folder{"a.js": []byte(`import "https://example.org/b.js";`)}, "a.js"); err == nil {
		t.Error("an address is not refused")
	}
}

func TestJoin(t *testing.T) {
	got, err := join(folder{
		"page/a.js":   []byte("// Says hello.\n\nimport rest, { b as c } from \"./b-c.js\";\nimport * as d from \"../d.js\";\nimport {\n  e,\n} from './e.js';\n\n/** Why. */\nsay(c, d.x, e, rest); // kept\n"),
		"page/b-c.js": []byte("export { e as again } from \"./e.js\";\nexport * from \"../d.js\";\nexport async function b() {}\nexport default 1;\n"),
		"d.js":        []byte("export let x;\nexport class Y { static { x = 1; } }\n"),
		"page/e.js":   []byte("const inner = 2;\nexport { inner as e };\n"),
	}, "page/a.js")
	if err != nil {
		t.Fatal(err)
	}
	want := `// Code generated by site/build from page/a.js and what it imports; DO NOT EDIT.
// page/e.js
const $page_e = (() => {
const inner = 2;
return { e: inner };
})();
// d.js
const $d = (() => {
let x;
class Y { static { x = 1; } }
return { x, Y };
})();
// page/b-c.js
const $page_b_c = (() => {
async function b() {}
const exported = 1;
return { again: $page_e.e, ...$d, b, default: exported };
})();
// page/a.js
const $page_a = (() => {
const { default: rest } = $page_b_c; const { b: c } = $page_b_c;
const d = $d;
const { e } = $page_e;
say(c, d.x, e, rest); // kept
})();
`
	if string(got) != want {
		t.Errorf("%s", got)
	}
	for _, text := range []string{"export var a = 1;", "await b();", "const c = await d();", "export default function () {}\nexport {};\nexport = 3;", "const s = '</script>';", "const s = `<!--`;"} {
		if _, err := join(folder{"a.js": []byte(text + "\n")}, "a.js"); err == nil {
			t.Errorf("joined: %s", text)
		}
	}
}

func TestPageHeads(t *testing.T) {
	const good = "---\norder: 1\nscript: page/a.js\nloads: a.wasm worker/b.js\nlater: a.wasm\ndoor: worker/b.js\n---\nrest"
	p, err := parsePage("a", good)
	if err != nil || p.order != 1 || p.script != "page/a.js" || len(p.loads) != 2 || len(p.later) != 1 || p.door != "worker/b.js" || p.bare || p.framed || p.source != "rest" {
		t.Errorf("%+v, %v", p, err)
	}
	for _, bad := range []string{"", "rest", "---\norder: 1\n", strings.Replace(good, "order: 1", "order: one", 1), strings.Replace(good, "script", "skript", 1), strings.Replace(good, "door: worker/b.js", "door: worker/c.js", 1), strings.Replace(good, "later: a.wasm", "later: b.wasm", 1), strings.Replace(good, "door:", "frames:", 1)} {
		if _, err := parsePage("a", bad); err == nil {
			t.Errorf("parsed: %q", bad)
		}
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

// A page carries the texts that its scripts name, wholly or by their beginning.
func TestUsedTexts(t *testing.T) {
	all := texts{}
	for _, language := range languages {
		all[language] = map[string]string{"a.b": "1", "a.c": "2", "d.e": "3", "f": "4"}
	}
	used, err := all.used(`t("f"); t("a." + code)`)
	if err != nil || len(used["en"]) != 3 || used["zh-Hans"]["a.c"] != "2" || used["en"]["d.e"] != "" {
		t.Errorf("%v, %v", used, err)
	}
	for _, bad := range []string{"t(`a.${code}`)", "nothing"} {
		if _, err := all.used(bad); err == nil {
			t.Errorf("used: %s", bad)
		}
	}
}

// README's table names every page.
func TestReadmeNamesThePages(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	all, err := readTexts(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range thePages(t) {
		if title := all["en"][p.name+".title"]; !strings.Contains(string(readme), "\n| **"+title+"** | ") {
			t.Errorf("README's table has no page %q", title)
		}
	}
}

// Each file that gets smaller has a copy that holds it, and the list of sums has
// both; what an earlier build kept is used only while it is what it was.
func TestCopies(t *testing.T) {
	kept := t.TempDir()
	text := []byte(strings.Repeat("text ", 1000))
	for range 3 {
		files := folder{"a.txt": text, "b.png": {1, 2, 3}, site.HeadersFile: text}
		files.finish(kept)
		if got := files.names(); !slices.Equal(got, []string{"SHA256SUMS", site.HeadersFile, "a.txt", "a.txt.br", "b.png"}) {
			t.Fatalf("%v", got)
		}
		whole, err := io.ReadAll(brotli.NewReader(bytes.NewReader(files["a.txt.br"])))
		if err != nil || !bytes.Equal(whole, text) {
			t.Errorf("%d bytes, %v", len(whole), err)
		}
		if list := string(files["SHA256SUMS"]); strings.Count(list, "\n") != 3 || !strings.Contains(list, sum(files["a.txt.br"])+"  a.txt.br\n") {
			t.Errorf("%s", list)
		}
		// The next build finds another text's copy, or nonsense.
		names, err := filepath.Glob(kept + "/*")
		if err != nil || len(names) != 2 {
			t.Fatalf("%v, %v", names, err)
		}
		for _, name := range names {
			if err := os.WriteFile(name, []byte("nonsense"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
