// Package reader proves that the committed contacts.wasm, run by wazero, gives
// the bytes that the native build of the same code gives.
package reader

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"sealbook/tests/people"
	"sealbook/wasm/contacts"
)

const modulePath = "../../wasm/reader/contacts.wasm"

// exported is the whole list; a new export is a new line here.
var exported = []string{
	"_initialize", "abi", "contacts_begin", "contacts_feed", "contacts_finish", "contacts_short", "input", "output", "status",
}

// calls is what both builds offer.
type calls interface {
	begin(format int, options string) int
	feed(p []byte) int
	finish() int
	output() []byte    // of the last call
	status() [8]uint32 // of the last call
}

// native is the code in this process.
type native struct{ s *contacts.Session }

func (n native) begin(format int, options string) int {
	return n.s.Begin(format, copy(n.s.Input[:], options))
}
func (n native) feed(p []byte) int { return n.s.Feed(0, copy(n.s.Input[:], p)) }
func (n native) finish() int       { return n.s.Finish() }
func (n native) output() []byte    { return n.s.Output[:n.s.Status[2]] }
func (n native) status() [8]uint32 { return n.s.Status }

// guest is the module under wazero.
type guest struct {
	t                testing.TB
	m                api.Module
	in, out, status_ uint32
}

func (g *guest) call(name string, args ...uint64) int {
	g.t.Helper()
	res, err := g.m.ExportedFunction(name).Call(context.Background(), args...)
	if err != nil {
		g.t.Fatalf("%s trapped: %v", name, err)
	}
	return int(int32(res[0]))
}

func (g *guest) write(p []byte) uint64 {
	if !g.m.Memory().Write(g.in, p) {
		g.t.Fatal("input outside memory")
	}
	return uint64(len(p))
}

func (g *guest) begin(format int, options string) int {
	return g.call("contacts_begin", uint64(uint32(format)), g.write([]byte(options)))
}
func (g *guest) feed(p []byte) int { return g.call("contacts_feed", 0, g.write(p)) }
func (g *guest) finish() int       { return g.call("contacts_finish") }
func (g *guest) output() []byte {
	b, ok := g.m.Memory().Read(g.out, g.status()[2])
	if !ok {
		g.t.Fatal("output outside memory")
	}
	return b
}
func (g *guest) status() (s [8]uint32) {
	b, ok := g.m.Memory().Read(g.status_, 32)
	if !ok {
		g.t.Fatal("status outside memory")
	}
	for i := range s {
		s[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return s
}

func load(t testing.TB) *guest {
	ctx := context.Background()
	code, err := os.ReadFile(modulePath)
	if err != nil {
		t.Fatalf("%v (./build.sh wasm builds it)", err)
	}
	r := wazero.NewRuntime(ctx)
	t.Cleanup(func() { r.Close(ctx) })
	m, err := r.InstantiateWithConfig(ctx, code, wazero.NewModuleConfig().WithStartFunctions("_initialize"))
	if err != nil {
		t.Fatal(err)
	}
	g := &guest{t: t, m: m}
	g.in, g.out, g.status_ = uint32(g.call("input")), uint32(g.call("output")), uint32(g.call("status"))
	return g
}

func TestInterface(t *testing.T) {
	ctx := context.Background()
	code, err := os.ReadFile(modulePath)
	if err != nil {
		t.Fatal(err)
	}
	r := wazero.NewRuntime(ctx)
	defer r.Close(ctx)
	m, err := r.CompileModule(ctx, code)
	if err != nil {
		t.Fatal(err)
	}
	if f, mem := m.ImportedFunctions(), m.ImportedMemories(); len(f)+len(mem) != 0 {
		t.Errorf("the module imports %d functions and %d memories", len(f), len(mem))
	}
	var got []string
	for name := range m.ExportedFunctions() {
		got = append(got, name)
	}
	slices.Sort(got)
	if !slices.Equal(got, exported) {
		t.Errorf("exports %q, want %q", got, exported)
	}
	if max, ok := m.ExportedMemories()["memory"].Max(); !ok || max > 32 {
		t.Errorf("memory may grow to %d pages", max)
	}
	g := load(t)
	if v := g.call("abi"); v != 1 {
		t.Errorf("abi %d", v)
	}
}

// transcript is everything a host sees when it feeds a file in pieces.
func transcript(c calls, format int, options string, data []byte, sizes []int) []byte {
	var b bytes.Buffer
	note := func(call string, answer int) {
		fmt.Fprintln(&b, call, answer, c.status())
		if answer >= 0 {
			b.Write(c.output())
		}
	}
	note("begin", c.begin(format, options))
	for i := 0; len(data) > 0; i++ {
		p := data[:min(sizes[i%len(sizes)], len(data), contacts.InputSize)]
		n := c.feed(p)
		note("feed", n)
		if n < 0 {
			break
		}
		data = data[n:]
	}
	for {
		n := c.finish()
		note("finish", n)
		if n != 1 {
			return b.Bytes()
		}
	}
}

// inputs are the exports, bad files, and random damage to them.
func inputs(t testing.TB) map[string][]byte {
	files, err := filepath.Glob("../../wasm/contacts/testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{"nothing": nil}
	for _, name := range files {
		if ext := filepath.Ext(name); ext == ".json" || ext == ".md" {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(name)] = data
	}
	if len(all) < 35 {
		t.Fatalf("%d inputs, want 35 or more", len(all))
	}
	return all
}

func compare(t *testing.T, g *guest, n native, what string, format int, options string, data []byte, sizes ...int) {
	t.Helper()
	want := transcript(n, format, options, data, sizes)
	if got := transcript(g, format, options, data, sizes); !bytes.Equal(got, want) {
		i := 0
		for i < min(len(got), len(want)) && got[i] == want[i] {
			i++
		}
		from := max(0, i-100)
		t.Fatalf("%s: wasm and native part at byte %d:\n%.200q\n%.200q", what, i, got[from:], want[from:])
	}
}

func TestParity(t *testing.T) {
	g, n := load(t), native{new(contacts.Session)}
	all := inputs(t)
	var names []string
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	compared := 0
	for _, name := range names {
		for format := range 4 {
			compare(t, g, n, name, format, "", all[name], contacts.InputSize)
			compare(t, g, n, name, format, "number\t2\nname\t1\n", all[name], 1000, 1, 7)
			compared += 2
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		data := slices.Clone(all[names[r.IntN(len(names))]])
		for range 1 + r.IntN(8) {
			if len(data) == 0 {
				break
			}
			switch at := r.IntN(len(data)); r.IntN(5) {
			case 0:
				data[at] = byte(r.Uint32())
			case 1:
				data = data[:at]
			case 2:
				data = slices.Insert(data, at, []byte("\",;\t\r\n=:\x00\xff\xfeé漢")[r.IntN(16)])
			case 3:
				data = slices.Delete(data, at, min(at+r.IntN(40), len(data)))
			case 4:
				data = slices.Insert(data, at, data[:r.IntN(min(len(data), 200))]...)
			}
		}
		compare(t, g, n, "damaged", r.IntN(4), "", data, 1+r.IntN(3000))
		compared++
	}
	t.Logf("%d transcripts equal", compared)
}

// The output fills up again and again, and nothing is lost.
func TestParityLarge(t *testing.T) {
	g, n := load(t), native{new(contacts.Session)}
	for _, format := range people.Formats {
		var b bytes.Buffer
		if err := people.Write(&b, people.Options{People: 20_000, Format: format, Region: "GB", Seed: 3, Photos: 500}); err != nil {
			t.Fatal(err)
		}
		compare(t, g, n, format, 0, "", b.Bytes(), contacts.InputSize)
	}
	long := "BEGIN:VCARD\nFN:" + strings.Repeat("é", 500) + "\n" + strings.Repeat("TEL:020 7946 0001\n", 20000) + "END:VCARD\n"
	compare(t, g, n, "one person", 0, "", []byte(long), contacts.InputSize)
	for range 2 {
		if pages := g.m.Memory().Size() >> 16; pages > 32 {
			t.Errorf("memory has %d pages", pages)
		}
	}
}

func TestFailures(t *testing.T) {
	g, n := load(t), native{new(contacts.Session)}
	for _, c := range []struct {
		name string
		do   func(calls) int
		want int
	}{
		{"feed before begin", func(c calls) int { return c.feed([]byte("x")) }, -9},
		{"finish before begin", func(c calls) int { return c.finish() }, -9},
		{"no such format", func(c calls) int { return c.begin(4, "") }, -2},
		{"negative format", func(c calls) int { return c.begin(-1, "") }, -2},
		{"unknown option", func(c calls) int { return c.begin(0, "colour\tred") }, -3},
		{"option without value", func(c calls) int { return c.begin(0, "number") }, -3},
		{"no such delimiter", func(c calls) int { return c.begin(0, "delimiter\t|") }, -3},
		{"good options", func(c calls) int { return c.begin(2, "delimiter\t\t\nnumber\tTelefon geschäftlich\nname\t1") }, 0},
		{"feed", func(c calls) int { return c.feed([]byte("a\tb")) }, 3},
		{"finish", func(c calls) int { return c.finish() }, 0},
		{"feed after finish", func(c calls) int { return c.feed([]byte("x")) }, -9},
		{"finish again", func(c calls) int { return c.finish() }, 0},
	} {
		if got := c.do(n); got != c.want {
			t.Errorf("%s: native answers %d, want %d", c.name, got, c.want)
		}
		if got := c.do(g); got != c.want {
			t.Errorf("%s: wasm answers %d, want %d", c.name, got, c.want)
		}
	}
	for _, c := range [][2]uint64{{0, contacts.InputSize + 1}, {contacts.InputSize, 1}, {1 << 31, 1}, {0, 1<<32 - 1}, {1<<31 - 1, 1<<31 - 1}} {
		if got := g.call("contacts_feed", c[0], c[1]); got != -1 {
			t.Errorf("feed(%d, %d) answers %d", c[0], c[1], got)
		}
	}
	if got := g.call("contacts_begin", 0, contacts.InputSize+1); got != -1 {
		t.Errorf("begin with long options answers %d", got)
	}
}
