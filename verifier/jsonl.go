package main

import (
	"bytes"

	"sealbook/verifier/stream"
	"sealbook/wasm/number"
)

// jsonl is an object {"input","region"} a line in, and one a line out.
type jsonl struct {
	home    string // region of lines that name none
	country bool   // lines may have the key "country"

	c     *stream.Chunk
	rest  []byte
	line  int
	arena []byte // texts that were escaped
}

func (j *jsonl) begin(c *stream.Chunk) {
	j.c, j.rest, j.line, j.arena = c, c.In, c.Line, j.arena[:0]
	if j.line == 1 {
		j.rest = bytes.TrimPrefix(j.rest, []byte(mark))
	}
}

func (j *jsonl) next(r *row) bool {
	if len(j.rest) == 0 {
		return false
	}
	end := bytes.IndexByte(j.rest, '\n') + 1
	if end == 0 {
		end = len(j.rest)
	}
	*r = row{raw: j.rest[:end], line: j.line}
	j.rest = j.rest[end:]
	j.line++
	if r.bad = j.read(r); r.bad != "" {
		r.text = bytes.TrimSuffix(bytes.TrimSuffix(r.raw, []byte("\n")), []byte("\r"))
		r.input, r.regionToken, r.region = nil, nil, nil
	}
	return true
}

const otherKey = `a key other than "input" and "region"`

// read reads the object of r and answers what is wrong with it.
func (j *jsonl) read(r *row) string {
	const notJSON = "not a JSON object"
	s := &jsonScanner{b: r.raw}
	if !s.eat('{') {
		return notJSON
	}
	var seenInput, seenRegion bool
	for first := true; !s.eat('}'); first = false {
		if !first && !s.eat(',') {
			return notJSON
		}
		key, plain := s.text()
		if s.bad {
			return notJSON
		}
		var unescaped [16]byte
		name := key[1 : len(key)-1]
		if !plain {
			name = appendUnescaped(unescaped[:0], key)
		}
		if !s.eat(':') {
			return notJSON
		}
		s.space()
		isText := s.at < len(s.b) && s.b[s.at] == '"'
		switch string(name) {
		case "input":
			if seenInput {
				return `the key "input" is there twice`
			}
			if !isText {
				return `"input" is not a string`
			}
			seenInput = true
			r.input, r.text = j.value(s)
			r.apart = bytes.IndexByte(r.text, '\n') >= 0
		case "region":
			if seenRegion {
				return `the key "region" is there twice`
			}
			seenRegion = true
			if s.null() {
				continue
			}
			if !isText {
				return `"region" is neither a string nor null`
			}
			r.regionToken, r.region = j.value(s)
		case "country":
			if !j.country {
				return otherKey
			}
			if s.null() {
				continue
			}
			if !isText || r.country != nil {
				return `"country" is not one string`
			}
			_, r.country = j.value(s)
		default:
			return otherKey
		}
		if s.bad {
			return notJSON
		}
	}
	if s.space(); s.at != len(s.b) {
		return "more than a JSON object"
	}
	if !seenInput {
		return `no "input"`
	}
	return ""
}

// value reads a string: its token, and its text.
func (j *jsonl) value(s *jsonScanner) (token, text []byte) {
	token, plain := s.text()
	if s.bad {
		return nil, nil
	}
	if plain {
		return token, token[1 : len(token)-1]
	}
	at := len(j.arena)
	j.arena = appendUnescaped(j.arena, token)
	return token, j.arena[at:]
}

// head appends the keys that every line begins with.
func (j *jsonl) head(dst []byte, r *row) []byte {
	dst = append(dst, `{"input":`...)
	if r.input != nil {
		dst = append(dst, r.input...)
	} else {
		dst = appendQuoted(dst, r.text)
	}
	dst = append(dst, `,"region":`...)
	switch {
	case r.regionToken != nil:
		dst = append(dst, r.regionToken...)
	case j.home != "" && r.bad == "":
		dst = append(append(append(dst, '"'), j.home...), '"')
	default:
		dst = append(dst, "null"...)
	}
	return dst
}

func (j *jsonl) number(dst []byte, r *row, n *parsed) []byte {
	dst = j.head(dst, r)
	if r.bad != "" || n.code != number.OK {
		code := badLine
		if r.bad == "" {
			code = n.code.String()
		}
		dst = append(dst, `,"e164":null,"valid":null,"possible":null,"type":null,"region_of":null,"error":"`...)
		return append(append(dst, code...), "\"}\n"...)
	}
	dst = append(append(dst, `,"e164":"`...), n.e164...)
	dst = appendBool(append(dst, `","valid":`...), n.valid)
	dst = appendBool(append(dst, `,"possible":`...), n.possible)
	dst = append(append(dst, `,"type":"`...), n.kind.String()...)
	if len(n.region) == 0 {
		dst = append(dst, `","region_of":null`...)
	} else {
		dst = append(append(append(dst, `","region_of":"`...), n.region...), '"')
	}
	return append(dst, ",\"error\":null}\n"...)
}

func (j *jsonl) hashes(dst []byte, r *row, h *hashed) []byte {
	dst = j.head(dst, r)
	if r.bad != "" || h.code != "" {
		code := badLine
		if r.bad == "" {
			code = h.code
		}
		dst = append(dst, `,"e164":null,"digests":null,"error":"`...)
		return append(append(dst, code...), "\"}\n"...)
	}
	if len(h.e164) == 0 {
		dst = append(dst, `,"e164":null`...)
	} else {
		dst = append(append(append(dst, `,"e164":"`...), h.e164...), '"')
	}
	dst = append(dst, `,"digests":{`...)
	first := true
	for i, text := range h.texts {
		if len(text) == 0 {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = append(append(dst, h.recipes[i].token...), ':')
		dst = appendQuoted(dst, text)
	}
	return append(dst, "},\"error\":null}\n"...)
}

func appendBool(dst []byte, v bool) []byte {
	if v {
		return append(dst, "true"...)
	}
	return append(dst, "false"...)
}
