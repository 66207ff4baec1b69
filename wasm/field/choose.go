package field

import "sealbook/wasm/number"

const maxOptions = 256

// An option is a segment read in one way that may be a number, and as many
// numbers behind it as share its beginning.
type option struct {
	segment int
	way     int // the answers are those of its question and its shorts
	to      int // the token behind
	shorts  int
	cost    int
}

// A path is one way to read all tokens up to one. hash tells what numbers it
// gives.
type path struct {
	cost  int
	hash  uint64
	at    int // the token that the last step began with
	rank  int // which of the paths to there it goes on from: see paths
	step  int // the option + 1, or what was left out
	count int // of numbers
}

// What a step leaves out.
const (
	skipText      = -1
	skipExtension = -2
	skipPause     = -3
	skipItem      = -4
)

// paths are the ways to get to a token: the best with a number, the best that
// gives other numbers, and the best without any.
type paths [3]path

const withoutNumber = 2

const never = 1 << 20

// Choose takes the answers to all questions, in their order, and finds the
// numbers: see [Reader.Read].
func (r *Reader) Choose(answers []Answer) ([]Found, Code) {
	switch {
	case r.full:
		return nil, Code(number.TooLong)
	case r.tokens == 0:
		return nil, Code(number.NotANumber)
	}
	r.choices = 0
	for i := range r.segment[:r.segments] {
		r.weigh(i, answers)
	}
	r.walk(answers)
	end := &r.path[r.tokens]
	switch {
	case end[0].cost < never && end[1].cost < end[0].cost+margin:
		return nil, Ambiguous
	case end[0].cost < never:
		return once(r.withSpelled(r.collect(answers), answers)), OK
	case r.rounded:
		return nil, Rounded
	case r.vanity > 0 && spells(&answers[r.vanity]):
		return r.withSpelled(r.found[:0], answers), OK
	}
	return r.asItStands(&answers[0])
}

// asItStands is for a field that has nothing but a number in it, which is not
// valid: what package number says of it.
func (r *Reader) asItStands(a *Answer) ([]Found, Code) {
	for i := range r.tokens {
		if r.token[i].gap&(gapApart|gapOther|gapComma|gapSlash) != 0 || r.token[i].repairs != 0 || i > 0 && r.token[i].plus {
			return nil, Code(number.NotANumber)
		}
	}
	if r.trailing&(gapApart&^gapHard) != 0 || r.all&(Link.set()) != 0 || r.token[0].aside {
		return nil, Code(number.NotANumber)
	}
	if a.Code != number.OK {
		return nil, Code(a.Code)
	}
	r.found[0] = Found{Answer: *a, From: int(r.place[r.token[0].from]), To: int(r.place[r.token[r.tokens-1].to-1]) + 1, Repairs: r.all}
	return r.found[:1], OK
}

// weigh adds the options of a segment: for each number the cheapest way.
func (r *Reader) weigh(at int, answers []Answer) {
	s := &r.segment[at]
	first := r.choices
	for w := s.ways; w < s.ways+s.count; w++ {
		cost := r.cost(s, &r.way[w], answers)
		if r.way[w].kind == byPlus && r.doubled(s, &answers[r.way[w].question], answers) {
			cost += costDoubled - 1
		}
		if cost >= costMost {
			continue
		}
		r.option1(first, option{segment: at, way: w, to: s.to, cost: cost}, answers)
		for k := range s.shorts {
			a := &answers[r.way[w].shorts+k]
			if a.Code != number.OK || !a.Valid || a.Calling != answers[r.way[w].question].Calling {
				break
			}
			cost += r.shortCost(s, k)
			r.option1(first, option{segment: at, way: w, to: s.behind[k], shorts: k + 1, cost: cost}, answers)
		}
	}
}

// shortCost returns what it costs that the k-th group behind a segment is the end of
// a number. Behind a dash it may as well go on with the number, where that is one.
func (r *Reader) shortCost(s *segment, k int) int {
	first := s.to
	if k > 0 {
		first = s.behind[k-1]
	}
	if r.token[first].gap&(gapSlash|gapOr) != 0 {
		return costShort
	}
	return costRange
}

// doubled says whether a number that only a loose plan accepts is a mobile one
// if its calling code stood there twice.
func (r *Reader) doubled(s *segment, a *Answer, answers []Answer) bool {
	if mobile(a) {
		return false
	}
	for w := s.ways; w < s.ways+s.count; w++ {
		if b := &answers[r.way[w].question]; r.way[w].repairs.Has(DoubledCode) && mobile(b) && b.Calling == a.Calling {
			return true
		}
	}
	return false
}

// mobile says whether a number is that of a mobile phone, as far as its digits
// tell.
//
//go:noinline
func mobile(a *Answer) bool {
	return a.Valid && (a.Type == number.Mobile || a.Type == number.FixedLineOrMobile)
}

// option1 keeps an option unless a cheaper one is the same.
//
//go:noinline
func (r *Reader) option1(first int, o option, answers []Answer) {
	for i := first; i < r.choices; i++ {
		p := &r.option[i]
		if p.to == o.to && answers[r.way[p.way].question].same(&answers[r.way[o.way].question]) {
			if o.cost < p.cost {
				*p = o
			}
			return
		}
	}
	if r.choices < maxOptions {
		r.option[r.choices] = o
		r.choices++
	}
}

// cost returns what it costs to read a segment in a way, costMost or more if
// it is no number then.
//
//go:noinline
func (r *Reader) cost(s *segment, w *way, answers []Answer) int {
	a := &answers[w.question]
	if a.Code != number.OK || w.width > 0 && codeWidth(a.Calling) != w.width {
		return costMost
	}
	cost := s.cost + w.cost
	if s.zero && w.kind <= byCountry {
		cost += costTrunkZero - 1 // if it is not dialled at home alone, it is odd
	}
	if s.two && !w.repairs.Has(DoubledCode) {
		cost += costTwoPluses
	}
	if !a.Valid {
		if w.kind > byCountry || a.Possible != number.IsPossible || r.damaged || r.words && w.kind != byPlus && r.digits[r.token[s.from].at] != '0' {
			return costMost
		}
		cost += costInvalid
	}
	mobile := mobile(a)
	o := &r.options
	switch w.kind {
	case byRegion, byCountry:
		d := r.digits[r.token[s.from].at:][:s.length]
		lacking := w.zero > 0 && answers[w.zero].same(a)
		loose := lacking && (answers[w.zero+1].Valid || answers[w.zero+2].Valid)
		switch {
		case !lacking || r.attested(a):
		case mobile && !loose:
			cost += costNoZero
		case mobile || !loose:
			cost += costNoZeroElse
		case s.length >= 12:
			cost += costNoZeroLong
		default:
			cost += costNoZeroLoose
		}
		if lacking && !mobile && r.words {
			cost += costAmongWords
		}
		if d[0] == '0' && s.length > 2 && d[1] == '0' && !hasPrefix(a.E164[1:a.Length], alias(d[2:])) {
			cost += costForeign + 2*margin // 00 is hardly the beginning of a national number
		}
		if w.kind == byRegion && len(o.Country) > 0 && o.Country != o.Region && !r.attested(a) {
			cost += costUnattested
		}
		if o.Habit == CodeWithoutPlus && d[0] != '0' && !hasPrefix(a.E164[1:a.Length], alias(d)) {
			cost += costUnattested
		}
	case bareCode, bareMended:
		if s.cost >= costDashed {
			cost += costBare // nobody writes it so
		}
		if last := &r.token[s.to-1]; last.n < 3 && last.gap&gapHyphen != 0 && r.token[s.from].n > uint16(codeWidth(a.Calling)) {
			cost += costBareElse // as 201-555-0123-45, in whose groups it is a national number
		}
		switch {
		case r.attested(a):
			cost++
		case o.Habit == CodeWithoutPlus:
			cost++
		case o.Region == "" && (o.Habit == National || !plain(a, s.length, alias(r.digits[r.token[s.from].at:][:s.length]))):
			return costMost
		case mobile:
			cost += costBare
		default:
			cost += costBareElse
			if r.words {
				cost += costBare
			}
		}
		if o.Habit == National && !r.attested(a) {
			cost += costUnattested
		}
	}
	return cost
}

// plain says whether digits that have neither plus nor region must begin with a
// calling code: those that are too long for the national number of any region
// in which they would be valid. Chinese mobile numbers have 11 and begin with 1.
func plain(a *Answer, length int, d string) bool {
	return length >= 12 || length == 11 && mobile(a) && !(d[0] == '1' && d[1] >= '3')
}

// attested says whether the row's country speaks for a number.
//
//go:noinline
func (r *Reader) attested(a *Answer) bool {
	c := r.options.Country
	if len(c) == 2 && !isDigit(c[0]) {
		return a.Region[0] == c[0] && a.Region[1] == c[1]
	}
	code := callingCode(c)
	return len(code) > 0 && hasPrefix(a.E164[1:a.Length], alias(code)) && int(codeWidth(a.Calling)) == len(code)
}

func codeWidth(code uint16) uint8 {
	switch {
	case code < 10:
		return 1
	case code < 100:
		return 2
	}
	return 3
}

// walk finds the cheapest paths through all tokens.
func (r *Reader) walk(answers []Answer) {
	for i := range r.tokens + 1 {
		for k := range r.path[i] {
			r.path[i][k].cost = never
		}
	}
	r.path[0][withoutNumber] = path{}
	for at := range r.tokens {
		for rank := range r.path[at] {
			p := r.path[at][rank]
			if p.cost >= never {
				continue
			}
			for i := range r.option[:r.choices] {
				o := &r.option[i]
				if r.segment[o.segment].from != at || p.count+o.shorts >= MaxNumbers {
					continue
				}
				next := path{cost: p.cost + o.cost + r.boundary(at, p.step), hash: p.hash, at: at, rank: rank, step: i + 1, count: p.count + 1 + o.shorts}
				for k := 0; k <= o.shorts; k++ {
					next.hash = hash(next.hash, r.answerOf(o, k, answers))
				}
				r.reach(o.to, next)
			}
			if to, cost, step := r.skip(at, p.step); step != 0 {
				r.reach(to, path{cost: p.cost + cost, hash: p.hash, at: at, rank: rank, step: step, count: p.count})
			}
			if r.itemAt(at) {
				r.reach(at+1, path{cost: p.cost + r.itemCost(at), hash: p.hash, at: at, rank: rank, step: skipItem, count: p.count})
			}
		}
	}
}

// answerOf returns the number of an option, or the k-th that shares its
// beginning.
func (r *Reader) answerOf(o *option, k int, answers []Answer) *Answer {
	w := &r.way[o.way]
	if k == 0 {
		return &answers[w.question]
	}
	return &answers[w.shorts+k-1]
}

//go:noinline
func hash(h uint64, a *Answer) uint64 {
	for _, c := range a.text() {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return h*31 + 7
}

// reach keeps a path to a token if it is one of the best.
//
//go:noinline
func (r *Reader) reach(to int, p path) {
	ps := &r.path[to]
	switch {
	case p.count == 0:
		if p.cost < ps[withoutNumber].cost {
			ps[withoutNumber] = p
		}
	case ps[0].cost < never && p.hash == ps[0].hash:
		if p.cost < ps[0].cost {
			ps[0] = p
		}
	case p.cost < ps[0].cost:
		ps[0], ps[1] = p, ps[0]
	case p.cost < ps[1].cost:
		ps[1] = p
	}
}

// boundary returns what it costs that a number begins with a token where the step
// before was this.
//
//go:noinline
func (r *Reader) boundary(at, before int) int {
	g := r.token[at].gap
	if at == 0 || before < 0 || r.token[at].plus || r.token[at].forced || g&(gapApart|gapComma|gapSlash) != 0 {
		return 0
	}
	if g&(gapDashed|gapWide|gapOpen|gapClose) != 0 {
		return 3
	}
	return costSplit
}

// skip returns how far what begins with a token can be left out, at what cost
// and as what; step 0 if it cannot.
//
//go:noinline
func (r *Reader) skip(at, before int) (to, cost, step int) {
	t := &r.token[at]
	through := before > 0 && r.dialledThrough(at)
	if at > 0 && t.gap&gapOfRun == 0 && !t.plus && !t.aside && !r.token[at-1].aside && !through {
		return 0, 0, 0
	}
	n := 0
	for to = at; to < r.tokens && (to == at || r.token[to].gap&gapOfRun == 0 && !r.token[to].plus && r.token[to].aside == t.aside); to++ {
		n += int(r.token[to].n)
	}
	g := t.gap
	behind := r.trailing
	if to < r.tokens {
		behind = r.token[to].gap
	}
	switch {
	case t.aside:
		return to, 2, skipText
	case before > 0 && g&gapPause != 0:
		return to, 1, skipPause
	case before > 0 && g&gapExtension != 0 && n <= 8:
		return to, 1, skipExtension
	case before > 0 && (g&gapComma != 0 || through) && n <= 4 && behind&gapSlash == 0:
		return to, 10 + 3*n, skipExtension
	case g&gapOther != 0:
		return to, 2, skipText
	}
	cost = 10 + 3*min(n, 20)
	if to < r.tokens && r.token[to].plus && behind == 0 {
		cost += costJoined
	}
	if t.plus && to < r.tokens && behind&gapApart != 0 && n < 4 {
		cost += costJoined // a calling code that has lost its number
	}
	if at > 0 && g&gapSlash != 0 && g&gapApart == 0 || to < r.tokens && behind&(gapSlash|gapOpen|gapClose) != 0 && behind&gapApart == 0 {
		cost += costJoined
	}
	return to, cost, skipText
}

// itemAt says whether a token is the number of a list's item.
func (r *Reader) itemAt(at int) bool {
	t := &r.token[at]
	if t.plus || t.n > 3 || at+1 >= r.tokens {
		return false
	}
	next := &r.token[at+1]
	if next.gap&gapItem == 0 {
		return false
	}
	whole := next.plus || next.n > 2 && r.digits[next.at] == '0' // a number begins there
	switch {
	case r.digits[t.at] == '0':
		// As in 01) and 02.
		if t.n != 2 || !whole || r.sym[t.to] == ' ' {
			return false
		}
	case at > 0 && t.gap&gapLine == 0:
		// Among numbers, as in "… 2) …".
		if !whole || t.n > 2 || r.sym[t.to] == ' ' || r.sym[t.from-1] != ' ' {
			return false
		}
	case at == 0 && t.gap&gapExtension != 0:
		return true // #3
	}
	// Behind a blank alone it must be clear where the number begins.
	c := r.sym[t.to]
	return c != ' ' || next.gap&gapDashed != 0 || next.plus || whole && t.n < 3
}

// itemCost returns what it costs to leave out the number of an item.
func (r *Reader) itemCost(at int) int {
	next := &r.token[at+1]
	if next.plus || r.digits[next.at] == '0' || r.token[at].gap&gapExtension != 0 {
		return costItem
	}
	if t := &r.token[at]; next.gap&gapClose != 0 {
		if t.n > 1 && t.gap&gapOpen != 0 {
			return costItemCode
		}
		return costItem
	}
	return costItemElse
}

// collect returns the numbers of the best path.
func (r *Reader) collect(answers []Answer) []Found {
	all := r.all
	for i := range r.tokens {
		if r.token[i].gap&gapWord != 0 {
			all |= Text.set()
		}
	}
	if r.trailing&gapWord != 0 {
		all |= Text.set()
	}
	count := r.path[r.tokens][0].count
	if count > 1 {
		all |= Several.set()
	}
	n := count
	left := Repairs(0) // what was left out behind the number before
	for at, rank := r.tokens, 0; at > 0; {
		p := &r.path[at][rank]
		switch p.step {
		case skipText:
			all |= Text.set()
		case skipExtension:
			left = Extension.set()
		case skipPause:
			left = Pause.set()
		case skipItem:
			if n < count {
				r.found[n].Repairs |= ItemNumber.set()
			}
		default:
			o := &r.option[p.step-1]
			s := &r.segment[o.segment]
			w := &r.way[o.way]
			for k := o.shorts; k >= 0; k-- {
				n--
				f := &r.found[n]
				*f = Found{Answer: *r.answerOf(o, k, answers), Repairs: s.repairs | w.repairs | left}
				first, last := s.from, s.to-1
				if k > 0 {
					f.Repairs |= Shortened.set()
					first, last = s.to, s.behind[k-1]-1
					if k > 1 {
						first = s.behind[k-2]
					}
				}
				f.From, f.To = int(r.place[r.token[first].from]), int(r.place[r.token[last].to-1])
				f.To = r.behind(f.To)
				left = 0
			}
		}
		at, rank = p.at, p.rank
	}
	for i := range r.found[:count] {
		r.found[i].Repairs |= all
	}
	return r.found[:count]
}

// once leaves out numbers that stand there twice, as in a link with its own text.
func once(found []Found) []Found {
	n := 0
	for i := range found {
		again := false
		for k := range found[:n] {
			again = again || found[k].same(&found[i].Answer)
		}
		if !again {
			found[n] = found[i]
			n++
		}
	}
	if n == 1 {
		found[0].Repairs &^= Several.set()
	}
	return found[:n]
}

// behind returns where the character that begins at a place of the text ends.
func (r *Reader) behind(i int) int {
	i++
	for i < len(r.text) && r.text[i]&0xc0 == 0x80 {
		i++
	}
	return i
}
