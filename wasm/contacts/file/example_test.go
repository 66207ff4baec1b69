package file_test

import (
	"fmt"
	"strings"

	"sealbook/wasm/contacts"
	"sealbook/wasm/contacts/file"
)

func ExampleRead() {
	export := strings.NewReader("Name;Handy;Telefon geschäftlich\r\n" +
		"Anna Beispiel;0152 28817386;030 23125001\r\n" +
		"Ben Krug;0152 28895456;\r\n")
	for e, err := range file.Read(export, contacts.Options{}) {
		if err != nil {
			fmt.Println("cannot read this file:", err)
			return
		}
		switch e.Kind {
		case contacts.Number:
			fmt.Printf("line %d: %s, %v: %s\n", e.Line, e.Name, e.Label, e.Text)
		case contacts.Problem:
			fmt.Printf("line %d: %v\n", e.Line, e.Code)
		}
	}
	// Output:
	// line 2: Anna Beispiel, mobile: 0152 28817386
	// line 2: Anna Beispiel, work: 030 23125001
	// line 3: Ben Krug, mobile: 0152 28895456
}
