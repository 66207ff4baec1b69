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

// exports is all that the modules show; whoever adds to it changes what hosts
// may rely on.
var exports = map[string]map[string]string{
	"core": {
		"_initialize": "()",
		"abi":         "() i32",
		"about":       "() i32",
		"input":       "() i32",
		"records":     "() i32",
		"text":        "() i32",
		"status":      "() i32",
		"parse":       "(i32 i32 i32) i32",
		"digest":      "(i32 i32) i32",
		"hash":        "(i32 i32 i32) i32",
		"recipe":      "(i32) i32",
	},
	"blind": {
		"_initialize":  "()",
		"abi":          "() i32",
		"input":        "() i32",
		"text":         "() i32",
		"status":       "() i32",
		"search_begin": "(i32 i32 i32) i32",
		"search":       "(i64 i32) i32",
		"oprf":         "(i32 i32 i32) i32",
	},
	"format": {
		"_initialize": "()",
		"abi":         "() i32",
		"input":       "() i32",
		"text":        "() i32",
		"status":      "() i32",
		"format":      "(i32 i32) i32",
	},
}

// mostPages is the bound of their memory, in pages of 64 KiB.
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
	for name, want := range exports {
		module := wasm.Modules[name+".wasm"]
		m, err := r.CompileModule(ctx, module)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(m.ImportedFunctions()) + len(m.ImportedMemories()); n != 0 {
			t.Errorf("%s imports %d things", name, n)
		}
		got := map[string]string{}
		for name, f := range m.ExportedFunctions() {
			got[name] = signature(f)
		}
		if !maps.Equal(got, want) {
			t.Errorf("exports of %s:\n got %v\nwant %v", name, got, want)
		}
		for memory, m := range m.ExportedMemories() {
			most, bounded := m.Max()
			if memory != "memory" || !bounded || most > mostPages || m.Min() > most {
				t.Errorf("memory %q of %s has %d pages, at most %d (%v); want a bound of %d", memory, name, m.Min(), most, bounded, mostPages)
			}
		}
		layout, err := engine.Inspect(module)
		if err != nil {
			t.Fatal(err)
		}
		if len(layout.Imports) != 0 || len(layout.Exports) != len(want)+1 {
			t.Errorf("%s: %d imports and %d exports, want none and %d with the memory", name, len(layout.Imports), len(layout.Exports), len(want)+1)
		}
		t.Logf("counts: %s.wasm: %d bytes, 0 imports, %d exports", name, len(module), len(layout.Exports))
	}
}

// The manifest describes the file; ./build.sh reproduce compares the sources.
func TestManifest(t *testing.T) {
	for name := range exports {
		text, err := os.ReadFile("../../wasm/" + name + "/" + name + ".json")
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
		module := wasm.Modules[name+".wasm"]
		if got := fmt.Sprintf("%x", sha256.Sum256(module)); got != m.SHA256 || len(module) != m.Size {
			t.Errorf("%s.wasm has %d bytes and SHA-256 %s, its manifest says %d and %s", name, len(module), got, m.Size, m.SHA256)
		}
		for _, tool := range []string{"go", "llvm", "tinygo"} {
			if m.Tools[tool] == "" {
				t.Errorf("the manifest of %s does not say which %s", name, tool)
			}
		}
	}
}

// A module that is cut, changed in what it offers, or of another version is
// refused, and the error says why.
func TestRefused(t *testing.T) {
	abi := append([]byte{0x41, engine.Version}, 0x0b) // i32.const, end
	if n := bytes.Count(wasm.Core, abi); n == 0 {
		t.Fatal("no code that answers the version")
	}
	later := bytes.ReplaceAll(wasm.Core, abi, []byte{0x41, engine.Version + 1, 0x0b})
	for _, c := range []struct {
		name   string
		module []byte
		says   string
	}{
		{"empty", nil, "refused"},
		{"cut in half", wasm.Core[:len(wasm.Core)/2], "refused"},
		{"last byte missing", wasm.Core[:len(wasm.Core)-1], "refused"},
		{"an export renamed", bytes.Replace(wasm.Core, []byte("\x05parse"), []byte("\x05parsE"), 1), "parse"},
		{"another version", later, fmt.Sprintf("version %d", engine.Version+1)},
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
		if err := p.Everything(lines, 0, batch.Info|batch.Text(number.Dialled), "bereal"); err != nil {
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
