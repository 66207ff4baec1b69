// Package upload knows the customer lists that ad platforms take: what they call
// the columns of such a file, and by which recipes of packages recipe and email
// the digests in them are made. The command's hash --csv --preset and the page
// *Hash a table* offer them.
//
// Not every platform publishes names. [Preset.Confidence] says which do; for the
// others, recall-only, the columns are to be matched when the file is uploaded.
package upload

import "sealbook/wasm/recipe"

// Column is what a file has for one kind of identifier.
type Column struct {
	Name   string // in the header, as the platform spells it; empty if it takes none
	Recipe string // the id in package recipe or package email
}

// Preset is a platform's customer list.
type Preset struct {
	ID     string
	Vendor string
	Phone  Column
	Email  Column

	Confidence recipe.Confidence // of the names
	Source     string            // of the names
	Read       string            // when, year and month
}

// Presets returns all of them, the most asked for first. They are shared: do not
// change them.
func Presets() []Preset { return table }

// Lookup finds a preset by its id.
func Lookup(id string) (*Preset, bool) {
	for i := range table {
		if table[i].ID == id {
			return &table[i], true
		}
	}
	return nil, false
}
