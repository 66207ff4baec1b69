package digest_test

import (
	"fmt"

	"sealbook/wasm/digest"
)

func ExampleSum() {
	var out [digest.MaxSize]byte
	n := digest.Sum(digest.SHA256, &out, []byte("442079460123"))
	fmt.Printf("%x\n", out[:n])
	// Output: 9b48e488a39eabd0e13d5893897b88695cec8e22d254304d278a7008a0b2a439
}
