package main

import (
	"os"
	"testing"
)

// What is committed is what the tables give.
func TestGenerated(t *testing.T) {
	for name, want := range files() {
		got, err := os.ReadFile("../../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%s is not what the tables give: run go generate in wasm/upload", name)
		}
	}
}
