//go:build gc.none

package main

import "unsafe"

// beyond is an address that no memory of this module reaches: any use of it
// traps.
const beyond = 1 << 31

// asked is how many bytes have been asked for.
var asked uintptr

// alloc is what append and the like would call if a buffer were too small. The
// core has no heap, so whoever uses the answer is stopped: its memory can't
// grow, and nothing leaks. The build refuses code that asks for memory in any
// other way.
//
// It must do something that the compiler can't see through. If it can (a panic,
// a constant), it puts the answer in place of the calls before it has looked
// which of them the stack can serve, and that is all of them.
//
//go:noinline
//go:linkname alloc runtime.alloc
func alloc(size uintptr, layout unsafe.Pointer) unsafe.Pointer {
	asked += size
	return unsafe.Pointer(beyond + asked&0xffff)
}
