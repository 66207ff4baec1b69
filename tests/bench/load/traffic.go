package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"sealbook/tests/bench/figures"
	"sealbook/wasm/directory"
)

// kinds measures each kind of request.
func (b *bench) kinds(ctx context.Context, credentials []string, worker bool) (all []figures.Kind, err error) {
	st, err := b.newest(ctx)
	if err != nil {
		return nil, err
	}
	v, hour := st.Version, st.Time.Unix()/3600
	element, err := hex.DecodeString("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76")
	if err != nil {
		return nil, err
	}
	block := fmt.Sprintf("bytes=%d-%d", directory.HeaderSize+directory.RecordSize*directory.Block, directory.HeaderSize+2*directory.RecordSize*directory.Block-1)
	width := v % 256
	for _, k := range []struct {
		ask
		file string // of the version
	}{
		{ask{name: "`GET /v2/directory`", path: "/v2/directory"}, ""},
		{ask{name: "`GET /v2/log/update`", path: "/v2/log/update?from=1"}, ""},
		{ask{name: "`GET /v2/log/checkpoint`", path: "/v2/log/checkpoint"}, ""},
		{ask{name: "a tile of the log", path: fmt.Sprintf("/v2/log/tile/entries/000.p/%d", width)}, fmt.Sprintf("log/tile/entries/000.p/%d", width)},
		{ask{name: "tags", path: fmt.Sprintf("/v2/states/%d/tags", v)}, "tags"},
		{ask{name: "a block of records", path: fmt.Sprintf("/v2/states/%d/records", v), header: map[string]string{"Range": block}, status: 206}, "records"},
		{ask{name: "hashes of the blocks", path: fmt.Sprintf("/v2/states/%d/hashes", v)}, "hashes"},
		{ask{name: "the hour's changes", path: fmt.Sprintf("/v2/changes/%d/%d", hour, v)}, "changes"},
		{ask{name: "their records", path: fmt.Sprintf("/v2/changes/%d/%d/records", hour, v)}, "changes-records"},
		{ask{name: "`GET /v2/me`", path: "/v2/me", credential: of(credentials)}, ""},
		{ask{name: "`PUT /v2/me/record`", method: "PUT", path: "/v2/me/record", credential: of(credentials), body: make([]byte, directory.RecordSize), status: 204}, ""},
		{ask{name: "evaluation of 8", method: "POST", path: "/v2/evaluations", credential: of(credentials), body: bytes.Repeat(element, 8)}, ""},
		{ask{name: "evaluation of 64", method: "POST", path: "/v2/evaluations", credential: of(credentials), body: bytes.Repeat(element, 64)}, ""},
		{ask{name: "evaluation of 1,024", method: "POST", path: "/v2/evaluations", credential: of(credentials), body: bytes.Repeat(element, 1024)}, ""},
	} {
		a := k.ask
		if a.method == "" {
			a.method = "GET"
		}
		if a.status == 0 {
			a.status = 200
		}
		a.units, a.unit = 1, "answers"
		c := figures.Kind{Name: a.name}
		mine := &c.Native
		if worker {
			mine = &c.Worker
		}
		measured := func(a ask) (float64, error) {
			took, err := b.measure(ctx, 4, a)
			return took.Seconds() * 1e3, err
		}
		if worker && k.file != "" {
			key := k.file
			if !strings.HasPrefix(key, "log/") {
				prefix, err := b.read(ctx, fmt.Sprintf("/v2/bench/key?%d", v))
				if err != nil {
					return nil, err
				}
				key = string(prefix) + k.file
			}
			stream := a
			stream.name, stream.path, stream.status = "… streamed and nothing else", "/v2/bench/stream?"+key, 200
			// In turn, so that what else the machine does meets both.
			for range 2 {
				took, err := measured(stream)
				if err != nil {
					return nil, err
				}
				c.Streamed += took / 2
				if took, err = measured(a); err != nil {
					return nil, err
				}
				*mine += took / 2
			}
		} else if *mine, err = measured(a); err != nil {
			return nil, err
		}
		if worker {
			if _, err := b.used(ctx, true); err != nil {
				return nil, err
			}
		}
		n, err := b.once(ctx, 0, a)
		if err != nil {
			return nil, err
		}
		c.Bytes = float64(n)
		if worker {
			if c.Used, err = b.used(ctx, false); err != nil {
				return nil, err
			}
		}
		all = append(all, c)
	}
	return all, nil
}

// hourOfTraffic is what a tenth of the people send who sync daily, in an hour.
func (b *bench) hourOfTraffic(ctx context.Context, credentials []string) (h figures.Hour, err error) {
	st, err := b.newest(ctx)
	if err != nil {
		return h, err
	}
	hour := st.Time.Unix() / 3600
	element, err := hex.DecodeString("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76")
	if err != nil {
		return h, err
	}
	sync1 := []ask{
		{method: "GET", path: "/v2/directory", status: 200},
		{method: "GET", path: "/v2/log/update?from=1", status: 200},
		{method: "GET", path: fmt.Sprintf("/v2/changes/%d/%d", hour, st.Version), status: 200},
		{method: "GET", path: "/v2/me", status: 200, credential: of(credentials)},
		{method: "POST", path: "/v2/evaluations", status: 200, credential: of(credentials), body: bytes.Repeat(element, 8)},
	}
	if err := b.server.forgetMost(); err != nil {
		return h, err
	}
	if _, err := b.server.heap.most(true); err != nil {
		return h, err
	}
	h.From, _ = b.server.memory()
	var left, done atomic.Int64
	left.Store(int64(max(b.people/10/24, 100)))
	var mu sync.Mutex
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for turn := i; left.Add(-1) >= 0; turn += 8 {
				for _, a := range sync1 {
					if _, failed := b.once(ctx, turn, a); failed != nil {
						mu.Lock()
						err = failed
						mu.Unlock()
						return
					}
					done.Add(1)
				}
			}
		})
	}
	group.Wait()
	h.To, h.Most = b.server.memory()
	h.Requests = done.Load()
	if err != nil {
		return h, err
	}
	var largest float64
	if err := b.readJSON(ctx, "/v2/bench/largest", &largest); err != nil {
		return h, err
	}
	h.Go = largest / 1e6
	h.V8, err = b.server.heap.most(false)
	return h, err
}

// compareWorker runs the worker's part, with the native server's figures.
func (b *bench) compareWorker(ctx context.Context) error {
	if err := b.packWorker(); err != nil {
		return err
	}
	// Native first: the kinds, with people of its own.
	credentials, err := b.joinAll(ctx, 1100, b.clients)
	if err != nil {
		return err
	}
	if err := b.settle(ctx); err != nil {
		return err
	}
	native, err := b.kinds(ctx, credentials, false)
	if err != nil {
		return err
	}
	cpu := b.server.cpu()
	if err := b.change(ctx, 10_000); err != nil {
		return err
	}
	if err := b.settle(ctx); err != nil {
		return err
	}
	nativePublish := b.server.cpu() - cpu
	if err := b.server.stop(); err != nil {
		return err
	}

	b.worker = true
	if _, err := b.startWorker(); err != nil { // which makes the tables
		return err
	}
	if err := b.server.stop(); err != nil {
		return err
	}
	began := time.Now()
	if err := b.copyTables(ctx); err != nil {
		return err
	}
	b.say("worker: people moved", "%d in %.0f s", b.people, time.Since(began).Seconds())
	if _, err := b.startWorker(); err != nil {
		return err
	}
	defer func() { b.server.stop() }()
	if _, err := b.joinAll(ctx, 1200, 1); err != nil {
		return err
	}
	var publishings []figures.Publishing
	publish := func(name string) error {
		p, err := b.publish(ctx, false)
		if err != nil {
			return err
		}
		p.Name = name
		publishings = append(publishings, p)
		b.say("worker: "+name, "%.1f s of CPU, %.1f s; isolate %.0f MB, of it Go %.0f MB; the process %+.0f MB at most", p.CPU, p.Took, p.Isolate(), p.Go, p.Process)
		return nil
	}
	if err := publish("all made anew from D1"); err != nil {
		return err
	}
	for _, n := range []int{1000, 10_000} {
		if err := b.changeWorker(ctx, n); err != nil {
			return err
		}
		if err := publish(fmt.Sprintf("%d,000 changes", n/1000)); err != nil {
			return err
		}
	}
	if err := b.changeWorker(ctx, 10_000); err != nil {
		return err
	}
	again, err := b.publish(ctx, true)
	if err != nil {
		return err
	}
	publishings[len(publishings)-1].Used = again.Used
	b.say("native: 10,000 changes", "%.1f s of CPU", nativePublish.Seconds())
	if err := b.search(ctx); err != nil {
		return err
	}
	if credentials, err = b.joinAll(ctx, 1300, b.clients); err != nil {
		return err
	}
	if _, err := b.publish(ctx, false); err != nil {
		return err
	}
	kinds, err := b.kinds(ctx, credentials, true)
	if err != nil {
		return err
	}
	for i := range kinds {
		kinds[i].Native = native[i].Native
	}
	cpu = b.server.cpu()
	const registered = 60
	if _, err := b.used(ctx, true); err != nil {
		return err
	}
	if _, err := b.joinAll(ctx, 1400, registered); err != nil {
		return err
	}
	registering := figures.Kind{Name: "registering, code and record", Worker: (b.server.cpu() - cpu).Seconds() * 1e3 / registered}
	if registering.Used, err = b.used(ctx, false); err != nil {
		return err
	}
	registering.Used.Read /= registered
	registering.Used.Written /= registered
	registering.Used.B /= registered
	hour, err := b.hourOfTraffic(ctx, credentials)
	if err != nil {
		return err
	}
	b.say("worker: an hour's traffic", "%d requests; memory %.0f MB, then %.0f, at most %.0f; V8 at most %.0f after a collection, an instance of Go %.0f", hour.Requests, hour.From, hour.To, hour.Most, hour.V8, hour.Go)
	f := figures.Figures{
		Date: time.Now().UTC().Format(time.DateOnly), Processors: runtime.NumCPU(), People: b.people,
		Database: b.figures["database_bytes"].(int64), Tags: int64(b.figures["tags_bytes"].(int)),
		Kinds: append(kinds, registering), Publishings: publishings, Hour: hour,
	}
	if f.Private, err = retrieve(ctx); err != nil {
		return err
	}
	if b.people < 1_000_000 {
		fmt.Println("not written down: the tables are of a million people")
		return nil
	}
	return f.Save(".")
}
