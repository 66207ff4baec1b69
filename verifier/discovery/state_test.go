package discovery_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sealbook/verifier/discovery"
	"sealbook/verifier/discovery/discoverytest"
	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// A state that is damaged, of another directory or of version 1 is refused.
func TestStates(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		path := filepath.Join(t.TempDir(), "state")
		mine := r.Account(fiction(0), "me")
		r.later(time.Hour)
		if _, err := r.sync(path, mine, fiction(1)); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if info, _ := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Fatal(err, info.Mode())
		}
		d, _ := r.open("")
		for at := 0; at < len(b); at += 97 {
			other := slices.Clone(b)
			other[at] ^= 1
			os.WriteFile(path, other, 0o600)
			if _, err := discovery.LoadState(path, d); !errors.Is(err, discovery.StateWrong) {
				t.Errorf("byte %d: %v", at, err)
			}
		}
		other := discoverytest.New(9, time.Now)
		os.WriteFile(path, b, 0o600)
		elsewhere, err := discovery.New(discoverytest.URL, discovery.Options{Key: other.Key(), Transport: other})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := discovery.LoadState(path, elsewhere); !errors.Is(err, discovery.StateWrong) {
			t.Error(err)
		}
	})
}

// Two clients who are shown different logs from the first contact on each have
// what shows it: signed updates of one log with different trees.
func TestForkAtFirstContact(t *testing.T) {
	inBubble(t, func(t *testing.T, r *rig) {
		fork := r.Fork()
		r.Put(r.Stranger(r.Draw()))
		fork.Put(fork.Stranger(fork.Draw()))
		time.Sleep(time.Hour)
		r.Publish()
		fork.Publish()
		read := func(d *discoverytest.Directory) (int64, string) {
			path := filepath.Join(t.TempDir(), "state")
			client, err := discovery.New(discoverytest.URL, discovery.Options{Key: r.Key(), Transport: d})
			if err != nil {
				t.Fatal(err)
			}
			s, err := discovery.LoadState(path, client)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := client.Sync(background, discovery.Search{State: s}); err != nil {
				t.Fatal(err)
			}
			b, _ := os.ReadFile(path)
			var f struct {
				Size   int64 `json:"log_size"`
				Update string
			}
			if err := json.Unmarshal(b[:slices.Index(b, '\n')], &f); err != nil {
				t.Fatal(err)
			}
			log, err := trust.NewVerifier(client.Parameters.Log, trust.Origin(discoverytest.Name))
			if err != nil {
				t.Fatal(err)
			}
			u, err := trust.ReadUpdate(f.Update, 0, log)
			if err != nil || u.Tree.N != f.Size {
				t.Fatal(err)
			}
			return f.Size, u.Tree.Hash.String()
		}
		n, root := read(r.Directory)
		m, other := read(fork)
		if n != m || root == other {
			t.Errorf("%d %s, %d %s", n, root, m, other)
		}
	})
}

// Whatever stands in the file of a state, reading it ends, with that state or
// with an error.
func FuzzLoadState(f *testing.F) {
	path := filepath.Join(f.TempDir(), "state")
	r := discoverytest.New(1, time.Now)
	mine := r.Account(fiction(0), "me")
	r.Put(r.PersonOf(fiction(1), "@ben"))
	r.Publish()
	open := func(t testing.TB) (*discovery.Directory, *discovery.State, error) {
		d, err := discovery.New(discoverytest.URL, discovery.Options{Key: r.Key(), Transport: r})
		if err != nil {
			t.Fatal(err)
		}
		s, err := discovery.LoadState(path, d)
		return d, s, err
	}
	d, s, err := open(f)
	if err != nil {
		f.Fatal(err)
	}
	if _, err := d.Sync(background, discovery.Search{Mine: mine, Numbers: []string{fiction(1)}, State: s}); err != nil {
		f.Fatal(err)
	}
	b, err := os.ReadFile(path)
	text, _, _ := strings.Cut(string(b), "\n")
	if err != nil || len(text) < 1000 {
		f.Fatal(len(text), err)
	}
	f.Add(text)
	f.Add(`{"sealbook":"state","version":2,"tags":"U0JUMg"}`)
	f.Add(`{"sealbook":"state","version":2,"log_size":1,"leaf":"x","records":""}`)
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ReplaceAll(text, "\n", " ")
		if err := os.WriteFile(path, []byte(text+"\n"+directory.TextSHA256(text)+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, s, err := open(t)
		if err != nil {
			code(t, err, discovery.StateWrong)
			return
		}
		if err := s.Save(); err != nil {
			t.Error(err)
		}
		if _, _, err := open(t); err != nil {
			t.Error("what was saved is not read")
		}
	})
}
