package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sealbook/tests/edge/storecases"
	"sealbook/verifier/discovery"
	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
	"sealbook/wasm/edge/folder"
	"sealbook/wasm/edge/sqlite"
	"sealbook/wasm/edge/store"
)

// seed brings the made-up people into a database that a server has begun.
func (b *bench) seed(ctx context.Context) error {
	if err := os.MkdirAll(b.data, 0o700); err != nil {
		return err
	}
	var random [32]byte
	rand.Read(random[:])
	if err := os.WriteFile(filepath.Join(b.data, "seed"), []byte(hex.EncodeToString(random[:])+"\n"), 0o600); err != nil {
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
	// The first state, of nobody; and everybody's, when they are there.
	if err := b.publishBefore(ctx, file.Store); err != nil {
		return err
	}
	began := time.Now()
	const piece = 50_000
	for left := b.people; left > 0; left -= piece {
		if err := storecases.Seed(file.Store, int64(min(left, piece)), time.Now().Unix()); err != nil {
			return err
		}
	}
	if err := b.publishBefore(ctx, file.Store); err != nil {
		return err
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

// publishBefore publishes as two hours ago: who syncs today does not read
// the changes of the hour in which all of them came.
func (b *bench) publishBefore(ctx context.Context, s *store.Store) error {
	text, err := os.ReadFile(filepath.Join(b.data, "seed"))
	if err != nil {
		return err
	}
	seed, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		return err
	}
	files, err := folder.Open(filepath.Join(b.data, "published"))
	if err != nil {
		return err
	}
	defer files.Close()
	limits := edge.DefaultLimits()
	limits.Budget, limits.RefillPerDay = budget, 1
	h, err := edge.New(edge.Config{
		Name: "localhost", Seed: [32]byte(seed), Store: s, Files: files, Evaluator: edge.Native, Random: rand.Reader,
		Now: func() time.Time { return time.Now().Add(-2 * time.Hour) }, Limits: limits, Consent: directory.Consent,
	})
	if err != nil {
		return err
	}
	return h.PublishNow(ctx)
}

// number is one reserved for fiction.
func number(i int) string {
	areas := []int{201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231, 234, 239, 240}
	return fmt.Sprintf("+1%d55501%02d", areas[i/100], i%100)
}

// join registers the owner of a number, with a record.
func (b *bench) join(ctx context.Context, d *discovery.Directory, s *discovery.State, i int) (discovery.Mine, error) {
	r, err := d.Register(ctx, number(i))
	if err != nil {
		return discovery.Mine{}, err
	}
	m, err := d.Confirm(ctx, s, discovery.Confirmation{
		Registration: r.ID, Number: r.Number, Code: <-b.server.codeOf(r.ID), Scopes: directory.Scopes(),
	})
	if err == nil {
		err = d.Publish(ctx, &m, directory.Record{Handle: [32]byte{byte(i)}, Flags: uint32(i)})
	}
	return m, err
}

// joinAll registers people from the number with that index on.
func (b *bench) joinAll(ctx context.Context, from, n int) (credentials []string, err error) {
	d, err := discovery.New(b.server.url, discovery.Options{Key: b.server.key})
	if err != nil {
		return nil, err
	}
	for i := range n {
		m, err := b.join(ctx, d, nil, from+i)
		if err != nil {
			return nil, err
		}
		credentials = append(credentials, m.Credential)
	}
	return credentials, nil
}

func of(credentials []string) func(int) string {
	return func(turn int) string { return credentials[turn%len(credentials)] }
}

// change brings n changes into the database beside the server: of ten, eight new
// records, one who comes and one who goes.
func (b *bench) change(ctx context.Context, n int) error {
	if b.worker {
		return b.changeWorker(ctx, n)
	}
	file, err := sqlite.Open(ctx, filepath.Join(b.data, "directory.db"), sqlite.Options{Wait: time.Minute})
	if err != nil {
		return err
	}
	defer file.Close()
	return change(ctx, file.Store.Write, n)
}
