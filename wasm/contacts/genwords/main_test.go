package main

import (
	"bytes"
	"os"
	"testing"
)

// The committed file is what the generator writes.
func TestGenerated(t *testing.T) {
	want, err := Generate("words.json")
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../words.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("words.go is not what genwords writes: run it")
	}
}
