package main

import (
	"encoding/binary"
	"unicode"
)

// zeros returns the distances between the first digits of Unicode's decimal
// digits, which come in runs of ten.
func zeros() (b []byte) {
	last := rune(0)
	for r := rune(128); r <= unicode.MaxRune; r++ {
		if unicode.Is(unicode.Nd, r) {
			b = binary.AppendUvarint(b, uint64(r-last))
			last = r
			for i := rune(0); i < 10; i++ {
				if !unicode.Is(unicode.Nd, r+i) {
					panic("decimal digits not in tens")
				}
			}
			r += 9
		}
	}
	return b
}

// letters returns the ranges of Unicode's letters and numbers beyond ASCII:
// distance to the range, length of the range.
func letters() (b []byte) {
	last := rune(0)
	for r := rune(128); r <= unicode.MaxRune; r++ {
		if !unicode.In(r, unicode.L, unicode.N) {
			continue
		}
		end := r
		for unicode.In(end, unicode.L, unicode.N) {
			end++
		}
		b = binary.AppendUvarint(b, uint64(r-last))
		b = binary.AppendUvarint(b, uint64(end-r))
		r, last = end, end
	}
	return b
}
