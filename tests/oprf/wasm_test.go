package oprf_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"

	"sealbook/wasm/oprf"
)

// The module is testdata/module built by TinyGo with core.wasm's target:
//
//	tinygo build -target=wasm/core/target.json -opt=2 -panic=trap -no-debug \
//		-o tests/oprf/testdata/oprf.wasm ./tests/oprf/testdata/module
//
// testdata/oprf.sha256 is the digest of the sources that it was built from.
//
//go:embed testdata/oprf.wasm
var module []byte

// TestModuleIsFresh: the module was built from the sources of now.
func TestModuleIsFresh(t *testing.T) {
	var files []string
	for _, glob := range []string{"../../wasm/oprf/*.go", "../../wasm/ristretto/*.go",
		"../../wasm/ristretto/internal/limb/*.go", "testdata/module/*.go"} {
		found, err := filepath.Glob(glob)
		check(t, err)
		files = append(files, found...)
	}
	slices.Sort(files)
	h := sha256.New()
	n := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		content, err := os.ReadFile(file)
		check(t, err)
		h.Write(content)
		n++
	}
	if n < 20 {
		t.Errorf("%d sources", n)
	}
	want, err := os.ReadFile("testdata/oprf.sha256")
	check(t, err)
	if got := hex.EncodeToString(h.Sum(nil)); got != strings.TrimSpace(string(want)) {
		t.Errorf("testdata/oprf.wasm is of other sources: build it again and write %s into testdata/oprf.sha256", got)
	}
}

// Parts of the module's data.
const (
	key = iota
	public
	seed
	proof
	nonce
	text
	end
	random
	blinds
	blinded
	evaluated
	outputs
)

type instance struct {
	t testing.TB
	m api.Module
}

func load(t testing.TB) instance {
	t.Helper()
	ctx := context.Background()
	runtime := wazero.NewRuntime(ctx)
	t.Cleanup(func() { runtime.Close(ctx) })
	compiled, err := runtime.CompileModule(ctx, module)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(compiled.ImportedFunctions()) + len(compiled.ImportedMemories()); n != 0 {
		t.Fatalf("%d imports", n)
	}
	m, err := runtime.InstantiateModule(ctx, compiled, wazero.NewModuleConfig().WithStartFunctions("_initialize"))
	if err != nil {
		t.Fatal(err)
	}
	return instance{t, m}
}

// call answers a code and the index of an item, or -1.
func (i instance) call(name string, args ...uint64) (int, oprf.Code) {
	i.t.Helper()
	r, err := i.m.ExportedFunction(name).Call(context.Background(), args...)
	if err != nil {
		i.t.Fatal(err)
	}
	return int(uint32(r[0])>>8) - 1, oprf.Code(r[0])
}

func (i instance) must(name string, args ...uint64) {
	i.t.Helper()
	if at, code := i.call(name, args...); at != -1 || code != oprf.OK {
		i.t.Fatalf("%s: %v at %d", name, code, at)
	}
}

func (i instance) part(part int) uint32 {
	r, err := i.m.ExportedFunction("address").Call(context.Background(), uint64(part))
	if err != nil {
		i.t.Fatal(err)
	}
	return uint32(r[0])
}

func (i instance) put(part int, b []byte) {
	i.t.Helper()
	if !i.m.Memory().Write(i.part(part), b) {
		i.t.Fatal("out of memory's bounds")
	}
}

func (i instance) want(what string, part int, want []byte) {
	i.t.Helper()
	got, ok := i.m.Memory().Read(i.part(part), uint32(len(want)))
	if !ok || !bytes.Equal(got, want) {
		i.t.Errorf("%s: %x, want %x", what, got, want)
	}
}

func (i instance) inputs(in oprf.Inputs) {
	i.t.Helper()
	i.put(text, in.Text)
	var b []byte
	for _, x := range in.End {
		b = binary.LittleEndian.AppendUint32(b, x)
	}
	i.put(end, b)
}

// TestWasmRFC9497 runs the vectors in the module.
func TestWasmRFC9497(t *testing.T) {
	data, err := os.ReadFile("../vectors/rfc9497-ristretto255.json")
	check(t, err)
	var suites []struct {
		Mode                      uint64
		Seed, KeyInfo, SkSm, PkSm string
		Vectors                   []struct {
			Batch                                                   int
			Blind, BlindedElement, EvaluationElement, Input, Output string
			Proof                                                   struct{ Proof, R string }
		}
	}
	check(t, json.Unmarshal(data, &suites))
	unhex := func(s string) []byte {
		b, err := hex.DecodeString(strings.ReplaceAll(s, ",", ""))
		check(t, err)
		return b
	}
	m := load(t)
	items := 0
	for _, s := range suites {
		info := unhex(s.KeyInfo)
		m.put(seed, unhex(s.Seed))
		m.put(text, info)
		m.must("derive", s.Mode, uint64(len(info)))
		m.want("key", key, unhex(s.SkSm))
		m.must("serve", s.Mode)
		m.want("public key", public, unhex(s.PkSm))
		m.must("connect", s.Mode)
		for _, v := range s.Vectors {
			var in oprf.Inputs
			for _, item := range strings.Split(v.Input, ",") {
				in.Text = append(in.Text, unhex(item)...)
				in.End = append(in.End, uint32(len(in.Text)))
			}
			n := uint64(v.Batch)
			items += v.Batch
			m.inputs(in)
			m.put(blinds, unhex(v.Blind))
			m.put(nonce, append(unhex(v.Proof.R), make([]byte, 32)...))
			m.must("blind_with", n)
			m.want("blinded", blinded, unhex(v.BlindedElement))
			m.must("evaluate", n)
			m.want("evaluated", evaluated, unhex(v.EvaluationElement))
			if s.Mode == 1 {
				m.want("proof", proof, unhex(v.Proof.Proof))
			}
			m.must("finalize", n)
			m.want("output", outputs, unhex(v.Output))
		}
	}
	if len(suites) != 2 || items != 6 {
		t.Errorf("%d suites, %d items, want 2 and 6", len(suites), items)
	}
}

// TestWasmNative: the module gives what the native build gives, on good and on
// bad input.
func TestWasmNative(t *testing.T) {
	m := load(t)
	source := rand.NewChaCha8([32]byte{'w'})
	for _, n := range []int{1, 64, 150} {
		for mode := range uint64(2) {
			b := newBatch(t, oprf.Mode(mode), n, source)
			m.put(seed, b.seed[:])
			m.put(text, b.info)
			m.must("derive", mode, uint64(len(b.info)))
			m.want("key", key, b.key[:])
			m.must("serve", mode)
			m.must("connect", mode)
			m.inputs(b.in)
			m.put(random, b.random)
			m.put(nonce, b.nonce[:])
			m.must("blind", uint64(n))
			m.want("blinds", blinds, b.blinds)
			m.want("blinded", blinded, b.blinded)
			m.must("evaluate", uint64(n))
			m.want("evaluated", evaluated, b.evaluated)
			if mode == 1 {
				m.want("proof", proof, b.proof[:])
			}
			m.must("finalize", uint64(n))
			m.want("outputs", outputs, b.outputs)
			for range 10 {
				at := int(source.Uint64() % uint64(len(b.evaluated)))
				bit := byte(1) << (source.Uint64() % 8)
				b.evaluated[at] ^= bit
				m.put(evaluated, b.evaluated)
				one, code := b.client.Finalize(b.in, b.blinds, b.blinded, b.evaluated, &b.proof, b.outputs)
				two, same := m.call("finalize", uint64(n))
				if one != two || code != same || mode == 1 && code == oprf.OK {
					t.Errorf("bit %d of byte %d changed: %v at %d, in the module %v at %d", bit, at, code, one, same, two)
				}
				m.want("outputs", outputs, b.outputs)
				b.evaluated[at] ^= bit
			}
		}
	}
}
