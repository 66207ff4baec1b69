//go:build old

package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"sealbook/verifier/discovery"
)

// counting counts the bytes of bodies and of what is about them, roughly.
type counting struct {
	requests, up, down atomic.Int64
}

func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	c.requests.Add(1)
	c.up.Add(max(r.ContentLength, 0))
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(res.Body, adder{&c.down}), res.Body}
	return res, nil
}

type adder struct{ n *atomic.Int64 }

func (a adder) Write(p []byte) (int, error) {
	a.n.Add(int64(len(p)))
	return len(p), nil
}

const (
	contacts = 1000
	friends  = 50 // of the contacts
)

// search is a client that looks for 1,000 contacts, 50 of which are there: the
// first time, and again after somebody joined.
func (b *bench) search(ctx context.Context) error {
	wire := new(counting)
	d, err := discovery.Open(ctx, b.server.url, discovery.Options{Key: b.server.key, Transport: wire})
	if err != nil {
		return err
	}
	var me discovery.Confirmed
	began := time.Now()
	for i := range friends {
		if me, err = b.join(ctx, d, i); err != nil {
			return err
		}
	}
	b.say("registering with record", "%.1f ms a person, client and server", time.Since(began).Seconds()*1e3/friends)
	var numbers []string
	for i := range contacts {
		numbers = append(numbers, number(i))
	}
	state := discovery.NewState(d)
	for _, name := range []string{"first search", "search again"} {
		phases := map[string]time.Time{}
		wire.requests.Store(0)
		wire.up.Store(0)
		wire.down.Store(0)
		began, cpu := time.Now(), b.server.cpu()
		result, err := d.Discover(ctx, discovery.Search{
			Credential: me.Credential, Numbers: numbers, State: state,
			Progress: func(p discovery.Progress) { phases[p.Phase] = time.Now() },
		})
		if err != nil {
			return err
		}
		took := time.Since(began)
		want := friends
		if name == "search again" {
			want++
		}
		if len(result.Found) != want {
			return fmt.Errorf("found %d of %d", len(result.Found), want)
		}
		b.say(name, "%d contacts in %.2f s: %d requests, %.1f KB up, %.2f MB down; server %.2f s; charged %d",
			contacts, took.Seconds(), wire.requests.Load(), float64(wire.up.Load())/1e3, float64(wire.down.Load())/1e6,
			(b.server.cpu() - cpu).Seconds(), result.Counts.Charged)
		b.figures[name] = map[string]any{"seconds": took.Seconds(), "requests": wire.requests.Load(), "bytes_up": wire.up.Load(),
			"bytes_down": wire.down.Load(), "found": len(result.Found), "blocks": result.Counts.Blocks, "decoys": result.Counts.Decoys}
		if want == friends {
			if _, err := b.join(ctx, d, friends); err != nil {
				return err
			}
		}
	}
	return nil
}
