package main

import (
	"slices"
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
