package main

import (
	"os"
	"strings"
	"testing"
)

// TestRows makes the rows of some regions anew; all take a minute.
func TestRows(t *testing.T) {
	table, err := os.ReadFile("../" + out)
	if err != nil {
		t.Fatal(err)
	}
	for _, region := range []string{"DE", "GB", "LU", "US"} {
		if !strings.Contains(string(table), row(region)) {
			t.Errorf("%s: go generate ./wasm/contacts/sift", region)
		}
		if list := groups(region); list == "" || !strings.Contains(string(table), "\t\""+list+"\\n\"") {
			t.Errorf("%s: groups %q; go generate ./wasm/contacts/sift", region, list)
		}
	}
}
