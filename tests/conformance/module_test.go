package conformance

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"sealbook/verifier/engine"
	"sealbook/verifier/parity"
	"sealbook/wasm"
	"sealbook/wasm/batch"
	"sealbook/wasm/number"
)

// exports is all that core.wasm shows; whoever adds to it changes what hosts
// may rely on.
var exports = map[string]string{
	"_initialize":  "()",
	"abi":          "() i32",
	"about":        "() i32",
	"input":        "() i32",
	"records":      "() i32",
	"text":         "() i32",
	"status":       "() i32",
	"parse":        "(i32 i32 i32) i32",
	"digest":       "(i32 i32) i32",
	"hash":         "(i32 i32 i32) i32",
	"recipe":       "(i32) i32",
	"search_begin": "(i32 i32 i32) i32",
	"search":       "(i64 i32) i32",
	"oprf":         "(i32 i32 i32) i32",
}

// mostPages is the bound of the core's memory, in pages of 64 KiB.
const mostPages = 32

func signature(f api.FunctionDefinition) string {
	names := func(types []api.ValueType) (s []string) {
		for _, t := range types {
			s = append(s, api.ValueTypeName(t))
		}
		return s
	}
	return strings.TrimSpace("(" + strings.Join(names(f.ParamTypes()), " ") + ") " + strings.Join(names(f.ResultTypes()), " "))
}

func TestInterface(t *testing.T) {
	ctx := context.Background()
	r := wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfigInterpreter())
	defer r.Close(ctx)
	m, err := r.CompileModule(ctx, wasm.Core)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(m.ImportedFunctions()) + len(m.ImportedMemories()); n != 0 {
		t.Errorf("the core imports %d things", n)
	}
	got := map[string]string{}
	for name, f := range m.ExportedFunctions() {
		got[name] = signature(f)
	}
	if !maps.Equal(got, exports) {
		t.Errorf("exports:\n got %v\nwant %v", got, exports)
	}
	for name, memory := range m.ExportedMemories() {
		most, bounded := memory.Max()
		if name != "memory" || !bounded || most > mostPages || memory.Min() > most {
			t.Errorf("memory %q has %d pages, at most %d (%v); want a bound of %d", name, memory.Min(), most, bounded, mostPages)
		}
	}
	layout, err := engine.Inspect(wasm.Core)
	if err != nil {
		t.Fatal(err)
	}
	if len(layout.Imports) != 0 || len(layout.Exports) != len(exports)+1 {
		t.Errorf("%d imports and %d exports, want none and %d with the memory", len(layout.Imports), len(layout.Exports), len(exports)+1)
	}
	t.Logf("counts: core.wasm: %d bytes, 0 imports, %d exports", len(wasm.Core), len(layout.Exports))
}

// The manifest describes the file; ./build.sh reproduce compares the sources.
func TestManifest(t *testing.T) {
	text, err := os.ReadFile("../../wasm/core/core.json")
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		SHA256 string
		Size   int
		Tools  map[string]string
	}
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%x", sha256.Sum256(wasm.Core)); got != m.SHA256 || len(wasm.Core) != m.Size {
		t.Errorf("core.wasm has %d bytes and SHA-256 %s, its manifest says %d and %s", len(wasm.Core), got, m.Size, m.SHA256)
	}
	for _, tool := range []string{"go", "llvm", "tinygo"} {
		if m.Tools[tool] == "" {
			t.Errorf("the manifest does not say which %s", tool)
		}
	}
}

// A module that is cut, changed in what it offers, or of another version is
// refused, and the error says why.
func TestRefused(t *testing.T) {
	abi := append([]byte{0x41, 1}, 0x0b) // i32.const 1, end
	if n := bytes.Count(wasm.Core, abi); n == 0 {
		t.Fatal("no code that answers version 1")
	}
	version2 := bytes.ReplaceAll(wasm.Core, abi, []byte{0x41, 2, 0x0b})
	for _, c := range []struct {
		name   string
		module []byte
		says   string
	}{
		{"empty", nil, "refused"},
		{"cut in half", wasm.Core[:len(wasm.Core)/2], "refused"},
		{"last byte missing", wasm.Core[:len(wasm.Core)-1], "refused"},
		{"an export renamed", bytes.Replace(wasm.Core, []byte("\x05parse"), []byte("\x05parsE"), 1), "parse"},
		{"version 2", version2, "version 2"},
		{"page instead of module", []byte("<!doctype html>"), "refused"},
	} {
		s, err := engine.Wasm(context.Background(), c.module)
		if err == nil {
			s.Close()
		}
		var refused *engine.LoadError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// No text and no length of work makes the memory grow.
func TestMemory(t *testing.T) {
	p := pair(t)
	in := parity.NewInputs(5)
	size := engine.MemorySize(p.Got)
	if size == 0 || size > mostPages<<16 {
		t.Fatalf("the core has %d bytes of memory", size)
	}
	lines := in.Lines(20000)
	for range 10 {
		if err := p.Everything(lines, 0, batch.Info|batch.Text(number.International), "bereal"); err != nil {
			t.Fatal(err)
		}
	}
	if now := engine.MemorySize(p.Got); now != size {
		t.Errorf("memory went from %d to %d bytes", size, now)
	}
	t.Logf("counts: %d bytes of memory before and after %d items", size, p.Items)
}

// about compares what both say is built in.
func TestAbout(t *testing.T) {
	// The engine does not speak about(); the module is asked directly.
	ctx := context.Background()
	r := wazero.NewRuntime(ctx)
	defer r.Close(ctx)
	m, err := r.InstantiateWithConfig(ctx, wasm.Core, wazero.NewModuleConfig().WithStartFunctions("_initialize"))
	if err != nil {
		t.Fatal(err)
	}
	call := func(name string) uint32 {
		out, err := m.ExportedFunction(name).Call(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return uint32(out[0])
	}
	b := new(batch.Batch)
	if want, got := b.About(), int(call("about")); want != got {
		t.Fatalf("%d lines, want %d", got, want)
	}
	status, _ := m.Memory().Read(call("status"), 16)
	written := uint32(status[8]) | uint32(status[9])<<8 | uint32(status[10])<<16
	text, ok := m.Memory().Read(call("text"), written)
	if !ok || !bytes.Equal(text, b.Out[:b.Status.Written]) {
		t.Errorf("about tells other things than the native build")
	}
	if !slices.Contains(strings.Split(string(text), "\n"), "metadata\t"+number.MetadataVersion) {
		t.Error("about does not tell the metadata's version")
	}
}
