package suite

import (
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
