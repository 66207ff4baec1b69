package main

import (
	"context"
	"errors"
	"io"
	"strings"

	"golang.org/x/term"

	"sealbook/verifier/engine"
	"sealbook/verifier/stream"
	"sealbook/wasm"
	"sealbook/wasm/batch"
	"sealbook/wasm/number"
)

// A task computes results of rows and writes them. Each worker has its own.
type task interface {
	// compute is given rows that fit into one batch.
	compute(w *worker, rows []row) error
	// write appends what a row gives, and tells whether the result is good.
	write(dst []byte, f format, i int, r *row) ([]byte, bool)
}

// worker turns chunks into output with an engine of its own.
type worker struct {
	e    engine.Engine
	f    format
	task task
	home string // region of rows that have none
	rows []row
	row  row // being read
}

// work is a [stream.Worker].
func (w *worker) work(c *stream.Chunk) error {
	w.f.begin(c)
	w.rows = w.rows[:0]
	size := 0
	for {
		r := &w.row
		more := w.f.next(r)
		if more && r.bad != "" {
			c.Bad = append(c.Bad, stream.Problem{Line: r.line, Reason: r.bad})
		}
		room := r.room()
		if n := len(w.rows); n > 0 && (!more || r.apart || w.rows[0].apart || n == batch.MaxItems || size+room > batch.InputSize) {
			if err := w.task.compute(w, w.rows); err != nil {
				return err
			}
			for i := range w.rows {
				c.Rows.Rows++
				var good bool
				if c.Out, good = w.task.write(c.Out, w.f, i, &w.rows[i]); w.rows[i].bad != "" {
					c.Rows.Bad++
				} else if !good {
					c.Rows.Failing++
				}
			}
			w.rows, size = w.rows[:0], 0
		}
		if !more {
			return nil
		}
		w.rows = append(w.rows, *r)
		size += room
	}
}

// maxText is the most bytes of a row's text that an engine is given. What is
// longer is no number, and no e-mail address, by its first bytes alone.
const maxText = batch.InputSize - 16

// room is how much of a batch's input r takes.
func (r *row) room() int { return len(r.looked()) + len("ABC\t\n") }

// looked is as much of the text as an engine looks at.
func (r *row) looked() []byte { return r.text[:min(len(r.text), maxText)] }

// number is the number of a row, read by native code.
func (w *worker) number(r *row) number.Number {
	region := w.home
	if len(r.region) > 0 {
		region = string(r.region)
	}
	n, _ := number.ParseBytes(r.looked(), region)
	return n
}

// load puts rows into the engine's input, a line each. Rows that hold nothing
// to look at are empty lines, so that the order is kept.
func (w *worker) load(rows []row, regions bool) int {
	in := w.e.Input()[:0]
	for i := range rows {
		r := &rows[i]
		if r.bad == "" && !r.blank {
			if regions {
				if len(r.region) == 0 {
					in = append(in, w.home...)
				} else if isRegion(r.region) {
					in = append(in, r.region...)
				}
				in = append(in, '\t')
			}
			in = append(in, r.looked()...)
		}
		in = append(in, '\n')
	}
	if rows[0].apart {
		return len(in) - 1 // the only row, and its line feeds belong to it
	}
	return len(in)
}

// isRegion tells whether b could be a region; one that could not is the same
// as an unknown one: none.
func isRegion(b []byte) bool {
	for _, c := range b {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return len(b) <= 3
}

// parse has the engine read rows as phone numbers.
func (w *worker) parse(rows []row, mode batch.Mode) error {
	mode |= batch.RegionPerLine
	if rows[0].apart {
		mode |= batch.Single
	}
	n, err := w.e.Parse(w.load(rows, true), 0, mode)
	if err == nil && n != len(rows) {
		err = errors.New("the engine did not take all rows of a batch")
	}
	return err
}

// source is the engines that --engine asks for.
func (s *session) source() (engine.Source, error) {
	if s.engine == "wasm" {
		return engine.Wasm(context.Background(), wasm.Core)
	}
	return engine.Native(), nil
}

// table works through rows: the TEXT arguments, or --file, or standard input.
type table struct {
	columns []string                  // that a CSV gets
	task    func() task               // a new one
	plain   func(visible bool) *plain // format of lines
	header  string                    // of lines, before arguments
	growth  int                       // how many times longer than its row an output can be
	counted bool                      // say of how many rows of a CSV there is no good result
}

// run does the work and answers the exit code.
func (s *session) table(t table) (int, error) {
	if s.jsonl && s.csv {
		return 0, fail("--jsonl and --csv exclude each other", "")
	}
	if !s.csv && (s.column != "" || s.regionColumn != "" || s.delimiter != 0 || s.prefix != "") {
		return 0, fail("--column, --region-column, --delimiter and --prefix are for --csv", "")
	}
	in, fromArgs, err := s.input()
	if err != nil {
		return 0, err
	}
	defer in.Close()
	source, err := s.source()
	if err != nil {
		return 0, err
	}
	defer source.Close()

	job := stream.Job{In: in, Cut: stream.Lines, Out: s.out, Chunk: max(stream.ChunkSize/t.growth, 4096)}
	bar := newProgress(s, in)
	var rows func() format
	switch {
	case s.jsonl:
		rows = func() format { return &jsonl{home: s.region, country: s.lenient} }
	case s.csv:
		file, err := openCSV(in, s.options)
		if err != nil {
			return 0, s.explainInput(err)
		}
		header, err := file.add(t.columns, s.prefix)
		if err != nil {
			return 0, err
		}
		if err := print(s.out, header); err != nil {
			return 0, err
		}
		job.In, job.Cut, job.Line = file.rest, file.cut, 1+file.lines
		rows = func() format { return &csvRows{csvFile: file} }
	default:
		// What is typed or shown on a terminal must not steer it.
		visible := fromArgs || term.IsTerminal(int(s.out.Fd()))
		rows = func() format { return t.plain(visible) }
		if fromArgs {
			if err := print(s.out, t.header); err != nil {
				return 0, err
			}
		}
	}
	for range s.jobs {
		e, err := source.New()
		if err != nil {
			return 0, err
		}
		w := &worker{e: e, f: rows(), task: t.task(), home: s.region}
		job.Workers = append(job.Workers, w.work)
	}
	job.Done = func(read int64, c *stream.Chunk) {
		if len(c.Bad) > 0 {
			bar.clear()
			for _, p := range c.Bad {
				s.warn("line %d: %s", p.Line, p.Reason)
			}
		}
		bar.show(read, c.Rows.Rows)
	}
	total, err := stream.Run(job)
	bar.clear()
	if err != nil {
		return 0, s.explainInput(err)
	}
	switch {
	case total.Bad > 0 && total.Bad == total.Rows && s.jsonl:
		return 0, fail("no line is as --jsonl wants it", `each line is an object such as {"input":"020 7946 0018","region":"GB"}; for a text a line leave --jsonl out`)
	case total.Bad > 0 && total.Bad == total.Rows:
		return 0, fail("no row has as many columns as the header", "--delimiter says what separates the columns")
	}
	if total.Bad > 0 {
		treated := "in the output as they were"
		if s.only {
			treated = "empty in the output"
		}
		s.warn("%d of %d rows are bad: they are %s", total.Bad, total.Rows, treated)
	}
	if total.Failing > 0 && t.counted {
		s.note("%d of %d rows lack a digest, which is left empty", total.Failing, total.Rows)
	}
	if total.Bad > 0 || total.Failing > 0 {
		return found, nil
	}
	return clean, nil
}

// input is what a table reads.
func (s *session) input() (in io.ReadCloser, fromArgs bool, err error) {
	if len(s.args) > 0 {
		if s.file != "" {
			return nil, false, fail("TEXT and --file exclude each other", "")
		}
		if s.csv {
			return nil, false, fail("--csv reads a file or standard input, not arguments", "")
		}
		return io.NopCloser(strings.NewReader(s.lines())), true, nil
	}
	if s.file != "" && s.file != "-" {
		f, err := openFile("the file of --file", s.file)
		return f, false, err
	}
	if term.IsTerminal(int(s.in.Fd())) {
		io.WriteString(s.errOut, "reading from the terminal; Ctrl-D ends the input\n")
	}
	return s.in, false, nil
}

// lines are the arguments as the lines of a file. As JSON they keep all their
// bytes; in columns a line feed cannot be kept, and is no part of a number.
func (s *session) lines() string {
	var b []byte
	for _, arg := range s.args {
		if s.jsonl {
			b = append(appendQuoted(append(b, `{"input":`...), []byte(arg)), '}', '\n')
		} else {
			b = append(append(b, strings.ReplaceAll(arg, "\n", " ")...), '\n')
		}
	}
	return string(b)
}

// explainInput adds what can be done about a bad input.
func (s *session) explainInput(err error) error {
	bad, ok := errors.AsType[*stream.InputError](err)
	if !ok {
		return err
	}
	switch bad.Reason {
	case stream.TooLong:
		if s.csv {
			return fail(bad.Error(), "a quote that is never closed makes all that follows one row; --delimiter says what separates the columns")
		}
		return fail(bad.Error(), "all lines before it are done; is it a file of lines?")
	case stream.Binary:
		hint := "all lines before it are done"
		if bad.Line == 1 {
			hint = "it is not a text file; UTF-16 has to be turned into UTF-8 first, as with iconv -f UTF-16 -t UTF-8"
		}
		return fail(bad.Error(), hint)
	}
	return err
}
