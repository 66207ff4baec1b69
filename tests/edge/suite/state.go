package suite

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// known is what the suite knows of the log: it follows it, and never lets it go
// back.
type known struct {
	tree  tlog.Tree
	state *trust.State
}

// update reads the newest leaf, as a client does.
func (s *Server) update(t testing.TB) trust.State {
	t.Helper()
	p := s.about(t)
	key, err := trust.NewVerifier(p.Log, trust.Origin(p.Name))
	if err != nil {
		t.Fatal(err)
	}
	a := s.get(t, fmt.Sprintf("/v2/log/update?from=%d", s.log.tree.N))
	a.wantStatus(t, 200)
	u, err := trust.OpenUpdate(string(a.body), s.log.tree, key)
	if err != nil {
		t.Fatalf("log update: %v", err)
	}
	if before := s.log.state; before != nil && u.Tree.N > s.log.tree.N {
		if err := u.State.Follows(before); err != nil {
			t.Fatalf("log update: %v", err)
		}
	}
	if u.State.Version != uint64(u.Tree.N) {
		t.Errorf("version %d in a log of %d", u.State.Version, u.Tree.N)
	}
	s.log = known{u.Tree, &u.State}
	return u.State
}

// inLog checks that a note's log is the one that everybody sees.
func (s *Server) inLog(t testing.TB, l directory.LogTree) {
	t.Helper()
	if s.update(t); s.log.tree.N < int64(l.Size) || s.log.tree.N == int64(l.Size) && s.log.tree.Hash != l.Tree().Hash {
		t.Errorf("a note has a log of %d entries that is not the one of %d", l.Size, s.log.tree.N)
	}
}

// state is one state, with its files checked.
type state struct {
	trust.State
	tags    directory.Tags
	file    []byte // of the tags
	records []byte // without header
}

// newest reads the newest state, all of it.
func (s *Server) newest(t testing.TB) *state {
	t.Helper()
	for range 3 {
		st := &state{State: s.update(t)}
		file := func(name string) []byte {
			a := s.get(t, fmt.Sprintf("/v2/states/%d/%s", st.Version, name))
			a.wantStatus(t, 200)
			return a.body
		}
		st.file = file("tags")
		var err error
		if st.tags, err = directory.ParseTags(st.file); err != nil {
			t.Fatal(err)
		}
		records := file("records")
		header, err := directory.ParseRecordsHeader(records)
		if err != nil || header != st.tags.Header || uint64(header.Count) != st.People || header.Version != st.Version || header.Epoch != st.Epoch {
			t.Fatalf("%v: %+v and %+v of version %d with %d people", err, header, st.tags.Header, st.Version, st.People)
		}
		st.records = records[directory.HeaderSize:]
		root := trust.RecordsRoot(st.records)
		if err := st.CheckFiles(sha256.Sum256(st.file), root); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(file("root"), root[:]) {
			t.Error("the root of the records is another")
		}
		var hashes []tlog.Hash
		for all := file("hashes"); len(all) >= tlog.HashSize; all = all[tlog.HashSize:] {
			hashes = append(hashes, tlog.Hash(all))
		}
		if trust.BlocksRoot(hashes) != root {
			t.Error("the hashes of the records are others")
		}
		return st
	}
	return nil
}

// until waits for a state in which something holds.
func (s *Server) until(t testing.TB, what string, holds func(*state) bool) *state {
	t.Helper()
	for late := time.Now().Add(4 * time.Minute); ; {
		if s.Publish != nil {
			s.Publish(t)
		}
		st := s.newest(t)
		if holds(st) {
			return st
		}
		if time.Now().After(late) || s.Publish != nil {
			t.Fatalf("version %d, and not yet: %s", st.Version, what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// published waits until a person is there, or is there no more.
func (s *Server) published(t testing.TB, p *person, times int) *state {
	t.Helper()
	return s.until(t, fmt.Sprintf("a person is there %d times", times), func(st *state) bool { return p.times(st) == times })
}

// with waits until a person's record is this one.
func (s *Server) with(t testing.TB, p *person, want directory.Record) *state {
	t.Helper()
	return s.until(t, "a person's record", func(st *state) bool {
		got, found := p.in(st)
		return found && got == want
	})
}

// hourOf is the UTC hour of a state.
func hourOf(s trust.State) int64 { return s.Time.Unix() / 3600 }

// replay goes from one state to another by the changes, as a client does.
func (s *Server) replay(t testing.TB, from, to *state) {
	t.Helper()
	r := directory.NewReplay(from.tags, from.Changes)
	for hour := hourOf(from.State); hour <= hourOf(to.State); hour++ {
		path := fmt.Sprintf("/v2/changes/%d", hour)
		if hour == hourOf(to.State) {
			path += fmt.Sprintf("/%d", to.Version)
		}
		file, records := s.get(t, path), s.get(t, path+"/records")
		file.wantStatus(t, 200)
		records.wantStatus(t, 200)
		if len(file.body) == 0 {
			if len(records.body) != 0 || hour == hourOf(to.State) {
				t.Errorf("hour %d: records without changes, or nothing in the newest hour", hour)
			}
			continue
		}
		versions, raw, err := directory.ParseHour(file.body)
		if err != nil {
			t.Fatalf("hour %d: %v", hour, err)
		}
		rest := records.body
		for i := range versions {
			n := versions[i].Records() * directory.RecordSize
			if len(rest) < n {
				t.Fatalf("hour %d lacks records", hour)
			}
			for j, e := range append(versions[i].Added, versions[i].Changed...) {
				if !e.Fits(rest[directory.RecordSize*j:][:directory.RecordSize]) {
					t.Errorf("hour %d: record %d of version %d is another", hour, j, versions[i].Version)
				}
			}
			rest = rest[n:]
			if versions[i].Version <= from.Version {
				continue
			}
			if err := r.Next(&versions[i], raw[i]); err != nil {
				t.Fatalf("version %d: %v", versions[i].Version, err)
			}
		}
		if len(rest) > 0 {
			t.Errorf("hour %d has %d bytes of records too many", hour, len(rest))
		}
	}
	if r.Version() != to.Version || r.Chain() != to.Changes || !bytes.Equal(r.Tags().Append(nil), to.file) {
		t.Errorf("from version %d to %d: the changes lead to version %d, chain equal %v, tags equal %v",
			from.Version, to.Version, r.Version(), r.Chain() == to.Changes, bytes.Equal(r.Tags().Append(nil), to.file))
	}
}
