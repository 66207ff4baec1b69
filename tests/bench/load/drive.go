//go:build old

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"sealbook/verifier/discovery"
	"sealbook/wasm/directory"
)

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1024}}

// ask is a request that is made again and again.
type ask struct {
	name, method, path string
	credential         func(turn int) string
	header             map[string]string
	body               []byte
	status             int
	units              int    // that one answer has
	unit               string // what they are
}

// drive makes a request from many clients for some seconds; what is under way
// then is waited for.
func (b *bench) drive(ctx context.Context, clients int, a ask) error {
	var mu sync.Mutex
	var times []time.Duration
	var failed error
	var down atomic.Int64
	var group sync.WaitGroup
	began, cpu := time.Now(), b.server.cpu()
	for i := range clients {
		group.Go(func() {
			// In turn, so that no client spends the budget of one account alone.
			for turn := i; time.Since(began) < b.seconds; turn += clients {
				at := time.Now()
				n, err := b.once(ctx, turn, a)
				took := time.Since(at)
				mu.Lock()
				if err == nil {
					times = append(times, took)
				} else {
					failed = err
				}
				mu.Unlock()
				if err != nil {
					return
				}
				down.Add(n)
			}
		})
	}
	group.Wait()
	took, used := time.Since(began), b.server.cpu()-cpu
	if failed != nil || len(times) == 0 {
		return fmt.Errorf("%s: %w", a.name, errors.Join(failed, errors.New("no answers")))
	}
	slices.Sort(times)
	n := float64(len(times) * a.units)
	p50, p99 := times[len(times)/2], times[len(times)*99/100]
	b.say(a.name, "%.0f %s/s, %.0f a core; %.0f MB/s; p50 %.1f ms, p99 %.1f ms; %d clients", n/took.Seconds(), a.unit, n/used.Seconds(),
		float64(down.Load())/1e6/took.Seconds(), ms(p50), ms(p99), clients)
	b.figures[a.name] = map[string]any{"unit": a.unit, "a_second": n / took.Seconds(), "a_core_second": n / used.Seconds(),
		"p50_ms": ms(p50), "p99_ms": ms(p99), "clients": clients, "bytes_a_second": float64(down.Load()) / took.Seconds()}
	return nil
}

func ms(d time.Duration) float64 { return d.Seconds() * 1e3 }

// once makes the request once and answers how many bytes came.
func (b *bench) once(ctx context.Context, turn int, a ask) (int64, error) {
	r, err := http.NewRequestWithContext(ctx, a.method, b.server.url+a.path, bytes.NewReader(a.body))
	if err != nil {
		return 0, err
	}
	if a.body != nil {
		r.Header.Set("Content-Type", "application/octet-stream")
	}
	if a.credential != nil {
		r.Header.Set("Authorization", "Bearer "+a.credential(turn))
	}
	for name, value := range a.header {
		r.Header.Set(name, value)
	}
	res, err := client.Do(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	n, err := io.Copy(io.Discard, res.Body)
	if err == nil && res.StatusCode != a.status {
		err = fmt.Errorf("status %d", res.StatusCode)
	}
	return n, err
}

// files measures how long the first files take, and the next.
func (b *bench) files(ctx context.Context) error {
	for _, name := range []string{"first file of tags", "second"} {
		began, cpu := time.Now(), b.server.cpu()
		n, err := b.once(ctx, 0, ask{method: "GET", path: "/v1/buckets/0/tags", status: 200})
		if err != nil {
			return err
		}
		if want := int64(directory.HeaderSize + b.people*directory.TagSize); n != want {
			return fmt.Errorf("a file of %d bytes, not %d", n, want)
		}
		took := time.Since(began)
		now, _ := b.server.memory()
		b.say(name, "%d bytes in %.3f s, server %.2f s; memory %.0f MB", n, took.Seconds(), (b.server.cpu() - cpu).Seconds(), now)
		b.figures[name] = map[string]any{"bytes": n, "seconds": took.Seconds(), "memory_mb": now}
	}
	return nil
}

// changes measures the file of tags after somebody changed their record, each
// time anew.
func (b *bench) changes(ctx context.Context) error {
	people, err := b.joinAll(ctx, 100, 1)
	if err != nil {
		return err
	}
	const n = 20
	var put, get time.Duration
	for i := range n {
		began := time.Now()
		body := bytes.Repeat([]byte{byte(i)}, directory.RecordSize)
		if _, err := b.once(ctx, 0, ask{method: "PUT", path: "/v1/me/record", credential: of(people), body: body, status: 204}); err != nil {
			return err
		}
		put += time.Since(began)
		began = time.Now()
		if _, err := b.once(ctx, 0, ask{method: "GET", path: "/v1/buckets/0/tags", status: 200}); err != nil {
			return err
		}
		get += time.Since(began)
	}
	b.say("after a change", "record written in %.1f ms, new file of tags in %.1f ms", ms(put)/n, ms(get)/n)
	b.figures["after a change"] = map[string]any{"put_ms": ms(put) / n, "tags_ms": ms(get) / n}
	return nil
}

// joinAll registers people from the number with that index on.
func (b *bench) joinAll(ctx context.Context, from, n int) (credentials []string, err error) {
	d, err := discovery.Open(ctx, b.server.url, discovery.Options{Key: b.server.key})
	if err != nil {
		return nil, err
	}
	for i := range n {
		c, err := b.join(ctx, d, from+i)
		if err != nil {
			return nil, err
		}
		credentials = append(credentials, c.Credential)
	}
	return credentials, nil
}

func of(credentials []string) func(int) string {
	return func(turn int) string { return credentials[turn%len(credentials)] }
}
