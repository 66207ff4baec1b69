//go:build !tinygo

package number

// ready is for builds in which the tables are expanded before main.
//
//go:inline
func ready() {}

func init() {
	expand()
	for i := 1; i <= planCount; i++ {
		if plans[i].validity == 0 {
			loadAutomata(uint8(i))
		}
		if !plans[i].formatted {
			loadFormats(uint8(i))
		}
	}
}
