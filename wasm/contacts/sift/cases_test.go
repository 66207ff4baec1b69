package sift_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"sealbook/wasm/contacts"
	"sealbook/wasm/contacts/file"
	"sealbook/wasm/contacts/sift"
	"sealbook/wasm/field"
)

// A contactsCase is a line of cases.jsonl: a file as people have it, with the kind
// of what is difficult about it. Want is pairs, an E.164 if it is kept or else the
// reason, and a name or null; or the code with which the file is refused. Told, where
// it is not nil, is what is said of lines: "3 BAD_LINE".
type contactsCase struct {
	Kind, Region, Lang string
	File, Text         string // a file's name, or what it holds
	Base64             []byte // … where that is no text
	Want               json.RawMessage
	Told               []string
}

func TestCases(t *testing.T) {
	const folder = "../testdata/cases/"
	lines, err := os.ReadFile(folder + "cases.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	kinds, n := map[string]int{}, 0
	for line := range bytes.Lines(lines) {
		var c contactsCase
		if err := json.Unmarshal(line, &c); err != nil {
			t.Fatal(err)
		}
		n++
		kinds[c.Kind]++
		data := append([]byte(c.Text), c.Base64...)
		if c.File != "" {
			if data, err = os.ReadFile(folder + c.File); err != nil {
				t.Fatal(err)
			}
		}
		got, told, err := readCase(data, c)
		want := string(c.Want)
		if code, ok := errors.AsType[contacts.Code](err); ok {
			got = fmt.Sprintf("%q", code.String())
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, []byte(want)); err != nil {
			t.Fatal(err)
		}
		if got != compact.String() {
			t.Errorf("%s: %s%q gives %s, want %s", c.Kind, c.File, c.Text, got, compact.String())
		}
		if c.Told != nil && !slices.Equal(told, c.Told) {
			t.Errorf("%s: %s%q tells %q, want %q", c.Kind, c.File, c.Text, told, c.Told)
		}
	}
	if n != 413 || len(kinds) != 27 {
		t.Errorf("%d cases of %d kinds", n, len(kinds))
	}
}

// readCase reads a file as the command does, and returns what was told of lines too.
func readCase(data []byte, c contactsCase) (got string, told []string, err error) {
	region, habit := c.Region, field.AnyHabit
	if region == "auto" {
		var g sift.Guess
		for e, err := range file.Read(bytes.NewReader(data), contacts.Options{}) {
			if err == nil && e.Kind == contacts.Number {
				g.Add(e.Text, string(e.Country))
			}
		}
		var hints []string
		if c.Lang != "" {
			hints = []string{c.Lang[3:5]}
		}
		found := g.Best(hints...)
		region, habit = found.Region, found.Habit
	}
	filter := sift.Filter{Region: region, Habit: habit}
	pairs := [][2]any{}
	for e, err := range file.Read(bytes.NewReader(data), contacts.Options{}) {
		if err != nil {
			return "", nil, err
		}
		if e.Kind == contacts.Problem {
			told = append(told, fmt.Sprint(e.Line, " ", e.Code))
		}
		if e.Kind != contacts.Number {
			continue
		}
		for _, f := range filter.Read(e.Text, string(e.Country)) {
			pair := [2]any{f.Reason.String(), nil}
			if f.Reason == sift.Kept {
				pair[0] = f.Number.String()
			}
			if len(e.Name) > 0 {
				pair[1] = string(e.Name)
			}
			pairs = append(pairs, pair)
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(pairs); err != nil {
		return "", nil, err
	}
	return string(bytes.TrimSpace(b.Bytes())), told, nil
}
