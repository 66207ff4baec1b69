package field

// A Reader reads fields, one at a time. It is about 100 KB; its zero value is
// ready.
type Reader struct {
	text    []byte
	options Options

	sym      [MaxField]byte
	place    [MaxField + 1]uint16 // of each symbol in the text
	n        int
	all      Repairs  // of all numbers in the field
	prefix   [15]byte // of a phone-context, from its calling code on
	prefixed int

	token    [maxTokens]token
	tokens   int
	trailing gap // behind the last token
	digits   [MaxField]byte
	used     int
	rounded  bool // by a spreadsheet
	words    bool // there are some that are no known label
	damaged  bool // digits are hidden or run into words

	segment   [maxSegments]segment
	segments  int
	way       [MaxQuestions]way
	ways      int
	questions [MaxQuestions]Question
	asked     int
	full      bool // there was no room for a question

	vanity      int // the question about words as digits, 0 for none
	spelled     [questionSize]byte
	spelledN    int
	spelledFrom int // the token that they begin with
	spelledTo   int // the symbol behind them

	whole [2 * questionSize]byte // numbers before and after an old plan
	now   [2 * questionSize]byte

	option  [maxOptions]option
	choices int
	path    [maxTokens + 1]paths
	answers [MaxQuestions]Answer // of Read
	found   [MaxNumbers]Found
}

// Ask takes a field and lists what has to be known about it; the answers go to
// [Reader.Choose]. The text must not change before.
func (r *Reader) Ask(text []byte, o Options) []Question {
	r.text, r.options = text, o
	r.all, r.prefixed = 0, 0
	r.tokens, r.segments, r.ways, r.asked = 0, 0, 0, 0
	r.full = !r.clean(text)
	if r.full {
		return nil
	}
	r.links()
	r.full = !r.scan()
	if r.full || r.tokens == 0 {
		return nil
	}
	r.zeros()
	r.dates()
	gaps := r.trailing
	for _, t := range r.token[:r.tokens] {
		gaps |= t.gap
	}
	r.words = gaps&gapUnknown != 0
	r.damaged = gaps&(gapMask|gapGluedLeft|gapGluedRight) != 0
	r.askWhole()
	r.split()
	r.askVanity()
	if r.full {
		r.asked = 0
	}
	return r.Questions()
}

// Questions returns once more what Ask did last.
func (r *Reader) Questions() []Question { return r.questions[:r.asked] }

// ask adds a question and answers its place.
//
//go:noinline
func (r *Reader) ask(plus bool, a, b []byte, region [2]byte) int {
	if r.asked == MaxQuestions {
		r.full = true
		return 0
	}
	q := &r.questions[r.asked]
	n := 0
	if plus {
		q.text[0] = '+'
		n = 1
	}
	n += copy(q.text[n:], a)
	n += copy(q.text[n:], b)
	q.length = uint8(n)
	q.region = region
	r.asked++
	return r.asked - 1
}

// letters returns the letters of a region, none for what is not two letters.
//
//go:noinline
func letters(region string) [2]byte {
	if len(region) != 2 {
		return none
	}
	return [2]byte{region[0], region[1]}
}

var none [2]byte

// askWhole asks about all digits as they stand, for a field that is nothing but
// a number, though not a valid one.
func (r *Reader) askWhole() {
	r.ask(r.token[0].plus || r.token[0].forced, r.digits[:min(r.used, questionSize-1)], nil, letters(r.options.Region))
}
