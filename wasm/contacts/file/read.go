// Package file reads contacts from an [io.Reader]. It stands apart from package
// contacts because that one goes into a WebAssembly module, where package io
// and what it brings along have no place. So have tables of the East Asian
// encodings, which this one has from golang.org/x/text; in JavaScript
// sealbook/contacts has them from TextDecoder.
package file

import (
	"bytes"
	"io"
	"iter"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"

	"sealbook/wasm/contacts"
)

// decoders are of the encodings that are [contacts.Charset.Foreign].
var decoders = map[contacts.Charset]encoding.Encoding{
	contacts.GBK:      simplifiedchinese.GB18030,
	contacts.Big5:     traditionalchinese.Big5,
	contacts.ShiftJIS: japanese.ShiftJIS,
	contacts.EUCKR:    korean.EUCKR,
	contacts.EUCJP:    japanese.EUCJP,

	contacts.ISO2022JP: japanese.ISO2022JP,
}

// unquote decodes what a quoted-printable value had in one of them.
func unquote(c contacts.Charset, letters []byte) []byte {
	text, err := decoders[c].NewDecoder().Bytes(letters)
	if err != nil {
		return []byte("\ufffd")
	}
	return text
}

// Refused says that a file could not be read as a whole.
type Refused struct {
	Code contacts.Code // Fatal
	What string        // what it is instead, such as "calendar"; "" where that is not known
}

// Error returns the code's name.
func (r *Refused) Error() string { return r.Code.Error() }

// Unwrap returns the code.
func (r *Refused) Unwrap() error { return r.Code }

// Read reads a whole file and yields its entries in order. The entry is the
// same one each time, and its slices hold until the next: copy what is to
// stay. The error is a [*Refused] if the file as a whole could not be read, or
// what src said; it comes last and without an entry. The problems of single lines
// are entries.
func Read(src io.Reader, o contacts.Options) iter.Seq2[*contacts.Entry, error] {
	return func(yield func(*contacts.Entry, error) bool) {
		var (
			r    = new(contacts.Reader)
			e    = new(contacts.Entry)
			buf  = make([]byte, 64<<10)
			head []byte // what was read until the encoding shows
			what string
		)
		r.Reset(o)
		drain := func() bool {
			for r.Next(e) {
				if e.Kind == contacts.Problem && e.Code.Fatal() {
					what = string(e.Text)
					continue
				}
				e.Name = contacts.Unquote(e.Name, unquote)
				e.Note = contacts.Unquote(e.Note, unquote)
				if !yield(e, nil) {
					return false
				}
			}
			return true
		}
		// foreign begins anew, with a decoder, if it shows that one is needed. That
		// is before there are entries.
		foreign := func() bool {
			decoder, ok := decoders[r.Charset()]
			if head == nil || r.Format() == contacts.Auto || !ok {
				return false
			}
			src = decoder.NewDecoder().Reader(io.MultiReader(bytes.NewReader(head), src))
			head = nil
			r.Reset(o)
			return true
		}
		head = buf[:0:0]
	reading:
		for {
			n, err := src.Read(buf)
			if head != nil {
				head = append(head, buf[:n]...)
			}
			for p := buf[:n]; len(p) > 0; {
				p = p[r.Feed(p):]
				if foreign() {
					continue reading
				}
				if r.Format() != contacts.Auto {
					head = nil
				}
				if !drain() {
					return
				}
			}
			if err == io.EOF || r.Failure() != contacts.OK {
				if r.Finish(); foreign() {
					continue
				}
				break
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
		if drain() && r.Failure() != contacts.OK {
			yield(nil, &Refused{r.Failure(), what})
		}
	}
}
