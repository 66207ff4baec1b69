package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sealbook/verifier/parity"
)

// verify runs the program on an input and returns its output.
func verify(t testing.TB, in string, args ...string) (code int, out string) {
	t.Helper()
	dir := t.TempDir()
	open := func(name, content string) *os.File {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		return f
	}
	stdin, stdout, stderr := open("in", in), open("out", ""), open("err", "")
	code = run(args, stdin, stdout, stderr)
	written, err := os.ReadFile(stdout.Name())
	if err != nil {
		t.Fatal(err)
	}
	if code == unknown {
		said, _ := os.ReadFile(stderr.Name())
		t.Errorf("verifier %s: %s", args[0], said)
	}
	return code, string(written)
}

// texts are n lines of every kind that parity knows, as a plain file, as JSONL
// and as CSV. NUL, which makes a file binary, is left out.
func texts(seed uint64, n int) (plain, jsonl, csv string) {
	in := parity.NewInputs(seed)
	var p, j, c, text []byte
	c = append(c, "region,text,rest\r\n"...)
	for range n {
		region := in.Region()
		text = bytes.ReplaceAll(in.Append(text[:0], region), []byte("\x00"), nil)
		p = append(append(p, text...), '\n')
		j = appendQuoted(append(j, `{"input":`...), text)
		j = append(appendQuoted(append(j, `,"region":`...), []byte(region)), "}\n"...)
		c = append(append(append(c, region...), ','), '"')
		c = append(c, bytes.ReplaceAll(text, []byte(`"`), []byte(`""`))...)
		c = append(c, "\",\"a\nb\"\r\n"...)
	}
	return string(p), string(j), string(c)
}

// Both engines, with any number of workers, give the same bytes for the same
// 200,000 lines, in their order.
func TestEnginesAgree(t *testing.T) {
	const lines, fewer = 200_000, 20_000
	_, jsonl, _ := texts(2014, lines)
	plain, short, csv := texts(2015, fewer)
	for _, c := range []struct {
		in   string
		args string
		rows int // lines of the output
	}{
		{jsonl, "number --jsonl", lines},
		{plain, "number --region GB", fewer},
		{csv, "number --csv --column text --region-column region", 2*fewer + 1},
		{csv, "hash --csv --column text --email text --region-column region --recipe bereal --recipe uid2-email --recipe reddit-email", 2*fewer + 1},
		{short, "hash --jsonl --recipe bereal --recipe signal-legacy --recipe threema-email --recipe national_0/md5/base64", fewer},
	} {
		var want string
		for _, how := range []string{"--engine native --jobs 1", "--engine native --jobs 16", "--engine wasm --jobs 5"} {
			_, got := verify(t, c.in, strings.Fields(c.args+" "+how)...)
			if want == "" {
				want = got
			}
			if got != want {
				t.Errorf("%s %s: the output differs", c.args, how)
			}
		}
		// Texts in the columns of the plain output may hold a carriage return,
		// but no line feed.
		if n := strings.Count(want, "\n"); n != c.rows {
			t.Errorf("%s: %d lines, want %d", c.args, n, c.rows)
		}
	}
}

// What was put in comes out: JSON tokens and CSV rows byte for byte, in order.
func TestNothingIsLost(t *testing.T) {
	plain, jsonl, csv := texts(7, 20_000)
	_, out := verify(t, jsonl, "number", "--jsonl")
	for i, line := range strings.SplitAfter(jsonl, "\n") {
		rest, ok := strings.CutPrefix(out, strings.TrimSuffix(line, "}\n"))
		if !ok {
			t.Fatalf("JSONL: line %d has not come back", i+1)
		}
		_, out, _ = strings.Cut(rest, "\n")
	}
	_, out = verify(t, csv, "number", "--csv", "--column", "text", "--region-column", "region")
	for i, row := range strings.SplitAfter(csv, "\r\n") {
		rest, ok := strings.CutPrefix(out, strings.TrimSuffix(row, "\r\n"))
		if !ok {
			t.Fatalf("CSV: row %d has not come back", i+1)
		}
		_, out, _ = strings.Cut(rest, "\r\n")
	}
	_, out = verify(t, plain, "number", "--region", "GB")
	in := strings.Split(plain, "\n")
	for i, line := range strings.Split(out, "\n") {
		if !strings.HasSuffix(line, strings.TrimSuffix(in[i], "\r")) {
			t.Fatalf("line %d has not come back", i+1)
		}
	}
}

// 300 MB go through in the memory that any file takes.
func TestConstantMemory(t *testing.T) {
	const size, most = 300 << 20, 100 << 20
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"number", "--region", "GB"},
		{"number", "--region", "GB", "--engine", "wasm"},
	} {
		cmd := exec.Command(exe, args...)
		cmd.Args[0] = "verifier" // by its name testscript.Main knows what to be
		cmd.Stderr = os.Stderr
		in, err := cmd.StdinPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		// Long lines are as many bytes with less work.
		text := "+44 20 7946 0018\n+44 20 7946 0018" + strings.Repeat(" and so on", 40) + "\n"
		if _, err := io.CopyN(in, &repeat{text: text}, size); err != nil {
			t.Fatal(err)
		}
		// What the system counts for a process at its end has the memory of its
		// parent in it.
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		in.Close()
		cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != found {
			t.Fatalf("%v: exit code %d", args, code)
		}
		_, rest, _ := strings.Cut(string(status), "VmHWM:")
		var peak int
		if _, err := fmt.Sscanf(rest, "%d kB", &peak); err != nil {
			t.Fatal(err)
		}
		t.Logf("%v: 300 MB of input, %d MB of memory at most", args, peak>>10)
		if peak<<10 > most {
			t.Errorf("%v: %d MB of memory, at most %d are allowed", args, peak>>10, most>>20)
		}
	}
}

// repeat reads a text over and over.
type repeat struct {
	text string
	at   int
}

func (r *repeat) Read(p []byte) (n int, err error) {
	for n < len(p) {
		m := copy(p[n:], r.text[r.at:])
		r.at = (r.at + m) % len(r.text)
		n += m
	}
	return n, nil
}

// Somebody who writes a line and waits for the answer gets it.
func TestAnswersAtOnce(t *testing.T) {
	in, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan int)
	go func() { done <- run([]string{"number", "--jsonl"}, in, out, os.Stderr) }()
	var answer [1000]byte
	for i := range 3 {
		fmt.Fprintf(write, "{\"input\":\"+44 20 7946 00%02d\"}\n", i)
		n, err := read.Read(answer[:])
		if want := fmt.Sprintf(`"e164":"+4420794600%02d"`, i); err != nil || !strings.Contains(string(answer[:n]), want) {
			t.Fatalf("%q, %v; want %s", answer[:n], err, want)
		}
	}
	write.Close()
	if code := <-done; code != clean {
		t.Errorf("exit code %d", code)
	}
}
