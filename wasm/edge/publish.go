package edge

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sealbook/wasm/edge/store"
)

// A publication reads one state of the database, writes its files under an id of
// its own, and appends its leaf to the log, if that is still as long as it was:
// with that the files belong to the version, in the same statement. Killed
// before, it leaves files that nobody asks for and that the next one removes.
// Whoever else publishes at once finds the log longer and begins again.

// leafEvery is how often a leaf is written at least, in seconds: every 6 hours,
// so that clients can tell a frozen directory from a quiet one; some time is left
// for trying again.
const leafEvery = 6*3600 - 600

// MaxJump is how far ahead of the last leaf's time the clock may be. More is
// taken for a clock that is wrong: one leaf of a far year, and no client takes
// another.
const MaxJump = 25 * time.Hour

// ErrClock is that the clock jumped.
var ErrClock = fmt.Errorf("edge: the clock is more than %v ahead of the last published state", MaxJump)

// Publish publishes if it is time, and returns when to call it again: after that
// long, or when Config.Changed is called. An error is not the end: it may go
// better the next time.
func (h *Handler) Publish(ctx context.Context) (time.Duration, error) {
	return h.publish(ctx, false)
}

// PublishNow publishes what there is to publish without waiting for the clock,
// as a start does.
func (h *Handler) PublishNow(ctx context.Context) error {
	_, err := h.publish(ctx, true)
	return err
}

func (h *Handler) publish(ctx context.Context, now bool) (time.Duration, error) {
	h.publishing.Lock()
	defer h.publishing.Unlock()
	for try := 0; ; try++ {
		wait, err := h.publishOnce(ctx, now)
		if !errors.Is(err, store.ErrTaken) || try == 3 {
			return wait, err
		}
		now = false // somebody else has just published
	}
}

func (h *Handler) publishOnce(ctx context.Context, now bool) (time.Duration, error) {
	again := time.Duration(h.config.Limits.Interval) * time.Second
	if !h.claimed {
		if err := h.claim(ctx); err != nil {
			return again, err
		}
		h.claimed = true
	}
	head, err := h.config.Store.Head(ctx)
	if err != nil {
		return again, err
	}
	last, err := h.last(ctx, head)
	if err != nil {
		return again, err
	}
	clock := h.config.Now()
	if err := h.checkClock(last, clock); err != nil {
		return again, err
	}
	if head.Epoch == 0 || clock.Unix()-head.Began >= MaxEpoch {
		if err := h.StartEpoch(ctx, head.Epoch); err != nil && !errors.Is(err, store.ErrEpoch) {
			return again, err
		}
		if head, err = h.config.Store.Head(ctx); err != nil {
			return again, err
		}
	}
	// After a start it is seen whether the files are still those of the log.
	lost := now && last != nil && last.leaf.Files != adopted && !h.filesFit(ctx, last)
	if wait := h.due(head, last, clock.Unix()); wait > 0 && !(now && (lost || h.pending(head, last))) {
		return time.Duration(wait) * time.Second, h.announce(ctx)
	}
	began := time.Now()
	if err := h.publishState(ctx, head, last, lost, clock); err != nil {
		if !errors.Is(err, store.ErrTaken) {
			h.counts.add("sealbook_publications_failed_total", 1)
		}
		return again, err
	}
	h.counts.add("sealbook_publications_total", 1)
	h.counts.add("sealbook_publication_milliseconds_sum", time.Since(began).Milliseconds())
	if err := h.announce(ctx); err != nil {
		return again, err
	}
	if age := clock.Unix() - h.swept; 0 <= age && age < sweepEvery {
		return again, nil
	}
	h.swept = clock.Unix()
	return again, h.sweep(ctx, clock.Unix())
}

// sweepEvery is how many seconds lie between two looks for old files at least.
const sweepEvery = 60

// last is the newest state, nil before the first.
func (h *Handler) last(ctx context.Context, head store.Head) (*newest, error) {
	if head.Size == 0 {
		return nil, nil
	}
	n, err := h.newest(ctx)
	return &n, err
}

func (h *Handler) checkClock(last *newest, clock time.Time) error {
	if last == nil || clock.Sub(last.state.Time) <= MaxJump {
		return nil
	}
	if checked := h.config.ClockChecked; checked != nil && clock.Sub(checked()).Abs() <= MaxJump {
		return nil
	}
	return ErrClock
}

// pending reports whether the newest state is not what would be published now.
func (h *Handler) pending(head store.Head, last *newest) bool {
	return last == nil || head.Changed > head.Read || h.urgent(head, last)
}

// urgent reports whether the newest state is of another epoch or of other
// parameters, or came from a mirror: until the next is published clients can't
// go on.
func (h *Handler) urgent(head store.Head, last *newest) bool {
	return head.Epoch != last.state.Epoch || last.leaf.Files == adopted ||
		h.parameters(last.state.Epoch, last.state.Key).SHA256() != last.state.Parameters
}

// due is in how many seconds it is time to publish.
func (h *Handler) due(head store.Head, last *newest, now int64) int64 {
	if last == nil {
		return 0
	}
	age := now - last.leaf.At
	interval := max(h.config.Limits.Interval, (h.config.Limits.Share*last.leaf.Took+999)/1000)
	switch {
	case age < 0: // the clock was set back; the next one is by the new clock
		return 0
	case head.Epoch != last.state.Epoch:
		return 0
	}
	leaf := max(leafEvery-(now-last.state.Time.Unix()), 0)
	if h.pending(head, last) {
		// A publication may have taken hours, on a machine that slept.
		return min(leaf, max(interval-age, 0))
	}
	return leaf
}

// Clean erases what has had its time. It does not where the clock may be wrong:
// in a far year everything would be old.
func (h *Handler) Clean(ctx context.Context) error {
	head, err := h.config.Store.Head(ctx)
	if err != nil {
		return err
	}
	last, err := h.last(ctx, head)
	if err != nil {
		return err
	}
	clock := h.config.Now()
	if err := h.checkClock(last, clock); err != nil {
		return err
	}
	for {
		n, err := h.config.Store.Purge(ctx, clock.Unix())
		if n == 0 || err != nil {
			return err
		}
		h.erased()
		h.changed()
	}
}
