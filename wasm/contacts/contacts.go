// Package contacts reads the files in which people keep their contacts and
// gives back the numbers and e-mail addresses in them, each with its person.
//
// It reads what phones, mail programs and address books export:
//
//   - vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350): folded lines,
//     quoted-printable with soft line breaks, CHARSET, tel: URIs, grouped
//     properties with X-ABLabel, nested AGENT cards, cards without END, cards on
//     one line.
//     Photos are passed over without being stored.
//   - CSV with comma, semicolon or tab (RFC 4180 and what is really written):
//     Google Contacts with its old and new headers, Outlook on the desktop in
//     its languages, Outlook on the web, Apple by way of Numbers, and any
//     other table: by a column that the caller names, by what the headers
//     say, or by what the columns hold.
//   - Plain lists: a number or an e-mail address a line, with or without a
//     name before it, "tel:" in front, a bare "TEL;CELL:" property, or the MECARD
//     of a code that was scanned.
//   - LDIF (RFC 2849), JSON (jCard, JSContact, exports of messengers and social
//     networks), XML (xCard, phone books of desk phones), and all of these
//     within a .zip or .gz.
//
// Text may be UTF-8, UTF-16 or UTF-32 with or without a byte order mark, UTF-7, or one of the
// encodings of one byte a character that charmap.go lists: those of Windows,
// ISO 8859, KOI8, the Macintosh and IBM. In the East Asian legacy encodings the
// numbers are found and the names are not: [Reader.Charset] says which it is,
// so that a caller with a decoder can hand the file over again as UTF-8.
//
// A [Reader] is fed and drained in turns:
//
//	var r contacts.Reader
//	r.Reset(contacts.Options{})
//	for len(chunk) > 0 {
//		chunk = chunk[r.Feed(chunk):]
//		for r.Next(&entry) { … }
//	}
//	r.Finish()
//	for r.Next(&entry) { … }
//
// How the input is cut into chunks never changes what comes out. Memory is
// bounded whatever the file holds, so the same code runs in contacts.wasm.
// Package contacts/file wraps it for programs that have an io.Reader.
//
// Nothing is lost in silence. Whatever cannot be read (an overlong line,
// binary between text, a file cut short) becomes an entry of kind [Problem]
// with a stable [Code] and the line where it happened; reading goes on behind
// it unless [Code.Fatal]. No code and no message contains what was read.
//
// This package does not judge numbers: "911", "12" and "ask Bob" come out as
// they are written, and package sift says which of them are worth looking for.
//
// It is written by hand because the libraries at hand do not fit the wasm
// module: emersion/go-vcard reads a strict whole card into maps and brings in
// mime and fmt; encoding/csv brings in bufio and fmt and gives up at the first
// bad quote.
package contacts

// IsDelimiter reports whether a byte may be Options.Delimiter.
func IsDelimiter(c byte) bool { return c == ',' || c == ';' || c == '\t' || c == '|' }

// A Kind tells what an [Entry] is.
type Kind uint8

const (
	Number  Kind = iota // a phone number
	Email               // an e-mail address
	Problem             // something that could not be read: see Entry.Code
	Column              // a column of a table's header, in order: see Entry.Role
)

var kindNames = [...]string{"number", "email", "problem", "column"}

// String gives "number", "email", "problem" or "column".
func (k Kind) String() string { return kindNames[k] }

// A Format is a family of files.
type Format uint8

const (
	Auto  Format = iota // find out from the first 32 KiB
	VCard               // vCard 2.1, 3.0, 4.0
	CSV                 // a table with comma, semicolon, tab or bar
	List                // an entry a line
	LDIF                // RFC 2849
	JSON                // jCard, JSContact, exports of Telegram, Facebook, Instagram …; JSON Lines
	XML                 // xCard, phone books of FRITZ!Box, Yealink …, Windows .contact
)

// LastFormat is the highest Format.
const LastFormat = XML

var formatNames = [...]string{"auto", "vcard", "csv", "list", "ldif", "json", "xml"}

// String gives "auto", "vcard", "csv", "list", "ldif", "json" or "xml".
func (f Format) String() string { return formatNames[f] }

// Options steer a [Reader]. The zero value finds everything out by itself.
type Options struct {
	Format    Format
	Delimiter byte // of CSV: ',', ';', '\t' or '|'; 0 finds out

	// Number and Name choose columns of a CSV by header (case, accents and
	// punctuation do not matter) or by position ("1" is the first). With
	// Number set, no other column is read for numbers. At most 120 bytes
	// count. A header that is not there ends the reading: NoSuchColumn.
	Number, Name string
}

// An Entry is one thing found. Its slices point into the Reader and hold
// until the next call of Next, Feed or Finish. They are valid UTF-8 and free
// of control characters, so tab and newline can separate them.
type Entry struct {
	Kind   Kind
	Code   Code   // of a Problem; OK otherwise
	Label  Label  // what the number or address is for
	Role   Role   // of a Column: what it is read as
	Person uint32 // counts people from 1; 0 where a Problem or Column belongs to none
	Line   uint32 // where it begins: counts lines from 1; LF, CR and CRLF end one
	Name   []byte // the person's; may be empty
	Note   []byte // the label in the file's own words where it says more than Label
	Text   []byte // the number or address as written; of a Column its header; of a fatal Problem what the file is, such as "calendar", where that is known

	// Country is what a column or attribute of countries says about the number:
	// two capital letters, the digits of a calling code, or nothing.
	Country []byte
}

// Limits. A file may be of any length.
const (
	MaxRow     = 1 << 20 // bytes in a CSV row before it is given up: LineTooLong
	MaxValue   = 4096    // bytes in a number, an address, or a line of a list: ValueTooLong, LineTooLong
	MaxName    = 1000    // bytes in a part of a name: cut, ValueTooLong
	MaxColumns = 512     // columns of a CSV that are looked at: TooManyColumns
)
