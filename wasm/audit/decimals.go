package audit

import (
	"math/bits"

	"sealbook/wasm/number"
)

// decimals finds digits among the spellings.
type decimals struct {
	list []decimal
	slot []uint32 // index+1 into list; 0 is free
}
type decimal struct {
	value uint64
	n     uint8 // digits, leading zeros counted; 0: any, of an integer
	form  form
	of    owner
}

func (d *decimals) add(digits []byte, f form, of owner) {
	v := uint64(0)
	for _, c := range digits {
		v = v*10 + uint64(c-'0')
	}
	d.list = append(d.list, decimal{v, uint8(len(digits)), f, of})
	if digits[0] != '0' && (f == international || f == significant) {
		d.list = append(d.list, decimal{v, 0, f, of})
	}
}
func (d *decimals) hash(value uint64, n uint8) uint64 {
	return mix(value ^ uint64(n)*0xd6e8feb86659fd93)
}
func (d *decimals) build() {
	size := 16
	for size < 2*len(d.list) {
		size *= 2
	}
	d.slot = make([]uint32, size)
	for i := range d.list {
		at := d.hash(d.list[i].value, d.list[i].n) & uint64(size-1)
		for d.slot[at] != 0 {
			at = (at + 1) & uint64(size-1)
		}
		d.slot[at] = uint32(i + 1)
	}
}

// each calls f for every number that is spelled so, as long as it says true.
func (d *decimals) each(value uint64, n uint8, f func(*decimal)) {
	if len(d.slot) == 0 {
		return
	}
	mask := uint64(len(d.slot) - 1)
	for at := d.hash(value, n) & mask; d.slot[at] != 0; at = (at + 1) & mask {
		if e := &d.list[d.slot[at]-1]; e.value == value && e.n == n {
			f(e)
		}
	}
}

// has reports whether any number is spelled so.
func (d *decimals) has(value uint64, n uint8) bool {
	if len(d.slot) == 0 {
		return false
	}
	mask := uint64(len(d.slot) - 1)
	for at := d.hash(value, n) & mask; d.slot[at] != 0; at = (at + 1) & mask {
		if e := &d.list[d.slot[at]-1]; e.value == value && e.n == n {
			return true
		}
	}
	return false
}

// addIntegers adds fixed64 and float64 of number i in both orders of bytes.
func (b *Book) addIntegers(out []word, i int) []word {
	n := b.numbers[i].n
	var buf [number.MaxText]byte
	add := func(digits []byte, fixed, float uint16) {
		v := uint64(0)
		if len(digits) > 15 || len(digits) < 8 {
			return // float64 has no more, and fewer are too few to tell
		}
		for _, c := range digits {
			v = v*10 + uint64(c-'0')
		}
		for _, w := range []word{
			{v, owner(i), fixed}, {bits.ReverseBytes64(v), owner(i), fixed},
			{floatBits(v), owner(i), float}, {bits.ReverseBytes64(floatBits(v)), owner(i), float},
		} {
			out = append(out, w)
		}
	}
	add(n.Append(buf[:0], number.Digits), wordFixed64, wordFloat)
	if nsn := n.Append(buf[:0], number.Significant); nsn[0] != '0' {
		add(nsn, wordFixed64National, wordFloatNational)
	}
	return out
}

// floatBits returns the bits of a float64 of an integer below 2^53.
func floatBits(v uint64) uint64 {
	if v == 0 {
		return 0
	}
	top := bits.Len64(v) - 1
	return uint64(1023+top)<<52 | v<<(52-uint(top))&(1<<52-1)
}
