package number_test

import (
	"errors"
	"fmt"

	"sealbook/wasm/number"
)

func Example() {
	n, err := number.Parse("(020) 7946-0018 ext. 7", "GB")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n)
	fmt.Println(n.Format(number.International))
	fmt.Println(n.Format(number.National))
	fmt.Println(n.Extension())
	fmt.Println(n.Info())
	// Output:
	// +442079460018
	// +44 20 7946 0018 x7
	// 020 7946 0018 x7
	// 7
	// {GB FIXED_LINE true IS_POSSIBLE}
}

// The region says how to read a number without a calling code. Without one the
// number has to bring its own.
func ExampleParse_region() {
	for _, region := range []string{"US", "GB", ""} {
		n, err := number.Parse("202 555 0143", region)
		fmt.Println(n, err)
	}
	// Output:
	// +12025550143 <nil>
	// +442025550143 <nil>
	//  INVALID_COUNTRY_CODE
}

func ExampleCode() {
	_, err := number.Parse("+44 20 7946 0018 0018 0018", "")
	fmt.Println(errors.Is(err, number.TooLong))
	// Output: true
}

func ExampleNumber_MarshalText() {
	n, _ := number.Parse("tel:202-555-0143;ext=12;phone-context=+1", "")
	text, _ := n.MarshalText()
	fmt.Println(string(text))
	var again number.Number
	fmt.Println(again.UnmarshalText(text), again == n)
	// Output:
	// +12025550143;ext=12
	// <nil> true
}

// Batches use ParseBytes and Append, which do not allocate.
func ExampleParseBytes() {
	var room [number.MaxText]byte
	n, code := number.ParseBytes([]byte("0491 570 006"), "AU")
	fmt.Println(code, string(n.Append(room[:0], number.E164)))
	// Output: OK +61491570006
}

func ExampleSpace_At() {
	space, _ := number.Mobiles("FI")
	fmt.Println(space.Len() > 1_000_000, space.At(0), space.At(1))
	// Output: true +358400000 +3584000000
}
