package reader

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"sealbook/wasm/contacts"
	"sealbook/wasm/heap"
)

// hoard is JSON that wants to be kept as long as possible: one person with many
// numbers, parted by people who end before that one does.
func hoard(numbers int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"name":"Ines Field"`)
	for i := range numbers {
		fmt.Fprintf(&b, `,"phones%d":["020 7946 0018 %s"]`, i, strings.Repeat("x", i%40))
		if i%1000 == 999 {
			b.WriteString(`,"contacts":[{"name":"Tom Reed","phone":"020 7946 0019"}]`)
		}
	}
	b.WriteString("}")
	return b.Bytes()
}

// No file that we know of makes the reader keep as much as it may: each of its
// parts is bounded.
func TestHoards(t *testing.T) {
	g := load(t)
	for name, file := range map[string][]byte{
		"numbers of one person": hoard(50_000),
		"deep lists":            []byte(strings.Repeat(`[["020 7946 0018",{"name":"x","phone":[`, 20_000)),
		"open elements":         []byte("<vcards>" + strings.Repeat("<vcard><fn>Ines Field</fn><tel>020 7946 0018</tel><group>", 20_000)),
		"agents":                []byte(strings.Repeat("BEGIN:VCARD\nAGENT:\nTEL:020 7946 0018\n", 20_000)),
		"keys":                  []byte("{" + strings.Repeat(`"`+strings.Repeat("k", 60_000)+`":{`, 100)),
		"one cell":              []byte("Name,Phone\n\"" + strings.Repeat("020 7946 0018\n", 100_000)),
	} {
		if got := g.begin(0, ""); got != 0 {
			t.Fatalf("%s: begin answers %d", name, got)
		}
		for rest := file; len(rest) > 0; {
			taken := g.feed(rest[:min(len(rest), inputSize)])
			if taken < 0 {
				t.Fatalf("%s: feed answers %d", name, taken)
			}
			rest = rest[taken:]
		}
		for g.finish() == 1 {
		}
		if size := g.m.Memory().Size(); size > heap.Limit {
			t.Errorf("%s: memory has %d bytes", name, size)
		}
	}
}

// lowered is the module with a limit of 2 MiB instead of heap.Limit, which no file
// reaches: the constant stands in its code.
func lowered(t *testing.T) []byte {
	code, err := os.ReadFile(modulePath)
	if err != nil {
		t.Fatal(err)
	}
	if heap.Limit != 32<<20 {
		t.Fatal("another limit: encode it below")
	}
	for _, patch := range [...]struct{ from, to string }{
		{"\x3f\x00\x41\x81\x04\x49", "\x3f\x00\x41\x81\x00\x49"}, // memory.size < 513 pages: nothing to count yet
		{"\x42\x81\x80\x80\x10", "\x42\x81\x80\x80\x01"},         // in use < i64.const 32 MiB + 1
	} {
		if n := bytes.Count(code, []byte(patch.from)); n < 1 || n > 2 {
			t.Fatalf("%x stands in the code %d times", patch.from, n)
		}
		code = bytes.ReplaceAll(code, []byte(patch.from), []byte(patch.to))
	}
	return code
}

// TestMemory reaches the limit: the module answers MEMORY and drops the file, goes
// on to answer by codes, and another instance of it reads the next file.
func TestMemory(t *testing.T) {
	code := lowered(t)
	small := []byte("BEGIN:VCARD\nFN:Ines Field\nTEL:020 7946 0018\nEND:VCARD\n")
	want := native(contacts.Options{}, small, len(small))
	for range 2 {
		g := start(t, code)
		g.begin(0, "")
		if got := g.feed(small); got != len(small) {
			t.Fatalf("feed answers %d", got)
		}
		out := bytes.Clone(g.output())
		if got := g.finish(); got != 0 {
			t.Fatalf("finish answers %d", got)
		}
		if out = append(out, g.output()...); len(out) == 0 || !bytes.HasPrefix(want, out) {
			t.Errorf("a small file gives %q, want %q", out, want)
		}
		g.begin(0, "")
		answer := 0
		for rest := hoard(16_000); len(rest) > 0; rest = rest[answer:] {
			if answer = g.feed(rest[:min(len(rest), inputSize)]); answer < 0 {
				break
			}
		}
		if answer != -10 {
			t.Fatalf("feed answers %d, memory has %d bytes", answer, g.m.Memory().Size())
		}
		if got := g.feed(small); got != -9 {
			t.Errorf("feed goes on with %d", got)
		}
		if got := g.finish(); got != -9 {
			t.Errorf("finish goes on with %d", got)
		}
		if got := g.begin(0, ""); got != 0 {
			t.Errorf("begin answers %d", got)
		}
		if got := g.feed(small); got != len(small) && got != -10 {
			t.Errorf("the next file: feed answers %d", got)
		}
		if size := g.m.Memory().Size(); size > heap.Limit+heap.Spare {
			t.Errorf("memory has %d bytes", size)
		}
	}
}
