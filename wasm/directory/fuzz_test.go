package directory

import (
	"bytes"
	"slices"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// add gives seeds to f and fails where there are none.
func add[T []byte | string](f *testing.F, seeds []T, least int) {
	f.Helper()
	if len(seeds) < least {
		f.Fatalf("%d seeds", len(seeds))
	}
	for _, s := range seeds {
		f.Add(s)
	}
}

func FuzzTags(f *testing.F) {
	v := readTagVectors(f)
	var seeds [][]byte
	for _, file := range v.Files {
		if file.File != nil {
			seeds = append(seeds, file.File)
		}
	}
	for _, r := range v.Refused {
		seeds = append(seeds, r.File)
	}
	add(f, seeds, 60)
	f.Fuzz(func(t *testing.T, b []byte) {
		checkStream(t, b)
		tags, err := ParseTags(b)
		if err != nil {
			if tags.List != nil {
				t.Error("a list beside an error")
			}
			return
		}
		if !bytes.Equal(tags.Append(nil), b) {
			t.Error("encodes to something else")
		}
		if int64(len(b)) > MaxTagsFile(tags.Count) {
			t.Error("longer than the longest")
		}
		for i, n := range tags.List {
			if from, to := tags.Find(NumberTag(n)); i < from || to <= i {
				t.Errorf("tag %d is not found", i)
			}
		}
	})
}

// Whatever tags there are, they come back.
func FuzzTagsAppend(f *testing.F) {
	f.Add([]byte("any tags"), uint16(300))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff}, uint16(9))
	f.Fuzz(func(t *testing.T, b []byte, times uint16) {
		var list []uint64
		for ; len(b) >= TagSize; b = b[TagSize:] {
			for range 1 + int(times)%300 {
				list = append(list, TagNumber([TagSize]byte(b)))
			}
		}
		tags := NewTags(Place{Epoch: 3}, 9, list)
		file := tags.Append(nil)
		got, err := ParseTags(file)
		if err != nil || !slices.Equal(got.List, tags.List) || int64(len(file)) > MaxTagsFile(tags.Count) {
			t.Errorf("%d tags: %v", len(list), err)
		}
	})
}

func FuzzRecordsHeader(f *testing.F) {
	v := readVectors(f)
	var seeds [][]byte
	for _, file := range v.Files {
		seeds = append(seeds, file.File)
	}
	for _, file := range v.Refused {
		seeds = append(seeds, file.File)
	}
	add(f, seeds, 12)
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := ParseRecordsHeader(b); err == nil && !bytes.HasPrefix(b, h.AppendRecords(nil)) {
			t.Error("encodes to something else")
		}
	})
}

func FuzzHour(f *testing.F) {
	v := readTagVectors(f).Changes
	var seeds [][]byte
	for _, h := range v.Hours {
		seeds = append(seeds, h.File)
	}
	for _, list := range [][]refusedFile{v.Refused, v.RefusedHours, v.Accepted} {
		for _, r := range list {
			seeds = append(seeds, r.File)
		}
	}
	add(f, seeds, 50)
	f.Fuzz(func(t *testing.T, b []byte) {
		versions, raw, err := ParseHour(b)
		if err != nil {
			return
		}
		var again []byte
		for i := range versions {
			one := versions[i].Append(nil)
			if !bytes.Equal(one, raw[i]) {
				t.Errorf("version %d encodes to something else", i)
			}
			again = append(again, one...)
		}
		if !bytes.Equal(again, b) {
			t.Error("encodes to something else")
		}
	})
}

// Whatever an hour says, what it is replayed on stays in order, and counts.
func FuzzReplay(f *testing.F) {
	v := readTagVectors(f).Changes
	for _, h := range v.Hours {
		f.Add([]byte(v.Versions[0].TagsFile), []byte(h.File))
	}
	for _, u := range v.Unfit {
		f.Add([]byte(v.Versions[0].TagsFile), []byte(u.Hour))
	}
	f.Fuzz(func(t *testing.T, file, hour []byte) {
		tags, err1 := ParseTags(file)
		versions, raw, err2 := ParseHour(hour)
		if err1 != nil || err2 != nil {
			return
		}
		r := NewReplay(tags, tlog.Hash{})
		for i := range versions {
			if r.Next(&versions[i], raw[i]) != nil {
				return
			}
		}
		next := r.Tags()
		if got, err := ParseTags(next.Append(nil)); err != nil || len(got.List) != r.people {
			t.Fatal(err, r.people)
		}
	})
}

// Notes are fuzzed below their signatures, which no fuzzer guesses.
func FuzzNote(f *testing.F) {
	v := readVectors(f)
	var seeds []string
	for _, n := range v.Notes {
		seeds = append(seeds, n.Note)
	}
	for _, n := range v.RefusedNotes {
		seeds = append(seeds, n.Note)
	}
	add(f, seeds, 54)
	verifier := verifierOf(f, v)
	k := keysOf(f, v)
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range []Statement{new(Parameters), new(Receipt), new(Withdrawal)} {
			if verifier.Open(text, s) != nil {
				continue
			}
			if again, err := k.Sign(s); err != nil || again != text {
				t.Errorf("signs to something else: %v", err)
			}
		}
	})
}

func FuzzStatement(f *testing.F) {
	v := readVectors(f)
	var seeds []string
	for _, n := range v.Notes {
		s := newStatement(f, n.Kind)
		if err := verifierOf(f, v).Open(n.Note, s); err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, encode(s))
	}
	add(f, seeds, 4)
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range []Statement{new(Parameters), new(Receipt), new(Withdrawal)} {
			if decode(text, s) == nil && s.check() == nil && encode(s) != text {
				t.Error("encodes to something else")
			}
		}
	})
}

func FuzzTranscript(f *testing.F) {
	v := readVectors(f)
	seeds := []string{v.Transcript}
	for _, r := range v.RefusedTranscripts {
		seeds = append(seeds, r.Text)
	}
	add(f, seeds, 13)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseTranscript([]byte(text))
		if err == nil && string(got.Append(nil)) != text {
			t.Error("encodes to something else")
		}
	})
}

func FuzzKey(f *testing.F) {
	v := readVectors(f)
	seeds := []string{v.Keys.Verifier}
	for _, r := range v.RefusedKeys {
		seeds = append(seeds, r.Key)
	}
	add(f, seeds, 7)
	f.Fuzz(func(t *testing.T, text string) {
		if got, err := NewVerifier(text); err == nil && (got.String() != text || len(text) != len(got.Name())+1+8+1+44) {
			t.Error("a key that is not in its one form")
		}
	})
}
