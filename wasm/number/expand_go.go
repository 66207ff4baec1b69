//go:build !tinygo

package number

// ready is for builds in which the tables are expanded before main.
func ready() {}

func init() { expand() }
