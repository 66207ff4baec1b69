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

// The region says how to read a number without a calling code. Without one ("",
// "ZZ"), and in "001", the number has to bring its own.
func ExampleParse_region() {
	for _, region := range []string{"US", "GB", "", "ZZ", "001"} {
		n, err := number.Parse("202 555 0143", region)
		fmt.Printf("%-4q %v %v\n", region, n, err)
	}
	n, err := number.Parse("+800 1234 5678", "")
	fmt.Println(n.Region(), n, err)
	// Output:
	// "US" +12025550143 <nil>
	// "GB" +442025550143 <nil>
	// ""    INVALID_COUNTRY_CODE
	// "ZZ"  INVALID_COUNTRY_CODE
	// "001"  INVALID_COUNTRY_CODE
	// 001 +80012345678 <nil>
}

// From lenient to strict: what is read, what has a possible length, what lies in
// a range in use.
func ExampleNumber_Valid() {
	for _, text := range []string{"911", "555-0123", "(000) 555-0123", "(202) 555-0143"} {
		n, _ := number.Parse(text, "US")
		fmt.Println(n, n.Possible(), n.Valid())
	}
	// Output:
	// +1911 TOO_SHORT false
	// +15550123 IS_POSSIBLE_LOCAL_ONLY false
	// +10005550123 IS_POSSIBLE false
	// +12025550143 IS_POSSIBLE true
}

// Numbers are values: they compare with ==, and are keys of maps.
func ExampleNumber() {
	seen := map[number.Number]int{}
	for _, text := range []string{"020 7946 0018", "+44 (0)20 7946-0018", "tel:+44-20-7946-0018", "020 7946 0018 x7"} {
		n, err := number.Parse(text, "GB")
		if err == nil {
			seen[n]++
		}
	}
	n, _ := number.Parse("+442079460018", "")
	fmt.Println(len(seen), seen[n])
	// Output: 2 3
}

// UnmarshalText is for what programs wrote: one spelling and no other.
func ExampleNumber_UnmarshalText() {
	for _, text := range []string{"+442079460018", "+44 20 7946 0018", "020 7946 0018"} {
		var n number.Number
		fmt.Println(n.UnmarshalText([]byte(text)))
	}
	// Output:
	// <nil>
	// NOT_A_NUMBER
	// NOT_A_NUMBER
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
