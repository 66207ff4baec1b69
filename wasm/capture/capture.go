// Package capture reads recordings of network traffic and gives back what was
// sent and received as messages with located parts. Package audit looks for
// contacts in them.
//
// It reads what proxies, browsers and phones record:
//
//   - HAR 1.2 as tools really write it, alone or as .har.zip with bodies in
//     members, and Charles .chlsj
//   - mitmproxy flows, versions 0.10 to 21
//   - pcap and pcapng, with IP, TCP, HTTP/1.1, HTTP/2, WebSocket and gRPC; TLS 1.2
//     and 1.3 where a key log is inside, beside it or given
//   - Burp XML, Fiddler SAZ
//   - anything else as one raw body
//
// and any of these inside gzip or zlib.
//
// A [Reader] does no input or output of its own, so that the same code runs in
// auditor.wasm, which cannot call anybody. It says which bytes of which file it
// wants and is given them; messages come out by a callback meanwhile:
//
//	r := capture.NewReader(capture.Options{}, func(m *capture.Message) { … })
//	r.Begin("app.har", size)
//	for {
//		name, offset, more := r.Want()
//		if !more {
//			break
//		}
//		switch n, err := read(name, buf, offset); {
//		case n > 0:
//			r.Feed(buf[:n])
//		case err == io.EOF:
//			r.End()
//		default:
//			r.Missing()
//		}
//	}
//
// How the input is cut never changes what comes out. Package capture/file does
// this for programs that have files.
//
// Nothing is lost in silence. A body that was not recorded, was cut short or
// cannot be decoded is a [Problem] of its message, with a stable [Reason], and
// what there is of it is among the parts all the same. A capture with a problem
// is never "clean".
package capture

// Direction of a message.
type Direction uint8

const (
	Request  Direction = iota // from the client, the app or browser
	Response                  // from the server
)

// String gives "request" or "response".
func (d Direction) String() string {
	if d == Response {
		return "response"
	}
	return "request"
}

// Protocol is what a message was found in.
type Protocol uint8

const (
	HTTP Protocol = iota
	WebSocket
	TCP // bytes of a connection that is none of the protocols here
	UDP
	DNS
	Raw // a file that is no capture: one body, taken for a request
)

var protocolNames = [...]string{"http", "websocket", "tcp", "udp", "dns", "raw"}

// String gives "http", "websocket", "tcp", "udp", "dns" or "raw".
func (p Protocol) String() string { return protocolNames[p] }

// A Message is one HTTP request or response, one WebSocket message, or what one
// side of another connection said. All its slices hold until the callback
// returns: copy what is to stay.
type Message struct {
	// Index counts from 0: the HAR or chlsj entry, the Burp item, the SAZ
	// session − 1, the mitmproxy flow of any type, the TCP connection of a
	// pcap in order of its first packet (UDP is counted apart). It is -1 for a
	// problem that belongs to no message.
	Index int
	// InStream counts the exchanges of one TCP connection from 0; elsewhere it
	// is 0. A response has the number of its request.
	InStream int

	Direction Direction
	Protocol  Protocol
	Time      int64 // of the first byte: nanoseconds since 1970, 0 if unknown

	// Of a response and of WebSocket messages these are the request's.
	Method []byte  // "GET"; empty if unknown
	Host   []byte  // in lower case without port where it is a name or address; empty if unknown
	Target []byte  // the URL or request target, as recorded
	Status int     // of a response, 0 if unknown or a request
	Header []Field // in order, as recorded; pseudo headers of HTTP/2 are not among them

	Parts    []Part
	Problems []Problem
}

// A Field of a header, as recorded.
type Field struct{ Name, Value []byte }

// Place says what of a message a [Part] is.
type Place uint8

const (
	Path         Place = iota // of the target, without query; percent escapes as they are
	Query                     // the value of one parameter; escapes as they are
	Fragment                  // behind '#': recorded, though no browser sends it
	Header                    // the value of one field that is no cookie
	Cookie                    // the value of one cookie
	Body                      // the whole body, if it is not multipart
	BodyPart                  // one part of a multipart body, or one recorded form field
	WebSocketMsg              // one WebSocket message
)

var placeNames = [...]string{"path", "query", "fragment", "header", "cookie", "body", "part", "websocket"}

// A Part is a piece of a message in which something can be found.
type Part struct {
	Place Place
	Name  []byte // of a parameter, field, cookie or body part, percent-decoded
	N     int    // of a WebSocketMsg: counts the messages of its connection from 0
	Bytes []byte
	// Chain names what was taken off already, from the outside in: "chunked",
	// "gzip", "deflate", "br", "zstd", "multipart", "permessage-deflate",
	// "grpc". How the capture itself wrote the bytes (such as base64 in a HAR)
	// is no part of it.
	Chain []string
	Type  []byte // media type of a body or body part as stated, such as "application/json; charset=utf-8"
}

// Location gives "path", "query:NAME", "fragment", "header:NAME", "cookie:NAME",
// "body", "part:NAME" or "websocket[N]".
func (p *Part) Location() string {
	s := placeNames[p.Place]
	switch p.Place {
	case Query, Header, Cookie, BodyPart:
		return s + ":" + string(p.Name)
	case WebSocketMsg:
		return s + "[" + string(decimal(nil, p.N)) + "]"
	}
	return s
}

// A Problem says what of a message could not be read.
type Problem struct {
	Reason Reason
	Offset int64 // in the capture's file, of a problem of the file; 0 otherwise
}

// About is what a capture says of itself.
type About struct {
	Format  string   // "har", "chlsj", "mitmproxy", "pcap", "pcapng", "burp", "saz", "raw"; "" before it is known
	Creator string   // "mitmproxy 10.1.1" of a HAR; "" if it does not say
	Tweasel []byte   // log._tweasel of a HAR, as JSON: app, device and tools; nil if absent
	Beside  []string // the files of its folder that were read for it: bodies, a key log
}

// Options bound what a hostile capture can take. The zero value of each limit
// stands for its default.
type Options struct {
	KeyLog []byte // NSS key log with TLS secrets; more is read from the capture and beside it

	MaxBody     int   // bytes in one part, decoded or not: 32 MiB
	MaxHead     int   // bytes in the head of an HTTP message, or of one HAR entry without bodies: 1 MiB
	MaxDepth    int   // nesting of JSON, multipart and containers: 1,000
	MaxStreams  int   // TCP connections open at a time: 65,536
	MaxBuffered int   // bytes of all connections that wait for a missing piece, a key or an end: 64 MiB
	MaxUnpacked int64 // bytes that decompression may make of one capture: 1 GiB and 64 for each byte read
}

func (o Options) withDefaults() Options {
	if o.MaxBody == 0 {
		o.MaxBody = 32 << 20
	}
	if o.MaxHead == 0 {
		o.MaxHead = 1 << 20
	}
	if o.MaxDepth == 0 {
		o.MaxDepth = 1000
	}
	if o.MaxStreams == 0 {
		o.MaxStreams = 1 << 16
	}
	if o.MaxBuffered == 0 {
		o.MaxBuffered = 64 << 20
	}
	if o.MaxUnpacked == 0 {
		o.MaxUnpacked = 1 << 30
	}
	return o
}

// decimal appends n ≥ 0 in decimal.
func decimal(to []byte, n int) []byte {
	var b [20]byte
	i := len(b)
	for {
		i--
		b[i] = '0' + byte(n%10)
		if n /= 10; n == 0 {
			return append(to, b[i:]...)
		}
	}
}
