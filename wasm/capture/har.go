package capture

// Nodes of a HAR. A node of a list is followed by that of its items.
const (
	harRoot node = iota + 1
	harLog
	harCreator
	harCreatorName
	harCreatorVersion
	harTweasel
	harEntries
	harEntry
	harStarted
	harServer
	harRequest
	harResponse
	harMethod
	harURL
	harStatus
	harBodySize
	harBodyStatus
	harHeaders
	harCookies
	harQuery
	harTrailers
	harPair      // {"name": …, "value": …}, or [name, value]
	harPairName  // "name", or the first
	harPairValue // "value", or the second
	harNamed     // a value whose key is the name, where headers are an object
	harPost      // postData
	harRawPost   // _content of a request
	harContent   // content
	harText
	harEncoding
	harFile
	harSize
	harMedia
	harParamList
	harParam
	harParamFile
	harParamType
	harSockets
	harSocket
	harSocketType
	harSocketTime
	harSocketCode
	harSocketData
	harSocketEncoding
	chlsHost
	chlsScheme
	chlsPort
	chlsPath
	chlsQuery
	chlsTimes
	chlsStart
	chlsHeader
	chlsSizes
)

// har reads HAR 1.2 and what tools make of it.
type har struct {
	r     *Reader
	j     *json
	entry harMessages
	index int
	side  *harSide
	into  *harBody
	list  *[]Field // where pairs go
	pair  Field
	nth   int // value of a pair that is a list
	param harParams
	size  int // bytes of the entry besides bodies

	at      int64    // in the document
	found   bool     // a list of entries
	charles *chlsj   // not nil if it is Charles's own format
	waiting *harBody // … for the file it names
	started bool     // the entry is complete and is being given
}

// harMessages is what is known of one entry.
type harMessages struct {
	a        arena
	started  int64
	server   []byte
	sides    [2]harSide
	sockets  []harFrame
	overfull bool
}

type harSide struct {
	there           bool
	method, url     []byte
	status          int
	size            int64  // bodySize
	lost            []byte // _requestBodyStatus, _responseBodyStatus
	header, cookies []Field
	query           []Field
	body, raw       harBody // postData or content; _content
}

// harBody is a body as a HAR has it.
type harBody struct {
	there, null bool
	text        []byte
	v           scalar
	size        int64 // content.size, -1 if it does not say
	encoding    []byte
	media       []byte
	file        []byte
	params      []harParams
	why         Reason // why there is no text
}

type harParams struct {
	name, value, file, media []byte
}

type harFrame struct {
	received, null bool
	time           int64
	opcode         int
	data           []byte
	v              scalar
	encoding       []byte
}

func newHAR(r *Reader) *har {
	r.about.Format = "har"
	h := &har{r: r, index: -1}
	h.j = newJSON(h, harRoot, &r.o)
	return h
}

func (h *har) open(n node, array bool) {
	switch n {
	case harTweasel:
		h.j.keepRaw()
	case harEntries:
		h.found = true
	case harEntry:
		h.index++
		h.size, h.started = 0, false
		e := &h.entry
		e.a.reset()
		sockets, sides := e.sockets[:0], e.sides
		*e = harMessages{a: e.a, sockets: sockets}
		for i := range e.sides {
			s := &e.sides[i]
			s.header, s.cookies, s.query = sides[i].header[:0], sides[i].cookies[:0], sides[i].query[:0]
			s.body = harBody{size: -1, text: spare(sides[i].body.text), params: sides[i].body.params[:0]}
			s.raw = harBody{size: -1, text: spare(sides[i].raw.text)}
			s.size = -1
		}
		if h.charles != nil {
			*h.charles = chlsj{}
			h.side = &h.entry.sides[Request]
		}
	case harRequest:
		h.side = &h.entry.sides[Request]
		h.side.there = true
	case harResponse:
		h.side = &h.entry.sides[Response]
		h.side.there = true
	case harHeaders, harTrailers:
		h.list = &h.side.header
	case harCookies:
		h.list = &h.side.cookies
	case harQuery:
		h.list = &h.side.query
	case harPair:
		h.pair, h.nth = Field{}, 0
	case harPost, harContent:
		h.into = &h.side.body
		h.into.there = true
	case harRawPost:
		h.into = &h.side.raw
		h.into.there = true
	case harParam:
		h.param = harParams{}
	case harSocket:
		h.entry.sockets = append(h.entry.sockets, harFrame{})
	}
}

// spare keeps the memory of a text for the next, unless it is large.
func spare(text []byte) []byte {
	if cap(text) > 4<<20 {
		return nil
	}
	return text[:0]
}

func (h *har) close(n node) (wait bool) {
	switch n {
	case harTweasel:
		if len(h.j.raw) < h.j.rawLimit { // or it was cut
			h.r.about.Tweasel = append([]byte(nil), h.j.raw...)
		}
	case harCreator:
		h.r.about.Creator = string(trim([]byte(h.r.about.Creator)))
	case harPair:
		if h.pair.Name != nil || h.pair.Value != nil {
			*h.list = append(*h.list, h.pair)
		}
	case harParam:
		h.into.params = append(h.into.params, h.param)
	case harEntry:
		if h.charles != nil {
			h.charlesURL()
		}
		return h.finish()
	}
	return false
}

// keep copies a value of the entry that is no body.
func (h *har) keep(p []byte) []byte {
	if h.size += len(p); h.size > h.r.o.MaxHead {
		h.entry.overfull = true
		p = p[:max(len(p)-(h.size-h.r.o.MaxHead), 0)]
		h.size = h.r.o.MaxHead
	}
	return h.entry.a.copy(p)
}

func (h *har) scalar(n node, text []byte, v scalar) {
	switch n {
	case harCreatorName:
		h.r.about.Creator = string(text) + " " + h.r.about.Creator
	case harCreatorVersion:
		h.r.about.Creator += string(text)
	case harStarted:
		h.entry.started = timestamp(text)
		if !v.quoted {
			h.entry.started = number(text) * 1e6 // milliseconds
		}
	case harServer:
		h.entry.server = h.keep(text)
	case harMethod:
		h.side.method = h.keep(text)
	case harURL:
		h.side.url = h.keep(text)
	case harStatus:
		h.side.status = int(min(max(number(text), 0), 999))
	case harBodySize:
		h.side.size = number(text)
	case harBodyStatus:
		if v.quoted {
			h.side.lost = h.keep(text)
		}
	case harNamed:
		if !v.null(text) {
			h.pair.Value = h.keep(text)
			*h.list = append(*h.list, h.pair)
		}
	case harPairName:
		if h.into != nil && h.j.nodes[len(h.j.nodes)-1] == harParam {
			h.param.name = h.keep(text)
		} else {
			h.pair.Name = h.keep(text)
		}
	case harPairValue:
		if v.null(text) {
			break
		}
		if h.j.nodes[len(h.j.nodes)-1] == harParam {
			h.param.value = append([]byte{}, text...) // can be large
		} else {
			h.pair.Value = h.keep(text)
		}
	case harParamFile:
		if v.quoted {
			h.param.file = h.keep(text)
		}
	case harParamType:
		h.param.media = h.keep(text)
	case harPost, harRawPost, harContent:
		if n != harContent && v.null(text) {
			break // no body
		}
	case harText:
		h.into.v, h.into.null = v, v.null(text)
		// The text is taken, not copied: it may be large.
		h.into.text, h.j.word = h.j.word, h.into.text[:0]
		if h.into.null {
			h.into.text = h.into.text[:0]
		}
	case harEncoding:
		if v.quoted {
			h.into.encoding = h.keep(text)
		}
	case harFile:
		if v.quoted {
			h.into.file = h.keep(text)
		}
	case harSize:
		h.into.size = number(text)
	case harMedia:
		if v.quoted {
			h.into.media = h.keep(text)
		}
	}
	if n >= chlsHost {
		h.charlesScalar(n, text, v)
		return
	}
	if n < harSocketType || len(h.entry.sockets) == 0 {
		return
	}
	f := &h.entry.sockets[len(h.entry.sockets)-1]
	switch n {
	case harSocketType:
		f.received = len(text) > 0 && (startsFold(text, "rec") || startsFold(text, "in") || equalFold(text, "server") || equalFold(text, "response"))
	case harSocketTime:
		f.time = seconds(text)
		if v.quoted {
			f.time = timestamp(text)
		}
	case harSocketCode:
		f.opcode = int(min(max(number(text), 0), 15))
	case harSocketData:
		f.null, f.v = v.null(text), v
		f.data = append([]byte{}, text...)
	case harSocketEncoding:
		if v.quoted {
			f.encoding = h.keep(text)
		}
	}
}

func (h *har) write(p []byte) int {
	if h.started && !h.give() {
		return 0
	}
	n, why := h.j.write(p)
	h.at += int64(n)
	if why != OK {
		h.stop(why)
	}
	return n
}

// stop gives what is known of the entry that was being read, and ends.
func (h *har) stop(why Reason) {
	if h.index >= 0 && len(h.j.nodes) > 2 && h.inEntry() {
		h.messages(Truncated)
	}
	h.r.fail(why, h.at)
}

func (h *har) inEntry() bool {
	for _, n := range h.j.nodes {
		if n == harEntry {
			return true
		}
	}
	return false
}

func (h *har) end() bool {
	if h.started && !h.give() {
		return false
	}
	if !h.j.end() {
		h.stop(Truncated)
	} else if !h.found && h.charles == nil {
		h.r.note(BadCapture, h.at)
	}
	return true
}
