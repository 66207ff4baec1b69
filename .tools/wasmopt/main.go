// Wasmopt stands where TinyGo expects Binaryen's wasm-opt. LLVM has optimised
// the module already; Binaryen would gain about 3%, and its versions differ
// from machine to machine, so that the bytes of a build would too.
//
// It changes nothing in the code. It leaves out the custom sections (names,
// producers, features), and from the list of exports four float helpers that
// TinyGo's runtime exports for C libraries, which the modules here don't have.
package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// unwanted are the exports left out.
var unwanted = map[string]bool{"fminimum": true, "fminimumf": true, "fmaximum": true, "fmaximumf": true}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error: wasm-opt stand-in:", err)
		os.Exit(1)
	}
}

// run takes TinyGo's command line: options, one input, and --output FILE.
func run(args []string) error {
	if len(args) == 1 && args[0] == "--version" { // TinyGo asks, and takes no less
		fmt.Println("wasm-opt version 102")
		return nil
	}
	var in, out string
	for i := 0; i < len(args); i++ {
		switch {
		case args[i] == "--output" && i+1 < len(args):
			i++
			out = args[i]
		case args[i] == "--asyncify":
			return errors.New("cannot asyncify; the target has no scheduler")
		case args[i] != "" && args[i][0] != '-':
			in = args[i]
		}
	}
	if in == "" || out == "" {
		return errors.New("want an input and --output FILE")
	}
	module, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	module, err = strip(module)
	if err != nil {
		return fmt.Errorf("%s: %w", in, err)
	}
	return os.WriteFile(out, module, 0o644)
}

var errCutOff = errors.New("section is cut off")

// strip follows the binary format of the WebAssembly core specification,
// section 5.5: a header of 8 bytes, then sections of one byte id (0 is custom,
// 7 exports), a length as unsigned LEB128, and that many bytes.
func strip(module []byte) ([]byte, error) {
	header := []byte("\x00asm\x01\x00\x00\x00")
	if !bytes.HasPrefix(module, header) {
		return nil, errors.New("not a WebAssembly module of version 1")
	}
	out := bytes.Clone(header)
	for rest := module[len(header):]; len(rest) > 0; {
		id := rest[0]
		body, after, err := vector(rest[1:])
		if err != nil {
			return nil, err
		}
		rest = after
		if id == 0 {
			continue
		}
		if id == 7 {
			if body, err = exports(body); err != nil {
				return nil, err
			}
		}
		out = append(out, id)
		out = binary.AppendUvarint(out, uint64(len(body)))
		out = append(out, body...)
	}
	return out, nil
}

// exports is the body of an export section without the unwanted ones: a count,
// then of each its name, one byte kind and the index as LEB128.
func exports(body []byte) ([]byte, error) {
	count, n := binary.Uvarint(body)
	if n <= 0 {
		return nil, errCutOff
	}
	var kept []byte
	left := count
	for rest := body[n:]; count > 0; count-- {
		name, after, err := vector(rest)
		if err != nil || len(after) < 2 {
			return nil, errCutOff
		}
		_, n := binary.Uvarint(after[1:])
		if n <= 0 {
			return nil, errCutOff
		}
		end := len(rest) - len(after) + 1 + n
		if unwanted[string(name)] {
			left--
		} else {
			kept = append(kept, rest[:end]...)
		}
		rest = rest[end:]
	}
	return append(binary.AppendUvarint(nil, left), kept...), nil
}

// vector splits b into the bytes whose length it begins with, and what follows.
func vector(b []byte) (body, rest []byte, err error) {
	size, n := binary.Uvarint(b)
	if n <= 0 || size > uint64(len(b)-n) {
		return nil, nil, errCutOff
	}
	return b[n : n+int(size)], b[n+int(size):], nil
}
