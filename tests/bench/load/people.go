//go:build old

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"sealbook/tests/edge/storecases"
	"sealbook/verifier/discovery"
	"sealbook/wasm/directory"
	"sealbook/wasm/edge/sqlite"
)

// seed brings the made-up people into a database that a server has begun.
func (b *bench) seed(ctx context.Context) error {
	s, err := start(b.binary, b.data)
	if err != nil {
		return err
	}
	if err := s.stop(); err != nil {
		return err
	}
	name := filepath.Join(b.data, "directory.db")
	file, err := sqlite.Open(ctx, name, sqlite.Options{})
	if err != nil {
		return err
	}
	defer file.Close()
	for _, pragma := range []string{"synchronous = OFF", "cache_size = -524288"} {
		if _, err := file.Store.Write.ExecContext(ctx, "PRAGMA "+pragma); err != nil {
			return err
		}
	}
	began := time.Now()
	const piece = 50_000
	for left := b.people; left > 0; left -= piece {
		if err := storecases.Seed(file.Store, int64(min(left, piece)), 0); err != nil {
			return err
		}
	}
	if err := file.Scrub(ctx); err != nil {
		return err
	}
	took := time.Since(began)
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	b.say("people seeded", "%d in %.0f s; database %.0f MB", b.people, took.Seconds(), float64(info.Size())/1e6)
	b.figures["people"], b.figures["database_bytes"], b.figures["seed_seconds"] = b.people, info.Size(), took.Seconds()
	return nil
}

// number is one reserved for fiction.
func number(i int) string {
	areas := []int{201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231, 234, 239, 240}
	return fmt.Sprintf("+1%d55501%02d", areas[i/100], i%100)
}

// join registers the owner of a number.
func (b *bench) join(ctx context.Context, d *discovery.Directory, i int) (discovery.Confirmed, error) {
	r, err := d.Register(ctx, number(i))
	if err != nil {
		return discovery.Confirmed{}, err
	}
	return d.Confirm(ctx, discovery.Confirmation{
		Registration: r.ID, Number: r.Number, Code: <-b.server.codeOf(r.ID), Scopes: directory.Scopes(),
		Record: directory.Record{Handle: [32]byte{byte(i)}, Flags: uint32(i)},
	})
}
