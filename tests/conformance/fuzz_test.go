package conformance

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sealbook/verifier/parity"
	"sealbook/wasm/batch"
	"sealbook/wasm/number"
)

// FuzzParity looks for an input and a way to call on which the core and the
// native build differ. What it finds stays in testdata/fuzz, and runs with the
// tests from then on.
func FuzzParity(f *testing.F) {
	p, b, in := pair(f), blinders(f), parity.NewInputs(1)
	specs := parity.Specs()
	seeds := 0
	for i := range 300 {
		region := in.Region()
		f.Add(in.Append(nil, region), batch.RegionCode(region), uint32(in.Mode()), specs[i%len(specs)])
		seeds++
	}
	f.Add(in.Lines(50), uint32(0), uint32(batch.RegionPerLine|batch.Info|batch.Text(number.Digits)), "bereal")
	if seeds != 300 {
		f.Fatal("the seeds are gone")
	}
	f.Fuzz(func(t *testing.T, text []byte, region, m uint32, spec string) {
		if err := p.Everything(text, region, batch.Mode(m), spec); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Search(spec, text, region, 0, 3); err != nil {
			t.Fatal(err)
		}
	})
}

// TestFinds runs what fuzzing found in any package of the tree: each value of
// each find is an input.
func TestFinds(t *testing.T) {
	p := pair(t)
	finds, inputs := 0, 0
	for _, glob := range []string{"testdata/fuzz/*/*", "../../wasm/*/testdata/fuzz/*/*", "../../verifier/testdata/fuzz/*/*"} {
		files, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			finds++
			for _, value := range values(t, file, string(content)) {
				inputs++
				for _, region := range []string{"", "GB", "US"} {
					for _, m := range []batch.Mode{batch.Single | batch.Info | batch.Text(number.Significant), batch.RegionPerLine, batch.Text(number.E164)} {
						if err := p.Everything([]byte(value), batch.RegionCode(region), m, value); err != nil {
							t.Errorf("%s: %v", file, err)
						}
					}
				}
			}
		}
	}
	if finds < 5 {
		t.Errorf("%d finds, want at least the 5 that are named", finds)
	}
	t.Logf("counts: %d fuzz finds with %d inputs alike", finds, inputs)
}

// values reads the texts of a file in the format of Go's fuzzing: a line for
// the version, then values such as []byte("…"), string("…"), uint32(1).
func values(t *testing.T, file, content string) (texts []string) {
	lines := strings.Split(strings.TrimSpace(content), "\n")
	if lines[0] != "go test fuzz v1" {
		t.Fatalf("%s is no fuzz find", file)
	}
	for _, line := range lines[1:] {
		open := strings.IndexByte(line, '(')
		if kind := line[:max(open, 0)]; kind != "string" && kind != "[]byte" {
			continue
		}
		text, err := strconv.Unquote(strings.TrimSuffix(line[open+1:], ")"))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		texts = append(texts, text)
	}
	return texts
}
