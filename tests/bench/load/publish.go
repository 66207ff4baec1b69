package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge/sqlite"
	"sealbook/wasm/trust"
)

// newest reads the newest state.
func (b *bench) newest(ctx context.Context) (trust.State, error) {
	text, err := b.read(ctx, "/v2/log/update?from=0")
	if err != nil {
		return trust.State{}, err
	}
	verifier, err := directory.NewVerifier(b.server.key)
	if err != nil {
		return trust.State{}, err
	}
	var said directory.DirectoryAnswer
	if err := b.readJSON(ctx, "/v2/directory", &said); err != nil {
		return trust.State{}, err
	}
	var p directory.Parameters
	if err := verifier.Open(said.Note, &p); err != nil {
		return trust.State{}, err
	}
	key, err := trust.NewVerifier(p.Log, trust.Origin(p.Name))
	if err != nil {
		return trust.State{}, err
	}
	u, err := trust.OpenUpdate(string(text), tlog.Tree{}, key)
	return u.State, err
}

// settle waits until all that changed is published.
func (b *bench) settle(ctx context.Context) error {
	if b.worker {
		_, err := b.publish(ctx, false)
		return err
	}
	file, err := sqlite.Open(ctx, filepath.Join(b.data, "directory.db"), sqlite.Options{})
	if err != nil {
		return err
	}
	defer file.Close()
	for began := time.Now(); time.Since(began) < 10*time.Minute; time.Sleep(50 * time.Millisecond) {
		head, err := file.Store.Head(ctx)
		if err != nil {
			return err
		}
		if head.Changed <= head.Read {
			return nil
		}
	}
	return errors.New("what changed is not published")
}

// first is what a start takes, which looks through all files.
func (b *bench) first(ctx context.Context) error {
	st, err := b.newest(ctx)
	if err != nil {
		return err
	}
	if int(st.People) != b.people {
		return fmt.Errorf("%d people are published, not %d", st.People, b.people)
	}
	now, most := b.server.memory()
	b.say("start, files checked", "server %.2f s; memory %.0f MB, at most %.0f MB", b.server.cpu().Seconds(), now, most)
	tags, err := b.read(ctx, fmt.Sprintf("/v2/states/%d/tags", st.Version))
	if err != nil {
		return err
	}
	b.say("file of tags", "%d bytes, %.2f bits a person", len(tags), 8*float64(len(tags))/float64(b.people))
	b.figures["tags_bytes"] = len(tags)
	return nil
}

// publishing is what a state costs after 1,000 changes.
func (b *bench) publishing(ctx context.Context) error {
	if err := b.settle(ctx); err != nil {
		return err
	}
	const changes, rounds = 1000, 3
	var used time.Duration
	var memory float64
	for range rounds {
		if err := b.server.forgetMost(); err != nil {
			return err
		}
		before, err := b.newest(ctx)
		if err != nil {
			return err
		}
		held, _ := b.server.memory()
		cpu := b.server.cpu()
		if err := b.change(ctx, changes); err != nil {
			return err
		}
		if err := b.settle(ctx); err != nil {
			return err
		}
		after, err := b.newest(ctx)
		if err != nil {
			return err
		}
		_, most := b.server.memory()
		used += (b.server.cpu() - cpu) / time.Duration(after.Version-before.Version)
		memory = max(memory, most-held)
	}
	b.within("publishing 1,000 changes, CPU", used.Seconds()/rounds, 2, "s")
	b.within("publishing 1,000 changes, memory", memory, 128, "MB")
	return nil
}
