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
	a := &metadata{Version: "1", Codes: []code{{1, []string{"US"}}}, Regions: []region{
		{ID: "US", IDD: "011", General: &desc{Pattern: `[2-9]\d{9}`}, Mobile: &desc{Pattern: `20[12]\d{7}`}, Fixed: &desc{Pattern: `3\d{9}`, Example: "3123456789"}},
		{ID: "001", Code: 800}, {ID: "ZZ"},
	}, Short: []short{{ID: "US", Emergency: &desc{Pattern: "911"}}}}
	b := &metadata{Version: "2", Codes: []code{{1, []string{"US", "CA"}}}, Regions: []region{
		{ID: "CA"},
		{ID: "US", IDD: "00", General: &desc{Pattern: `[2-9]\d{9}`}, Mobile: &desc{Pattern: `20[23]\d{7}`}, Fixed: &desc{Pattern: `3\d{9}`, Example: "3123456780"}},
		{ID: "001", Code: 808},
	}, Short: []short{{ID: "US", Emergency: &desc{Pattern: "911|112"}}}}
	want := `1 → 2
CA: added
US: IDD "011" → "00"
US: Fixed lengths or example
US: Mobile 10,000,000 new, such as 2030000000, 10,000,000 gone, such as 2010000000
+808: added
+800: removed
ZZ: removed
US short numbers: Emergency 1 new, such as 112
+1: Regions [US] → [US CA]
`
	var w strings.Builder
	if err := difference(&w, a, b); err != nil {
		t.Fatal(err)
	}
	if w.String() != want {
		t.Errorf("got\n%s", w.String())
	}
	w.Reset()
	difference(&w, a, a)
	if w.String() != "1 → 1\nnothing changed\n" {
		t.Errorf("the same with itself: %s", w.String())
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
