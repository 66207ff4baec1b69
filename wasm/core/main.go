// Core.wasm: phone numbers to E.164 and to digests, on the device of whoever
// loads it. It imports nothing: no clock, no randomness, no file, no network, so
// it has no way to give away what it is shown.
//
// The host writes into the buffer at input(), calls, and reads the buffers at
// records(), text() and status(). Package batch says what each call does and
// how the bytes lie; the functions here only pass on. A negative answer is a
// [batch.Failure].
package main

import (
	"unsafe"

	"sealbook/wasm/batch"
)

// version of this interface; it rises when a host written for the one before
// could misread an answer.
const version = 2

var b batch.Batch

func main() {}

//go:wasmexport abi
func abi() int32 { return version }

//go:wasmexport about
func about() int32 { return int32(b.About()) }

//go:wasmexport input
func input() int32 { return address(unsafe.Pointer(&b.Input)) }

//go:wasmexport records
func records() int32 { return address(unsafe.Pointer(&b.Records)) }

//go:wasmexport text
func text() int32 { return address(unsafe.Pointer(&b.Out)) }

//go:wasmexport status
func status() int32 { return address(unsafe.Pointer(&b.Status)) }

//go:wasmexport parse
func parse(length, region, mode int32) int32 {
	return answer(b.Parse(int(length), uint32(region), batch.Mode(mode)))
}

//go:wasmexport recipe
func recipe(length int32) int32 { return answer(b.Recipe(int(length))) }

//go:wasmexport digest
func digest(recipe, first int32) int32 { return answer(b.Digest(int(recipe), int(first))) }

//go:wasmexport hash
func hash(length, recipe, mode int32) int32 {
	return answer(b.Hash(int(length), int(recipe), batch.Mode(mode)))
}

func address(p unsafe.Pointer) int32 { return int32(uintptr(p)) }

func answer(n int, failure batch.Failure) int32 {
	if failure != 0 {
		return int32(failure)
	}
	return int32(n)
}
