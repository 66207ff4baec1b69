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
	"sealbook/wasm/number"
)

// Kind is one of the modules: what it exports beside its memory, with the
// signatures in the notation of [Item], and the version that it speaks.
type Kind struct {
	Exports map[string]string
	Version int
	buffers []buffer
}

// buffer is one of a module's: the export that says where it lies, and its size.
type buffer struct {
	name string
	size uint32
}

// The modules that an engine can be of.
var (
	Core = &Kind{map[string]string{
		"_initialize": "()",
		"abi":         "() → i32",
		"about":       "() → i32",
		"input":       "() → i32",
		"records":     "() → i32",
		"text":        "() → i32",
		"status":      "() → i32",
		"parse":       "(i32, i32, i32) → i32",
		"digest":      "(i32, i32) → i32",
		"hash":        "(i32, i32, i32) → i32",
		"recipe":      "(i32) → i32",
	}, Version, []buffer{{"input", batch.InputSize}, {"text", batch.TextSize}, {"status", statusSize}, {"records", batch.MaxItems * batch.RecordSize}}}

	Blind = &Kind{map[string]string{
		"_initialize":  "()",
		"abi":          "() → i32",
		"input":        "() → i32",
		"text":         "() → i32",
		"status":       "() → i32",
		"search_begin": "(i32, i32, i32) → i32",
		"search":       "(i64, i32) → i32",
		"oprf":         "(i32, i32, i32) → i32",
	}, BlindVersion, []buffer{{"input", batch.InputSize}, {"text", batch.BlindTextSize}, {"status", statusSize}}}

	Format = &Kind{map[string]string{
		"_initialize": "()",
		"abi":         "() → i32",
		"input":       "() → i32",
		"text":        "() → i32",
		"status":      "() → i32",
		"format":      "(i32, i32) → i32",
	}, FormatVersion, []buffer{{"input", batch.InputSize}, {"text", batch.TextSize}, {"status", statusSize}}}
)

// KindOf returns which of the modules one with such exports means to be. What
// is none of them is held against Core.
func KindOf(l *Layout) *Kind {
	for _, e := range l.Exports {
		switch e.Name {
		case "oprf":
			return Blind
		case "format":
			return Format
		}
	}
	return Core
}

// statusSize is the size of a [batch.Status] in a module's memory.
const statusSize = 16

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
	return load(ctx, module, Core, false)
}

// WasmBlinder is an instance of a blind.wasm; the rest is as with [Wasm].
func WasmBlinder(ctx context.Context, module []byte) (Blinder, error) {
	e, err := single(ctx, module, Blind)
	if err != nil {
		return nil, err
	}
	return &wasmBlinder{e}, nil
}

// WasmFormatter is an instance of a format.wasm; the rest is as with [Wasm].
func WasmFormatter(ctx context.Context, module []byte) (Formatter, error) {
	e, err := single(ctx, module, Format)
	if err != nil {
		return nil, err
	}
	return &wasmFormatter{e}, nil
}

// single is the only instance of a module; closing it frees all.
func single(ctx context.Context, module []byte, kind *Kind) (*instance, error) {
	s, err := load(ctx, module, kind, false)
	if err != nil {
		return nil, err
	}
	e, err := s.instance()
	if err != nil {
		s.Close()
		return nil, err
	}
	e.close = s.Close
	return e, nil
}

// WASI is Wasm for a build of the core by the standard Go toolchain
// (GOOS=wasip1), whose runtime imports wasi_snapshot_preview1. It is given no
// files, arguments, environment or real clock. For comparing builds only.
func WASI(ctx context.Context, module []byte) (Source, error) {
	return load(ctx, module, Core, true)
}

func load(ctx context.Context, module []byte, kind *Kind, wasi bool) (*wasmSource, error) {
	layout, err := Inspect(module)
	if err != nil {
		return nil, err
	}
	if err := kind.check(layout, wasi); err != nil {
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
	s := &wasmSource{ctx: ctx, kind: kind, runtime: wazero.NewRuntimeWithConfig(ctx, config)}
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
	if s.spare, err = s.instance(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// check compares what a module imports and exports with the interface.
func (k *Kind) check(l *Layout, wasi bool) error {
	for _, i := range l.Imports {
		if !wasi || i.Module != wasi_snapshot_preview1.ModuleName {
			return refuse(Imports, "it imports %d things, the first of them %s %q from %q; the modules import nothing", len(l.Imports), i.Kind, i.Name, i.Module)
		}
	}
	have := make(map[string]Item)
	for _, e := range l.Exports {
		have[e.Name] = e
	}
	if have["memory"].Kind != "memory" {
		return refuse(Exports, "it exports no memory")
	}
	for name, signature := range k.Exports {
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
	kind     *Kind
	runtime  wazero.Runtime
	compiled wazero.CompiledModule

	mu    sync.Mutex
	spare *instance // the one that load made, until the first New
}

func (s *wasmSource) String() string { return "wasm" }

func (s *wasmSource) Close() error { return s.runtime.Close(context.WithoutCancel(s.ctx)) }

func (s *wasmSource) New() (Engine, error) {
	e, err := s.instance()
	if err != nil {
		return nil, err
	}
	return &wasmEngine{e}, nil
}

func (s *wasmSource) instance() (*instance, error) {
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
func (s *wasmSource) start(m api.Module) (*instance, error) {
	e := &instance{ctx: s.ctx, module: m, functions: make(map[string]api.Function), places: make(map[string]place)}
	e.close = func() error { return m.Close(context.WithoutCancel(s.ctx)) }
	if _, err := m.ExportedFunction("_initialize").Call(s.ctx); err != nil {
		return nil, refuse(Broken, "it fails as it starts: %v", first(err))
	}
	for name := range s.kind.Exports {
		e.functions[name] = m.ExportedFunction(name)
	}
	version, err := e.call("abi")
	if err != nil {
		return nil, refuse(Broken, "it fails as it starts: %v", err)
	}
	if version != s.kind.Version {
		return nil, refuse(Wrong, "it speaks version %d of the interface, this program speaks %d", version, s.kind.Version)
	}
	for _, b := range s.kind.buffers {
		at, err := e.call(b.name)
		if err != nil {
			return nil, refuse(Broken, "it fails as it starts: %v", err)
		}
		e.places[b.name] = place{uint32(at), b.size}
		if _, ok := m.Memory().Read(uint32(at), b.size); !ok {
			return nil, refuse(Broken, "its buffer %s lies outside its memory", b.name)
		}
	}
	return e, nil
}

// place is where a buffer lies in the memory of an instance.
type place struct{ at, size uint32 }

// instance is a running module.
type instance struct {
	ctx       context.Context
	module    api.Module
	functions map[string]api.Function
	places    map[string]place
	stack     [3]uint64 // arguments and answer of a call
	close     func() error
}

// view is a buffer of the instance. Start saw that it lies within the memory,
// which never shrinks.
func (e *instance) view(name string) []byte {
	b, _ := e.module.Memory().Read(e.places[name].at, e.places[name].size)
	return b
}

func (e *instance) Input() []byte        { return e.view("input") }
func (e *instance) Text() []byte         { return e.view("text") }
func (e *instance) Status() batch.Status { return readStatus(e.view("status")) }
func (e *instance) Close() error         { return e.close() }

// wasmEngine is an instance of core.wasm.
type wasmEngine struct{ *instance }

func (e *wasmEngine) Records() []byte { return e.view("records") }

// MemorySize is the linear memory of e in bytes; 0 for a native engine.
func MemorySize(e Buffers) int {
	if w, ok := e.(interface{ memorySize() int }); ok {
		return w.memorySize()
	}
	return 0
}

func (e *instance) memorySize() int { return int(e.module.Memory().Size()) }

func (e *wasmEngine) About() (int, error) {
	n, err := e.call("about")
	return e.counted(n, err, batch.TextSize)
}

func (e *wasmEngine) Parse(length int, region uint32, mode batch.Mode) (int, error) {
	n, err := e.call("parse", uint64(uint32(length)), uint64(region), uint64(mode))
	return e.counted(n, err, batch.MaxItems)
}

func (e *wasmEngine) Digest(recipe, first int) (int, error) {
	n, err := e.call("digest", uint64(uint32(recipe)), uint64(uint32(first)))
	return e.counted(n, err, batch.MaxItems)
}

func (e *wasmEngine) Hash(length, recipe int, mode batch.Mode) (int, error) {
	n, err := e.call("hash", uint64(uint32(length)), uint64(uint32(recipe)), uint64(mode))
	return e.counted(n, err, batch.MaxItems)
}

func (e *wasmEngine) Recipe(length int) (int, error) {
	return answered(e.call("recipe", uint64(uint32(length))))
}

// wasmBlinder is an instance of blind.wasm.
type wasmBlinder struct{ *instance }

func (e *wasmBlinder) SearchBegin(length int, region uint32, named int) (uint64, error) {
	if _, err := answered(e.call("search_begin", uint64(uint32(length)), uint64(region), uint64(uint32(named)))); err != nil {
		return 0, err
	}
	return size(e.Status()), nil
}

func (e *wasmBlinder) Search(from uint64, count int) (bool, error) {
	n, err := e.call("search", from, uint64(uint32(count)))
	n, err = e.counted(n, err, 1)
	return n != 0, err
}

func (e *wasmBlinder) OPRF(step batch.Step, n, length int) (int, error) {
	n, err := e.call("oprf", uint64(uint32(step)), uint64(uint32(n)), uint64(uint32(length)))
	return e.counted(n, err, batch.TextSize)
}

// wasmFormatter is an instance of format.wasm.
type wasmFormatter struct{ *instance }

func (e *wasmFormatter) Format(length int, format number.Format) (int, error) {
	n, err := e.call("format", uint64(uint32(length)), uint64(format))
	return e.counted(n, err, batch.InputSize)
}

// call calls a function and returns its answer as it is.
func (e *instance) call(name string, args ...uint64) (int, error) {
	copy(e.stack[:], args)
	if err := e.functions[name].CallWithStack(e.ctx, e.stack[:]); err != nil {
		return 0, fmt.Errorf("module broke: %w", first(err))
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
func (e *instance) counted(n int, err error, most int) (int, error) {
	if n, err = answered(n, err); err != nil {
		return 0, err
	}
	if s := e.Status(); n > most || s.Consumed > batch.InputSize || int(s.Written) > len(e.Text()) {
		return 0, errors.New("module broke: it claims more than its buffers hold")
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
