//go:build !tinygo

package number

// Mobiles returns the space of a region's mobile numbers. See [Space.Reset].
func Mobiles(region string) (s Space, ok bool) {
	ok = s.Reset(region)
	return s, ok
}
