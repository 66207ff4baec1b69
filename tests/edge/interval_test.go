package edge_test

import (
	"context"
	"io"
	"testing"
	"time"

	"sealbook/wasm/edge"
)

// Restarts, and whoever asks for them, do not make states come faster; changes
// wait for the interval, and then come at once.
func TestInterval(t *testing.T) {
	p := newInProcess(t)
	p.restartWith(t, func(c *edge.Config) { c.Limits.Interval = 60 })
	follower := p.suite(t).Follow()
	version := func() uint64 { t.Helper(); return follower.Look(t).Version }
	tick := func(want time.Duration) {
		t.Helper()
		wait, err := p.handler.Publish(t.Context())
		if err != nil || wait != want {
			t.Errorf("wait %v %v, want %v", wait, err, want)
		}
	}
	first := version()
	follower.Join(t)
	tick(60 * time.Second)
	p.ahead.Add(int64(20 * time.Second))
	follower.Join(t)
	tick(40 * time.Second)
	if got := version(); got != first {
		t.Errorf("version %d before the interval's end", got)
	}
	p.ahead.Add(int64(40 * time.Second))
	tick(60 * time.Second)
	if got := version(); got != first+1 || follower.Look(t).Count != 2 {
		t.Errorf("version %d after %d", got, first)
	}
	// Nothing changed: the next leaf is one of every six hours.
	tick(6*time.Hour - 10*time.Minute)
	p.ahead.Add(int64(time.Hour))
	follower.Join(t)
	tick(60 * time.Second) // at once
	if got := version(); got != first+2 {
		t.Errorf("version %d after %d", got, first)
	}
}

// slowFiles take their time, by the clock of the machine.
type slowFiles struct {
	edge.Files
	wait time.Duration
}

func (s slowFiles) Write(ctx context.Context, name string, write func(io.Writer) error) error {
	timer := time.NewTimer(s.wait)
	<-timer.C
	return s.Files.Write(ctx, name, write)
}

// Where publishing takes long, states are further apart: at least 20 times that.
func TestIntervalGrows(t *testing.T) {
	p := newInProcess(t)
	p.restartWith(t, func(c *edge.Config) { c.Files = slowFiles{c.Files, 120 * time.Millisecond} })
	follower := p.suite(t).Follow() // its files are written at once
	follower.Join(t)
	wait, err := p.handler.Publish(t.Context())
	if err != nil || wait < 2*time.Second {
		t.Errorf("after a publication of over 120 ms the next is due in %v, %v", wait, err)
	}
}

// The development server publishes every 2 seconds also where publishing takes a
// while, as on a busy machine: people who try things out are found within 5.
func TestIntervalOfDevelopment(t *testing.T) {
	usual := func(l *edge.Limits) { l.Interval = 2 }
	development := func(l *edge.Limits) { edge.Development(l, false, false) }
	for _, c := range []struct {
		limits func(*edge.Limits)
		took   int64 // milliseconds
		want   time.Duration
	}{
		{usual, 100, 2 * time.Second}, {usual, 500, 10 * time.Second},
		{development, 100, 2 * time.Second}, {development, 500, 2 * time.Second}, {development, 1000, 4 * time.Second},
	} {
		p := newInProcess(t)
		p.restartWith(t, func(to *edge.Config) { c.limits(&to.Limits) })
		follower := p.suite(t).Follow()
		if _, err := p.file.Store.Write.Exec("UPDATE log SET took = ?", c.took); err != nil {
			t.Fatal(err)
		}
		follower.Join(t)
		if wait, err := p.handler.Publish(t.Context()); err != nil || wait != c.want {
			t.Errorf("after a publication of %d ms the next is due in %v, %v, want %v", c.took, wait, err, c.want)
		}
	}
}

// Nor does a machine that slept while it published close the directory for days.
func TestIntervalAfterSleep(t *testing.T) {
	p := newInProcess(t)
	follower := p.suite(t).Follow()
	if _, err := p.file.Store.Write.Exec("UPDATE log SET took = 8 * 3600 * 1000"); err != nil {
		t.Fatal(err)
	}
	follower.Join(t)
	if wait, err := p.handler.Publish(t.Context()); err != nil || wait > 6*time.Hour {
		t.Errorf("the next state is due in %v, %v", wait, err)
	}
}
