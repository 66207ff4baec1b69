package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sealbook/wasm/directory"
)

// unauthenticated measures what requests without a credential cost the server,
// beside sending bytes: large files are asked for with HEAD.
func (b *bench) unauthenticated(ctx context.Context) error {
	st, err := b.newest(ctx)
	if err != nil {
		return err
	}
	v, hour := st.Version, st.Time.Unix()/3600
	null := strings.Repeat("0", 32)
	bad := []byte(`{"number":"+12025550199","code":"12345678","blinded":"4vKuCmq8TnGohKlhxQBRX1jjC2qlgt2NtqZZReCNLXY","consent":{"text_sha256":"` +
		directory.ConsentSHA256 + `","scopes":["search"]}}`)
	block := fmt.Sprintf("bytes=%d-%d", directory.HeaderSize+directory.RecordSize*directory.Block, directory.HeaderSize+2*directory.RecordSize*directory.Block-1)
	worst := time.Duration(0)
	for _, a := range []ask{
		{name: "GET directory", path: "/v2/directory"},
		{name: "GET log/update, first", path: "/v2/log/update?from=0"},
		{name: "GET log/update, later", path: "/v2/log/update?from=1"},
		{name: "GET log/checkpoint", path: "/v2/log/checkpoint"},
		{name: "GET log/tile", path: fmt.Sprintf("/v2/log/tile/0/000.p/%d", min(v, 255))},
		{name: "GET log/tile/entries", path: fmt.Sprintf("/v2/log/tile/entries/000.p/%d", min(v, 255))},
		{name: "HEAD tags", method: "HEAD", path: fmt.Sprintf("/v2/states/%d/tags", v)},
		{name: "HEAD records", method: "HEAD", path: fmt.Sprintf("/v2/states/%d/records", v)},
		{name: "GET a block of records", path: fmt.Sprintf("/v2/states/%d/records", v), header: map[string]string{"Range": block}, status: 206},
		{name: "GET hashes", path: fmt.Sprintf("/v2/states/%d/hashes", v)},
		{name: "HEAD changes", method: "HEAD", path: fmt.Sprintf("/v2/changes/%d/%d", hour, v)},
		{name: "HEAD changes/records", method: "HEAD", path: fmt.Sprintf("/v2/changes/%d/%d/records", hour, v)},
		{name: "GET an hour to come", path: fmt.Sprintf("/v2/changes/%d", hour+1), status: 404},
		{name: "POST registrations, too many", method: "POST", path: "/v2/registrations", mediaType: "application/json", body: []byte(`{"number":"+12025550199"}`), status: 429},
		{name: "POST registrations, unknown", method: "POST", path: "/v2/registrations/" + null, mediaType: "application/json", body: bad, status: 404},
		{name: "POST evaluations, no credential", method: "POST", path: "/v2/evaluations", body: make([]byte, 32<<10), status: 401},
		{name: "nothing there", path: "/v2/nothing", status: 404},
	} {
		a.method, a.status, a.units, a.unit = cmp.Or(a.method, "GET"), cmp.Or(a.status, 200), 1, "answers"
		if a.status == 429 {
			for range 3 { // the three that are sent
				b.once(ctx, 0, a)
			}
		}
		took, err := b.measure(ctx, 8, a)
		if err != nil {
			return err
		}
		worst = max(worst, took)
	}
	b.within("CPU of the dearest, without credential", ms(worst), 5, "ms")
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
				name: fmt.Sprintf("batches of %d, %d clients", size, clients), method: "POST", path: "/v2/evaluations", credential: of(people),
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
	a := ask{method: "POST", path: "/v2/evaluations", credential: of(people), body: bytes.Repeat(element, size), status: 200}
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
