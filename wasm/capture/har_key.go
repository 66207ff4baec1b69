package capture

func (h *har) child(parent node, key []byte) node {
	if h.charles != nil {
		if n, ok := h.charlesChild(parent, key); ok {
			return n
		}
	}
	switch parent {
	case harRoot:
		if view(key) == "log" {
			return harLog
		}
	case harLog:
		switch view(key) {
		case "entries":
			return harEntries
		case "creator":
			return harCreator
		case "_tweasel":
			return harTweasel
		}
	case harCreator:
		switch view(key) {
		case "name":
			return harCreatorName
		case "version":
			return harCreatorVersion
		}
	case harEntries:
		if key == nil {
			return harEntry
		}
	case harEntry:
		switch view(key) {
		case "startedDateTime":
			return harStarted
		case "serverIPAddress":
			return harServer
		case "request":
			return harRequest
		case "response":
			return harResponse
		case "_webSocketMessages", "webSocketMessages":
			return harSockets
		case "_requestBodyStatus":
			h.side = &h.entry.sides[Request]
			return harBodyStatus
		case "_responseBodyStatus":
			h.side = &h.entry.sides[Response]
			return harBodyStatus
		}
	case harRequest, harResponse:
		return h.member(parent == harRequest, key)
	case harHeaders, harCookies, harQuery, harTrailers:
		if key == nil {
			return harPair
		}
		h.pair.Name = h.keep(key)
		return harNamed
	case harPair:
		if key == nil {
			if h.nth++; h.nth == 1 {
				return harPairName
			}
			return harPairValue
		}
		switch view(key) {
		case "name":
			return harPairName
		case "value":
			return harPairValue
		}
	case harPost, harRawPost, harContent:
		switch view(key) {
		case "text":
			return harText
		case "encoding":
			return harEncoding
		case "_file":
			return harFile
		case "size":
			return harSize
		case "mimeType":
			return harMedia
		case "params":
			return harParamList
		}
	case harParamList:
		return harParam
	case harParam:
		switch view(key) {
		case "name":
			return harPairName
		case "value":
			return harPairValue
		case "fileName":
			return harParamFile
		case "contentType":
			return harParamType
		}
	case harSockets:
		return harSocket
	case harSocket:
		switch view(key) {
		case "type":
			return harSocketType
		case "time":
			return harSocketTime
		case "opcode":
			return harSocketCode
		case "data":
			return harSocketData
		case "encoding":
			return harSocketEncoding
		}
	}
	return skip
}

// member is a member of request or response.
func (h *har) member(request bool, key []byte) node {
	switch view(key) {
	case "method":
		return harMethod
	case "url":
		return harURL
	case "status":
		return harStatus
	case "bodySize":
		return harBodySize
	case "headers":
		return harHeaders
	case "cookies":
		return harCookies
	case "queryString":
		return harQuery
	case "_trailers":
		return harTrailers
	case "_requestBodyStatus", "_responseBodyStatus":
		return harBodyStatus
	case "postData":
		return harPost
	case "_content":
		return harRawPost
	case "content":
		if request {
			return harRawPost
		}
		return harContent
	case "_webSocketMessages":
		return harSockets
	}
	return skip
}
