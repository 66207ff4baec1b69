// Heap reads the optimised LLVM code of a module, as `tinygo build -o x.ll`
// writes it, and fails if anything in it takes memory from the heap, which the
// modules don't have. It says where.
//
// What append asks for when a buffer is too small is left out: with buffers
// that are large enough it never happens, but a compiler can't know. The tests
// would see it, since it traps.
package main

import (
	"bufio"
	"fmt"
	"os"
	"regexp"
	"strings"
)

var (
	call     = regexp.MustCompile(`call .*@runtime\.alloc\(.*!dbg !(\d+)`)
	metadata = regexp.MustCompile(`^!(\d+) = (?:distinct )?!(DI\w+)\((.*)\)$`)
	line     = regexp.MustCompile(`\bline: (\d+)`)
	scope    = regexp.MustCompile(`\bscope: !(\d+)`)
	inlined  = regexp.MustCompile(`\binlinedAt: !(\d+)`)
	file     = regexp.MustCompile(`\bfile: !(\d+)`)
	filename = regexp.MustCompile(`\bfilename: "([^"]*)"`)
	name     = regexp.MustCompile(`\blinkageName: "([^"]*)"`)
)

type node struct{ kind, fields string }

func (n node) get(field *regexp.Regexp) string {
	if m := field.FindStringSubmatch(n.fields); m != nil {
		return m[1]
	}
	return ""
}

func main() {
	found, err := allocations(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
	for _, where := range found {
		fmt.Println(where)
	}
	if len(found) > 0 {
		os.Exit(1)
	}
}

// allocations lists calls of the allocator, each as the function and line of
// ours that leads there.
func allocations(path string) (found []string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var calls []string // debug locations
	nodes := map[string]node{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	functions := 0
	for lines.Scan() {
		text := lines.Text()
		if strings.HasPrefix(text, "define ") {
			functions++
		}
		if m := call.FindStringSubmatch(text); m != nil {
			calls = append(calls, m[1])
		} else if strings.Contains(text, "call ") && strings.Contains(text, "@runtime.alloc(") {
			calls = append(calls, "")
		} else if m := metadata.FindStringSubmatch(text); m != nil {
			nodes[m[1]] = node{m[2], m[3]}
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if functions == 0 || len(nodes) == 0 {
		return nil, fmt.Errorf("%s is not LLVM code with debug information", path)
	}
	seen := map[string]bool{}
	for _, at := range calls {
		if where, ours := locate(nodes, at); ours && !seen[where] {
			seen[where] = true
			found = append(found, where)
		}
	}
	return found, nil
}

// locate follows the calls that were inlined, from the allocator outwards, to
// the first place outside the runtime.
func locate(nodes map[string]node, at string) (where string, ours bool) {
	if at == "" {
		return "a place without a line", true
	}
	for at != "" {
		l := nodes[at]
		s := nodes[l.get(scope)]
		for s.kind == "DILexicalBlock" || s.kind == "DILexicalBlockFile" {
			s = nodes[s.get(scope)]
		}
		switch function := s.get(name); {
		case function == "runtime.sliceAppend":
			return "", false
		case !strings.HasPrefix(function, "runtime."):
			return fmt.Sprintf("%s:%s in %s", nodes[s.get(file)].get(filename), l.get(line), function), true
		default:
			where = function
		}
		at = l.get(inlined)
	}
	// The allocation is in a function of the runtime that was not inlined, and
	// somebody calls that; append's growth ends here as well.
	return where, where != "runtime.sliceGrow" && where != "runtime.sliceAppend"
}
