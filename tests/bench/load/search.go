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
// first time, and again when 1 % of all people have changed, as in a day.
func (b *bench) search(ctx context.Context) error {
	wire := new(counting)
	d, err := discovery.New(b.server.url, discovery.Options{Key: b.server.key, Transport: wire})
	if err != nil {
		return err
	}
	state := discovery.NewState(d)
	var mine discovery.Mine
	began := time.Now()
	for i := range friends {
		if mine, err = b.join(ctx, d, state, i); err != nil {
			return err
		}
	}
	b.say("registering with record", "%.1f ms a person, client and server", time.Since(began).Seconds()*1e3/friends)
	var numbers []string
	for i := range contacts {
		numbers = append(numbers, number(i))
	}
	if err := b.settle(ctx); err != nil {
		return err
	}
	state = discovery.NewState(d) // of somebody who comes for the first time
	for _, c := range []struct {
		name     string
		down, up float64 // budgets
		v1       string
	}{{"first sync", 2.9e6, 40e3, "6.6 MB"}, {"a day later", 200e3, 40e3, "1.6 MB"}} {
		wire.requests.Store(0)
		wire.up.Store(0)
		wire.down.Store(0)
		began, cpu := time.Now(), b.server.cpu()
		result, err := d.Sync(ctx, discovery.Search{Mine: &mine, Numbers: numbers, State: state})
		if err != nil {
			return err
		}
		if len(result.Found) != friends {
			return fmt.Errorf("found %d of %d", len(result.Found), friends)
		}
		b.say(c.name, "%d contacts in %.2f s: %d requests; server %.2f s; %s down in version 1",
			contacts, time.Since(began).Seconds(), wire.requests.Load(), (b.server.cpu() - cpu).Seconds(), c.v1)
		down := float64(wire.down.Load())
		if b.worker && c.down < 1e6 {
			// The hour's changes are of all publications that were measured, too.
			b.say(c.name+", down", "%.4g KB, with the changes of the publications before", down/1e3)
		} else {
			b.within(c.name+", down", down/1e3, c.down/1e3, "KB")
		}
		b.within(c.name+", up", float64(wire.up.Load())/1e3, c.up/1e3, "KB")
		if c.down > 1e6 {
			if err := b.change(ctx, b.people/100); err != nil {
				return err
			}
			if err := b.settle(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}
