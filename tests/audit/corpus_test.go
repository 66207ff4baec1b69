// Package audit holds the auditor against recordings of which the truth is known:
// a corpus of disguises and near misses that standard tools made, and real
// captures in which nobody of a made-up address book can be.
package audit

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sealbook/tests/audit/corpus"
	"sealbook/wasm/audit"
	"sealbook/wasm/capture"
	"sealbook/wasm/capture/file"
	"sealbook/wasm/number"
)

// book makes the address book of a corpus.
func book(t testing.TB, c *corpus.Corpus) *audit.Book {
	t.Helper()
	b := new(audit.Book)
	for _, p := range c.Contacts {
		n, err := number.Parse(p.Spaced, "")
		if err != nil || n.String() != p.E164 {
			t.Fatalf("a contact is not the number that it says")
		}
		i := b.Add(p.Name)
		b.AddNumber(i, n)
		b.AddEmail(i, p.Email)
	}
	return b
}

// reports audits all files of a corpus.
func reports(t testing.TB, c *corpus.Corpus) map[string]*audit.Report {
	t.Helper()
	dir := t.TempDir()
	a := audit.New(book(t, c), audit.Options{})
	out := map[string]*audit.Report{}
	for name, data := range c.Files {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := file.Read(path, capture.Options{}, func(m *capture.Message) { a.Message(m) }, nil); err != nil {
			t.Fatal(err)
		}
		out[name] = a.End()
	}
	return out
}

func TestCorpus(t *testing.T) {
	for _, seed := range []uint64{1, 2} {
		c := corpus.Make(seed)
		if len(c.Planted) < 300 || len(c.Near) < 300 || len(c.Opaque) < 20 {
			t.Fatalf("%d planted, %d near misses, %d opaque", len(c.Planted), len(c.Near), len(c.Opaque))
		}
		all := reports(t, c)
		score := map[string][2]int{} // by wanted certainty: found, of
		expected := map[string]bool{}
		for _, p := range c.Planted {
			key := fmt.Sprint(p.File, p.Index)
			expected[key] = true
			ok := false
			var got []string
			for _, f := range all[p.File].Findings {
				if f.Sent.Index != p.Index || f.Sent.Response {
					continue
				}
				got = append(got, fmt.Sprintf("%v %v %s", f.Kind, f.Certainty, strings.Join(f.Chain, " ")))
				right := f.E164 == p.Contact.E164 && f.Kind.String() == p.Kind
				if right && (f.Certainty.String() == p.Want || f.Certainty >= audit.Likely && p.Want != "possible") {
					ok = true
				}
			}
			s := score[p.Want]
			s[1]++
			if ok {
				s[0]++
			} else {
				t.Logf("seed %d: missed %s in %s %d: got %q", seed, p.Class, p.File, p.Index, got)
			}
			score[p.Want] = s
		}
		for want, s := range score {
			t.Logf("seed %d: %s: %d of %d", seed, want, s[0], s[1])
			if 100*s[0] < 99*s[1] {
				t.Errorf("seed %d: %s: %d of %d", seed, want, s[0], s[1])
			}
		}
		near := map[string]string{}
		for _, n := range c.Near {
			near[fmt.Sprint(n.File, n.Index)] = n.Class
		}
		for name, r := range all {
			for _, f := range r.Findings {
				key := fmt.Sprint(name, f.Sent.Index)
				if f.Certainty >= audit.Likely && !expected[key] {
					t.Errorf("seed %d: false alarm: %s: %v %v in %s %v", seed, near[key], f.Kind, f.Certainty, f.Location, f.Chain)
				}
			}
		}
		for _, o := range c.Opaque {
			if !slices.ContainsFunc(all[o.File].Unreadable, func(u audit.Unreadable) bool { return u.Index == o.Index }) {
				t.Errorf("seed %d: %s is not told", seed, o.Class)
			}
		}
		for name, r := range all {
			for _, u := range r.Unreadable {
				if u.Reason == audit.OpaqueBytes {
					continue // of what is planted among random bytes
				}
				if !slices.ContainsFunc(c.Opaque, func(o corpus.Opaque) bool { return o.File == name && o.Index == u.Index }) {
					class := near[fmt.Sprint(name, u.Index)]
					for _, p := range c.Planted {
						if p.File == name && p.Index == u.Index {
							class = p.Class
						}
					}
					t.Errorf("seed %d: %s %d (%s) can be read, yet %s", seed, name, u.Index, class, u.Reason)
				}
			}
		}
	}
}
