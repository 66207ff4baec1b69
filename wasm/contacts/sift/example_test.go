package sift_test

import (
	"fmt"

	"sealbook/wasm/contacts/sift"
	"sealbook/wasm/number"
)

func Example() {
	texts := []string{"020 7946 0018", "0161 496 0456", "999", "0909 879 0123", "ask Bob", "+1 201-555-0123"}

	var g sift.Guess
	for _, text := range texts {
		g.Add([]byte(text), "")
	}
	guessed := g.Best("GB")
	fmt.Println(guessed.Region, guessed.Why)

	filter := sift.Filter{Region: guessed.Region}
	for _, text := range texts {
		n, reason := filter.JudgeString(text)
		fmt.Println(n, reason)
	}
	// Output:
	// GB HINT
	// +442079460018 KEPT
	// +441614960456 KEPT
	//  EMERGENCY
	// +449098790123 PREMIUM_RATE
	//  NOT_A_NUMBER
	// +12015550123 KEPT
}

// Only mobile numbers: every other type is dropped.
func ExampleFilter_drop() {
	filter := sift.Filter{Region: "AU", Drop: sift.Usual | sift.Set(sift.OfType(number.FixedLine), sift.OfType(number.TollFree))}
	for _, text := range []string{"0491 570 006", "(02) 5550 1234"} {
		_, reason := filter.JudgeString(text)
		fmt.Println(reason)
	}
	// Output:
	// KEPT
	// FIXED_LINE
}
