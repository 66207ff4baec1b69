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
	got, err := os.ReadFile("../countries.go")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("countries.go is not what gencountry writes: run it")
	}
}
