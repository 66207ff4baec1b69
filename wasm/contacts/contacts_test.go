package contacts

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// readChunks reads in pieces of the given sizes, over and over, and gives the
// rows.
func readChunks(r *Reader, o Options, text []byte, sizes ...int) []byte {
	r.Reset(o)
	var e Entry
	var out []byte
	for i := 0; len(text) > 0; i++ {
		p := text[:min(sizes[i%len(sizes)], len(text))]
		text = text[len(p):]
		for len(p) > 0 {
			p = p[r.Feed(p):]
			for r.Next(&e) {
				out = AppendRow(out, &e)
			}
		}
	}
	r.Finish()
	for r.Next(&e) {
		out = AppendRow(out, &e)
	}
	return out
}

// brief gives the rows of a text without columns, shortened to what a test
// looks at: "person line label name: text", a problem as its code.
func brief(t testing.TB, o Options, text string) []string {
	t.Helper()
	r := new(Reader)
	var out []string
	for _, row := range strings.Split(string(readChunks(r, o, []byte(text), len(text)+1)), "\n") {
		f := strings.Split(row, "\t")
		if row == "" || f[0] == "column" {
			continue
		}
		if len(f) != 8 {
			t.Fatalf("row %q has %d fields", row, len(f))
		}
		s := f[1] + " " + f[2] + " " + f[3]
		if f[5] != "" {
			s += " " + f[5]
		}
		if f[6] != "" {
			s += ": " + f[6]
		}
		out = append(out, s)
	}
	return out
}

// How a file is cut never changes what comes out: byte by byte, in odd pieces,
// and split in two all over.
func TestChunks(t *testing.T) {
	for _, name := range exports(t) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			r := new(Reader)
			want := readChunks(r, Options{}, data, len(data)+1)
			if got := readChunks(r, Options{}, data, 1); !bytes.Equal(got, want) {
				t.Fatalf("byte by byte: got %q, want %q", got, want)
			}
			if got := readChunks(r, Options{}, data, 3, 7, 1, 64); !bytes.Equal(got, want) {
				t.Fatalf("in odd pieces: got %q, want %q", got, want)
			}
			step := 1 + len(data)/100
			for i := 0; i < len(data); i += step {
				if got := readChunks(r, Options{}, data, i+1, len(data)); !bytes.Equal(got, want) {
					t.Fatalf("split at %d: got %q, want %q", i+1, got, want)
				}
			}
		})
	}
}

// Beyond the head, too.
func TestChunksLong(t *testing.T) {
	r := new(Reader)
	for _, name := range exports(t) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for len(data) < 3*headSize {
			data = append(data, data...)
		}
		want := readChunks(r, Options{}, data, len(data)+1)
		for _, sizes := range [][]int{{1}, {headSize - 1, 2, 5}, {headSize + 1, 4096}} {
			if got := readChunks(r, Options{}, data, sizes...); !bytes.Equal(got, want) {
				t.Errorf("%s in pieces of %v differs", name, sizes)
			}
		}
	}
}

func TestOptions(t *testing.T) {
	const table = "Kunde;Tel. alt;Rückruf unter\nWeiß;020 7946 0001;020 7946 0002\n"
	for _, c := range []struct {
		name string
		o    Options
		text string
		want []string
	}{
		{"column by header", Options{Number: "ruckruf UNTER"}, table, []string{"1 2  Weiß: 020 7946 0002"}},
		{"column by position", Options{Number: "3", Name: "2"}, table, []string{"1 2  020 7946 0001: 020 7946 0002"}},
		{"no such column", Options{Number: "Handy"}, table, []string{"0 1 NO_SUCH_COLUMN"}},
		{"position too high", Options{Number: "4"}, table, []string{"0 1 NO_SUCH_COLUMN"}},
		{"position without header", Options{Number: "2"}, "Ada,020 7946 0001\nBob,020 7946 0002\n", []string{"1 1  Ada: 020 7946 0001", "2 2  Bob: 020 7946 0002"}},
		{"name by position without header", Options{Number: "1", Name: "2"}, "020 7946 0001,Ada,x y\n", []string{"1 1  Ada: 020 7946 0001"}},
		{"delimiter", Options{Format: CSV, Delimiter: ';'}, "Phone;Name\n020 7946 0001;A, B, C\n", []string{"1 2 other A, B, C: 020 7946 0001"}},
		{"list by force", Options{Format: List}, "a;b\n", []string{"1 1 : a;b"}},
		{"vCard by force", Options{Format: VCard}, "TEL:020 7946 0001\n", []string{"0 1 MISSING_BEGIN", "1 1 : 020 7946 0001"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := brief(t, c.o, c.text); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Reading a longer file takes no more memory: what is allocated is for its head.
func TestMemory(t *testing.T) {
	r := new(Reader)
	e := new(Entry)
	allocated := func(data []byte) float64 {
		return testing.AllocsPerRun(3, func() {
			r.Reset(Options{Number: "", Name: ""})
			for p := data; len(p) > 0; {
				p = p[r.Feed(p):]
				for r.Next(e) {
				}
			}
			r.Finish()
			for r.Next(e) {
			}
		})
	}
	for _, name := range exports(t) {
		if filepath.Ext(name) == ".txt" || filepath.Base(name) == "vcard21-agent.vcf" {
			continue // names above numbers and agents are kept for a while
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for len(data) < 2*headSize {
			data = append(data, data...)
		}
		if once, twice := allocated(data), allocated(append(bytes.Clone(data), data...)); twice > once {
			t.Errorf("%s: %v allocations, and %v where it is twice as long", name, once, twice)
		}
	}
}

// FuzzReader: whatever the bytes, reading ends, never panics, gives valid
// one-line UTF-8, and does not depend on how the bytes are cut.
func FuzzReader(f *testing.F) {
	for _, name := range exports(f) {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, uint16(7), uint8(0))
	}
	for _, c := range badFiles {
		f.Add([]byte(c.text), uint16(3), uint8(0))
	}
	seeds := 0
	for _, folder := range []string{"cases", "formats"} {
		names, err := filepath.Glob("testdata/" + folder + "/*")
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data, uint16(11), uint8(0))
			seeds++
		}
	}
	if seeds < 160 {
		f.Errorf("%d seeds", seeds)
	}
	a, b := new(Reader), new(Reader)
	f.Fuzz(func(t *testing.T, data []byte, cut uint16, format uint8) {
		o := Options{Format: Format(format % uint8(LastFormat+1))}
		want := readChunks(a, o, data, len(data)+1)
		got := readChunks(b, o, data, int(cut)+1)
		if !bytes.Equal(got, want) {
			t.Fatalf("in pieces of %d: %q, at once: %q", cut+1, got, want)
		}
		if !utf8.Valid(got) {
			t.Fatalf("invalid UTF-8: %q", got)
		}
		for row := range bytes.Lines(got) {
			if bytes.Count(row, []byte{'\t'}) != 7 || len(row) > MaxRowText {
				t.Fatalf("bad row %q", row)
			}
			for _, c := range row {
				if c < ' ' && c != '\t' && c != '\n' {
					t.Fatalf("control character in %q", row)
				}
			}
		}
		// No more rows than bytes could make: one name for many numbers is the
		// only thing that multiplies.
		if len(got) > 4096+len(data)*(3*MaxName+64) {
			t.Fatalf("%d bytes became %d", len(data), len(got))
		}
	})
}
