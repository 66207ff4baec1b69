// Package capturetest makes captures of every format that package capture reads,
// for tests and corpora. What is inside them is made with standard tools: net/http
// speaks HTTP/2, crypto/tls encrypts and writes the key log, archive/zip packs.
package capturetest

import (
	"bytes"
	"compress/flate"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"sync"
	"time"
)

// An Exchange is an HTTP request and its response.
type Exchange struct {
	Method string // "GET" if empty
	Host   string // "api.example.com" if empty
	Path   string // with query; "/" if empty
	Header [][2]string
	Body   []byte

	Status         int // 200 if 0
	ResponseHeader [][2]string
	ResponseBody   []byte
}

func (e Exchange) method() string { return or(e.Method, "GET") }
func (e Exchange) host() string   { return or(e.Host, "api.example.com") }
func (e Exchange) path() string   { return or(e.Path, "/") }
func (e Exchange) url() string    { return "https://" + e.host() + e.path() }
func (e Exchange) status() int {
	if e.Status == 0 {
		return 200
	}
	return e.Status
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// Said is what one side of a connection sent at a time.
type Said struct {
	Client bool
	Data   []byte
}

// A Talk is what both sides of a connection sent, in order.
type Talk []Said

// RawRequest and RawResponse write the messages of an exchange as HTTP/1.1 does.
func (e Exchange) RawRequest() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", e.method(), e.path(), e.host())
	raw(&b, e.Header, e.Body, len(e.Body) > 0)
	return b.Bytes()
}

func (e Exchange) RawResponse() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\n", e.status(), http.StatusText(e.status()))
	raw(&b, e.ResponseHeader, e.ResponseBody, e.status() >= 200 && e.status() != 204)
	return b.Bytes()
}

func raw(b *bytes.Buffer, header [][2]string, body []byte, sized bool) {
	for _, h := range header {
		fmt.Fprintf(b, "%s: %s\r\n", h[0], h[1])
		if h[0] == "Transfer-Encoding" || h[0] == "Content-Length" {
			sized = false
		}
	}
	if sized {
		fmt.Fprintf(b, "Content-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n")
	b.Write(body)
}

// HTTP1 is the talk of some exchanges on one connection.
func HTTP1(exchanges ...Exchange) (t Talk) {
	for _, e := range exchanges {
		t = append(t, Said{true, e.RawRequest()}, Said{false, e.RawResponse()})
	}
	return t
}

// Chunked writes a body in chunks of n bytes.
func Chunked(body []byte, n int) []byte {
	var b bytes.Buffer
	for len(body) > 0 {
		k := min(n, len(body))
		fmt.Fprintf(&b, "%x\r\n%s\r\n", k, body[:k])
		body = body[k:]
	}
	b.WriteString("0\r\n\r\n")
	return b.Bytes()
}

// A pipe is one end of a connection in memory that is recorded.
type pipe struct {
	net.Conn
	client bool
	tape   *tape
}

type tape struct {
	sync.Mutex
	talk Talk
}

func (p pipe) Write(b []byte) (int, error) {
	p.tape.Lock()
	p.tape.talk = append(p.tape.talk, Said{p.client, bytes.Clone(b)})
	p.tape.Unlock()
	return p.Conn.Write(b)
}

func record() (client, server net.Conn, t *tape) {
	a, b := net.Pipe()
	t = new(tape)
	return pipe{a, true, t}, pipe{b, false, t}, t
}

func (t *tape) end() Talk {
	t.Lock()
	defer t.Unlock()
	return t.talk
}

// HTTP2 is the talk of some exchanges over HTTP/2 without TLS, as net/http does.
func HTTP2(exchanges ...Exchange) (Talk, error) {
	client, server, tape := record()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		var n int
		fmt.Sscan(r.Header.Get("X-Exchange"), &n)
		e := exchanges[n]
		for _, h := range e.ResponseHeader {
			w.Header().Add(h[0], h[1])
		}
		w.WriteHeader(e.status())
		w.Write(e.ResponseBody)
	})
	var protocols http.Protocols
	protocols.SetUnencryptedHTTP2(true)
	s := &http.Server{Handler: handler, Protocols: &protocols}
	l := &oneListener{conn: server, done: make(chan struct{})}
	go s.Serve(l)
	defer s.Close()
	transport := &http.Transport{Protocols: &protocols, DisableCompression: true, Dial: func(string, string) (net.Conn, error) { return client, nil }}
	defer transport.CloseIdleConnections()
	for i, e := range exchanges {
		req, err := http.NewRequest(e.method(), "http://server.example"+e.path(), bytes.NewReader(e.Body))
		if err != nil {
			return nil, err
		}
		req.Host = e.host() // one connection for all hosts
		for _, h := range e.Header {
			req.Header.Add(h[0], h[1])
		}
		req.Header.Set("X-Exchange", fmt.Sprint(i))
		resp, err := transport.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			return nil, err
		}
		resp.Body.Close()
	}
	return tape.end(), nil
}

// A oneListener accepts one connection.
type oneListener struct {
	conn net.Conn
	once sync.Once
	done chan struct{}
}

func (l *oneListener) Accept() (c net.Conn, err error) {
	l.once.Do(func() { c = l.conn })
	if c != nil {
		return c, nil
	}
	<-l.done
	return nil, errors.New("closed")
}

func (l *oneListener) Close() error {
	defer func() { recover() }() // a second time
	close(l.done)
	return nil
}

func (l *oneListener) Addr() net.Addr { return &net.TCPAddr{} }

// TLS puts a talk into TLS of a version and, before 1.3, a cipher suite (0 for
// any), and returns its key log with it.
func TLS(inner Talk, version, suite uint16, name string) (Talk, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, nil, err
	}
	return talkTLS(inner, version, suite, name, tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key})
}

func talkTLS(inner Talk, version, suite uint16, name string, cert tls.Certificate) (Talk, []byte, error) {
	a, b, tape := record()
	var log bytes.Buffer
	suites := []uint16(nil)
	if suite != 0 {
		suites = []uint16{suite}
	}
	client := tls.Client(a, &tls.Config{InsecureSkipVerify: true, ServerName: name, MinVersion: version, MaxVersion: version, CipherSuites: suites, KeyLogWriter: &log})
	server := tls.Server(b, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: version, MaxVersion: version, CipherSuites: suites})
	defer a.Close()
	defer b.Close()
	shaken := make(chan error, 1)
	go func() { shaken <- server.Handshake() }()
	if err := client.Handshake(); err != nil {
		return nil, nil, err
	}
	if err := <-shaken; err != nil {
		return nil, nil, err
	}
	for _, s := range inner {
		from, to := client, server
		if !s.Client {
			from, to = server, client
		}
		wrote := make(chan error, 1)
		go func() {
			_, err := from.Write(s.Data)
			wrote <- err
		}()
		got := make([]byte, len(s.Data))
		if _, err := io.ReadFull(to, got); err != nil {
			return nil, nil, err
		}
		if err := <-wrote; err != nil {
			return nil, nil, err
		}
	}
	return tape.end(), log.Bytes(), nil
}

// WebSocket is the talk of an upgrade and messages behind it, each a frame, with
// permessage-deflate if it is packed; client frames are masked.
func WebSocket(path string, packed bool, messages ...Said) Talk {
	extension := ""
	if packed {
		extension = "Sec-WebSocket-Extensions: permessage-deflate\r\n"
	}
	t := Talk{
		{true, []byte("GET " + path + " HTTP/1.1\r\nHost: ws.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + extension + "\r\n")},
		{false, []byte("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" + extension + "\r\n")},
	}
	var windows [2]*flate.Writer
	var outs [2]bytes.Buffer
	for i := range windows {
		windows[i], _ = flate.NewWriter(&outs[i], 6)
	}
	for _, m := range messages {
		data, first := m.Data, byte(0x81)
		side := 0
		if !m.Client {
			side = 1
		}
		if packed {
			outs[side].Reset()
			windows[side].Write(data)
			windows[side].Flush()
			data, first = bytes.TrimSuffix(bytes.Clone(outs[side].Bytes()), []byte{0, 0, 0xff, 0xff}), 0xc1
		}
		t = append(t, Said{m.Client, Frame(first, data, m.Client)})
	}
	return t
}

// Frame is one WebSocket frame.
func Frame(first byte, data []byte, masked bool) []byte {
	p := []byte{first}
	bit := byte(0)
	if masked {
		bit = 0x80
	}
	switch n := len(data); {
	case n < 126:
		p = append(p, bit|byte(n))
	case n < 1<<16:
		p = binary.BigEndian.AppendUint16(append(p, bit|126), uint16(n))
	default:
		p = binary.BigEndian.AppendUint64(append(p, bit|127), uint64(n))
	}
	if !masked {
		return append(p, data...)
	}
	mask := [4]byte{0x12, 0x34, 0x56, 0x78}
	p = append(p, mask[:]...)
	for i, c := range data {
		p = append(p, c^mask[i&3])
	}
	return p
}

// GRPC is a body of gRPC messages.
func GRPC(messages ...[]byte) (body []byte) {
	for _, m := range messages {
		body = binary.BigEndian.AppendUint32(append(body, 0), uint32(len(m)))
		body = append(body, m...)
	}
	return body
}
