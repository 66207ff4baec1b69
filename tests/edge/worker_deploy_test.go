package edge_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// wrangler runs wrangler with the worker's configuration, which names folders in
// .build: for a test they are made as ./build.sh worker makes them.
func wrangler(t testing.TB, args ...string) string {
	t.Helper()
	return command(t, "node", append([]string{
		"tests/node_modules/wrangler/bin/wrangler.js", "--config", "wasm/edge/worker/wrangler.jsonc"}, args...)...)
}

func TestDeploy(t *testing.T) {
	builtFolder(t)
	home := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", home) // wrangler's logs
	command(t, "go", "run", "./wasm/edge/worker/pack")
	if _, err := os.Stat(root + "/.build/site/_headers"); err != nil {
		command(t, "go", "run", "./site/build", "-o", ".build/site")
	}
	out := t.TempDir()
	said := wrangler(t, "deploy", "--dry-run", "--outdir", out)
	for _, want := range []string{"env.DB (sealbook)", "env.PUBLISHED (sealbook)", "env.PUBLISHER (Publisher)", "env.ASSETS", "SEALBOOK_SENDER", "--dry-run: exiting now."} {
		if !strings.Contains(said, want) {
			t.Errorf("deploy --dry-run does not say %q:\n%s", want, said)
		}
	}
	if strings.Contains(said, "WARNING") {
		t.Errorf("deploy --dry-run warns:\n%s", said)
	}
	// Cloudflare takes 64 MiB; much less is to be enough.
	if info, err := os.Stat(root + "/.build/worker/edge/worker/app.wasm"); err != nil || info.Size() > 16<<20 {
		t.Errorf("app.wasm: %v %v", info, err)
	}
}

func TestMigrationsOnD1(t *testing.T) {
	builtFolder(t)
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	state := t.TempDir()
	for i, want := range []string{"0003_counts.sql", "No migrations to apply"} {
		if said := wrangler(t, "d1", "migrations", "apply", "DB", "--local", "--persist-to", state); !strings.Contains(said, want) {
			t.Errorf("time %d does not say %q:\n%s", i+1, want, said)
		}
	}
	said := wrangler(t, "d1", "execute", "DB", "--local", "--persist-to", state, "--json", "--command", "SELECT epoch, size FROM directory")
	if !strings.Contains(said, `"epoch": 0`) || !strings.Contains(said, `"size": 0`) {
		t.Errorf("the directory's row is not there:\n%s", said)
	}
	// What wrangler has made, the worker goes on with, and the other way round.
	data := filepath.Join(state, "v3")
	p := directoryWorker(t, data, nil)
	p.stop(t)
	if said := wrangler(t, "d1", "migrations", "apply", "DB", "--local", "--persist-to", state); !strings.Contains(said, "No migrations to apply") {
		t.Errorf("after the worker ran:\n%s", said)
	}
}
