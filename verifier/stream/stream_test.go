package stream

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"
)

// echo writes rows as they are, after a while that differs.
func echo(seed uint64) Worker {
	r := rand.New(rand.NewPCG(seed, 0))
	return func(c *Chunk) error {
		if r.IntN(3) == 0 {
			time.Sleep(time.Duration(r.IntN(300)) * time.Microsecond)
		}
		c.Out = append(c.Out, c.In...)
		c.Rows.Rows += bytes.Count(c.In, []byte("\n"))
		return nil
	}
}

func echoes(n int) (w []Worker) {
	for i := range n {
		w = append(w, echo(uint64(i)))
	}
	return w
}

// text is lines of many lengths, about size bytes.
func text(size int) string {
	r := rand.New(rand.NewPCG(7, 7))
	var b strings.Builder
	for b.Len() < size {
		n := r.IntN(200)
		if r.IntN(2000) == 0 {
			n = r.IntN(MaxRow)
		}
		for range n {
			b.WriteByte(byte('a' + r.IntN(26)))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestOrder(t *testing.T) {
	in := text(8 << 20)
	for _, workers := range []int{1, 2, 16} {
		var out bytes.Buffer
		total, err := Run(Job{In: strings.NewReader(in), Cut: Lines, Out: &out, Workers: echoes(workers)})
		if err != nil {
			t.Fatal(err)
		}
		if out.String() != in {
			t.Errorf("%d workers: the output is not the input", workers)
		}
		if want := strings.Count(in, "\n"); total.Rows != want {
			t.Errorf("%d workers: %d rows, want %d", workers, total.Rows, want)
		}
	}
}

// The way in which the input arrives makes no difference.
func TestShortReads(t *testing.T) {
	in := text(100 << 10)
	for _, r := range []io.Reader{
		iotest.OneByteReader(strings.NewReader(in)),
		iotest.HalfReader(strings.NewReader(in)),
		iotest.DataErrReader(strings.NewReader(in)),
	} {
		var out bytes.Buffer
		if _, err := Run(Job{In: r, Cut: Lines, Out: &out, Workers: echoes(3)}); err != nil || out.String() != in {
			t.Errorf("%T: %v, %d bytes of %d", r, err, out.Len(), len(in))
		}
	}
}

func TestLineNumbers(t *testing.T) {
	in := text(2 << 20)
	want := 1
	job := Job{In: strings.NewReader(in), Cut: Lines, Out: io.Discard, Workers: echoes(2)}
	job.Done = func(_ int64, c *Chunk) {
		if c.Line != want {
			t.Errorf("a chunk says line %d, want %d", c.Line, want)
		}
		want += bytes.Count(c.In, []byte("\n"))
	}
	if _, err := Run(job); err != nil {
		t.Fatal(err)
	}
}

// Whatever is wrong, all lines before it come out and none after.
func TestBadInput(t *testing.T) {
	before := text(300 << 10)
	lines := strings.Count(before, "\n")
	long := strings.Repeat("x", MaxRow+2)
	broken := errors.New("broken")
	for _, c := range []struct {
		name   string
		in     io.Reader
		reason Reason
		line   int
	}{
		{"long line", strings.NewReader(before + long + "\nAFTER\n"), TooLong, lines + 1},
		{"long line at the end", strings.NewReader(before + long), TooLong, lines + 1},
		{"long line alone", strings.NewReader(long), TooLong, 1},
		{"endless line", io.MultiReader(strings.NewReader(before), endless{}), TooLong, lines + 1},
		{"NUL", strings.NewReader(before + "a\x00b\nAFTER\n"), Binary, lines + 1},
		{"NUL two lines on", strings.NewReader(before + "x\ny\n\x00"), Binary, lines + 3},
		{"broken", io.MultiReader(strings.NewReader(before+"cut of"), iotest.ErrReader(broken)), Unreadable, lines + 1},
	} {
		var out bytes.Buffer
		_, err := Run(Job{In: c.in, Cut: Lines, Out: &out, Workers: echoes(3)})
		bad, ok := errors.AsType[*InputError](err)
		if !ok || bad.Reason != c.reason || bad.Line != c.line {
			t.Errorf("%s: %v, want reason %d at line %d", c.name, err, c.reason, c.line)
			continue
		}
		if !strings.HasPrefix(out.String(), before) && c.line > 1 {
			t.Errorf("%s: lines before are missing: %d bytes of %d", c.name, out.Len(), len(before))
		}
		if strings.Contains(out.String(), "AFTER") || out.Len() > 0 && out.Bytes()[out.Len()-1] != '\n' {
			t.Errorf("%s: more than the lines before", c.name)
		}
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestLongestLine(t *testing.T) {
	in := "a\n" + strings.Repeat("x", MaxRow) + "\r\nb\n" + strings.Repeat("y", MaxRow)
	var out bytes.Buffer
	if _, err := Run(Job{In: strings.NewReader(in), Cut: Lines, Out: &out, Workers: echoes(2)}); err != nil || out.String() != in {
		t.Errorf("%v, %d bytes of %d", err, out.Len(), len(in))
	}
}

func TestWorkerFails(t *testing.T) {
	broken := errors.New("broken")
	n := 0
	work := func(c *Chunk) error {
		if n++; n == 3 {
			return broken
		}
		return nil
	}
	if _, err := Run(Job{In: new(endlessLines), Cut: Lines, Out: io.Discard, Workers: []Worker{work}}); err != broken {
		t.Error(err)
	}
}

type endlessLines struct{ at int }

func (e *endlessLines) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "123456789\n"[(e.at+i)%10]
	}
	e.at = (e.at + len(p)) % 10
	return len(p), nil
}

func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	_, err = Run(Job{In: new(endlessLines), Cut: Lines, Out: full, Workers: echoes(2)})
	if _, ok := errors.AsType[*WriteError](err); !ok || !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%v", err)
	}
	if strings.Contains(err.Error(), "/dev") {
		t.Errorf("the error names a file: %v", err)
	}
}

// A limit on the size of files makes writes short, as a full disk does.
func TestRowCutByWriteIsTakenBack(t *testing.T) {
	name := filepath.Join(t.TempDir(), "out")
	out, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	limited(t, 100_003, func() {
		_, err = Run(Job{In: new(endlessLines), Cut: Lines, Out: out, Workers: echoes(2)})
	})
	if _, ok := errors.AsType[*WriteError](err); !ok {
		t.Fatalf("%v", err)
	}
	got, err := os.ReadFile(name)
	if err != nil || len(got) != 100_000 {
		t.Errorf("%d bytes left, %v; want the 10,000 whole lines", len(got), err)
	}
}

func TestConstantMemory(t *testing.T) {
	const size = 300 << 20
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	total, err := Run(Job{In: io.LimitReader(new(endlessLines), size), Cut: Lines, Out: io.Discard, Workers: echoes(4)})
	if err != nil || total.Rows < size/10-1 {
		t.Fatalf("%d rows, %v", total.Rows, err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 16<<20 {
		t.Errorf("%d MB were allocated for 300 MB of input", grown>>20)
	}
}
