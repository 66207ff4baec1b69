package edge_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
)

// dying are files whose process is killed at a step: from then on nothing is
// written, and the database is gone too. A file that is being written stays as
// it is, half.
type dying struct {
	edge.Files
	folder string
	step   int // of its death
	die    func()

	mu  sync.Mutex
	now int
}

func (d *dying) dead() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now >= d.step
}

var errDead = errors.New("killed")

// alive counts a step.
func (d *dying) alive() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now++
	if d.now == d.step {
		d.die()
	}
	return d.now < d.step
}

func (d *dying) Write(ctx context.Context, name string, write func(io.Writer) error) error {
	if !d.alive() {
		return errDead
	}
	// Half a file, as a cut leaves it, instead of the file.
	d.mu.Lock()
	half := d.now+1 == d.step
	d.mu.Unlock()
	if half {
		d.alive()
		file := filepath.Join(d.folder, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte("SB"), 0o600)); err != nil {
			return err
		}
		return errDead
	}
	if err := d.Files.Write(ctx, name, write); err != nil {
		return err
	}
	if !d.alive() {
		return errDead
	}
	return nil
}

func (d *dying) Open(ctx context.Context, name string) (io.ReadSeekCloser, int64, error) {
	if d.dead() {
		return nil, 0, errDead
	}
	return d.Files.Open(ctx, name)
}

func (d *dying) List(ctx context.Context) ([]string, error) {
	if !d.alive() {
		return nil, errDead
	}
	return d.Files.List(ctx)
}

func (d *dying) Remove(ctx context.Context, names ...string) error {
	if !d.alive() {
		return errDead
	}
	return d.Files.Remove(ctx, names...)
}

// Killed at any step of publishing, the service goes on: what was in the log can
// be read, what was acknowledged is in the next state, and nobody sees half of
// anything.
func TestPublishingKilled(t *testing.T) {
	p := newInProcess(t)
	follower := p.suite(t).Follow()
	follower.Look(t)
	var tags [][directory.TagSize]byte
	for step := 1; ; step++ {
		_, tag := follower.Join(t)
		tags = append(tags, tag)
		d := &dying{folder: filepath.Join(p.folder, "published"), step: step}
		p.restartWith(t, func(c *edge.Config) {
			d.Files, d.die = c.Files, func() { p.file.Close() }
			c.Files = d
			c.Log = nil
		})
		err := p.handler.PublishNow(t.Context())
		if alive := !d.dead(); alive != (err == nil) {
			t.Fatalf("step %d: %v", step, err)
		}
		p.restartWith(t, nil)
		follower.URL = p.server.URL
		// Before anything is published again: what the log has can be read.
		follower.Look(t)
		p.publish(t)
		all := follower.Look(t)
		for i, tag := range tags {
			if from, to := all.Find(tag); to-from != 1 {
				t.Fatalf("step %d: person %d is there %d times", step, i, to-from)
			}
		}
		if err == nil {
			if step < 12 {
				t.Errorf("only %d steps", step)
			}
			t.Logf("counts: killed at %d steps", step-1)
			break
		}
	}
	// What came to nothing is removed when it is surely nobody's.
	p.ahead.Add(int64(2 * time.Hour))
	follower.Join(t)
	p.publish(t)
	names, err := p.files.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	folders := map[string]bool{}
	for _, name := range names {
		folder, _, _ := strings.Cut(name, "/")
		folders[folder] = true
	}
	// The newest, the one before it, and the last of each hour.
	if len(folders) > 4 {
		t.Errorf("%d publications are kept: %v", len(folders), folders)
	}
}
