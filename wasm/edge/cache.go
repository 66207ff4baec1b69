package edge

import (
	"container/list"
	"context"
	"errors"
	"sync"

	"sealbook/wasm/edge/store"
)

// cache keeps the listings that were asked for last.
type cache struct {
	store *store.Store
	limit int // bytes

	mu    sync.Mutex
	used  int
	order *list.List // of *slot, the last used first
	slots map[uint32]*list.Element
}

// slot is the place of a bucket. Its mutex is held while a listing is made, so
// that it is made once.
type slot struct {
	number  uint32
	mu      sync.Mutex
	listing *listing
	size    int // under the cache's mutex
}

func newCache(s *store.Store, limit int) *cache {
	return &cache{store: s, limit: limit, order: list.New(), slots: map[uint32]*list.Element{}}
}

// listing answers a listing of the bucket that is at least as new as b.
func (c *cache) listing(ctx context.Context, b store.Bucket) (*listing, error) {
	s := c.slot(b.Number)
	s.mu.Lock()
	defer s.mu.Unlock()
	if l := s.listing; l != nil && l.bucket.Epoch == b.Epoch && l.bucket.Version >= b.Version {
		return l, nil
	}
	next, err := c.next(ctx, s.listing, b)
	if err != nil {
		return nil, err
	}
	if c.keep(s, next.size()) {
		s.listing = next
	} else {
		s.listing = nil
	}
	return next, nil
}

// next makes a listing from an older one and what changed since, or anew.
func (c *cache) next(ctx context.Context, old *listing, b store.Bucket) (*listing, error) {
	if old != nil && old.bucket.Epoch == b.Epoch {
		changes, err := c.store.Changes(ctx, b.Number, old.bucket.Version)
		if err != nil && !errors.Is(err, store.ErrGone) {
			return nil, err
		}
		if err == nil && changes.Bucket.Epoch == old.bucket.Epoch {
			if next, ok := old.after(changes); ok {
				return next, nil
			}
		}
	}
	now, entries, err := c.store.Entries(ctx, b)
	if err != nil {
		return nil, err
	}
	return newListing(now, entries), nil
}

// slot finds or makes the slot of a bucket, and makes it the last used.
func (c *cache) slot(number uint32) *slot {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.slots[number]; e != nil {
		c.order.MoveToFront(e)
		return e.Value.(*slot)
	}
	s := &slot{number: number}
	c.slots[number] = c.order.PushFront(s)
	return s
}

// keep makes room for size bytes in a slot by forgetting those used least
// recently. It answers false if there is none; the slot is forgotten too.
func (c *cache) keep(s *slot, size int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.slots[s.number]; e == nil || e.Value != s {
		return false // forgotten meanwhile
	}
	c.used += size - s.size
	s.size = size
	for e := c.order.Back(); e != nil && (c.used > c.limit || len(c.slots) > maxSlots); {
		old := e.Value.(*slot)
		before := e.Prev()
		if old != s || size > c.limit {
			c.used -= old.size
			old.size = 0
			c.order.Remove(e)
			delete(c.slots, old.number)
		}
		e = before
	}
	return size <= c.limit
}

// maxSlots bounds what empty buckets take.
const maxSlots = 1 << 16
