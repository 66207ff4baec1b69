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
// needs. A cycle is refused: such modules could not be joined.
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
