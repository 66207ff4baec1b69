package suite

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/directory"
	"sealbook/wasm/trust"
)

// files: they are the same for everybody, whatever a client says it has.
func files(t *testing.T, s *Server) {
	p := s.register(t, both...)
	st := s.published(t, p, 1)
	for _, name := range []string{"tags", "records", "root", "hashes"} {
		path := fmt.Sprintf("/v2/states/%d/%s", st.Version, name)
		plain := s.get(t, path)
		if plain.header.Get("Content-Type") != octets || plain.header.Get("Accept-Ranges") != "bytes" {
			t.Errorf("%s: %v", name, plain.header)
		}
		for _, header := range []map[string]string{
			{"If-None-Match": "*"}, {"If-None-Match": `"1"`}, {"If-Modified-Since": "Sun, 29 Nov 2099 00:00:00 GMT"},
			{"If-Match": `"x"`}, {"If-Unmodified-Since": "Sun, 29 Nov 1999 00:00:00 GMT"}, {"If-Range": `"x"`, "Range": "bytes=0-1"},
			{"Cookie": "a=b"}, {"Authorization": "Bearer " + p.credential}, {"Accept-Encoding": "gzip"},
		} {
			a := s.do(t, request{method: "GET", path: path, header: header})
			if a.status != 200 || !bytes.Equal(a.body, plain.body) {
				t.Errorf("%s with %v: %d", name, header, a.status)
			}
		}
		head := s.do(t, request{method: "HEAD", path: path})
		if head.status != 200 || len(head.body) != 0 || head.header.Get("Content-Length") != fmt.Sprint(len(plain.body)) {
			t.Errorf("HEAD %s: %d %v", name, head.status, head.header)
		}
	}
	// Another record is another version, with the same tags.
	s.putRecord(t, p, directory.Record{Flags: 5})
	after := s.with(t, p, directory.Record{Flags: 5})
	if after.Version <= st.Version {
		t.Error("a new record and no new version")
	}
	s.replay(t, st, after)
}

// ranges: one range of bytes; all else is the whole, or not there.
func ranges(t *testing.T, s *Server) {
	p, _ := s.register(t, both...), s.register(t, both...)
	path := fmt.Sprintf("/v2/states/%d/records", s.published(t, p, 1).Version)
	whole := s.get(t, path)
	size := len(whole.body)
	for _, c := range []struct {
		field    string
		from, to int // from < 0: the whole; from = to: none
	}{
		{"bytes=0-0", 0, 1},
		{"bytes=0-27", 0, 28},
		{"bytes=28-91", 28, 92},
		{"bytes=28-", 28, size},
		{"bytes=-64", size - 64, size},
		{fmt.Sprintf("bytes=%d-%d", size-1, size-1), size - 1, size},
		{fmt.Sprintf("bytes=28-%d", size+100), 28, size},
		{fmt.Sprintf("bytes=-%d", size+100), 0, size},
		{"bytes=5-99999999999999999999999", 5, size},
		{fmt.Sprintf("bytes=%d-", size), 0, 0},
		{"bytes=99999999999999999999999-", 0, 0},
		{"bytes=-0", 0, 0},
		{"bytes=0-1,4-5", -1, 0},
		{"bytes=5-4", -1, 0},
		{"bytes=a-b", -1, 0},
		{"bytes=-", -1, 0},
		{"bytes", -1, 0},
		{"records=0-1", -1, 0},
		{"bytes=+1-2", -1, 0},
	} {
		a := s.do(t, request{method: "GET", path: path, header: map[string]string{"Range": c.field}})
		switch {
		case c.from < 0:
			if a.status != 200 || !bytes.Equal(a.body, whole.body) {
				t.Errorf("%s: %d, %d bytes", c.field, a.status, len(a.body))
			}
		case c.from == c.to:
			a.want(t, directory.RangeUnsatisfiable)
			if got := a.header.Get("Content-Range"); got != fmt.Sprintf("bytes */%d", size) {
				t.Errorf("%s: Content-Range %q", c.field, got)
			}
		default:
			want := fmt.Sprintf("bytes %d-%d/%d", c.from, c.to-1, size)
			if a.status != 206 || a.header.Get("Content-Range") != want || !bytes.Equal(a.body, whole.body[c.from:c.to]) {
				t.Errorf("%s: %d, %q, %d bytes, want %s", c.field, a.status, a.header.Get("Content-Range"), len(a.body), want)
			}
		}
	}
}

// versions: they count the states, and have one way to be written.
func versions(t *testing.T, s *Server) {
	p := s.register(t, both...)
	before := s.published(t, p, 1)
	s.withdraw(t, p)
	after := s.published(t, p, 0)
	if after.Version == before.Version {
		t.Fatal("another state of the same version")
	}
	// The one before stays, as it was.
	if a := s.get(t, fmt.Sprintf("/v2/states/%d/tags", before.Version)); !bytes.Equal(a.body, before.file) {
		t.Errorf("version %d: %d, other tags", before.Version, a.status)
	}
	for _, version := range []string{"0", "-1", "00", "01", "+1", "0x1", "x", "1.0", "9007199254740991", "9007199254740992", strings.Repeat("9", 40), "%31x"} {
		for _, path := range []string{"/v2/states/" + version + "/tags", "/v2/states/" + version + "/records", "/v2/changes/1/" + version} {
			s.get(t, path).want(t, directory.VersionUnknown)
		}
	}
}

// changes lead from any version to any later one; and hours have one way to be
// written.
func changes(t *testing.T, s *Server) {
	start := s.newest(t)
	history := []*state{start}
	people := []*person{s.register(t, both...), s.register(t, both...)}
	history = append(history, s.published(t, people[1], 1))
	s.putRecord(t, people[0], directory.Record{Flags: 1})
	history = append(history, s.with(t, people[0], directory.Record{Flags: 1}))
	s.withdraw(t, people[0])
	history = append(history, s.published(t, people[0], 0))
	back := s.registerNumber(t, people[0].number, both...)
	history = append(history, s.published(t, back, 1))
	s.withdraw(t, people[1])
	now := s.published(t, people[1], 0)
	for _, old := range history {
		s.replay(t, old, now)
	}
	hour := hourOf(now.State)
	for _, path := range []string{
		fmt.Sprintf("/v2/changes/%d", hour), fmt.Sprintf("/v2/changes/%d", hour+1), fmt.Sprintf("/v2/changes/%d", hour-24*400),
		"/v2/changes/0", "/v2/changes/-1", "/v2/changes/x", fmt.Sprintf("/v2/changes/0%d", hour), "/v2/changes/" + strings.Repeat("9", 30),
		fmt.Sprintf("/v2/changes/%d/%d", hour-1, now.Version), fmt.Sprintf("/v2/changes/%d/%d", hour+1, now.Version), fmt.Sprintf("/v2/changes/0%d/%d", hour, now.Version),
	} {
		s.get(t, path).want(t, directory.HourUnknown)
	}
	s.get(t, fmt.Sprintf("/v2/changes/%d/%d", hour, now.Version+100)).want(t, directory.VersionUnknown)
}

// logOfStates: from every size to the newest, and by tiles, it is one log.
func logOfStates(t *testing.T, s *Server) {
	p := s.register(t, both...)
	s.published(t, p, 1)
	about := s.about(t)
	key, err := trust.NewVerifier(about.Log, trust.Origin(about.Name))
	if err != nil {
		t.Fatal(err)
	}
	state := s.update(t)
	size := s.log.tree.N
	// All leaves, as whoever walks the log reads them.
	var leaves [][]byte
	for first := int64(0); first < size; first += 256 {
		width := min(size-first, 256)
		path := fmt.Sprintf("/v2/log/tile/entries/%03d", first/256)
		if width < 256 {
			path += fmt.Sprintf(".p/%d", width)
		}
		a := s.get(t, path)
		a.wantStatus(t, 200)
		entries, err := trust.ParseBundle(a.body)
		if err != nil || int64(len(entries)) != width {
			t.Fatalf("%s: %d entries, %v", path, len(entries), err)
		}
		leaves = append(leaves, entries...)
	}
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (all []tlog.Hash, err error) {
		for _, i := range indexes {
			all = append(all, stored[i])
		}
		return all, nil
	})
	trees := []tlog.Tree{{}}
	var before *trust.State
	for i, leaf := range leaves {
		hashes, err := tlog.StoredHashes(int64(i), leaf, reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, hashes...)
		root, err := tlog.TreeHash(int64(i+1), reader)
		if err != nil {
			t.Fatal(err)
		}
		trees = append(trees, tlog.Tree{N: int64(i + 1), Hash: root})
		st, err := trust.ParseState(leaf)
		if err != nil || st.Version != uint64(i+1) {
			t.Fatalf("leaf %d: version %d, %v", i, st.Version, err)
		}
		if before != nil {
			if err := st.Follows(before); err != nil {
				t.Errorf("leaf %d: %v", i, err)
			}
		}
		before = &st
	}
	if trees[size] != s.log.tree || *before != state {
		t.Error("the tiles are of another log")
	}
	for from, known := range trees {
		a := s.get(t, fmt.Sprintf("/v2/log/update?from=%d", from))
		if u, err := trust.OpenUpdate(string(a.body), known, key); err != nil || u.Tree.N < size {
			t.Errorf("update from %d: %v", from, err)
		}
	}
	// From beyond the end: the client sees that the log went back.
	a := s.get(t, fmt.Sprintf("/v2/log/update?from=%d", size+100))
	a.wantStatus(t, 200)
	if !strings.HasPrefix(string(a.body), fmt.Sprintf("old %d\n\nc2sp.org", size+100)) {
		t.Error("an update from beyond the end has hashes")
	}
	for _, query := range []string{"", "?from=", "?from=-1", "?from=01", "?from=x", "?from=1.0", "?from=9007199254740992", "?From=1"} {
		s.get(t, "/v2/log/update"+query).want(t, directory.QueryMalformed)
	}
	c := s.get(t, "/v2/log/checkpoint")
	if tree, err := trust.OpenCheckpoint(string(c.body), key, trust.Witnesses{}); err != nil || tree.N < size {
		t.Errorf("checkpoint: %v", err)
	}
	width := min(size, 256)
	path := "/v2/log/tile/0/000"
	if width < 256 {
		path += fmt.Sprintf(".p/%d", width)
	}
	tile := s.get(t, path)
	for i := range width {
		if !bytes.Equal(tile.body[32*i:][:32], stored[tlog.StoredHashIndex(0, i)][:]) {
			t.Errorf("hash %d of the tile is another", i)
		}
	}
	for _, path := range []string{"0/999", "0/000.p/256", "0/000.p/0", "1/000", "7/000", "63/000", "0/x999/999", "entries/999", "entries/000.p/300", "data/000", "8/0/000", "0/0", "x", "0/000/", ""} {
		s.get(t, "/v2/log/tile/"+path).want(t, directory.NotFound)
	}
}

// records: everybody's is at the place of their tag, and is their own to change.
func records(t *testing.T, s *Server) {
	people := make([]*person, 6)
	for i := range people {
		people[i] = s.register(t, both...)
		s.putRecord(t, people[i], directory.Record{Handle: [32]byte{byte(i + 1)}, Flags: uint32(i)})
	}
	last := directory.Record{Handle: [32]byte{99}, Flags: 99}
	s.putRecord(t, people[2], last)
	st := s.with(t, people[2], last)
	for i, p := range people {
		want := directory.Record{Handle: [32]byte{byte(i + 1)}, Flags: uint32(i)}
		if i == 2 {
			want = last
		}
		if got, found := p.in(st); !found || got != want {
			t.Errorf("person %d: %v %+v", i, found, got)
		}
	}
	// While people come and records change, whoever reads gets whole states.
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for range 5 {
				s.putRecord(t, people[i], directory.Record{Flags: 1000})
			}
		})
	}
	for range 5 {
		s.newest(t)
	}
	group.Wait()
}

// hours: what an hour changed is there for eight days, and then not; an hour in
// which nothing was published has none.
func hours(t *testing.T, s *Server) {
	p := s.register(t, both...)
	first := s.published(t, p, 1)
	s.Advance(3 * time.Hour)
	s.putRecord(t, p, directory.Record{Flags: 1})
	second := s.with(t, p, directory.Record{Flags: 1})
	s.replay(t, first, second)
	hour := hourOf(first.State)
	for _, path := range []string{fmt.Sprintf("/v2/changes/%d", hour+1), fmt.Sprintf("/v2/changes/%d/records", hour+2)} {
		if a := s.get(t, path); a.status != 200 || len(a.body) != 0 {
			t.Errorf("%s: %d, %d bytes", path, a.status, len(a.body))
		}
	}
	last := func() (a answer) {
		a = s.get(t, fmt.Sprintf("/v2/changes/%d", hour))
		s.get(t, fmt.Sprintf("/v2/changes/%d/records", hour)).wantStatus(t, a.status)
		return a
	}
	whole := last()
	whole.wantStatus(t, 200)
	for range 7 {
		s.Advance(24 * time.Hour)
		s.Publish(t)
	}
	// To the second: 8 days and an hour after the hour's end.
	end := time.Unix((hour+1)*3600, 0).Add(8*24*time.Hour + time.Hour)
	s.Advance(end.Add(-time.Second).Sub(s.now(t)))
	s.Publish(t)
	if a := last(); a.status != 200 || !bytes.Equal(a.body, whole.body) {
		t.Errorf("in the last second: %d", a.status)
	}
	s.Advance(time.Second)
	last().want(t, directory.HourGone)
	s.Publish(t)
	last().want(t, directory.HourGone)
	// A version: ten minutes after the next.
	a := s.newest(t)
	s.putRecord(t, p, directory.Record{Flags: 2})
	s.with(t, p, directory.Record{Flags: 2})
	path := fmt.Sprintf("/v2/states/%d/tags", a.Version)
	s.Advance(599 * time.Second)
	s.get(t, path).wantStatus(t, 200)
	s.Advance(time.Second)
	s.get(t, path).want(t, directory.VersionGone)
	s.get(t, fmt.Sprintf("/v2/changes/%d/%d", hourOf(a.State), a.Version)).want(t, directory.VersionGone)
	s.Publish(t)
	s.get(t, path).want(t, directory.VersionGone)
}

// now is the server's time, to a second, as it tells it itself.
func (s *Server) now(t testing.TB) time.Time {
	t.Helper()
	p := s.register(t, directory.Search)
	now, err := directory.ParseTime(s.me(t, p.credential).Budget.At)
	if err != nil {
		t.Fatal(err)
	}
	return now
}

// leaves: at least one in six hours, though nothing changes.
func leaves(t *testing.T, s *Server) {
	s.Publish(t)
	before := s.newest(t)
	s.Advance(5 * time.Hour)
	s.Publish(t)
	if st := s.newest(t); st.Version != before.Version {
		t.Errorf("version %d after %d, and nothing changed", st.Version, before.Version)
	}
	s.Advance(55 * time.Minute)
	s.Publish(t)
	st := s.newest(t)
	if st.Version != before.Version+1 || !bytes.Equal(st.tags.Append(nil)[28:], before.file[28:]) {
		t.Errorf("version %d after %d", st.Version, before.Version)
	}
	s.replay(t, before, st)
}
