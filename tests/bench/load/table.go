package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// tableOf is what was measured of the worker, with the native server beside it.
type tableOf struct {
	Native, Worker []cost
	NativePublish  time.Duration
	Anew, Many     published
	Registering    float64 // milliseconds of CPU
	Requests       int64   // of an hour
	From, To, Most float64 // MB
}

// Figures are what the costs are reckoned with; tests/edge reads them.
const figures = "wasm/edge/worker/measured.json"

// table writes the table into the README, and the figures beside it.
func (b *bench) table(m tableOf) error {
	var t strings.Builder
	fmt.Fprintf(&t, "%d people, %d processors, milliseconds of a processor for an answer. *Streamed*: a worker that does nothing but stream the same object.\n\n", b.people, runtime.NumCPU())
	t.WriteString("| | native | workerd | streamed | bytes |\n|---|--:|--:|--:|--:|\n")
	unit := map[string]float64{}
	for i, c := range m.Worker {
		stream := ""
		if c.Stream > 0 {
			stream = fmt.Sprintf("%.2f", c.Stream)
		}
		fmt.Fprintf(&t, "| %s | %.2f | %.2f | %s | %.0f |\n", c.Name, m.Native[i].CPU, c.CPU, stream, c.Bytes)
		unit[strings.Trim(c.Name, "`")] = c.CPU
		unit[strings.Trim(c.Name, "`")+", bytes"] = c.Bytes
		b.figures["worker: "+c.Name] = c
	}
	fmt.Fprintf(&t, "| registering, code and record | | %.1f | | |\n\n", m.Registering)
	unit["registering"] = m.Registering
	t.WriteString("| a state | CPU | time | memory of Go | more memory of the process |\n|---|--:|--:|--:|--:|\n")
	fmt.Fprintf(&t, "| 10,000 changes, native | %.1f s | | | |\n", m.NativePublish.Seconds())
	row := func(name string, p published) {
		fmt.Fprintf(&t, "| %s | %.1f s | %.1f s | %.0f MB | %.0f MB |\n", name, p.cpu.Seconds(), p.took.Seconds(), p.goMemory, p.memory)
	}
	row("10,000 changes, workerd", m.Many)
	row("all made anew from D1, workerd", m.Anew)
	unit["publishing 10,000 changes"] = 1e3 * m.Many.cpu.Seconds()
	unit["people"] = float64(b.people)
	fmt.Fprintf(&t, "\nAn hour of a tenth of them who sync daily, %d requests: workerd had %.0f MB before, %.0f after, %.0f at most.\n", m.Requests, m.From, m.To, m.Most)
	fmt.Print("\n", t.String(), "\n")
	text, err := json.MarshalIndent(unit, "", "\t")
	if err != nil {
		return err
	}
	if b.people < 1_000_000 {
		fmt.Println("not written down: the table is of a million people")
		return nil
	}
	return errors.Join(os.WriteFile(figures, append(text, '\n'), 0o644), replace("wasm/edge/worker/README.md", "worker", t.String()))
}

// replace writes between two marks of a file.
func replace(name, mark, text string) error {
	old, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	begin, end := "<!-- "+mark+": written by ./build.sh bench worker 1000000 -->\n", "<!-- end of "+mark+" -->"
	head, rest, ok1 := strings.Cut(string(old), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		return fmt.Errorf("%s has no place for %s", name, mark)
	}
	return os.WriteFile(name, []byte(head+begin+text+end+tail), 0o644)
}
