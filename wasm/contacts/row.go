package contacts

// MaxRowText is the most bytes that a row takes.
const MaxRowText = 2*3*MaxValue + 3*(MaxName+4) + 72

// AppendRow appends an entry as the line that contacts.wasm gives its host:
// eight fields with a tab between, ended by a newline.
//
//	kind   "number", "email", "problem" or "column"
//	person counts from 1; 0 for none
//	line   counts from 1
//	label  "mobile", "home", …; of a column its role; of a problem its code
//	note   the label in the file's own words
//	name
//	text   the number or address as written; of a column its header; of a fatal
//	       problem what the file is instead, such as "calendar"
//	country what the file says of the number's: "GB", "44" or nothing
//
// No field can contain a tab or a newline (see Entry).
func AppendRow(dst []byte, e *Entry) []byte {
	label := e.Label.String()
	switch e.Kind {
	case Problem:
		label = e.Code.String()
	case Column:
		label = e.Role.String()
	}
	dst = append(dst, e.Kind.String()...)
	dst = appendUint(append(dst, '\t'), e.Person)
	dst = appendUint(append(dst, '\t'), e.Line)
	dst = append(append(dst, '\t'), label...)
	for _, field := range [...][]byte{e.Note, e.Name, e.Text, e.Country} {
		dst = append(append(dst, '\t'), field...)
	}
	return append(dst, '\n')
}

func appendUint(dst []byte, v uint32) []byte {
	if v >= 10 {
		dst = appendUint(dst, v/10)
	}
	return append(dst, byte('0'+v%10))
}
