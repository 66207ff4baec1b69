// Package fake makes WebAssembly modules with the interface of core.wasm and
// nothing behind it, for tests of what refuses a module.
package fake

import (
	"maps"
	"slices"

	"sealbook/verifier/engine"
)

// Module is a module in which the function of that name answers what answers
// says, and all others answer 0. It has one page of memory.
func Module(answers map[string]int32) []byte {
	types := [][]byte{} // as encoded
	var functions, exports, code [][]byte
	exports = append(exports, append(name("memory"), 2, 0))
	for i, f := range slices.Sorted(maps.Keys(engine.Core.Exports)) {
		t := signature(engine.Core.Exports[f])
		at := slices.IndexFunc(types, func(u []byte) bool { return string(u) == string(t) })
		if at < 0 {
			at = len(types)
			types = append(types, t)
		}
		functions = append(functions, []byte{byte(at)})
		exports = append(exports, append(name(f), 0, byte(i)))
		body := []byte{0} // locals
		if t[len(t)-1] == 0x7F {
			body = append(append(body, 0x41), leb(answers[f])...)
		}
		body = append(body, 0x0B)
		code = append(code, append([]byte{byte(len(body))}, body...))
	}
	b := []byte("\x00asm\x01\x00\x00\x00")
	b = section(b, 1, types)
	b = section(b, 3, functions)
	b = section(b, 5, [][]byte{{1, 1, 1}})
	b = section(b, 7, exports)
	return section(b, 10, code)
}

func section(b []byte, id byte, items [][]byte) []byte {
	content := unsigned(len(items))
	for _, i := range items {
		content = append(content, i...)
	}
	return append(append(append(b, id), unsigned(len(content))...), content...)
}

func name(s string) []byte { return append([]byte{byte(len(s))}, s...) }

// signature encodes what engine.Core writes as "(i32, i64) → i32".
func signature(s string) []byte {
	codes := map[string]byte{"i32": 0x7F, "i64": 0x7E}
	lists := [2][]byte{}
	side := 0
	for i := range len(s) {
		if s[i] == ')' {
			side = 1
		}
		if i+3 <= len(s) && codes[s[i:i+3]] != 0 {
			lists[side] = append(lists[side], codes[s[i:i+3]])
		}
	}
	b := append([]byte{0x60, byte(len(lists[0]))}, lists[0]...)
	return append(append(b, byte(len(lists[1]))), lists[1]...)
}

func unsigned(n int) (b []byte) {
	for ; n >= 0x80; n >>= 7 {
		b = append(b, byte(n)|0x80)
	}
	return append(b, byte(n))
}

// leb is signed LEB128.
func leb(v int32) (b []byte) {
	for ; v < -64 || v > 63; v >>= 7 {
		b = append(b, byte(v)&0x7F|0x80)
	}
	return append(b, byte(v)&0x7F)
}
