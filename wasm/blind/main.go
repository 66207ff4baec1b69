// Blind.wasm: phone numbers to blinded elements and back to the outputs of a
// directory's key, and the search for the number that gave a digest. It is kept
// apart from core.wasm so that nobody loads it who needs neither. It imports
// nothing, as that one does: random bytes are passed in.
//
// The host writes into the buffer at input(), calls, and reads the buffers at
// text() and status(). Package batch says what each call does and how the bytes
// lie; the functions here only pass on. A negative answer is a [batch.Failure].
package main

import (
	"unsafe"

	"sealbook/wasm/batch"
)

// version of this interface; it rises when a host written for the one before
// could misread an answer.
const version = 1

var b batch.Blinder

func main() {}

//go:wasmexport abi
func abi() int32 { return version }

//go:wasmexport input
func input() int32 { return address(unsafe.Pointer(&b.Input)) }

//go:wasmexport text
func text() int32 { return address(unsafe.Pointer(&b.Out)) }

//go:wasmexport status
func status() int32 { return address(unsafe.Pointer(&b.Status)) }

//go:wasmexport oprf
func oprf(step, n, length int32) int32 {
	return answer(b.OPRF(batch.Step(step), int(n), int(length)))
}

//go:wasmexport search_begin
func searchBegin(length, region, named int32) int32 {
	return int32(b.SearchBegin(int(length), uint32(region), int(named)))
}

//go:wasmexport search
func search(from int64, count int32) int32 { return answer(b.Search(uint64(from), int(count))) }

func address(p unsafe.Pointer) int32 { return int32(uintptr(p)) }

func answer(n int, failure batch.Failure) int32 {
	if failure != 0 {
		return int32(failure)
	}
	return int32(n)
}
