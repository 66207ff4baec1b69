//go:build js && wasm

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"sealbook/wasm/edge"
	"sealbook/wasm/edge/cloudflare"
)

// publish publishes as the handler does. Where a mirror is named it first goes on
// from the mirror's log, if that is longer: then the database was restored, and a
// leaf of its own would fork the log.
func publish(ctx context.Context, h *edge.Handler, where string) (time.Duration, error) {
	if where != "" {
		if err := h.AdoptLog(ctx, mirror(where)); err != nil && !errors.Is(err, edge.ErrNothing) {
			return again, err
		}
	}
	return h.Publish(ctx)
}

// again is when to try again where a mirror does not answer.
const again = 10 * time.Second

// maxMirrored is more than any file has that is asked for, of as many people as
// an isolate can adopt.
const maxMirrored = 16 << 20

// mirror reads files from an address.
func mirror(where string) edge.Mirror {
	client := cloudflare.NewClient()
	return func(ctx context.Context, path string) ([]byte, error) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(where, "/")+"/"+path, nil)
		if err != nil {
			return nil, errors.New("SEALBOOK_ADOPT_LOG is no address")
		}
		res, err := client.Do(r)
		if err != nil {
			return nil, err
		}
		defer res.Body.Close()
		switch res.StatusCode {
		case http.StatusOK:
		case http.StatusNotFound, http.StatusGone:
			return nil, fs.ErrNotExist
		default:
			return nil, fmt.Errorf("status %d", res.StatusCode)
		}
		b, err := io.ReadAll(io.LimitReader(res.Body, maxMirrored+1))
		if err == nil && len(b) > maxMirrored {
			err = errors.New("a file that is too long for a worker")
		}
		return b, err
	}
}
