package check

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sealbook/wasm/capture/unpack"
)

// Timeout is how long a request may take, answer included.
const Timeout = 10 * time.Second

// site is one that a server serves.
type site struct {
	base     *url.URL
	client   *http.Client
	timeout  time.Duration
	requests atomic.Int64
	bytes    atomic.Int64
}

// openURL reads an address: https, or http on this machine.
func openURL(address string) (Source, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("not the address of a site")
	}
	host := u.Hostname()
	if near := host == "localhost" || net.ParseIP(host).IsLoopback(); u.Scheme != "https" && !near {
		return nil, errors.New("a site is reached by https")
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
	}
	return &site{
		base: u, timeout: Timeout,
		client: &http.Client{
			Transport: &http.Transport{
				Proxy: http.ProxyFromEnvironment, DisableCompression: true, MaxIdleConnsPerHost: 16, ForceAttemptHTTP2: true,
				MaxResponseHeaderBytes: 256 << 10,
			},
			// A redirect is an answer to report, not one to follow.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// OpenWithin opens an address with another time limit for each request.
func OpenWithin(address string, timeout time.Duration) (Source, error) {
	s, err := openURL(address)
	if err == nil {
		s.(*site).timeout = timeout
	}
	return s, err
}

func (s *site) Name() string { return s.base.String() }

func (s *site) Get(ctx context.Context, path string, v Visitor) (Answer, error) {
	return s.ask(ctx, path, v, nil)
}

// ask asks for a path as a visitor, who may have been there before.
func (s *site) ask(ctx context.Context, path string, v Visitor, before *Answer) (a Answer, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	var mutex sync.Mutex
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{Got1xxResponse: func(code int, fields textproto.MIMEHeader) error {
		mutex.Lock()
		defer mutex.Unlock()
		if code != http.StatusContinue {
			for name := range fields {
				a.Early = append(a.Early, name)
			}
			slices.Sort(a.Early)
		}
		return nil
	}})
	target := *s.base
	target.Path += path
	if v.query {
		target.RawQuery = "q=1"
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return Answer{}, &fetchError{Fetch, "connect", "not an address"}
	}
	r.Header = v.fields(path, s.base.String(), before)
	s.requests.Add(1)
	res, err := s.client.Do(r)
	if err != nil {
		return Answer{}, s.why(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, maxFile+1))
	s.bytes.Add(int64(len(body)))
	if len(body) > maxFile {
		return Answer{}, &fetchError{Fetch, "endless", "an answer of more than 16 MB"}
	}
	if err != nil {
		return Answer{}, s.why(err)
	}
	mutex.Lock()
	defer mutex.Unlock()
	a.Status, a.Header, a.Trailer = res.StatusCode, res.Header, res.Trailer
	if a.Status == http.StatusNotModified && len(body) == 0 {
		return a, nil // some hosts name the encoding of what they do not send
	}
	a.Body, err = decode(body, res.Header.Values("Content-Encoding"))
	return a, err
}

// why says why there is no whole answer.
func (s *site) why(err error) error {
	var timeout net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout():
		return &fetchError{Fetch, "slow", "no whole answer within " + s.timeout.String()}
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &fetchError{Fetch, "short", "the answer is shorter than it says"}
	case errors.Is(err, context.Canceled):
		return &fetchError{Fetch, "stopped", "stopped"}
	}
	return &fetchError{Fetch, "connect", "no answer"}
}

// decode undoes content encodings, at most to maxFile.
func decode(body []byte, fields []string) ([]byte, error) {
	var codings []string
	for _, field := range fields {
		for c := range strings.SplitSeq(field, ",") {
			codings = append(codings, strings.ToLower(strings.TrimSpace(c)))
		}
	}
	if len(codings) > 3 {
		return nil, &fetchError{Fetch, "coding", "more than three content encodings"}
	}
	slices.Reverse(codings)
	for _, c := range codings {
		var out []byte
		var err error
		used := len(body)
		switch c {
		case "identity", "":
			out = body
		case "gzip", "x-gzip":
			out, used, err = unpack.Inflate(nil, unpack.Gzip, body, maxFile)
		case "deflate":
			out, used, err = unpack.Inflate(nil, unpack.Zlib, body, maxFile)
		case "br":
			out, err = unpack.Brotli(nil, body, maxFile)
		case "zstd":
			out, err = unpack.Zstd(nil, body, maxFile)
		default:
			return nil, &fetchError{Fetch, "coding", "an unknown content encoding"}
		}
		if errors.Is(err, unpack.Large) {
			return nil, &fetchError{Fetch, "unpacks", "an answer that unpacks to more than 16 MB"}
		}
		if err != nil || used != len(body) {
			return nil, &fetchError{Fetch, "coding", "an answer that does not unpack"}
		}
		body = out
	}
	return body, nil
}
