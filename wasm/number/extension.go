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

// extensionOf answers where the extension begins with its label, -1 if there is
// none, and where its digits are.
func extensionOf(s []byte) (at, from, to int) {
	to = len(s)
	hash := to > 0 && s[to-1] == '#'
	if hash {
		to--
	}
	from = to
	for from > 0 && traits[s[from-1]]&isDecimal != 0 {
		from--
	}
	count := to - from
	if count == 0 || count > MaxExtension {
		return -1, 0, 0
	}
	at = from
	earlier := func(i int) {
		if i < at {
			at = i
		}
	}
	if !hash && endsWith(s[:from], ";ext=") {
		earlier(from - len(";ext="))
	}
	if hash && count <= 6 {
		i := from
		for i > 0 && (s[i-1] == '-' || s[i-1] == ' ') {
			i--
		}
		earlier(i)
	}
	// The separators before the digits, and then perhaps a colon or stop.
	run := from
	for run > 0 && (s[run-1] == ',' || s[run-1] == '-' || traits[s[run-1]]&isBlank != 0) {
		run--
	}
	label := run
	if label > 0 && (s[label-1] == ':' || s[label-1] == '.' || s[label-1] == symStop) {
		label--
	}
	if n := wordLabel(s[:label]); n > 0 {
		earlier(skipBack(s, label-n, true))
	}
	if count <= 9 {
		if n := signLabel(s[:label]); n > 0 {
			earlier(skipBack(s, label-n, true))
		}
	}
	if count > 15 {
		return found(at, from, to)
	}
	if label > 0 && s[label-1] == ';' {
		earlier(skipBack(s, label-1, false))
	}
	// Commas: among the separators, or before the colon. A single one will do
	// for 9 digits, two in a row for 15.
	for i := run; i < from; i++ {
		if s[i] == ',' && (count <= 9 || i+1 < from && s[i+1] == ',') {
			earlier(skipBack(s, i, false))
			break
		}
	}
	if label < run {
		commas := 0
		for commas < label && s[label-1-commas] == ',' {
			commas++
		}
		if count <= 9 && commas > 0 {
			earlier(skipBack(s, label-commas, false))
		} else if commas >= 2 {
			earlier(skipBack(s, label-2, false))
		}
	}
	return found(at, from, to)
}

func found(at, from, to int) (int, int, int) {
	if at == from {
		return -1, 0, 0
	}
	return at, from, to
}

// skipBack answers where the blanks, and perhaps commas, before s[i] begin.
func skipBack(s []byte, i int, commas bool) int {
	for i > 0 && (traits[s[i-1]]&isBlank != 0 || commas && s[i-1] == ',') {
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
func endsWith(s []byte, text string) bool {
	if len(s) < len(text) {
		return false
	}
	s = s[len(s)-len(text):]
	for i := range s {
		if fold(s[i]) != text[i] {
			return false
		}
	}
	return true
}

// wordLabel answers the length of the worded label that s ends with:
// e?xt(ensi(ó|ó|o))?n?, the same without the middle in full width, доб, anexo.
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
