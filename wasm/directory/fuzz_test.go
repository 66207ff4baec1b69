package directory

import (
	"bytes"
	"testing"
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

// fileSeeds are all files of the vectors, good and bad.
func fileSeeds(f *testing.F) (seeds [][]byte) {
	v := readVectors(f)
	for _, file := range v.Files.Tags {
		seeds = append(seeds, file.File)
	}
	for _, file := range v.Files.Records {
		seeds = append(seeds, file.File)
	}
	for _, file := range v.Files.Deltas {
		seeds = append(seeds, file.File)
	}
	for _, file := range v.Refused {
		seeds = append(seeds, file.File)
	}
	return seeds
}

func FuzzTags(f *testing.F) {
	add(f, fileSeeds(f), 31)
	f.Fuzz(func(t *testing.T, b []byte) {
		tags, err := ParseTags(b)
		if err != nil {
			return
		}
		if !bytes.Equal(tags.Append(nil), b) {
			t.Error("encodes to something else")
		}
		for i := range int(tags.Count) {
			if from, to := tags.Find([TagSize]byte(tags.at(i))); i < from || to <= i {
				t.Errorf("tag %d is not found", i)
			}
		}
	})
}

func FuzzRecordsHeader(f *testing.F) {
	add(f, fileSeeds(f), 31)
	f.Fuzz(func(t *testing.T, b []byte) {
		if h, err := ParseRecordsHeader(b); err == nil && !bytes.HasPrefix(b, h.AppendRecords(nil)) {
			t.Error("encodes to something else")
		}
	})
}

func FuzzDelta(f *testing.F) {
	add(f, fileSeeds(f), 31)
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := ParseDelta(b)
		if err != nil {
			return
		}
		if !bytes.Equal(d.Append(nil), b) {
			t.Error("encodes to something else")
		}
	})
}

// Whatever a delta says, what it is applied to stays in order, and the way back
// leads back.
func FuzzApply(f *testing.F) {
	seeds := readVectors(f).Applied
	if len(seeds) < 12 {
		f.Fatal("no seeds")
	}
	for _, s := range seeds {
		f.Add([]byte(s.Tags), []byte(s.Delta))
	}
	f.Fuzz(func(t *testing.T, file, change []byte) {
		tags, err1 := ParseTags(file)
		d, err2 := ParseDelta(change)
		if err1 != nil || err2 != nil {
			return
		}
		next, err := tags.Apply(d)
		if err != nil {
			return
		}
		if _, err := ParseTags(next.Append(nil)); err != nil {
			t.Fatal(err)
		}
		back, err := next.Apply(Delta{d.Place, d.To, d.To, d.Removed, d.Added})
		if err != nil || !bytes.Equal(back.Packed, tags.Packed) {
			t.Errorf("the way back: %v", err)
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
	add(f, seeds, 24)
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
