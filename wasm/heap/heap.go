// Package heap is the memory of the modules that take some while they run:
// contacts.wasm and auditor.wasm. core.wasm and blind.wasm have none.
//
// target.json is how TinyGo builds such a module. It has a collector, and its
// memory ends at 64 MiB (--max-memory): a module that asks for more stops with a
// trap, and its host has to start another instance. A trap says nothing, so
// no module lets it come to that. After whatever a file may have made it keep, it
// asks [Full], and gives up the file with a code of its own, such as MEMORY.
//
// What [Limit] leaves of the 64 MiB is for one call's own work: a call may take
// [Spare] before the module asks again.
package heap

const (
	Limit = 32 << 20 // bytes that may be in use between two calls
	Spare = 24 << 20 // bytes that one call may take beyond that
)
