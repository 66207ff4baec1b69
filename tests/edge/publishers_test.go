package edge_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sealbook/tests/edge/suite"
	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
	"sealbook/wasm/edge/store"
)

// Two processes publish the same database: one log, whole states, and whoever is
// second begins again.
func TestTwoPublishers(t *testing.T) {
	p := newInProcess(t)
	p.publish(t)
	second, err := edge.New(p.config(t, p.file.Store, p.files))
	if err != nil {
		t.Fatal(err)
	}
	follower := p.suite(t).Follow()
	follower.Look(t)
	ctx, end := context.WithCancel(t.Context())
	var group sync.WaitGroup
	var published atomic.Int64
	for _, h := range []*edge.Handler{p.handler, second, p.handler, second} {
		group.Go(func() {
			for ctx.Err() == nil {
				err := h.PublishNow(ctx)
				if err != nil && ctx.Err() == nil && !errors.Is(err, store.ErrTaken) {
					t.Errorf("publish: %v", err)
				}
				published.Add(1)
			}
		})
	}
	var tags [][directory.TagSize]byte
	for range 12 {
		_, tag := follower.Join(t)
		tags = append(tags, tag)
		follower.Look(t)
	}
	end()
	group.Wait()
	p.publish(t)
	all := follower.Look(t)
	for i, tag := range tags {
		if from, to := all.Find(tag); to-from != 1 {
			t.Errorf("person %d is there %d times", i, to-from)
		}
	}
	if published.Load() < 4 {
		t.Error("hardly anything was published")
	}
}

// And as processes, each of which sees what the other writes.
func TestTwoServers(t *testing.T) {
	data := t.TempDir()
	one := start(t, data)
	two := start(t, data)
	for i, p := range []*process{one, two, one, two} {
		mustJoin(t, p, fmt.Sprintf("+120255501%02d", i))
	}
	for _, p := range []*process{one, two} {
		s := suite.New(p.url, p.key, p.code).Follow()
		late := time.Now().Add(30 * time.Second)
		for s.Look(t).Count != 4 {
			if time.Now().After(late) {
				t.Fatal("not everybody is published")
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	two.stop(t)
	one.stop(t)
	checkIntegrity(t, data)
}
