package contacts

// beginValue reads name and parameters and decides what becomes of the value.
func (r *Reader) beginValue() {
	v := &r.vc
	r.lineN, r.over, r.begins = 0, false, r.begins[:0]
	v.last = 0
	v.qp, v.base64, v.charset, v.label, v.custom, v.group = false, false, UTF8, NoLabel, span{}, 0
	h := v.head[:v.headN]
	n := 0
	for n < len(h) && h[n] != ';' {
		n++
	}
	name := trim(h[:n])
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '.' {
			v.group = hash(name[:i])
			name = name[i+1:]
			break
		}
	}
	v.prop = propOf(name)
	var types uint16
	for n < len(h) {
		from := n + 1
		quoted := false
		for n = from; n < len(h) && (quoted || h[n] != ';'); n++ {
			if h[n] == '"' {
				quoted = !quoted
			}
		}
		types |= r.parameter(from, n)
	}
	v.label = pick(types)
	v.part = vValue
	if v.prop == pOther || v.headBig {
		v.part = vSkip
	}
}

// parameter reads one of "TYPE=home,cell", "CELL", "ENCODING=b", … in
// head[from:to] and returns the types in it.
func (r *Reader) parameter(from, to int) uint16 {
	v := &r.vc
	s := v.head[from:to]
	eq := 0
	for eq < len(s) && s[eq] != '=' && s[eq] != '(' {
		eq++
	}
	key, val := trim(s[:eq]), []byte(nil)
	if eq == len(s) || s[eq] == '(' {
		// vCard 2.1 writes the value alone; Android writes
		// X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=E3=81=82).
		val, key = s, nil
	} else {
		val = s[eq+1:]
		from += eq + 1
	}
	switch {
	case equals(key, "encoding"), key == nil && (equals(val, "quoted-printable") || equals(val, "base64")):
		v.qp = equals(val, "quoted-printable") || equals(val, "q")
		v.base64 = equals(val, "b") || equals(val, "base64")
		return 0
	case equals(key, "charset"):
		v.charset = charsetOf(val)
		return 0
	case key != nil && !equals(key, "type"):
		return 0
	}
	if hasPrefix(val, "x-custom(") {
		at := len(val) - 1
		for at > 0 && val[at] != ',' && val[at] != '(' {
			at--
		}
		end := len(val)
		if val[end-1] == ')' {
			end--
		}
		if at+1 < end {
			n := unquotePrintable(val[at+1 : end])
			v.custom = span{uint32(from + at + 1), uint32(from + at + 1 + n)}
		}
		return 0
	}
	var types uint16
	for len(val) > 0 {
		n := 0
		for n < len(val) && val[n] != ',' {
			n++
		}
		word, lead := val[:n], 0
		for len(word) > 0 && (word[0] == '"' || word[0] == ' ') {
			word, lead = word[1:], lead+1
		}
		for len(word) > 0 && (word[len(word)-1] == '"' || word[len(word)-1] == ' ') {
			word = word[:len(word)-1]
		}
		l, known := typeOf(word)
		types |= 1 << l
		if !known {
			if hasPrefix(word, "x-") {
				word, lead = word[2:], lead+2
			}
			v.custom = span{uint32(from + lead), uint32(from + lead + len(word))}
		}
		skip := min(n+1, len(val))
		val = val[skip:]
		from += skip
	}
	return types
}
