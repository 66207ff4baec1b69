package edge_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"sealbook/tests/edge/suite"
	"sealbook/wasm/directory"
)

// operator is the secret of who may see the counts.
var operator = strings.Repeat("operator", 5)

// faulty is a worker with faults in what it stands on: see faulty/faulty.js.
type faulty struct {
	*process
	*suite.Follower
	data string
}

// counted is what it counted.
type counted struct {
	Steps, DB int
	Dead      bool
}

func startFaulty(t testing.TB) *faulty {
	settings := maps.Clone(manySettings)
	settings["SEALBOOK_OPERATOR"] = operator
	p, data := startEntry(t, "worker", "faulty.js", settings)
	var about struct{ Key string }
	if err := json.Unmarshal(fetch(t, "GET", p.url+"/v2/directory", 200), &about); err != nil || about.Key == "" {
		t.Fatalf("no key: %v", err)
	}
	p.key = about.Key
	s := suite.New(p.url, p.key, p.code)
	s.OneShot = true
	return &faulty{p, s.Follow(), data}
}

// fault posts to the worker's own path for tests.
func (f *faulty) fault(t testing.TB, path string, body any) (c counted) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest("POST", f.process.url+"/v2/fault"+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	req.Close = true
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("%s: %s %v", path, res.Status, err)
	}
	if len(answer) > 0 {
		if err := json.Unmarshal(answer, &c); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

type fault struct {
	Mode string `json:"mode"`
	At   int    `json:"at"`
	On   string `json:"on,omitempty"` // R2 of the publisher unless said
}

// publish publishes until that many people are there, or the publisher is dead,
// and returns what the last publication counted.
func (f *faulty) publish(t testing.TB, people int, with fault) counted {
	t.Helper()
	for end := time.Now().Add(4 * time.Minute); ; {
		f.fault(t, "", with)
		c := f.fault(t, "/publish", nil)
		if c.Dead || int(f.Look(t).Count) == people {
			return c
		}
		if time.Now().After(end) {
			t.Fatalf("%d people are not published", people)
		}
	}
}

// Killed anywhere while it publishes, the worker shows the state before or the
// next, whole, and goes on; and the clock that comes twice at once publishes once.
func TestWorkerPublishingKilled(t *testing.T) {
	const places = 12
	f := startFaulty(t)
	var tags [][directory.TagSize]byte
	join := func() {
		_, tag := f.Join(t)
		tags = append(tags, tag)
	}
	join()
	steps := f.publish(t, 1, fault{}).Steps
	if steps < 2*places {
		t.Fatalf("a publication has only %d steps", steps)
	}
	killed := 0
	for i := range places {
		join()
		if f.publish(t, len(tags), fault{Mode: "die", At: 1 + i*(steps-2)/(places-1)}).Dead {
			killed++
		}
		f.Look(t) // by another isolate's means, before anything is published again
		f.fault(t, "/evict", nil)
		f.publish(t, len(tags), fault{})
		all := f.Look(t)
		for n, tag := range tags {
			if from, to := all.Find(tag); to-from != 1 {
				t.Fatalf("place %d: person %d is there %d times", i, n, to-from)
			}
		}
	}
	if killed < 10 {
		t.Errorf("killed only %d times", killed)
	}
	t.Logf("counts: killed at %d places of %d steps", killed, steps)
}

// Each call of R2 fails at first, is done and its answer lost, or is slow: it is
// tried again, and the state is whole.
func TestWorkerPublishingThroughFaults(t *testing.T) {
	f := startFaulty(t)
	for i, mode := range []string{"fail", "lost", "slow"} {
		f.Join(t)
		if c := f.publish(t, i+1, fault{Mode: mode}); c.Dead || c.Steps == 0 {
			t.Errorf("%s: %+v", mode, c)
		}
	}
}

// Each statement of D1 fails at first, or is done and its answer lost: the publisher
// comes again, the log has one leaf for each of its sizes, and the state is whole.
func TestWorkerPublishingThroughDatabaseFaults(t *testing.T) {
	f := startFaulty(t)
	people := 0
	for _, mode := range []string{"fail", "lost", "slow"} {
		f.Join(t)
		people++
		f.fault(t, "", fault{Mode: mode, On: "D1"})
		for end := time.Now().Add(4 * time.Minute); int(f.Look(t).Count) != people; {
			if f.fault(t, "/publish", nil); time.Now().After(end) {
				t.Fatalf("%s: %d people are not published", mode, people)
			}
		}
		f.fault(t, "", fault{})
	}
}

// Where D1 fails under a request, or does it and does not answer, people get a
// problem and nothing else; what was done is done once.
func TestWorkerRequestsThroughDatabaseFaults(t *testing.T) {
	f := startFaulty(t)
	credential, _ := f.Join(t)
	left := func() int64 {
		var held directory.Held
		if status, body, err := raw("GET", f.process.url+"/v2/me", "", credential, nil); err != nil || status != 200 {
			t.Fatalf("me: %d %v", status, err)
		} else if err := json.Unmarshal(body, &held); err != nil {
			t.Fatal(err)
		}
		return held.Budget.Available
	}
	for _, mode := range []string{"fail", "lost"} {
		for _, r := range []struct {
			method, path string
			body         []byte
			charged      int64
		}{
			{"POST", "/v2/evaluations", eight(), 8},
			{"PUT", "/v2/me/record", make([]byte, directory.RecordSize), 0},
			{"GET", "/v2/me", nil, 0},
			{"GET", "/v2/log/update?from=0", nil, 0},
		} {
			before := left()
			f.fault(t, "", fault{Mode: mode, On: "requests"})
			refused := 0
			for {
				status, body, err := raw(r.method, f.process.url+r.path, "application/octet-stream", credential, r.body)
				if err != nil {
					t.Fatal(err)
				}
				if status < 300 {
					break
				}
				if code := problemCode(body); status != 503 || code != directory.StoreBusy || refused > 20 {
					t.Fatalf("%s, %s %s: %d %s", mode, r.method, r.path, status, code)
				}
				refused++
			}
			f.fault(t, "", fault{})
			if refused == 0 {
				t.Errorf("%s, %s %s: nothing failed", mode, r.method, r.path)
			}
			// Of those that were refused one at most was charged: its answer was lost.
			if spent := before - left(); spent != r.charged && !(mode == "lost" && spent == 2*r.charged) {
				t.Errorf("%s, %s %s: %d evaluations charged", mode, r.method, r.path, spent)
			}
		}
	}
}

// What is published is answered without the database; what is missing or not
// whole is not answered; and a cache that has something else makes no difference.
func TestWorkerPublishedFiles(t *testing.T) {
	f := startFaulty(t)
	f.Join(t)
	f.publish(t, 1, fault{})
	f.Look(t)
	version := f.Look(t).Version
	var paths []string
	for _, file := range []string{"tags", "records", "root", "hashes"} {
		paths = append(paths, fmt.Sprintf("/v2/states/%d/%s", version, file))
	}
	paths = append(paths, fmt.Sprintf("/v2/changes/%d/%d", f.Hour(), version), fmt.Sprintf("/v2/changes/%d/%d/records", f.Hour(), version),
		fmt.Sprintf("/v2/log/tile/0/000.p/%d", version), fmt.Sprintf("/v2/log/tile/entries/000.p/%d", version))
	whole := map[string][]byte{}
	f.fault(t, "", fault{Mode: "down"})
	for _, path := range paths {
		whole[path] = fetch(t, "GET", f.process.url+path, 200)
		fetch(t, "HEAD", f.process.url+path, 200)
	}
	for _, path := range []string{fmt.Sprintf("/v2/states/%d/tags", version+1), fmt.Sprintf("/v2/changes/%d", f.Hour()), "/v2/changes/1"} {
		fetch(t, "GET", f.process.url+path, 404)
	}
	if c := f.fault(t, "/counted", nil); c.DB > 2 { // looks for the version to come
		t.Errorf("the database was asked %d times", c.DB)
	}
	// Another way to write a path is no way to the database, or around the check.
	fetch(t, "GET", f.process.url+fmt.Sprintf("/v2/states/%d/%%74ags", version), 200)
	f.fault(t, "", fault{})

	f.Join(t)
	now := f.next(t) // nobody has read it, so no cache has it
	damage := func(version uint64, file, how string) {
		f.fault(t, "/damage", map[string]string{"key": fmt.Sprintf("published/%d-*/%s", version, file), "how": how})
	}
	url := func(version uint64, file string) string {
		return fmt.Sprintf("%s/v2/states/%d/%s", f.process.url, version, file)
	}
	damage(now, "tags", "cache")
	tags, err := directory.ParseTags(fetch(t, "GET", url(now, "tags"), 200))
	if err != nil || tags.Version != now {
		t.Errorf("a cache with something else: version %d, %v", tags.Version, err)
	}
	for file, how := range map[string]string{"records": "cut", "hashes": "remove"} {
		damage(now, file, how)
		var problem directory.Problem
		if err := json.Unmarshal(fetch(t, "GET", url(now, file), 503), &problem); err != nil || problem.Code != directory.FileMissing {
			t.Errorf("%s, %s: %s %v", file, how, problem.Code, err)
		}
		fetch(t, "HEAD", url(now, file), 503)
	}
	for _, tile := range []string{"0", "entries"} {
		f.fault(t, "/damage", map[string]string{"key": fmt.Sprintf("log/tile/%s/*000.p/%d", tile, now), "how": "cut"})
		fetch(t, "GET", fmt.Sprintf("%s/v2/log/tile/%s/000.p/%d", f.process.url, tile, now), 503)
	}
	// The operator sees it.
	_, body, err := raw("GET", f.process.url+"/v2/health", "", operator, nil)
	var health struct{ Counts map[string]int }
	if err == nil {
		err = json.Unmarshal(body, &health)
	}
	if n := health.Counts[`sealbook_refusals_total{code="file_missing"}`]; err != nil || n < 6 {
		t.Errorf("%d files were missing by the counts, %v", n, err)
	}
	// The next state is made again from the database, and whole.
	f.fault(t, "/evict", nil)
	f.Join(t)
	f.next(t)
	if all := f.Look(t); all.Count != 3 {
		t.Errorf("%d people, want 3", all.Count)
	}
}

// next publishes the next version, and reads nothing of it.
func (f *faulty) next(t testing.TB) uint64 {
	t.Helper()
	newest := func() uint64 { return suite.New(f.process.url, f.process.key, f.process.code).Newest(t) }
	before := newest()
	for end := time.Now().Add(4 * time.Minute); newest() == before; {
		if f.fault(t, "/publish", nil); time.Now().After(end) {
			t.Fatal("nothing is published")
		}
	}
	return newest()
}

// 64 clients that follow the directory while it publishes, half of them behind a
// proxy that caches for ever what may be cached and lets requests overtake each
// other: none sees anything torn or old, and none fails.
func TestWorkerPublishesUnderClients(t *testing.T) {
	p := directoryWorker(t, t.TempDir(), manySettings)
	proxy := behind(t, p.url)
	follow := func(url string) *suite.Follower {
		s := suite.New(url, p.key, p.code)
		s.OneShot = true
		return s.Follow()
	}
	follower, behind := follow(p.url), follow(proxy.URL)
	first := follower.Look(t).Version
	behind.Look(t)
	var group sync.WaitGroup
	for i := range 64 {
		group.Go(func() {
			other := follow([]string{p.url, proxy.URL}[i%2])
			for range 2 {
				other.Look(t)
			}
		})
	}
	for range 6 {
		follower.Join(t)
		follower.Look(t)
		behind.Look(t)
	}
	group.Wait()
	for end := time.Now().Add(4 * time.Minute); follower.Look(t).Count != 6; {
		if time.Now().After(end) {
			t.Fatal("not everybody is published")
		}
	}
	if last := follower.Look(t).Version; last <= first {
		t.Errorf("version %d after %d: nothing was published meanwhile", last, first)
	}
	if count := behind.Look(t).Count; count != 6 {
		t.Errorf("%d people behind a proxy, want 6", count)
	}
}
