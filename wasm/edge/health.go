package edge

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"sealbook/wasm/directory"
)

// What an operator may know: how much, how old, how often. Nothing of who.

// staleAfter is how old, in seconds, the newest state is when something is wrong:
// one comes every six hours, and clients take none older than 25.
const staleAfter = 7 * 3600

// Health is how a directory is.
type Health struct {
	Status   string `json:"status"`  // "ok"; or "stale": no state is published any more
	Version  int64  `json:"version"` // of the newest state
	Age      int64  `json:"age"`     // of it, in seconds
	People   uint64 `json:"people"`  // in it
	Pending  bool   `json:"pending"` // something waits to be published
	Epoch    uint32 `json:"epoch"`
	EpochAge int64  `json:"epoch_age"` // in seconds; it ends after 400 days
}

// Health looks at the newest state.
func (h *Handler) Health(ctx context.Context) (Health, error) {
	newest, err := h.newest(ctx)
	if err != nil {
		return Health{}, err
	}
	head, err := h.config.Store.Head(ctx)
	if err != nil {
		return Health{}, err
	}
	now := h.now()
	s := Health{
		Status: "ok", Version: newest.tree.N, Age: max(now-newest.state.Time.Unix(), 0), People: newest.state.People,
		Pending: h.pending(head, &newest), Epoch: head.Epoch, EpochAge: max(now-head.Began, 0),
	}
	if s.Age > staleAfter {
		s.Status = "stale"
	}
	return s, nil
}

// getHealth answers it: 200, or 503 where an operator has to look.
func (h *Handler) getHealth(w http.ResponseWriter, r *http.Request, _ []string) error {
	s, err := h.Health(r.Context())
	if err != nil {
		return err
	}
	status := http.StatusOK
	if s.Status != "ok" {
		status = http.StatusServiceUnavailable
	}
	return sendJSON(w, status, s)
}

// counts are what happened since the start, by the names that metrics have.
type counts struct {
	mu  sync.Mutex
	all map[string]int64
}

func (c *counts) add(name string, n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		c.all = map[string]int64{}
	}
	c.all[name] += n
}

// Publications is how many states this handler has published.
func (h *Handler) Publications() int64 {
	h.counts.mu.Lock()
	defer h.counts.mu.Unlock()
	return h.counts.all["sealbook_publications_total"]
}

// counted are the metrics that are counted, with what they are.
var counted = map[string]string{
	"sealbook_requests_total":               "Requests, by method and path; in paths a star stands for what differs.",
	"sealbook_refusals_total":               "Requests that were refused, by code.",
	"sealbook_publications_total":           "States that were published.",
	"sealbook_publications_failed_total":    "Publications that came to nothing.",
	"sealbook_publication_milliseconds_sum": "What publishing took.",
}

func (h *Handler) countRequest(method string, rt *route) {
	path := "other"
	if rt != nil {
		path = strings.Join(rt.path, "/")
	}
	switch method {
	case "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS":
	default:
		method = "other"
	}
	h.counts.add(fmt.Sprintf("sealbook_requests_total{method=%q,path=%q}", method, path), 1)
}

func (h *Handler) countRefusal(code directory.Code) {
	h.counts.add(fmt.Sprintf("sealbook_refusals_total{code=%q}", string(code)), 1)
}

// Metrics writes everything that an operator may know in the text form that
// Prometheus reads, version 0.0.4. It is for an address that the public does not
// reach: how busy a directory is tells something of the people in a small one.
func (h *Handler) Metrics(ctx context.Context, w io.Writer) error {
	s, err := h.Health(ctx)
	if err != nil {
		return err
	}
	var b strings.Builder
	gauge := func(name, help string, value any) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s gauge\n%s %v\n", name, help, name, name, value)
	}
	flag := func(on bool) int {
		if on {
			return 1
		}
		return 0
	}
	gauge("sealbook_up", "1 where the newest state is young enough.", flag(s.Status == "ok"))
	gauge("sealbook_state_version", "Version of the newest state.", s.Version)
	gauge("sealbook_state_age_seconds", "Age of the newest state; clients take none of over 90000.", s.Age)
	gauge("sealbook_people", "People in the newest state.", s.People)
	gauge("sealbook_pending", "1 where something waits to be published.", flag(s.Pending))
	gauge("sealbook_epoch", "Number of the epoch.", s.Epoch)
	gauge("sealbook_epoch_age_seconds", "Age of the epoch; it ends after 34560000.", s.EpochAge)
	h.counts.mu.Lock()
	all := maps.Clone(h.counts.all)
	h.counts.mu.Unlock()
	names := slices.Sorted(maps.Keys(all))
	for _, metric := range slices.Sorted(maps.Keys(counted)) {
		fmt.Fprintf(&b, "# HELP %s %s\n# TYPE %s counter\n", metric, counted[metric], metric)
		for _, name := range names {
			if base, _, _ := strings.Cut(name, "{"); base == metric {
				fmt.Fprintf(&b, "%s %d\n", name, all[name])
			}
		}
	}
	_, err = io.WriteString(w, b.String())
	return err
}
