//go:build tinygo

package heap

import "runtime"

// Full reports whether more than [Limit] is in use.
func Full() bool { return Over(Limit) }

// Over reports whether more than limit bytes are in use: auditor.wasm has more
// memory than Limit is for.
func Over(limit uint64) bool {
	if inUse() <= limit {
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
