package check_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sealbook/verifier/check"
	"sealbook/verifier/discovery/discoverytest"
	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// toldWorld is a directory on the wire, with its clock.
type toldWorld struct {
	*discoverytest.Directory
	clock time.Time
	url   string
}

func newToldWorld(t *testing.T) *toldWorld {
	w := &toldWorld{clock: now}
	w.Directory = discoverytest.New(1, func() time.Time { return w.clock })
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.ServeHTTP(rw, r) }))
	t.Cleanup(server.Close)
	w.url = server.URL
	w.next()
	return w
}

// next publishes a state, ten minutes later, with a stranger more.
func (w *toldWorld) next() {
	w.clock = w.clock.Add(10 * time.Minute)
	w.Put(w.Stranger(w.Draw()))
	w.Publish()
}

// told reads the directory, and checks papers.
func (w *toldWorld) told(t *testing.T, key string, known *check.Known, papers ...check.Paper) (*check.Report, []check.Receipt, *check.Recorder) {
	t.Helper()
	source, err := check.Open(w.url)
	if err != nil {
		t.Fatal(err)
	}
	s := check.Record(source)
	r, told := check.ReadTold(context.Background(), s, key, check.Options{Known: known, Now: w.clock})
	var list []check.Receipt
	if told != nil {
		list = told.CheckReceipts(r, papers)
	}
	return r, list, s
}

func want(t *testing.T, name string, r *check.Report, exit int, code trust.Code) {
	t.Helper()
	if r.Exit() != exit || exit == 0 && len(r.Findings) > 0 || exit != 0 && (len(r.Findings) == 0 || r.Findings[0].Code != code) {
		t.Errorf("%s: exit %d, %v, want %d %s", name, r.Exit(), r.Findings, exit, string(code))
	}
}

// paper signs a receipt of a person, or their withdrawal.
func (w *toldWorld) paper(tag [directory.TagSize]byte, change func(*directory.Receipt)) check.Paper {
	b := directory.Bytes(tag[:])
	r := directory.Receipt{
		Account: strings.Repeat("ab", directory.AccountSize), Epoch: w.Epoch, Tag: &b, Scopes: directory.Scopes(), ConsentSHA256: directory.ConsentSHA256,
		LogTree: directory.NewLogTree(w.Last().Tree), Time: directory.Time(w.clock),
	}
	if change != nil {
		change(&r)
	}
	return check.Paper{Where: "receipt", Text: w.Note(&r)}
}

func (w *toldWorld) withdrawal(change func(*directory.Withdrawal)) check.Paper {
	n := directory.Withdrawal{
		Account: strings.Repeat("ab", directory.AccountSize), Epoch: w.Epoch, AbsentFromVersion: w.Last().Version + 1,
		RemovalListedUntil: directory.Time(w.clock.Add(8 * 24 * time.Hour)), BudgetKeptUntil: directory.Time(w.clock),
		LogTree: directory.NewLogTree(w.Last().Tree), Time: directory.Time(w.clock),
	}
	if change != nil {
		change(&n)
	}
	return check.Paper{Where: "withdrawal", Text: w.Note(&n)}
}

// One key an epoch and everybody's parameters; each lie has its code.
func TestToldLies(t *testing.T) {
	honest := newToldWorld(t)
	for range 300 {
		honest.next()
	}
	honest.NextEpoch()
	honest.next()
	r, _, _ := honest.told(t, honest.Key(), nil)
	want(t, "honest", r, 0, "")
	if len(r.Remarks) != 0 || r.Entries != 302 && r.Entries != 303 {
		t.Errorf("%d entries, %v", r.Entries, r.Remarks)
	}
	source, err := check.Open(honest.url)
	if err != nil {
		t.Fatal(err)
	}
	_, told := check.ReadTold(context.Background(), source, "", check.Options{Now: honest.clock})
	keys := told.Keys()
	if len(keys) != 2 || keys[0].Epoch != 1 || keys[1].Epoch != 2 || keys[0].Value == keys[1].Value || keys[1].First != keys[0].Last+1 || keys[1].Last != r.Entries-1 {
		t.Errorf("keys: %+v", keys)
	}
	if terms := told.Terms(); len(terms) != 1 || terms[0].Value != directory.ConsentSHA256 || terms[0].First != 0 {
		t.Errorf("terms: %+v", terms)
	}

	rows := []struct {
		name string
		code trust.Code
		exit int
		key  string
		lie  func(t *testing.T, w *toldWorld)
	}{
		{"another key of notes", trust.Key, 1, discoverytest.New(9, time.Now).Key(), nil},
		{"two keys in an epoch", trust.Rules, 1, "", func(t *testing.T, w *toldWorld) {
			s := w.Make()
			rand.Read(s.State.Key[:])
			w.Append(s)
		}},
		{"the next epoch with the same key", trust.Rules, 1, "", func(t *testing.T, w *toldWorld) {
			s := w.Make()
			s.State.Epoch++
			w.Append(s)
		}},
		{"a key for one client", trust.Key, 1, "", toldOther(func(p *directory.Parameters) { p.PublicKey = bytes.Clone(p.PublicKey); p.PublicKey[0] ^= 1 })},
		{"other terms for one client", trust.Inclusion, 1, "", toldOther(func(p *directory.Parameters) {
			p.Consent.Text = "We keep all.\n"
			p.Consent.SHA256 = directory.TextSHA256(p.Consent.Text)
		})},
		{"other limits for one client", trust.Inclusion, 1, "", toldOther(func(p *directory.Parameters) { p.Limits.Budget = 9999 })},
		{"limits below the floors", trust.Format, 1, "", toldAnyhow(`"batch":1024`, `"batch":1000`)},
		{"a note changed", trust.Signature, 1, "", toldReplaced("/v2/directory", "5120", "9999")},
		{"no directory", trust.LogFile, 1, "", toldStatus("/v2/directory", 404)},
		{"a checkpoint that is stale", trust.Stale, 1, "", func(t *testing.T, w *toldWorld) { w.clock = w.clock.Add(26 * time.Hour) }},
		{"a state of the future", trust.Clock, 1, "", func(t *testing.T, w *toldWorld) { w.clock = w.clock.Add(-time.Hour) }},
		{"a tile that is cut off", trust.LogFile, 1, "", func(t *testing.T, w *toldWorld) {
			w.Lie = func(e *discoverytest.Exchange) {
				if strings.Contains(e.Path, "/tile/entries/") {
					e.Body = e.Body[:len(e.Body)-5]
				}
			}
		}},
		{"a tile that is not there", trust.LogFile, 1, "", toldStatus("/v2/log/tile/entries/000.p/2", 404)},
		{"an entry changed", trust.Consistency, 1, "", toldReplaced("/v2/log/tile/entries/000.p/2", "people 1", "people 2")},
		{"a checkpoint of another key", trust.Signature, 1, "", func(t *testing.T, w *toldWorld) {
			other := newToldWorld(t)
			other.Directory = discoverytest.New(8, func() time.Time { return now })
			other.Publish()
			w.Lie = func(e *discoverytest.Exchange) {
				if e.Path == "/v2/log/checkpoint" {
					e.Body = []byte(other.Checkpoint(other.Last()))
				}
			}
		}},
		{"a redirection", trust.LogFile, 1, "", toldStatus("/v2/directory", 302)},
		{"no answer", check.Fetch, 2, "", func(t *testing.T, w *toldWorld) {
			w.Lie = func(e *discoverytest.Exchange) { e.Err = http.ErrAbortHandler }
		}},
		{"never ending", check.Fetch, 2, "", func(t *testing.T, w *toldWorld) {
			w.Lie = func(e *discoverytest.Exchange) {
				if strings.Contains(e.Path, "/tile/") {
					e.Body = make([]byte, 17<<20)
				}
			}
		}},
	}
	for _, c := range rows {
		w := newToldWorld(t)
		if c.lie != nil {
			c.lie(t, w)
		}
		r, _, _ := w.told(t, c.key, nil)
		want(t, c.name, r, c.exit, c.code)
	}
	if len(rows) < 16 {
		t.Errorf("%d lies", len(rows))
	}
}

func toldOther(change func(*directory.Parameters)) func(*testing.T, *toldWorld) {
	return func(t *testing.T, w *toldWorld) {
		w.Lie = func(e *discoverytest.Exchange) {
			if e.Path == "/v2/directory" {
				p := w.Parameters()
				change(p)
				e.Body, _ = json.Marshal(directory.DirectoryAnswer{Key: w.Key(), Note: w.Note(p)})
			}
		}
	}
}

// toldAnyhow signs a text that no directory of ours would.
func toldAnyhow(old, new string) func(*testing.T, *toldWorld) {
	return func(t *testing.T, w *toldWorld) {
		w.Lie = func(e *discoverytest.Exchange) {
			if e.Path == "/v2/directory" {
				b, _ := json.Marshal(w.Parameters())
				text := strings.Replace(string(b), old, new, 1)
				if text == string(b) {
					t.Errorf("no %s", old)
				}
				e.Body, _ = json.Marshal(directory.DirectoryAnswer{Key: w.Key(), Note: w.SignText("sealbook directory v2", json.RawMessage(text))})
			}
		}
	}
}

func toldReplaced(path, old, new string) func(*testing.T, *toldWorld) {
	return func(t *testing.T, w *toldWorld) {
		w.Lie = func(e *discoverytest.Exchange) {
			if e.Path == path {
				e.Body = bytes.Replace(e.Body, []byte(old), []byte(new), 1)
			}
		}
	}
}

func toldStatus(path string, status int) func(*testing.T, *toldWorld) {
	return func(t *testing.T, w *toldWorld) {
		w.Lie = func(e *discoverytest.Exchange) {
			if e.Path == path {
				e.Status = status
			}
		}
	}
}

// A log that was forked or rolled back since is noticed, by what is kept and by
// what receipts name.
func TestToldForked(t *testing.T) {
	w := newToldWorld(t)
	known, err := check.OpenKnown(filepath.Join(t.TempDir(), "known.json"))
	if err != nil {
		t.Fatal(err)
	}
	fork := w.Fork()
	w.next()
	receipt := w.paper(w.Draw(), nil)
	r, _, _ := w.told(t, w.Key(), known, receipt)
	want(t, "before", r, 0, "")
	honest := w.Directory
	w.Directory = fork
	fork.Lie = nil
	w.next()
	w.next()
	r, _, _ = w.told(t, w.Key(), known)
	want(t, "forked, by the checkpoint that is kept", r, 1, trust.Consistency)
	if evidence, err := os.ReadFile(known.Evidence); err != nil || strings.Count(string(evidence), "directory.example/v2/log\n") != 2 {
		t.Errorf("evidence: %v %s", err, evidence)
	}
	r, _, _ = w.told(t, w.Key(), nil, receipt)
	want(t, "forked, by the receipt", r, 1, trust.Consistency)
	w.Directory = honest
	w.Rewind(1)
	r, _, _ = w.told(t, w.Key(), nil, receipt)
	want(t, "rolled back, by the receipt", r, 1, trust.Rollback)
}

// Receipts are held against what everybody was shown, and a withdrawal against
// the changes; a bundle says the same offline.
func TestToldReceipts(t *testing.T) {
	const from = "receipt"
	rows := []struct {
		name    string
		exit    int
		code    trust.Code
		removed bool
		remark  string
		story   func(w *toldWorld) []check.Paper
	}{
		{"registered", 0, "", false, "", func(w *toldWorld) []check.Paper { return []check.Paper{w.paper(w.Draw(), nil)} }},
		{"other terms", 1, trust.Inclusion, false, "", func(w *toldWorld) []check.Paper {
			return []check.Paper{w.paper(w.Draw(), func(r *directory.Receipt) { r.ConsentSHA256 = directory.TextSHA256("We keep all.\n") })}
		}},
		{"an epoch of one's own", 1, trust.Inclusion, false, "", func(w *toldWorld) []check.Paper {
			return []check.Paper{w.paper(w.Draw(), func(r *directory.Receipt) { r.Epoch = 7 })}
		}},
		{"a log of one's own", 1, trust.Consistency, false, "", func(w *toldWorld) []check.Paper {
			return []check.Paper{w.paper(w.Draw(), func(r *directory.Receipt) { r.Root[0] ^= 1 })}
		}},
		{"of another directory", 1, trust.Signature, false, "", func(w *toldWorld) []check.Paper {
			other := &toldWorld{Directory: discoverytest.New(8, func() time.Time { return now }), clock: now}
			other.Publish()
			return []check.Paper{other.paper(w.Draw(), nil)}
		}},
		{"no receipt", 1, trust.Format, false, "", func(w *toldWorld) []check.Paper { return []check.Paper{{Where: from, Text: "hello\n"}} }},
		{"withdrawn", 0, "", true, "", leaving(func(w *toldWorld, p discoverytest.Person) { w.Remove(p); w.next() })},
		{"withdrawn, hours later", 0, "", true, "", leaving(func(w *toldWorld, p discoverytest.Person) {
			w.Remove(p)
			for range 20 {
				w.next()
			}
		})},
		{"withdrawn, and come again later", 0, "", true, "the tag came again later", leaving(func(w *toldWorld, p discoverytest.Person) {
			w.Remove(p)
			w.next()
			p.Record[0]++
			w.Put(p)
			w.next()
		})},
		{"withdrawn, and come again at once", 0, "", false, "", leaving(func(w *toldWorld, p discoverytest.Person) {
			w.Remove(p)
			p.Record[0]++
			w.Put(p)
			w.next()
		})},
		{"withdrawn, and another epoch", 0, "", false, "the epoch of the tag ended", leaving(func(w *toldWorld, p discoverytest.Person) {
			w.NextEpoch()
			w.next()
		})},
		{"left in", 1, check.Present, false, "", leaving(func(w *toldWorld, p discoverytest.Person) { w.next() })},
		{"left in, after another record", 1, check.Present, false, "", func(w *toldWorld) []check.Paper {
			p := w.Stranger(w.Draw())
			receipt := w.paper(p.Tag, nil)
			w.Put(p)
			w.next()
			p.Record[0]++
			w.Put(p)
			w.next()
			withdrawal := w.withdrawal(nil)
			w.next()
			return []check.Paper{receipt, withdrawal}
		}},
		{"left in, and the same tag added", 1, check.Present, false, "", leaving(func(w *toldWorld, p discoverytest.Person) {
			w.Put(w.Stranger(p.Tag))
			w.next()
		})},
		{"left in for a while", 1, check.Present, false, "", leaving(func(w *toldWorld, p discoverytest.Person) {
			w.next()
			w.next()
			w.Remove(p)
			w.next()
		})},
		{"not published yet", 2, check.Fetch, false, "", leaving(func(w *toldWorld, p discoverytest.Person) {})},
		{"changes that are kept no more", 2, check.Fetch, false, "", leaving(func(w *toldWorld, p discoverytest.Person) {
			w.Remove(p)
			w.next()
			w.clock = w.clock.Add(9 * 24 * time.Hour)
			w.next()
		})},
		{"changes that lie", 1, trust.Inclusion, false, "", leaving(func(w *toldWorld, p discoverytest.Person) {
			w.next()
			w.Lie = func(e *discoverytest.Exchange) {
				if strings.HasPrefix(e.Path, "/v2/changes/") {
					versions, _, err := directory.ParseHour(e.Body)
					if err != nil {
						panic(err)
					}
					e.Body = nil
					for i := range versions {
						if i == len(versions)-1 {
							versions[i].Removed = append(versions[i].Removed, p.Tag)
						}
						e.Body = versions[i].Append(e.Body)
					}
				}
			}
		})},
		{"changes that leave a version out", 1, trust.File, false, "", leaving(func(w *toldWorld, p discoverytest.Person) {
			w.next()
			w.next()
			w.Lie = func(e *discoverytest.Exchange) {
				if strings.HasPrefix(e.Path, "/v2/changes/") {
					versions, raw, _ := directory.ParseHour(e.Body)
					e.Body = bytes.Join(raw[:len(versions)-1], nil)
				}
			}
		})},
		{"absent in the far future", 1, trust.Rules, false, "", func(w *toldWorld) []check.Paper {
			return []check.Paper{w.paper(w.Draw(), nil), w.withdrawal(func(n *directory.Withdrawal) { n.AbsentFromVersion += 100 })}
		}},
		{"left before the next state", 0, "", false, "the tag was never published", func(w *toldWorld) []check.Paper {
			papers := []check.Paper{w.paper(w.Draw(), nil), w.withdrawal(nil)}
			w.next()
			return papers
		}},
		{"not to be found at all", 0, "", false, "was not to be found", func(w *toldWorld) []check.Paper {
			return []check.Paper{w.paper(w.Draw(), func(r *directory.Receipt) { r.Tag, r.Scopes = nil, []directory.Scope{directory.Search} }), w.withdrawal(nil)}
		}},
		{"without the receipt", 2, check.Fetch, false, "", func(w *toldWorld) []check.Paper {
			w.next()
			return []check.Paper{w.withdrawal(func(n *directory.Withdrawal) { n.AbsentFromVersion-- })}
		}},
	}
	for _, c := range rows {
		t.Run(c.name, func(t *testing.T) {
			w := newToldWorld(t)
			w.next()
			papers := c.story(w)
			r, list, s := w.told(t, w.Key(), nil, papers...)
			want(t, c.name, r, c.exit, c.code)
			if removed := len(list) > 0 && list[len(list)-1].RemovedIn > 0; removed != c.removed {
				t.Errorf("%+v", list)
			}
			if said := fmt.Sprint(r.Remarks); !strings.Contains(said, c.remark) || c.remark == "" && len(r.Remarks) > 0 {
				t.Errorf("remarks %s, want %q", said, c.remark)
			}
			// The bundle says the same, without asking anybody, and years later.
			bundle, err := s.Bundle(papers)
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(t.TempDir(), "bundle.zip")
			if err := os.WriteFile(file, bundle, 0o600); err != nil {
				t.Fatal(err)
			}
			kept, err := check.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			again, told := check.ReadTold(context.Background(), kept, w.Key(), check.Options{Now: w.clock.AddDate(2, 0, 0)})
			if told == nil {
				t.Fatalf("%v", again.Findings)
			}
			saved := told.CheckReceipts(again, check.Papers(kept))
			want(t, "the bundle", again, c.exit, c.code)
			if len(saved) != len(list) {
				t.Errorf("the bundle: %+v, want %+v", saved, list)
			}
		})
	}
	if len(rows) < 20 {
		t.Errorf("%d rows", len(rows))
	}
}

// leaving is somebody who was published and withdraws; then is what the directory
// does.
func leaving(then func(*toldWorld, discoverytest.Person)) func(*toldWorld) []check.Paper {
	return func(w *toldWorld) []check.Paper {
		p := w.Stranger(w.Draw())
		receipt := w.paper(p.Tag, nil)
		w.Put(p)
		w.next()
		withdrawal := w.withdrawal(nil)
		then(w, p)
		return []check.Paper{receipt, withdrawal}
	}
}
