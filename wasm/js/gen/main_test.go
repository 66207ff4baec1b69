package main

import (
	"os"
	"regexp"
	"testing"

	"sealbook/wasm/field"
)

// A bit or a code of contacts.wasm is the same word in JavaScript and in Go. The
// lists are read from the committed script, not from what would be written.
func TestRepairs(t *testing.T) {
	text, err := os.ReadFile("../repairs.js")
	if err != nil {
		t.Fatal(err)
	}
	list := func(name string) (words []string) {
		body := regexp.MustCompile(`(?s)export const ` + name + ` = [^\[]*\[(.*?)\]`).FindSubmatch(text)
		if body == nil {
			t.Fatalf("repairs.js has no %s", name)
		}
		for _, m := range regexp.MustCompile(`"(\w+)"`).FindAllSubmatch(body[1], -1) {
			words = append(words, string(m[1]))
		}
		return words
	}
	repairs, codes := list("REPAIRS"), list("FIELD_CODES")
	if len(repairs) != field.RepairCount || len(repairs) < 29 {
		t.Fatalf("%d repairs, not %d", len(repairs), field.RepairCount)
	}
	for i, word := range repairs {
		if want := field.Repair(i).String(); word != want {
			t.Errorf("repair %d is %s, not %s", i, word, want)
		}
	}
	if len(codes) != int(field.Rounded)+1 {
		t.Fatalf("%d codes, not %d", len(codes), field.Rounded+1)
	}
	for i, word := range codes {
		if want := field.Code(i).String(); word != want {
			t.Errorf("code %d is %s, not %s", i, word, want)
		}
	}
}

// The other files that are written from packages are what would be written.
func TestGenerated(t *testing.T) {
	for name, want := range map[string][]byte{"../repairs.js": codes(), "../repairs.d.ts": types(), "../names.d.ts": names()} {
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s is not what gen writes: run it", name)
		}
	}
}
