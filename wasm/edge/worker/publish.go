//go:build js && wasm

package main

import (
	"context"
	"errors"
	"time"

	"sealbook/wasm/edge"
	"sealbook/wasm/edge/cloudflare"
	"sealbook/wasm/edge/store"
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
	if err := startEpoch(ctx, h); err != nil {
		return again, err
	}
	return h.Publish(ctx)
}

// startEpoch begins the epoch that is wanted, if the present one is that before.
func startEpoch(ctx context.Context, h *edge.Handler) error {
	wanted, err := epochWanted()
	if err != nil || wanted < 2 {
		return err
	}
	now, err := h.Epoch(ctx)
	if err != nil || now+1 != wanted {
		return err
	}
	if err := h.StartEpoch(ctx, now); !errors.Is(err, store.ErrEpoch) {
		return err
	}
	return nil // another has just begun it
}

// again is when to try again where a mirror does not answer.
const again = 10 * time.Second

// maxMirrored is more bytes than any file has that is asked for, of as many
// people as an isolate can adopt.
const maxMirrored = 16 << 20
