package edge_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"

	"sealbook/tests/edge/suite"
)

// root is the root of the module.
const root = "../.."

// command runs a program at the root and answers what it printed.
func command(t testing.TB, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "CI=1", "WRANGLER_SEND_METRICS=false", "CLOUDFLARE_CF_FETCH_ENABLED=false", "NO_COLOR=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", filepath.Base(name), err, out)
	}
	return string(out)
}

// built are folders with a built worker, and the one of the store's cases, made
// once; builtSite the site.
var (
	built = sync.OnceValues(func() (string, error) {
		return goRun("worker", func(folder string) [][]string {
			return [][]string{
				{"./wasm/edge/worker/pack", "-o", filepath.Join(folder, "worker")},
				{"./wasm/edge/worker/pack", "-o", filepath.Join(folder, "cases"), "-main", "./tests/edge/d1"},
			}
		})
	})
	builtSite = sync.OnceValues(func() (string, error) {
		return goRun("site", func(folder string) [][]string { return [][]string{{"./site/build", "-o", folder}} })
	})
)

func goRun(kind string, commands func(folder string) [][]string) (string, error) {
	folder, err := os.MkdirTemp(folderOfTests, kind)
	if err != nil {
		return "", err
	}
	for _, args := range commands(folder) {
		cmd := exec.Command("go", append([]string{"run"}, args...)...)
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false")
		if out, err := cmd.CombinedOutput(); err != nil {
			return "", fmt.Errorf("%s: %w\n%s", args[0], err, out)
		}
	}
	return folder, nil
}

func builtFolder(t testing.TB) string {
	t.Helper()
	// A missing node_modules is a failure: ./build.sh setup installs them.
	if _, err := os.Stat(root + "/tests/node_modules/miniflare"); err != nil {
		t.Fatalf("%v: ./build.sh setup installs it", err)
	}
	folder, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// startWorker starts the worker in workerd. It keeps its data in the folder.
func startWorker(t testing.TB, kind, data string, settings map[string]string) *process {
	t.Helper()
	return startWorkerWith(t, kind, t.TempDir(), data, settings)
}

// startWorkerWith starts it with a site.
func startWorkerWith(t testing.TB, kind, site, data string, settings map[string]string) *process {
	t.Helper()
	folder := builtFolder(t)
	return serveWorker(t, map[string]any{"data": data, "worker": filepath.Join(folder, kind), "site": site, "settings": settings})
}

// serveWorker starts serve.mjs with its options.
func serveWorker(t testing.TB, with map[string]any) *process {
	t.Helper()
	options, err := json.Marshal(with)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", root+"/wasm/edge/worker/serve.mjs", string(options))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if _, err := cmd.StdinPipe(); err != nil { // its end would be that of the worker
		t.Fatal(err)
	}
	p := launch(t, cmd)
	p.wait(t, "an address", func() bool { return p.url != "" })
	return p
}

// manySettings are what many is natively.
var manySettings = map[string]string{"SEALBOOK_SENDS_ADDRESS": "1000000", "SEALBOOK_SENDS_NETWORK": "1000000",
	"SEALBOOK_SENDS_CALLING": "1000000", "SEALBOOK_SENDS_TOTAL": "1000000", "SEALBOOK_INTERVAL": "1", "SEALBOOK_RENEWAL": "86400"}

// directoryWorker starts the worker and asks for its key.
func directoryWorker(t testing.TB, data string, settings map[string]string) *process {
	t.Helper()
	p := startWorker(t, "worker", data, settings)
	var about struct{ Key string }
	if err := json.Unmarshal(fetch(t, "GET", p.url+"/v2/directory", 200), &about); err != nil || about.Key == "" {
		t.Fatalf("no key: %v", err)
	}
	p.key = about.Key
	return p
}

func fetch(t testing.TB, method, url string, status int) []byte {
	t.Helper()
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Close = true // see suite.Server.OneShot
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != status {
		t.Fatalf("%s %s: %v %v: %s", method, url, res.Status, err, body)
	}
	return body
}

func TestWorker(t *testing.T) {
	state := t.TempDir()
	data := filepath.Join(state, "v3") // as wrangler has it
	p := directoryWorker(t, data, manySettings)
	suite.Run(t, &suite.Server{
		URL: p.url, Key: p.key, OneShot: true,
		Code: func(t testing.TB, registration string) string { return p.code(t, registration) },
		Restart: func(testing.TB) string {
			p.stop(t)
			p = directoryWorker(t, data, manySettings)
			return p.url
		},
		// As the worker's README has it, but for the simulator's bucket.
		Cosigned: func(_ testing.TB, text string) string {
			p.stop(t)
			file := filepath.Join(t.TempDir(), "cosigned")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			wrangler(t, "r2", "object", "put", "sealbook/published/cosigned", "--file", file, "--local", "--persist-to", state)
			p = directoryWorker(t, data, manySettings)
			return p.url
		},
	})
	p.stop(t)
	if p.stderr.Len() > 0 {
		t.Errorf("the worker wrote errors: %s", p.stderr.String())
	}
}

// The cases that run on SQLite too, and some of D1's own.
func TestStoreOnD1(t *testing.T) {
	p := startWorker(t, "cases", t.TempDir(), nil)
	var n int
	if err := json.Unmarshal(fetch(t, "GET", p.url+"/v2/cases", 200), &n); err != nil || n < 42 {
		t.Fatalf("%d cases, %v", n, err)
	}
	for i := range n {
		var found struct {
			Name   string
			Errors []string
		}
		if err := json.Unmarshal(fetch(t, "POST", fmt.Sprintf("%s/v2/cases/%d", p.url, i), 200), &found); err != nil {
			t.Fatal(err)
		}
		t.Run(found.Name, func(t *testing.T) {
			for _, e := range found.Errors {
				t.Error(e)
			}
		})
	}
}
