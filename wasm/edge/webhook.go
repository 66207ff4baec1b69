package edge

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Webhook is the sender of production: it posts each code to the operator's
// gateway, which brings it to the number. It is the one place where a number
// leaves the directory.
//
// The body is {"number", "code", "expires"}. Sealbook-Signature is "sha256=" and
// the hexadecimal HMAC-SHA-256 of the body under the shared secret. Any answer
// but 2xx means that nothing was sent.
type Webhook struct {
	url    string
	secret []byte
	client Client
}

// Client is what Webhook needs of an *http.Client. It must not follow
// redirects, and must give up after some seconds.
type Client interface {
	Do(*http.Request) (*http.Response, error)
}

// NewWebhook makes one for an https address, or one of this machine, and a
// secret of at least 16 bytes.
func NewWebhook(address string, secret []byte, client Client) (*Webhook, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return nil, errors.New("edge: the webhook's address is not a URL")
	}
	local := u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1"
	if u.Scheme != "https" && !(u.Scheme == "http" && local) {
		return nil, errors.New("edge: the webhook's address must begin with https")
	}
	if len(secret) < 16 {
		return nil, errors.New("edge: the webhook's secret must have at least 16 bytes")
	}
	return &Webhook{url: u.String(), secret: secret, client: client}, nil
}

// Send posts a code.
func (s *Webhook) Send(ctx context.Context, m Message) error {
	body, err := json.Marshal(struct {
		Number  string `json:"number"`
		Code    string `json:"code"`
		Expires string `json:"expires"`
	}{m.Number, m.Code, m.Expires.Format(time.RFC3339)})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		return errors.New("edge: webhook: no request")
	}
	mac := hmac.New(sha256.New, s.secret)
	mac.Write(body)
	r.Header.Set("Content-Type", jsonType)
	r.Header.Set("Sealbook-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	res, err := s.client.Do(r)
	if err != nil {
		// The error of net/http names the address, which may hold a token.
		var named *url.Error
		if errors.As(err, &named) {
			err = named.Err
		}
		return fmt.Errorf("edge: webhook: %w", err)
	}
	defer res.Body.Close()
	io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16)) // so that the connection can be used again
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("edge: webhook: status %d", res.StatusCode)
	}
	return nil
}
