// Package figures holds what `./build.sh bench worker 1000000` measured, and writes
// it into the READMEs: what answers and publications take, and what that costs at
// Cloudflare. A test holds both to worker.json.
package figures

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Figures are those of one run.
type Figures struct {
	Date        string       `json:"date"`
	Note        string       `json:"note,omitempty"` // what is not of the run
	Processors  int          `json:"processors"`
	People      int          `json:"people"`
	Database    int64        `json:"database_bytes"`
	Tags        int64        `json:"tags_bytes"`
	Kinds       []Kind       `json:"kinds"`
	Publishings []Publishing `json:"publishings"`
	Hour        Hour         `json:"hour"`
	Private     []Private    `json:"private_retrieval,omitempty"`
}

// Kind is a kind of request: milliseconds of a processor for an answer. Those of the
// worker are of the whole workerd process, with its simulators.
type Kind struct {
	Name     string  `json:"name"`
	Native   float64 `json:"native_ms"`
	Worker   float64 `json:"worker_ms"`
	Streamed float64 `json:"streamed_ms,omitempty"` // by a worker that does nothing but that
	Bytes    float64 `json:"bytes"`
	Used     Used    `json:"used"`
}

// Used is what Cloudflare counts beside requests and time.
type Used struct {
	Read    float64 `json:"d1_rows_read"`
	Written float64 `json:"d1_rows_written"`
	A       float64 `json:"r2_class_a"` // writes and lists
	B       float64 `json:"r2_class_b"` // reads
}

// Publishing is one publication.
type Publishing struct {
	Name    string  `json:"name"`
	CPU     float64 `json:"cpu_s"`
	Took    float64 `json:"took_s"`
	Go      float64 `json:"go_mb"`      // memory of Go, which never shrinks
	V8      float64 `json:"v8_mb"`      // V8's heap and buffers of the isolate, at most
	Process float64 `json:"process_mb"` // how much more the process held at most, simulators and all
	Used    Used    `json:"used"`
}

// Isolate is what the isolate held at most, in MB: 128 are there.
func (p Publishing) Isolate() float64 { return p.Go + p.V8 }

// Hour is what a tenth of the people send who sync daily, in an hour.
type Hour struct {
	Requests int64   `json:"requests"`
	From     float64 `json:"from_mb"` // of the process
	To       float64 `json:"to_mb"`
	Most     float64 `json:"most_mb"`
	V8       float64 `json:"v8_mb"` // of the isolate, at most, after a collection
	Go       float64 `json:"go_mb"` // of an instance that answers requests, at most
}

// Isolate is what an isolate that answers requests holds at most, in MB.
func (h Hour) Isolate() float64 { return instances*h.Go + h.V8 }

// instances are those of Go in an isolate: see pool.js.
const instances = 4

// Private is what scanning blocks for private retrieval takes.
type Private struct {
	Where string  `json:"where"`
	MBs   float64 `json:"mb_a_core_second"`
}

// File is where they lie, below the root of the repository.
const File = "tests/bench/figures/worker.json"

// Load reads them.
func Load(root string) (f Figures, err error) {
	text, err := os.ReadFile(filepath.Join(root, File))
	if err != nil {
		return f, err
	}
	return f, json.Unmarshal(text, &f)
}

// Save writes them down, and into the READMEs.
func (f Figures) Save(root string) error {
	text, err := json.MarshalIndent(f, "", "\t")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(root, File), append(text, '\n'), 0o644); err != nil {
		return err
	}
	var all error
	for _, p := range f.Places() {
		old, err := os.ReadFile(filepath.Join(root, p.File))
		if err == nil {
			var text string
			if text, err = p.into(string(old)); err == nil {
				err = os.WriteFile(filepath.Join(root, p.File), []byte(text), 0o644)
			}
		}
		all = errors.Join(all, err)
	}
	return all
}

// Place is a text between two marks of a file.
type Place struct{ File, Mark, Text string }

// Places are all that is written.
func (f Figures) Places() []Place {
	return []Place{
		{"wasm/edge/worker/README.md", "measured", f.table()},
		{"wasm/edge/README.md", "costs", f.costs()},
	}
}

func (p Place) into(text string) (string, error) {
	begin, end := "<!-- "+p.Mark+": written by ./build.sh bench worker 1000000 -->\n", "<!-- end of "+p.Mark+" -->"
	head, rest, ok1 := strings.Cut(text, begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		return "", fmt.Errorf("figures: %s has no place for %s", p.File, p.Mark)
	}
	return head + begin + p.Text + end + tail, nil
}

func (f Figures) table() string {
	var t strings.Builder
	fmt.Fprintf(&t, "Of %s, %s people, %d processors shared with other work; milliseconds of a processor for an answer. *Streamed*: a worker that does nothing but stream the same object, measured in turn. %s\n\n", f.Date, count(f.People), f.Processors, f.Note)
	t.WriteString("| | native | workerd | streamed | ratio | bytes | rows read | written | R2 reads |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, k := range f.Kinds {
		native, streamed, ratio := "", "", ""
		if k.Native > 0 {
			native = fmt.Sprintf("%.2f", k.Native)
		}
		if k.Streamed > 0 {
			streamed, ratio = fmt.Sprintf("%.2f", k.Streamed), fmt.Sprintf("%.2f", k.Worker/k.Streamed)
		}
		fmt.Fprintf(&t, "| %s | %s | %.2f | %s | %s | %.0f | %.0f | %.0f | %.0f |\n",
			k.Name, native, k.Worker, streamed, ratio, k.Bytes, k.Used.Read, k.Used.Written, k.Used.B)
	}
	t.WriteString("\n| a state | CPU, all | time | isolate at most | of it Go | more of the process |\n|---|--:|--:|--:|--:|--:|\n")
	for _, p := range f.Publishings {
		fmt.Fprintf(&t, "| %s | %.1f s | %.1f s | %.0f MB | %.0f MB | %.0f MB |\n", p.Name, p.CPU, p.Took, p.Isolate(), p.Go, p.Process)
	}
	many := f.publishing("10,000 changes").Used
	fmt.Fprintf(&t, "\nThat with 10,000 changes reads %s rows and writes %s, and asks R2 for %.0f writes and %.0f reads.\n", count(int(many.Read)), count(int(many.Written)), many.A, many.B)
	fmt.Fprintf(&t, "\nAn hour of a tenth of them who sync daily, %s requests: the process had %.0f MB before, %.0f after, %.0f at most. The isolate needed at most %.0f MB: %.0f that V8's heap and buffers held whenever it had collected, five times a second, and %d instances of Go of at most %.0f.\n",
		count(int(f.Hour.Requests)), f.Hour.From, f.Hour.To, f.Hour.Most, f.Hour.Isolate(), f.Hour.V8, instances, f.Hour.Go)
	return t.String()
}

// count writes an integer with commas.
func count(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func (f Figures) kind(name string) Kind {
	for _, k := range f.Kinds {
		if k.Name == name {
			return k
		}
	}
	panic("figures: no kind " + name)
}

func (f Figures) publishing(name string) Publishing {
	for _, p := range f.Publishings {
		if p.Name == name {
			return p
		}
	}
	panic("figures: no publication " + name)
}
