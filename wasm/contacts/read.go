//go:build !tinygo

package contacts

import (
	"io"
	"iter"
	"slices"
)

// AppendRow appends an entry as the line of seven fields that auditor.wasm
// gives its host: see its package comment.
func AppendRow(dst []byte, e *Entry) []byte {
	dst = slices.Grow(dst, MaxRowText)
	return dst[:len(dst)+writeRow(dst[len(dst):cap(dst)], e)]
}

// Read reads a whole file and yields its entries in order. The entry is the
// same one each time, and its slices hold until the next: copy what is to
// stay. The error is a [Code] if the file as a whole could not be read
// (Code.Fatal), or what src said; it comes last and without an entry. The
// problems of single lines are entries.
func Read(src io.Reader, o Options) iter.Seq2[*Entry, error] {
	return func(yield func(*Entry, error) bool) {
		var (
			r   = new(Reader)
			e   = new(Entry)
			buf = make([]byte, 64<<10)
		)
		r.Reset(o)
		drain := func() bool {
			for r.Next(e) {
				if e.Kind == Problem && e.Code.Fatal() {
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
			if err == io.EOF || r.Failure() != OK {
				break
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
		r.Finish()
		if drain() && r.Failure() != OK {
			yield(nil, r.Failure())
		}
	}
}
