package check_test

import (
	"context"
	"maps"
	"path/filepath"
	"strconv"
	"testing"

	"sealbook/verifier/check"
	"sealbook/verifier/release"
	"sealbook/wasm/trust"
)

// Folders and zips hold the site and nothing else; a zip's copy of a lie is a lie.
func TestFolderAndZip(t *testing.T) {
	p := newPublisher(t)
	files := p.publish(t, "1.0.0")
	policy, err := trust.ParsePolicy(p.policy)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	n := 0
	for _, c := range []struct {
		name, where string
		code        trust.Code
		change      func(release.Files)
	}{
		{"honest", "", "", func(release.Files) {}},
		{"a bit", "worker/book.js", trust.File, func(f release.Files) { f["worker/book.js"] = flip(f["worker/book.js"]) }},
		{"a file more", "extra.js", check.Extra, func(f release.Files) { f["extra.js"] = nil }},
		{"a file more in the log", "log/extra", check.Extra, func(f release.Files) { f["log/extra"] = nil }},
		{"a tile more", "log/tile/0/000.p/9", check.Extra, func(f release.Files) { f["log/tile/0/000.p/9"] = nil }},
		{"an older tile", "", "", func(f release.Files) { f["log/tile/0/000.p/1"] = f["log/tile/0/000.p/2"][:32] }},
		{"a file less", "icon.svg", check.Status, func(f release.Files) { delete(f, "icon.svg") }},
		{"the list of headers", "_headers", trust.File, func(f release.Files) { f["_headers"] = []byte("/*\n  A: b\n") }},
	} {
		changed := maps.Clone(files)
		c.change(changed)
		below := release.Files{}
		for name, data := range changed {
			below["site/"+name] = data
		}
		n++
		folder, zip := filepath.Join(dir, strconv.Itoa(n)), release.Files{}
		if err := changed.Write(folder); err != nil {
			t.Fatal(err)
		}
		if zip["a.zip"], err = below.Zip(); err != nil {
			t.Fatal(err)
		}
		if err := zip.Write(folder + "z"); err != nil {
			t.Fatal(err)
		}
		for _, where := range []string{folder, filepath.Join(folder+"z", "a.zip")} {
			source, err := check.Open(where)
			if err != nil {
				t.Fatal(err)
			}
			r := check.Site(context.Background(), source, check.Options{Policy: policy, Now: now})
			if c.code == "" && r.Exit() != 0 || c.code != "" && (r.Exit() != 1 || r.Findings[0].Code != c.code || r.Findings[0].Where != c.where) {
				t.Errorf("%s: %v", c.name, r.Findings)
			}
		}
	}
}
