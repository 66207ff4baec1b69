package main

import (
	"bytes"
	"os"
	"testing"
)

// The committed file is what the generator writes.
func TestGenerated(t *testing.T) {
	want, err := Generate()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../charmap.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("charmap.go is not what gencharset writes: run it")
	}
}
