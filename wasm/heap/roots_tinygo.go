//go:build tinygo

package heap

import "unsafe"

// constantsEnd stands behind all constants: the linker puts sections whose names
// begin with .rodata in front of those that can be written.
//
//go:section .rodata_end
var constantsEnd uint8

// globalsStart is where TinyGo's collector begins to look for pointers.
//
//go:extern runtime.globalsStart
var globalsStart uintptr

// SkipConstants says that constants hold no pointers to the heap. Unless it is
// called, the collector takes every four bytes of the tables for an address, and
// whatever lies there stays: megabytes, since pieces of a table such as 0x00110019
// look like addresses.
func SkipConstants() {
	const word = unsafe.Sizeof(uintptr(0))
	globalsStart = (uintptr(unsafe.Pointer(&constantsEnd)) + word - 1) &^ (word - 1)
}
