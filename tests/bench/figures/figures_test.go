package figures

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const root = "../../.."

var write = flag.Bool("write", false, "write the tables anew, of worker.json")

// The READMEs have what was measured, and what follows from it.
func TestReadmes(t *testing.T) {
	f, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	if *write {
		if err := f.Save(root); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range f.Places() {
		text, err := os.ReadFile(filepath.Join(root, p.File))
		if err != nil {
			t.Fatal(err)
		}
		want, err := p.into(string(text))
		if err != nil || want != string(text) {
			t.Errorf("%s should have, at %s, %v:\n%s", p.File, p.Mark, err, p.Text)
		}
	}
}

// A run that came to its end measured registering last of the kinds, and needs no
// note. Of one that did not the note names everything that is of elsewhere.
func TestNote(t *testing.T) {
	f, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(f.Kinds, func(k Kind) bool { return strings.HasPrefix(k.Name, "registering") }) {
		if f.Note != "" {
			t.Errorf("a whole run has the note %q", f.Note)
		}
		return
	}
	for _, part := range []string{"times", "bytes", "process", "V8 and Go", "Rows of D1", "operations of R2", "private retrieval"} {
		if !strings.Contains(f.Note, part) {
			t.Errorf("the run was broken off, and its note does not say where %q come from", part)
		}
	}
}

// The run was of a million people and within the budgets: of what is published no
// answer takes more than 1.3 of a worker that streams the same object, and a
// publication fits an isolate.
func TestBudgets(t *testing.T) {
	f, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	if f.People < 1_000_000 {
		t.Errorf("%d people", f.People)
	}
	streamed := 0
	for _, k := range f.Kinds {
		if k.Streamed == 0 {
			continue
		}
		streamed++
		if k.Worker > 1.3*k.Streamed {
			t.Errorf("%s: %.2f ms, and %.2f streamed", k.Name, k.Worker, k.Streamed)
		}
		if k.Used.Read+k.Used.Written > 0 {
			t.Errorf("%s asks the database", k.Name)
		}
	}
	if streamed != 6 {
		t.Errorf("%d kinds are held against a stream", streamed)
	}
	if len(f.Publishings) != 3 {
		t.Errorf("%d publications", len(f.Publishings))
	}
	for _, p := range f.Publishings {
		if p.Isolate() > 128 || p.CPU > 30 || p.Go == 0 || p.V8 == 0 {
			t.Errorf("%s: isolate %.0f MB, %.1f s of CPU", p.Name, p.Isolate(), p.CPU)
		}
	}
	if f.Hour.Go == 0 || f.Hour.Isolate() > 128 {
		t.Errorf("an isolate that answers requests has %.0f MB", f.Hour.Isolate())
	}
	// A page of statements for 10,000 changes, not one of all people.
	if many := f.publishing("10,000 changes"); many.Used.Read > 300_000 || many.Used.Read < 10_000 {
		t.Errorf("10,000 changes read %.0f rows", many.Used.Read)
	}
}

// Costs are what the prices say.
func TestPrice(t *testing.T) {
	for _, c := range []struct {
		n, want float64
	}{{0, 0}, {10e6, 0}, {11e6, 0.30}, {110e6, 30}} {
		if got := requests.of(c.n); got != c.want {
			t.Errorf("%.0f requests: $%g, want $%g", c.n, got, c.want)
		}
	}
	for _, p := range prices {
		if p.unit <= 0 || p.dollars <= 0 || !strings.HasPrefix(p.source, "https://developers.cloudflare.com/") {
			t.Errorf("%+v", p)
		}
	}
}
