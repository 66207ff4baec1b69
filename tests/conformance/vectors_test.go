package conformance

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sealbook/verifier/parity"
	"sealbook/wasm/batch"
	"sealbook/wasm/number"
)

// leastVectors is how many vectors there have to be; raise it with them.
const leastVectors = 1000

// vectors has p handle every vector of the tree, and answers how many those
// were. What is expected of a vector is checked by the package that owns it;
// here both engines have to agree on it, in every format and by several
// recipes. So any JSON will do: each of its texts is an input, with the region
// that stands beside it if one does.
func vectors(t *testing.T, p *parity.Pair) int {
	t.Helper()
	var lines []byte
	n := 0
	add := func(region, text string) {
		lines = append(append(append(append(lines, region...), '\t'), strings.ReplaceAll(text, "\n", "\r")...), '\n')
		n++
	}
	for _, file := range jsonFiles(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(text, &v); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		walk(v, "", add)
	}
	for f := range number.Significant + 1 {
		if !f.Plain() {
			continue
		}
		m := batch.Info | batch.RegionPerLine | batch.Text(f)
		if err := p.Everything(lines, 0, m, parity.Specs()[f]); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

func jsonFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, glob := range []string{"../vectors/*.json", "../../wasm/*/testdata/*.json", "../../wasm/recipe/recipes.json"} {
		found, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return files
}

// walk calls add for every text in v and the region that holds there.
func walk(v any, region string, add func(region, text string)) {
	switch v := v.(type) {
	case string:
		add(region, v)
	case float64:
		add(region, strconv.FormatFloat(v, 'f', -1, 64))
	case []any:
		for _, e := range v {
			walk(e, region, add)
		}
	case map[string]any:
		if r, ok := v["region"].(string); ok {
			region = r
		}
		if h, ok := v["hex"].(string); ok {
			// Bytes, not all of them UTF-8.
			if b, err := hex.DecodeString(h); err == nil {
				add(region, string(b))
			}
		}
		for _, e := range v {
			walk(e, region, add)
		}
	}
}

func TestVectors(t *testing.T) {
	n := vectors(t, pair(t))
	if n < leastVectors {
		t.Errorf("%d vectors, want at least %d", n, leastVectors)
	}
	t.Logf("counts: %d vectors of %d files alike", n, len(jsonFiles(t)))
}

// Every recipe, on numbers of every region and on texts as they are.
func TestRecipes(t *testing.T) {
	p, in := pair(t), parity.NewInputs(11)
	var lines []byte
	for _, region := range number.Regions() {
		space := in.Space(region)
		for range 3 {
			if space == nil {
				break
			}
			lines = fmt.Appendf(lines, "%s\t%s\n", region, space.At(in.Uint64N(space.Len())))
		}
	}
	forms := []string{"e164_plus", "digits_cc", "intl_00", "national_0", "national_nsn", "spaced_intl", "rfc3966", "email"}
	algorithms := []string{"md5", "sha1", "sha224", "sha256", "sha384", "sha512"}
	specs, known := parity.Specs(), 0
	for _, form := range forms {
		for _, algorithm := range algorithms {
			for _, encoding := range []string{"hex", "HEX", "base64", "base64url"} {
				specs = append(specs, form+"/"+algorithm+"/"+encoding, form+"/"+algorithm+"/"+encoding+"/10")
			}
		}
	}
	for _, spec := range specs {
		handle, err := p.Recipe(spec)
		if err != nil {
			t.Fatalf("%s: %v", spec, err)
		}
		if handle < 0 {
			continue
		}
		known++
		if err := p.Everything(lines, 0, batch.RegionPerLine, spec); err != nil {
			t.Fatalf("%s: %v", spec, err)
		}
	}
	if known < 100 {
		t.Errorf("only %d recipes are computed", known)
	}
	t.Logf("counts: %d recipes of %d alike, %d lines of digests", known, len(specs), p.Lines)
}
