package main

import (
	"unicode/utf16"
	"unicode/utf8"
)

// This file reads JSON (RFC 8259) as far as a line of {"input","region"} needs
// it. encoding/json would do, but it takes keys of any case and more than
// once, and turns what is not UTF-8 into replacement characters, so that an
// input could not be given back as it was; and it takes ten times as long.

// jsonScanner reads tokens. After bad is set there is nothing more to read.
type jsonScanner struct {
	b   []byte
	at  int
	bad bool
}

func (s *jsonScanner) space() {
	for s.at < len(s.b) && (s.b[s.at] == ' ' || s.b[s.at] == '\t' || s.b[s.at] == '\r' || s.b[s.at] == '\n') {
		s.at++
	}
}

// eat passes over c, if it is there, and space before it.
func (s *jsonScanner) eat(c byte) bool {
	s.space()
	if s.bad || s.at >= len(s.b) || s.b[s.at] != c {
		return false
	}
	s.at++
	return true
}

// null passes over a null, if one is there.
func (s *jsonScanner) null() bool {
	s.space()
	if s.bad || len(s.b)-s.at < 4 || string(s.b[s.at:s.at+4]) != "null" {
		return false
	}
	s.at += 4
	return true
}

// text reads a string and returns its token, quotes included; plain tells that
// nothing in it is escaped.
func (s *jsonScanner) text() (token []byte, plain bool) {
	if !s.eat('"') {
		s.bad = true
		return nil, false
	}
	start, plain := s.at-1, true
	for s.at < len(s.b) {
		switch c := s.b[s.at]; {
		case c == '"':
			s.at++
			return s.b[start:s.at], plain
		case c < ' ':
			s.bad = true
			return nil, false
		case c == '\\':
			plain = false
			if s.at+1 >= len(s.b) {
				s.bad = true
				return nil, false
			}
			switch s.b[s.at+1] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
				s.at += 2
			case 'u':
				if _, ok := hex4(s.b[s.at+2:]); !ok {
					s.bad = true
					return nil, false
				}
				s.at += 6
			default:
				s.bad = true
				return nil, false
			}
		default:
			s.at++
		}
	}
	s.bad = true
	return nil, false
}

func hex4(b []byte) (rune, bool) {
	if len(b) < 4 {
		return 0, false
	}
	var v rune
	for _, c := range b[:4] {
		switch {
		case c >= '0' && c <= '9':
			v = v<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			v = v<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return v, true
}

// appendUnescaped appends the text of a token that the scanner has passed.
// Half a surrogate pair becomes U+FFFD; bytes that are not UTF-8 stay.
func appendUnescaped(dst, token []byte) []byte {
	b := token[1 : len(token)-1]
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			dst = append(dst, b[i])
			continue
		}
		i++
		switch b[i] {
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			c, _ := hex4(b[i+1:])
			i += 4
			if utf16.IsSurrogate(c) {
				low := rune(0)
				if len(b)-i > 6 && b[i+1] == '\\' && b[i+2] == 'u' {
					low, _ = hex4(b[i+3:])
				}
				if c = utf16.DecodeRune(c, low); c != utf8.RuneError {
					i += 6
				}
			}
			dst = utf8.AppendRune(dst, c)
		default: // quote, backslash, slash
			dst = append(dst, b[i])
		}
	}
	return dst
}

// appendQuoted appends text as a JSON string. Bytes that are not UTF-8 stay
// as they are, so that nothing is lost.
func appendQuoted(dst, text []byte) []byte {
	dst = append(dst, '"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\n':
			dst = append(dst, `\n`...)
		case c == '\r':
			dst = append(dst, `\r`...)
		case c == '\t':
			dst = append(dst, `\t`...)
		case c < ' ':
			dst = append(dst, `\u00`...)
			dst = append(dst, hexDigits[c>>4], hexDigits[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

const hexDigits = "0123456789abcdef"
