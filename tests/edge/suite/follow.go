package suite

import (
	"encoding/json"
	"testing"

	"sealbook/wasm/directory"
)

// Follower looks at a server as clients do, time after time, and lets nothing
// of the log or the changes pass that they would not.
type Follower struct {
	*Server
	last *state
}

// Follow makes one for a server that is used without the suite.
func (s *Server) Follow() *Follower {
	if s.numbers == nil {
		s.numbers = new(numbers)
	}
	return &Follower{Server: s}
}

// Look reads the newest state, checks all of it, and replays what changed since
// the last look.
func (f *Follower) Look(t testing.TB) directory.Tags {
	t.Helper()
	st := f.newest(t)
	if f.last != nil && f.last.Epoch == st.Epoch {
		if f.last.Version == st.Version && f.last.Files != st.Files {
			t.Fatal("a version has two states")
		}
		if f.last.Version < st.Version {
			f.replay(t, f.last, st)
		}
	}
	f.last = st
	return st.tags
}

// Join registers somebody new, and returns credential and tag.
func (f *Follower) Join(t testing.TB) (credential string, tag [directory.TagSize]byte) {
	t.Helper()
	p := f.register(t, both...)
	return p.credential, p.tag()
}

// Hour is that of the state looked at last.
func (f *Follower) Hour() int64 { return hourOf(f.last.State) }

// Newest is the version of the log's newest leaf, whether or not its files are
// there.
func (s *Server) Newest(t testing.TB) uint64 {
	t.Helper()
	return s.update(t).Version
}

// health: how the directory is, for everybody; how busy it is, for nobody.
func health(t *testing.T, s *Server) {
	p := s.register(t, both...)
	s.published(t, p, 1)
	st := s.newest(t)
	a := s.get(t, "/v2/health")
	a.wantStatus(t, 200)
	var got map[string]any
	if err := json.Unmarshal(a.body, &got); err != nil {
		t.Fatal(err)
	}
	if got["status"] != "ok" || got["version"].(float64) < float64(st.Version) || got["age"].(float64) > 3600 || got["people"].(float64) < 1 || got["epoch"] != 1.0 {
		t.Errorf("%s", a.body)
	}
	if len(got) != 7 {
		t.Errorf("%d fields, want 7: %s", len(got), a.body)
	}
}
