//go:build !tinygo

package recipe

func init() { expand() }

func ready() {}
