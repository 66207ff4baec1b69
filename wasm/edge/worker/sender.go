//go:build js && wasm

package main

import (
	"context"
	"fmt"

	"sealbook/wasm/edge"
	"sealbook/wasm/edge/cloudflare"
)

// development is the sender for trying things out.
const development = "development"

// newSender makes the sender that is set.
func newSender() (edge.Sender, error) {
	switch kind := cloudflare.Setting("SEALBOOK_SENDER"); kind {
	case development:
		return terminal{}, nil
	case "webhook":
		secret := []byte(cloudflare.Setting("SEALBOOK_WEBHOOK_SECRET"))
		return edge.NewWebhook(cloudflare.Setting("SEALBOOK_WEBHOOK"), secret, cloudflare.NewClient())
	default:
		return nil, fmt.Errorf("SEALBOOK_SENDER must be development or webhook, not %q", kind)
	}
}

// terminal is the development sender: whoever sees the worker's log gets every
// code. It never shows a number.
type terminal struct{}

func (terminal) Send(_ context.Context, m edge.Message) error {
	cloudflare.Print(fmt.Sprintf("development sender: code %s for registration %s…", m.Code, m.Registration[:8]))
	return nil
}
