// Command gentable compiles libphonenumber's metadata into the tables of
// package number.
//
//	go run ./wasm/number/gentable            writes wasm/number/tables.go
//	go run ./wasm/number/gentable -diff OLD  says which regions differ from OLD
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	dir := flag.String("dir", ".", "folder of package number")
	old := flag.String("diff", "", "an older metadata.json to compare with")
	flag.Parse()
	if err := run(*dir, *old); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(dir, old string) error {
	m, err := load(filepath.Join(dir, "gentable", "metadata.json"))
	if err != nil {
		return err
	}
	if old != "" {
		was, err := load(old)
		if err != nil {
			return err
		}
		return difference(os.Stdout, was, m)
	}
	return os.WriteFile(filepath.Join(dir, "tables.go"), generate(m), 0o666)
}
