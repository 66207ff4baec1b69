package capture

// finish is called at the end of an entry. It reports whether reading has to
// wait for a file that holds a body.
func (h *har) finish() (wait bool) {
	h.started = true
	return !h.give()
}

// give asks for the files that bodies of the entry lie in, one after the other,
// and then gives its messages. It reports whether that is done.
func (h *har) give() bool {
	if h.waiting != nil {
		return false
	}
	for i := range h.entry.sides {
		s := &h.entry.sides[i]
		for _, b := range []*harBody{&s.body, &s.raw} {
			if len(b.file) == 0 || len(b.text) > 0 {
				continue
			}
			name := string(b.file)
			if !inside(b.file) {
				b.why = FileOutside
			} else {
				h.waiting = b
				h.r.ask(name, func(data []byte, why Reason) {
					h.waiting = nil
					b.text = append(b.text[:0], data...)
					b.why, b.null, b.encoding, b.v = why, false, nil, scalar{}
				})
			}
			b.file = nil
			if h.waiting != nil {
				return false
			}
		}
	}
	h.started = false
	h.messages(OK)
	return true
}

// messages gives the messages of an entry. why is not OK if the entry broke off.
func (h *har) messages(why Reason) {
	e, r, b := &h.entry, h.r, &h.r.b
	req, resp := &e.sides[Request], &e.sides[Response]
	b.reset()
	b.m.Index, b.m.Time = h.index, e.started
	b.m.Method = req.method
	b.target(req.url)
	if indexByte(req.url, '?') < 0 {
		for _, f := range req.query {
			b.recorded(Query, f)
		}
	}
	h.header(req)
	if len(b.m.Host) == 0 {
		b.m.Host = e.server
	}
	b.hostPart()
	h.body(req, Request)
	if e.overfull {
		b.problem(TooLarge)
	}
	b.problem(why)
	r.found(&b.m)

	if resp.there && (resp.status != 0 || len(resp.header) > 0 || len(resp.body.text) > 0) {
		b.response()
		b.m.Status = resp.status
		h.header(resp)
		h.body(resp, Response)
		b.problem(why)
		r.found(&b.m)
	}
	for i := range e.sockets {
		h.frame(i, &e.sockets[i])
	}
}

// recorded adds a parameter or cookie that the recorder has taken apart.
func (b *builder) recorded(place Place, f Field) {
	if len(f.Value) > 0 {
		b.part(Part{Place: place, Name: f.Name, Bytes: f.Value})
	}
	if telling(f.Name) {
		b.part(Part{Place: place, Name: f.Name, Bytes: f.Name})
	}
}

func (h *har) header(s *harSide) {
	b := &h.r.b
	for _, f := range s.header {
		b.field(f.Name, f.Value)
	}
	if b.get("cookie") == nil && b.get("set-cookie") == nil {
		for _, f := range s.cookies {
			b.recorded(Cookie, f)
		}
	}
}

// body adds the body of one side, or says why it is not there.
func (h *har) body(s *harSide, d Direction) {
	r, b := h.r, &h.r.b
	body := &s.body
	if len(body.text) == 0 && s.raw.there {
		body = &s.raw
	}
	if b.get("content-type") == nil && len(body.media) > 0 {
		// Where there is no header the type is known all the same.
		b.m.Header = append(b.m.Header, Field{[]byte("Content-Type"), body.media})
		defer func() { b.m.Header = b.m.Header[:len(b.m.Header)-1] }()
	}
	stated := s.size
	if n := number(b.get("content-length")); n > stated {
		stated = n
	}
	encoded := encodes(b.get("content-encoding"))
	if d == Response {
		if string(b.m.Method) == "HEAD" || b.m.Status == 204 || b.m.Status == 304 {
			stated = 0
		}
		if body.size >= 0 { // of the decoded body, whatever was sent
			stated, encoded = body.size, false
		}
	} else if body.size > stated {
		stated = body.size
	}
	if body.v.cut {
		b.problem(TooLarge)
	}
	b.problem(body.why)
	if startsFold(s.lost, "discarded") && (len(body.text) == 0 || hasPrefix(s.lost, "discarded:not-decodable")) {
		b.problem(BodyDiscarded)
	}
	text := body.text
	if len(text) == 0 {
		if len(body.params) > 0 {
			h.params(body)
			return
		}
		// Some say with a null that nothing was sent.
		none := bodiless(b.m.Method)
		if d == Response {
			none = stated == 0 && !streams(h.r.about.Creator)
		}
		if len(b.m.Problems) == 0 && (stated > 0 || body.null && !none) {
			b.problem(BodyMissing)
		}
		return
	}
	switch enc := body.encoding; {
	case len(enc) == 0, equalFold(enc, "utf-8"), equalFold(enc, "utf8"), equalFold(enc, "none"), equalFold(enc, "plain"), equalFold(enc, "text"), equalFold(enc, "identity"):
		if body.v.high && !body.v.escaped {
			if replaced(text) {
				b.problem(BodyReplaced)
			}
			size := stated
			if encoded {
				size = -1
			}
			text = wireBytes(text, b.get("content-type"), size)
		}
	case equalFold(enc, "base64"):
		var ok bool
		if text, ok = base64(text); !ok {
			b.problem(BrokenEncoding)
		}
	default:
		b.problem(UnknownEncoding)
	}
	wide := startsFold(parameter(b.get("content-type"), "charset"), "utf-16") || startsFold(parameter(b.get("content-type"), "charset"), "utf-32")
	if !encoded && !wide && !chunked(b.get("transfer-encoding")) && int64(len(text)) < stated && len(b.m.Problems) == 0 {
		b.problem(BodyTruncated)
	}
	r.body(text, nil, true)
}

// params adds the fields of a form that were recorded without its text.
func (h *har) params(body *harBody) {
	b := &h.r.b
	multi := startsFold(b.get("content-type"), "multipart/")
	chain := []string{"form"}
	if multi {
		chain[0] = "multipart"
	}
	for i := range body.params {
		p := &body.params[i]
		if len(p.value) > 0 {
			b.part(Part{Place: BodyPart, Name: p.name, Bytes: p.value, Chain: chain, Type: p.media})
			if replaced(p.value) {
				b.problem(BodyReplaced)
			}
		} else if len(p.file) > 0 {
			b.problem(BodyMissing) // a file that was uploaded and not recorded
		}
		if len(p.file) >= 7 {
			b.part(Part{Place: BodyPart, Name: p.name, Bytes: p.file, Chain: chain})
		}
		if telling(p.name) {
			b.part(Part{Place: BodyPart, Name: p.name, Bytes: p.name, Chain: chain})
		}
	}
}

// frame gives one WebSocket message.
func (h *har) frame(n int, f *harFrame) {
	b := &h.r.b
	b.response()
	b.m.Protocol, b.m.Direction, b.m.Status = WebSocket, Request, 0
	if f.received {
		b.m.Direction = Response
	}
	if f.time != 0 {
		b.m.Time = f.time
	}
	data := f.data
	switch {
	case f.null:
		b.problem(BodyMissing)
		data = nil
	case equalFold(f.encoding, "base64"):
		var ok bool
		if data, ok = base64(data); !ok {
			b.problem(BrokenEncoding)
		}
	case f.opcode == 2 && len(f.encoding) == 0 && isBase64(data):
		data, _ = base64(data) // Chrome and mitmproxy do not say so
	case f.v.high && !f.v.escaped:
		if replaced(data) {
			b.problem(BodyReplaced)
		}
		if f.opcode != 1 {
			data = wireBytes(data, nil, -1)
		}
	}
	if f.v.cut {
		b.problem(TooLarge)
	}
	b.part(Part{Place: WebSocketMsg, N: n, Bytes: data})
	h.r.found(&b.m)
}

// encodes reports whether a Content-Encoding changes the size of a body.
func encodes(value []byte) bool {
	return len(trim(value)) > 0 && !equalFold(trim(value), "identity")
}

// chunked reports whether a Transfer-Encoding is chunked at the end.
func chunked(value []byte) bool {
	const last = "chunked"
	value = trim(value)
	return len(value) >= len(last) && equalFold(value[len(value)-len(last):], last)
}

// bodiless reports whether requests of this method usually have no body.
func bodiless(method []byte) bool {
	switch string(method) {
	case "GET", "HEAD", "OPTIONS", "CONNECT", "TRACE", "":
		return true
	}
	return false
}

// streams reports whether a recorder states size 0 for bodies that it passed on
// without storing them.
func streams(creator string) bool { return index([]byte(creator), "mitmproxy") >= 0 }
