package directory

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Transcript is what a client sent, word for word, with what is needed to
// compute it again: JSON Lines, a head and an exchange in each further line.
//
//	{"sealbook":"transcript","version":2,"directory":{"url":…,"key":…}}
//	{"request":{"at":…,"method":"POST","path":"/v2/evaluations","headers":{…},"body":…},
//	 "response":{"status":200,"body":…},"items":[{"number":"+44…","blind":…},…]}
//
// It holds numbers and blinds of the person and is as private as their address
// book. Only the credential is left out: its SHA-256 stands in its place.
type Transcript struct {
	Head      TranscriptHead
	Exchanges []Exchange
}

// TranscriptHead is the first line.
type TranscriptHead struct {
	Sealbook  string              `json:"sealbook"` // "transcript"
	Version   int                 `json:"version"`  // 2
	Directory TranscriptDirectory `json:"directory"`
}

// TranscriptDirectory is where the directory is. What it said about itself is
// among the exchanges.
type TranscriptDirectory struct {
	URL string `json:"url"` // ends with a slash; paths go behind it
	Key string `json:"key"` // verifier key that was pinned, "" if none was
}

// Exchange is a request, its answer, and what the request is made of.
type Exchange struct {
	Request  Request   `json:"request"`
	Response *Response `json:"response"` // null: none came
	// Items are the elements of the request, in order.
	Items  []Item        `json:"items,omitempty"`
	Record *SealedRecord `json:"record,omitempty"`
}

// Request is what was sent.
type Request struct {
	At      string `json:"at"` // when, see Time
	Method  string `json:"method"`
	Path    string `json:"path"` // "/v2/…", with the query
	Headers Fields `json:"headers"`
	Body    Bytes  `json:"body"`
}

// Response is the answer.
type Response struct {
	Status int `json:"status"`
	// Body is base64url; for public files "sha256:" and the hash in hexadecimal.
	Body string `json:"body"`
	// Bytes is the length of a body of which there is the hash.
	Bytes *int64 `json:"bytes,omitempty"`
}

// Item is an input and its blind: a number, or 32 random bytes that pad a batch.
type Item struct {
	Number  string `json:"number,omitempty"`
	Padding Bytes  `json:"padding,omitempty"`
	Blind   Bytes  `json:"blind"`
}

// PaddingSize is how many random bytes pad a batch by one element.
const PaddingSize = 32

// SealedRecord is what a record was sealed from. Its key comes from the person's
// own registration.
type SealedRecord struct {
	Handle Bytes  `json:"handle"`
	Flags  uint32 `json:"flags"`
	Nonce  Bytes  `json:"nonce"`
}

// Field is a header field.
type Field struct{ Name, Value string }

// Fields are the header fields that a client itself adds to a request, by names
// in lower case and in their order; in JSON an object.
type Fields []Field

// Get returns a field's value.
func (f Fields) Get(name string) (string, bool) {
	for _, field := range f {
		if field.Name == name {
			return field.Value, true
		}
	}
	return "", false
}

// MarshalJSON writes the object.
func (f Fields) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, field := range f {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, encode(field.Name)+":"+encode(field.Value)...)
	}
	return append(b, '}'), nil
}

// UnmarshalJSON reads the object; a name comes once.
func (f *Fields) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return ErrMalformed
	}
	fields := Fields{}
	for d.More() {
		name, err1 := d.Token()
		value, err2 := d.Token()
		text, ok := value.(string)
		if err1 != nil || err2 != nil || !ok {
			return ErrMalformed
		}
		if _, twice := fields.Get(name.(string)); twice {
			return ErrMalformed
		}
		fields = append(fields, Field{name.(string), text})
	}
	*f = fields
	return nil
}

// Append appends the transcript, a line with its end for the head and each
// exchange.
func (t *Transcript) Append(dst []byte) []byte {
	dst = t.Head.Append(dst)
	for i := range t.Exchanges {
		dst = t.Exchanges[i].Append(dst)
	}
	return dst
}

// Append appends the head's line.
func (h *TranscriptHead) Append(dst []byte) []byte { return append(append(dst, encode(h)...), '\n') }

// Append appends the exchange's line.
func (e *Exchange) Append(dst []byte) []byte { return append(append(dst, encode(e)...), '\n') }

// A LineError is that a transcript is malformed in a line, counted from 1.
type LineError struct{ Line int }

func (e *LineError) Error() string {
	return fmt.Sprintf("directory: malformed transcript, line %d", e.Line)
}

// Unwrap is ErrMalformed.
func (e *LineError) Unwrap() error { return ErrMalformed }

// ParseTranscript reads what Append writes and nothing else. It looks at the
// form alone: whether what was sent is explained is another question. Its error
// is a *LineError.
func ParseTranscript(b []byte) (*Transcript, error) {
	t := new(Transcript)
	line := 0
	for text := range strings.Lines(string(b)) {
		line++
		text, whole := strings.CutSuffix(text, "\n")
		var err error
		if line == 1 {
			err = decode(text, &t.Head)
			if t.Head.Sealbook != "transcript" || t.Head.Version != 2 {
				err = ErrMalformed
			}
		} else {
			var e Exchange
			if err = decode(text, &e); err == nil {
				err = e.check()
			}
			t.Exchanges = append(t.Exchanges, e)
		}
		if err != nil || !whole {
			return nil, &LineError{line}
		}
	}
	if line == 0 {
		return nil, &LineError{1}
	}
	return t, nil
}

// check looks at the sizes of an exchange's parts.
func (e *Exchange) check() error {
	ok := validTime(e.Request.At) && e.Request.Body != nil && e.Request.Headers != nil
	if r := e.Response; r != nil {
		hash, public := strings.CutPrefix(r.Body, "sha256:")
		if public {
			ok = ok && validHex(hash, 32) && r.Bytes != nil && *r.Bytes >= 0
		} else {
			ok = ok && new(Bytes).UnmarshalText([]byte(r.Body)) == nil && r.Bytes == nil
		}
		ok = ok && 100 <= r.Status && r.Status <= 599
	}
	for _, item := range e.Items {
		ok = ok && len(item.Blind) == 32 && (item.Number != "") != (item.Padding != nil) &&
			(item.Padding == nil || len(item.Padding) == PaddingSize)
	}
	if r := e.Record; r != nil {
		ok = ok && len(r.Handle) == HandleSize && len(r.Nonce) == NonceSize
	}
	if !ok {
		return ErrMalformed
	}
	return nil
}
