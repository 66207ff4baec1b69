package field

// Digits returns the digits of a field that holds one number and nothing that has
// to be weighed: perhaps a label, blanks, dashes, stops and brackets. plus says
// that a calling code comes first. There are none where the field is anything
// else. They hold until the next call.
func (r *Reader) Digits(text []byte) (digits []byte, plus bool) {
	r.text = text
	r.all, r.prefixed = 0, 0
	r.tokens = 0
	if !r.clean(text) {
		return nil, false
	}
	r.links()
	if !r.scan() || r.tokens == 0 {
		return nil, false
	}
	r.dates()
	for i := range r.tokens {
		t := &r.token[i]
		g := t.gap
		if t.aside || t.repairs.Has(LetterForDigit) || g&(gapMask|gapGluedLeft|gapGluedRight|gapOther) != 0 ||
			i > 0 && (t.plus || t.forced || g&(gapApart|gapComma) != 0) {
			return nil, false
		}
	}
	if r.trailing&(gapMask|gapGluedLeft) != 0 || r.used > maxDigits {
		return nil, false
	}
	return r.digits[:r.used], r.token[0].plus || r.token[0].forced
}

// Groups appends how many digits each group of the field had that Digits read
// last, a byte from '1' to '9' each, behind an opening bracket if one is before
// the first.
func (r *Reader) Groups(dst []byte) []byte {
	if r.token[0].gap&gapOpen != 0 {
		dst = append(dst, '(')
	}
	for i := range r.tokens {
		dst = append(dst, '0'+byte(min(r.token[i].n, 9)))
	}
	return dst
}
