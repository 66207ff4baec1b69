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
	"_initialize", "abi", "contacts_begin", "contacts_encoding", "contacts_feed", "contacts_finish", "contacts_short",
	"field_ask", "field_choose", "guess_ask", "guess_begin", "guess_best", "guess_take", "input", "output", "status",
}

// Sizes of the module's buffers in bytes.
const (
	inputSize  = 256 << 10
	outputSize = 512 << 10
)

// native reads a file in this process, in pieces of the given sizes, over and
// over, and returns its rows and what is known of the file.
func native(o contacts.Options, data []byte, sizes ...int) []byte {
	var b []byte
	var e contacts.Entry
	r := new(contacts.Reader)
	r.Reset(o)
	drain := func() {
		for r.Next(&e) {
			b = contacts.AppendRow(b, &e)
		}
	}
	for i := 0; len(data) > 0; i++ {
		p := data[:min(sizes[i%len(sizes)], len(data))]
		data = data[len(p):]
		for len(p) > 0 {
			p = p[r.Feed(p):]
			drain()
		}
	}
	r.Finish()
	drain()
	fatal := 0
	if r.Failure() != contacts.OK {
		fatal = 1
	}
	return fmt.Appendln(b, r.People(), int(r.Format()), r.Delimiter(), int(r.Charset()), fatal)
}

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
	code, err := os.ReadFile(modulePath)
	if err != nil {
		t.Fatalf("%v (./build.sh wasm builds it)", err)
	}
	return start(t, code)
}

// start instantiates a module.
func start(t testing.TB, code []byte) *guest {
	ctx := context.Background()
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
	if max, ok := m.ExportedMemories()["memory"].Max(); !ok || max != 1024 {
		t.Errorf("memory may grow to %d pages", max)
	}
	g := load(t)
	if v := g.call("abi"); v != 2 {
		t.Errorf("abi %d", v)
	}
}

// read reads a file as native does.
func (g *guest) read(o contacts.Options, data []byte, sizes ...int) []byte {
	g.t.Helper()
	var options string
	for _, option := range [][2]string{{"number", o.Number}, {"name", o.Name}} {
		if option[1] != "" {
			options += option[0] + "\t" + option[1] + "\n"
		}
	}
	var b []byte
	if code := g.begin(int(o.Format), options); code != 0 {
		g.t.Fatalf("begin answers %d", code)
	}
	for i := 0; len(data) > 0; i++ {
		p := data[:min(sizes[i%len(sizes)], len(data), inputSize)]
		data = data[len(p):]
		for len(p) > 0 {
			n := g.feed(p)
			if n < 0 || n == 0 && g.status()[0] == 0 {
				g.t.Fatalf("feed answers %d", n)
			}
			b = append(b, g.output()...)
			p = p[n:]
		}
	}
	for more := 1; more == 1; {
		if more = g.finish(); more < 0 {
			g.t.Fatalf("finish answers %d", more)
		}
		b = append(b, g.output()...)
	}
	s := g.status()
	return fmt.Appendln(b, s[3], s[4], s[5], s[6], s[7])
}

// inputs are the exports, bad files, and random damage to them.
func inputs(t testing.TB) map[string][]byte {
	files, err := filepath.Glob("../../wasm/contacts/testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	cases, err := filepath.Glob("../../wasm/contacts/testdata/cases/*")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{"nothing": nil}
	files = append(files, cases...)
	for _, name := range files {
		if ext := filepath.Ext(name); ext == ".json" && filepath.Base(filepath.Dir(name)) != "cases" || ext == ".md" && filepath.Base(name) == "README.md" || ext == "" {
			continue
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(name)] = data
	}
	if len(all) < 130 {
		t.Fatalf("%d inputs, want 130 or more", len(all))
	}
	return all
}

func compare(t *testing.T, g *guest, what string, o contacts.Options, data []byte, sizes ...int) {
	t.Helper()
	want := native(o, data, sizes...)
	if got := g.read(o, data, sizes...); !bytes.Equal(got, want) {
		i := 0
		for i < min(len(got), len(want)) && got[i] == want[i] {
			i++
		}
		from := max(0, i-100)
		t.Fatalf("%s: wasm and native part at byte %d:\n%.200q\n%.200q", what, i, got[from:], want[from:])
	}
}

func TestParity(t *testing.T) {
	g := load(t)
	all := inputs(t)
	var names []string
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	compared := 0
	for _, name := range names {
		for format := range contacts.LastFormat + 1 {
			compare(t, g, name, contacts.Options{Format: format}, all[name], inputSize)
			compare(t, g, name, contacts.Options{Format: format, Number: "2", Name: "1"}, all[name], 1000, 1, 7)
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
		compare(t, g, "damaged", contacts.Options{Format: contacts.Format(r.IntN(int(contacts.LastFormat) + 1))}, data, 1+r.IntN(3000))
		compared++
	}
	t.Logf("%d files read alike", compared)
}

// The output fills up again and again, and nothing is lost.
func TestParityLarge(t *testing.T) {
	g := load(t)
	for _, format := range people.Formats {
		var b bytes.Buffer
		if err := people.Write(&b, people.Options{People: 20_000, Format: format, Region: "GB", Seed: 3, Photos: 500}); err != nil {
			t.Fatal(err)
		}
		compare(t, g, format, contacts.Options{}, b.Bytes(), inputSize)
	}
	long := "BEGIN:VCARD\nFN:" + strings.Repeat("é", 500) + "\n" + strings.Repeat("TEL:020 7946 0001\n", 20000) + "END:VCARD\n"
	compare(t, g, "one person", contacts.Options{}, []byte(long), inputSize)
	if size := g.m.Memory().Size(); size > 4<<20 {
		t.Errorf("memory has %d bytes", size)
	}
}

func TestFailures(t *testing.T) {
	g := load(t)
	for _, c := range []struct {
		name string
		do   func(*guest) int
		want int
	}{
		{"feed before begin", func(g *guest) int { return g.feed([]byte("x")) }, -9},
		{"finish before begin", func(g *guest) int { return g.finish() }, -9},
		{"no such format", func(g *guest) int { return g.begin(int(contacts.LastFormat)+1, "") }, -2},
		{"negative format", func(g *guest) int { return g.begin(-1, "") }, -2},
		{"unknown option", func(g *guest) int { return g.begin(0, "colour\tred") }, -3},
		{"option without value", func(g *guest) int { return g.begin(0, "number") }, -3},
		{"no such delimiter", func(g *guest) int { return g.begin(0, "delimiter\t:") }, -3},
		{"good options", func(g *guest) int { return g.begin(2, "delimiter\t\t\nnumber\tTelefon geschäftlich\nname\t1") }, 0},
		{"feed", func(g *guest) int { return g.feed([]byte("a\tb")) }, 3},
		{"finish", func(g *guest) int { return g.finish() }, 0},
		{"feed after finish", func(g *guest) int { return g.feed([]byte("x")) }, -9},
		{"finish again", func(g *guest) int { return g.finish() }, 0},
	} {
		if got := c.do(g); got != c.want {
			t.Errorf("%s: %d, not %d", c.name, got, c.want)
		}
	}
	for _, c := range [][2]uint64{{0, inputSize + 1}, {inputSize, 1}, {1 << 31, 1}, {0, 1<<32 - 1}, {1<<31 - 1, 1<<31 - 1}} {
		if got := g.call("contacts_feed", c[0], c[1]); got != -1 {
			t.Errorf("feed(%d, %d) answers %d", c[0], c[1], got)
		}
	}
	if got := g.call("contacts_begin", 0, inputSize+1); got != -1 {
		t.Errorf("begin with long options answers %d", got)
	}
}
