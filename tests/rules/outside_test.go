package rules

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestOutside builds a worker in a module of its own, with nothing but what the
// README says: the replace line works, its program compiles, and its sizes are
// those of the table.
func TestOutside(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	readme := string(text)
	program := regexp.MustCompile("(?s)```go\n(package main\n.*?)```").FindStringSubmatch(readme)
	edit := regexp.MustCompile(`(?m)^    go (mod edit .*sealbook=)\S+$`).FindStringSubmatch(readme)
	table := regexp.MustCompile(`(?m)^\| .*? \| ([0-9,]+) \| ([0-9,]+) \|$`).FindAllStringSubmatch(readme[strings.Index(readme, "GOOS=js GOARCH=wasm go build"):], 2)
	if program == nil || edit == nil || len(table) != 2 {
		t.Fatal("the README has no program, no line that edits go.mod or no two sizes")
	}
	bare := `package main

import (
	"net/http"

	"github.com/syumai/workers"
)

func main() {
	workers.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write([]byte(r.FormValue("phone"))) }))
}
`
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	var sizes [2][2]int
	for i, source := range []string{bare, program[1]} {
		dir := t.TempDir()
		run := func(args ...string) {
			t.Helper()
			cmd := exec.Command("go", args...)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOWORK=off")
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
			}
		}
		write(t, filepath.Join(dir, "main.go"), []byte(source))
		run("mod", "init", "worker")
		args := strings.Fields(edit[1])
		args[len(args)-1] += root
		run(args...)
		// In place of go mod tidy, which asks for what only tests need: the sums of
		// what is here already.
		write(t, filepath.Join(dir, "go.sum"), sums)
		run("build", "-mod=mod", "-trimpath", "-ldflags=-s -w", "-o", "app.wasm", ".")
		built, err := os.ReadFile(filepath.Join(dir, "app.wasm"))
		if err != nil {
			t.Fatal(err)
		}
		var packed bytes.Buffer
		w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		w.Write(built)
		w.Close()
		sizes[i] = [2]int{len(built), packed.Len()}
		for j, size := range sizes[i] {
			told, err := strconv.Atoi(strings.ReplaceAll(table[i][j+1], ",", ""))
			if err != nil {
				t.Fatal(err)
			}
			if told*1000 < size*97/100 || told*1000 > size*103/100 {
				t.Errorf("the README says %d KB, it is %d bytes", told, size)
			}
		}
	}
	fmt.Printf("counts: a worker in Go outside of this module: %d bytes more with number and recipe\n", sizes[1][0]-sizes[0][0])
}

func write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
}
