package contacts

// propOf knows the properties that matter.
func propOf(name []byte) vprop {
	switch {
	case equals(name, "tel"):
		return pTel
	case equals(name, "fn"):
		return pFN
	case equals(name, "n"):
		return pN
	case equals(name, "email"):
		return pEmail
	case equals(name, "begin"):
		return pBegin
	case equals(name, "end"):
		return pEnd
	case equals(name, "org"):
		return pOrg
	case equals(name, "nickname"):
		return pNick
	case equals(name, "x-ablabel"):
		return pLabel
	case equals(name, "agent"):
		return pAgent
	case equals(name, "impp"), equals(name, "x-whatsapp"), equals(name, "x-signal"), equals(name, "x-viber"), equals(name, "x-telegram"),
		equals(name, "x-wechat"), equals(name, "x-line"), equals(name, "x-kakaotalk"), equals(name, "x-skype-pstnnumber"), equals(name, "x-skype"), equals(name, "x-sip"),
		equals(name, "socialprofile"), equals(name, "x-socialprofile"), equals(name, "url"):
		return pChat
	case hasPrefix(name, "x-") && (hasSuffix(name, "-tel") || hasSuffix(name, "phone") || hasSuffix(name, "-mobile") || hasSuffix(name, "-cell") ||
		hasSuffix(name, "-sms") || hasSuffix(name, "-fax") || hasSuffix(name, "-callback") || hasSuffix(name, "-telex")):
		if hasSuffix(name, "telex") || index(name, "honetic") >= 0 {
			return pOther
		}
		return pTel
	}
	return pOther
}

// typeOf knows the TYPE values of the three versions. Those that say nothing
// about the purpose are NoLabel; false means that the word is the file's own.
func typeOf(w []byte) (Label, bool) {
	switch {
	case equals(w, "cell"), equals(w, "mobile"), equals(w, "iphone"), equals(w, "x-mobile"), equals(w, "pcs"):
		return Mobile, true
	case equals(w, "home"):
		return Home, true
	case equals(w, "work"):
		return Work, true
	case equals(w, "fax"):
		return Fax, true
	case equals(w, "main"):
		return Main, true
	case equals(w, "pager"):
		return Pager, true
	case equals(w, "car"):
		return Car, true
	case equals(w, "x-assistant"), equals(w, "assistant"):
		return Assistant, true
	case equals(w, "other"):
		return Other, true
	case len(w) == 0, equals(w, "voice"), equals(w, "pref"), equals(w, "internet"), equals(w, "text"), equals(w, "msg"),
		equals(w, "textphone"), equals(w, "video"), equals(w, "isdn"), equals(w, "modem"), equals(w, "bbs"), equals(w, "x400"):
		return NoLabel, true
	}
	return NoLabel, false
}

// picked are the labels in the order in which pick takes them.
var picked = [...]Label{Fax, Pager, Mobile, Car, Assistant, Main, Work, Home, Other}

// pick chooses among the labels whose bits are set: what it is before where
// it is.
func pick(types uint16) Label {
	for _, l := range picked[:] {
		if types&(1<<l) != 0 {
			return l
		}
	}
	return NoLabel
}

// typeLabel reads the parameters of a bare "TEL;HOME;CELL:" line.
func typeLabel(s []byte) Label {
	var types uint16
	from := 0
	for i := 0; i <= len(s); i++ {
		if i < len(s) && s[i] != ';' && s[i] != ',' && s[i] != '=' {
			continue
		}
		l, _ := typeOf(trim(s[from:i]))
		types |= 1 << l
		from = i + 1
	}
	return pick(types)
}

// unquotePrintable decodes RFC 2045 section 6.7 in place and returns the
// length. A broken escape stays as it is.
func unquotePrintable(s []byte) int {
	n := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '=' && i+2 < len(s) {
			h, l := unhex(s[i+1]), unhex(s[i+2])
			if h >= 0 && l >= 0 {
				c = byte(h<<4 | l)
				i += 2
			}
		}
		s[n] = c
		n++
	}
	return n
}

func unhex(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}

// unescape undoes the backslashes of RFC 6350 section 3.4 in place and
// returns the length. A newline becomes a space.
func unescape(s []byte) int {
	n := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\\' && i+1 < len(s) {
			switch s[i+1] {
			case 'n', 'N':
				c = ' '
				i++
			case '\\', ',', ';', ':':
				i++
				c = s[i]
			}
		}
		s[n] = c
		n++
	}
	return n
}

// fieldLen is how much of a value comes before the first semicolon.
func fieldLen(s []byte) int {
	n := 0
	for n < len(s) && s[n] != ';' {
		if s[n] == '\\' {
			n++
		}
		n++
	}
	return min(n, len(s))
}

// equals ignores the case of ASCII letters; b is in lower case.
func equals(a []byte, b string) bool {
	return len(a) == len(b) && hasPrefix(a, b)
}

// hash tells groups apart (FNV-1a of the name in lower case); never 0.
func hash(s []byte) uint32 {
	h := uint32(2166136261)
	for _, c := range s {
		if 'A' <= c && c <= 'Z' {
			c += 32
		}
		h = (h ^ uint32(c)) * 16777619
	}
	return h | 1
}

// allBase64 reports whether a line can be the rest of a photo that was not
// indented.
func allBase64(s []byte) bool {
	for _, c := range s {
		if !('a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/' || c == '=') {
			return false
		}
	}
	return true
}
