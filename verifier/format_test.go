package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sealbook/verifier/stream"
	"sealbook/wasm/number"
)

// FuzzJSONL holds the reading of lines against encoding/json.
func FuzzJSONL(f *testing.F) {
	for _, s := range []string{
		`{"input":"020 7946 0018","region":"GB"}`, ` { "region" : null , "input" : "\u002b44" } `, `{"input":"\ud83d\ude00\ud800\\\"\/\b\f\n\r\t"}`,
		`{"input":"1","input":"2"}`, `{"input":7}`, `{}`, `{"input":"1",}`, `{"input":"1"}x`, `{"input":"` + "\xff\xc3" + `"}`, `[1]`, ``, `{"a":{"input":"1"}}`,
		`{"input":"a` + "\x01" + `"}`, `{"\u0069nput":"1","region":"\u0047B"}`, `{"input":"\x"}`, `{"input":"\u12"}`, `{"region":"GB"}`, "{\"input\":\"1\"}\r",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.Contains(line, "\n") {
			return
		}
		j := &jsonl{}
		c := &stream.Chunk{In: []byte(line + "\n"), Line: 2}
		j.begin(c)
		var r row
		if !j.next(&r) || r.line != 2 {
			t.Fatal("no row")
		}
		if j.next(new(row)) {
			t.Fatal("two rows of one line")
		}
		var keys map[string]json.RawMessage
		err := json.Unmarshal([]byte(line), &keys)
		if err != nil && r.bad == "" {
			t.Fatalf("taken, but encoding/json says: %v", err)
		}
		if r.bad == "" {
			if len(keys) > 2 || len(keys) == 2 && keys["region"] == nil {
				t.Fatal("keys were not seen")
			}
			var want string
			if err := json.Unmarshal(keys["input"], &want); err != nil {
				t.Fatal(err)
			}
			if got := string(r.text); toValid(got) != want {
				t.Fatalf("text %q, encoding/json has %q", got, want)
			}
			if !bytes.Equal(keys["input"], r.input) {
				t.Fatalf("token %q, encoding/json has %q", r.input, keys["input"])
			}
		} else if err == nil && len(keys) == 1 && strings.HasPrefix(string(keys["input"]), `"`) && strings.Count(line, `":`) == 1 {
			t.Fatalf("refused: %s", r.bad)
		}
		// Whatever it was, a line of JSON comes out, and the input in it.
		out := j.number(nil, &r, &parsed{code: number.NotANumber})
		var back struct{ Input, Error *string }
		if bytes.Count(out, []byte("\n")) != 1 {
			t.Fatalf("not a line: %q", out)
		}
		if err := json.Unmarshal(out, &back); err != nil || back.Input == nil || back.Error == nil {
			t.Fatalf("%q: %v", out, err)
		}
		if r.bad != "" && *back.Input != toValid(strings.TrimSuffix(line, "\r")) {
			t.Fatalf("%q came back as %q", line, *back.Input)
		}
	})
}

// toValid does what encoding/json does to bytes that are not UTF-8.
func toValid(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		c, n := utf8.DecodeRuneInString(s)
		b.WriteRune(c)
		s = s[n:]
	}
	return b.String()
}

// FuzzCSV holds the reading of rows against encoding/csv, where that reads a
// file at all, and sees that rows come back whole wherever a chunk ends.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n", "a,b\r\n\"1\n2\",\"x\"\"y\"\r\n", "a,b\n\"open,2\n", "a,b\n\"1\"x,2\nbare\"quote,3\n", "\n\n", "a,b", ",\n,\n", "\"\"\"\",\"\n\"\n\r\n",
	} {
		f.Add(s, uint8(3))
	}
	f.Fuzz(func(t *testing.T, text string, at uint8) {
		file := &csvFile{delimiter: ',', names: []string{"a", "b"}, column: 1, region: -1}
		read := func(parts ...string) (rows []string, values [][]byte, bad int) {
			for _, part := range parts {
				if part == "" {
					continue
				}
				c := &stream.Chunk{In: []byte(part), Line: 1}
				r := &csvRows{csvFile: file}
				r.begin(c)
				var row row
				for r.next(&row) {
					rows = append(rows, string(row.raw))
					out := r.number(nil, &row, &parsed{code: number.NotANumber})
					if body, end := splitEnd(row.raw); !bytes.HasPrefix(out, body) || !bytes.HasSuffix(out, end) {
						t.Fatalf("%q became %q", row.raw, out)
					}
					if row.bad != "" {
						bad++
					} else if !row.blank {
						values = append(values, row.text)
					}
				}
			}
			return rows, values, bad
		}
		rows, values, bad := read(text)
		if strings.Join(rows, "") != text {
			t.Fatalf("rows %q are not the text", rows)
		}
		// Cut anywhere that cut allows.
		some := text[:min(int(at), len(text))]
		n := file.cut([]byte(some), false)
		if n > len(some) {
			t.Fatal("cut behind the end")
		}
		cut, _, _ := read(text[:n], text[n:])
		if strings.Join(cut, "|") != strings.Join(rows, "|") {
			t.Fatalf("cut at %d: %q, whole: %q", n, cut, rows)
		}
		std := csv.NewReader(strings.NewReader(text))
		std.FieldsPerRecord = -1
		records, err := std.ReadAll()
		if err != nil || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\r") {
			return // encoding/csv is stricter, and changes carriage returns
		}
		k := 0
		for _, record := range records {
			if len(record) != 2 {
				bad--
				continue
			}
			got := strings.ReplaceAll(string(values[k]), "\r\n", "\n")
			if got != record[1] {
				t.Fatalf("field %q, encoding/csv has %q", got, record[1])
			}
			k++
		}
		if bad != 0 || k != len(values) {
			t.Fatalf("%d bad rows too many, %d of %d values", bad, k, len(values))
		}
	})
}

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"+44 20 7946 0018": "+44 20 7946 0018",
		"\x1b[2J\a\x7f":    `\x1b[2J\x07\x7f`,
		"\xff":             `\xff`,
		"a\u202eb\u0085":   `a\u202eb\u0085`,
		"电话 \ufffd":        "电话 \ufffd",
	} {
		if got := string(appendVisible(nil, []byte(in))); got != want {
			t.Errorf("%q is shown as %q, want %q", in, got, want)
		}
	}
}

func TestReadings(t *testing.T) {
	for text, want := range map[string]int{ // bytes of the first reading; 0 for none
		"0011223344":                   5,
		"00:11:22:33:AA":               5,
		"0x00112233":                   4,
		"001122334":                    4, // half a byte at the end of a cut digest
		"001122":                       4, // as Base64
		"00112":                        0,
		"`00112233…`":                  4,
		"sha256:00112233":              4,
		"+q07EJGOObX01Q==":             10,
		"-q07EJGOObX01Q":               10,
		"%2Bq07EJGOObX01Q%3D%3D":       10,
		"+q07EJGOO":                    6, // a digit too many at the end of a cut digest
		"+q07!JGOO":                    0,
		"":                             0,
		strings.Repeat("00", 64):       64,
		strings.Repeat("00", 65):       0,
		"me@example.com":               0,
		"+44 20 7946 0018":             0,
		"ZmFhZDNiMTA5MThlMzliNWY0ZDU=": 20,
	} {
		r := newTargets([]string{text})
		got := 0
		if len(r.readings) > 0 {
			got = len(r.readings[0].bytes)
		}
		if got != want || r.useless[0] != (want == 0) {
			t.Errorf("%q: %d bytes, want %d", text, got, want)
		}
	}
}

func TestCalculations(t *testing.T) {
	all := calculations()
	members, plain := 0, 0
	for _, c := range all {
		members += len(c.members)
		if c.plain {
			plain++
		}
	}
	if members != 48 || plain != 4 {
		t.Errorf("%d published recipes of which %d do not hash, want 48 and 4", members, plain)
	}
	// 8 forms by 6 algorithms, the 4 plain ones, and those with salt or key:
	// matrix-identity-v2, threema-phone with its Base64, threema-email, and
	// observed-salted-sha256.
	if len(all) != 8*6+4+4 {
		t.Errorf("%d calculations", len(all))
	}
}

func TestProgressLine(t *testing.T) {
	p := &progress{size: 1000, rows: 1234567, unit: "rows"}
	for width, want := range map[int]string{
		80: "[###############...............]  50%  1,234,567 rows, 123,456/s, 10s left",
		60: "[#######.......]  50%  1,234,567 rows, 123,456/s, 10s left",
		20: " 50%  1,234,567 row",
		0:  "",
	} {
		if got := p.line(500, 10*time.Second, width); got != want {
			t.Errorf("width %d: %q, want %q", width, got, want)
		}
	}
	p.size = 0
	if got := p.line(500, 10*time.Second, 80); got != "1,234,567 rows, 123,456/s" {
		t.Errorf("of an unknown size: %q", got)
	}
}

// Every command has all parts of its help, in lines that fit.
func TestHelp(t *testing.T) {
	for _, c := range commands {
		help := c.help()
		for _, part := range []string{"Usage: verifier " + c.name, "\n\nExit codes:\n  0  "} {
			if !strings.Contains(help, part) {
				t.Errorf("%s: the help has no %q", c.name, part)
			}
		}
		if len(c.options) > 0 && !strings.Contains(help, "\nExamples:\n") {
			t.Errorf("%s: no examples", c.name)
		}
		for _, line := range strings.Split(help, "\n") {
			if utf8.RuneCountInString(line) > 92 || strings.TrimRight(line, " ") != line {
				t.Errorf("%s: %q", c.name, line)
			}
		}
		for _, name := range c.options {
			if findOption(name) == nil {
				t.Errorf("%s: no option %s", c.name, name)
			}
		}
	}
}
