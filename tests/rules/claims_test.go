package rules

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	claimTests = regexp.MustCompile("`([^`]+)`: ([^`]+)")
	testName   = regexp.MustCompile(`"[^"]+"|\w+`)
	reference  = regexp.MustCompile(`\((\d[\d–, ]*)\)`)
)

// Every claim of the security document names tests, each of which exists, and
// whoever is named as an attacker is answered by claims that are there.
func TestSecurityClaims(t *testing.T) {
	b, err := os.ReadFile("../../site/SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(b), "\n## Claims\n")
	table, _, ok2 := strings.Cut(rest, "\n## ")
	if !ok || !ok2 {
		t.Fatal("no table of claims")
	}
	claims, named := 0, 0
	for row := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(row), "|"), "|")
		if len(cells) != 3 || strings.Contains(row, "---") || strings.TrimSpace(cells[1]) == "claim" {
			continue
		}
		claims++
		if strings.TrimSpace(cells[0]) != strconv.Itoa(claims) {
			t.Errorf("claim %d is numbered %s", claims, cells[0])
		}
		tests := claimTests.FindAllStringSubmatch(cells[2], -1)
		if len(tests) == 0 {
			t.Errorf("no test: %s", cells[1])
		}
		for _, m := range tests {
			for _, name := range testName.FindAllString(m[2], -1) {
				named++
				if err := testExists(m[1], name); err != nil {
					t.Errorf("claim %d: %v", claims, err)
				}
			}
		}
	}
	if claims < 20 || named < 40 {
		t.Errorf("%d claims with %d tests", claims, named)
	}
	used := 0
	for _, m := range reference.FindAllStringSubmatch(before+rest, -1) {
		for _, number := range regexp.MustCompile(`\d+`).FindAllString(m[1], -1) {
			if n, _ := strconv.Atoi(number); n < 1 || n > claims {
				t.Errorf("(%s) names no claim", m[1])
			}
			used++
		}
	}
	if used < 10 {
		t.Errorf("claims are named %d times", used)
	}
	readme, err := os.ReadFile("../../README.md")
	if err != nil || !strings.Contains(string(readme), "(site/SECURITY.md)") {
		t.Error("the README does not lead to site/SECURITY.md", err)
	}
}

// testExists says whether a folder has a test of that name: a Go function, or a test of node:test, whose name may go on.
func testExists(path, name string) error {
	path = filepath.Join("../..", path)
	var files []string
	for _, pattern := range []string{"*_test.go", "*.test.js", "*.test.mjs"} {
		more, err := filepath.Glob(filepath.Join(path, pattern))
		if err != nil {
			return err
		}
		files = append(files, more...)
	}
	bare := strings.Trim(name, `"`)
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		// The page's name is filled in by a loop.
		text := strings.ReplaceAll(string(b), "${path}", "index.html")
		for _, form := range []string{"func " + name + "(t *testing.T)", "func " + name + "(f *testing.F)", "test(" + name + ",", "onBoth(" + name + ",", "test(`" + bare, "onBoth(`" + bare} {
			if strings.Contains(text, form) {
				return nil
			}
		}
	}
	return fmt.Errorf("%s has no test %s", path, name)
}
