package discovery_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"sealbook/verifier/discovery"
	"sealbook/verifier/discovery/discoverytest"
	"sealbook/wasm/directory"
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

// Two people register and find each other, as the README tells it.
func TestTwoPeople(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		path := filepath.Join(t.TempDir(), "ann.state")
		d, s := r.open(path)
		ann, ben := fiction(0), fiction(1)
		register := func(number, handle string) *discovery.Mine {
			reg, err := d.Register(background, number)
			if err != nil {
				t.Fatal(err)
			}
			mine, err := d.Confirm(background, nil, discovery.Confirmation{Registration: reg.ID, Number: number, Code: r.Code, Scopes: directory.Scopes()})
			if err != nil {
				t.Fatal(err)
			}
			var record directory.Record
			copy(record.Handle[:], handle)
			if err := d.Publish(background, &mine, record); err != nil {
				t.Fatal(err)
			}
			return &mine
		}
		mine := register(ann, "@ann")
		register(ben, "@ben")
		time.Sleep(time.Minute)
		r.Publish()
		result, err := d.Sync(background, discovery.Search{Mine: mine, Numbers: []string{ben, fiction(2)}, State: s})
		if err != nil || len(result.Found) != 1 || handle(result.Found[0]) != "@ben" {
			t.Fatal(result, err)
		}
		if c := result.Counts; c.Charged != 8 || c.Evaluated != 2 || !c.Records || c.People != 2 || *c.Budget != 5112 {
			t.Errorf("%+v", c)
		}
		// Another process goes on with the state, and pays for nothing but 8.
		time.Sleep(2 * time.Hour)
		r.Put(r.PersonOf(fiction(2), "@cem"))
		r.Publish()
		d, s = r.open(path)
		result, err = d.Sync(background, discovery.Search{Mine: mine, Numbers: []string{ben, fiction(2)}, State: s})
		if err != nil || len(result.Found) != 2 || handle(result.Found[1]) != "@cem" || result.Counts.Known != 2 || result.Counts.Charged != 8 {
			t.Fatal(result, err)
		}
	})
}
