package rules

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// files calls f for each file of the tree that is not built or downloaded.
func files(t *testing.T, f func(path string)) {
	t.Helper()
	n := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{".git", ".build", "dist", "node_modules"}, d.Name()) {
			return filepath.SkipDir
		}
		if d.Type().IsRegular() {
			f(path)
			n++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 50 {
		t.Fatalf("saw only %d files", n)
	}
}

func TestTopLevel(t *testing.T) {
	want := []string{"README.md", "build.sh", "go.mod", "go.sum", "site", "tests", "verifier", "wasm"}
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && e.Name() != "dist" { // a release, which git ignores
			got = append(got, e.Name())
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("at the top lie %v, not %v", got, want)
	}
}

// A path of somebody's machine tells who built a thing, and breaks elsewhere.
func TestNoHomePaths(t *testing.T) {
	home := regexp.MustCompile(`(^|[^A-Za-z0-9._*/-])/(root|home/[a-z][a-z0-9._-]*|Users/[A-Za-z][A-Za-z0-9._-]*)/[A-Za-z0-9._]|[A-Z]:\\\\?Users\\`)
	for _, s := range []string{" /root" + "/go/pkg", "\"/home" + "/ann/src", "/Users" + "/Ann/x", "C:" + `\Users\Ann`} {
		if !home.MatchString(s) {
			t.Fatalf("%q is not seen as a home path", s)
		}
	}
	files(t, func(path string) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if m := home.Find(text); m != nil {
			t.Errorf("%s mentions %q", path, m)
		}
	})
}

// Every package opens with what it does.
func TestPackageComments(t *testing.T) {
	documented := map[string]bool{}
	files(t, func(path string) {
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "testdata") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Dir(path)
		documented[dir] = documented[dir] || len(strings.TrimSpace(file.Doc.Text())) > 40
	})
	for dir, ok := range documented {
		if !ok {
			t.Errorf("the package in %s has no comment that says what it is", dir)
		}
	}
}
