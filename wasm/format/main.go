// Format.wasm: numbers in E.164 to the ways in which people write them. It is
// kept apart from core.wasm because its layouts are a fifth of that one, and
// whoever hashes numbers needs none. It imports nothing, as that one does.
//
// The host writes into the buffer at input(), calls, and reads the buffers at
// text() and status(). Package batch says what each call does and how the bytes
// lie; the functions here only pass on. A negative answer is a [batch.Failure].
package main

import (
	"unsafe"

	"sealbook/wasm/batch"
	"sealbook/wasm/number"
)

// version of this interface; it rises when a host written for the one before
// could misread an answer.
const version = 1

var f batch.Formatter

func main() {}

//go:wasmexport abi
func abi() int32 { return version }

//go:wasmexport input
func input() int32 { return address(unsafe.Pointer(&f.Input)) }

//go:wasmexport text
func text() int32 { return address(unsafe.Pointer(&f.Out)) }

//go:wasmexport status
func status() int32 { return address(unsafe.Pointer(&f.Status)) }

//go:wasmexport format
func format(length, format int32) int32 {
	if format != format&0xff {
		return int32(batch.BadMode)
	}
	return answer(f.Format(int(length), number.Format(format)))
}

func address(p unsafe.Pointer) int32 { return int32(uintptr(p)) }

func answer(n int, failure batch.Failure) int32 {
	if failure != 0 {
		return int32(failure)
	}
	return int32(n)
}
