package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"sealbook/wasm/edge"
)

func newSender(o options) (edge.Sender, error) {
	if o.sender == development {
		return terminal{}, nil
	}
	secret, err := os.ReadFile(o.secret)
	if err != nil {
		return nil, err
	}
	return edge.NewWebhook(o.webhook, []byte(strings.TrimSpace(string(secret))), &http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})
}

// terminal is the development sender: whoever sits at the server's terminal
// gets every code. It never shows a number.
type terminal struct{}

func (terminal) Send(_ context.Context, m edge.Message) error {
	_, err := fmt.Printf("development sender: code %s for registration %s…\n", m.Code, m.Registration[:8])
	return err
}
