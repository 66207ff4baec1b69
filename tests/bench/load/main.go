// Load drives the native directory server with real clients, on this machine
// alone: a million made-up people in its database, a client that looks for 1,000
// contacts at first and a day later, publishing after 1,000 changes, what
// requests without a credential cost, evaluations by many clients at once, and a
// budget that all of them spend. What has a budget in the design says so.
//
//	go run ./tests/bench/load [-people N] [-seconds N] [-clients N] [-worker]
//	go run ./tests/bench/load -private    what private retrieval would cost
//
// With -worker the worker runs in workerd on the same people, beside the native
// server. Its processor time is that of the whole workerd process, so it holds
// what the simulator does for D1, R2 and for passing requests on, which on
// Cloudflare is not counted: the figures are upper bounds. The simulator enforces
// no limit of an isolate, so its memory is measured: workerd's inspector tells of
// V8's heap and of the buffers outside of it (heap.mjs), Go how large its memory is,
// and they are added. The process has the simulators' databases and buffers besides.
// Of a million people the tables are written into the READMEs: see package figures.
//
// Clients and server share the processors; "a core" is a second of the server's
// own processor time. The figures are printed, and written to
// .build/bench-load.json. It fails where an answer is wrong, not where it is slow.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// bench is one run.
type bench struct {
	people, clients int
	seconds         time.Duration
	binary, data    string
	server          *server
	figures         map[string]any
	worker          bool // the server under load is the worker
	port            int  // of the worker
}

func main() {
	var b bench
	flag.IntVar(&b.people, "people", 1_000_000, "made-up people")
	flag.IntVar(&b.clients, "clients", 64, "clients at once")
	seconds := flag.Int("seconds", 4, "for each kind of request")
	worker := flag.Bool("worker", false, "the worker in workerd, and the native server beside it")
	scan := flag.Bool("private", false, "scans for private retrieval alone")
	flag.Parse()
	if *scan {
		all, err := retrieve(context.Background())
		if err != nil {
			fmt.Fprintln(os.Stderr, "error:", err)
			os.Exit(1)
		}
		for _, p := range all {
			fmt.Printf("%-34s %.0f MB a core and second\n", "private retrieval, "+p.Where, p.MBs)
		}
		return
	}
	b.seconds = time.Duration(*seconds) * time.Second
	b.figures = map[string]any{}
	if err := b.run(context.Background(), *worker); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func (b *bench) run(ctx context.Context, worker bool) error {
	folder, err := os.MkdirTemp("", "sealbook-load")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	b.data = filepath.Join(folder, "data")
	if b.binary, err = build(folder); err != nil {
		return err
	}
	b.say("processors", "%d, %s", runtime.NumCPU(), load())
	if err := b.seed(ctx); err != nil {
		return err
	}
	if b.server, err = start(b.binary, b.data, "-budget", fmt.Sprint(budget), "-refill", "1", "-interval", "2"); err != nil {
		return err
	}
	defer func() { b.server.stop() }()
	parts := []func(context.Context) error{b.first, b.publishing, b.search, b.unauthenticated, b.evaluations, b.spend}
	if worker {
		parts = []func(context.Context) error{b.first, b.compareWorker}
	}
	for _, part := range parts {
		if err := part(ctx); err != nil {
			return err
		}
	}
	if !worker { // whose process is told with its hour of traffic
		now, most := b.server.memory()
		b.say("memory", "%.0f MB now, %.0f MB at most", now, most)
		b.figures["memory_mb"], b.figures["memory_most_mb"] = now, most
	}
	text, err := json.MarshalIndent(b.figures, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(".build", 0o755); err != nil {
		return err
	}
	return os.WriteFile(".build/bench-load.json", append(text, '\n'), 0o644)
}

// within prints how a figure stands to its budget.
func (b *bench) within(name string, value, budget float64, unit string) {
	verdict := "within"
	if value > budget {
		verdict = "OVER"
	}
	b.say(name, "%.4g %s, budget %.4g: %s", value, unit, budget, verdict)
	b.figures[name] = map[string]any{"value": value, "budget": budget, "unit": unit}
}

// say prints a figure.
func (b *bench) say(name, format string, args ...any) {
	fmt.Printf("%-34s %s\n", name, fmt.Sprintf(format, args...))
}

// load is how busy the machine is anyway.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "load unknown"
	}
	var average string
	fmt.Sscan(string(text), &average)
	return "load average " + average + " at the beginning"
}
