// Manifest writes and checks the JSON file that stands beside a built module:
// what was built, from which sources, with which tools.
//
//	manifest write MODULE COMMAND TOOL=VERSION... [+FILE...]
//	manifest check MODULE COMMAND TOOL=VERSION... [+FILE...]
//
// MODULE stands in the folder of its main package, as in wasm/core/core.wasm;
// the manifest is wasm/core/core.json. A +FILE is one that shapes the module without
// being a package's, as the target description is. Check answers with status
// 1, and says why, where module, sources or tools are not the manifest's.
//
// The digest of the sources is the SHA-256 of lines, sorted, each ended by a
// newline: "FILE sha256:HEX" for every file that the compiler reads from this
// repository, named from its root; "module PATH VERSION" for modules used from
// elsewhere; "command COMMAND"; and "tool TOOL VERSION". It needs Go, but not
// TinyGo, and does not depend on where the repository lies.
package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// tags are those that TinyGo sets for our targets, beside "gc." and the
// collector's name.
const tags = "tinygo,purego,osusergo,math_big_pure_go,scheduler.none,serial.none,tinygo.wasm,wasm_unknown,tinygo.unicore"

type manifest struct {
	File     string            `json:"file"`
	Size     int               `json:"size"`   // bytes
	SHA256   string            `json:"sha256"` // of the file, in hexadecimal
	Sources  string            `json:"sources"`
	Packages []string          `json:"packages"` // of this repository
	Tools    map[string]string `json:"tools"`
	Command  string            `json:"command"`
}

func main() {
	if len(os.Args) < 4 {
		fail(errors.New("usage: manifest write|check MODULE COMMAND TOOL=VERSION... [+FILE...]"))
	}
	module := path.Clean(os.Args[2])
	now, err := describe(module, os.Args[3], os.Args[4:])
	if err != nil {
		fail(err)
	}
	file := strings.TrimSuffix(module, ".wasm") + ".json"
	switch os.Args[1] {
	case "write":
		text, _ := json.MarshalIndent(now, "", "\t")
		err = os.WriteFile(file, append(text, '\n'), 0o644)
	case "check":
		err = check(file, now)
	default:
		err = fmt.Errorf("no word %q", os.Args[1])
	}
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func check(file string, now manifest) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var then manifest
	if err := json.Unmarshal(text, &then); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	switch {
	case then.SHA256 != now.SHA256:
		return fmt.Errorf("%s is not the file that %s describes", now.File, file)
	case then.Sources != now.Sources:
		return fmt.Errorf("%s was built from other sources", now.File)
	}
	return nil
}

func describe(module, command string, args []string) (manifest, error) {
	m := manifest{File: path.Base(module), Command: command, Tools: map[string]string{}}
	data, err := os.ReadFile(module)
	if err != nil {
		return m, err
	}
	m.Size, m.SHA256 = len(data), fmt.Sprintf("%x", sha256.Sum256(data))

	lines := []string{"command " + command}
	addFile := func(name string) error {
		text, err := os.ReadFile(name)
		lines = append(lines, fmt.Sprintf("%s sha256:%x", name, sha256.Sum256(text)))
		return err
	}
	for _, arg := range args {
		if name, ok := strings.CutPrefix(arg, "+"); ok {
			if err := addFile(name); err != nil {
				return m, err
			}
			continue
		}
		tool, version, ok := strings.Cut(arg, "=")
		if !ok {
			return m, fmt.Errorf("%q is neither TOOL=VERSION nor +FILE", arg)
		}
		m.Tools[tool] = version
		lines = append(lines, "tool "+tool+" "+version)
	}
	gc, err := collector(args)
	if err != nil {
		return m, err
	}
	packages, err := list(path.Dir(module), gc)
	if err != nil {
		return m, err
	}
	for _, p := range packages {
		if !p.Module.Main {
			lines = append(lines, "module "+p.Module.Path+" "+p.Module.Version)
			continue
		}
		m.Packages = append(m.Packages, p.ImportPath)
		folder := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, p.Module.Path), "/")
		for _, name := range slices.Concat(p.GoFiles, p.EmbedFiles) {
			if err := addFile(path.Join(folder, filepath.ToSlash(name))); err != nil {
				return m, err
			}
		}
	}
	slices.Sort(lines)
	lines = slices.Compact(lines)
	m.Sources = fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(lines, "\n")+"\n")))
	return m, nil
}

type listed struct {
	ImportPath          string
	GoFiles, EmbedFiles []string
	Module              *struct {
		Path, Version string
		Main          bool
	}
}

// collector is the name of the collector in the target description among args.
func collector(args []string) (string, error) {
	for _, arg := range args {
		if name, ok := strings.CutPrefix(arg, "+"); ok && path.Base(name) == "target.json" {
			text, err := os.ReadFile(name)
			var target struct{ GC string }
			if err == nil {
				err = json.Unmarshal(text, &target)
			}
			return target.GC, err
		}
	}
	return "", errors.New("no +FILE is a target.json")
}

// list gives the package in dir and what it imports, without the standard library.
func list(dir, gc string) ([]listed, error) {
	cmd := exec.Command("go", "list", "-deps", "-tags", tags+",gc."+gc,
		"-json=ImportPath,GoFiles,EmbedFiles,Module", "./"+dir)
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm", "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list ./%s: %w", dir, err)
	}
	var packages []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var p listed
		if err := dec.Decode(&p); err != nil {
			return nil, err
		}
		if p.Module != nil {
			packages = append(packages, p)
		}
	}
	return packages, nil
}
