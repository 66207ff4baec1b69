package recipe_test

import (
	"fmt"

	"sealbook/wasm/number"
	"sealbook/wasm/recipe"
)

// A number is parsed first; a recipe says which spelling of it is hashed.
func ExampleParse() {
	n, err := number.Parse("020 7946 0123", "GB")
	if err != nil {
		panic(err)
	}
	for _, name := range []string{"meta-capi", "e164_plus/sha1/hex"} {
		r, err := recipe.Parse(name)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s\n", r.Append(nil, n))
	}
	// Output:
	// 9b48e488a39eabd0e13d5893897b88695cec8e22d254304d278a7008a0b2a439
	// 16a096f6792257d505af56c95e7d26220c5fdfe7
}

// An e-mail address is trimmed and its ASCII letters are made lower-case.
func ExampleRecipe_AppendText() {
	r, _ := recipe.Parse("email/sha256/hex")
	fmt.Printf("%s\n", r.AppendText(nil, []byte(" Jane@Example.com\n")))
	// Output: 8c87b489ce35cf2e2f39f80e282cb2e804932a56a213983eeeb428407d43b52d
}
