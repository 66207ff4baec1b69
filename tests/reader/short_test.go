package reader

import (
	"fmt"
	"testing"

	"sealbook/wasm/contacts"
	"sealbook/wasm/number"
	"sealbook/wasm/number/short"
)

// TestShort asks the module and native code for the same numbers in every
// region, also while a file is being read.
func TestShort(t *testing.T) {
	g := load(t)
	g.begin(int(contacts.List), "")
	texts := []string{"", "1", "911", "9-1-1", "+911", "118 500", "\uff19\uff11\uff11", "\u0669\u0661\u0661", "91\xef\xbc", "12345678901"}
	for i := range 60 {
		texts = append(texts, fmt.Sprint(100+i*15), fmt.Sprint(i*104_729%100_000))
	}
	counts := map[short.Kind]int{}
	for _, region := range append(number.Regions(), "", "ZZ", "001", "us", "U") {
		packed := uint64(0)
		for i := range len(region) {
			packed |= uint64(region[i]) << (8 * i)
		}
		for _, text := range texts {
			want := short.Lookup([]byte(text), region)
			if got := g.call("contacts_short", packed, g.write([]byte(text))); got != int(want) {
				t.Errorf("%q %q: %d, not %v", region, text, got, want)
			}
			counts[want]++
		}
	}
	if counts[short.Emergency] < 100 || counts[short.Short] < 100 {
		t.Errorf("%v", counts)
	}
	for _, length := range []int{-1, inputSize + 1} {
		if got := g.call("contacts_short", 0, uint64(uint32(int32(length)))); got != -1 {
			t.Errorf("length %d: %d", length, got)
		}
	}
	if g.feed([]byte("020 7946 0018\n")) < 0 || g.finish() != 0 || g.status()[0] != 1 {
		t.Error("the file was disturbed")
	}
}
