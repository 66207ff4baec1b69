// Package audit looks for a person's contacts in what an app sent: every number
// of an address book in every spelling, every digest of it that a published
// recipe or the usual hash functions make, e-mail addresses and names, in
// whatever encodings they are wrapped. It does no input or output; package
// capture finds the messages.
//
//	var book audit.Book
//	p := book.Add("Ada")
//	book.AddNumber(p, n)
//	a := audit.New(&book, audit.Options{})
//	r := capture.NewReader(capture.Options{}, func(m *capture.Message) { a.Message(m) })
//	… // read the capture
//	report := a.End()
//
// # What is found
//
// A number: with its calling code, with 00, 011 and other prefixes, in national
// spelling with and without trunk prefix, with a zero after the calling code,
// grouped in any punctuation, in digits of any script, split over two fields,
// as an integer (decimal, with exponent, varint, zigzag, fixed32, fixed64,
// float64, both orders of bytes), from the end. A digest: MD5, SHA-1 and SHA-2
// of seven spellings, and the published recipes; in hexadecimal, Base64 or raw
// bytes, whole or cut to 8 bytes or more; with salts that the user knows or the
// capture holds, and of digests again. An e-mail address; a name.
//
// These stand as they are or in layers, up to [Options.MaxDepth] of them in any
// order: percent, form, base16, base32, base58, base64, base64url, entities,
// json, bytes (a JSON array of them), quoted-printable, utf-16, gzip, zlib,
// deflate, br, zstd, zip, chunked, multipart, jwt, protobuf, plist, lz-string.
//
// Each is told once, where it stands: the chain ends with the last layer that was
// undone around the value, and the value is what stands there, at Start to End of
// the bytes of that layer. How a digest is written is part of the value, as it is
// part of its recipe: one in Base64 in JSON has the chain json, and its letters,
// with their padding, for a value. Hexadecimal digits and Base64 are a step where
// they are around a number, or around more than one digest.
//
// # How sure
//
// [Certain] is a number with its calling code and something around it that is
// neither letter nor digit, 8 bytes or more of a digest, a varint of 5 bytes or
// more with the calling code. [Likely] is a national spelling of 9 digits or
// more, or with its trunk zero, or 8 digits under a key that says phone; an
// e-mail address. [Possible] is the rest: shorter ones, fixed32, integers
// without calling code, numbers from the end, names alone. What chance does in
// a gigabyte of traffic with 1,000 contacts decided the lines: a bare run of 8
// digits is somebody's 22 times, one of 12 digits never.
//
// Not a finding at all: the national number of a contact behind another calling
// code, a run or a sequence of groups that goes on, digits parted as thousands,
// as an IPv4 address or as ZIP+4, the end of a longer varint, and a digest of
// which a later byte differs.
//
// # How
//
// One pass goes over the bytes of a part: digit groups are looked up by a hash
// of the last seven digits, hexadecimal and Base64 by 8 bytes at a time in a
// filter; what can be unwrapped is, and goes the same way. Parts that were seen
// before are known by a keyed hash of their bytes. What looks like a digest and
// is none of the above is remembered, and once the capture's salts are known the
// salted and the double digests of all contacts are looked up among these.
package audit

// Kind says what of a contact was found.
type Kind uint8

const (
	Number Kind = iota
	Digest
	Name
	Email
)

var kindNames = [...]string{"number", "digest", "name", "email"}

// String returns "number", "digest", "name" or "email".
func (k Kind) String() string { return kindNames[k] }

// Certainty says how sure a finding is; see the package's comment.
type Certainty uint8

const (
	none Certainty = iota
	Possible
	Likely
	Certain
)

var certaintyNames = [...]string{"", "possible", "likely", "certain"}

// String returns "possible", "likely" or "certain".
func (c Certainty) String() string { return certaintyNames[c] }

// A Finding is a contact in a message.
type Finding struct {
	Sent      *Sent // the message
	Contact   int   // of the Book
	E164      string
	Kind      Kind
	Certainty Certainty
	Value     string   // what stands there; of bytes that are no text their hexadecimal digits
	Recipe    string   // of a digest how it is made; otherwise ""
	Location  string   // of the message: see capture.Part.Location
	Chain     []string // what was taken off, from the outside in
	Start     int      // where Value stands in the innermost decoded bytes
	End       int
	Context   []byte // the bytes around it, at most 40 on either side
	At        int    // where in Context it begins

	owner       owner
	spelled     form
	top         span   // where in the part's bytes, through layers that keep places
	path        []span // where in each layer that does not, from the inside out
	steps       int    // layers around it but for those of its own bytes
	prev        int    // index+1 of the contact's finding before in the part
	dropped     bool
	whole       bool // fills its part
	corroborate bool
}

// Sent is the message of a finding, as far as a report names it.
type Sent struct {
	Index     int
	InStream  int
	Response  bool
	WebSocket bool
	Method    string
	Host      string
	Target    string
	Status    int
	Time      int64 // nanoseconds since 1970, 0 if unknown
	Nth       int   // counts the messages of the capture
}

// An Unreadable is what could not be looked through.
type Unreadable struct {
	Index    int // of the message; -1 for the capture as a whole
	InStream int
	Response bool
	Reason   string // of package capture, or of this one
	Offset   int64
}

// Reasons of this package for what was not looked through.
const (
	TooDeep     = "LAYERS_TOO_DEEP"  // more than Options.MaxDepth around each other
	TooMuch     = "UNPACKS_TOO_MUCH" // over Options.MaxWork
	TooMany     = "TOO_MANY_FINDINGS"
	Broken      = "BROKEN_LAYER"  // compressed inside a body, and damaged
	OpaqueBytes = "OPAQUE"        // encrypted, or in a form that is not known: a body, 1 KB inside one, or 128 bytes that are most of it
	NotTried    = "SALTS_LIMITED" // more digest-shaped texts than Options.MaxTokens
)

// Report is what came of a capture.
type Report struct {
	Findings   []Finding
	Unreadable []Unreadable
	Messages   int
	First      int64 // time of the first and the last message, 0 if unknown
	Last       int64
	Salts      []string // found in the capture and tried
}

// Verdict of a capture.
type Verdict uint8

const (
	Clean Verdict = iota
	Found
	CannotTell
)

var verdictNames = [...]string{"clean", "found", "cannot tell"}

// String returns "clean", "found" or "cannot tell".
func (v Verdict) String() string { return verdictNames[v] }

// Verdict judges: found if a request has a finding that is certain or likely,
// cannot tell if something could not be read.
func (r *Report) Verdict() Verdict {
	for i := range r.Findings {
		if f := &r.Findings[i]; !f.Sent.Response && f.Certainty >= Likely {
			return Found
		}
	}
	if len(r.Unreadable) > 0 {
		return CannotTell
	}
	return Clean
}

// Options of an audit. The zero value of each limit stands for its default.
type Options struct {
	Salts []string // salts, peppers and HMAC keys to try, as text; hexadecimal and Base64 are tried decoded too

	MaxDepth    int   // layers around each other: 10
	MaxWork     int64 // bytes of layers looked at for one part: 256 MiB and 64 for each of its bytes
	MaxFindings int   // in one part: 10,000
	MaxTokens   int   // digest-shaped texts remembered for salts: 262,144
	MaxSalts    int   // salts taken from a capture: 32
}

func (o Options) withDefaults() Options {
	if o.MaxDepth == 0 {
		o.MaxDepth = 10
	}
	if o.MaxWork == 0 {
		o.MaxWork = 256 << 20
	}
	if o.MaxFindings == 0 {
		o.MaxFindings = 10_000
	}
	if o.MaxTokens == 0 {
		o.MaxTokens = 1 << 18
	}
	if o.MaxSalts == 0 {
		o.MaxSalts = 32
	}
	return o
}
