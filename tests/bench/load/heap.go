package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// heap watches the memory of the worker's isolate: see heap.mjs.
type heap struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func watchHeap(inspector string) (*heap, error) {
	h := &heap{cmd: exec.Command("node", "tests/bench/load/heap.mjs", inspector)}
	h.cmd.Stderr = os.Stderr
	var err error
	if h.in, err = h.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	h.out = bufio.NewReader(out)
	return h, h.cmd.Start()
}

// most is the most that V8 had since the last call, in MB; and until the next it
// watches, if live, only what is left when it collects.
func (h *heap) most(live bool) (float64, error) {
	word := ""
	if live {
		word = "live"
	}
	if _, err := fmt.Fprintln(h.in, word); err != nil {
		return 0, err
	}
	line, err := h.out.ReadString('\n')
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(line), 64)
	return n / 1e6, err
}

func (h *heap) close() {
	h.in.Close()
	h.cmd.Wait()
}
