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
		if letters >= 3 && r.spelt(i) {
			r.spelledTo = i
			r.spelledN = n
			return true
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
	r.spelledN, r.spelledTo = n, r.n
	return letters >= 3
}

// spelt says whether a number that is spelled ends at sym[i]: before a bracket,
// what parts numbers, an extension or a word that is no capitals.
func (r *Reader) spelt(i int) bool {
	switch r.sym[i] {
	case '(', '[', '/', ',', ';', '|', '&', '\n':
		return true
	case ' ':
		i++
		end := i
		small := false
		for end < r.n && isLetter(r.sym[end]) {
			small = small || r.sym[end] >= symLetter || r.sym[end] >= 'a'
			end++
		}
		return small || end > i && (r.inList(extensions, i, end) || r.inList(ors, i, end)) || i < r.n && (r.spelt(i) || r.sym[i] == '-' && i+1 < r.n && r.sym[i+1] == ' ')
	}
	return false
}

// before puts the number that the field's first word spells, if one does, before
// those that were found behind it.
func (r *Reader) before(found []Found, answers []Answer) []Found {
	if r.vanity == 0 || !spells(&answers[r.vanity]) {
		return found
	}
	to := int(r.place[r.spelledTo])
	n := len(found)
	if n == MaxNumbers || n > 0 && found[0].From < to {
		return found
	}
	copy(r.found[1:], found)
	repairs := r.all | Vanity.set()
	for i := range n {
		r.found[i+1].Repairs |= Several.set()
		repairs |= Several.set()
	}
	if r.spelledTo < r.n || r.token[0].gap&gapWord != 0 {
		repairs |= Text.set()
	}
	r.found[0] = Found{Answer: answers[r.vanity], From: int(r.place[r.token[0].from]), To: to, Repairs: repairs}
	return r.found[:n+1]
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
