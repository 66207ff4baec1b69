//go:build js && wasm

package cloudflare

import (
	"errors"
	"net/http"
	"time"

	"github.com/syumai/workers/cloudflare/fetch"
)

// Client makes requests to elsewhere. It follows no redirects and waits some
// seconds; the library's own knows no time limit, and what goes wrong in
// JavaScript comes out of it as a panic.
type Client struct{ client *http.Client }

// ErrUnreachable hides an address, which may hold a token.
var ErrUnreachable = errors.New("cloudflare: there is no answer from that address")

const patience = 10 * time.Second

// NewClient makes one.
func NewClient() Client {
	c := fetch.NewClient().HTTPClient(fetch.RedirectModeManual)
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return Client{c}
}

// Do makes a request.
func (c Client) Do(r *http.Request) (*http.Response, error) {
	done := make(chan *http.Response, 1)
	go func() {
		var res *http.Response
		defer func() {
			recover()
			done <- res
		}()
		if got, err := c.client.Do(r); err == nil {
			res = got
		}
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case res := <-done:
		if res != nil {
			return res, nil
		}
	case <-timer.C:
	}
	return nil, ErrUnreachable
}
