package edge_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"sealbook/wasm/edge"
)

var metricLine = regexp.MustCompile(`^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9]+)$`)

// Metrics have the form that Prometheus reads, count requests, refusals and
// publications, and nothing of who asked.
func TestMetrics(t *testing.T) {
	p := newInProcess(t)
	s := p.suite(t).Follow()
	credential, _ := s.Join(t)
	p.publish(t)
	s.Look(t)
	for range 3 {
		if status, _, err := raw("GET", p.server.URL+"/v2/me", "", "wrong", nil); err != nil || status != 401 {
			t.Fatalf("%d %v", status, err)
		}
	}
	raw("GET", p.server.URL+"/v2/states/12345678/tags", "", "", nil)
	raw("GET", p.server.URL+"/v2/+447700900123", "", "", nil)
	var b bytes.Buffer
	if err := p.handler.Metrics(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for l := range strings.Lines(text) {
		if !metricLine.MatchString(strings.TrimSuffix(l, "\n")) {
			t.Errorf("a line of no known form: %q", l)
		}
	}
	for _, want := range []string{
		"sealbook_up 1\n", "sealbook_people 1\n", "sealbook_state_version 2\n", "sealbook_epoch 1\n", "sealbook_publications_total 2\n",
		`sealbook_requests_total{method="GET",path="/v2/me"} 3` + "\n",
		`sealbook_requests_total{method="POST",path="/v2/registrations/*"} 1` + "\n", `sealbook_requests_total{method="GET",path="other"} 1` + "\n",
		`sealbook_refusals_total{code="credential_unknown"} 3` + "\n", `sealbook_refusals_total{code="version_unknown"} 1` + "\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, secret := range []string{credential, "12345678", "447700900123", "1202555"} {
		if strings.Contains(text, secret) {
			t.Errorf("metrics hold %q", secret)
		}
	}
}

// Where no state is published any more, health says so.
func TestHealthStale(t *testing.T) {
	p := newInProcess(t)
	p.publish(t)
	p.ahead.Add(int64(7 * time.Hour))
	if status, body, err := raw("GET", p.server.URL+"/v2/health", "", "", nil); err != nil || status != 200 {
		t.Errorf("%d %s %v", status, body, err)
	}
	p.ahead.Add(int64(time.Second))
	status, body, err := raw("GET", p.server.URL+"/v2/health", "", "", nil)
	var h edge.Health
	if err == nil {
		err = json.Unmarshal(body, &h)
	}
	if err != nil || status != 503 || h.Status != "stale" || h.Age != 7*3600+1 {
		t.Errorf("%d %s %v", status, body, err)
	}
	p.publish(t)
	if status, _, err := raw("GET", p.server.URL+"/v2/health", "", "", nil); err != nil || status != 200 {
		t.Errorf("published again: %d %v", status, err)
	}
}

// The server answers metrics on an address of their own, and nowhere else.
func TestMetricsAddress(t *testing.T) {
	p := start(t, t.TempDir(), "-metrics", "127.0.0.1:0")
	found := regexp.MustCompile(`metrics: (\S+)`).FindStringSubmatch(printedWith(p, "/metrics"))
	if found == nil {
		t.Fatal("no address of metrics")
	}
	if text := fetch(t, "GET", found[1], 200); !bytes.Contains(text, []byte("sealbook_up 1\n")) {
		t.Errorf("%s", text)
	}
	fetch(t, "GET", strings.TrimSuffix(found[1], "/metrics")+"/v2/directory", 404)
	fetch(t, "GET", p.url+"/metrics", 404)
	p.stop(t)
}

// The worker's counts are the operator's, by a secret.
func TestWorkerCounts(t *testing.T) {
	secret := strings.Repeat("operator", 5)
	settings := map[string]string{"SEALBOOK_OPERATOR": secret}
	for name, value := range manySettings {
		settings[name] = value
	}
	p := directoryWorker(t, t.TempDir(), settings)
	health := func(bearer string) (fields []string, counts map[string]float64) {
		req, err := http.NewRequest("GET", p.url+"/v2/health", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Close = true
		req.Header.Set("Authorization", "Bearer "+bearer)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var got map[string]any
		if err := json.NewDecoder(res.Body).Decode(&got); err != nil || res.StatusCode != 200 {
			t.Fatalf("%s %v", res.Status, err)
		}
		if all, there := got["counts"].(map[string]any); there {
			counts = map[string]float64{}
			for name, n := range all {
				counts[name] = n.(float64)
			}
		}
		for name := range got {
			fields = append(fields, name)
		}
		return fields, counts
	}
	for range 3 {
		fetch(t, "GET", p.url+"/v2/states/1/tags", 200)
		fetch(t, "GET", p.url+"/v2/states/99/tags", 404)
		fetch(t, "GET", p.url+"/v2/me", 401)
	}
	for _, bearer := range []string{"", "wrong", secret + "x"} {
		if fields, _ := health(bearer); slices.Contains(fields, "counts") {
			t.Errorf("%d characters get the counts", len(bearer))
		}
	}
	_, counts := health(secret)
	for name, want := range map[string]float64{
		`sealbook_requests_total{method="GET",path="/v2/states/*/tags"}`: 6,
		`sealbook_requests_total{method="GET",path="/v2/me"}`:            3,
		`sealbook_refusals_total{code="credential_missing"}`:             3,
	} {
		if counts[name] != want {
			t.Errorf("%s is %v, want %v, of %s", name, counts[name], want, fmt.Sprint(counts))
		}
	}
	// Prometheus gets them as text, with every metric of the native server.
	req, err := http.NewRequest("GET", p.url+"/v2/health", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Close = true
	req.Header.Set("Authorization", "Bearer "+secret)
	req.Header.Set("Accept", "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/plain; version=0.0.4") {
		t.Fatalf("%s %v", res.Status, err)
	}
	in := newInProcess(t)
	in.publish(t)
	_, names := metricsOf(t, in)
	for _, name := range names {
		if !bytes.Contains(text, []byte("# TYPE "+name+" ")) {
			t.Errorf("the worker has no metric %s", name)
		}
	}
	for l := range strings.Lines(string(text)) {
		if !metricLine.MatchString(strings.TrimSuffix(l, "\n")) {
			t.Errorf("a line of no known form: %q", l)
		}
	}
	if !bytes.Contains(text, []byte("\nsealbook_up 1\n")) || !bytes.Contains(text, []byte(`sealbook_requests_total{method="GET",path="/v2/me"} 3`+"\n")) {
		t.Errorf("%s", text)
	}
}
