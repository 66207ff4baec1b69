package capture

// Charles's JSON session format: a list of entries much like those of a HAR,
// with the URL in pieces. The reader of HAR does the rest.

type chlsj struct {
	scheme, host, path, query []byte
	port                      int64
}

func newChlsj(r *Reader) *har {
	h := newHAR(r)
	r.about.Format = "chlsj"
	h.charles = new(chlsj)
	return h
}

// looksChlsj reports whether the start of a list has what entries have.
func looksChlsj(p []byte) bool {
	return index(p, `"protocolVersion"`) >= 0 && index(p, `"host"`) >= 0 && index(p, `"method"`) >= 0
}

// charlesChild names what a HAR has in another place or not at all.
func (h *har) charlesChild(parent node, key []byte) (n node, ok bool) {
	switch parent {
	case harRoot:
		if key == nil {
			return harEntry, true
		}
	case harEntry:
		switch view(key) {
		case "method":
			return harMethod, true
		case "scheme":
			return chlsScheme, true
		case "host":
			return chlsHost, true
		case "port", "actualPort":
			return chlsPort, true
		case "path":
			return chlsPath, true
		case "query":
			return chlsQuery, true
		case "times":
			return chlsTimes, true
		}
		return skip, false
	case chlsTimes:
		if view(key) == "start" || view(key) == "requestBegin" {
			return chlsStart, true
		}
		return skip, true
	case harRequest, harResponse:
		switch view(key) {
		case "header", "trailer":
			return chlsHeader, true
		case "sizes":
			return chlsSizes, true
		case "mimeType":
			return skip, true
		case "body":
			if parent == harRequest {
				return harPost, true
			}
			return harContent, true
		}
	case chlsHeader:
		if view(key) == "headers" {
			return harHeaders, true
		}
		return skip, true
	case chlsSizes:
		if view(key) == "body" {
			return harBodySize, true
		}
		return skip, true
	case harPost, harContent:
		if view(key) == "encoded" {
			return harText, true
		}
	}
	return skip, false
}

func (h *har) charlesScalar(n node, text []byte, v scalar) {
	c := h.charles
	if !v.quoted && n != chlsPort {
		return
	}
	switch n {
	case chlsScheme:
		c.scheme = h.keep(text)
	case chlsHost:
		c.host = h.keep(text)
	case chlsPort:
		if p := number(text); p > 0 {
			c.port = p
		}
	case chlsPath:
		c.path = h.keep(text)
	case chlsQuery:
		c.query = h.keep(text)
	case chlsStart:
		if t := timestamp(text); h.entry.started == 0 {
			h.entry.started = t
		}
	}
}

// charlesURL puts the URL together.
func (h *har) charlesURL() {
	c := h.charles
	url := append(append([]byte{}, c.scheme...), "://"...)
	url = append(url, c.host...)
	if usual := string(c.scheme) == "https" && c.port == 443 || string(c.scheme) == "http" && c.port == 80; c.port > 0 && !usual {
		url = decimal(append(url, ':'), int(c.port))
	}
	url = append(url, c.path...)
	if len(c.query) > 0 {
		url = append(append(url, '?'), c.query...)
	}
	h.entry.sides[Request].url = url
}
