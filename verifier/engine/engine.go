// Package engine runs the batch operations of Sealbook either as native code
// or as a module under wazero, behind one interface, so that a program can
// choose and a test can hold the one against the other.
//
// [Native] and [Wasm] give a [Source] of what core.wasm does; a Source gives as
// many engines as there are workers. [NativeBlinder] and [WasmBlinder] give what
// blind.wasm does, [NativeFormatter] and [WasmFormatter] what format.wasm does.
// An engine has its own buffers and belongs to one goroutine at a time; a Source
// may be used by many. What the operations do, and how the
// bytes lie, is said by package batch, whose sizes, modes and failures are
// also those of the module's interface.
//
// # Errors
//
// An operation fails with a [batch.Failure] for what its caller did wrong, the
// same in both kinds of engine. Any other error means that the module itself
// broke (a trap, an answer out of range): the engine is of no use afterwards.
// A module that cannot be an engine is refused by [Wasm] with a [LoadError].
package engine

import (
	"encoding/binary"

	"sealbook/wasm/batch"
	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

// What abi() of each module must answer.
const (
	Version       = 2 // core.wasm
	BlindVersion  = 1 // blind.wasm
	FormatVersion = 1 // format.wasm
)

// Buffers are what every engine reads and writes. The slices it returns are
// views, valid until the next operation.
type Buffers interface {
	// Input is the buffer that operations read, [batch.InputSize] bytes.
	Input() []byte
	// Text is the buffer of what they write, of which the last operation wrote
	// Status().Written bytes.
	Text() []byte
	// Status tells how far the last operation came.
	Status() batch.Status
	// Close frees what the engine holds.
	Close() error
}

// Engine does what core.wasm does. Its text has [batch.TextSize] bytes.
type Engine interface {
	Buffers
	// Records is the buffer of records, [batch.MaxItems] × [batch.RecordSize]
	// bytes; those beyond the items of the last Parse are left from before.
	Records() []byte

	// About writes what is built in, lines as [batch.Batch.About] gives them,
	// and answers how many.
	About() (int, error)
	// Parse reads Input()[:length] as phone numbers; region is a default
	// region as packed by [batch.RegionCode]. It answers the items handled.
	Parse(length int, region uint32, mode batch.Mode) (int, error)
	// Digest writes digests of the numbers of the last Parse, from the one
	// numbered first. It answers the items done.
	Digest(recipe, first int) (int, error)
	// Hash writes digests of the items of Input()[:length] as they are.
	Hash(length, recipe int, mode batch.Mode) (int, error)
	// Recipe answers the handle of the recipe that Input()[:length] names.
	Recipe(length int) (int, error)
}

// Blinder does what blind.wasm does. Its text has [batch.BlindTextSize] bytes.
type Blinder interface {
	Buffers
	// SearchBegin prepares a search among the mobile numbers of a region for the
	// one with the digest in Input()[named:length] by the recipe that is named
	// before it. It answers how many numbers those are.
	SearchBegin(length int, region uint32, named int) (uint64, error)
	// Search tries count numbers from the one numbered from; when it found
	// the one, Text holds its E.164 form.
	Search(from uint64, count int) (found bool, err error)
	// OPRF takes a step of the oblivious pseudorandom function with
	// Input()[:length], as [batch.Step] says. It answers the bytes written.
	OPRF(step batch.Step, n, length int) (int, error)
}

// Formatter does what format.wasm does. Its text has [batch.TextSize] bytes.
type Formatter interface {
	Buffers
	// Format writes the numbers of Input()[:length], a line each, in a format.
	// It answers the lines handled.
	Format(length int, format number.Format) (int, error)
}

// Source makes engines of one kind.
type Source interface {
	New() (Engine, error)
	// Close closes all engines of the source.
	Close() error
	// String is the name of the kind: "native" or "wasm".
	String() string
}

// Record is record i of e, a view like [Engine.Records].
func Record(e Engine, i int) *batch.Record {
	return (*batch.Record)(e.Records()[i*batch.RecordSize:])
}

// Define is Recipe for a text that is not in the input buffer yet.
func Define(e Engine, spec string) (int, error) {
	if len(spec) > batch.InputSize {
		return 0, batch.Length
	}
	return e.Recipe(copy(e.Input(), spec))
}

// Digests is e.Digest for a recipe of any form. The core writes plain forms
// alone: numbers in another are written here, by native code, and hashed by e,
// which overwrites the input. number returns the number of item i of the last
// Parse, the zero Number where it had an error; the line of such an item is not
// meaningful then.
func Digests(e Engine, r *recipe.Recipe, handle, first, items int, number func(i int) number.Number) (int, error) {
	f := r.Form().Format()
	if f.Plain() {
		return e.Digest(handle, first)
	}
	in := e.Input()[:0]
	for i := first; i < items && len(in) < batch.InputSize-maxLine; i++ {
		in = append(number(i).Append(in, f), '\n')
	}
	return e.Hash(len(in), handle, 0)
}

const maxLine = number.MaxText + 1

// size is the number of candidates as SearchBegin leaves it in the status.
func size(s batch.Status) uint64 { return uint64(s.High)<<32 | uint64(s.Written) }

// readStatus reads the four words of a module's status.
func readStatus(b []byte) batch.Status {
	return batch.Status{
		Items:    binary.LittleEndian.Uint32(b),
		Consumed: binary.LittleEndian.Uint32(b[4:]),
		Written:  binary.LittleEndian.Uint32(b[8:]),
		High:     binary.LittleEndian.Uint32(b[12:]),
	}
}
