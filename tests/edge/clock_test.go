package edge_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"sealbook/wasm/edge"
	"sealbook/wasm/trust"
)

// A clock that is far ahead publishes nothing, and erases nothing: one leaf of a
// far year would close the directory for ever.
func TestClockJumps(t *testing.T) {
	p := newInProcess(t)
	p.restartWith(t, func(c *edge.Config) { c.ClockChecked = nil })
	follower := p.suite(t).Follow()
	credential, _ := follower.Join(t)
	p.publish(t)
	before := follower.Look(t)
	p.ahead.Add(int64(25*time.Hour + time.Minute))
	follower.Join(t)
	if err := p.handler.PublishNow(t.Context()); !errors.Is(err, edge.ErrClock) {
		t.Errorf("25 hours ahead: %v", err)
	}
	p.ahead.Add(int64(70 * 365 * 24 * time.Hour))
	if _, err := p.handler.Publish(t.Context()); !errors.Is(err, edge.ErrClock) {
		t.Errorf("70 years ahead: %v", err)
	}
	if err := p.handler.Clean(t.Context()); !errors.Is(err, edge.ErrClock) {
		t.Errorf("70 years ahead it cleans: %v", err)
	}
	p.begin(t, "+12025550177", "") // what it cleans, it does not
	if now := follower.Look(t); now.Version != before.Version {
		t.Errorf("version %d after %d", now.Version, before.Version)
	}
	if status, _, err := raw("GET", p.server.URL+"/v2/me", "", credential, nil); err != nil || status != 200 {
		t.Errorf("me: %d %v", status, err)
	}
	// Back again, or checked.
	p.ahead.Store(int64(25*time.Hour + time.Minute))
	p.restartWith(t, nil)
	follower.URL = p.server.URL
	p.publish(t)
	if now := follower.Look(t); now.Version != before.Version+1 {
		t.Errorf("version %d after %d", now.Version, before.Version)
	}
}

// The server says what to do about such a clock, at its start.
func TestClockAtStart(t *testing.T) {
	data := t.TempDir()
	p := start(t, data)
	p.stop(t)
	old := time.Now().Add(-26 * time.Hour).UTC()
	ageLog(t, data, old)
	if code, out := run(t, "-data", data, "-addr", "127.0.0.1:0"); code != 2 || !strings.Contains(out, "-clock-checked") {
		t.Errorf("%d %s", code, out)
	}
	p = start(t, data, "-clock-checked")
	p.stop(t)
	p = start(t, data)
	p.stop(t)
}

// ageLog makes the newest leaf of a log older, and all before it.
func ageLog(t testing.TB, data string, at time.Time) {
	t.Helper()
	db := openDatabase(t, data)
	defer db.Close()
	var leaf string
	if err := db.QueryRow("SELECT leaf FROM log ORDER BY n DESC LIMIT 1").Scan(&leaf); err != nil {
		t.Fatal(err)
	}
	state, err := trust.ParseState([]byte(leaf))
	if err != nil {
		t.Fatal(err)
	}
	state.Time = at.Truncate(time.Second)
	if _, err := db.Exec("UPDATE log SET leaf = ?, at = ?, hour = ?", string(state.Leaf()), at.Unix(), at.Unix()/3600); err != nil {
		t.Fatal(err)
	}
}
