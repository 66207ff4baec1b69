package main

import (
	"bufio"
	"io"
	"sync/atomic"

	"sealbook/wasm/contacts"
	"sealbook/wasm/contacts/file"
)

// contactRows is a file of contacts as lines, an entry each, as
// [contacts.AppendRow] writes them.
type contactRows struct {
	*io.PipeReader
	read atomic.Int64 // bytes of the file
}

// newContactRows begins to read; column names that with the numbers in a CSV.
func newContactRows(in io.Reader, column string) *contactRows {
	pr, pw := io.Pipe()
	rows := &contactRows{PipeReader: pr}
	go func() {
		w := bufio.NewWriterSize(pw, 128<<10)
		var row []byte
		var last error
		for e, err := range file.Read(counter{in, &rows.read}, contacts.Options{Number: column}) {
			if last = err; err != nil {
				break
			}
			if e.Kind == contacts.Column {
				continue
			}
			row = contacts.AppendRow(row[:0], e)
			if _, err := w.Write(row); err != nil {
				return // nobody reads any more
			}
		}
		if w.Flush() == nil {
			pw.CloseWithError(last)
		}
	}()
	return rows
}

// stop ends the reading, whether or not the file is at its end.
func (r *contactRows) stop() { r.PipeReader.Close() }

// counter counts what is read.
type counter struct {
	io.Reader
	n *atomic.Int64
}

func (c counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n.Add(int64(n))
	return n, err
}
