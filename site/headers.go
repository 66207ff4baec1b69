package site

import (
	"fmt"
	"strings"
)

// rule is one entry of _headers: the fields that a path gets.
type rule struct {
	path   string // exact, or ending in "*"
	fields []field
}

type field struct{ name, value string }

// A Field is a header field of the list, with its path: "*" for all.
type Field struct{ Path, Name, Value string }

// Fields are those of a _headers file.
func Fields(text string) (all []Field, err error) {
	rules, err := parseRules(text)
	for _, r := range rules {
		for _, f := range r.fields {
			path := r.path
			if path == "/*" {
				path = "*"
			} else if strings.HasSuffix(path, "*") {
				return nil, fmt.Errorf("site: %s: a release has no fields for %s", HeadersFile, path)
			}
			all = append(all, Field{path, f.name, f.value})
		}
	}
	return all, err
}

// matches reports whether the rule is for a path, which begins with "/".
func (r rule) matches(path string) bool {
	if prefix, ok := strings.CutSuffix(r.path, "*"); ok {
		return strings.HasPrefix(path, prefix)
	}
	return r.path == path || r.path == "/" && path == "/index.html"
}

// parseRules reads the text of a _headers file: a path at the start of a line,
// then its fields, each on an indented line. "#" begins a comment line.
//
// A field that two matching rules set is joined by some hosts and replaced by
// others, so a list in which that could happen is refused: every field must
// stand either under "/*" or under single paths.
func parseRules(text string) ([]rule, error) {
	var rules []rule
	everywhere := map[string]bool{}
	seen := map[string]bool{}
	for i, line := range strings.Split(text, "\n") {
		trimmed := strings.TrimSpace(line)
		switch {
		case trimmed == "" || strings.HasPrefix(trimmed, "#"):
		case line[0] == '/':
			if seen[trimmed] || strings.Contains(strings.TrimSuffix(trimmed, "*"), "*") {
				return nil, fmt.Errorf("site: %s:%d: path given twice or with an inner *", HeadersFile, i+1)
			}
			seen[trimmed] = true
			rules = append(rules, rule{path: trimmed})
		default:
			name, value, ok := strings.Cut(trimmed, ": ")
			if !ok || len(rules) == 0 || line[0] != ' ' {
				return nil, fmt.Errorf("site: %s:%d: neither a path nor a field", HeadersFile, i+1)
			}
			last := &rules[len(rules)-1]
			if strings.HasSuffix(last.path, "*") {
				everywhere[name] = true
			} else if everywhere[name] {
				return nil, fmt.Errorf("site: %s:%d: %s is set for all paths already", HeadersFile, i+1, name)
			}
			last.fields = append(last.fields, field{name, value})
		}
	}
	return rules, nil
}
