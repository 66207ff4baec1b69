package audit

import "sealbook/wasm/capture/unpack"

// zip looks at the members of a zip archive (PKWARE APPNOTE 4.3), by their local
// headers, so that one that is cut is read too.
func (s *scan) zip(l *layer) bool {
	p := l.p
	for at := 0; at+30 <= len(p) && hasPrefix(p[at:], "PK\x03\x04"); {
		flags, method := little16(p[at+6:]), little16(p[at+8:])
		size := int(little16(p[at+18:])) | int(little16(p[at+20:]))<<16
		data := at + 30 + int(little16(p[at+26:])) + int(little16(p[at+28:]))
		if data > len(p) {
			if !l.guess {
				s.trouble(Broken)
			}
			return true
		}
		name := p[at+30 : at+30+int(little16(p[at+26:]))]
		s.look(s.child(l, "zip", within, span{at + 30, data}, name))
		if flags&1 != 0 {
			if !l.guess {
				s.trouble("PASSWORD")
			}
			return true
		}
		body := p[data:]
		if flags&8 == 0 && size <= len(body) {
			body = body[:size]
		}
		switch method {
		case 0:
			if flags&8 != 0 { // the size follows
				end := index(body, "PK\x07\x08", 0)
				if end < 0 {
					end = len(body)
				}
				body = body[:end]
			}
			s.look(s.child(l, "zip", within, span{data, data + len(body)}, body))
			at = data + len(body)
		case 8:
			out, used, err := s.stream.All(s.buffer(l.depth+1), unpack.Raw, body, s.room())
			s.buffers[l.depth+1] = out
			if err != nil && !l.guess {
				s.trouble(Broken)
			}
			c := s.child(l, "zip", boxed, span{data, data + used}, out)
			c.cut = l.cut || err != nil
			s.look(c)
			if err != nil {
				return true
			}
			at = data + used
		default:
			if !l.guess {
				s.trouble("UNKNOWN_ENCODING")
			}
			if flags&8 != 0 {
				return true
			}
			at = data + len(body)
		}
		if flags&8 != 0 { // a data descriptor, with its signature or without
			if hasPrefix(p[at:], "PK\x07\x08") {
				at += 4
			}
			at += 12
		}
		if at > len(p) {
			break
		}
	}
	return true
}

func little16(p []byte) uint16 { return uint16(p[0]) | uint16(p[1])<<8 }
