// Package file reads contacts from an [io.Reader]. It stands apart from package
// contacts because that one goes into a WebAssembly module, where package io
// and what it brings along have no place.
package file

import (
	"io"
	"iter"

	"sealbook/wasm/contacts"
)

// Read reads a whole file and yields its entries in order. The entry is the
// same one each time, and its slices hold until the next: copy what is to
// stay. The error is a [contacts.Code] if the file as a whole could not be read
// (Code.Fatal), or what src said; it comes last and without an entry. The
// problems of single lines are entries.
func Read(src io.Reader, o contacts.Options) iter.Seq2[*contacts.Entry, error] {
	return func(yield func(*contacts.Entry, error) bool) {
		var (
			r   = new(contacts.Reader)
			e   = new(contacts.Entry)
			buf = make([]byte, 64<<10)
		)
		r.Reset(o)
		drain := func() bool {
			for r.Next(e) {
				if e.Kind == contacts.Problem && e.Code.Fatal() {
					continue
				}
				if !yield(e, nil) {
					return false
				}
			}
			return true
		}
		for {
			n, err := src.Read(buf)
			for p := buf[:n]; len(p) > 0; {
				p = p[r.Feed(p):]
				if !drain() {
					return
				}
			}
			if err == io.EOF || r.Failure() != contacts.OK {
				break
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
		r.Finish()
		if drain() && r.Failure() != contacts.OK {
			yield(nil, r.Failure())
		}
	}
}
