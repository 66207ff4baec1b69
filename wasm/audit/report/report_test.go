package report

import (
	"encoding/hex"
	"html/template"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestMoment(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		ns := r.Int64() >> r.IntN(40)
		if r.IntN(2) == 0 {
			ns = -ns
		}
		if want := time.Unix(0, ns).UTC().Format("2006-01-02T15:04:05.000Z"); ns != 0 && Moment(ns) != want {
			t.Fatalf("%d: %s, want %s", ns, Moment(ns), want)
		}
	}
	if Moment(0) != "" {
		t.Error("no time is a time")
	}
}

func TestDump(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 70 {
		p := make([]byte, n)
		for i := range p {
			p[i] = byte(r.Uint32())
		}
		h := html{}
		if h.dump(p); string(h.to) != hex.Dump(p) {
			t.Fatalf("%d bytes:\n%s\nwant\n%s", n, h.to, hex.Dump(p))
		}
	}
}

// What comes from outside never becomes markup, nor hides or turns text around.
func TestText(t *testing.T) {
	for _, text := range []string{"<script>", `" onload='x'`, "a & b", "Ada", "王小明", "line\nline"} {
		h := html{}
		if h.text(text); string(h.to) != template.HTMLEscapeString(text) {
			t.Errorf("%q became %q", text, h.to)
		}
	}
	for text, want := range map[string]string{"\x00\x1b[2J": `\x00\x1b[2J`, "\u202e": `\u202e`, "\xff": `\xff`, "\u2028": `\u2028`, "\u0085": `\u0085`} {
		h := html{}
		if h.text(text); string(h.to) != want {
			t.Errorf("%q became %q, want %q", text, h.to, want)
		}
	}
}

func TestLeaves(t *testing.T) {
	got := leaves([]byte(`{"apps":[{"id":"a \"b\"","n":4.2}],"empty":{},"on":true}`))
	if want := [][2]string{{"apps › id", `a "b"`}, {"apps › n", "4.2"}, {"on", "true"}}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := leaves([]byte(strings.Repeat("[", 100_000))); len(got) != 0 {
		t.Errorf("%q of a deep nest", got)
	}
	if got := leaves([]byte("[" + strings.Repeat("1,", 1000) + "1]")); len(got) != 100 {
		t.Errorf("%d values", len(got))
	}
}

func FuzzLeaves(f *testing.F) {
	for _, s := range []string{`{"a":[1,"x\u0000"]}`, `[[[`, `{"`, `}`, `"\`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		if got := leaves(p); len(got) > 101 {
			t.Errorf("%d values", len(got))
		}
	})
}
