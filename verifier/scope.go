package main

import (
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"strings"

	"sealbook/wasm/directory"
)

// scopeOf reads --scope.
func scopeOf(text string) (directory.Scope, error) {
	for _, s := range directory.Scopes() {
		if string(s) == text {
			return s, nil
		}
	}
	return "", fail("--scope is neither search nor discoverable", "")
}

func joinScopes(scopes []directory.Scope) string {
	var names []string
	for _, s := range scopes {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

// handleOf reads --handle: 64 hexadecimal digits, or a text of at most 32 bytes.
func handleOf(text string) (h [directory.HandleSize]byte, err error) {
	if raw, err := hex.DecodeString(text); err == nil && len(raw) == len(h) {
		return [directory.HandleSize]byte(raw), nil
	}
	if len(text) > len(h) {
		return h, fail("--handle is longer than 32 bytes", "64 hexadecimal digits, or a text")
	}
	copy(h[:], text)
	return h, nil
}

// forget removes a state: it is as private as the address book.
func forget(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fail("cannot remove the file of --state: "+bare(err).Error(), "")
	}
	return nil
}
