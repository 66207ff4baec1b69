package main

import (
	"crypto/sha256"
	"fmt"
	"runtime"

	"sealbook/wasm"
	"sealbook/wasm/number"
)

var versionCommand = command{
	name:  "version",
	usage: []string{""},
	brief: "show what is built in",
	about: `Shows the version of libphonenumber's metadata that numbers are judged by,
and the SHA-256 of the core.wasm inside this program: the published one, which
--engine wasm runs and which the page "This page" shows.`,
	exits: [3]string{"always", "", "the output cannot be written"},
	run: func(s *session) (int, error) {
		return clean, print(s.out, fmt.Sprintf("verifier   sealbook, %s %s/%s\nmetadata   %s\ncore.wasm  sha256 %x\n",
			runtime.Version(), runtime.GOOS, runtime.GOARCH, number.MetadataVersion, sha256.Sum256(wasm.Core)))
	},
}
