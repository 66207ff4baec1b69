//go:build tinygo

package number

var expanded bool

// ready expands the tables at first use: in init, the compiler would run it
// and store the result, five times the size.
//
//go:inline
func ready() {
	if !expanded {
		expanded = true
		expand()
	}
}
