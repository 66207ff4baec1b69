package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1024}}

// ask is a request that is made again and again.
type ask struct {
	name, method, path string
	credential         func(turn int) string
	header             map[string]string
	mediaType          string // of the body
	body               []byte
	status             int
	units              int    // that one answer has
	unit               string // what they are
}

// drive makes a request from many clients for some seconds; what is under way
// then is waited for.
func (b *bench) drive(ctx context.Context, clients int, a ask) error {
	_, err := b.measure(ctx, clients, a)
	return err
}

// measure is drive, and returns the server's processor time for an answer.
func (b *bench) measure(ctx context.Context, clients int, a ask) (time.Duration, error) {
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
		return 0, fmt.Errorf("%s: %w", a.name, errors.Join(failed, errors.New("no answers")))
	}
	slices.Sort(times)
	n := float64(len(times) * a.units)
	p50, p99 := times[len(times)/2], times[len(times)*99/100]
	b.say(a.name, "%.0f %s/s, %.0f a core; %.0f MB/s; p50 %.1f ms, p99 %.1f ms; %d clients", n/took.Seconds(), a.unit, n/used.Seconds(),
		float64(down.Load())/1e6/took.Seconds(), ms(p50), ms(p99), clients)
	b.figures[a.name] = map[string]any{"unit": a.unit, "a_second": n / took.Seconds(), "a_core_second": n / used.Seconds(),
		"p50_ms": ms(p50), "p99_ms": ms(p99), "clients": clients, "bytes_a_second": float64(down.Load()) / took.Seconds()}
	return used / time.Duration(len(times)), nil
}

func ms(d time.Duration) float64 { return d.Seconds() * 1e3 }

// once makes the request once and returns how many bytes came.
func (b *bench) once(ctx context.Context, turn int, a ask) (int64, error) {
	r, err := http.NewRequestWithContext(ctx, a.method, b.server.url+a.path, bytes.NewReader(a.body))
	if err != nil {
		return 0, err
	}
	if a.body != nil {
		r.Header.Set("Content-Type", cmp.Or(a.mediaType, "application/octet-stream"))
	}
	if a.credential != nil {
		r.Header.Set("Authorization", "Bearer "+a.credential(turn))
	}
	for name, value := range a.header {
		r.Header.Set(name, value)
	}
	// Not sent: net/http tries again where workerd has just closed the connection.
	r.Header["Idempotency-Key"] = []string{}
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

// read reads a public file.
func (b *bench) read(ctx context.Context, path string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, "GET", b.server.url+path, nil)
	if err != nil {
		return nil, err
	}
	res, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: status %d", path, res.StatusCode)
	}
	return body, err
}

func (b *bench) readJSON(ctx context.Context, path string, v any) error {
	body, err := b.read(ctx, path)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, v)
}
