package capture

import (
	"unicode/utf8"

	"sealbook/wasm/capture/unpack"
)

// body adds a body to the message that is being built: what is left of p when
// the encodings that the header states have been taken off, in pieces where it
// is multipart or gRPC. chain names what was taken off before.
//
// stored tells that the capture may hold the body decoded though the header
// says otherwise, as HARs do: then an encoding is taken off only where it is
// there.
func (r *Reader) body(p []byte, chain []string, stored bool) {
	b := &r.b
	if len(p) == 0 {
		return
	}
	if len(p) > r.o.MaxBody {
		p = p[:r.o.MaxBody]
		b.problem(TooLarge)
	}
	for encodings := b.get("content-encoding"); len(encodings) > 0; {
		// The last was applied last.
		i := len(encodings)
		for i > 0 && encodings[i-1] != ',' {
			i--
		}
		name := trim(encodings[i:])
		encodings = encodings[:max(i-1, 0)]
		out, known, why := r.decode(name, p, stored)
		if known == "" {
			if why != OK {
				b.problem(why)
				break
			}
			continue
		}
		b.problem(why)
		if len(out) > 0 || why == OK {
			chain = append(chain[:len(chain):len(chain)], known)
			p = out
		}
		if why != OK {
			break
		}
	}
	mediaType := b.get("content-type")
	switch {
	case startsFold(mediaType, "multipart/"):
		r.multipart(p, mediaType, chain, 0)
	case startsFold(mediaType, "application/grpc") && !startsFold(mediaType, "application/grpc-web-text"):
		r.grpc(p, mediaType, chain)
	default:
		b.part(Part{Place: Body, Bytes: p, Chain: chain, Type: mediaType})
	}
}

// decode takes one Content-Encoding off. known is its name in a chain, "" if p
// stays as it is.
func (r *Reader) decode(name, p []byte, stored bool) (out []byte, known string, why Reason) {
	switch {
	case len(name) == 0, equalFold(name, "identity"), equalFold(name, "none"), equalFold(name, "utf-8"), equalFold(name, "aws-chunked"):
		return nil, "", OK
	case equalFold(name, "gzip"), equalFold(name, "x-gzip"):
		if stored && !(len(p) > 2 && p[0] == 0x1f && p[1] == 0x8b) {
			return nil, "", OK
		}
		known = "gzip"
	case equalFold(name, "deflate"):
		if stored && !isZlib(p) {
			return nil, "", OK
		}
		known = "deflate"
	case equalFold(name, "zstd"):
		if stored && !(len(p) > 4 && p[0] == 0x28 && p[1] == 0xb5 && p[2] == 0x2f && p[3] == 0xfd) {
			return nil, "", OK
		}
		known = "zstd"
	case equalFold(name, "br"):
		if stored && utf8.Valid(p) {
			return nil, "", OK
		}
		known = "br"
	case stored && (equalFold(name, "dcb") || equalFold(name, "dcz")) && utf8.Valid(p):
		return nil, "", OK // browsers read these (RFC 9842) and store what comes of them
	default:
		return nil, "", UnknownEncoding
	}
	out, why = r.unpack(known, p)
	if stored && known == "br" && why == BrokenEncoding {
		return nil, "", OK // an image, say, that was decoded before it was stored
	}
	return out, known, why
}

// unpack undoes a compression within the limits.
func (r *Reader) unpack(name string, p []byte) (out []byte, why Reason) {
	limit := r.o.MaxBody
	left := r.o.MaxUnpacked + 64*r.at - r.unpacked
	if left < int64(limit) {
		limit = max(int(left), 0)
	}
	var err error
	switch name {
	case "gzip":
		out, _, err = r.stream.All(nil, unpack.Gzip, p, limit)
	case "deflate": // zlib by RFC 9110, raw by some servers
		kind := unpack.Raw
		if isZlib(p) {
			kind = unpack.Zlib
		}
		out, _, err = r.stream.All(nil, kind, p, limit)
	case "br":
		out, err = unpack.Brotli(nil, p, limit)
	case "zstd":
		out, err = unpack.Zstd(nil, p, limit)
	}
	r.unpacked += int64(len(out))
	switch {
	case err == nil:
		return out, OK
	case err != error(unpack.Large):
		return out, BrokenEncoding
	case limit < r.o.MaxBody:
		return out, UnpacksTooLarge
	}
	return out, TooLarge
}

// isZlib reports whether p begins as RFC 1950 has it.
func isZlib(p []byte) bool {
	return len(p) > 2 && p[0]&15 == 8 && p[0]>>4 <= 7 && (int(p[0])<<8|int(p[1]))%31 == 0 && p[1]&0x20 == 0
}

const (
	maxParts = 4096 // body parts that are told apart; the rest is one
	maxMixed = 4    // multipart inside multipart
)

// multipart adds the parts of a body, RFC 2046 and 7578.
func (r *Reader) multipart(p, mediaType []byte, chain []string, depth int) {
	b := &r.b
	boundary := parameter(mediaType, "boundary")
	if len(boundary) == 0 && hasPrefix(p, "--") { // as the body itself has it
		if i := indexAny(p, "\r\n"); i > 2 {
			boundary = p[2:i]
		}
	}
	delimiter := append([]byte("--"), boundary...)
	at := index(p, delimiter)
	if len(boundary) == 0 || at < 0 {
		b.part(Part{Place: Body, Bytes: p, Chain: chain, Type: mediaType})
		if len(boundary) > 0 {
			b.problem(Malformed)
		}
		return
	}
	if at > 2 {
		b.part(Part{Place: Body, Bytes: p[:at], Chain: chain})
	}
	chain = append(chain[:len(chain):len(chain)], "multipart")
	p = p[at+len(delimiter):]
	for n := 0; ; n++ {
		if hasPrefix(p, "--") {
			if p = trim(p[2:]); len(p) > 0 {
				b.part(Part{Place: Body, Bytes: p, Chain: chain})
			}
			return
		}
		end := -1
		if n < maxParts {
			end = index(p, delimiter)
		}
		piece := p
		if end < 0 {
			b.problem(BodyTruncated)
		} else {
			piece, p = p[:end], p[end+len(delimiter):]
		}
		r.bodyPart(piece, chain, n, depth)
		if end < 0 {
			return
		}
	}
}

// bodyPart adds what stands between two boundaries.
func (r *Reader) bodyPart(p []byte, chain []string, n, depth int) {
	b := &r.b
	if hasPrefix(p, "\r\n") {
		p = p[2:]
	} else if hasPrefix(p, "\n") {
		p = p[1:]
	}
	if size := len(p); size > 0 && p[size-1] == '\n' {
		if p = p[:size-1]; size > 1 && p[size-2] == '\r' {
			p = p[:size-2]
		}
	}
	var name, mediaType, filename, extended, encoding []byte
	for {
		line := p
		if i := indexByte(p, '\n'); i >= 0 {
			line, p = p[:i], p[i+1:]
		} else {
			p = nil
		}
		if line = trim(line); len(line) == 0 {
			break
		}
		colon := indexByte(line, ':')
		if colon < 0 {
			continue
		}
		switch key, value := trim(line[:colon]), trim(line[colon+1:]); {
		case equalFold(key, "content-disposition"):
			name, filename = parameter(value, "name"), parameter(value, "filename")
			extended = parameter(value, "filename*")
		case equalFold(key, "content-type"):
			mediaType = value
		case equalFold(key, "content-transfer-encoding"):
			encoding = value
		case equalFold(key, "content-id") && name == nil:
			name = value
		}
	}
	if name == nil {
		name = decimal(nil, n)
	}
	for range 2 { // RFC 8187: charset'language'value
		if i := indexByte(extended, '\''); i >= 0 {
			extended = extended[i+1:]
		}
	}
	for _, file := range [2][]byte{filename, extended} {
		if len(file) >= 7 {
			b.part(Part{Place: BodyPart, Name: name, Bytes: file, Chain: chain})
		}
	}
	if telling(name) {
		b.part(Part{Place: BodyPart, Name: name, Bytes: name, Chain: chain})
	}
	switch { // RFC 2045 section 6; what does not decode stays as it is
	case equalFold(encoding, "base64"):
		if out, ok := base64(append([]byte(nil), p...)); ok {
			p, chain = out, append(chain[:len(chain):len(chain)], "base64")
		}
	case equalFold(encoding, "quoted-printable"):
		if out, ok := quotedPrintable(p); ok {
			p, chain = out, append(chain[:len(chain):len(chain)], "quoted-printable")
		}
	}
	if startsFold(mediaType, "multipart/") && depth < maxMixed {
		r.multipart(p, mediaType, chain, depth+1)
		return
	}
	if len(p) > 0 {
		b.part(Part{Place: BodyPart, Name: name, Bytes: p, Chain: chain, Type: mediaType})
	}
}

// grpc adds the messages of a gRPC body: a flag, four bytes of length, data.
func (r *Reader) grpc(p, mediaType []byte, chain []string) {
	b := &r.b
	chain = append(chain[:len(chain):len(chain)], "grpc")
	for n := 0; len(p) > 0; n++ {
		size := uint64(0)
		if len(p) >= 5 {
			size = uint64(p[1])<<24 | uint64(p[2])<<16 | uint64(p[3])<<8 | uint64(p[4])
		}
		if len(p) < 5 || size > uint64(len(p)-5) || n == maxParts || p[0]&0x7e != 0 {
			b.part(Part{Place: Body, Bytes: p, Chain: chain, Type: mediaType})
			b.problem(BodyTruncated)
			return
		}
		packed, data := p[0]&1 == 1, p[5:5+size]
		p = p[5+size:]
		on := chain
		if packed {
			encoding := b.get("grpc-encoding")
			out, known, why := r.decode(encoding, data, false)
			if known == "" && why == OK {
				why = UnknownEncoding
			}
			b.problem(why)
			if len(out) > 0 {
				data, on = out, append(chain[:len(chain):len(chain)], known)
			}
		}
		if len(data) > 0 {
			b.part(Part{Place: Body, Bytes: data, Chain: on, Type: mediaType})
		}
	}
}

// startsFold compares the start of p with s, which is in lower case, without
// regard to case.
func startsFold(p []byte, s string) bool { return len(p) >= len(s) && equalFold(p[:len(s)], s) }
