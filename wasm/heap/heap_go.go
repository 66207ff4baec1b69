//go:build !tinygo

package heap

// Full reports false: native programs have the memory of their machine.
func Full() bool { return false }
