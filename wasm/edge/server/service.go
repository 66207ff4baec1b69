package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
	"sealbook/wasm/edge/sqlite"
	"sealbook/wasm/edge/store"
)

// service is the handler and what it stands on.
type service struct {
	handler *edge.Handler
	file    *sqlite.File
	erased  chan struct{} // has one entry while copies of erased rows remain
}

func openService(ctx context.Context, o options) (*service, error) {
	if err := os.MkdirAll(o.data, 0o700); err != nil {
		return nil, err
	}
	_, err := os.Stat(o.database())
	seed, err := openSeed(o.seed(), errors.Is(err, fs.ErrNotExist))
	if err != nil {
		return nil, err
	}
	file, err := sqlite.Open(ctx, o.database(), sqlite.Options{Wait: o.wait, MaxBytes: o.maxSize << 20})
	if err != nil {
		return nil, err
	}
	s := &service{file: file, erased: make(chan struct{}, 1)}
	if err := s.open(ctx, o, seed); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *service) open(ctx context.Context, o options, seed [32]byte) error {
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
	s.handler, err = edge.New(edge.Config{
		Name: o.name, Seed: seed,
		Store:     s.file.Store,
		Evaluator: edge.Native,
		Sender:    sender,
		Address:   func(r *http.Request) string { return address(r, o.forwarded) },
		Now:       time.Now, Random: rand.Reader,
		Limits: o.limits, Consent: consent,
		Log:    logError,
		Erased: s.noteErased,
		Cache:  int(o.cache << 20),
	})
	if err != nil {
		return err
	}
	if err := s.handler.Check(ctx); err != nil {
		return fmt.Errorf("%w\nhint: is %s the seed, and -name the name, that this database was begun with?", err, o.seed())
	}
	return nil
}

func (s *service) close() error { return s.file.Close() }

func logError(err error) { fmt.Fprintln(os.Stderr, "error:", err) }

// address names the network that a request comes from.
func address(r *http.Request, header string) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if header != "" {
		// The last entry is the one that the proxy wrote.
		list := r.Header.Values(header)
		if len(list) > 0 {
			parts := strings.Split(list[len(list)-1], ",")
			host = strings.TrimSpace(parts[len(parts)-1])
		}
	}
	return edge.Network(host)
}

func (s *service) noteErased() {
	select {
	case s.erased <- struct{}{}:
	default:
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
			if err := s.purge(ctx); err != nil && ctx.Err() == nil {
				logError(err)
			}
		case <-s.erased:
		}
		switch err := s.file.Scrub(ctx); {
		case errors.Is(err, store.ErrBusy):
			time.AfterFunc(scrubAgain, s.noteErased)
		case err != nil && ctx.Err() == nil:
			logError(err)
		}
	}
}

// purge erases until there is nothing left to.
func (s *service) purge(ctx context.Context) error {
	for {
		if n, err := s.file.Store.Purge(ctx, time.Now().Unix()); err != nil || n == 0 {
			return err
		}
	}
}

// startEpoch starts the next epoch.
func (s *service) startEpoch(ctx context.Context, o options) error {
	st, err := s.file.Store.State(ctx)
	if err != nil {
		return err
	}
	bits := st.BucketBits
	if o.bucketBits >= 0 {
		bits = uint8(o.bucketBits)
	}
	if bits < st.BucketBits {
		return fmt.Errorf("buckets have %d bits and are only ever refined", st.BucketBits)
	}
	if err := s.file.Store.StartEpoch(ctx, st.Epoch, bits); err != nil {
		return err
	}
	if err := s.purge(ctx); err != nil {
		return err
	}
	// A server that is running may be in the way; then it does it.
	if err := s.file.Scrub(ctx); err != nil && !errors.Is(err, store.ErrBusy) {
		return err
	}
	fmt.Printf("epoch %d begins, with %d bucket bits\n", st.Epoch+1, bits)
	return nil
}
