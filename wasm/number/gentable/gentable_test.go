package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// TestTables makes the tables again: they must be what the repository holds.
func TestTables(t *testing.T) {
	m, err := load("metadata.json")
	if err != nil {
		t.Fatal(err)
	}
	for file, made := range map[string][]byte{"../tables.go": generate(m), "../short/tables.go": generateShort(m)} {
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(made, want) {
			t.Errorf("%s is not what gentable makes of metadata.json: run go generate in wasm/number", file)
		}
	}
	if len(m.Codes) != 215 || len(m.Regions) != 254 || len(m.Short) != 241 {
		t.Errorf("%d codes, %d regions, %d short", len(m.Codes), len(m.Regions), len(m.Short))
	}
}

func TestDifference(t *testing.T) {
	a, err := load("metadata.json")
	if err != nil {
		t.Fatal(err)
	}
	b, err := load("metadata.json")
	if err != nil {
		t.Fatal(err)
	}
	b.Version = "next"
	b.Regions[9].IDD = "0"
	b.Regions = b.Regions[:len(b.Regions)-1]
	last := a.Regions[len(a.Regions)-1].ID
	var w strings.Builder
	if err := difference(&w, a, b); err != nil {
		t.Fatal(err)
	}
	key := a.Regions[9].ID
	if key == "001" {
		t.Fatal("choose a region with a name")
	}
	if want := a.Version + " → next\n" + key + " IDD\n" + last + " removed\n"; w.String() != want {
		t.Errorf("got %q, want %q", w.String(), want)
	}
}

// TestPatterns refuses what the metadata does not use and the compiler does not
// understand.
func TestPatterns(t *testing.T) {
	for _, bad := range []string{"a", "1+", "1*", "(1", "1)", "[1", "[^1]", "(?=1)", "1{a}", "\\w", "[2-1]"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q is understood", bad)
				}
			}()
			parsePattern(bad)
		}()
	}
}
