// Package stream works through a file of rows on all cores and in constant
// memory: it cuts the input into chunks of whole rows, has workers turn each
// into output, and writes the outputs in the order of the input.
//
// A row is what a [Cut] says: a line, or a CSV record over several lines. Rows
// keep their bytes, line ends included. Of what is written, every row is
// whole: when the input turns out to be bad, all rows before the place have
// been written, and when the output fails on a file, a row that was written
// in part is taken back.
//
// # Errors
//
// [Run] answers an [*InputError] for what is wrong with the input and a
// [*WriteError] for what is wrong with the output; a worker's error comes back
// as it is. None of them holds text of the input.
package stream

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// Limits. The input as a whole may be of any length.
const (
	MaxRow    = 1 << 20   // bytes in a row, without its line end
	ChunkSize = 128 << 10 // bytes of input that a worker gets at a time, rows permitting
)

// Cut tells how many bytes of data are whole rows, each with its line end.
// Data begins with a row; it is the rest of the input if last is set, and
// then all of it is rows.
type Cut func(data []byte, last bool) int

// Lines cuts after line feeds.
func Lines(data []byte, last bool) int {
	if last {
		return len(data)
	}
	return bytes.LastIndexByte(data, '\n') + 1
}

// Chunk is some whole rows on their way to being output.
type Chunk struct {
	In   []byte // rows; at least one byte
	Line int    // number of the first line, counted from 1
	Out  []byte // what the worker makes of them; empty when it gets it
	Rows Counts
	Bad  []Problem // rows that could not be read, in order

	done chan error
}

// Counts of rows; workers fill them in and Run adds them up.
type Counts struct {
	Rows    int // all
	Bad     int // not of the format; the file may not be what it claims
	Failing int // read well, but without a good result
}

// Problem is a row that is not of the format.
type Problem struct {
	Line   int
	Reason string
}

// A Worker turns the rows of a chunk into output. It belongs to one goroutine.
type Worker func(*Chunk) error

// InputError is why reading stopped; Line is where, counted from 1.
type InputError struct {
	Line   int
	Reason Reason
	Err    error // of reading, for Unreadable
}

// Reason is a kind of InputError.
type Reason int

const (
	Unreadable Reason = iota // the system says so
	TooLong                  // a row of more than MaxRow bytes
	Binary                   // a byte that no text has
)

func (e *InputError) Error() string {
	switch e.Reason {
	case TooLong:
		return fmt.Sprintf("line %d is longer than 1 MB", e.Line)
	case Binary:
		return fmt.Sprintf("line %d has bytes that no text has", e.Line)
	}
	return fmt.Sprintf("cannot read on at line %d: %v", e.Line, bare(e.Err))
}

func (e *InputError) Unwrap() error { return e.Err }

// WriteError is why writing stopped.
type WriteError struct{ Err error }

func (e *WriteError) Error() string { return fmt.Sprintf("cannot write the output: %v", bare(e.Err)) }
func (e *WriteError) Unwrap() error { return e.Err }

// bare is an error without the name of the file, which may hold anything.
func bare(err error) error {
	if p, ok := errors.AsType[*os.PathError](err); ok {
		return p.Err
	}
	return err
}

// Job is one input, its rows, and who works on them.
type Job struct {
	In      io.Reader
	Line    int // number of the first line of In; 0 means 1
	Cut     Cut
	Out     io.Writer
	Workers []Worker
	Chunk   int                        // bytes of a chunk; 0 means ChunkSize. Less if rows give long output
	Done    func(read int64, c *Chunk) // after each chunk was written, in order; may be nil
}

// Run does the job.
func Run(j Job) (Counts, error) {
	// A chunk is in one of three places: free, with a worker, or waiting for
	// its turn to be written. Their number bounds the memory.
	n := 3*len(j.Workers) + 1
	free := make(chan *Chunk, n)
	for range n {
		free <- &Chunk{done: make(chan error, 1)}
	}
	todo := make(chan *Chunk, n)
	turn := make(chan *Chunk, n) // in order of the input
	stop := make(chan struct{})  // the writer has given up
	var bad error                // of the reader; settled when turn is closed

	go func() {
		defer close(turn)
		defer close(todo)
		r := &reader{in: j.In, cut: j.Cut, line: max(j.Line, 1), chunk: j.Chunk}
		if r.chunk == 0 {
			r.chunk = ChunkSize
		}
		for {
			var c *Chunk
			select {
			case c = <-free:
			case <-stop:
				return
			}
			var more bool
			if more, bad = r.next(c); len(c.In) > 0 {
				todo <- c
				turn <- c
			}
			if !more || bad != nil {
				return
			}
		}
	}()
	var working sync.WaitGroup
	for _, work := range j.Workers {
		working.Go(func() {
			for c := range todo {
				c.done <- work(c)
			}
		})
	}

	var total Counts
	var read int64
	var failed error
	for c := range turn {
		err := <-c.done
		if err == nil {
			err = write(j.Out, c.Out)
		}
		if err != nil {
			failed = err
			break
		}
		read += int64(len(c.In))
		total.Rows += c.Rows.Rows
		total.Bad += c.Rows.Bad
		total.Failing += c.Rows.Failing
		if j.Done != nil {
			j.Done(read, c)
		}
		free <- c
	}
	if failed != nil {
		// The reader may hang in a read that never ends: leave it.
		close(stop)
		return total, failed
	}
	working.Wait()
	return total, bad
}

// write writes whole rows. If only a part of them can be written and out is a
// file, a row that was cut is taken off its end.
func write(out io.Writer, rows []byte) error {
	if len(rows) == 0 {
		return nil
	}
	n, err := out.Write(rows)
	if err == nil {
		return nil
	}
	if f, ok := out.(*os.File); ok && n > 0 {
		cut := n - (bytes.LastIndexByte(rows[:n], '\n') + 1)
		if info, e := f.Stat(); e == nil && info.Mode().IsRegular() && cut > 0 {
			if at, e := f.Seek(0, io.SeekCurrent); e == nil && at >= int64(cut) && f.Truncate(at-int64(cut)) == nil {
				f.Seek(-int64(cut), io.SeekCurrent)
			}
		}
	}
	return &WriteError{err}
}

// reader cuts an input into chunks.
type reader struct {
	in    io.Reader
	cut   Cut
	chunk int    // bytes
	line  int    // of the next chunk
	rest  []byte // read, but not a whole row yet
	err   error  // of the last read, kept until the rest is out
}

// next fills c with whole rows, and tells whether there may be more behind
// them. With an error, c has the rows before the place.
func (r *reader) next(c *Chunk) (more bool, err error) {
	c.In, c.Out, c.Bad, c.Rows, c.Line = c.In[:0], c.Out[:0], c.Bad[:0], Counts{}, r.line
	data := append(c.In, r.rest...)
	clean := 0 // bytes known to be text
	for size := r.chunk; ; size = min(2*size, MaxRow+2) {
		data, r.err = fill(r.in, data, size, r.err)
		if i := bytes.IndexByte(data[clean:], 0); i >= 0 {
			// What stands before the row with the byte is in order.
			whole := r.cut(data[:clean+i], false)
			r.take(c, data, whole)
			return false, &InputError{Line: c.Line + bytes.Count(data[:clean+i], []byte("\n")), Reason: Binary}
		}
		clean = len(data)
		if r.err != nil {
			whole := len(data)
			if r.err != io.EOF {
				whole = r.cut(data, false)
			}
			if whole == len(data) && tooLong(data) {
				return false, &InputError{Line: r.line, Reason: TooLong}
			}
			r.take(c, data, whole)
			if r.err == io.EOF {
				return false, nil
			}
			return false, &InputError{Line: r.line, Reason: Unreadable, Err: r.err}
		}
		if whole := r.cut(data, false); whole > 0 {
			r.take(c, data, whole)
			return true, nil
		}
		if len(data) >= MaxRow+2 {
			c.In = data[:0]
			return false, &InputError{Line: r.line, Reason: TooLong}
		}
	}
}

// tooLong tells whether data, the end of the input, is one line without an end
// that is longer than a row may be.
func tooLong(data []byte) bool {
	return len(data) > MaxRow && bytes.IndexByte(data, '\n') < 0
}

// take gives c the first bytes of data and keeps the others.
func (r *reader) take(c *Chunk, data []byte, whole int) {
	r.rest = append(r.rest[:0], data[whole:]...)
	c.In = data[:whole]
	r.line += bytes.Count(c.In, []byte("\n"))
}

// fill reads until data has size bytes, the input is at its end, or a read
// gave something and might block for more.
func fill(in io.Reader, data []byte, size int, err error) ([]byte, error) {
	if cap(data) < size {
		data = append(make([]byte, 0, size), data...)
	}
	for empty := 0; len(data) < size && err == nil; {
		var n int
		n, err = in.Read(data[len(data):size])
		data = data[:len(data)+n]
		if empty++; n > 0 {
			empty = 0
		} else if err == nil && empty == 100 {
			err = io.ErrNoProgress
		}
		// Somebody who types, or a program that waits for its answer, is not
		// kept waiting for a full chunk.
		if n > 0 && n < 4096 && len(data) > 0 && data[len(data)-1] == '\n' {
			break
		}
	}
	return data, err
}
