//go:build !tinygo

package heap

// Full reports false: native programs have the memory of their machine.
func Full() bool { return false }

// Over reports false, for the same reason.
func Over(uint64) bool { return false }

// SkipConstants does nothing: Go's own collector knows what a pointer is.
func SkipConstants() {}
