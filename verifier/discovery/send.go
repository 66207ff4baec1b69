package discovery

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// link is where a directory is, and how it is asked.
type link struct {
	base    *url.URL
	client  *http.Client
	timeout time.Duration
	now     func() time.Time
	last    func() Signed // describes what was answered last, for evidence
}

const (
	patience   = 30 * time.Second
	pace       = 4 << 10  // slowest that an answer may come at, bytes a second
	maxProblem = 64 << 10 // longest problem document that is read
)

func newLink(base *url.URL, o Options) link {
	l := link{base: base, timeout: o.Timeout, now: o.Now}
	if l.timeout == 0 {
		l.timeout = patience
	}
	if l.now == nil {
		l.now = time.Now
	}
	transport := o.Transport
	if transport == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.DisableCompression = true // it would add a header field
		transport = own
	}
	l.client = &http.Client{
		Transport: transport,
		// A redirection would lead credentials elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return l
}

// call is a request: exactly this method, path, fields and body, and what HTTP
// itself needs, host and length.
type call struct {
	method string
	path   string // "/v2/…"
	fields directory.Fields
	body   []byte
	expect []int // statuses that are an answer; others are an error
	limit  int64 // bytes of the longest answer
	public bool  // the answer is the same for everybody
	// What the request is made of, for the transcript.
	items  []directory.Item
	record *directory.SealedRecord
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

// send is the one place where anything is sent.
func (d *Directory) send(ctx context.Context, c call) (answer, error) {
	if err := ctx.Err(); err != nil {
		return answer{}, cancelled(ctx)
	}
	line := d.transcript.begin(c, d.link.now())
	a, err := d.link.exchange(ctx, c)
	d.link.last = func() Signed { return served(c, a) }
	if err := line.end(a, err == nil); err != nil {
		return answer{}, err
	}
	if err == nil && !slices.Contains(c.expect, a.status) {
		err = d.link.refused(a)
	}
	if err != nil {
		return answer{}, err
	}
	return a, nil
}

// served describes an answer: a text as it is, a file by its hash.
func served(c call, a answer) Signed {
	text := string(a.body)
	if len(text) > trust.MaxText || !utf8.ValidString(text) {
		text = fmt.Sprintf("%d bytes, SHA-256 %x", len(a.body), sha256.Sum256(a.body))
	}
	if a.status == 0 {
		text = ""
	}
	return Signed{fmt.Sprintf("%s %s: %d", c.method, c.path, a.status), text}
}

// exchange sends a request and reads the answer whole.
func (l *link) exchange(ctx context.Context, c call) (answer, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	began := time.Now()
	timer := time.AfterFunc(l.timeout, func() { cancel(Slow) })
	defer timer.Stop()
	r, err := http.NewRequestWithContext(ctx, c.method, l.base.String()+c.path[1:], bytes.NewReader(c.body))
	if err != nil {
		return answer{}, wrap(Input, "the request cannot be made", err)
	}
	r.Header.Set("User-Agent", "") // not sent then
	if c.method == http.MethodGet {
		// A body that cannot be had again keeps http from repeating the request
		// by itself where the connection breaks: what is sent is written down.
		r.Body, r.GetBody = io.NopCloser(bytes.NewReader(nil)), nil
	}
	for _, f := range c.fields {
		r.Header.Set(f.Name, f.Value)
	}
	response, err := l.client.Do(r)
	if err != nil {
		return answer{}, l.lost(ctx, err)
	}
	defer response.Body.Close()
	limit := int64(maxProblem)
	if slices.Contains(c.expect, response.StatusCode) {
		limit = c.limit
	}
	if response.ContentLength > limit {
		return answer{}, tooLong()
	}
	body, err := io.ReadAll(&paced{ctx: ctx, Reader: io.LimitReader(response.Body, limit+1), read: func(n int) {
		// Time is earned by bytes, so that drops of an answer buy none.
		earned := l.timeout + time.Duration(n)*time.Second/pace
		timer.Reset(max(earned-time.Since(began), 0))
	}})
	if err != nil {
		return answer{}, l.lost(ctx, err)
	}
	if int64(len(body)) > limit {
		return answer{}, tooLong()
	}
	return answer{response.StatusCode, response.Header, body}, nil
}

// paced tells how much has been read.
type paced struct {
	io.Reader
	ctx  context.Context
	n    int
	read func(n int)
}

func (p *paced) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := p.Reader.Read(b)
	if n > 0 {
		p.n += n
		p.read(p.n)
	}
	return n, err
}

// lost explains a connection that failed.
func (l *link) lost(ctx context.Context, err error) error {
	switch {
	case errors.Is(context.Cause(ctx), Slow):
		return fail(Slow, "the directory is too slow")
	case ctx.Err() != nil:
		return cancelled(ctx)
	}
	// What is behind it may quote an address, never a body.
	return wrap(Network, "the connection to the directory failed", err)
}

func cancelled(ctx context.Context) error {
	return wrap(Cancelled, "cancelled", context.Cause(ctx))
}

func tooLong() error { return fail(Size, "the directory's answer is longer than any that is right") }

// refused reads a problem document. Its free text is left out: it is the
// directory's, and may say anything.
func (l *link) refused(a answer) error {
	var said directory.Problem
	// A gateway in between may answer with a page.
	if json.Unmarshal(a.body, &said) != nil || said.Code.Status() == 0 {
		said = directory.Problem{}
	}
	p := &directory.Problem{Type: "about:blank", Title: http.StatusText(a.status), Status: a.status,
		Code: said.Code, Index: said.Index, TriesLeft: said.TriesLeft, Available: said.Available}
	e := &Error{Code: Refused, Message: fmt.Sprintf("the directory answered %d", a.status), Problem: p}
	if p.Code != "" {
		e.Message += " (" + string(p.Code) + ")"
	}
	if p.Code == directory.BudgetExceeded {
		e.Code, e.Message = Budget, "the directory evaluates no more for this account for now"
	}
	after := a.header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(after, 10, 31); err == nil {
		e.RetryAt = l.now().Add(time.Duration(seconds) * time.Second)
	} else if at, err := http.ParseTime(after); err == nil {
		e.RetryAt = at
	}
	if !e.RetryAt.IsZero() {
		e.Message += "; try again at " + directory.Time(e.RetryAt)
	}
	return e
}
