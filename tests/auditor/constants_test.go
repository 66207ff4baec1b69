package auditor

import (
	"encoding/binary"
	"os"
	"testing"
)

// The collector is kept from what lies before the mark of heap.SkipConstants: the
// constants alone may, and all of them. A linker that puts anything that can be
// written there would have it collect what is in use.
func TestConstants(t *testing.T) {
	for _, path := range []string{modulePath, "../../wasm/reader/contacts.wasm"} {
		t.Run(path, func(t *testing.T) { testConstants(t, path) })
	}
}

func testConstants(t *testing.T, path string) {
	module, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rest := module[8:]
	number := func() int {
		v, n := binary.Uvarint(rest)
		if n <= 0 {
			t.Fatal("not a number")
		}
		rest = rest[n:]
		return int(v)
	}
	for {
		id := number()
		size := number()
		if id == 11 {
			break
		}
		rest = rest[size:]
	}
	type segment struct{ first, end int }
	var all []segment
	for n := number(); n > 0; n-- {
		if flags, op := number(), number(); flags != 0 || op != 0x41 { // i32.const
			t.Fatalf("a segment of kind %d, at an address by %#x", flags, op)
		}
		first := number()
		if end, size := number(), number(); end != 0x0b {
			t.Fatal("an address that is computed")
		} else {
			all = append(all, segment{first, first + size})
			rest = rest[size:]
		}
	}
	// .rodata, the mark's own section, .data; then what begins as zeros.
	if len(all) != 3 {
		t.Fatalf("segments %v", all)
	}
	constants, mark, data := all[0], all[1], all[2]
	if constants.end-constants.first < 60_000 || mark.end-mark.first != 1 || mark.first < constants.end || mark.first-constants.end >= 16 ||
		data.first < mark.end || data.end-data.first > 10_000 {
		t.Errorf("constants %v, mark %v, data %v", constants, mark, data)
	}
}
