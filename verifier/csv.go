package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"sealbook/verifier/stream"
	"sealbook/wasm/number"
)

// csvFile is a CSV file (RFC 4180, any of four delimiters) whose header has
// been read. Rows stay byte for byte as they are, with columns added.
//
// encoding/csv would do for the fields, but not for giving them back as they
// were quoted.
type csvFile struct {
	delimiter byte
	header    []byte   // with its line end and byte order mark
	names     []string // of the columns
	column    int      // that has the texts; -1 for none
	email     int      // that has the addresses, apart from the texts; -1 for none
	region    int      // that has the regions; -1 for none
	lines     int      // of the header
	preset    bool     // the added columns are a platform's: no e164 among them
	only      bool     // and all others are left out
	rest      io.Reader
}

// openCSV reads the header and finds the columns.
func openCSV(in io.Reader, o *options) (*csvFile, error) {
	if o.column == "" && o.email == "" {
		return nil, fail("--csv needs --column", "the name that the header gives to the column with the numbers, as in --column phone")
	}
	// The header is a row, so it is no longer than one.
	head := make([]byte, 0, 4096)
	var err error
	for len(head) <= stream.MaxRow && err == nil {
		var n int
		head = slices.Grow(head, 4096)
		n, err = in.Read(head[len(head):cap(head)])
		head = head[:len(head)+n]
		if end, _ := scanRow(head, 0); end > 0 && n > 0 {
			if f, e := findColumns(head, in, o); f != nil || e != nil {
				return f, e
			}
		}
	}
	if err != nil && err != io.EOF {
		return nil, &stream.InputError{Line: 1, Reason: stream.Unreadable, Err: err}
	}
	if len(head) == 0 {
		return nil, fail("the file is empty: it has no header", "")
	}
	if err == nil {
		return nil, &stream.InputError{Line: 1, Reason: stream.TooLong}
	}
	// No line end: the header is all there is.
	f, err := findColumns(append(head, '\n'), in, o)
	if f != nil {
		f.header = bytes.TrimSuffix(f.header, []byte("\n"))
		f.rest = bytes.NewReader(nil)
	}
	if f == nil && err == nil {
		err = fail("the header has a quote that is never closed", "")
	}
	return f, err
}

// findColumns tries the delimiters on the header that data begins with. It
// answers nothing if no delimiter makes a whole row of data yet.
func findColumns(data []byte, in io.Reader, o *options) (*csvFile, error) {
	if bytes.IndexByte(data, 0) >= 0 || bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		return nil, &stream.InputError{Line: 1, Reason: stream.Binary}
	}
	text := bytes.TrimPrefix(data, []byte(mark))
	try := []byte{',', ';', '\t', '|'}
	if o.delimiter != 0 {
		try = []byte{o.delimiter}
	}
	whole := false
	option, name := "--column", o.column
	if name == "" {
		option, name = "--email", o.email
	}
	for _, d := range try {
		end, closed := scanRow(text, d)
		if end == 0 || !closed {
			continue
		}
		whole = true
		names := fields(text[:end], d)
		if findName(names, name) < 0 {
			continue
		}
		f := &csvFile{delimiter: d, names: names, column: -1, email: -1, region: -1, preset: o.preset != nil, only: o.only}
		if o.column != "" {
			f.column = findName(names, o.column)
		}
		if o.email != "" {
			if f.email = findName(names, o.email); f.email < 0 {
				return nil, fail("the header has no column with the name given by --email", "")
			}
		}
		if o.regionColumn != "" {
			if f.region = findName(names, o.regionColumn); f.region < 0 {
				return nil, fail("the header has no column with the name given by --region-column", "")
			}
		}
		end += len(data) - len(text)
		f.header = data[:end]
		f.lines = bytes.Count(f.header, []byte("\n"))
		f.rest = io.MultiReader(bytes.NewReader(data[end:]), in)
		return f, nil
	}
	if !whole {
		return nil, nil
	}
	return nil, fail("the header has no column with the name given by "+option,
		"the first line has to name the columns; capitals don't matter; --delimiter says what separates them")
}

// findName finds a column: by its very name, or else by the only one that
// differs in capitals and blanks around it.
func findName(names []string, name string) int {
	if i := slices.Index(names, name); i >= 0 {
		return i
	}
	at := -1
	for i, n := range names {
		if strings.EqualFold(strings.TrimSpace(n), strings.TrimSpace(name)) {
			if at >= 0 {
				return -1
			}
			at = i
		}
	}
	return at
}

// hasName reports whether there is such a name, but for capitals and blanks around it.
func hasName(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool {
		return strings.EqualFold(strings.TrimSpace(n), strings.TrimSpace(name))
	})
}

// add writes the header with the added columns.
func (f *csvFile) add(columns []string, prefix string) (string, error) {
	row, end := splitEnd(f.header)
	if f.only {
		return strings.Join(columns, ",") + string(end), nil
	}
	out := bytes.Clone(row)
	if f.preset {
		var err error
		if out, err = f.rename(row, columns); err != nil {
			return "", err
		}
	}
	for _, c := range columns {
		c = prefix + c
		if !f.preset && hasName(f.names, c) {
			return "", fail("the file has a column with the name of one that would be added", "--prefix TEXT makes other names")
		}
		out = appendCell(append(out, f.delimiter), []byte(c), f.delimiter)
	}
	return string(append(out, end...)), nil
}

// plainPrefix stands before the names of columns that a preset takes for its own.
const plainPrefix = "plain_"

// rename makes room for the names of a preset, which nobody can choose: a column
// of the file that has one of them, such as "Phone", becomes "plain_Phone".
func (f *csvFile) rename(row []byte, added []string) (out []byte, err error) {
	at := 0
	if bytes.HasPrefix(row, []byte(mark)) {
		at = len(mark)
	}
	out = append(out, row[:at]...)
	for i, name := range f.names {
		_, _, _, end := cell(row, at, f.delimiter)
		if hasName(added, name) {
			name = plainPrefix + strings.TrimSpace(name)
			if hasName(f.names, name) {
				return nil, fail("the file has a column with the name of one that would be added", "--only leaves all columns of the file out")
			}
			out = appendCell(out, []byte(name), f.delimiter)
		} else {
			out = append(out, row[at:end]...)
		}
		if i < len(f.names)-1 {
			out = append(out, f.delimiter)
		}
		at = min(end+1, len(row))
	}
	return out, nil
}

// cut is the [stream.Cut] of CSV rows.
func (f *csvFile) cut(data []byte, last bool) int {
	if last {
		return len(data)
	}
	if bytes.IndexByte(data, '"') < 0 {
		return bytes.LastIndexByte(data, '\n') + 1
	}
	whole := 0
	for {
		n, _ := scanRow(data[whole:], f.delimiter)
		if n == 0 {
			return whole
		}
		whole += n
	}
}

// scanRow finds the end of the row that data begins with, behind its line
// feed; 0 if it is not there. A quote opens a field only as its first byte.
// Delimiter 0 is any: then every quote counts.
func scanRow(data []byte, delimiter byte) (end int, closed bool) {
	line := bytes.IndexByte(data, '\n') + 1
	if line > 0 && bytes.IndexByte(data[:line], '"') < 0 {
		return line, true
	}
	start := true // of a field
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == '"' && start:
			for i++; ; i++ {
				n := bytes.IndexByte(data[min(i, len(data)):], '"')
				if n < 0 {
					return 0, false
				}
				if i += n; i+1 >= len(data) || data[i+1] != '"' {
					break
				}
				i++ // a quote in the field
			}
			start = false
		case c == '\n':
			return i + 1, true
		default:
			start = c == delimiter
		}
	}
	return 0, false
}

// cell reads the field that row[at:] begins with: the text in it, whether
// quotes in it are doubled, and where the delimiter or the end is. Open tells
// that its quote is never closed.
func cell(row []byte, at int, delimiter byte) (text []byte, doubled, open bool, end int) {
	if at >= len(row) || row[at] != '"' {
		if n := bytes.IndexByte(row[at:], delimiter); n >= 0 {
			return row[at : at+n], false, false, at + n
		}
		return row[at:], false, false, len(row)
	}
	i := at + 1
	for {
		n := bytes.IndexByte(row[i:], '"')
		if n < 0 {
			return row[at+1:], doubled, true, len(row)
		}
		i += n
		if i+1 >= len(row) || row[i+1] != '"' {
			break
		}
		doubled = true
		i += 2
	}
	text = row[at+1 : i]
	end = i + 1
	if n := bytes.IndexByte(row[end:], delimiter); n >= 0 {
		end += n
	} else {
		end = len(row)
	}
	return text, doubled, false, end
}

// fields are the texts of all fields of a row.
func fields(row []byte, delimiter byte) []string {
	row, _ = splitEnd(row)
	var texts []string
	for at := 0; ; {
		text, doubled, _, end := cell(row, at, delimiter)
		if doubled {
			text = bytes.ReplaceAll(text, []byte(`""`), []byte(`"`))
		}
		texts = append(texts, string(text))
		if end >= len(row) {
			return texts
		}
		at = end + 1
	}
}

// splitEnd parts a row from its line end.
func splitEnd(row []byte) (body, end []byte) {
	n := len(row)
	if n > 0 && row[n-1] == '\n' {
		n--
		if n > 0 && row[n-1] == '\r' {
			n--
		}
	}
	return row[:n], row[n:]
}

// appendCell appends a field, in quotes if it needs them.
func appendCell(dst, text []byte, delimiter byte) []byte {
	if bytes.IndexByte(text, delimiter) < 0 && !bytes.ContainsAny(text, "\"\r\n") {
		return append(dst, text...)
	}
	dst = append(dst, '"')
	dst = append(dst, bytes.ReplaceAll(text, []byte(`"`), []byte(`""`))...)
	return append(dst, '"')
}

// csvRows reads rows of a csvFile and writes them with their results.
type csvRows struct {
	*csvFile

	c     *stream.Chunk
	rest  []byte
	line  int
	arena []byte // texts with doubled quotes, and regions
}

func (f *csvRows) begin(c *stream.Chunk) {
	f.c, f.rest, f.line, f.arena = c, c.In, c.Line, f.arena[:0]
}

func (f *csvRows) next(r *row) bool {
	if len(f.rest) == 0 {
		return false
	}
	end, _ := scanRow(f.rest, f.delimiter)
	if end == 0 {
		end = len(f.rest) // the last row of the file
	}
	*r = row{raw: f.rest[:end], line: f.line}
	f.rest = f.rest[end:]
	f.line += bytes.Count(r.raw, []byte("\n"))
	body, _ := splitEnd(r.raw)
	if r.blank = len(body) == 0; r.blank {
		return true
	}
	n := 0
	for at := 0; ; n++ {
		text, doubled, open, end := cell(body, at, f.delimiter)
		if open {
			r.bad = "a quote that is never closed"
			r.text = nil
			return true
		}
		if n == f.column {
			r.text = f.unquote(text, doubled)
			r.apart = bytes.IndexByte(r.text, '\n') >= 0
		}
		if n == f.email {
			r.mail = f.unquote(text, doubled)
		}
		if n == f.region {
			r.region = f.unquote(text, doubled)
			r.region = f.upper(bytes.TrimSpace(r.region))
		}
		if end >= len(body) {
			break
		}
		at = end + 1
	}
	if n++; n != len(f.names) {
		*r = row{raw: r.raw, line: r.line, bad: fmt.Sprintf("%d columns and not %d", n, len(f.names))}
	}
	return true
}

func (f *csvRows) unquote(text []byte, doubled bool) []byte {
	if !doubled {
		return text
	}
	at := len(f.arena)
	for i := 0; i < len(text); i++ {
		f.arena = append(f.arena, text[i])
		if text[i] == '"' {
			i++
		}
	}
	return f.arena[at:]
}

func (f *csvRows) upper(text []byte) []byte {
	at := len(f.arena)
	for _, c := range text {
		if c >= 'a' && c <= 'z' {
			c -= 'a' - 'A'
		}
		f.arena = append(f.arena, c)
	}
	return f.arena[at:]
}

// numberColumns are those that csvRows.number adds.
var numberColumns = []string{"e164", "valid", "possible", "type", "region_of", "error"}

func (f *csvRows) number(dst []byte, r *row, n *parsed) []byte {
	body, end := splitEnd(r.raw)
	dst = append(dst, body...)
	d := f.delimiter
	switch {
	case r.bad != "" || r.blank:
	case n.code != number.OK:
		dst = append(append(dst, d, d, d, d, d, d), n.code.String()...)
	default:
		dst = append(append(dst, d), n.e164...)
		dst = appendBool(append(dst, d), n.valid)
		dst = appendBool(append(dst, d), n.possible)
		dst = append(append(dst, d), n.kind.String()...)
		dst = append(append(dst, d), n.region...)
		dst = append(dst, d)
	}
	return append(dst, end...)
}

func (f *csvRows) hashes(dst []byte, r *row, h *hashed) []byte {
	body, end := splitEnd(r.raw)
	if f.only {
		return append(f.digests(dst, r, h), end...)
	}
	dst = append(dst, body...)
	if r.bad == "" && !r.blank {
		if !f.preset {
			dst = append(append(dst, f.delimiter), h.e164...)
		}
		for _, text := range h.texts {
			dst = appendCell(append(dst, f.delimiter), text, f.delimiter)
		}
		dst = append(append(dst, f.delimiter), h.code...)
		if h.more != "" {
			dst = append(append(dst, ' '), h.more...)
		}
	}
	return append(dst, end...)
}

// digests is a row of nothing but digests. A bad row keeps its place and gives
// nothing: what it holds is not for the platform.
func (f *csvRows) digests(dst []byte, r *row, h *hashed) []byte {
	if r.blank {
		return dst
	}
	for i, text := range h.texts {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendCell(dst, text, ',')
	}
	return dst
}
