//go:build gc.none

package main

import "unsafe"

// alloc is what append and the like would call if a buffer were too small. The
// core has no heap, so it stops instead: its memory can't grow, and nothing
// leaks. The build refuses code that asks for memory in any other way.
//
//go:linkname alloc runtime.alloc
func alloc(size uintptr, layout unsafe.Pointer) unsafe.Pointer { panic("no heap") }
