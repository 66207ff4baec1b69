package release

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"sealbook/wasm/trust"
)

// inputs say what the bytes of a file are made of, by what its path begins with.
var inputs = []struct{ prefix, of string }{
	{"site/sw.js", "site/page/sw.js, the keys of the log, and every other file of the site"},
	{"site/core.wasm", "wasm/core, by TinyGo"}, {"site/blind.wasm", "wasm/blind, by TinyGo"}, {"site/format.wasm", "wasm/format, by TinyGo"},
	{"site/contacts.wasm", "wasm/reader, by TinyGo"}, {"site/auditor.wasm", "wasm/auditor, by TinyGo"},
	{"site/SHA256SUMS", "every other file of the site"},
	{"site/worker/", "site/worker and wasm/js"}, {"site/", "site and wasm/js"},
	{"npm/", "wasm/js and the modules"}, {"worker/edge/worker/app.wasm", "wasm/edge, by Go"}, {"worker/edge/worker/wasm_exec.js", "Go's own lib/wasm"},
	{"worker/", "wasm/edge/worker and wasm/js"}, {"verifier/", "verifier and wasm, by Go"},
}

// Difference names the first difference between two manifests, and what differs
// in what they were made of; "" where they are the same. Inputs come before what
// follows from them: tools, source, then files.
func Difference(old, built *trust.Manifest) string {
	for i, t := range old.Tools {
		if i >= len(built.Tools) || built.Tools[i] != t {
			return fmt.Sprintf("tool %s: the release was built with %s", t.Name, t.Version)
		}
	}
	because := ""
	if old.Commit != built.Commit {
		because = fmt.Sprintf("; the release is of commit %s and this folder of %s", short(old.Commit), short(built.Commit))
	}
	for _, f := range sorted(old.Files) {
		g := built.File(f.Path)
		switch {
		case g == nil:
			return f.Path + " is not built here" + because
		case *g != f:
			return fmt.Sprintf("%s: %d bytes with SHA-256 %s, and here %d with %s; it is made of %s%s", f.Path, f.Size, hex.EncodeToString(f.SHA256[:8]), g.Size, hex.EncodeToString(g.SHA256[:8]), madeOf(f.Path), because)
		}
	}
	for _, f := range sorted(built.Files) {
		if old.File(f.Path) == nil {
			return f.Path + " is built here and is not of the release" + because
		}
	}
	for _, h := range old.Headers {
		if !slices.Contains(built.Headers, h) {
			return fmt.Sprintf("header %s of %s; it is made of site/build/policy.go%s", h.Name, h.Path, because)
		}
	}
	if string(old.Text()) != string(built.Text()) {
		return "commit, module or header fields" + because
	}
	return ""
}

// sorted are files in the order in which they are made of each other, then by path.
func sorted(files []trust.ManifestFile) []trust.ManifestFile {
	return slices.SortedFunc(slices.Values(files), func(a, b trust.ManifestFile) int {
		return cmp.Or(cmp.Compare(follows(a.Path), follows(b.Path)), strings.Compare(a.Path, b.Path))
	})
}

// follows says how many files of the release stand, one made of the other, before
// one: pages hold hashes of what they load, the header fields those of pages, and
// two files those of all.
func follows(path string) int {
	switch path = strings.TrimSuffix(path, ".br"); {
	case path == "site/sw.js", path == "site/SHA256SUMS":
		return 3
	case path == "site/_headers":
		return 2
	case strings.HasPrefix(path, "site/") && strings.HasSuffix(path, ".html"), strings.HasPrefix(path, "npm/"):
		return 1
	}
	return 0
}

func madeOf(path string) string {
	for _, in := range inputs {
		if strings.HasPrefix(path, in.prefix) {
			return in.of
		}
	}
	return "the source"
}

func short(commit string) string { return commit[:12] }
