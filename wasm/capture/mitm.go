package capture

// mitm reads the flows of mitmproxy, versions 0.10 to 21: one tnetstring after
// the other (https://tnetstrings.info), each a dictionary. What changed between
// the versions are names and places of a few of its keys.
type mitm struct {
	r     *Reader
	f     framer
	index int
	bad   bool
}

func newMitm(r *Reader) *mitm {
	r.about.Format = "mitmproxy"
	return &mitm{r: r}
}

// isFlow reports whether p begins with a dictionary in a tnetstring.
func isFlow(p []byte) bool {
	for range 2 {
		n := 0
		for n < len(p) && n < 12 && '0' <= p[n] && p[n] <= '9' {
			n++
		}
		if n == 0 || n >= len(p) || p[n] != ':' {
			return false
		}
		p = p[n+1:]
	}
	return true
}

// maxFlow bounds what of a capture is kept at a time: two bodies and what
// belongs to them.
func (c *mitm) maxFlow() int { return 2*c.r.o.MaxBody + c.r.o.MaxHead }

func (c *mitm) write(p []byte) int {
	if !c.f.take(p, c.size, c.flow) || c.bad {
		c.r.fail(BadCapture, c.f.at)
	}
	return len(p)
}

func (c *mitm) size(p []byte) int {
	size, head, ok := tnetSize(p)
	switch {
	case !ok:
		return -1
	case head == 0:
		return 0
	case size > c.maxFlow():
		b := &c.r.b
		b.reset()
		b.m.Index = c.index
		b.problem(TooLarge)
		c.r.found(&b.m)
		c.index++
		c.f.skip = int64(head) + int64(size) + 1
		return 0
	}
	return head + size + 1
}

// tnetSize reads the size of a tnetstring; head is 0 if that is not all there.
func tnetSize(p []byte) (size, head int, ok bool) {
	for i, c := range p {
		switch {
		case c == ':' && i > 0:
			return size, i + 1, true
		case c < '0' || c > '9' || i > 9:
			return 0, 0, false
		}
		if size > (1<<31-1-9)/10 {
			return 0, 0, false
		}
		size = size*10 + int(c-'0')
	}
	return 0, 0, true
}

// A tnet is a value: its type and what it holds.
type tnet struct {
	kind byte // , bytes; text # integer ^ float ! boolean ~ null ] list } dictionary; 0 none
	data []byte
}

// tnetNext takes a value off p.
func tnetNext(p *[]byte) (t tnet, ok bool) {
	size, head, ok := tnetSize(*p)
	if !ok || head == 0 || size > len(*p)-head-1 {
		return tnet{}, false
	}
	t = tnet{(*p)[head+size], (*p)[head : head+size]}
	*p = (*p)[head+size+1:]
	return t, true
}

// get returns the first of some keys that a dictionary has.
func (t tnet) get(keys ...string) tnet {
	if t.kind != '}' {
		return tnet{}
	}
	for p := t.data; len(p) > 0; {
		k, ok := tnetNext(&p)
		v, also := tnetNext(&p)
		if !ok || !also {
			break
		}
		for _, key := range keys {
			if string(k.data) == key {
				return v
			}
		}
	}
	return tnet{}
}

// at returns an item of a list.
func (t tnet) at(i int) tnet {
	if t.kind != ']' {
		return tnet{}
	}
	for p := t.data; ; i-- {
		v, ok := tnetNext(&p)
		if !ok {
			return tnet{}
		}
		if i == 0 {
			return v
		}
	}
}

// each calls use for the items of a list.
func (t tnet) each(use func(n int, v tnet)) {
	if t.kind != ']' {
		return
	}
	p := t.data
	for n := 0; len(p) > 0; n++ {
		v, ok := tnetNext(&p)
		if !ok {
			return
		}
		use(n, v)
	}
}

func (t tnet) text() []byte {
	if t.kind == ',' || t.kind == ';' {
		return t.data
	}
	return nil
}

func (t tnet) yes() bool { return t.kind == '!' && string(t.data) == "true" }

// flow takes one flow.
func (c *mitm) flow(p []byte) {
	t, ok := tnetNext(&p)
	if !ok || t.kind != '}' {
		c.bad = true
		return
	}
	c.http(t)
	kind := t.get("type").text()
	switch string(kind) {
	case "websocket":
		c.sockets(t.get("messages"), t)
	case "tcp":
		c.messages(t, TCP)
	case "udp":
		c.messages(t, UDP)
	case "dns":
		c.dns(t)
	default:
		if ws := t.get("websocket"); ws.kind == '}' {
			c.sockets(ws.get("messages"), t)
		}
	}
	c.index++
}

// http gives request and response of a flow.
func (c *mitm) http(t tnet) {
	if kind := t.get("type"); kind.kind != 0 && string(kind.data) != "http" {
		return
	}
	req := t.get("request")
	if req.kind != '}' {
		return
	}
	b := &c.r.b
	b.reset()
	b.m.Index = c.index
	b.m.Method = req.get("method").text()
	c.side(req, b)
	c.r.found(&b.m)
	resp := t.get("response")
	if resp.kind != '}' {
		return
	}
	b.response()
	b.m.Status = int(min(max(number(resp.get("status_code", "code").data), 0), 999))
	c.side(resp, b)
	c.r.found(&b.m)
}

// side builds a request or response.
func (c *mitm) side(t tnet, b *builder) {
	if b.m.Direction == Request {
		target := t.get("path").text()
		if string(b.m.Method) == "CONNECT" || len(target) == 0 {
			if a := t.get("authority").text(); len(a) > 0 {
				target = a
			}
		}
		b.target(target)
	}
	b.m.Time = seconds(t.get("timestamp_start").data)
	for _, key := range [2]string{"headers", "trailers"} {
		t.get(key).each(func(_ int, pair tnet) { b.field(pair.at(0).text(), pair.at(1).text()) })
	}
	if b.m.Direction == Request {
		if len(b.m.Host) == 0 {
			if a := t.get("authority").text(); len(a) > 0 {
				b.authority(a)
			} else {
				b.m.Host = t.get("host").text()
			}
		}
		b.hostPart()
	}
	content := t.get("content")
	if content.kind != ',' && content.kind != ';' {
		b.problem(BodyStreamed)
		return
	}
	c.r.body(content.data, nil, false)
	if n := number(b.get("content-length")); n > int64(len(content.data)) && len(b.m.Problems) == 0 &&
		string(b.m.Method) != "HEAD" && b.m.Status != 304 && b.m.Status != 204 {
		b.problem(BodyTruncated)
	}
}

// sockets gives the WebSocket messages of a flow: [opcode, from client, content,
// time, …].
func (c *mitm) sockets(list, flow tnet) {
	req := flow.get("request")
	list.each(func(n int, m tnet) {
		b := c.message(WebSocket, m.at(1).yes(), m.at(3))
		b.m.Method, b.m.Target = req.get("method").text(), req.get("path").text()
		if host := req.get("host").text(); len(host) > 0 {
			b.authority(host)
		} else if a := flow.get("server_conn").get("address"); a.kind != 0 {
			b.m.Host = address(a)
		}
		if content := m.at(2); content.text() != nil {
			b.part(Part{Place: WebSocketMsg, N: n, Bytes: content.data})
		} else {
			b.problem(BodyStreamed)
		}
		c.r.found(&b.m)
	})
}

// address reads the address of a connection: [host, port], in old versions
// inside {"address": …}.
func address(t tnet) []byte {
	if t.kind == '}' {
		t = t.get("address")
	}
	return t.at(0).text()
}

// message starts one that is not HTTP.
func (c *mitm) message(p Protocol, fromClient bool, time tnet) *builder {
	b := &c.r.b
	b.reset()
	b.m.Index, b.m.Protocol, b.m.Time = c.index, p, seconds(time.data)
	if !fromClient {
		b.m.Direction = Response
	}
	return b
}

// messages gives what was body over TCP or in datagrams: [from client, content,
// time].
func (c *mitm) messages(t tnet, p Protocol) {
	host := address(t.get("server_conn").get("address"))
	if p == UDP {
		t.get("messages").each(func(n int, m tnet) {
			b := c.message(p, m.at(0).yes(), m.at(2))
			b.m.InStream, b.m.Host = n, host
			b.part(Part{Place: Body, Bytes: m.at(1).data})
			c.r.found(&b.m)
		})
		return
	}
	// What one side says is one body, however it was cut.
	for side := range 2 {
		var body []byte
		why := OK
		var first tnet
		t.get("messages").each(func(_ int, m tnet) {
			if m.at(0).yes() != (side == 0) {
				return
			}
			if first.kind == 0 {
				first = m.at(2)
			}
			data := m.at(1).data
			if room := c.r.o.MaxBody - len(body); len(data) > room {
				data, why = data[:room], TooLarge
			}
			body = append(body, data...)
		})
		if len(body) == 0 {
			continue
		}
		b := c.message(p, side == 0, first)
		b.m.Host = host
		b.part(Part{Place: Body, Bytes: body})
		b.problem(why)
		if looksRandom(body) {
			b.problem(Encrypted)
		}
		c.r.found(&b.m)
	}
}

// dns gives the names that were asked for, and what the answers hold.
func (c *mitm) dns(t tnet) {
	for side, key := range [2]string{"request", "response"} {
		m := t.get(key)
		if m.kind != '}' {
			continue
		}
		b := c.message(DNS, side == 0, m.get("timestamp"))
		b.m.Host = address(t.get("server_conn").get("address"))
		var lines []byte
		for _, list := range [4]string{"questions", "answers", "authorities", "additionals"} {
			m.get(list).each(func(_ int, record tnet) {
				lines = append(append(lines, record.get("name").data...), '\n')
				if data := record.get("data"); data.kind == ',' {
					lines = append(append(lines, data.data...), '\n')
				}
			})
		}
		b.part(Part{Place: Body, Bytes: lines, Chain: []string{"dns"}})
		c.r.found(&b.m)
	}
}

func (c *mitm) end() bool {
	if len(c.f.buf) > 0 || c.f.skip > 0 {
		c.r.note(Truncated, c.f.at)
	}
	return true
}
