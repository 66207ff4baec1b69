package directory

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sealbook/wasm/oprf"
)

func readProtocol(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("PROTOCOL.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// The exchange of the text is that of the vectors, to the byte.
func TestProtocolExchange(t *testing.T) {
	v := readVectors(t)
	sent, err := ParseTranscript([]byte(v.Transcript))
	if err != nil {
		t.Fatal(err)
	}
	var e *Exchange
	for i := range sent.Exchanges {
		if sent.Exchanges[i].Request.Path == "/v2/evaluations" {
			e = &sent.Exchanges[i]
		}
	}
	var answer Bytes
	if e == nil || answer.UnmarshalText([]byte(e.Response.Body)) != nil {
		t.Fatal("no evaluation")
	}
	item := e.Items[0]
	want := fmt.Sprintf("    number     %s\n    epoch      1\n", item.Number)
	line := func(name string, b []byte) { want += fmt.Sprintf("    %-10s %s\n", name, hex.EncodeToString(b)) }
	for _, k := range v.Keys.Epochs {
		if k.Epoch == 1 {
			line("public key", k.Public)
		}
	}
	line("blind", item.Blind)
	want += fmt.Sprintf("\n    POST /v2/evaluations, %d bytes, of which the first 32\n", len(e.Request.Body))
	line("blinded", e.Request.Body[:oprf.ElementSize])
	want += fmt.Sprintf("\n    200, %d bytes, of which the first 32 and the last 64\n", len(answer))
	line("evaluated", answer[:oprf.ElementSize])
	line("proof", answer[len(answer)-oprf.ProofSize:])
	want += "\n"
	for _, d := range v.Derivations {
		if d.Number == item.Number && d.Epoch == 1 {
			line("y", d.Y)
			line("tag", d.Tag)
			line("account", d.Account)
			line("record key", d.RecordKey)
		}
	}
	if !strings.Contains(readProtocol(t), want) {
		t.Errorf("PROTOCOL.md does not have\n%s", want)
	}
}

var (
	claim = regexp.MustCompile("`([^`]+)`: ([^`]+)")
	name  = regexp.MustCompile(`"[^"]+"|\w+`)
)

// Every test that a claim names exists.
func TestProtocolClaims(t *testing.T) {
	_, table, ok := strings.Cut(readProtocol(t), "\n## Claims\n")
	if !ok {
		t.Fatal("no table of claims")
	}
	named, claims := 0, 0
	for row := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(row), "|"), "|")
		if len(cells) != 2 || strings.HasPrefix(cells[0], "-") || strings.TrimSpace(cells[1]) == "tests" {
			continue
		}
		claims++
		tests := claim.FindAllStringSubmatch(cells[1], -1)
		if len(tests) == 0 {
			t.Errorf("no test: %s", cells[0])
		}
		for _, m := range tests {
			for _, name := range name.FindAllString(m[2], -1) {
				named++
				if err := exists(m[1], name); err != nil {
					t.Errorf("%s: %v", strings.TrimSpace(cells[0]), err)
				}
			}
		}
	}
	if claims < 25 || named < 40 {
		t.Errorf("%d claims with %d tests", claims, named)
	}
}

// exists says whether a file of tests, or a folder of Go files, has a test of
// that name: a Go function, a test of node:test, or a subject of the HTTP suite.
func exists(path, name string) error {
	path = filepath.Join("../..", path)
	files := []string{path}
	if info, err := os.Stat(path); err != nil {
		return err
	} else if info.IsDir() {
		files, _ = filepath.Glob(filepath.Join(path, "*.go"))
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			return err
		}
		for _, form := range []string{"func " + name + "(t *testing.T)", "func " + name + "(f *testing.F)", "test(" + name + ",", "{" + name + ","} {
			if strings.Contains(string(b), form) {
				return nil
			}
		}
	}
	return fmt.Errorf("%s has no test %s", path, name)
}

// The table of errors is the one of the code.
func TestProtocolErrors(t *testing.T) {
	text := readProtocol(t)
	for code := range statuses {
		if code.Status() < 400 || code.Status() > 599 {
			t.Errorf("%s has status %d", code, code.Status())
		}
	}
	b, err := os.ReadFile("../../verifier/discovery/problem.go")
	if err != nil {
		t.Fatal(err)
	}
	_, errors, _ := strings.Cut(text, "\n## Errors\n")
	codes := regexp.MustCompile(`Code = "([A-Z]+)"`).FindAllStringSubmatch(string(b), -1)
	if len(codes) < 25 {
		t.Errorf("%d codes", len(codes))
	}
	for _, c := range codes {
		if !strings.Contains(errors, c[1]) {
			t.Errorf("the table of errors lacks %s", c[1])
		}
	}
}
