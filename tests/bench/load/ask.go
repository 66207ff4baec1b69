//go:build old

package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"sealbook/wasm/directory"
)

// downloads measures what is public.
func (b *bench) downloads(ctx context.Context) error {
	res, err := client.Get(b.server.url + "/v1/buckets/0/tags")
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var file bytes.Buffer
	if _, err := file.ReadFrom(res.Body); err != nil {
		return err
	}
	tags, err := directory.ParseTags(file.Bytes())
	if err != nil {
		return err
	}
	block := fmt.Sprintf("bytes=%d-%d", directory.HeaderSize+directory.RecordSize*directory.Block, directory.HeaderSize+2*directory.RecordSize*directory.Block-1)
	for _, d := range []struct {
		clients int
		ask
	}{
		{8, ask{name: "whole files of tags", path: "/v1/buckets/0/tags", status: 200, unit: "files"}},
		{b.clients, ask{name: "files not modified", path: "/v1/buckets/0/tags", header: map[string]string{"If-None-Match": res.Header.Get("ETag")}, status: 304, unit: "answers"}},
		{b.clients, ask{name: "blocks of 256 records", path: "/v1/buckets/0/records", header: map[string]string{"Range": block}, status: 206, unit: "blocks"}},
		{b.clients, ask{name: "deltas of 20 changes", path: fmt.Sprintf("/v1/buckets/0/delta?since=%d", tags.Version-20), status: 200, unit: "deltas"}},
		{b.clients, ask{name: "parameters", path: "/v1/directory", status: 200, unit: "answers"}},
	} {
		d.method, d.units = http.MethodGet, 1
		if err := b.drive(ctx, d.clients, d.ask); err != nil {
			return err
		}
	}
	return nil
}

// budget is of each account; one that all clients spend at once.
const budget = 64 * directory.MaxBatch

// evaluations measures batches of all sizes that clients send.
func (b *bench) evaluations(ctx context.Context) error {
	people, err := b.joinAll(ctx, 200, b.clients)
	if err != nil {
		return err
	}
	element, err := hex.DecodeString("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76")
	if err != nil {
		return err
	}
	for _, size := range directory.BatchSizes() {
		for _, clients := range []int{1, b.clients} {
			if err := b.drive(ctx, clients, ask{
				name: fmt.Sprintf("batches of %d, %d clients", size, clients), method: "POST", path: "/v1/evaluations", credential: of(people),
				body: bytes.Repeat(element, size), status: 200, units: size, unit: "evaluations",
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// spend lets all clients spend one budget at once: they get it all, and nothing
// more.
func (b *bench) spend(ctx context.Context) error {
	people, err := b.joinAll(ctx, 400, 1)
	if err != nil {
		return err
	}
	element, err := hex.DecodeString("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76")
	if err != nil {
		return err
	}
	const size = 256
	a := ask{method: "POST", path: "/v1/evaluations", credential: of(people), body: bytes.Repeat(element, size), status: 200}
	var granted, refused atomic.Int64
	var group sync.WaitGroup
	began := time.Now()
	for range b.clients {
		group.Go(func() {
			for {
				if _, err := b.once(ctx, 0, a); err != nil {
					refused.Add(1)
					return
				}
				granted.Add(size)
			}
		})
	}
	group.Wait()
	if granted.Load() != budget || refused.Load() != int64(b.clients) {
		return fmt.Errorf("%d evaluations granted from a budget of %d", granted.Load(), budget)
	}
	b.say("one budget", "%d clients spent exactly %d evaluations in %.1f s", b.clients, granted.Load(), time.Since(began).Seconds())
	b.figures["one budget"] = map[string]any{"granted": granted.Load(), "budget": budget, "clients": b.clients}
	return nil
}
