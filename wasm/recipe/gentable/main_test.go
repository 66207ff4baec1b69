package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// What is committed is what recipes.json gives.
func TestGenerated(t *testing.T) {
	dir := t.TempDir()
	for _, folder := range []string{"recipe", "js"} {
		if err := os.Mkdir(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	input, err := os.ReadFile("../recipes.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "recipe/recipes.json"), input, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(filepath.Join(dir, "recipe")); err != nil {
		t.Fatal(err)
	}
	for made, committed := range map[string]string{"recipe/table.go": "../table.go", "js/recipes.js": "../../js/recipes.js"} {
		want, err := os.ReadFile(filepath.Join(dir, made))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(committed)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what recipes.json gives: run go generate in wasm/recipe", made)
		}
	}
}
