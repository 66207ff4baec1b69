//go:build js && wasm

package main

import (
	"context"
	"errors"
	"time"

	"sealbook/wasm/edge"
	"sealbook/wasm/edge/cloudflare"
)

// publish publishes as the handler does. Where a mirror is named it first goes on
// from the mirror's log, if that is longer: then the database was restored, and a
// leaf of its own would fork the log.
func publish(ctx context.Context, h *edge.Handler, where string) (time.Duration, error) {
	if where != "" {
		if err := h.AdoptLog(ctx, edge.MirrorAt(where, cloudflare.NewClient(), maxMirrored)); err != nil && !errors.Is(err, edge.ErrNothing) {
			return again, err
		}
	}
	return h.Publish(ctx)
}

// again is when to try again where a mirror does not answer.
const again = 10 * time.Second

// maxMirrored is more bytes than any file has that is asked for, of as many
// people as an isolate can adopt.
const maxMirrored = 16 << 20
