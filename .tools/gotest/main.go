// Gotest runs `go test` with the arguments it is given, prints a line for each
// package, everything that failing tests say and every line with "counts: ",
// and ends with how many tests ran. A skipped test fails the run: nothing here
// may go untested because something is missing.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// event is a line of `go test -json`, as `go doc test2json` describes.
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64 // seconds
}

func main() {
	cmd := exec.Command("go", append([]string{"test", "-json", "-vet=off"}, os.Args[1:]...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
	said := map[string][]string{} // what each running test printed
	packages, passed, failed, skipped := 0, 0, 0, 0
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Println(lines.Text())
			continue
		}
		key := e.Package + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			if i := strings.Index(e.Output, "counts: "); i >= 0 {
				fmt.Println(" ", strings.TrimSpace(e.Output[i:]))
			}
			if e.Action == "build-output" {
				fmt.Print(e.Output)
			}
			said[key] = append(said[key], e.Output)
		case "pass", "fail", "skip":
			if e.Action == "fail" || e.Action == "skip" && e.Test != "" {
				fmt.Print(strings.Join(said[key], ""))
			}
			delete(said, key)
			if e.Test == "" {
				if e.Action == "skip" {
					continue // a package without tests
				}
				took := time.Duration(e.Elapsed * float64(time.Second)).Round(100 * time.Millisecond)
				fmt.Printf("%s\t%s\t%v\n", e.Action, e.Package, took)
				if e.Action == "pass" {
					packages++
				}
				continue
			}
			switch e.Action {
			case "pass":
				passed++
			case "fail":
				failed++
			case "skip":
				skipped++
			}
		}
	}
	err = cmd.Wait()
	fmt.Printf("counts: %d Go packages, %d tests passed, %d failed, %d skipped\n", packages, passed, failed, skipped)
	if err != nil || skipped > 0 || passed == 0 || lines.Err() != nil {
		os.Exit(1)
	}
}
