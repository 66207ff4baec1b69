package contacts

// MaxRowText is the most bytes that a row takes.
const MaxRowText = 2*3*MaxValue + 3*(MaxName+4) + 64

// AppendRow appends an entry as the line of seven fields that contacts.wasm
// gives its host: see its package comment.
func AppendRow(dst []byte, e *Entry) []byte {
	n := len(dst)
	dst = append(dst, make([]byte, MaxRowText)...)
	return dst[:n+writeRow(dst[n:], e)]
}

// writeRow writes an entry to dst, which has MaxRowText bytes, as the line
// that contacts.wasm gives its host, and returns its length: seven fields with
// a tab between, ended by a newline.
//
//	kind   "number", "email", "problem" or "column"
//	person counts from 1; 0 for none
//	line   counts from 1
//	label  "mobile", "home", …; of a column its role; of a problem its code
//	note   the label in the file's own words
//	name
//	text   the number or address as written; of a column its header
//
// No field can contain a tab or a newline (see Entry).
//
// It does not append: append brings the allocator into the wasm module.
func writeRow(dst []byte, e *Entry) int {
	label := e.Label.String()
	switch e.Kind {
	case Problem:
		label = e.Code.String()
	case Column:
		label = e.Role.String()
	}
	n := copy(dst, e.Kind.String())
	n += writeUint(dst[n:], e.Person)
	n += writeUint(dst[n:], e.Line)
	dst[n] = '\t'
	n += 1 + copy(dst[n+1:], label)
	for _, field := range [...][]byte{e.Note, e.Name, e.Text} {
		dst[n] = '\t'
		n += 1 + copy(dst[n+1:], field)
	}
	dst[n] = '\n'
	return n + 1
}

// writeUint writes a tab and a number.
func writeUint(dst []byte, v uint32) int {
	var buf [10]byte
	i := len(buf)
	for {
		i--
		buf[i] = byte('0' + v%10)
		if v /= 10; v == 0 {
			break
		}
	}
	dst[0] = '\t'
	return 1 + copy(dst[1:], buf[i:])
}
