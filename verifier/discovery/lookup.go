//go:build old

package discovery

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"sealbook/wasm/directory"
)

const (
	lanes = 6 // requests under way at once
	tries = 8 // how often records are read again because somebody came or went meanwhile
)

// person is a number to look for.
type person struct {
	number string
	tag    [directory.TagSize]byte
}

// match is a person whose tag is published at positions from ≤ i < to.
type match struct {
	person
	from, to int
}

// lookUp finds numbers that were evaluated in what the directory publishes.
func (d *Directory) lookUp(ctx context.Context, s Search, c *Counts) (map[string]directory.Record, error) {
	people := map[uint32][]person{}
	for _, number := range s.Numbers {
		y := s.State.outputs[number]
		bucket := directory.Bucket(number, d.Parameters.BucketBits)
		people[bucket] = append(people[bucket], person{number, directory.Tag(&y, d.Parameters.Epoch)})
	}
	buckets := slices.Sorted(maps.Keys(people))
	var done atomic.Int64
	var telling sync.Mutex
	if err := parallel(buckets, func(bucket uint32) error {
		if err := d.sync(ctx, s.State, bucket); err != nil {
			return err
		}
		telling.Lock()
		defer telling.Unlock()
		s.Progress(Progress{"tags", int(done.Add(1)), len(buckets)})
		return nil
	}); err != nil {
		return nil, err
	}
	if err := s.State.save(); err != nil {
		return nil, err
	}
	c.Buckets = len(buckets)
	matched := slices.DeleteFunc(slices.Clone(buckets), func(bucket uint32) bool {
		return len(matches(s.State.tags[bucket], people[bucket])) == 0
	})
	decoys := directory.DecoyBuckets(&s.State.seed, d.Parameters.Epoch, d.Parameters.BucketBits, buckets, matched)
	reads := append(matched, decoys...)
	slices.Sort(reads)
	found := map[string]directory.Record{}
	for i, bucket := range reads {
		if err := d.readBucket(ctx, s.State, bucket, people[bucket], found, c); err != nil {
			return nil, err
		}
		s.Progress(Progress{"records", i + 1, len(reads)})
	}
	return found, nil
}

// sync brings the tags of a bucket up to date.
func (d *Directory) sync(ctx context.Context, s *State, bucket uint32) error {
	s.mu.Lock()
	old, ok := s.tags[bucket]
	s.mu.Unlock()
	var last *known
	if ok {
		last = &old
	}
	current, err := d.currentTags(ctx, bucket, last)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tags[bucket] = current
	return nil
}

func matches(tags known, people []person) (all []match) {
	for _, p := range people {
		if from, to := tags.Find(p.tag); from < to {
			all = append(all, match{p, from, to})
		}
	}
	return all
}

// readBucket reads the records of a bucket, again where they are of another
// version than the tags.
func (d *Directory) readBucket(ctx context.Context, s *State, bucket uint32, people []person, found map[string]directory.Record, c *Counts) error {
	for range tries {
		all := matches(s.tags[bucket], people)
		r, err := d.readRecords(ctx, s, s.tags[bucket].Tags, all)
		if err != nil {
			return err
		}
		if r != nil {
			c.Blocks += r.wanted
			c.Decoys += r.decoys
			opened := r.open(s, d.Parameters.Epoch, all)
			c.Unopened += len(all) - len(opened)
			maps.Copy(found, opened)
			return nil
		}
		if err := d.sync(ctx, s, bucket); err != nil {
			return err
		}
	}
	return fail(TagsWrong, "the directory's tags and records are never of the same version")
}

// parallel does work for every item, some at a time. After a failure it begins
// nothing more and answers the first.
func parallel[T any](items []T, work func(T) error) error {
	var next atomic.Int64
	var first atomic.Pointer[error]
	var wg sync.WaitGroup
	for range min(lanes, len(items)) {
		wg.Go(func() {
			for first.Load() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(items) {
					return
				}
				if err := work(items[i]); err != nil {
					first.CompareAndSwap(nil, &err)
				}
			}
		})
	}
	wg.Wait()
	if err := first.Load(); err != nil {
		return *err
	}
	return nil
}
