//go:build js && wasm

// Worker runs a directory on Cloudflare: package edge on D1, evaluating with
// blind.wasm. It is one of several instances that pool.js keeps in an isolate,
// each of which answers one request at a time.
package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
	"sealbook/wasm/edge/cloudflare"
	"sealbook/wasm/edge/store"
)

// softLimit is at how many bytes the publisher collects garbage more often: it gives
// no memory back, and shares 128 MB with all instances of an isolate. Those that
// answer requests stay far below.
const softLimit = 32 << 20

func main() {
	tables := cloudflare.Open()
	handler, err := newHandler(tables)
	if err != nil {
		cloudflare.Log(err)
		return // pool.js answers that there is none
	}
	cloudflare.Serve(handler, cloudflare.Program{
		Clean: handler.Clean,
		Publish: func(ctx context.Context) (time.Duration, bool, error) {
			debug.SetMemoryLimit(softLimit)
			before := handler.Publications()
			wait, err := publish(ctx, handler, cloudflare.Setting("SEALBOOK_ADOPT_LOG"))
			return wait, handler.Publications() > before, err
		},
		Index: handler.Index,
	})
}

// newHandler reads what an operator set: see README.md.
func newHandler(tables *store.Store) (*edge.Handler, error) {
	seed, err := seedIn("SEALBOOK_SEED")
	if err != nil {
		return nil, err
	}
	var former *[32]byte
	if cloudflare.Setting("SEALBOOK_FORMER_SEED") != "" {
		f, err := seedIn("SEALBOOK_FORMER_SEED")
		if err != nil {
			return nil, err
		}
		former = &f
	}
	if _, err := epochWanted(); err != nil {
		return nil, err
	}
	sender, err := newSender()
	if err != nil {
		return nil, err
	}
	limits := edge.DefaultLimits()
	for _, o := range limits.Options() {
		if err := limit(o); err != nil {
			return nil, err
		}
	}
	if cloudflare.Setting("SEALBOOK_SENDER") == development {
		edge.Development(&limits, cloudflare.Setting("SEALBOOK_INTERVAL") != "", cloudflare.Setting("SEALBOOK_RENEWAL") != "")
	}
	consent := cloudflare.Setting("SEALBOOK_CONSENT")
	if consent == "" {
		consent = directory.Consent
	}
	var checked func() time.Time
	if text := cloudflare.Setting("SEALBOOK_CLOCK_CHECKED"); text != "" {
		at, err := directory.ParseTime(text)
		if err != nil {
			return nil, errors.New("SEALBOOK_CLOCK_CHECKED must be a time like 2026-11-29T12:00:00Z")
		}
		checked = func() time.Time { return at }
	}
	objects := cloudflare.OpenObjects()
	return edge.New(edge.Config{
		Name: cloudflare.Setting("SEALBOOK_NAME"), Seed: seed, Former: former,
		Store: tables, Files: objects, Announcer: objects,
		Evaluator: evaluators(cloudflare.Platform()),
		Sender:    sender,
		Address:   func(r *http.Request) netip.Addr { return edge.ParseAddress(r.RemoteAddr) },
		Now:       time.Now, Random: rand.Reader,
		Limits: limits, Consent: consent,
		Kinds: list("SEALBOOK_KINDS"), Origins: list("SEALBOOK_ORIGINS"), ClockChecked: checked,
		Log: cloudflare.Log,
	})
}

// seedIn reads a seed.
func seedIn(name string) (seed [32]byte, err error) {
	raw, err := hex.DecodeString(strings.TrimSpace(cloudflare.Setting(name)))
	if err != nil || len(raw) != len(seed) {
		// Not err: it quotes from the seed.
		return seed, fmt.Errorf("the secret %s must be 64 hexadecimal digits", name)
	}
	return [32]byte(raw), nil
}

// epochWanted is the epoch that is to begin if it is the next one; 0: none.
func epochWanted() (uint32, error) {
	text := cloudflare.Setting("SEALBOOK_EPOCH")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil || n == 0 {
		return 0, errors.New("SEALBOOK_EPOCH must be the number of an epoch")
	}
	return uint32(n), nil
}

// limit reads a limit, if it is set.
func limit(o edge.Option) error {
	name := "SEALBOOK_" + strings.ToUpper(strings.ReplaceAll(o.Name, "-", "_"))
	text := cloudflare.Setting(name)
	if text == "" {
		return nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < o.Least || n > o.Most {
		return fmt.Errorf("%s must be a number from %d to %d", name, o.Least, o.Most)
	}
	*o.Value = n
	return nil
}

// list reads a list with commas.
func list(name string) (all []string) {
	for item := range strings.SplitSeq(cloudflare.Setting(name), ",") {
		if item = strings.TrimSpace(item); item != "" {
			all = append(all, item)
		}
	}
	return all
}
