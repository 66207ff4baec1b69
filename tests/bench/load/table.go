package main

import (
	"fmt"
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

// table prints it.
func (b *bench) table(m tableOf) {
	var t strings.Builder
	fmt.Fprintf(&t, "%d people, %d processors, milliseconds of a processor for an answer. *Streamed*: a worker that does nothing but stream the same object.\n\n", b.people, runtime.NumCPU())
	t.WriteString("| | native | workerd | streamed | bytes |\n|---|--:|--:|--:|--:|\n")
	for i, c := range m.Worker {
		stream := ""
		if c.Stream > 0 {
			stream = fmt.Sprintf("%.2f", c.Stream)
		}
		fmt.Fprintf(&t, "| %s | %.2f | %.2f | %s | %.0f |\n", c.Name, m.Native[i].CPU, c.CPU, stream, c.Bytes)
		b.figures["worker: "+c.Name] = c
	}
	fmt.Fprintf(&t, "| registering, code and record | | %.1f | | |\n\n", m.Registering)
	t.WriteString("| a state | CPU | time | memory of Go | more memory of the process |\n|---|--:|--:|--:|--:|\n")
	fmt.Fprintf(&t, "| 10,000 changes, native | %.1f s | | | |\n", m.NativePublish.Seconds())
	row := func(name string, p published) {
		fmt.Fprintf(&t, "| %s | %.1f s | %.1f s | %.0f MB | %.0f MB |\n", name, p.cpu.Seconds(), p.took.Seconds(), p.goMemory, p.memory)
	}
	row("10,000 changes, workerd", m.Many)
	row("all made anew from D1, workerd", m.Anew)
	fmt.Fprintf(&t, "\nAn hour of a tenth of them who sync daily, %d requests: workerd had %.0f MB before, %.0f after, %.0f at most.\n", m.Requests, m.From, m.To, m.Most)
	fmt.Print("\n", t.String(), "\n")
}
