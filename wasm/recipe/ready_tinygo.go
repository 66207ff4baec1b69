//go:build tinygo

package recipe

var expanded bool

// ready fills published at first use. TinyGo runs init while it compiles and
// would store the result: ten kilobytes, nearly all of them zero.
func ready() {
	if !expanded {
		expanded = true
		expand()
	}
}
