// Command gentable compiles libphonenumber's metadata into the tables of
// package number.
//
//	go run ./wasm/number/gentable            writes wasm/number/tables.go and short/tables.go
//	go run ./wasm/number/gentable -diff OLD  says which regions differ from OLD
//	go run ./wasm/number/gentable -costs     says what takes how much room
//
// It is to be run from the repository's root, or with -dir.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	dir := flag.String("dir", "wasm/number", "folder of package number")
	old := flag.String("diff", "", "an older metadata.json to compare with")
	room := flag.Bool("costs", false, "print what takes how much room")
	flag.Parse()
	if err := run(*dir, *old, *room); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(dir, old string, room bool) error {
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
	if room {
		costs(os.Stdout, m)
		return nil
	}
	if err := os.WriteFile(filepath.Join(dir, "tables.go"), generate(m), 0o666); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "short", "tables.go"), generateShort(m), 0o666)
}
