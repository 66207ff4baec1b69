package discovery_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"sealbook/verifier/discovery"
	"sealbook/wasm/directory"
	"sealbook/wasm/edge"
	"sealbook/wasm/edge/folder"
	"sealbook/wasm/edge/sqlite"
)

// service is the directory service itself, in the bubble's time.
type service struct {
	*edge.Handler
	code string
}

func (s *service) Send(_ context.Context, m edge.Message) error { s.code = m.Code; return nil }

func (s *service) Key() string { return s.VerifierKey() }

func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	if r.Body == nil {
		r.Body = http.NoBody
	}
	s.ServeHTTP(w, r)
	response := w.Result()
	response.Request = r
	return response, nil
}

func (s *service) Parameters() *directory.Parameters {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "https://directory.example/v2/directory", nil))
	var said directory.DirectoryAnswer
	var p directory.Parameters
	verifier, err := directory.NewVerifier(s.Key())
	if err != nil || json.Unmarshal(w.Body.Bytes(), &said) != nil || verifier.Open(said.Note, &p) != nil {
		panic("the service does not say what it is")
	}
	return &p
}

func startService(t *testing.T) *service {
	t.Helper()
	place := t.TempDir()
	file, err := sqlite.Open(t.Context(), filepath.Join(place, "directory.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	files, err := folder.Open(filepath.Join(place, "files"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close(); files.Close() })
	s := new(service)
	limits := edge.DefaultLimits()
	limits.SendsAddress, limits.SendsCalling, limits.SendsTotal, limits.Interval = 100_000, 100_000, 100_000, 1
	s.Handler, err = edge.New(edge.Config{
		Name: "directory.example", Seed: [32]byte{1}, Store: file.Store, Files: files, Evaluator: edge.Native, Sender: s,
		Address: func(*http.Request) netip.Addr { return netip.MustParseAddr("192.0.2.1") },
		Now:     time.Now, Random: rand.Reader, Limits: limits, Consent: directory.Consent,
		Log: func(err error) { t.Error(err) },
	})
	if err != nil {
		t.Fatal(err)
	}
	s.publish(t)
	return s
}

func (s *service) publish(t *testing.T) {
	t.Helper()
	if err := s.PublishNow(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// client is one of the service, and how it registers.
func (s *service) client(t *testing.T) *discovery.Directory {
	t.Helper()
	d, err := discovery.New("https://directory.example", discovery.Options{Key: s.Key(), Transport: s})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (s *service) join(t *testing.T, number, handle string) *discovery.Mine {
	t.Helper()
	d := s.client(t)
	reg, err := d.Register(background, number)
	if err != nil {
		t.Fatal(err)
	}
	mine, err := d.Confirm(background, nil, discovery.Confirmation{Registration: reg.ID, Number: number, Code: s.code, Scopes: directory.Scopes()})
	if err != nil {
		t.Fatal(err)
	}
	record := directory.Record{}
	copy(record.Handle[:], handle)
	if err := d.Publish(background, &mine, record); err != nil {
		t.Fatal(err)
	}
	return &mine
}

// The same before the service itself: 20 syncs of two disjoint books, while
// people register, withdraw and put other records.
func TestUniformService(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startService(t)
		people := map[int]*discovery.Mine{}
		for i := range 30 {
			people[i] = s.join(t, fiction(i), fmt.Sprint("a", i))
		}
		clients := []*client{}
		for i, name := range []string{"A", "B"} {
			clients = append(clients, &client{
				t: t, name: name, numbers: numbers(1000*i, 60-7*i), mine: s.join(t, fiction(11_900+i), name), limit: 64 * 45,
				path: filepath.Join(t.TempDir(), "state"), random: mathrand.NewChaCha8([32]byte{byte(i)}), server: s,
			})
		}
		a, b := clients[0], clients[1]
		time.Sleep(time.Hour)
		s.publish(t)
		whole := map[bool]int{}
		for sync := 1; sync <= 20; sync++ {
			time.Sleep(time.Duration(sync) * 13 * time.Minute)
			switch i := sync % 4; {
			case i == 0 && people[sync] != nil:
				if _, _, err := s.client(t).Withdraw(background, people[sync].Credential, people[sync].Receipt.Account); err != nil {
					t.Fatal(err)
				}
				delete(people, sync)
			case i == 1 && people[sync] != nil:
				if err := s.client(t).Publish(background, people[sync], directory.Record{Flags: uint32(sync)}); err != nil {
					t.Fatal(err)
				}
			}
			if sync < 12 {
				for j := range 2 {
					people[100+2*sync+j] = s.join(t, fiction(3000+2*sync+j), "a stranger")
				}
			} else {
				for j := range 2 {
					if p := people[100+2*(sync-11)+j]; p != nil {
						if _, _, err := s.client(t).Withdraw(background, p.Credential, p.Receipt.Account); err != nil {
							t.Fatal(err)
						}
						delete(people, 100+2*(sync-11)+j)
					}
				}
			}
			s.publish(t)
			time.Sleep(time.Minute)
			more := map[int][]int{3: {2, 8}, 7: {5, 0}, 13: {0, 1}}[sync]
			for i, n := range more {
				clients[i].numbers = append(clients[i].numbers, numbers(6000+1000*i+10*sync, n)...)
			}
			for _, c := range clients {
				if sync == 10 {
					c.restart()
				}
				if c.run(sync); c.err != nil {
					t.Fatal(sync, c.name, c.err)
				}
			}
			for _, difference := range differences(clients...) {
				t.Errorf("sync %d: %s", sync, difference)
			}
			whole[a.result.Counts.Records]++
			here := 0
			for i := range 30 {
				if people[i] != nil {
					here++
				}
			}
			if len(a.result.Found) != here || len(b.result.Found) != 0 {
				t.Errorf("sync %d: A finds %d of %d, B %d", sync, len(a.result.Found), here, len(b.result.Found))
			}
		}
		if whole[true] < 4 || whole[false] < 4 {
			t.Errorf("records were read %d times and were not %d times", whole[true], whole[false])
		}
		checkFresh(t, clients...)
	})
}
