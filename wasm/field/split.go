package field

const (
	maxSegments = 96
	maxShorts   = 4  // numbers of which only the last digits are written
	maxDigits   = 20 // of a number, prefixes included
)

// Costs of what a reading assumes; see the package comment. What is nearer than
// margin is ambiguous.
const (
	margin = 3

	costJoined      = 34 // digits run together across a slash, a comma or an odd bracket
	costLetters     = 40 // letters taken for digits
	costDashed      = 6  // a number goes across a dash between blanks
	costWide        = 4  // … two blanks
	costStop        = 8  // … a stop and a blank, behind its first digits
	costSplit       = 12 // two numbers with no more than a blank between
	costForeign     = 2  // 00 where the region dials otherwise
	costOtherIDD    = 5  // 011 and others likewise
	costTrunkZero   = 3
	costPlus        = 6  // a plus before a national number
	costDoubled     = 6  // the calling code twice
	costTwoPluses   = 20 // … with a plus each, and taken for digits of the number
	costOldPlan     = 7
	costShort       = 3
	costRange       = margin - 1 // … behind a dash or comma, and counts on
	costItem        = 4          // the number of a list's item is left out
	costItemCode    = 12         // … where it may be a calling code in brackets
	costItemElse    = 12         // … where it is not clear that the number begins behind it
	costNoZero      = 4          // a mobile number without the trunk zero of its region
	costNoZeroElse  = 7          // another one, or a mobile number in a plan that accepts other lengths too
	costNoZeroLoose = 12         // another one in such a plan
	costNoZeroLong  = 18         // … of 12 digits and more, as hardly any is
	costBare        = 8          // a mobile number with calling code and no plus
	costBareElse    = 12         // another one
	costUnattested  = 8          // against what the file or the row's country says
	costAmongWords  = 30         // among unknown words, what only a loose plan accepts
	costInvalid     = 25         // possible, and not valid
	costMost        = 75         // dearer than this is no reading
)

// kind says how a way is judged.
type kind uint8

const (
	byPlus     kind = iota // as it stands, with its plus
	byRegion               // as it stands, in the region
	byCountry              // in the region of the row's country
	bareCode               // with its calling code, to which the plus is added
	mended                 // otherwise mended: must be valid
	bareMended             // the same, and the plus was added
)

// A way is one way to read a segment.
type way struct {
	question int
	zero     int // the question whether a trunk zero is missing, 0 for none; behind it, whether a digit more or less would do
	shorts   int // the first question about a number that shares its beginning
	cost     int
	repairs  Repairs
	kind     kind
	width    uint8 // digits that the calling code must have, 0 for any
}

// A segment is tokens that may be one number.
type segment struct {
	from, to int // tokens
	ways     int // the first
	count    int
	shorts   int            // groups of tokens behind it that may be the last digits of others
	behind   [maxShorts]int // the token behind each
	length   int            // digits
	cost     int
	repairs  Repairs
	two      bool // has a plus inside
	zero     bool // has a (0) inside
}

// split lists the segments and asks about each.
func (r *Reader) split() {
	for i := 0; i < r.tokens; i++ {
		if !r.starts(i) {
			continue
		}
		cost, n := 0, 0
		repairs := Repairs(0)
		two, zero := false, false
		if r.token[i].gap&gapExtension != 0 {
			if i > 0 {
				cost += costWide
			} else if r.token[0].n < 3 {
				cost += costJoined // an item, such as #3
			}
		}
		for j := i; j < r.tokens && r.segments < maxSegments; j++ {
			t := &r.token[j]
			if t.aside {
				break
			}
			if j > i {
				two = two || t.plus
				zero = zero || t.n == 1 && r.digits[t.at] == '0' && t.gap&gapOpen != 0
				c := r.joint(i, j, n)
				if c < 0 {
					break
				}
				cost += c
				if c >= costJoined {
					repairs |= Joined.set()
				}
			}
			if t.repairs.Has(LetterForDigit) && !repairs.Has(LetterForDigit) {
				cost += costLetters
			}
			repairs |= t.repairs
			n += int(t.n)
			if n > maxDigits || cost > costMost {
				break
			}
			if n >= 5 && r.ends(j) {
				r.segment[r.segments] = segment{from: i, to: j + 1, length: n, cost: cost, repairs: repairs, ways: r.ways, two: two, zero: zero}
				r.read(&r.segment[r.segments])
				r.segments++
			}
		}
	}
}

// starts says whether a number may begin with a token.
//
//go:noinline
func (r *Reader) starts(i int) bool {
	t := &r.token[i]
	if t.aside || t.gap&(gapMask|gapGluedRight|gapPause) != 0 || t.gap&gapOther != 0 && !t.plus {
		return false
	}
	return i == 0 || r.token[i-1].aside || t.gap&gapOfRun != 0 || t.plus || t.forced || i == 1 && t.gap&gapItem != 0 || r.splits(i, t.gap)
}

// ends says whether a number may end with a token.
//
//go:noinline
func (r *Reader) ends(j int) bool {
	if j == r.tokens-1 {
		return r.trailing&(gapMask|gapGluedLeft) == 0
	}
	next := &r.token[j+1]
	if next.gap&(gapMask|gapGluedLeft) != 0 {
		return false
	}
	return next.gap&gapOfRun != 0 || next.plus || next.forced || next.aside || r.splits(j, next.gap) || r.itemAt(j+1) || r.dialledThrough(j+1)
}

// dialledThrough says whether the last token of a run may be an extension behind a dash.
func (r *Reader) dialledThrough(k int) bool {
	t := &r.token[k]
	return k > 0 && t.n <= 4 && !t.plus && t.gap&(gapHyphen|gapDashed) != 0 && (k == r.tokens-1 || r.token[k+1].gap&gapOfRun != 0 || r.token[k+1].plus)
}

// splits says whether a run may hold two numbers with this gap between.
func (r *Reader) splits(i int, g gap) bool {
	n := r.runLength(i)
	return n > 15 || n >= 10 && g&(gapWide|gapDashed) != 0
}

// runLength returns how many digits the run around a token has.
//
//go:noinline
func (r *Reader) runLength(i int) (n int) {
	from, to := r.run(i)
	for _, t := range r.token[from:to] {
		n += int(t.n)
	}
	return n
}

// run returns the tokens around one that nothing but blanks, dashes and stops
// part.
//
//go:noinline
func (r *Reader) run(i int) (from, to int) {
	for from = i; from > 0 && r.token[from].gap&(gapOfRun&^(gapOpen|gapClose)) == 0; from-- {
	}
	for to = i + 1; to < r.tokens && r.token[to].gap&(gapOfRun&^(gapOpen|gapClose)) == 0; to++ {
	}
	return from, to
}

// joint returns what it costs that token j goes on with a number that begins with
// token i and has n digits so far, -1 if it cannot.
//
//go:noinline
func (r *Reader) joint(i, j, n int) (cost int) {
	t := &r.token[j]
	g := t.gap
	if g&gapApart != 0 || t.forced {
		return -1
	}
	if t.plus && !(j == i+1 && r.doubles(i, j)) {
		return -1
	}
	if g&(gapComma|gapSlash) != 0 {
		cost += costJoined
	}
	if g&gapOpen != 0 && n > 5 {
		cost += costJoined
	}
	if g&gapClose != 0 {
		open := false
		for k := i; k < j; k++ {
			open = open || r.token[k].gap&gapOpen != 0 || r.sym[r.token[k].from] == '+' && r.bracketed(k)
		}
		if !open || n > 9 {
			cost += costJoined
		}
	}
	switch {
	case g&gapDashed != 0:
		cost += costDashed
	case g&gapWide != 0:
		cost += costWide
	case g&gapStop != 0 && j == i+1:
		cost += costStop
	case j == i+1 && g&gapItem != 0 && g&gapClose != 0 && r.token[i].gap&gapOpen != 0 && r.itemAt(i):
		cost += costItem - margin + 1 // an area code, or a list's item
	}
	return cost
}

// bracketed says whether a bracket opens between the plus of a token and its
// digits.
func (r *Reader) bracketed(k int) bool {
	for i := r.token[k].from; i < r.token[k].to; i++ {
		if r.sym[i] == '(' || r.sym[i] == '[' {
			return true
		}
	}
	return false
}

// doubles says whether token i is a calling code with which the plus of token j
// begins too, as in "+44 +44 20…" and "0044 (+44) 20…".
//
//go:noinline
func (r *Reader) doubles(i, j int) bool {
	a, b := r.digits[r.token[i].at:][:r.token[i].n], r.digits[r.token[j].at:][:r.token[j].n]
	for len(a) > 0 && a[0] == '0' {
		a = a[1:]
	}
	if len(a) == 0 || len(a) > 3 || len(b) < len(a) {
		return false
	}
	for k := range a {
		if a[k] != b[k] {
			return false
		}
	}
	return true
}

// zeros takes out a (0) further inside of a number than behind its calling code,
// as in "+44 20 (0) 7946 0018": it is dialled nowhere there.
func (r *Reader) zeros() {
	for k := 1; k+1 < r.tokens; k++ {
		t, next := &r.token[k], &r.token[k+1]
		if t.n != 1 || t.plus || r.digits[t.at] != '0' || t.gap&gapOpen == 0 || t.gap&(gapApart|gapComma|gapSlash) != 0 ||
			next.plus || next.gap&gapClose == 0 || next.gap&(gapApart|gapComma|gapSlash) != 0 {
			continue
		}
		from, n := k, 0
		for from > 0 && r.token[from].gap&(gapApart|gapComma|gapSlash) == 0 {
			from--
			n += int(r.token[from].n)
		}
		first := &r.token[from]
		trunk := first.n > 1 && !first.plus && r.digits[first.at] == '0' && r.digits[first.at+1] != '0'
		if n > 8 || k == from+1 && !trunk {
			continue
		}
		next.gap = t.gap&^gapOpen | next.gap&^(gapClose|gapItem)
		copy(r.digits[t.at:], r.digits[t.at+1:r.used])
		r.used--
		copy(r.token[k:], r.token[k+1:r.tokens])
		r.tokens--
		for i := k; i < r.tokens; i++ {
			r.token[i].at--
		}
		r.all |= TrunkZero.set()
	}
}

// dates marks the tokens of dates and hours: they are no numbers.
func (r *Reader) dates() {
	for i := 0; i+1 < r.tokens; i++ {
		if r.hours(i) {
			r.token[i].aside, r.token[i+1].aside = true, true
		}
	}
	for i := 0; i+2 < r.tokens; i++ {
		if r.date(i, i+2) && !r.token[i].aside {
			r.token[i].aside, r.token[i+1].aside, r.token[i+2].aside = true, true, true
		}
	}
}

// hours says whether two tokens are a time such as 12:30, or 24/7.
func (r *Reader) hours(i int) bool {
	a, b := &r.token[i], &r.token[i+1]
	if a.plus || a.n == 0 || a.n > 2 || b.from != a.to+1 || a.from > 0 && r.sym[a.from-1] != ' ' || b.to < uint16(r.n) && (isLetter(r.sym[b.to]) || r.sym[b.to] == ':') {
		return false
	}
	switch r.sym[a.to] {
	case ':':
		return b.n == 2 && r.value(i) < 25 && r.value(i+1) < 60
	case '/':
		return b.n == 1 && i > 0 && r.value(i) == 24 && r.value(i+1) == 7
	}
	return false
}

// date says whether tokens are a date such as 2024-05-12 or 12.05.2024.
func (r *Reader) date(i, j int) bool {
	if j != i+2 || r.token[i].plus || r.token[j].gap&(gapWide|gapDashed) != 0 {
		return false
	}
	for k := i + 1; k <= j; k++ {
		if c := r.sym[r.token[k].from-1]; c != '-' && c != '.' && c != '/' {
			return false
		}
	}
	year, month, day := i, i+1, j
	if r.token[i].n != 4 {
		year, day = j, i
	}
	if r.token[year].n != 4 || r.token[month].n > 2 || r.token[day].n > 2 {
		return false
	}
	y, m, d := r.value(year), r.value(month), r.value(day)
	return y >= 1900 && y < 2100 && m >= 1 && d >= 1 && (m <= 12 && d <= 31 || d <= 12 && m <= 31)
}

// value returns the number that a short token spells.
func (r *Reader) value(k int) (v int) {
	for _, d := range r.digits[r.token[k].at:][:r.token[k].n] {
		v = v*10 + int(d-'0')
	}
	return v
}

// read asks about the ways to read a segment.
func (r *Reader) read(s *segment) {
	first := &r.token[s.from]
	d := r.digits[first.at:][:s.length]
	r.countShorts(s)
	o := r.options
	switch {
	case first.forced:
		r.international(s, d, byPlus, 0, 0)
	case first.plus:
		cost := 0
		if first.n == 1 && d[0] == '8' && (o.Region == "RU" || o.Region == "KZ") {
			// The trunk 8, which is no calling code.
			cost = 2 * costPlus
			r.add(s, way{question: r.ask(false, d, nil, letters(o.Region)), kind: mended, cost: costPlus, repairs: PlusTooMany.set()})
		}
		r.international(s, d, byPlus, cost, 0)
		if d[0] == '0' {
			zeros := 0
			for zeros < len(d) && d[zeros] == '0' {
				zeros++
			}
			if zeros > 1 {
				r.international(s, d[zeros:], mended, costPlus, PlusTooMany.set())
			} else if o.Region != "" {
				r.add(s, way{question: r.ask(false, d, nil, letters(o.Region)), kind: mended, cost: costPlus, repairs: PlusTooMany.set()})
			}
		}
	default:
		if o.Region != "" {
			r.national(s, d, o.Region, byRegion, 0)
		}
		if c := o.Country; len(c) == 2 && !isDigit(c[0]) && c != o.Region {
			r.national(s, d, c, byCountry, CountryColumn.set())
		} else if code := callingCode(c); len(code) > 0 {
			r.add(s, way{question: r.ask(true, code, d, none), kind: byCountry, repairs: CountryColumn.set()})
		}
		if d[0] != '0' && len(d) >= 7 {
			r.international(s, d, bareCode, 0, WithoutPlus.set())
		}
		for _, idd := range idds[:] {
			if !hasPrefix(d, idd) || len(d) < len(idd)+7 || d[len(idd)] == '0' {
				continue
			}
			cost := costOtherIDD
			if idd == "00" {
				cost = costForeign
			}
			r.international(s, d[len(idd):], mended, cost, ForeignPrefix.set())
		}
	}
	s.count = r.ways - s.ways
}

// callingCode returns the digits of a calling code such as "44", "+44" or "0044";
// none for anything else.
//
//go:noinline
func callingCode(c string) []byte {
	for len(c) > 0 && (c[0] == '+' || c[0] == '0') {
		c = c[1:]
	}
	if len(c) == 0 || len(c) > 3 {
		return nil
	}
	for i := 0; i < len(c); i++ {
		if !isDigit(c[i]) {
			return nil
		}
	}
	return view(c)
}

// national asks about digits in a region, and whether they lack its trunk zero.
//
//go:noinline
func (r *Reader) national(s *segment, d []byte, region string, k kind, repairs Repairs) {
	w := way{question: r.ask(false, d, nil, letters(region)), kind: k, repairs: repairs}
	if d[0] != '0' {
		w.zero = r.ask(false, zero[:], d, letters(region))
		r.ask(false, d, zero[:], letters(region))
		r.ask(false, d[:len(d)-1], nil, letters(region))
	}
	r.add(s, w)
	if d[0] == '0' && len(d) > 6 && (r.token[s.from].n == 1 || region == "PL") {
		// A zero that the region does not dial, or no more.
		r.add(s, way{question: r.ask(false, d[1:], nil, letters(region)), kind: mended, cost: 3 * costTrunkZero, repairs: repairs | TrunkZero.set()})
	}
	for i := range plans {
		p := &plans[i]
		if p.region != region {
			continue
		}
		n := copy(r.whole[:], p.code)
		n += copy(r.whole[n:], d)
		r.migrated(s, p, r.whole[:n], mended, 0, repairs)
	}
}

var zero = [1]byte{'0'}

// idds are international prefixes that people dial from elsewhere.
var idds = [...]string{"00", "011", "0011", "810"}

// international asks about digits that begin with a calling code.
//
//go:noinline
func (r *Reader) international(s *segment, d []byte, k kind, cost int, repairs Repairs) {
	r.add(s, way{question: r.ask(true, d, nil, none), kind: k, cost: cost, repairs: repairs})
	if k == byPlus {
		k = mended
	} else if k == bareCode {
		k = bareMended
	}
	for w := 1; w <= 3 && w+3 < len(d); w++ {
		if d[w] == '0' && d[w+1] != '0' {
			r.add(s, way{question: r.ask(true, d[:w], d[w+1:], none), kind: k, cost: cost + costTrunkZero, repairs: repairs | TrunkZero.set(), width: uint8(w)})
		}
		rest := d[w:]
		if len(rest) > w+2 && rest[0] == '0' && rest[1] == '0' {
			rest = rest[2:]
		}
		if len(rest) > w && hasPrefix(rest, alias(d[:w])) {
			r.add(s, way{question: r.ask(true, rest, nil, none), kind: k, cost: cost + costDoubled, repairs: repairs | DoubledCode.set(), width: uint8(w)})
			if rest[w] == '0' {
				r.add(s, way{question: r.ask(true, rest[:w], rest[w+1:], none), kind: k, cost: cost + costDoubled + costTrunkZero,
					repairs: repairs | DoubledCode.set() | TrunkZero.set(), width: uint8(w)})
			}
		}
	}
	for i := range plans {
		r.migrated(s, &plans[i], d, k, cost, repairs)
	}
}

// migrated asks about what an international number is by a plan of today.
//
//go:noinline
func (r *Reader) migrated(s *segment, p *plan, d []byte, k kind, cost int, repairs Repairs) {
	if out, ok := p.migrate(r.now[:0], d); ok && len(out) < questionSize {
		r.add(s, way{question: r.ask(true, out, nil, none), kind: k, cost: cost + costOldPlan, repairs: repairs | p.repair.set()})
	}
}

// add keeps a way, and asks about the numbers that share its beginning.
//
//go:noinline
func (r *Reader) add(s *segment, w way) {
	if r.ways == len(r.way) || r.full {
		r.full = true
		return
	}
	w.shorts = r.asked
	q := &r.questions[w.question]
	for k := range s.shorts {
		tail := r.tail(s, k)
		drop := len(tail)
		// A central number ends in -0, in whose place goes what is dialled through.
		if last := &r.token[s.to-1]; last.n == 1 && r.digits[last.at] == '0' && last.gap&gapHyphen != 0 {
			drop = 1
		} else if len(tail) > int(last.n) && !r.groups(s, len(tail)) {
			drop = questionSize // unclear, and so no number
		}
		r.ask(false, q.text[:max(int(q.length)-drop, 0)], tail, q.region)
	}
	r.way[r.ways] = w
	r.ways++
}

// tail returns the digits of the k-th group behind a segment.
func (r *Reader) tail(s *segment, k int) []byte {
	first := s.to
	if k > 0 {
		first = s.behind[k-1]
	}
	last := &r.token[s.behind[k]-1]
	return r.digits[r.token[first].at : last.at+last.n]
}

// groups says whether the last groups of a segment, not all, have n digits.
func (r *Reader) groups(s *segment, n int) bool {
	for k := s.to - 1; k > s.from && n > 0; k-- {
		n -= int(r.token[k].n)
	}
	return n == 0
}

// countShorts finds the tokens behind a segment that may be the last digits of
// numbers of their own, as in "…0018 / 0019", "… 7946 0018 / 7946 0019" and, where
// they count on, "…0018-0019".
func (r *Reader) countShorts(s *segment) {
	for k := s.to; k < r.tokens && s.shorts < maxShorts; {
		first := k
		t := &r.token[k]
		if t.plus || t.forced || t.gap&(gapExtension|gapPause|gapMask|gapLine|gapUnknown) != 0 {
			return
		}
		n := int(t.n)
		k++
		counted := t.gap&(gapSlash|gapOr) == 0 || t.gap&gapComma != 0
		if !counted || !r.counts(s, first, n) {
			for ; k < r.tokens && r.token[k].gap&gapOfRun == 0 && !r.token[k].plus; k++ {
				n += int(r.token[k].n)
			}
			if counted && !r.counts(s, first, n) {
				return
			}
		}
		// More than four must be as many as the last groups of the number before.
		if n > 4 && (n > 8 || r.digits[t.at] == '0' || !r.groups(s, n)) || !r.ends(k-1) {
			return
		}
		if n <= 4 && r.token[k-1].at != t.at {
			return
		}
		s.behind[s.shorts] = k
		s.shorts++
	}
}

// counts says whether n digits behind a dash or a comma, which begin with token k,
// count on from as many before them: "…0018-0019" is a range, and its ends are both
// numbers, while "…0018-45" is more likely dialled through. How far apart they may
// be is what one extension in a hundred is by chance.
func (r *Reader) counts(s *segment, k, n int) bool {
	const others = ^(gapFilled | gapWide | gapDashed | gapHyphen | gapComma | gapHard | gapItem)
	t := &r.token[k]
	at := int(t.at)
	if t.aside || t.gap&others != 0 || t.gap&(gapDashed|gapHyphen|gapComma) == 0 || n < 2 || n > 8 || s.length < 9 || at-n <= int(r.token[s.from].at) {
		return false
	}
	return countsOn(r.digits[:at+n], n)
}

// countsOn says whether the last n digits are a little more than the n before them.
func countsOn(d []byte, n int) bool {
	step, most := 0, 1
	for i := len(d) - n; i < len(d); i++ {
		step = 10*step + int(d[i]) - int(d[i-n])
		if i > len(d)-n+1 && most < 100 {
			most *= 10
		}
	}
	return 0 < step && step <= most
}
