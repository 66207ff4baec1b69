package email_test

import (
	"fmt"

	"sealbook/wasm/email"
)

// Platforms differ in what they leave out before the @.
func ExampleRecipe_Normalize() {
	for _, id := range []string{"meta-email", "google-email", "uid2-email"} {
		r, ok := email.Lookup(id)
		if !ok {
			panic("no such recipe")
		}
		normal, ok := r.Normalize(nil, []byte(" Jane.Doe+shop@GMail.com"))
		fmt.Printf("%s %s %v\n", id, normal, ok)
	}
	// Output:
	// meta-email jane.doe+shop@gmail.com true
	// google-email janedoe+shop@gmail.com true
	// uid2-email janedoe@gmail.com true
}
