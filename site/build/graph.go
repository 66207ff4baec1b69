package main

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// importPattern finds static imports and re-exports with their specifier. They
// begin a line in this repository, which keeps those in comments out.
var importPattern = regexp.MustCompile(`(?m)^(?:import|export)\b(?:[^;'"` + "`" + `]*?\bfrom)?\s*["']([^"']+)["']`)

// graph returns entry and every module that it imports, each after those it
// needs. A cycle is refused: worker sources could not be linked.
func graph(files folder, entry string) ([]string, error) {
	var order, open []string
	var visit func(name string) error
	visit = func(name string) error {
		if slices.Contains(order, name) {
			return nil
		}
		if slices.Contains(open, name) {
			return fmt.Errorf("%s imports itself by way of %s", name, strings.Join(open, ", "))
		}
		text, ok := files[name]
		if !ok {
			return fmt.Errorf("%s is imported by %s, but there is no such file", name, strings.Join(open, ", "))
		}
		open = append(open, name)
		for _, m := range importPattern.FindAllStringSubmatch(string(text), -1) {
			next, err := resolve(name, m[1])
			if err == nil {
				err = visit(next)
			}
			if err != nil {
				return err
			}
		}
		open = open[:len(open)-1]
		order = append(order, name)
		return nil
	}
	err := visit(entry)
	return order, err
}

// resolve returns the path that a module's specifier stands for. Only relative
// ones are allowed, so that the site works from any folder of any host.
func resolve(from, specifier string) (string, error) {
	if !strings.HasPrefix(specifier, "./") && !strings.HasPrefix(specifier, "../") {
		return "", fmt.Errorf("%s imports %q: not a relative path", from, specifier)
	}
	return path.Join(path.Dir(from), specifier), nil
}

// workerSources is the script module that carries the sources of workers, so
// that a page can start them from blob: URLs. A worker started from an http
// URL has the policy of its own response, which on a host without headers is
// none; one started from a blob: URL has the page's.
//
// The bytes are those of the files; only where one imports another stands
// "sealbook:PATH" in place of the relative path, for the page to fill in.
func workerSources(files folder, entries []string) ([]byte, error) {
	sources := [][2]string{}
	seen := map[string]bool{}
	for _, entry := range entries {
		order, err := graph(files, entry)
		if err != nil {
			return nil, err
		}
		for _, name := range order {
			if seen[name] {
				continue
			}
			seen[name] = true
			text := string(files[name])
			if strings.Contains(text, `"sealbook:`) {
				return nil, fmt.Errorf("%s holds the mark of a linked import", name)
			}
			text = importPattern.ReplaceAllStringFunc(text, func(statement string) string {
				m := importPattern.FindStringSubmatch(statement)
				next, _ := resolve(name, m[1]) // graph has resolved it before
				at := strings.LastIndex(statement, m[1])
				return statement[:at-1] + `"sealbook:` + next + `"`
			})
			sources = append(sources, [2]string{name, text})
		}
	}
	data, err := marshal(sources)
	if err != nil {
		return nil, err
	}
	return append(fmt.Appendf(nil, generated+"export default ", strings.Join(entries, ", ")+" and what they import"), data...), nil
}
