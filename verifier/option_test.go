package main

import (
	"slices"
	"strings"
	"testing"
)

// What is in the table is an option of a command, and the other way round.
func TestOptions(t *testing.T) {
	used := map[string]bool{"help": true}
	for _, c := range commands {
		for i, name := range c.options {
			used[name] = true
			if findOption(name) == nil || slices.Contains(c.options[:i], name) {
				t.Errorf("%s: --%s is there twice, or is no option", c.name, name)
			}
		}
	}
	for i, o := range optionTable {
		if !used[o.name] {
			t.Errorf("no command has --%s", o.name)
		}
		if findOption(o.name) != &optionTable[i] {
			t.Errorf("--%s is in the table twice", o.name)
		}
	}
	if len(commands) < 20 || len(optionTable) < 40 {
		t.Errorf("%d commands with %d options", len(commands), len(optionTable))
	}
}

// The help names every command that opens a connection: by an address in its usage,
// or by what it takes of a directory. Of these transcript reads files alone.
func TestWhoSends(t *testing.T) {
	var b strings.Builder
	if err := printUsage(&b); err != nil {
		t.Fatal(err)
	}
	said, _, ok := strings.Cut(b.String(), "\n\nCommands:\n")
	words := strings.FieldsFunc(said, func(r rune) bool { return r < 'a' || r > 'z' })
	if !ok || !slices.Contains(words, "witnesses") {
		t.Errorf("%q", said)
	}
	named := 0
	for _, c := range commands {
		sends := strings.Contains(strings.Join(c.usage, " "), "URL") || slices.Contains(c.options, "directory") || slices.Contains(c.options, "account")
		if c.name == "transcript" || !sends {
			continue
		}
		named++
		if !slices.Contains(words, c.name) {
			t.Errorf("the help does not say that %s opens a connection", c.name)
		}
	}
	if named != 12 {
		t.Errorf("%d commands open a connection", named)
	}
}
