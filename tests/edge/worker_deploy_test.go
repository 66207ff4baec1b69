package edge_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sealbook/wasm/edge"
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

// The page that goes from a clone to a deployed worker names what the configuration
// names, and every setting that there is.
func TestWorkerReadme(t *testing.T) {
	read := func(name string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	page, config := read("wasm/edge/worker/README.md"), read("wasm/edge/worker/wrangler.jsonc")
	first := func(pattern string) string {
		t.Helper()
		m := regexp.MustCompile(pattern).FindStringSubmatch(config)
		if m == nil {
			t.Fatalf("wrangler.jsonc has no %s", pattern)
		}
		return m[1]
	}
	for _, step := range []string{
		"d1 create " + first(`"database_name": "([^"]+)"`) + "\n",
		"r2 bucket create " + first(`"bucket_name": "([^"]+)"`) + "\n",
		"d1 migrations apply " + first(`"binding": "(\w+)", "database_name"`) + " --remote\n",
		"secret put SEALBOOK_SEED < seed\n", "secret put SEALBOOK_WEBHOOK_SECRET < webhook-secret\n", "worker deploy --dry-run`",
	} {
		if !strings.Contains(page, step) {
			t.Errorf("the page has no step %q", step)
		}
	}
	names := map[string]bool{"SEALBOOK_OPERATOR": true} // read in worker.js
	for _, file := range []string{"main.go", "publish.go", "sender.go"} {
		for _, m := range regexp.MustCompile(`"(SEALBOOK_[A-Z_]+)"`).FindAllStringSubmatch(read("wasm/edge/worker/"+file), -1) {
			names[m[1]] = true
		}
	}
	limits := edge.DefaultLimits()
	if len(names) < 12 || len(limits.Options()) < 10 {
		t.Errorf("%d settings, %d limits", len(names), len(limits.Options()))
	}
	for _, o := range limits.Options() { // of which the table names some, and where the rest is listed
		delete(names, "SEALBOOK_"+strings.ToUpper(strings.ReplaceAll(o.Name, "-", "_")))
	}
	for name := range names {
		if !strings.Contains(page, "`"+name+"`") {
			t.Errorf("the page does not tell of %s", name)
		}
	}
}
