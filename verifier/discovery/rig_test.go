package discovery_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"sealbook/verifier/discovery"
	"sealbook/verifier/discovery/discoverytest"
)

// Numbers for fiction: 0113 496 0000 to 0999, and of other towns.
func fiction(i int) string {
	towns := []string{"113496", "114496", "115496", "116496", "117496", "118496", "121496", "131496", "141496", "151496", "161496", "207946"}
	return fmt.Sprintf("+44%s0%03d", towns[i/1000], i%1000)
}

// A rig is a directory in a bubble of time, and how to make clients of it.
type rig struct {
	*discoverytest.Directory
	t *testing.T
}

// inBubble runs a test with a directory of its own clock.
func inBubble(t *testing.T, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		test(t, &rig{discoverytest.New(1, time.Now), t})
	})
}

// open is a new process with a state.
func (r *rig) open(path string) (*discovery.Directory, *discovery.State) {
	r.t.Helper()
	d, err := discovery.New(discoverytest.URL, discovery.Options{Key: r.Key(), Transport: r.Directory})
	if err != nil {
		r.t.Fatal(err)
	}
	s := discovery.NewState(d)
	if path != "" {
		if s, err = discovery.LoadState(path, d); err != nil {
			r.t.Fatal(err)
		}
	}
	return d, s
}

func handle(f discovery.Found) string {
	if f.Record == nil {
		return ""
	}
	return string(f.Record.Handle[:slices.Index(f.Record.Handle[:], 0)])
}

func code(t *testing.T, err error, want discovery.Code) {
	t.Helper()
	if want == "" && err != nil || want != "" && !errors.Is(err, want) {
		t.Errorf("%v, not %q", err, string(want))
	}
}

var background = context.Background()

// sync runs one with a number's account.
func (r *rig) sync(path string, mine *discovery.Mine, numbers ...string) (discovery.Result, error) {
	r.t.Helper()
	d, s := r.open(path)
	return d.Sync(background, discovery.Search{Mine: mine, Numbers: numbers, State: s, RecordsLimit: 64 * 300})
}

// later lets time go by and publishes.
func (r *rig) later(d time.Duration) {
	time.Sleep(d)
	r.Publish()
}
