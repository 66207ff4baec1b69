package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"

	"sealbook/tests/bench/figures"
	"sealbook/tests/bench/private"
)

// retrieve measures how fast a table is scanned for private retrieval, natively
// and in workerd, whose answers must be the same. A query wants half of the blocks,
// and all of the table counts.
func retrieve(ctx context.Context) ([]figures.Private, error) {
	const table, size, rounds = 64 << 20, 16 << 10, 400
	words, x := make([]byte, table), uint32(1)
	for i := 0; i < table; i += 4 { // as worker.mjs fills it
		x = x*1664525 + 1013904223
		binary.LittleEndian.PutUint32(words[i:], x)
	}
	query, _, err := private.Query(rand.Reader, table/size, 7)
	if err != nil {
		return nil, err
	}
	own := func() time.Duration {
		var u syscall.Rusage
		syscall.Getrusage(syscall.RUSAGE_SELF, &u)
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	var answer []byte
	before := own()
	for range rounds {
		answer = private.Answer(words, size, query)
	}
	native := rounds * table / 1e6 / (own() - before).Seconds()

	cmd := exec.CommandContext(ctx, "node", "tests/bench/private/worker.mjs")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, err
	}
	defer cmd.Wait()
	defer in.Close()
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var said struct{ URL string }
	if err == nil {
		err = json.Unmarshal(line, &said)
	}
	if err != nil {
		return nil, err
	}
	s := &server{url: said.URL}
	if s.pid, err = workerd(cmd.Process.Pid); err != nil {
		return nil, err
	}
	post := func(path string, body []byte) ([]byte, error) {
		res, err := http.Post(s.url+path, "application/octet-stream", bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		defer res.Body.Close()
		return io.ReadAll(res.Body)
	}
	if _, err := post("/table", nil); err != nil {
		return nil, err
	}
	if _, err := post("/answer?2", query); err != nil { // so that it is compiled
		return nil, err
	}
	cpu := s.cpu()
	got, err := post(fmt.Sprintf("/answer?%d", rounds), query)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(got, answer) {
		return nil, errors.New("workerd gives another answer")
	}
	worker := rounds * table / 1e6 / (s.cpu() - cpu).Seconds()
	return []figures.Private{{Where: "native", MBs: native}, {Where: "workerd", MBs: worker}}, nil
}
