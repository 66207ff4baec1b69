//go:build old

package suite

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"sealbook/wasm/directory"
)

// files: tags and records go together, change with what is in them and else not.
func files(t *testing.T, s *Server) {
	p := s.register(t, both...)
	a := s.get(t, "/v1/buckets/0/tags")
	tags, err := directory.ParseTags(a.body)
	if err != nil {
		t.Fatal(err)
	}
	records := s.get(t, "/v1/buckets/0/records")
	header, err := directory.ParseRecordsHeader(records.body)
	if err != nil || header != tags.Header || len(records.body) != directory.HeaderSize+directory.RecordSize*int(header.Count) {
		t.Fatalf("%v, %+v and %+v, %d bytes", err, header, tags.Header, len(records.body))
	}
	want := fmt.Sprintf(`"%d-%d-%d"`, tags.Epoch, tags.BucketBits, tags.Version)
	for _, a := range []answer{a, records} {
		if a.header.Get("ETag") != want || a.header.Get("Cache-Control") != "public, max-age=60" || a.header.Get("Content-Type") != octets || a.header.Get("Accept-Ranges") != "bytes" {
			t.Errorf("%v, want ETag %s", a.header, want)
		}
	}
	for _, name := range []string{"tags", "records"} {
		path := "/v1/buckets/0/" + name
		for _, field := range []string{want, "W/" + want, `"x", ` + want, "*"} {
			a := s.do(t, request{method: "GET", path: path, header: map[string]string{"If-None-Match": field}})
			if a.status != 304 || len(a.body) != 0 || a.header.Get("ETag") != want {
				t.Errorf("If-None-Match %s: %d", field, a.status)
			}
		}
		s.do(t, request{method: "GET", path: path, header: map[string]string{"If-None-Match": `"x"`}}).wantStatus(t, 200)
		head := s.do(t, request{method: "HEAD", path: path})
		if head.status != 200 || len(head.body) != 0 || head.header.Get("ETag") != want {
			t.Errorf("HEAD: %d %v", head.status, head.header)
		}
	}
	// Another record is another version, with the same tags.
	s.putRecord(t, p, directory.Record{Flags: 5})
	after := s.do(t, request{method: "GET", path: "/v1/buckets/0/tags", header: map[string]string{"If-None-Match": want}})
	after.wantStatus(t, 200)
	if !bytes.Equal(after.body[directory.HeaderSize:], tags.Packed) || after.header.Get("ETag") == want {
		t.Error("a new record changes the tags, or no version")
	}
}

// ranges: one range of bytes; all else is the whole, or not there.
func ranges(t *testing.T, s *Server) {
	s.register(t, both...)
	s.register(t, both...)
	path := "/v1/buckets/0/records"
	whole := s.get(t, path)
	size := len(whole.body)
	for _, c := range []struct {
		field    string
		from, to int // from < 0: the whole; from = to: none
	}{
		{"bytes=0-0", 0, 1},
		{"bytes=0-27", 0, 28},
		{"bytes=28-91", 28, 92},
		{"bytes=92-", 92, size},
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
	for _, c := range []struct {
		condition string
		status    int
	}{{whole.header.Get("ETag"), 206}, {`"x"`, 200}} {
		a := s.do(t, request{method: "GET", path: path, header: map[string]string{"Range": "bytes=0-1", "If-Range": c.condition}})
		a.wantStatus(t, c.status)
	}
}

// deltas lead from any version to the present tags.
func deltas(t *testing.T, s *Server) {
	delta := func(since uint64) directory.Delta {
		t.Helper()
		a := s.get(t, fmt.Sprintf("/v1/buckets/0/delta?since=%d", since))
		a.wantStatus(t, 200)
		d, err := directory.ParseDelta(a.body)
		if err != nil || d.From != since {
			t.Fatalf("delta from %d: %v", d.From, err)
		}
		return d
	}
	start := s.tags(t)
	history := []directory.Tags{start}
	people := []*person{s.register(t, both...), s.register(t, both...)}
	history = append(history, s.tags(t))
	s.putRecord(t, people[0], directory.Record{Flags: 1})
	history = append(history, s.tags(t))
	s.withdraw(t, people[0])
	history = append(history, s.tags(t))
	s.registerNumber(t, people[0].number, both...)
	history = append(history, s.tags(t))
	s.withdraw(t, people[1])
	now := s.tags(t)
	for _, old := range append(history, now) {
		got, err := old.Apply(delta(old.Version))
		if err != nil || got.Version != now.Version || !bytes.Equal(got.Packed, now.Packed) {
			t.Errorf("from version %d: %v", old.Version, err)
		}
	}
	if d := delta(history[1].Version); len(d.Added) != 0 || len(d.Removed) != directory.TagSize {
		t.Errorf("who went and came again is in the delta: %d added, %d removed", len(d.Added)/5, len(d.Removed)/5)
	}
	if d := delta(now.Version); len(d.Added)+len(d.Removed) != 0 {
		t.Error("changes since now")
	}
	for _, since := range []string{"", "0", "-1", "01", "1.0", "x", fmt.Sprint(now.Version + 1), "9007199254740992", "18446744073709551616"} {
		s.get(t, "/v1/buckets/0/delta?since="+since).want(t, directory.VersionGone)
	}
	s.get(t, "/v1/buckets/0/delta").want(t, directory.VersionGone)
}

// buckets: with no bits there is one.
func buckets(t *testing.T, s *Server) {
	for _, bucket := range []string{"1", "00", "01", "-0", "+0", "0x0", "x", "4294967295", "4294967296", strings.Repeat("9", 40), "0%20"} {
		for _, file := range []string{"tags", "records", "delta?since=1"} {
			s.get(t, "/v1/buckets/"+bucket+"/"+file).want(t, directory.BucketUnknown)
		}
	}
}

// records: everybody's is at the place of their tag, and is their own to change.
func records(t *testing.T, s *Server) {
	people := make([]*person, 6)
	for i := range people {
		people[i] = s.register(t, both...)
		s.putRecord(t, people[i], directory.Record{Handle: [32]byte{byte(i + 1)}, Flags: uint32(i)})
	}
	s.putRecord(t, people[2], directory.Record{Handle: [32]byte{99}, Flags: 99})
	for i, p := range people {
		want := directory.Record{Handle: [32]byte{byte(i + 1)}, Flags: uint32(i)}
		if i == 2 {
			want = directory.Record{Handle: [32]byte{99}, Flags: 99}
		}
		if got, found := s.find(t, p); !found || got != want {
			t.Errorf("person %d: %v %+v", i, found, got)
		}
	}
}
