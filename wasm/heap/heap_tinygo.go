//go:build tinygo

package heap

import "runtime"

// Full reports whether more than [Limit] is in use.
func Full() bool { return Over(Limit) }

// Over reports whether more than limit bytes are in use: auditor.wasm has more
// memory than Limit is for.
func Over(limit uint64) bool {
	// Counting walks over the whole heap; as long as all of the memory is less,
	// there is no need.
	if uint64(uint32(memorySize(0)))<<16 <= limit || inUse() <= limit {
		return false
	}
	runtime.GC()
	return inUse() > limit
}

// inUse counts what is in use and what was not collected yet.
func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// memorySize returns how many pages of 64 KiB the memory has.
//
//export llvm.wasm.memory.size.i32
func memorySize(index int32) int32
