package contacts

// A Code says what was wrong with a file or one of its lines. The names that
// String gives are the same in Go, in wasm and in JavaScript.
type Code uint8

const (
	OK Code = iota

	// The file as a whole. Nothing is read after these.
	EmptyFile      // no bytes, or nothing but white space
	NotText        // a photo, a film, a program: bytes, not lines
	UnknownFormat  // text, but nothing in its first 32 KiB looks like contacts
	NoNumberColumn // a table in which no column holds numbers or addresses
	NoSuchColumn   // a table without the column that was asked for
	Unsupported    // contacts, most likely, in a kind of file that is not read here: export them as CSV or vCard

	// A line. Reading goes on after it.
	BinaryLine        // NUL bytes in a value; the value is left out
	LineTooLong       // more than MaxRow or MaxValue; what came before is kept
	ValueTooLong      // a value over its limit: a name is cut, anything else left out
	BadLine           // a line that does not belong in such a file
	UnclosedQuote     // a quote opened here and not closed within MaxRow or the file
	MissingBegin      // a vCard property outside any card: read as a card of its own
	MissingEnd        // the next vCard begins before this one ended
	Truncated         // the file ends inside a card or inside a character
	UnreadableCharset // letters in an encoding that is not read here, shown as U+FFFD; once a file
	TooManyColumns    // a header with more than MaxColumns columns
	GuessedCharset    // no encoding is declared, and the letters decided; Entry.Text says for which. Once a file
	BadArchive        // the archive is damaged here; what came before is kept
	SkippedFile       // a file of an archive that holds no contacts
)

var codeNames = [...]string{
	"OK", "EMPTY_FILE", "NOT_TEXT", "UNKNOWN_FORMAT", "NO_NUMBER_COLUMN", "NO_SUCH_COLUMN", "UNSUPPORTED",
	"BINARY_LINE", "LINE_TOO_LONG", "VALUE_TOO_LONG", "BAD_LINE", "UNCLOSED_QUOTE",
	"MISSING_BEGIN", "MISSING_END", "TRUNCATED", "UNREADABLE_CHARSET", "TOO_MANY_COLUMNS",
	"GUESSED_CHARSET", "BAD_ARCHIVE", "SKIPPED_FILE",
}

// String gives the stable name, such as "LINE_TOO_LONG".
func (c Code) String() string { return codeNames[c] }

// Error makes a Code an error.
func (c Code) Error() string { return codeNames[c] }

// Loses reports whether a number may have been passed over with this code.
func (c Code) Loses() bool {
	switch c {
	case OK, MissingBegin, MissingEnd, UnreadableCharset, GuessedCharset, SkippedFile:
		return false
	}
	return true
}

// Fatal reports whether reading ended with this code.
func (c Code) Fatal() bool { return EmptyFile <= c && c <= Unsupported }
