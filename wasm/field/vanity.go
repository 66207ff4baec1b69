package field

import "sealbook/wasm/number"

// askVanity asks about the first number that words spell: the field's, or one behind
// what parts numbers.
func (r *Reader) askVanity() {
	r.vanity = 0
	if !r.words {
		return
	}
	for k := range r.tokens {
		t := &r.token[k]
		if (k == 0 || t.gap&(gapSlash|gapComma|gapHard|gapLine|gapOr) != 0) && r.keypad(int(t.from)) {
			r.spelledFrom = k
			r.vanity = r.ask(t.plus, r.spelled[:r.spelledN], nil, letters(r.options.Region))
			return
		}
	}
}

// keypad spells words as digits, as in 1-800-FLOWERS: whole words, behind a hyphen or
// in capitals, behind digits that begin at sym[from]. It says whether there is such a
// number.
func (r *Reader) keypad(from int) bool {
	const keys = "22233344455566677778889999"
	n, letters := 0, 0
	for i := from; i < r.n; i++ {
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

// withSpelled puts the number that words spell, if they do, among those that were
// found before and behind it.
func (r *Reader) withSpelled(found []Found, answers []Answer) []Found {
	if r.vanity == 0 || !spells(&answers[r.vanity]) {
		return found
	}
	first := &r.token[r.spelledFrom]
	from, to := int(r.place[first.from]), int(r.place[r.spelledTo])
	n, at := len(found), 0
	for at < n && found[at].From < from {
		at++
	}
	if n == MaxNumbers || at > 0 && found[at-1].To > from || at < n && found[at].From < to {
		return found
	}
	if at > 0 && r.behind(int(r.place[r.token[r.spelledFrom-1].to-1])) == found[at-1].To {
		found[at-1].Repairs &^= Extension.set() // its digits were taken for one
	}
	copy(r.found[at+1:], found[at:])
	repairs := r.all | Vanity.set()
	if r.spelledTo < r.n || first.gap&gapWord != 0 {
		repairs |= Text.set()
	}
	r.found[at] = Found{Answer: answers[r.vanity], From: from, To: to, Repairs: repairs}
	found = r.found[:n+1]
	if n > 0 {
		for i := range found {
			found[i].Repairs |= Several.set()
		}
	}
	return found
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
