package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
	"sealbook/wasm/edge/folder"
	"sealbook/wasm/edge/sqlite"
	"sealbook/wasm/edge/store"
)

// service is the handler and what it stands on.
type service struct {
	handler   *edge.Handler
	file      *sqlite.File
	published *folder.Files
	changed   chan struct{} // has one entry while something may be published
	erased    chan struct{} // has one entry while copies of erased rows remain
}

func openService(ctx context.Context, o options) (*service, error) {
	if err := os.MkdirAll(o.data, 0o700); err != nil {
		return nil, err
	}
	_, err := os.Stat(o.database())
	seed, err := openSeed(o.seed(), errors.Is(err, fs.ErrNotExist) && o.importFrom == "")
	if err != nil {
		return nil, err
	}
	file, err := sqlite.Open(ctx, o.database(), sqlite.Options{Wait: o.wait, MaxBytes: o.maxSize << 20})
	if err != nil {
		return nil, err
	}
	s := &service{file: file, changed: make(chan struct{}, 1), erased: make(chan struct{}, 1)}
	if err := s.open(o, seed); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *service) open(o options, seed [32]byte) error {
	sender, err := newSender(o)
	if err != nil {
		return err
	}
	consent := directory.Consent
	if o.consent != "" {
		text, err := os.ReadFile(o.consent)
		if err != nil {
			return err
		}
		consent = string(text)
	}
	if s.published, err = folder.Open(o.published()); err != nil {
		return err
	}
	c := edge.Config{
		Name: o.name, Seed: seed,
		Store: s.file.Store, Files: s.published,
		Evaluator: edge.Native,
		Sender:    sender,
		Address:   func(r *http.Request) netip.Addr { return address(r, o.forwarded) },
		Now:       time.Now, Random: rand.Reader,
		Limits: o.limits, Consent: consent, Kinds: list(o.kinds), Origins: list(o.origins),
		Log:     logError,
		Changed: func() { notify(s.changed) },
		Erased:  func() { notify(s.erased) },
	}
	if o.former != "" {
		former, err := openSeed(o.former, false)
		if err != nil {
			return err
		}
		c.Former = &former
	}
	if o.clockChecked {
		start := time.Now()
		c.ClockChecked = func() time.Time { return start }
	}
	s.handler, err = edge.New(c)
	return err
}

func (s *service) close() error {
	err := s.file.Close()
	if s.published != nil {
		err = errors.Join(err, s.published.Close())
	}
	return err
}

func logError(err error) { fmt.Fprintln(os.Stderr, "error:", err) }

// notify puts an entry into a channel that has room for one.
func notify(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// address is that of the client: of the connection, or what the proxy says of
// it.
func address(r *http.Request, header string) netip.Addr {
	text := r.RemoteAddr
	if header != "" {
		text = ""
		// The last entry is the one that the proxy wrote.
		if all := r.Header.Values(header); len(all) > 0 {
			parts := strings.Split(all[len(all)-1], ",")
			text = parts[len(parts)-1]
		}
	}
	return edge.ParseAddress(text)
}

// begin publishes first: what is served is in the log, and so is what was
// written before a start.
func (s *service) begin(ctx context.Context, o options) error {
	return hint(s.handler.PublishNow(ctx), o)
}

// hint adds what an operator can do.
func hint(err error, o options) error {
	switch {
	case errors.Is(err, edge.ErrClock):
		return fmt.Errorf("%w\nhint: set the clock right; if it is, start once with -clock-checked", err)
	case errors.Is(err, edge.ErrOther):
		return fmt.Errorf("%w\nhint: is %s the seed, and -name the name, that this database was begun with?", err, o.seed())
	}
	return err
}

// lookAround is how often the database is looked at for what other processes
// changed in it.
const lookAround = time.Second

// keepPublishing publishes whenever it is time.
func (s *service) keepPublishing(ctx context.Context) {
	said := ""
	for {
		wait, err := s.handler.Publish(ctx)
		if ctx.Err() != nil {
			return
		}
		// What goes on is said once.
		if err != nil && err.Error() != said {
			logError(err)
		}
		said = fmt.Sprint(err)
		timer := time.NewTimer(max(min(wait, lookAround), 10*time.Millisecond))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		case <-s.changed:
			timer.Stop()
		}
	}
}

// How often what has had its time is erased, and how soon a scrub that somebody
// was in the way of is tried again.
const (
	cleanEvery = 10 * time.Second
	scrubAgain = 250 * time.Millisecond
)

// keepClean erases what has had its time, and the copies of what was erased.
func (s *service) keepClean(ctx context.Context) {
	tick := time.NewTicker(cleanEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return // closing the database removes the WAL
		case <-tick.C:
			// The clock is told of where it is published by.
			if err := s.handler.Clean(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, edge.ErrClock) {
				logError(err)
			}
		case <-s.erased:
		}
		switch err := s.file.Scrub(ctx); {
		case errors.Is(err, store.ErrBusy):
			time.AfterFunc(scrubAgain, func() { notify(s.erased) })
		case err != nil && ctx.Err() == nil:
			logError(err)
		}
	}
}

// startEpoch starts the next epoch, and publishes it.
func (s *service) startEpoch(ctx context.Context, o options) error {
	if err := s.begin(ctx, o); err != nil { // it is the right seed, and the right time
		return err
	}
	now, err := s.handler.Epoch(ctx)
	if err != nil {
		return err
	}
	if err := s.handler.StartEpoch(ctx, now); err != nil {
		return err
	}
	if err := s.handler.PublishNow(ctx); err != nil {
		return err
	}
	fmt.Printf("epoch %d begins\n", now+1)
	return nil
}

// rotateSeed makes the directory one of the seed that now lies in its folder.
func (s *service) rotateSeed(ctx context.Context, o options) error {
	if err := s.begin(ctx, o); err != nil {
		return err
	}
	fmt.Printf("the seed is another\ndirectory key: %s\n", s.handler.VerifierKey())
	return nil
}
