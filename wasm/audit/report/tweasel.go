package report

// leaves are the values of a JSON object, each with the names that lead to it,
// such as "apps › name". It is for log._tweasel of a HAR, which says on what
// device and with what tools the recording was made; whatever it says is told.
// The capture's reader has looked whether it is JSON. At most 100 values.
func leaves(p []byte) (out [][2]string) {
	l := leafReader{p: p}
	l.value("")
	return l.out
}

type leafReader struct {
	p     []byte
	at    int
	depth int
	out   [][2]string
}

func (l *leafReader) space() byte {
	for l.at < len(l.p) && (l.p[l.at] <= ' ' || l.p[l.at] == ',' || l.p[l.at] == ':') {
		l.at++
	}
	if l.at >= len(l.p) {
		return 0
	}
	return l.p[l.at]
}

func (l *leafReader) value(path string) {
	switch c := l.space(); {
	case c == 0 || l.depth == 20 || len(l.out) == 100:
		l.at = len(l.p)
	case c == '{' || c == '[':
		l.at++
		l.depth++
		for {
			end := l.space()
			if end == 0 {
				break
			}
			if end == '}' || end == ']' {
				l.at++
				break
			}
			name := path
			if c == '{' {
				name = l.text()
				if path != "" {
					name = path + " › " + name
				}
			}
			before := l.at
			l.value(name)
			if l.at == before {
				l.at = len(l.p) // no JSON
			}
		}
		l.depth--
	default:
		l.out = append(l.out, [2]string{path, l.text()})
	}
}

// text is a string, or another value as it is written.
func (l *leafReader) text() string {
	if l.space() != '"' {
		from := l.at
		for l.at < len(l.p) && l.p[l.at] > ' ' && l.p[l.at] != ',' && l.p[l.at] != '}' && l.p[l.at] != ']' && l.p[l.at] != ':' {
			l.at++
		}
		return string(l.p[from:l.at])
	}
	var b []byte
	for l.at++; l.at < len(l.p) && l.p[l.at] != '"'; l.at++ {
		if l.p[l.at] != '\\' || l.at+1 >= len(l.p) {
			b = append(b, l.p[l.at])
			continue
		}
		l.at++
		switch c := l.p[l.at]; c {
		case 'n', 'r', 't', 'b', 'f':
			b = append(b, ' ')
		case 'u':
			b = append(b, '\\', 'u') // rare here, and readable as it is
		default:
			b = append(b, c)
		}
	}
	l.at++
	return string(b)
}
