package main

import (
	"strings"
	"testing"
)

// A handle is somebody else's text: what would steer a terminal, or turn the
// direction of a line, is not written as it is.
func TestHandleText(t *testing.T) {
	for text, plain := range map[string]bool{
		"@ann": true, "Zoë 😀": true, "": true,
		"@ann\u202egnp.exe": false, "\u200f": false, "\u2066a": false, "a\u200bb": false,
		"a\x1b[2J": false, "a\nb": false, "\xff": false, "\u0085": false, "\ufeff": false,
	} {
		h, err := handleOf(text)
		if err != nil {
			t.Fatal(err)
		}
		got := handleText(h)
		if plain && got != text || !plain && (len(got) != 64 || strings.Trim(got, "0123456789abcdef") != "") {
			t.Errorf("%q is written as %q", text, got)
		}
	}
}
