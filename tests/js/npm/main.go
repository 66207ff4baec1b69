// Npm prints the SHA-256 of each file of the npm package as a release packs it,
// for the tests to hold against what npm packs. Usage: go run ./tests/js/npm VERSION
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log"
	"os"

	"sealbook/verifier/release"
)

func main() {
	files, err := release.Npm(os.DirFS("wasm/js"), os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	sums := map[string]string{}
	for name, data := range files {
		sum := sha256.Sum256(data)
		sums[name] = hex.EncodeToString(sum[:])
	}
	if err := json.NewEncoder(os.Stdout).Encode(sums); err != nil {
		log.Fatal(err)
	}
}
