//go:build tinygo

package heap

import "runtime"

// Full reports whether more than [Limit] is in use.
func Full() bool {
	if inUse() <= Limit {
		return false
	}
	runtime.GC()
	return inUse() > Limit
}

// inUse counts what is in use and what was not collected yet.
func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}
