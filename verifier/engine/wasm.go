package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"sealbook/wasm/batch"
)

// Interface is what a module of this version exports beside its memory, with
// the signatures in the notation of [Item].
var Interface = map[string]string{
	"_initialize":  "()",
	"abi":          "() → i32",
	"about":        "() → i32",
	"input":        "() → i32",
	"records":      "() → i32",
	"text":         "() → i32",
	"status":       "() → i32",
	"parse":        "(i32, i32, i32) → i32",
	"digest":       "(i32, i32) → i32",
	"hash":         "(i32, i32, i32) → i32",
	"recipe":       "(i32) → i32",
	"search_begin": "(i32, i32, i32) → i32",
	"search":       "(i64, i32) → i32",
	"oprf":         "(i32, i32, i32) → i32",
}

// Most memory an instance may have, in pages of 64 KiB.
const (
	maxPages     = 64   // 4 MiB
	maxPagesWASI = 4096 // 256 MiB: the standard runtime has a collected heap
)

// Wasm is the source of engines that are instances of a core module, compiled
// once. A module that is truncated, malformed, has imports, lacks an export or
// speaks another version is refused with a [LoadError]. That a module is the
// published one is not known here: compare its SHA-256.
//
// A call under way stops when ctx is done, if ctx ever can be: for modules
// that are not trusted to return. It makes them some four times slower, so pass
// context.Background() for one that is.
func Wasm(ctx context.Context, module []byte) (Source, error) {
	return load(ctx, module, false)
}

// WASI is Wasm for a build of the core by the standard Go toolchain
// (GOOS=wasip1), whose runtime imports wasi_snapshot_preview1. It is given no
// files, arguments, environment or real clock. For comparing builds only.
func WASI(ctx context.Context, module []byte) (Source, error) {
	return load(ctx, module, true)
}

func load(ctx context.Context, module []byte, wasi bool) (Source, error) {
	layout, err := Inspect(module)
	if err != nil {
		return nil, err
	}
	if err := check(layout, wasi); err != nil {
		return nil, err
	}
	pages := uint32(maxPages)
	if wasi {
		pages = maxPagesWASI
	}
	config := wazero.NewRuntimeConfig().
		WithMemoryLimitPages(pages).
		WithDebugInfoEnabled(false).
		WithCloseOnContextDone(ctx.Done() != nil)
	s := &wasmSource{ctx: ctx, runtime: wazero.NewRuntimeWithConfig(ctx, config)}
	if wasi {
		_, err = wasi_snapshot_preview1.Instantiate(ctx, s.runtime)
	}
	if err == nil {
		s.compiled, err = s.runtime.CompileModule(ctx, module)
	}
	if err != nil {
		s.Close()
		return nil, refuse(Malformed, "%v", err)
	}
	// The first instance shows whether the module starts and what it speaks.
	e, err := s.New()
	if err != nil {
		s.Close()
		return nil, err
	}
	s.spare = e
	return s, nil
}

// check compares what a module imports and exports with the interface.
func check(l *Layout, wasi bool) error {
	for _, i := range l.Imports {
		if !wasi || i.Module != wasi_snapshot_preview1.ModuleName {
			return refuse(Imports, "it imports %d things, the first of them %s %q from %q; the core imports nothing", len(l.Imports), i.Kind, i.Name, i.Module)
		}
	}
	have := make(map[string]Item)
	for _, e := range l.Exports {
		have[e.Name] = e
	}
	if have["memory"].Kind != "memory" {
		return refuse(Exports, "it exports no memory")
	}
	for name, signature := range Interface {
		switch e, ok := have[name]; {
		case !ok || e.Kind != "func":
			return refuse(Exports, "it exports no function %s", name)
		case e.Type != signature:
			return refuse(Exports, "its %s is %s and not %s", name, e.Type, signature)
		}
	}
	return nil
}

type wasmSource struct {
	ctx      context.Context
	runtime  wazero.Runtime
	compiled wazero.CompiledModule

	mu    sync.Mutex
	spare Engine // the instance that load made, until the first New
}

func (s *wasmSource) String() string { return "wasm" }

func (s *wasmSource) Close() error { return s.runtime.Close(context.WithoutCancel(s.ctx)) }

func (s *wasmSource) New() (Engine, error) {
	s.mu.Lock()
	spare := s.spare
	s.spare = nil
	s.mu.Unlock()
	if spare != nil {
		return spare, nil
	}
	// Without a name any number of instances may live side by side.
	m, err := s.runtime.InstantiateModule(s.ctx, s.compiled, wazero.NewModuleConfig().WithName("").WithStartFunctions())
	if err != nil {
		return nil, refuse(Broken, "it cannot be instantiated: %v", err)
	}
	e, err := s.start(m)
	if err != nil {
		m.Close(context.WithoutCancel(s.ctx))
		return nil, err
	}
	return e, nil
}

// start readies an instance and finds its buffers.
func (s *wasmSource) start(m api.Module) (*wasmEngine, error) {
	e := &wasmEngine{ctx: s.ctx, module: m}
	if _, err := m.ExportedFunction("_initialize").Call(s.ctx); err != nil {
		return nil, refuse(Broken, "it fails as it starts: %v", first(err))
	}
	e.about = m.ExportedFunction("about")
	e.parse, e.digest, e.hash = m.ExportedFunction("parse"), m.ExportedFunction("digest"), m.ExportedFunction("hash")
	e.recipe, e.begin, e.search = m.ExportedFunction("recipe"), m.ExportedFunction("search_begin"), m.ExportedFunction("search")
	e.oprf = m.ExportedFunction("oprf")

	version, err := e.call(m.ExportedFunction("abi"))
	if err != nil {
		return nil, refuse(Broken, "it fails as it starts: %v", err)
	}
	if version != Version {
		return nil, refuse(Wrong, "it speaks version %d of the interface, this program speaks %d", version, Version)
	}
	for _, b := range []struct {
		name string
		at   *uint32
		size uint32
	}{
		{"input", &e.inputAt, batch.InputSize},
		{"records", &e.recordsAt, batch.MaxItems * batch.RecordSize},
		{"text", &e.textAt, batch.TextSize},
		{"status", &e.statusAt, 16},
	} {
		at, err := e.call(m.ExportedFunction(b.name))
		if err != nil {
			return nil, refuse(Broken, "it fails as it starts: %v", err)
		}
		*b.at = uint32(at)
		if _, ok := m.Memory().Read(*b.at, b.size); !ok {
			return nil, refuse(Broken, "its buffer %s lies outside its memory", b.name)
		}
	}
	return e, nil
}

type wasmEngine struct {
	ctx    context.Context
	module api.Module
	stack  [3]uint64 // arguments and answer of a call

	about, parse, digest, hash, recipe, begin, search, oprf api.Function

	inputAt, recordsAt, textAt, statusAt uint32
}

// view is a buffer of the instance. Start saw that it lies within the memory,
// which never shrinks.
func (e *wasmEngine) view(at, size uint32) []byte {
	b, _ := e.module.Memory().Read(at, size)
	return b
}

func (e *wasmEngine) Input() []byte        { return e.view(e.inputAt, batch.InputSize) }
func (e *wasmEngine) Text() []byte         { return e.view(e.textAt, batch.TextSize) }
func (e *wasmEngine) Status() batch.Status { return readStatus(e.view(e.statusAt, 16)) }
func (e *wasmEngine) Close() error         { return e.module.Close(context.WithoutCancel(e.ctx)) }

func (e *wasmEngine) Records() []byte {
	return e.view(e.recordsAt, batch.MaxItems*batch.RecordSize)
}

// MemorySize is the linear memory of e in bytes; 0 for a native engine.
func MemorySize(e Engine) int {
	if w, ok := e.(*wasmEngine); ok {
		return int(w.module.Memory().Size())
	}
	return 0
}

func (e *wasmEngine) About() (int, error) {
	n, err := e.call(e.about)
	return e.counted(n, err, batch.TextSize)
}

func (e *wasmEngine) Parse(length int, region uint32, mode batch.Mode) (int, error) {
	n, err := e.call(e.parse, uint64(uint32(length)), uint64(region), uint64(mode))
	return e.counted(n, err, batch.MaxItems)
}

func (e *wasmEngine) Digest(recipe, first int) (int, error) {
	n, err := e.call(e.digest, uint64(uint32(recipe)), uint64(uint32(first)))
	return e.counted(n, err, batch.MaxItems)
}

func (e *wasmEngine) Hash(length, recipe int, mode batch.Mode) (int, error) {
	n, err := e.call(e.hash, uint64(uint32(length)), uint64(uint32(recipe)), uint64(mode))
	return e.counted(n, err, batch.MaxItems)
}

func (e *wasmEngine) Recipe(length int) (int, error) {
	return answered(e.call(e.recipe, uint64(uint32(length))))
}

func (e *wasmEngine) SearchBegin(length int, region uint32, recipe int) (uint64, error) {
	if _, err := answered(e.call(e.begin, uint64(uint32(length)), uint64(region), uint64(uint32(recipe)))); err != nil {
		return 0, err
	}
	return size(e.Status()), nil
}

func (e *wasmEngine) Search(from uint64, count int) (bool, error) {
	n, err := e.call(e.search, from, uint64(uint32(count)))
	n, err = e.counted(n, err, 1)
	return n != 0, err
}

func (e *wasmEngine) OPRF(step batch.Step, n, length int) (int, error) {
	n, err := e.call(e.oprf, uint64(uint32(step)), uint64(uint32(n)), uint64(uint32(length)))
	return e.counted(n, err, batch.TextSize)
}

// call calls f and returns its answer as it is.
func (e *wasmEngine) call(f api.Function, args ...uint64) (int, error) {
	copy(e.stack[:], args)
	if err := f.CallWithStack(e.ctx, e.stack[:]); err != nil {
		return 0, fmt.Errorf("core module broke: %w", first(err))
	}
	return int(int32(uint32(e.stack[0]))), nil
}

// answered parts an answer into a count and a failure.
func answered(n int, err error) (int, error) {
	if err == nil && n < 0 {
		return 0, batch.Failure(n)
	}
	return n, err
}

// counted is answered for a call that reports in its status, which has to make
// sense: the caller moves through buffers by it.
func (e *wasmEngine) counted(n int, err error, most int) (int, error) {
	if n, err = answered(n, err); err != nil {
		return 0, err
	}
	if s := e.Status(); n > most || s.Consumed > batch.InputSize || s.Written > batch.TextSize {
		return 0, errors.New("core module broke: it claims more than its buffers hold")
	}
	return n, nil
}

// first is an error of wazero without the stack trace that follows it.
func first(err error) error {
	text := err.Error()
	for i := range text {
		if text[i] == '\n' {
			return errors.New(text[:i])
		}
	}
	return err
}
