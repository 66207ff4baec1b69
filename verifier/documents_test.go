package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	commandLine = regexp.MustCompile("(?m)(?:`|^ {4,}(?:go run \\./)?|go run \\./)verifier ([a-z]+)([^`\n]*)")
	optionOf    = regexp.MustCompile(`(?:^| )--([a-z-]+)`)
)

// Commands that documents show are there, and have the options that are shown.
func TestDocuments(t *testing.T) {
	shown := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() && (name == "node_modules" || name == ".build" || name == "dist" || name == ".git") {
			return fs.SkipDir
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range commandLine.FindAllStringSubmatch(string(text), -1) {
			shown++
			c := findCommand(m[1])
			if c == nil {
				t.Errorf("%s: verifier has no command %s", path, m[1])
				continue
			}
			for _, o := range optionOf.FindAllStringSubmatch(m[2], -1) {
				if !slices.Contains(c.options, o[1]) {
					t.Errorf("%s: verifier %s has no --%s", path, c.name, o[1])
				}
			}
		}
		return nil
	})
	if err != nil || shown < 50 {
		t.Errorf("%d commands are shown, %v", shown, err)
	}
}

// The specification of logs names every command that checks one, and the witness.
func TestSpecificationNames(t *testing.T) {
	text, err := os.ReadFile("../wasm/trust/TRUST.md")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, c := range commands {
		if !slices.Contains(c.options, "known") && c != &witnessCommand {
			continue
		}
		named++
		if !strings.Contains(string(text), "`verifier "+c.name+"`") {
			t.Errorf("TRUST.md does not name verifier %s", c.name)
		}
	}
	if named != 7 {
		t.Errorf("%d commands", named)
	}
}
