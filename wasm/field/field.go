// Package field reads what a person put into one field that is meant for a
// phone number, and finds the numbers in it: with a label before, a name behind,
// an extension, two numbers and a slash between, as a link to a chat, through a
// spreadsheet, with the country code and without its plus. Package number reads
// a text that is a number, as libphonenumber does, and stays as it is; this one
// stands before it and says what it had to mend: each number comes with its
// [Repairs].
//
//	var r field.Reader // about 100 KB: keep it in a variable, not on a stack
//	found, code := r.Read([]byte("Home: 020 7946 0018 / 0019"), field.Options{Region: "GB"})
//
// # Which reading wins
//
// A field may be read in several ways. Each way has a cost, and the cheapest
// wins; where two that give different numbers are as good as equal, there is
// no number but [Ambiguous]. In the order of weight:
//
//   - a reading that takes letters for digits, or runs digits together across
//     a slash, a comma or an odd bracket, loses against any that does not;
//   - a number must be valid, unless the field is nothing else;
//   - what package number accepts as it stands comes before what was mended,
//     unless a repair is better attested: by the row's country, by how the
//     rest of the file is written ([Options]), or because the national reading
//     lacks the trunk zero of its region and only a loose plan such as
//     Germany's accepts it.
//
// Digits are never dropped without an explanation: a word, a bracket or a
// separator must part them from the number, or the field has none.
//
// # Two steps
//
// Which texts are numbers only package number knows, whose tables are in
// core.wasm and not in contacts.wasm. So a [Reader] works in two steps: [Reader.Ask]
// lists every text that a reading needs to know about, [Reader.Choose] takes the
// [Answer] to each. Whoever has package number at hand calls [Reader.Read], which
// is both. Nothing is allocated; memory and time are bounded by [MaxField].
package field

import "sealbook/wasm/number"

// Limits. What is longer, or has more groups of digits, is TOO_LONG.
const (
	MaxField     = 4096 // bytes of a field
	MaxNumbers   = 16   // numbers in it
	MaxQuestions = 512  // texts that one field asks about
)

// Options say what is known about a field from outside it.
type Options struct {
	// Region reads numbers without a calling code: two capital letters, "" for
	// none.
	Region string

	// Country is what the row's own column of countries says: two capital letters,
	// or the digits of a calling code such as "44"; "" for nothing. A column of
	// countries may be that of an address: it decides between readings, but
	// a number that has a calling code of its own keeps it.
	Country string

	// Habit is how the other fields of the file are written.
	Habit Habit
}

// A Habit is how most numbers of a file are written.
type Habit uint8

const (
	AnyHabit        Habit = iota // nothing is known
	National                     // without calling code
	CodeWithoutPlus              // with the calling code, and no plus before it
)

// A Code says why there is no number in a field. The values up to 5 are those
// of [number.Code].
type Code uint8

const (
	OK Code = 0

	// Ambiguous: two readings are as good as equal and give different numbers.
	Ambiguous Code = 6
	// Rounded: a spreadsheet has rounded the number, as in 4.42079E+11; its last
	// digits are lost.
	Rounded Code = 7
)

// String returns OK, AMBIGUOUS, ROUNDED or number's name, such as NOT_A_NUMBER.
func (c Code) String() string {
	switch c {
	case Ambiguous:
		return "AMBIGUOUS"
	case Rounded:
		return "ROUNDED"
	}
	return number.Code(c).String()
}

// Error returns the same as String.
func (c Code) Error() string { return c.String() }

// An Answer is what package number knows of a text.
type Answer struct {
	Code     number.Code
	Type     number.Type
	Possible number.Possibility
	Valid    bool
	Length   uint8    // of the E.164 text, 0 where there is no number
	E164     [21]byte // the first Length bytes
	Region   [2]byte  // of the number; zeros for none, "00" without geography
	Calling  uint16   // calling code
}

// text is the answer's number in E.164.
func (a *Answer) text() []byte { return a.E164[:a.Length] }

// same says whether two answers are the same number.
func (a *Answer) same(b *Answer) bool { return a.Length == b.Length && a.E164 == b.E164 }

// A Question is a text that package number is asked about, with its default
// region, "" for none.
type Question struct {
	text   [questionSize]byte
	length uint8
	region [2]byte
}

// questionSize is room for a plus and all digits that can matter.
const questionSize = 29

// Text returns the text: a plus or none, and ASCII digits.
func (q *Question) Text() []byte { return q.text[:q.length] }

// Set makes it a question about digits, behind a plus or in a region.
func (q *Question) Set(plus bool, digits []byte, region string) {
	n := 0
	if plus {
		q.text[0] = '+'
		n = 1
	}
	q.length = uint8(n + copy(q.text[n:], digits))
	q.region = letters(region)
}

// Region returns the default region, empty for none.
func (q *Question) Region() []byte {
	if q.region[0] == 0 {
		return nil
	}
	return q.region[:]
}

// A Found is a number in a field.
type Found struct {
	Answer           // of package number, to the text as it was mended
	From, To int     // the bytes of the field that it was read from
	Repairs  Repairs // what was mended
}

// String returns the number in E.164.
func (f *Found) String() string { return string(f.text()) }

// Append appends the number in E.164.
func (f *Found) Append(dst []byte) []byte { return append(dst, f.text()...) }
