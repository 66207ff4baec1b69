package contacts_test

import (
	"fmt"

	"sealbook/wasm/contacts"
)

// A Reader takes a file in whatever pieces it arrives.
func ExampleReader() {
	var r contacts.Reader
	var e contacts.Entry
	r.Reset(contacts.Options{})
	for _, chunk := range []string{"BEGIN:VCARD\nFN:Ada\nTEL;TYPE=CE", "LL:020 7946", " 0001\nEND:VCARD\n"} {
		for p := []byte(chunk); len(p) > 0; {
			p = p[r.Feed(p):]
			for r.Next(&e) {
				fmt.Printf("%s: %s (%v)\n", e.Name, e.Text, e.Label)
			}
		}
	}
	r.Finish()
	for r.Next(&e) {
		fmt.Printf("%s: %s (%v)\n", e.Name, e.Text, e.Label)
	}
	fmt.Println(r.Format(), r.People())
	// Output:
	// Ada: 020 7946 0001 (mobile)
	// vcard 1
}
