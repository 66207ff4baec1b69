//go:build js && wasm

// Worker runs a directory on Cloudflare: package edge on D1, evaluating with
// core.wasm. It is one of several instances that pool.js keeps in an isolate,
// each of which answers one request at a time.
package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
	"sealbook/wasm/edge/cloudflare"
	"sealbook/wasm/edge/store"
)

// cacheBytes is for built files. An isolate has 128 MB for all its instances.
const cacheBytes = 4 << 20

func main() {
	tables := cloudflare.Open()
	handler, err := newHandler(tables)
	if err != nil {
		cloudflare.Log(err)
		return // pool.js answers that there is none
	}
	cloudflare.Serve(handler, func(ctx context.Context) error {
		for {
			n, err := tables.Purge(ctx, time.Now().Unix())
			if n == 0 || err != nil {
				return err
			}
		}
	})
}

// newHandler reads what an operator set: see README.md.
func newHandler(tables *store.Store) (http.Handler, error) {
	seed, err := hex.DecodeString(strings.TrimSpace(cloudflare.Setting("SEALBOOK_SEED")))
	if err != nil || len(seed) != 32 {
		// Not err: it quotes from the seed.
		return nil, errors.New("the secret SEALBOOK_SEED must be 64 hexadecimal digits")
	}
	sender, err := newSender()
	if err != nil {
		return nil, err
	}
	limits := edge.DefaultLimits()
	err = errors.Join(
		limit("SEALBOOK_BUDGET", &limits.Budget),
		limit("SEALBOOK_REFILL", &limits.RefillPerDay),
		limit("SEALBOOK_SENDS", &limits.SendsPerHour),
		limit("SEALBOOK_SENDS_ADDRESS", &limits.SendsPerAddress),
	)
	if err != nil {
		return nil, err
	}
	consent := cloudflare.Setting("SEALBOOK_CONSENT")
	if consent == "" {
		consent = directory.Consent
	}
	return edge.New(edge.Config{
		Name: cloudflare.Setting("SEALBOOK_NAME"), Seed: [32]byte(seed),
		Store:     tables,
		Evaluator: evaluators(cloudflare.Platform()),
		Sender:    sender,
		Address:   func(r *http.Request) string { return edge.Network(r.RemoteAddr) },
		Now:       time.Now, Random: rand.Reader,
		Limits: limits, Consent: consent,
		Log:   cloudflare.Log,
		Cache: cacheBytes,
	})
}

// limit reads a number, if there is one.
func limit(name string, n *int64) error {
	text := cloudflare.Setting(name)
	if text == "" {
		return nil
	}
	got, err := strconv.ParseInt(text, 10, 64)
	if err != nil || got < 1 || got > math.MaxInt32 {
		return fmt.Errorf("%s must be a number from 1 to %d", name, math.MaxInt32)
	}
	*n = got
	return nil
}
