// Pack builds the worker into a folder, complete with all its modules, which lie
// to each other as their sources do:
//
//	go run ./wasm/edge/worker/pack -o .build/worker
//
// Option -main takes another Go program with the same entry; the tests run the
// store's cases on D1 that way.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	out := flag.String("o", ".build/worker", "the `folder`")
	program := flag.String("main", "./wasm/edge/worker", "the Go `package`")
	flag.Parse()
	if err := pack(*out, *program); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// pack must run at the root of the module.
func pack(out, program string) error {
	entry, npm := filepath.Join(out, "edge/worker"), filepath.Join(out, "js")
	for _, folder := range []string{entry, npm} {
		if err := errors.Join(os.RemoveAll(folder), os.MkdirAll(folder, 0o755)); err != nil {
			return err
		}
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("go env: %w", err)
	}
	// Go's own: it must be of the version that compiles.
	exec := filepath.Join(strings.TrimSpace(string(goroot)), "lib/wasm/wasm_exec.js")
	return errors.Join(
		compile(filepath.Join(entry, "app.wasm"), program),
		copyFile(exec, filepath.Join(entry, "wasm_exec.js")),
		copyFile("wasm/blind/blind.wasm", filepath.Join(npm, "blind.wasm")),
		copyScripts("wasm/edge/worker", entry),
		copyScripts("wasm/js", npm),
	)
}

func compile(out, program string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", out, program)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go build %s: %w", program, err)
	}
	return os.Chmod(out, 0o644)
}

func copyScripts(from, to string) error {
	names, err := fs.Glob(os.DirFS(from), "*.js")
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("no scripts in %s", from)
	}
	for _, name := range names {
		err = errors.Join(err, copyFile(filepath.Join(from, name), filepath.Join(to, name)))
	}
	return err
}

func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o644)
}
