package reader

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"sealbook/tests/people"
	"sealbook/wasm/contacts"
	"sealbook/wasm/contacts/file"
)

// Every number and address that was written into an export comes out of it,
// with its person's name.
func TestPeople(t *testing.T) {
	for _, region := range people.Regions {
		for _, format := range people.Formats {
			o := people.Options{People: 5000, Format: format, Region: region, Seed: 7, Photos: 100}
			all, err := people.Make(o)
			if err != nil {
				t.Fatal(err)
			}
			var export bytes.Buffer
			if err := people.Write(&export, o); err != nil {
				t.Fatal(err)
			}
			var want []string
			for _, p := range all {
				name := p.Given + " " + p.Family
				if p.Given >= "㐀" && p.Family >= "㐀" && format != "vcf3" && format != "vcf21" && format != "vcf4" {
					name = p.Family + p.Given
				}
				if p.Company != "" {
					name = p.Company
				}
				if format == "list" {
					name, p.Email = "", ""
				}
				for _, text := range []string{p.Mobile, p.Home, p.Work, p.Email} {
					if text != "" {
						want = append(want, name+": "+plain(text))
					}
				}
			}
			var got []string
			for e, err := range file.Read(&export, contacts.Options{}) {
				if err != nil {
					t.Fatal(err)
				}
				switch e.Kind {
				case contacts.Number, contacts.Email:
					got = append(got, string(e.Name)+": "+plain(string(e.Text)))
				case contacts.Problem:
					t.Fatalf("%s %s: line %d: %v", format, region, e.Line, e.Code)
				}
			}
			slices.Sort(want)
			slices.Sort(got)
			if !slices.Equal(got, want) {
				for i := range got {
					if i >= len(want) || got[i] != want[i] {
						t.Errorf("%s %s: got %q", format, region, got[i])
						break
					}
				}
				t.Fatalf("%s %s: %d entries, want %d", format, region, len(got), len(want))
			}
		}
	}
}

// plain leaves out what the tel: URIs of vCard 4.0 do not keep.
func plain(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "(", "", ")", "").Replace(s)
}
