package edge_test

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"sealbook/wasm/edge"
)

// thousands writes an integer with commas.
func thousands(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// abuse is what an attacker gets of a directory with these limits.
func abuse(l edge.Limits) string {
	var b strings.Builder
	b.WriteString("| who has | codes a day | evaluations, first day | further days |\n|---|--:|--:|--:|\n")
	const day = 24
	address, network := l.SendsAddress*day, min(l.SendsNetwork, 65536*l.SendsAddress)*day
	for _, who := range []struct {
		name           string
		codes, numbers int64
	}{
		{"one number", min(l.SendsPerDay, l.SendsPerHour*day), 1},
		{"one IPv4 address or IPv6 /64", min(address, l.SendsCalling*day, l.SendsTotal*day), 0},
		{"one IPv6 /48", min(network, l.SendsCalling*day, l.SendsTotal*day), 0},
		{"1,000 addresses, one country", min(1000*address, l.SendsCalling*day, l.SendsTotal*day), 0},
		{"1,000 addresses, all countries", min(1000*address, l.SendsTotal*day), 0},
	} {
		numbers := max(who.numbers, 0)
		if numbers == 0 {
			numbers = who.codes // one is enough for each
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", who.name, thousands(who.codes), thousands(numbers*l.Budget), thousands(numbers*l.RefillPerDay))
	}
	// Codes that are out before the last of the wrong tries are counted stay short.
	short := l.WrongPerMonth - 1 + l.SendsPerHour*l.CodeTries
	year := float64(short) * 365 / 30
	long := float64(l.SendsPerDay*l.CodeTries*365) - year
	odds := func(tries float64, digits int) string {
		n := math.Pow10(digits) / tries
		round := math.Pow10(int(math.Log10(n)) - 2)
		return thousands(int64(math.Round(n/round) * round))
	}
	fmt.Fprintf(&b, "\nGuessing somebody's code: at most %d tries of %d digits in 30 days, one in %s a year; the other %s tries of a year are of 12 digits, one in %s.\n",
		short, l.CodeDigits, odds(year, l.CodeDigits), thousands(int64(math.Ceil(long))), odds(long, 12))
	return b.String()
}

// The table of the README is what the code's own numbers make.
func TestReadmeTable(t *testing.T) {
	text, err := os.ReadFile(root + "/wasm/edge/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok1 := strings.Cut(string(text), "<!-- abuse: kept by TestReadmeTable -->\n")
	got, _, ok2 := strings.Cut(rest, "<!-- end of abuse -->")
	if want := abuse(edge.DefaultLimits()); !ok1 || !ok2 || got != want {
		t.Errorf("wasm/edge/README.md should have, between its marks:\n%s", want)
	}
}

// And the worst that it says of guessing is the worst that there is: every try
// that a number's codes allow in 30 days, at once and one after the other, of
// which so many are of short codes.
func TestGuesses(t *testing.T) {
	p := newInProcess(t)
	l := edge.DefaultLimits()
	p.publish(t)
	const number = "+12025550101"
	short, wrong := int64(0), []int64{}
	for hour := range 30 * 24 {
		var open []string
		for range l.SendsPerHour {
			if status, _, _ := p.begin(t, number, ""); status != 202 {
				break
			}
		}
		p.mu.Lock()
		for id, code := range p.codes {
			open = append(open, id)
			if len(code) == l.CodeDigits {
				short += l.CodeTries
			}
			delete(p.codes, id)
		}
		p.mu.Unlock()
		for _, id := range open {
			for try := range l.CodeTries {
				// The first days one try is left out, as somebody would who knows the limit.
				if int64(len(wrong)) == l.WrongPerMonth-1 && try > 0 && hour < 48 {
					break
				}
				confirmWrong(t, p, id, number)
				wrong = append(wrong, int64(hour))
			}
		}
		p.ahead.Add(3600e9)
	}
	if most := l.WrongPerMonth - 1 + l.SendsPerHour*l.CodeTries; short > most || short == 0 {
		t.Errorf("%d tries of short codes in 30 days, and the README says %d", short, most)
	}
}

// lesson is what the README says to type in a section: its indented lines.
func lesson(t *testing.T, heading string) (lines []string) {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n"+heading+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for line := range strings.Lines(section) {
		if line, ok := strings.CutPrefix(line, "    "); ok {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	if !found || len(lines) == 0 {
		t.Fatalf("README.md has no lines below %q", heading)
	}
	return lines
}

// Two people find each other by the lines of the README, as they stand there but
// for the address and the program, natively and in the worker.
func TestReadmeTwoTerminals(t *testing.T) {
	program := filepath.Join(t.TempDir(), "verifier")
	build := exec.Command("go", "build", "-o", program, "../../verifier")
	build.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := lesson(t, "### With the command, in two terminals")
	for _, c := range []struct {
		name  string
		start func(t *testing.T) *process
	}{
		{"native", func(t *testing.T) *process {
			p := launch(t, exec.Command(binary, "-data", t.TempDir(), "-addr", "127.0.0.1:0"))
			p.wait(t, "an address", func() bool { return p.url != "" && p.key != "" })
			return p
		}},
		{"worker", func(t *testing.T) *process { return directoryWorker(t, t.TempDir(), nil) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := reader{p: c.start(t), dir: t.TempDir(), program: program}
			registers, searches := 0, 0
			var registered time.Time
			for _, line := range lines {
				switch {
				case strings.Contains(line, " register "):
					r.register(t, line)
					registered = time.Now()
					registers++
				case strings.Contains(line, " discover "):
					want := []string{"@bob", "@alice", "0 of 1 numbers found"}[searches]
					r.until(t, line, want)
					if searches++; searches == 2 {
						t.Logf("counts: two people found each other %.1f s after the second registered", time.Since(registered).Seconds())
					}
				case strings.Contains(line, " transcript "):
					r.until(t, line, "explained: every byte of ")
				case strings.Contains(line, " receipt "):
					r.until(t, line+" --known none", "the tag went with version ")
					r.until(t, strings.ReplaceAll(line, "--save alice.zip alice.account", "alice.zip"), "the tag went with version ")
				case strings.Contains(line, " key "):
					r.until(t, line+" --known none", "verified: ")
				default:
					r.until(t, line, "")
				}
			}
			if registers != 2 || searches != 3 {
				t.Errorf("%d people registered and %d searched, by the README", registers, searches)
			}
			receipt, err := os.ReadFile(filepath.Join(r.dir, "alice.receipt"))
			if err != nil || !strings.HasPrefix(string(receipt), "sealbook withdrawal v2\n") {
				t.Errorf("no receipt: %v %.60s", err, receipt)
			}
			r.p.stop(t)
		})
	}
}

// reader is somebody who types what the README says, in a folder of their own.
type reader struct {
	p            *process
	dir, program string
}

func (r *reader) shell(line string) *exec.Cmd {
	line = strings.ReplaceAll(line, "go run ./verifier", r.program)
	line = strings.ReplaceAll(line, "http://127.0.0.1:8080", r.p.url)
	c := exec.Command("bash", "-c", line)
	c.Dir = r.dir
	return c
}

// until types the line again until its output has a text: a directory publishes
// by a clock.
func (r *reader) until(t *testing.T, line, text string) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); ; {
		var errs bytes.Buffer
		c := r.shell(line)
		c.Stderr = &errs
		out, err := c.Output()
		if err != nil {
			t.Fatalf("%s: %v\n%s%s", line, err, out, &errs)
		}
		if strings.Contains(string(out), text) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s: no %q in\n%s%s", line, text, out, &errs)
		}
	}
}

// register types the line, and the code of the registration that it names.
func (r *reader) register(t *testing.T, line string) {
	t.Helper()
	c := r.shell(line)
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	said, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`A code was sent for registration ([0-9a-f]{8})…`)
	scanner := bufio.NewScanner(said)
	var all strings.Builder
	for scanner.Scan() {
		fmt.Fprintln(&all, scanner.Text())
		if id := named.FindStringSubmatch(scanner.Text()); id != nil {
			fmt.Fprintln(in, r.p.code(t, id[1]))
			in.Close()
		}
	}
	if err := c.Wait(); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, &all)
	}
}
