package edge_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
)

// Files that were lost or changed behind the service's back are told, and made
// again from the database: the log goes on from the state it has.
func TestFilesLost(t *testing.T) {
	p := newInProcess(t)
	p.restartWith(t, func(c *edge.Config) { c.Log = nil })
	follower := p.suite(t).Follow()
	for round, damage := range []func(name string) error{
		os.Remove,
		func(name string) error { return os.WriteFile(name, []byte("SBR2"), 0o600) },
		func(name string) error {
			b, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			b[len(b)-1] ^= 1
			return os.WriteFile(name, b, 0o600)
		},
	} {
		for _, file := range []string{"records", "tags", "root"} {
			for _, change := range []bool{true, false} {
				follower.Join(t)
				p.publish(t)
				before := follower.Look(t)
				names, err := filepath.Glob(filepath.Join(p.folder, "published", fmt.Sprintf("%d-*", before.Version), file))
				if err != nil || len(names) != 1 {
					t.Fatalf("%q %v", names, err)
				}
				if err := damage(names[0]); err != nil {
					t.Fatal(err)
				}
				if round < 2 { // of wrong length, or none: it is not served
					status, body, err := raw("GET", fmt.Sprintf("%s/v2/states/%d/%s", p.server.URL, before.Version, file), "", "", nil)
					if err != nil || status != 503 || problemCode(body) != directory.FileMissing {
						t.Errorf("%d %v", status, err)
					}
				}
				if change {
					follower.Join(t)
				}
				p.restartWith(t, func(c *edge.Config) { c.Log = nil })
				follower.URL = p.server.URL
				p.publish(t)
				if after := follower.Look(t); after.Version != before.Version+1 {
					t.Errorf("%s, round %d: version %d after %d", file, round, after.Version, before.Version)
				}
			}
		}
	}
}
