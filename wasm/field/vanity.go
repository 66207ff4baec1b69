package field

import "sealbook/wasm/number"

// keypad spells the field's words as digits, as in 1-800-FLOWERS: whole words, behind a hyphen or in capitals, behind digits. It says
// whether there is such a number.
func (r *Reader) keypad() bool {
	const keys = "22233344455566677778889999"
	n, letters := 0, 0
	for i := int(r.token[0].from); i < r.n; i++ {
		c := r.sym[i]
		if n == questionSize-1 {
			return false
		}
		switch {
		case isDigit(c):
			if letters > 0 && isLetter(r.sym[i-1]) {
				return false
			}
			r.spelled[n] = c
			n++
		case lower(c)-'a' < 26:
			end := i
			capitals := true
			for end < r.n && isLetter(r.sym[end]) {
				if r.sym[end] >= symLetter {
					return false
				}
				capitals = capitals && r.sym[end]-'A' < 26
				end++
			}
			hyphen := i > 0 && r.sym[i-1] == '-'
			if end-i < 2 || !hyphen && !capitals || n+end-i > questionSize-1 || !hyphen && r.inList(labels, i, end) || r.inList(extensions, i, end) {
				return false
			}
			for ; i < end; i++ {
				r.spelled[n] = keys[lower(r.sym[i])-'a']
				n++
				letters++
			}
			i--
		case c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '+':
		default:
			return false
		}
	}
	r.spelledN = n
	return letters >= 3
}

// spells says whether a number is of a kind that people write as words.
func spells(a *Answer) bool {
	if a.Code != number.OK || !a.Valid {
		return false
	}
	switch a.Type {
	case number.TollFree, number.PremiumRate, number.SharedCost, number.UAN:
		return true
	}
	return a.Calling == 1
}
