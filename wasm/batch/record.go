package batch

import "sealbook/wasm/number"

// Record is what is known of one item; numbers are little-endian.
//
//	[0]     number.Code, 0 when the item is a number
//	[1]     flags: 1 valid, 2 info was asked for, 4 the region is known
//	[2]     number.Type
//	[3]     number.Possibility
//	[4:7]   region, ASCII, zero-padded: "GB\0", "001"
//	[7]     length of the E.164 text
//	[8:29]  E.164 text, zero-padded
//	[29]    digits of the extension
//	[30:32] country calling code
//
// Whoever reads one in Go asks its methods; JavaScript's twin is wasm/js/core.js.
type Record [RecordSize]byte

const (
	flagValid = 1 << iota
	flagInfo
	flagRegion
)

// Code is number.OK when the item is a number; nothing else is known of one that
// is none.
func (r *Record) Code() number.Code { return number.Code(r[0]) }

// E164 is the number, a view; empty where there is none.
func (r *Record) E164() []byte { return r[8 : 8+min(r[7], 21)] }

// CallingCode is the number's calling code.
func (r *Record) CallingCode() uint16 { return uint16(r[30]) | uint16(r[31])<<8 }

// ExtensionLen is how many digits the extension has.
func (r *Record) ExtensionLen() int { return int(r[29]) }

// HasInfo reports whether info was asked for: without it, the rest is not known.
func (r *Record) HasInfo() bool { return r[1]&flagInfo != 0 }

// Valid reports whether the number is valid.
func (r *Record) Valid() bool { return r[1]&flagValid != 0 }

// Type is the number's type.
func (r *Record) Type() number.Type { return number.Type(r[2]) }

// Possibility says whether the number's length is one that its region has.
func (r *Record) Possibility() number.Possibility { return number.Possibility(r[3]) }

// Region is the number's region, such as GB or 001, a view; empty where it is not
// known.
func (r *Record) Region() []byte {
	if r[1]&flagRegion == 0 {
		return nil
	}
	n := 4
	for n < 7 && r[n] != 0 {
		n++
	}
	return r[4:n]
}
