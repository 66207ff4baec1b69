package audit

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"sealbook/wasm/capture"
)

// What a capture's writer could do to an auditor. Each has to end soon, in bounded
// work, and what was not looked at has to be told. The time is generous: it is
// there to fail on what is quadratic.
func TestHostile(t *testing.T) {
	bomb := gz(strings.Repeat("\x00", 16<<20))
	for range 2 {
		bomb = gz(strings.Repeat(bomb, 8))
	}
	nested := ada
	for range 30 {
		nested = b64(nested)
	}
	deep := ada
	for range 60 {
		deep = pb(0x0a, deep[:min(len(deep), 120)])
	}
	many := strings.Repeat(ada+",", 40_000)
	lines := strings.Repeat(strings.Repeat("QUJD", 19)+"\r\n", 20_000)
	quotes := `{"a":"` + strings.Repeat(`\"`, 1<<19) + `"}`
	for _, test := range []struct {
		name, text string
		told       string // reason, "" for none
	}{
		{"bomb in bomb", bomb, TooMuch},
		{"base64 thirty deep", nested, TooDeep},
		{"percent of percent", strings.Repeat("%25", 1<<18) + "2B", ""},
		{"protobuf sixty deep", deep, ""},
		{"one contact forty thousand times", many, TooMany},
		{"base64 in lines for megabytes", lines, ""},
		{"hexadecimal digits for a megabyte", strings.Repeat("0123456789abcdef", 1<<16), ""},
		{"digits for a megabyte", strings.Repeat("4411349606", 1<<17), ""},
		{"groups of digits for a megabyte", strings.Repeat("44 113 496 065 ", 1<<16), ""},
		{"brackets", strings.Repeat("[", 1<<20), ""},
		{"arrays of arrays", strings.Repeat("[1,2,3,4,5,6,7,8,", 1<<16), ""},
		{"at signs", strings.Repeat("a@", 1<<19), ""},
		{"names", strings.Repeat("Ada ", 1<<18), ""},
		{"salts", strings.Repeat(`"salt":"x1",`, 1<<16), ""},
		{"ampersands", strings.Repeat("&#", 1<<19), ""},
		{"equals signs", strings.Repeat("=4", 1<<19), ""},
		{"quotes", quotes, ""},
		{"zip headers", strings.Repeat("PK\x03\x04\x14\x00\x00\x00\x08\x00", 1<<16), ""},
		{"gzip magics", "\xff" + strings.Repeat("\x1f\x8b\x08\x00\x00", 1<<17), ""},
		{"zstd magics", "\xff" + strings.Repeat("\x28\xb5\x2f\xfd", 1<<17), ""},
		{"varints", strings.Repeat("\xff", 1<<20), ""},
		{"wide zeros", strings.Repeat("\x00", 1<<20), ""},
		{"UTF-16 for a megabyte", strings.Repeat("4\x00", 1<<19), ""},
		{"multipart without an end", "--x\r\nContent-Type: a\r\n\r\n" + strings.Repeat("--x\r\n", 1<<17), ""},
		{"chunks", strings.Repeat("1\r\na\r\n", 1<<17) + "0\r\n\r\n", ""},
		{"pairs", strings.Repeat("41:", 1<<18), ""},
		{"property list with a table of itself", "bplist00" + strings.Repeat("\x5f\x10\xff", 1<<16) + strings.Repeat("\x00", 32), ""},
		{"base58", strings.Repeat(strings.Repeat("z", 250)+" ", 1<<12), ""},
		{"letters without end", strings.Repeat("a", 1<<20), ""},
	} {
		began := time.Now()
		r := audit(t, Options{MaxWork: 32 << 20}, body(test.text))
		if spent := time.Since(began); spent > 30*time.Second {
			t.Errorf("%s: %v", test.name, spent)
		}
		told := ""
		for _, u := range r.Unreadable {
			told += u.Reason + " "
		}
		if test.told != "" && !strings.Contains(told, test.told) {
			t.Errorf("%s: %q, want %s", test.name, told, test.told)
		}
		if len(r.Findings) > 10_000 {
			t.Errorf("%s: %d findings", test.name, len(r.Findings))
		}
	}
}

// A part that was seen before is passed over, and only one with the same bytes.
func TestMemo(t *testing.T) {
	a := New(testBook(t), Options{})
	clean := strings.Repeat("nothing of anybody is in here, only words. ", 20)
	for i := range 3 {
		m := body(clean)
		m.Index = i
		a.Message(m)
	}
	m := body(clean + ada)
	m.Index = 3
	a.Message(m)
	m = body(clean + ada)
	m.Index = 4
	a.Message(m)
	if f := a.End().Findings; len(f) != 2 || f[0].Sent.Index != 3 || f[1].Sent.Index != 4 {
		t.Errorf("%d findings", len(f))
	}
}

// Any bytes may be a body. Findings are places in it, and none is told twice.
func FuzzAudit(f *testing.F) {
	for _, s := range []string{ada, `{"a":"` + b64(gz(ada)) + `"}`, "\x08" + varint(441134960654), hx(sha(ada)), "a=%2B44+113+496+0654&b=1", "bplist00", zl(ada), deflate(ada), u16(ada, binary.LittleEndian),
		"--x\r\nContent-Type: a\r\n\r\n+441134960654\r\n--x--", "5\r\n+4411\r\n8\r\n34960654\r\n0\r\n\r\n", "[43,52,52,49,49,51]", "4.41134960654e11", "PK\x03\x04", "=2B=34", "&#43;44", "eyJhIjoxfQ.eyJhIjoxfQ."} {
		f.Add([]byte(s))
	}
	book := testBook(f)
	f.Fuzz(func(t *testing.T, p []byte) {
		a := New(book, Options{MaxWork: 4 << 20})
		a.Message(&capture.Message{Parts: []capture.Part{{Place: capture.Body, Bytes: bytes.Clone(p)}}})
		seen := map[string]bool{}
		for _, f := range a.End().Findings {
			if f.Start < 0 || f.End < f.Start || f.At < 0 || f.At > len(f.Context) || f.Certainty < Possible || f.Certainty > Certain {
				t.Fatalf("%+v", f)
			}
			key := fmt.Sprint(f.Contact, f.Kind, f.Chain, f.Start, f.End, f.Value, f.top)
			if seen[key] {
				t.Fatalf("twice: %s", key)
			}
			seen[key] = true
		}
	})
}
