package rules

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// inside names all packages of this module that a package of wasm may import.
// A package that is not here may not be imported by any that is.
var inside = map[string][]string{
	"wasm":                     {},
	"wasm/number":              {},
	"wasm/number/short":        {},
	"wasm/digest":              {},
	"wasm/recipe":              {"wasm/digest", "wasm/number"},
	"wasm/email":               {"wasm/recipe"},
	"wasm/upload":              {"wasm/recipe"},
	"wasm/ristretto":           {},
	"wasm/oprf":                {"wasm/digest", "wasm/ristretto"},
	"wasm/directory":           {"wasm/digest", "wasm/oprf", "wasm/trust"},
	"wasm/field":               {"wasm/number"},
	"wasm/contacts":            {"wasm/number/short"},
	"wasm/contacts/file":       {"wasm/contacts"},
	"wasm/contacts/sift":       {"wasm/field", "wasm/number", "wasm/number/short"},
	"wasm/capture":             {"wasm/capture/tls", "wasm/capture/unpack"},
	"wasm/capture/capturetest": {},
	"wasm/capture/file":        {"wasm/capture"},
	"wasm/capture/tls":         {"wasm/digest"},
	"wasm/capture/unpack":      {},
	"wasm/audit":               {"wasm/capture", "wasm/capture/unpack", "wasm/digest", "wasm/number", "wasm/recipe"},
	"wasm/audit/report":        {"wasm/audit", "wasm/capture"},
	"wasm/batch":               {"wasm/number", "wasm/oprf", "wasm/recipe"},
	"wasm/core":                {"wasm/batch"},
	"wasm/heap":                {},
	"wasm/reader":              {"wasm/batch", "wasm/contacts", "wasm/contacts/sift", "wasm/field", "wasm/heap", "wasm/number", "wasm/number/short"},
	"wasm/auditor":             {"wasm/audit", "wasm/audit/report", "wasm/capture", "wasm/contacts/sift", "wasm/digest", "wasm/heap", "wasm/number"},
	"wasm/edge":                {"wasm/directory", "wasm/edge/store", "wasm/number", "wasm/oprf", "wasm/trust"},
	"wasm/edge/folder":         {"wasm/edge"},
	"wasm/edge/migrations":     {},
	"wasm/edge/store":          {"wasm/directory"},
	"wasm/edge/sqlite":         {"wasm/edge/migrations", "wasm/edge/store"},
	"wasm/edge/cloudflare":     {"wasm/edge/store"},
	"wasm/edge/worker":         {"wasm/directory", "wasm/edge", "wasm/edge/cloudflare", "wasm/edge/store", "wasm/oprf"},
	"wasm/edge/worker/pack":    {},
	"wasm/edge/server":         {"site", "wasm/directory", "wasm/edge", "wasm/edge/folder", "wasm/edge/sqlite", "wasm/edge/store"},
	"wasm/trust":               {},
	"wasm/blind":               {"wasm/batch"},
	"wasm/format":              {"wasm/batch", "wasm/number"},
}

// modules are the mains that become WebAssembly modules, and the packages of
// the standard library that may be in them, however far down. Those named
// internal and runtime come with any program and are not listed.
var modules = map[string][]string{
	"wasm/core":    {"math/bits", "unicode/utf8", "unsafe"},
	"wasm/reader":  {"math/bits", "unicode", "unicode/utf8", "unsafe"},
	"wasm/blind":   {"math/bits", "unicode/utf8", "unsafe"},
	"wasm/format":  {"math/bits", "unicode/utf8", "unsafe"},
	"wasm/auditor": {"cmp", "iter", "math/bits", "slices", "unicode", "unicode/utf8", "unsafe"},
}

// generators write files for the packages above; they run at a developer's
// desk and may import what they like.
func generator(path string) bool { return strings.Contains(path, "/gen") }

type listed struct {
	ImportPath string
	Name       string
	Standard   bool
	Imports    []string
	Deps       []string
}

// build is a way to build packages.
type build int

const (
	native   build = iota // for this machine
	tiny                  // a module, by TinyGo
	standard              // a module, by the standard toolchain
)

// list runs `go list` at the root of the module, as for that build.
func list(t *testing.T, b build, args ...string) []listed {
	t.Helper()
	full := []string{"list", "-json=ImportPath,Name,Standard,Imports,Deps"}
	cmd := exec.Command("go")
	cmd.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false")
	switch b {
	case tiny:
		full = append(full, "-tags=tinygo,purego,tinygo.wasm,wasm_unknown,gc.none,scheduler.none")
		cmd.Env = append(cmd.Env, "GOOS=linux", "GOARCH=arm", "CGO_ENABLED=0")
	case standard:
		cmd.Env = append(cmd.Env, "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0")
	}
	cmd.Args = append([]string{"go"}, append(full, args...)...)
	cmd.Dir = "../.."
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	for dec := json.NewDecoder(out); ; {
		var p listed
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("go %s: %v", strings.Join(cmd.Args[1:], " "), err)
	}
	return all
}

// own is the path inside this module, "" for packages from elsewhere.
func own(path string) string {
	rest, ok := strings.CutPrefix(path, "sealbook/")
	if !ok {
		return ""
	}
	return rest
}

func TestWhoImportsWhom(t *testing.T) {
	packages := list(t, native, "./...")
	if len(packages) < 10 {
		t.Fatalf("only %d packages", len(packages))
	}
	for _, p := range packages {
		path := own(p.ImportPath)
		allowed, known := inside[path]
		if outer, _, internal := strings.Cut(path, "/internal/"); internal {
			// Part of its package, and bound by the same rule.
			allowed, known = inside[outer]
			allowed = append(slices.Clone(allowed), outer)
		}
		if strings.HasPrefix(path, "wasm/") && !known && !generator(path) {
			t.Errorf("%s has no rule; design it and add it here", path)
		}
		for _, imported := range p.Imports {
			of := own(imported)
			if of == "" {
				continue
			}
			switch {
			case strings.HasPrefix(of, "tests") && !strings.HasPrefix(path, "tests"):
				t.Errorf("%s is shipped and imports %s", path, of)
			case strings.HasPrefix(of, path+"/internal/"):
			case known && !slices.Contains(allowed, of):
				t.Errorf("%s imports %s", path, of)
			case generator(of) && !generator(path):
				t.Errorf("%s imports the generator %s", path, of)
			}
		}
	}
}

// A directory has to do with numbers in one place: where somebody registers.
func TestNumbersInRegistrationAlone(t *testing.T) {
	found := 0
	files(t, func(path string) {
		if !strings.HasPrefix(path, "../../wasm/edge/") || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imported := range file.Imports {
			if imported.Path.Value != `"sealbook/wasm/number"` {
				continue
			}
			found++
			if path != "../../wasm/edge/registration.go" {
				t.Errorf("%s imports package number", path)
			}
		}
	})
	if found == 0 {
		t.Error("no file imports package number; the rule looks in the wrong place")
	}
}

// The handler runs where there is neither a file system nor SQLite.
func TestEdgeKnowsNoPlatform(t *testing.T) {
	for _, p := range list(t, native, "./wasm/edge", "./wasm/edge/store") {
		for _, dep := range p.Deps {
			if strings.HasPrefix(dep, "modernc.org/") || dep == "os/exec" || dep == "github.com/syumai/workers" {
				t.Errorf("%s depends on %s", p.ImportPath, dep)
			}
		}
		if slices.Contains(p.Imports, "net") {
			t.Errorf("%s imports net", p.ImportPath)
		}
	}
}

func TestWhatIsInTheModules(t *testing.T) {
	for main, allowed := range modules {
		for _, b := range []build{tiny, standard} {
			for _, p := range list(t, b, "-deps", "./"+main) {
				path := p.ImportPath
				if !p.Standard && own(path) == "" {
					t.Errorf("%s holds %s, which is from elsewhere", main, path)
				}
				if !p.Standard || path == "runtime" || strings.HasPrefix(path, "runtime/") ||
					strings.HasPrefix(path, "internal/") || slices.Contains(allowed, path) {
					continue
				}
				// The linker's own wants, such as math on arm, nobody imports.
				if by := importers(t, b, main, path); len(by) > 0 {
					t.Errorf("%s holds %s, imported by %v", main, path, by)
				}
			}
		}
	}
}

// importers names the packages of main that import path themselves.
func importers(t *testing.T, b build, main, path string) (by []string) {
	for _, p := range list(t, b, "-deps", "./"+main) {
		if p.ImportPath != "runtime" && slices.Contains(p.Imports, path) {
			by = append(by, p.ImportPath)
		}
	}
	return by
}

// The list of what is allowed would be worth nothing if go list left things out.
func TestRulesCanFail(t *testing.T) {
	var found []string
	for _, p := range list(t, tiny, "-deps", "fmt") {
		found = append(found, p.ImportPath)
	}
	for _, want := range []string{"os", "reflect", "sync", "time", "errors"} {
		if !slices.Contains(found, want) {
			t.Errorf("fmt does not import %s?", want)
		}
	}
}
