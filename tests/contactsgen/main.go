// Contactsgen writes a contacts export of invented people:
//
//	go run ./tests/contactsgen -people 5000 -format vcf3 -region GB > contacts.vcf
//
// The same flags give the same bytes. See package people.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"sealbook/tests/people"
)

func main() {
	var o people.Options
	flag.IntVar(&o.People, "people", 5000, "how many people")
	flag.StringVar(&o.Format, "format", "vcf3", "one of "+strings.Join(people.Formats, ", "))
	flag.StringVar(&o.Region, "region", "GB", "one of "+strings.Join(people.Regions, ", "))
	flag.Uint64Var(&o.Seed, "seed", 1, "another seed, other people")
	flag.IntVar(&o.Photos, "photos", 0, "give every so many people a photo of 20 KB")
	flag.Parse()
	if flag.NArg() > 0 || o.People < 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := people.Write(os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
}
