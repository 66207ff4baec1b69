package field

// A gap is what stands before a token, as bits.
type gap uint32

const (
	gapWide       gap = 1 << iota // two blanks or more
	gapDashed                     // a dash between blanks
	gapStop                       // a stop and a blank
	gapComma                      //
	gapSlash                      //
	gapHard                       // ; | & = and other signs between numbers
	gapLine                       // a line ends
	gapOpen                       // an opening bracket
	gapClose                      // a closing one
	gapWord                       // a word or picture
	gapExtension                  // a word or sign of an extension
	gapPause                      // a pause, p or w, directly between digits
	gapMask                       // signs that stand for digits
	gapGluedLeft                  // an unknown word directly behind the digits before
	gapGluedRight                 // one directly before these
	gapOther                      // a word for what is no phone number
	gapOr                         // one of the words or & that part a number from its last digits
	gapItem                       // what stands behind the number of a list's item
	gapHyphen                     // ends with a dash
	gapUnknown                    // a word that is no known label
	gapFilled                     // anything at all
)

// gapApart are the gaps that no number goes across.
const gapApart = gapHard | gapLine | gapWord | gapExtension | gapPause | gapMask | gapGluedLeft | gapGluedRight

// gapOfRun are those that end a run: what a number goes across only at a price,
// and what can be left out.
const gapOfRun = gapApart | gapComma | gapSlash | gapOpen | gapClose

// A token is a group of digits.
type token struct {
	from, to uint16 // of the symbols, its plus included
	at       uint16 // of its digits in r.digits
	n        uint16
	gap      gap // before it
	plus     bool
	forced   bool    // of a link: begins with a calling code
	aside    bool    // part of a date, a time, an ordinal: of no number
	repairs  Repairs // LetterForDigit, Exponent, Decimal
}

// maxTokens is more than any number of numbers that a field holds needs.
const maxTokens = 64

// scan finds the tokens of the symbols; false if there are too many.
func (r *Reader) scan() bool {
	r.tokens, r.used, r.rounded = 0, 0, false
	last := 0 // where the gap begins
	for i := 0; i < r.n; {
		c := r.sym[i]
		from, plus := i, false
		if c == '+' {
			// Blanks, brackets and more pluses may follow; or a dash, as UTF-7 writes it.
			k := i
			if i+1 < r.n && r.sym[i+1] == '-' {
				k += 2
			}
			for k < r.n && k < i+4 && (r.sym[k] == '+' || r.sym[k] == ' ' || r.sym[k] == '(' || r.sym[k] == '[') {
				k++
			}
			if k < r.n && r.digitRun(k) > k {
				i, plus, c = k, true, r.sym[k]
			}
		}
		end := r.digitRun(i)
		if end == i {
			i++
			if isLetter(c) {
				for i < r.n && isLetter(r.sym[i]) {
					i++
				}
			}
			continue
		}
		if r.tokens == maxTokens {
			return false
		}
		t := &r.token[r.tokens]
		*t = token{from: uint16(from), at: uint16(r.used), plus: plus}
		if c >= symForced && c < symForced+10 {
			t.forced = true
		}
		if r.prefixed > 0 && r.tokens == 0 && !plus {
			r.used += copy(r.digits[r.used:], r.prefix[:r.prefixed])
			t.plus = true
		}
		switch exponent, exact := r.exponent(i); {
		case exponent > 0 && !exact:
			r.rounded = true
			t.gap |= gapMask
			end = exponent
		case exponent > 0:
			end = exponent
			t.repairs = Exponent.set()
		default:
			if e := r.decimals(i, end); e > end {
				r.put(i, end)
				t.repairs |= Decimal.set()
				end = e
			} else if e := r.thousands(i); e > end {
				r.put(i, e)
				t.repairs |= Decimal.set()
				end = r.decimals(i, e)
			} else if r.put(i, end) {
				t.repairs |= LetterForDigit.set()
			}
		}
		t.n = uint16(r.used) - t.at
		t.to = uint16(end)
		t.gap |= r.gap(last, from, r.tokens)
		if plus {
			t.gap &^= gapGluedRight
		}
		r.tokens++
		i, last = end, end
	}
	r.trailing = r.gap(last, r.n, r.tokens)
	return true
}

// digitRun returns where the digits that begin at sym[i] end, i if none do. The
// letters O, o, l and I count where they stand with digits and no other letter.
//
//go:noinline
func (r *Reader) digitRun(i int) int {
	digits, letters := 0, 0
	k := i
	for ; k < r.n; k++ {
		c := r.sym[k]
		if isDigit(c) || c >= symForced && c < symForced+10 {
			digits++
		} else if c == 'O' || c == 'o' || c == 'l' || c == 'I' {
			letters++
		} else {
			break
		}
	}
	if digits == 0 {
		return i
	}
	if letters > 0 && (k < r.n && isLetter(r.sym[k]) || i > 0 && isLetter(r.sym[i-1]) || letters > digits+2) {
		// A word: the digits before it alone.
		k = i
		for k < r.n && (isDigit(r.sym[k]) || r.sym[k] >= symForced) {
			k++
		}
	}
	return k
}

// put copies the digits of sym[i:end] and says whether letters were among them.
//
//go:noinline
func (r *Reader) put(i, end int) (letters bool) {
	for ; i < end; i++ {
		c := r.sym[i]
		switch {
		case c >= symForced && c < symForced+10:
			c = c - symForced + '0'
		case c == 'O' || c == 'o':
			c, letters = '0', true
		case c == 'l' || c == 'I':
			c, letters = '1', true
		case !isDigit(c):
			continue
		}
		r.digits[r.used] = c
		r.used++
	}
	return letters
}

// exponent reads a number such as 4.42079460018E+11 that begins at sym[i]; it
// answers where it ends, 0 if there is none, and whether all its digits are there,
// which it then puts.
func (r *Reader) exponent(i int) (end int, exact bool) {
	k := i
	for k < r.n && isDigit(r.sym[k]) {
		k++
	}
	if k == i || k > i+1 && k < r.n && (r.sym[k] == '.' || r.sym[k] == ',') {
		return 0, false
	}
	whole := k
	if k < r.n && (r.sym[k] == '.' || r.sym[k] == ',') {
		k++
		for k < r.n && isDigit(r.sym[k]) {
			k++
		}
	}
	mantissa := k
	if k+1 >= r.n || lower(r.sym[k]) != 'e' {
		return 0, false
	}
	k++
	if r.sym[k] == '+' {
		k++
	} else if mantissa == whole {
		return 0, false
	}
	power, first := 0, k
	for k < r.n && isDigit(r.sym[k]) && k < first+3 {
		power = power*10 + int(r.sym[k]-'0')
		k++
	}
	if k == first || k < r.n && (isDigit(r.sym[k]) || isLetter(r.sym[k])) {
		return 0, false
	}
	fraction := max(mantissa-whole-1, 0)
	for fraction > power && r.sym[mantissa-1] == '0' {
		mantissa--
		fraction--
	}
	if fraction != power || power == 0 {
		return k, false
	}
	r.put(i, mantissa)
	return k, true
}

// decimals returns where the .0 or ,00 behind the digits sym[i:end] ends, end if
// there is none. A spreadsheet writes it behind a number and nothing else.
func (r *Reader) decimals(i, end int) int {
	if end-i < 7 || end+1 >= r.n || r.sym[end] != '.' && r.sym[end] != ',' || i > 0 && !apart(r.sym[i-1]) && r.sym[i-1] != '+' {
		return end
	}
	k := end + 1
	for k < r.n && r.sym[k] == '0' && (k < end+3 || end-i > 9 && k < end+7) {
		k++
	}
	if k == end+1 || k < r.n && !apart(r.sym[k]) {
		return end
	}
	return k
}

// thousands returns where a number whose thousands are parted, such as
// 442,079,460,018, ends, 0 if none begins at sym[i].
func (r *Reader) thousands(i int) int {
	if i > 0 && !apart(r.sym[i-1]) && r.sym[i-1] != '+' {
		return 0
	}
	k := i
	for k < r.n && isDigit(r.sym[k]) && k < i+3 {
		k++
	}
	if k == i || k == r.n || r.sym[k] != ',' && r.sym[k] != '\'' {
		return 0
	}
	sign, groups := r.sym[k], 0
	for k+3 < r.n && r.sym[k] == sign && isDigit(r.sym[k+1]) && isDigit(r.sym[k+2]) && isDigit(r.sym[k+3]) {
		k += 4
		groups++
	}
	if groups < 2 || k < r.n && !apart(r.sym[k]) && (groups < 3 || r.decimals(i, k) == k) {
		return 0
	}
	return k
}

// apart says whether a symbol ends a cell's number.
func apart(c byte) bool {
	switch c {
	case ' ', '\n', ';', '|', '\'', '"', '=', ':', symMark, symLink:
		return true
	}
	return false
}

// gap reads what stands between two tokens, before the first (k 0) or behind
// the last.
//
//go:noinline
func (r *Reader) gap(from, to, k int) (g gap) {
	if from == to {
		return 0
	}
	first, last := k == 0, k == r.tokens && to == r.n
	masks, stops, words := 0, 0, 0
	g = gapFilled
	for i := from; i < to; i++ {
		c := r.sym[i]
		switch {
		case c == ' ':
			if i+1 < to && r.sym[i+1] == ' ' {
				g |= gapWide
			}
		case c == '-':
			n := i
			for n < to && r.sym[n] == '-' {
				n++
			}
			if (n-i >= 3 || n-i == 2 && last && n == to) && !first {
				g |= gapMask
			}
			if i > from && r.sym[i-1] == ' ' && (n == to || r.sym[n] == ' ') {
				g |= gapDashed
			}
			i = n - 1
		case c == '.':
			stops++
			if i+1 < to && r.sym[i+1] == ' ' {
				g |= gapStop
			}
			if i+1 < to && r.sym[i+1] == '.' && !first {
				g |= gapMask
			}
		case c == ';':
			g |= gapHard | gapComma
		case c == ',':
			if i+1 < to && r.sym[i+1] == ',' {
				g |= gapPause
			}
			g |= gapComma
		case c == '/' || c == '\\':
			g |= gapSlash
		case c == '\n':
			g |= gapLine
		case c == '(' || c == '[':
			g |= gapOpen
		case c == ')' || c == ']':
			g |= gapClose
		case c == '#':
			g |= gapExtension
			if i+1 < to && r.sym[i+1] == '#' && !first {
				g |= gapMask
			}
		case (c == '*' || c == symMask) && to-from == 3 && i == from+1 && r.sym[from] == ' ' && r.sym[to-1] == ' ' && !first && !last:
			g |= gapHard // a bullet
		case c == '*' && (i+1 < to && isLetter(r.sym[i+1]) || i > from && isLetter(r.sym[i-1])): // of a word in stars
		case c == '*':
			masks++
		case c == symMask:
			masks++
			if !first {
				masks++
			}
		case c == '_' && i+1 < to && r.sym[i+1] == '_' && !first:
			g |= gapMask
		case c == '_' || c == '~' || c == '\'' || c == '`' || c == '^' || c == '"':
		case c == '?' && i+1 < to && isLetter(r.sym[i+1]):
			g |= gapHard // of a link
		case c == '?':
			g |= gapWord
			if i == from && !first {
				g |= gapMask
			}
		case c == '&':
			g |= gapHard | gapOr
		case isLetter(c):
			end := i
			for end < to && isLetter(r.sym[end]) {
				end++
			}
			g |= r.word(i, end, from, to, first, last, &masks)
			words++
			i = end - 1
		case c == symMark:
			g |= gapWord
		default:
			g |= gapHard
		}
	}
	if masks > 1 || masks > 0 && !first && !last && words == 0 {
		g |= gapMask
	}
	if stops > 2 && !first {
		g |= gapMask
	}
	if words > 1 {
		g &^= gapOr
	}
	if r.sym[to-1] == '-' {
		g |= gapHyphen
	}
	if !first && r.item(from, to) {
		g |= gapItem
	}
	if g&gapWord != 0 && g&gapExtension == 0 && !first && r.wideExtension(int(r.place[from]), int(r.place[to])) {
		g |= gapExtension
	}
	return g
}

// word reads the word sym[i:end] of a gap.
//
//go:noinline
func (r *Reader) word(i, end, from, to int, first, last bool, masks *int) (g gap) {
	alone := i == from && end == to && !first && !last
	if end-i == 1 {
		switch lower(r.sym[i]) {
		case 'p', 'w':
			if alone {
				return gapPause
			}
		case 'x':
			if !first && !last {
				return gapExtension
			}
		}
	}
	// XX, or nnn: the same letter again and again stands for digits.
	same := i + 1
	for same < end && r.sym[same] < symLetter && lower(r.sym[same]) == lower(r.sym[i]) {
		same++
	}
	if n := end - i; same == end && n > 1 && (lower(r.sym[i]) == 'x' || n > 2 && !first && lower(r.sym[i]) != 'w') {
		*masks += n
		return gapWord
	}
	if alone && (r.inList(pauses, i, end)) {
		return gapPause
	}
	if i == from && !first && r.token[r.tokens-1].n < 3 && r.inList(units, i, end) && r.ordinal(r.tokens-1) {
		r.token[r.tokens-1].aside = true
		return gapWord
	}
	g = gapWord
	known := false
	for k := i; k < end; k++ {
		if r.sym[k] == symHan {
			known = true
		}
	}
	switch {
	case !first && r.inList(extensions, i, end):
		return gapExtension
	case end < to && r.sym[end] == ':' && (end+1 == to || r.sym[end+1] != ' ') && r.inList(schemes, i, end):
		r.all |= Link.set()
		return gapHard
	case r.inList(labels, i, end):
		known = true
	case r.inList(others, i, end):
		return g | gapOther | gapUnknown
	}
	if r.inList(ors, i, end) && (end-i > 1 || end < to || last) {
		g |= gapOr
		known = known || !alone
	}
	if !known {
		g |= gapUnknown
		if i == from && !first {
			g |= gapGluedLeft
		}
		if end == to && !last {
			g |= gapGluedRight
		}
	}
	return g
}

// ordinal says whether a short token stands alone, as in 2nd and 9am.
func (r *Reader) ordinal(k int) bool {
	t := &r.token[k]
	return !t.plus && (t.from == 0 || !isDigit(r.sym[t.from-1])) && t.gap&(gapMask|gapOther) == 0
}

// item says whether sym[from:to] is what stands behind the number of a list's
// item: ")", ".", ":", ".)", "-)" or a blank, and blanks behind.
func (r *Reader) item(from, to int) bool {
	i := from
	for i < to && r.sym[i] != ' ' {
		switch r.sym[i] {
		case '.', ')', ']', ':', '-':
		default:
			return false
		}
		i++
	}
	if i-from > 2 {
		return false
	}
	if i == from && i+2 < to && r.sym[i+1] == '-' && r.sym[i+2] == ' ' {
		i += 2
	}
	closed := i > from && (r.sym[i-1] == ')' || r.sym[i-1] == ']')
	if i == to {
		return closed || i == from+1 && r.sym[from] == '.' && to+2 < r.n && r.sym[to] == '0' && isDigit(r.sym[to+1]) && isDigit(r.sym[to+2])
	}
	for ; i < to; i++ {
		if r.sym[i] != ' ' {
			return r.sym[i] == '(' && i+1 == to // the number begins with a bracket
		}
	}
	return true
}
