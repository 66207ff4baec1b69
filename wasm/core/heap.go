//go:build gc.none

package main

import "unsafe"

// beyond is an address that no memory of this module reaches: any use of it
// traps.
const beyond = 1 << 31

// asked is what was asked for, in bytes.
var asked uintptr

// alloc is what append and the like would call if a buffer were too small. The
// core has no heap, so whoever uses the answer is stopped: its memory can't
// grow, and nothing leaks. The build refuses code that asks for memory in any
// other way.
//
// It must neither panic nor answer a constant: the compiler would see that,
// and use it, before it has moved to the stack what may lie there.
//
//go:linkname alloc runtime.alloc
//go:noinline
func alloc(size uintptr, layout unsafe.Pointer) unsafe.Pointer {
	asked += size
	return unsafe.Pointer(beyond | asked)
}
