package number

// Format is a way to write a number. The first four are libphonenumber's; the
// others are digits alone, as services hash them.
type Format uint8

const (
	E164           Format = iota // +442079460018, without extension
	International                // +44 20 7946 0018
	National                     // 020 7946 0018
	RFC3966                      // tel:+44-20-7946-0018
	Digits                       // 442079460018
	Dialled                      // 00442079460018
	NationalDigits               // 02079460018: the digits of National, without extension
	Significant                  // 2079460018
)

// MaxText is the most bytes that Append adds.
const MaxText = 96

// Format answers the number written so.
func (n Number) Format(f Format) string {
	var buffer [MaxText]byte
	return string(n.Append(buffer[:0], f))
}

// Append appends the number written so; nothing for the zero Number. It does
// not allocate where dst has room for MaxText more.
func (n Number) Append(dst []byte, f Format) []byte {
	if n.code == 0 {
		return dst
	}
	ready()
	var digits [maxNational]byte
	d := digits[:n.significant(&digits)]
	switch f {
	case E164:
		dst = append(dst, '+')
		dst = appendCode(dst, n.code)
		return appendDigits(dst, d)
	case Dialled:
		dst = append(dst, '0', '0')
		dst = appendCode(dst, n.code)
		return appendDigits(dst, d)
	case Digits:
		dst = appendCode(dst, n.code)
		return appendDigits(dst, d)
	case Significant:
		return appendDigits(dst, d)
	case International:
		dst = append(dst, '+')
		dst = appendCode(dst, n.code)
		dst = append(dst, ' ')
	case RFC3966:
		dst = append(dst, "tel:+"...)
		dst = appendCode(dst, n.code)
		dst = append(dst, '-')
	}
	id := planOfCode(n.code)
	p := &plans[id]
	if !p.formatted {
		loadFormats(id)
	}
	dst = p.appendNational(dst, d, f)
	if n.extLen == 0 || f == NationalDigits {
		return dst
	}
	switch {
	case f == RFC3966:
		dst = append(dst, ";ext="...)
	case p.extension != "":
		dst = append(dst, p.extension...)
	default:
		dst = append(dst, " ext. "...)
	}
	return n.AppendExtension(dst)
}

// appendNational writes the national significant number in the first layout
// that fits it.
func (p *plan) appendNational(dst, d []byte, f Format) []byte {
	from, to := p.layouts, p.layouts+uint16(p.national)
	national := f == National || f == NationalDigits
	if !national && p.international > 0 {
		from, to = to, to+uint16(p.international)
	}
	set := sets[walk(p.leading, d)]
	for i := from; i < to; i++ {
		l := &layouts[i]
		if l.leading != 0 && set>>(l.leading-1)&1 == 0 {
			continue
		}
		groups := splits[l.split]
		extra, ok := fits(groups, len(d))
		if !ok {
			continue
		}
		rule := ""
		if national {
			rule = rules[l.rule]
		}
		return appendLayout(dst, d, groups, extra, forms[l.form], rule, f)
	}
	return appendDigits(dst, d)
}

// fits says whether groups can have n digits together, and how many more than
// its least the varying one then has.
func fits(groups string, n int) (extra int, ok bool) {
	width := 0
	for i := 0; i < len(groups); i++ {
		n -= int(groups[i] & 15)
		width += int(groups[i] >> 4)
	}
	return n, n >= 0 && n <= width
}

// appendLayout writes d in a form, whose bytes 1 to 7 stand for groups. rule
// takes the place of the form's first group, which its own byte 1 stands for.
func appendLayout(dst, d []byte, groups string, extra int, form, rule string, f Format) []byte {
	begin := len(dst)
	for i := 0; i < len(form); i++ {
		c := form[i]
		if c < 8 {
			if rule == "" {
				dst = appendGroup(dst, d, groups, extra, c)
				continue
			}
			for j := 0; j < len(rule); j++ {
				if rule[j] == 1 {
					dst = appendGroup(dst, d, groups, extra, c)
				} else {
					dst = appendChar(dst, rule[j], begin, f)
				}
			}
			rule = ""
			continue
		}
		dst = appendChar(dst, c, begin, f)
	}
	return dst
}

// appendChar writes a character of a form as the format wants it: digits only,
// or one hyphen between groups and nothing before the first.
func appendChar(dst []byte, c byte, begin int, f Format) []byte {
	switch {
	case f == NationalDigits && !isDigit(c):
		return dst
	case f == RFC3966 && !isDigit(c):
		if len(dst) == begin || dst[len(dst)-1] == '-' {
			return dst
		}
		c = '-'
	}
	return append(dst, c)
}

// appendGroup writes group g, counted from 1.
func appendGroup(dst, d []byte, groups string, extra int, g byte) []byte {
	from := 0
	for i := 0; i < len(groups); i++ {
		n := int(groups[i] & 15)
		if groups[i] > 15 {
			n += extra
		}
		if i+1 == int(g) {
			return appendDigits(dst, d[from:from+n])
		}
		from += n
	}
	return dst
}

func appendDigits(dst, d []byte) []byte {
	for _, c := range d {
		dst = append(dst, c+'0')
	}
	return dst
}

func appendCode(dst []byte, code uint16) []byte {
	if code >= 100 {
		dst = append(dst, byte('0'+code/100))
	}
	if code >= 10 {
		dst = append(dst, byte('0'+code/10%10))
	}
	return append(dst, byte('0'+code%10))
}
