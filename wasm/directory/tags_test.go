package directory

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/trust"
)

type refusedFile struct {
	Name, Reason string
	File         octets
}

type vectorEntry struct {
	Record int
	Tag    octets
}

type tagVectors struct {
	Files []struct {
		vectorPlace
		Version uint64
		Count   uint32
		K       uint8
		Name    string
		Bytes   int
		SHA256  octets
		File    octets
		Tags    []octets
		Rule    []struct{ Count, First int }
		Steps   *struct {
			Tag   octets
			Step  uint64
			Times int
		}
	}
	Refused []refusedFile
	Changes struct {
		Accepted, Refused []refusedFile
		RefusedHours      []refusedFile `json:"refused_hours"`
		Hours             []struct {
			File, Records, SHA256 octets
			RecordsSHA256         octets `json:"records_sha256"`
			First, Last           uint64
		}
		Versions []struct {
			Name                string
			Epoch               uint32
			Version             uint64
			File, SHA256, Chain octets
			Added, Changed      []vectorEntry
			Removed, Tags       []octets
			People              int
			TagsFile            octets `json:"tags_file"`
			TagsSHA256          octets `json:"tags_sha256"`
		}
		Unfit []struct {
			Name, Reason         string
			After                uint64
			Hour, Records, Chain octets
			TagsSHA256           octets `json:"tags_sha256"`
		}
	}
}

func readTagVectors(t testing.TB) *tagVectors {
	t.Helper()
	b, err := os.ReadFile("../../tests/vectors/tags.json")
	if err != nil {
		t.Fatal(err)
	}
	v := new(tagVectors)
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatal(err)
	}
	c := &v.Changes
	for _, count := range []struct {
		name      string
		got, want int
	}{
		{"files", len(v.Files), 30}, {"refused", len(v.Refused), 48}, {"accepted changes", len(c.Accepted), 2}, {"refused changes", len(c.Refused), 29},
		{"refused hours", len(c.RefusedHours), 18}, {"hours", len(c.Hours), 3}, {"versions", len(c.Versions), 20}, {"unfit", len(c.Unfit), 17},
	} {
		if count.got != count.want {
			t.Fatalf("%d %s, not %d", count.got, count.name, count.want)
		}
	}
	return v
}

// ruleTag is tag i of the vectors, ruleRecord record i.
func ruleTag(i int) uint64 {
	sum := sha256.Sum256([]byte("sealbook tags " + strconv.Itoa(i)))
	return TagNumber([TagSize]byte(sum[:]))
}

func ruleRecord(i int) []byte {
	sum := sha256.Sum256([]byte("sealbook record " + strconv.Itoa(i)))
	return slices.Concat(sum[:], sum[:])
}

func TestTagFiles(t *testing.T) {
	for _, f := range readTagVectors(t).Files {
		var list []uint64
		for _, tag := range f.Tags {
			list = append(list, TagNumber([TagSize]byte(tag)))
		}
		for _, r := range f.Rule {
			for i := range r.Count {
				list = append(list, ruleTag(r.First+i))
			}
		}
		if f.Steps != nil {
			for i := range f.Steps.Times {
				list = append(list, TagNumber([TagSize]byte(f.Steps.Tag))+uint64(i)*f.Steps.Step)
			}
		}
		tags := NewTags(f.place(), f.Version, list)
		file := tags.Append(nil)
		sum := sha256.Sum256(file)
		if tags.Count != f.Count || rice(f.Count) != f.K || len(file) != f.Bytes || !bytes.Equal(sum[:], f.SHA256) || f.File != nil && !bytes.Equal(file, f.File) {
			t.Errorf("%s: %d tags, %d bytes, %x", f.Name, tags.Count, len(file), sum)
			continue
		}
		if int64(len(file)) > MaxTagsFile(f.Count) {
			t.Errorf("%s: longer than the longest", f.Name)
		}
		got, err := ParseTags(file)
		if err != nil || got.Header != tags.Header || !slices.Equal(got.List, tags.List) {
			t.Errorf("%s: %v", f.Name, err)
		}
		checkStream(t, file)
	}
}

// checkStream reads a file of tags piece by piece, however it comes, and writes it
// again: the same tags, bytes and refusals as of the whole.
func checkStream(t testing.TB, file []byte) {
	t.Helper()
	whole, want := ParseTags(file)
	for _, r := range []io.Reader{bytes.NewReader(file), iotest.OneByteReader(bytes.NewReader(file))} {
		var list []uint64
		tags, err := NewTagsReader(r)
		for err == nil {
			var tag uint64
			if tag, err = tags.Next(); err == nil {
				list = append(list, tag)
			}
		}
		if want != nil {
			if !errors.Is(err, ErrMalformed) {
				t.Errorf("a stream of a file that is refused: %v", err)
			}
			continue
		}
		if err != io.EOF || tags.Header != whole.Header || !slices.Equal(list, whole.List) {
			t.Fatalf("%d tags of %d, %v", len(list), len(whole.List), err)
		}
		var out bytes.Buffer
		w := NewTagsWriter(&out, tags.Header)
		for _, tag := range list {
			err = w.Add(tag)
		}
		if err := w.Close(); err != nil || !bytes.Equal(out.Bytes(), file) {
			t.Errorf("a stream writes other bytes, %v", err)
		}
		if err := w.Add(end - 1); err != ErrOrder {
			t.Errorf("one tag too many: %v", err)
		}
	}
}

// wrong says whether an error is ErrMalformed with that reason.
func wrong(err error, reason string) bool {
	return errors.Is(err, ErrMalformed) && strings.HasSuffix(err.Error(), ": "+reason)
}

func TestTagFilesRefused(t *testing.T) {
	for _, r := range readTagVectors(t).Refused {
		if tags, err := ParseTags(r.File); !wrong(err, r.Reason) || tags.List != nil {
			t.Errorf("%s: %v, not %s", r.Name, err, r.Reason)
		}
		checkStream(t, r.File)
	}
}

// A writer takes tags in their order, and as many as it was told.
func TestTagsWriterRefuses(t *testing.T) {
	for name, list := range map[string][]uint64{"fewer": {1}, "back": {2, 1}, "no tag": {1, end}} {
		w := NewTagsWriter(io.Discard, Header{Version: 1, Count: 2})
		for _, tag := range list {
			w.Add(tag)
		}
		if err := w.Close(); err != ErrOrder {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A file that announces the most people without their bits costs no memory.
func TestTagFilesTakeNoMemoryBefore(t *testing.T) {
	bomb := Header{Version: 1, Count: MaxCount}.append(nil, tagsMagic, rice(MaxCount))
	bomb = append(bomb, make([]byte, 1<<20)...)
	if n := testing.AllocsPerRun(10, func() { ParseTags(bomb) }); n > 4 {
		t.Errorf("%v allocations", n)
	}
	r := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			if _, err := ParseTags(bomb); err == nil {
				b.Fatal("taken")
			}
		}
	})
	if r.AllocedBytesPerOp() > 4096 {
		t.Errorf("%d bytes", r.AllocedBytesPerOp())
	}
}

func TestChanges(t *testing.T) {
	v := readTagVectors(t).Changes
	files := map[uint64][]byte{}
	var r *Replay
	for i, f := range v.Versions {
		c := Changes{Place: Place{Epoch: f.Epoch}, Version: f.Version}
		for _, tag := range f.Removed {
			c.Removed = append(c.Removed, [TagSize]byte(tag))
		}
		for _, e := range f.Added {
			c.Added = append(c.Added, NewEntry([TagSize]byte(e.Tag), ruleRecord(e.Record)))
		}
		for _, e := range f.Changed {
			c.Changed = append(c.Changed, NewEntry([TagSize]byte(e.Tag), ruleRecord(e.Record)))
		}
		file := c.Append(nil)
		sum := sha256.Sum256(file)
		if !bytes.Equal(file, f.File) || !bytes.Equal(sum[:], f.SHA256) || len(file) != c.Size() {
			t.Errorf("%s: %x", f.Name, file)
		}
		files[f.Version] = file
		if i == 0 || f.Epoch != v.Versions[i-1].Epoch {
			r = Begin(c.Place, f.Version-1)
		}
		parsed, err := ParseChanges(file)
		if err != nil {
			t.Fatal(f.Name, err)
		}
		if err := r.Next(&parsed, file); err != nil {
			t.Fatal(f.Name, err)
		}
		chain := r.Chain()
		if !bytes.Equal(chain[:], f.Chain) {
			t.Errorf("%s: chain %x", f.Name, chain)
		}
		// The replay goes on from the epoch's beginning, and from the version before.
		tags := r.Tags()
		if got := tags.Append(nil); !bytes.Equal(got, f.TagsFile) || len(tags.List) != f.People || len(f.Tags) != f.People {
			t.Errorf("%s: tags %x", f.Name, got)
		}
		if i%2 == 1 {
			r = NewReplay(tags, r.Chain())
		}
	}
	for _, h := range v.Hours {
		var want []byte
		for version := h.First; version <= h.Last; version++ {
			want = append(want, files[version]...)
		}
		versions, raw, err := ParseHour(h.File)
		sum, sumRecords := sha256.Sum256(h.File), sha256.Sum256(h.Records)
		if err != nil || !bytes.Equal(want, h.File) || len(raw) != int(h.Last-h.First+1) || !bytes.Equal(sum[:], h.SHA256) || !bytes.Equal(sumRecords[:], h.RecordsSHA256) {
			t.Errorf("hour of %d: %v", h.First, err)
		}
		if err := FitRecords(versions, h.Records); err != nil {
			t.Errorf("hour of %d: records: %v", h.First, err)
		}
	}
	for _, a := range v.Accepted {
		if _, err := ParseChanges(a.File); err != nil {
			t.Errorf("%s: %v", a.Name, err)
		}
	}
	for _, x := range v.Refused {
		if _, err := ParseChanges(x.File); !wrong(err, x.Reason) {
			t.Errorf("%s: %v, not %s", x.Name, err, x.Reason)
		}
	}
	for _, x := range v.RefusedHours {
		if _, _, err := ParseHour(x.File); !wrong(err, x.Reason) {
			t.Errorf("%s: %v, not %s", x.Name, err, x.Reason)
		}
	}
}

// Feeds that do not lead from one state to the other, each at the step that
// finds it.
func TestChangesUnfit(t *testing.T) {
	v := readTagVectors(t).Changes
	for _, u := range v.Unfit {
		at := v.Versions[u.After-1]
		tags, err := ParseTags(at.TagsFile)
		if err != nil || at.Version != u.After {
			t.Fatal(u.Name, err)
		}
		versions, raw, err := ParseHour(u.Hour)
		if err != nil {
			t.Fatal(u.Name, err)
		}
		got := ""
		r := NewReplay(tags, tlog.Hash(at.Chain))
		for i := range versions {
			if r.Next(&versions[i], raw[i]) != nil {
				got = "replay"
			}
		}
		chain, records := r.Chain(), FitRecords(versions, u.Records)
		tagsSum := [32]byte{}
		if got == "" {
			tagsSum = sha256.Sum256(r.Tags().Append(nil))
		}
		switch {
		case got != "":
		case !bytes.Equal(chain[:], u.Chain):
			got = "chain"
		case !bytes.Equal(tagsSum[:], u.TagsSHA256):
			got = "tags"
		case records != nil:
			got = "records"
		}
		want := map[string]string{"epoch": "replay", "version": "replay", "removes": "replay", "changes": "replay",
			"chain": "chain", "tags": "tags", "length": "records", "record": "records"}[u.Reason]
		if got != want || want == "" {
			t.Errorf("%s: found by %q, not by %q", u.Name, got, want)
		}
	}
}

// A day of versions among many people costs what changed, not what there is.
func TestReplayLeavesTheRestAlone(t *testing.T) {
	var list []uint64
	for i := range 100_000 {
		list = append(list, ruleTag(i))
	}
	tags := NewTags(Place{}, 1, list)
	r := NewReplay(tags, tlog.Hash{})
	chain := tlog.Hash{}
	for i := range 2000 {
		c := Changes{Version: uint64(i + 2)}
		gone, come := NumberTag(tags.List[i*7]), NumberTag(ruleTag(200_000+i))
		c.Removed, c.Added = [][TagSize]byte{gone}, []Entry{NewEntry(come, ruleRecord(i))}
		file := c.Append(nil)
		chain = trust.Chain(chain, c.Version, sha256.Sum256(file))
		if err := r.Next(&c, file); err != nil {
			t.Fatal(err)
		}
	}
	got := r.Tags()
	if r.Chain() != chain || got.Count != 100_000 || got.Version != 2001 || !slices.IsSorted(got.List) {
		t.Errorf("%d tags of version %d", got.Count, got.Version)
	}
	if from, to := got.Find(NumberTag(ruleTag(200_500))); to-from != 1 {
		t.Error("one that came is not there")
	}
	if from, to := got.Find(NumberTag(tags.List[7])); from != to {
		t.Error("one that went is there")
	}
}

func TestNote(t *testing.T) {
	tag := [TagSize]byte{1, 2, 3, 4, 5}
	a, b := NewEntry(tag, ruleRecord(1)), NewEntry(tag, ruleRecord(2))
	var c Changes
	c.Note(nil, nil)
	c.Note(&a, &a)
	if c.Size() != ChangesHeaderSize {
		t.Error("something is noted where nothing changed")
	}
	c.Note(&a, nil)
	c.Note(nil, &b)
	c.Note(&a, &b)
	if len(c.Removed) != 1 || c.Removed[0] != tag || len(c.Added) != 1 || c.Added[0] != b || len(c.Changed) != 1 || c.Changed[0] != b {
		t.Errorf("%+v", c)
	}
}

func TestParametersFit(t *testing.T) {
	v := readVectors(t)
	var p Parameters
	if err := verifierOf(t, v).Open(v.Notes[0].Note, &p); err != nil {
		t.Fatal(err)
	}
	sum := p.SHA256()
	if !bytes.Equal(sum[:], v.ParametersSHA256) {
		t.Errorf("the hash is %s", hex.EncodeToString(sum[:]))
	}
	later := p
	later.Time = Time(time.Unix(4e9, 0))
	if later.SHA256() != sum {
		t.Error("the time is not left out")
	}
	s := trust.State{Epoch: p.Epoch, Key: [32]byte(p.PublicKey), Parameters: sum, Consent: sha256.Sum256([]byte(p.Consent.Text))}
	for _, c := range []struct {
		why    string
		change func(*trust.State)
		want   error
	}{
		{"as they are", func(*trust.State) {}, nil},
		{"another key", func(s *trust.State) { s.Key[0] ^= 1 }, ErrOtherKey},
		{"another epoch", func(s *trust.State) { s.Epoch++; s.Key[0] ^= 1 }, ErrOutdated},
		{"other terms", func(s *trust.State) { s.Consent[0] ^= 1 }, ErrOutdated},
		{"other limits", func(s *trust.State) { s.Parameters[0] ^= 1 }, ErrOutdated},
	} {
		changed := s
		c.change(&changed)
		if err := p.Fit(&changed); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.why, err)
		}
	}
}

// Reading, checking and matching the tags of a million people.
func BenchmarkTags(b *testing.B) {
	list := make([]uint64, 1_000_000)
	for i := range list {
		list[i] = ruleTag(i)
	}
	tags := NewTags(Place{Epoch: 1}, 1, list)
	file := tags.Append(nil)
	sum := sha256.Sum256(file)
	b.Run("read, check, match 1,000", func(b *testing.B) {
		for b.Loop() {
			if sha256.Sum256(file) != sum {
				b.Fatal("another file")
			}
			got, err := ParseTags(file)
			if err != nil {
				b.Fatal(err)
			}
			found := 0
			for i := range 1000 {
				if from, to := got.Find(NumberTag(ruleTag(i * 2000))); from < to {
					found++
				}
			}
			if found != 500 {
				b.Fatal(found)
			}
		}
	})
	b.Run("write", func(b *testing.B) {
		for b.Loop() {
			file = tags.Append(file[:0])
		}
	})
	b.Run("SHA-256 alone", func(b *testing.B) {
		for b.Loop() {
			sha256.Sum256(file)
		}
	})
}
