package number

// An extension is a run of digits at the end behind a label. What counts as a
// label decides how long it may be:
//
//	;ext=                                         20
//	ext, extn, extension, xt …, доб, anexo        20
//	,, and ;                                      15
//	x # ~ int and single commas                    9
//	hyphens or spaces before and # after           6
//
// Labels but the first and the last may be followed by a colon or stop, then by
// blanks, commas and hyphens; blanks (and before the worded ones, commas) may
// precede them; a # may follow the digits. As in a search from the left, the
// longest way to read the end of the text as an extension is the one that holds.

// extension returns where the extension of s[from:to] begins with its label, -1
// if there is none, and where its digits are.
func (s source) extension(from, to int) (at, first, last int) {
	last = to
	hash := last > from && s[last-1] == '#'
	if hash {
		last--
	}
	first = last
	for first > from && traits[s[first-1]]&isDecimal != 0 {
		first--
	}
	count := last - first
	if count == 0 || count > MaxExtension {
		return -1, 0, 0
	}
	at = first
	if !hash && endsWith(s[from:first], ";ext=") {
		at = first - len(";ext=")
	}
	if hash && count <= 6 {
		for at > from && (s[at-1] == '-' || s[at-1] == ' ') {
			at--
		}
	}
	// The separators before the digits, and then perhaps a colon or stop.
	run := first
	for run > from && (s[run-1] == ',' || s[run-1] == '-' || traits[s[run-1]]&isBlank != 0) {
		run--
	}
	label := run
	if label > from && (s[label-1] == ':' || s[label-1] == '.' || s[label-1] == symStop) {
		label--
	}
	if n := wordLabel(s[from:label]); n > 0 {
		at = min(at, s.skipBack(from, label-n, true))
	}
	if count <= 9 {
		if n := signLabel(s[from:label]); n > 0 {
			at = min(at, s.skipBack(from, label-n, true))
		}
	}
	if count <= 15 {
		if label > from && s[label-1] == ';' {
			at = min(at, s.skipBack(from, label-1, false))
		}
		// Commas: among the separators, or before the colon. A single one will
		// do for 9 digits, two in a row for 15.
		for i := run; i < first; i++ {
			if s[i] == ',' && (count <= 9 || i+1 < first && s[i+1] == ',') {
				at = min(at, s.skipBack(from, i, false))
				break
			}
		}
		if label < run {
			commas := label
			for commas > from && s[commas-1] == ',' {
				commas--
			}
			if count <= 9 && commas < label {
				at = min(at, s.skipBack(from, commas, false))
			} else if commas <= label-2 {
				at = min(at, s.skipBack(from, label-2, false))
			}
		}
	}
	if at == first {
		return -1, 0, 0
	}
	return at, first, last
}

// skipBack returns where the blanks, and perhaps commas, before s[i] begin.
//
//go:noinline
func (s source) skipBack(from, i int, commas bool) int {
	for i > from && (traits[s[i-1]]&isBlank != 0 || commas && s[i-1] == ',') {
		i--
	}
	return i
}

// fold takes a symbol to the lower-case letter that Java's patterns take it
// for.
func fold(c byte) byte {
	switch {
	case c-'A' < 26:
		return c | 32
	case c == symLongS:
		return 's'
	case c == symDotless || c == symDotted:
		return 'i'
	}
	return c
}

// endsWith says whether s ends with a text in lower case.
//
//go:noinline
func endsWith(s []byte, text string) bool {
	if len(s) < len(text) {
		return false
	}
	from := len(s) - len(text)
	for i := 0; i < len(text); i++ {
		if fold(s[from+i]) != text[i] {
			return false
		}
	}
	return true
}

// wordLabel returns the length of the worded label that s ends with:
// e?xt(ensi(ó|ó|o))?n?, the same without the middle in full width, доб, anexo.
//
//go:noinline
func wordLabel(s []byte) int {
	end := len(s)
	if endsWith(s, "anexo") {
		return len("anexo")
	}
	if end >= 3 && s[end-3] == symD && s[end-2] == symO && s[end-1] == symB {
		return 3
	}
	i := end
	if i > 0 && s[i-1] == symWideN {
		i--
	}
	if i >= 2 && s[i-2] == symWideX && s[i-1] == symWideT {
		i -= 2
		if i > 0 && s[i-1] == symWideE {
			i--
		}
		return end - i
	}
	i = end
	if i > 0 && s[i-1]|32 == 'n' {
		i--
	}
	if i > 0 && s[i-1] == symAcute && endsWith(s[:i-1], "xtensio") {
		i -= 6
	} else if endsWith(s[:i], "xtensio") {
		i -= 5
	} else if i > 0 && s[i-1] == symAcuteO && endsWith(s[:i-1], "xtensi") {
		i -= 5
	}
	if !endsWith(s[:i], "xt") {
		return 0
	}
	i -= 2
	if i > 0 && s[i-1]|32 == 'e' {
		i--
	}
	return end - i
}

// signLabel does the same for x, #, ~ and int, also in full width.
//
//go:noinline
func signLabel(s []byte) int {
	end := len(s)
	if end == 0 {
		return 0
	}
	switch s[end-1] {
	case 'x', 'X', '#', '~', symWideX, symHash, symTilde:
		return 1
	}
	if endsWith(s, "int") || end >= 3 && s[end-3] == symWideI && s[end-2] == symWideN && s[end-1] == symWideT {
		return 3
	}
	return 0
}
