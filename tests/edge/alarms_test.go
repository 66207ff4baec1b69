package edge_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
)

// alarm is a rule of wasm/edge/alarms.yml.
type alarm struct{ name, expr, wait, severity, summary string }

var ruleForm = regexp.MustCompile(`(?m)^      - alert: (\w+)
        expr: (.+)
        for: (\d+[smh])
        labels: \{ severity: (page|look) \}
        annotations: \{ summary: "([^"]+)" \}$`)

func alarms(t testing.TB) (all []alarm) {
	t.Helper()
	text, err := os.ReadFile(root + "/wasm/edge/alarms.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range ruleForm.FindAllStringSubmatch(string(text), -1) {
		all = append(all, alarm{m[1], m[2], m[3], m[4], m[5]})
	}
	if n := strings.Count(string(text), "- alert:"); n != len(all) || n < 10 {
		t.Fatalf("%d of %d rules have the form that this test reads", len(all), n)
	}
	return all
}

// metricsOf are the values of a scrape by their whole names, and the metrics that
// there are.
func metricsOf(t testing.TB, p *inProcess) (values map[string]float64, names []string) {
	t.Helper()
	var b bytes.Buffer
	if err := p.handler.Metrics(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	values = map[string]float64{}
	for line := range strings.Lines(b.String()) {
		if f := strings.Fields(line); f[0] == "#" {
			names = append(names, f[2])
		} else if n, err := strconv.ParseFloat(f[len(f)-1], 64); err == nil {
			values[f[0]] = n
		}
	}
	return values, names
}

var (
	condition = regexp.MustCompile(`^(increase\()?(\w+)(\{code="(\w+)"\})?(\[\d+[mh]\]\))? (>|==) (\d+)$`)
	absence   = regexp.MustCompile(`^absent\((\w+)\)$`)
)

// fires reports whether an alarm holds, of what grew between two scrapes and of
// the second.
func (a alarm) fires(t testing.TB, before, now map[string]float64) bool {
	t.Helper()
	if m := absence.FindStringSubmatch(a.expr); m != nil {
		_, there := now[m[1]]
		return !there
	}
	for _, part := range strings.Split(a.expr, " and ") {
		m := condition.FindStringSubmatch(part)
		if m == nil {
			t.Fatalf("%s: %q", a.name, part)
		}
		value := now[m[2]+m[3]]
		if m[1] != "" {
			value -= before[m[2]+m[3]]
		}
		limit, _ := strconv.ParseFloat(m[7], 64)
		if m[6] == ">" && value <= limit || m[6] == "==" && value != limit {
			return false
		}
	}
	return true
}

// The alarms are of metrics and codes that there are, the README tells all of them,
// and they come when they should: on a directory that is well none does.
func TestAlarms(t *testing.T) {
	p := newInProcess(t)
	p.restartWith(t, func(c *edge.Config) { c.Log = nil })
	p.publish(t)
	before, names := metricsOf(t, p)
	readme, err := os.ReadFile(root + "/wasm/edge/README.md")
	if err != nil {
		t.Fatal(err)
	}
	all := alarms(t)
	for _, a := range all {
		for _, name := range regexp.MustCompile(`sealbook_\w+`).FindAllString(a.expr, -1) {
			if !slices.Contains(names, name) {
				t.Errorf("%s: there is no metric %s", a.name, name)
			}
		}
		for _, m := range regexp.MustCompile(`code="(\w+)"`).FindAllStringSubmatch(a.expr, -1) {
			if directory.Code(m[1]).Status() == 0 {
				t.Errorf("%s: there is no code %s", a.name, m[1])
			}
		}
		if !strings.Contains(string(readme), fmt.Sprintf("| `%s` | `%s` | ", a.name, a.expr)) {
			t.Errorf("the README does not tell of `%s` | `%s`", a.name, a.expr)
		}
		if a.fires(t, before, before) {
			t.Errorf("%s comes while all is well", a.name)
		}
	}
	fired := func() (fired []string) {
		now, _ := metricsOf(t, p)
		for _, a := range all {
			if a.fires(t, before, now) {
				fired = append(fired, a.name)
			}
		}
		return fired
	}
	want := func(when string, want ...string) {
		t.Helper()
		if got := fired(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", when, got, want)
		}
	}
	want("at first")
	// Somebody joins, and nobody publishes.
	p.suite(t).Follow().Join(t)
	p.ahead.Add(int64(time.Hour))
	want("somebody waits for an hour", "SealbookWaiting")
	p.ahead.Add(int64(7 * time.Hour))
	want("nothing is published for 8 hours", "SealbookStateOld", "SealbookWaiting")
	p.publish(t)
	want("published again")
	lost, err := filepath.Glob(filepath.Join(p.folder, fmt.Sprintf("published/%.0f-*/tags", before["sealbook_state_version"]+1)))
	if err != nil || len(lost) != 1 || os.Remove(lost[0]) != nil {
		t.Fatal(lost, err)
	}
	fetch(t, "GET", fmt.Sprintf("%s/v2/states/%.0f/tags", p.server.URL, before["sealbook_state_version"]+1), 503)
	want("a file is lost", "SealbookFileMissing")
	before, _ = metricsOf(t, p)
	p.ahead.Add(int64(24 * time.Hour))
	p.publish(t)
	want("a day later, and the file made again")
	before, _ = metricsOf(t, p)
	p.ahead.Add(int64(390 * 24 * time.Hour))
	p.publish(t)
	want("391 days later", "SealbookEpochEnds")
	if !(alarm{expr: "absent(sealbook_up)"}).fires(t, nil, nil) {
		t.Error("nobody notices that there are no metrics")
	}
}
