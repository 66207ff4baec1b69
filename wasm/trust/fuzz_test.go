package trust_test

import (
	"bytes"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/trust"
)

// seeds are the inputs of the vectors whose kind begins so, and more.
func seeds(f *testing.F, kind string, more ...string) {
	f.Helper()
	v := readVectors(f)
	n := len(more)
	for _, s := range more {
		f.Add(s)
	}
	for _, list := range [][]judged{v.Accepted, v.Refused} {
		for _, j := range list {
			if len(j.Kind) >= len(kind) && j.Kind[:len(kind)] == kind {
				f.Add(j.Input)
				n++
			}
		}
	}
	if n < 8 {
		f.Fatalf("%d seeds", n)
	}
}

func FuzzState(f *testing.F) {
	seeds(f, "state", readVectors(f).Directory.States...)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := trust.ParseState([]byte(text))
		if err == nil && string(s.Leaf()) != text {
			t.Error("writes something else")
		}
		if err != nil && s != (trust.State{}) {
			t.Error("a state beside an error")
		}
	})
}

func FuzzProof(f *testing.F) {
	v := readVectors(f)
	seeds(f, "proof", v.Release.Proof, "c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n", "c2sp.org/tlog-proof@v1\nindex 0\n\n")
	log := v.verifier(f, "log")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := trust.ParseProof([]byte(text))
		if err != nil {
			return
		}
		if string(p.Append(nil)) != text {
			t.Error("writes something else")
		}
		p.Open(log, trust.Witnesses{})
	})
}

func FuzzUpdate(f *testing.F) {
	v := readVectors(f)
	d := v.Directory
	seeds(f, "update", d.From0, d.From1, d.From2, d.From2To3)
	log := v.verifier(f, "directory_log")
	f.Fuzz(func(t *testing.T, text string) {
		for _, known := range []tlog.Tree{{}, d.Tree1.tree(), d.Tree2.tree()} {
			u, err := trust.OpenUpdate(text, known, log)
			if err == nil && u.Tree != d.Tree2.tree() && u.Tree != d.Tree3.tree() && u.Tree != d.Tree1.tree() {
				t.Error("a tree that was never signed")
			}
		}
	})
}

func FuzzCheckpoint(f *testing.F) {
	v := readVectors(f)
	seeds(f, "checkpoint", v.Release.Checkpoint, v.Release.Cosigned, v.Fork)
	log := v.verifier(f, "log")
	f.Fuzz(func(t *testing.T, text string) {
		if tree, err := trust.OpenCheckpoint(text, log, trust.Witnesses{}); err == nil && tree.N > 3 {
			t.Error("a tree that was never signed")
		}
	})
}

func FuzzTile(f *testing.F) {
	for _, s := range []string{"tile/0/000", "tile/1/x001/234.p/5", "tile/entries/000.p/3", "tile/entries/x001/x234/067", "tile/data/000", "tile/0/00", "tile/8/0/000", "tile/0/000.p/256", "tile/0/000.p/0", "tile/64/000", "tile/entries/x001/234.p/5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		if tile, err := trust.ParseTile(path); err == nil && tile.String() != path {
			t.Errorf("writes %q", tile.String())
		}
	})
}

func FuzzBundle(f *testing.F) {
	f.Add(readVectors(f).Release.Bundle)
	f.Add([]byte{0, 0})
	f.Add([]byte{0, 2, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		entries, err := trust.ParseBundle(b)
		if err != nil {
			return
		}
		var again []byte
		for _, e := range entries {
			again = trust.AppendEntry(again, e)
		}
		if !bytes.Equal(again, b) {
			t.Error("writes something else")
		}
	})
}

func FuzzSubmission(f *testing.F) {
	v := readVectors(f)
	checkpoint := v.Release.Checkpoint
	hash := "NLBFa7geb0vdd3LAsbPwaSpWf96GcdoGjMiStXH1A/o=\n"
	seeds := []string{"old 0\n\n" + checkpoint, "old 2\n" + hash + hash + "\n" + checkpoint, "old 2\n" + hash, "old 02\n\n" + checkpoint,
		"old 9007199254740992\n\n" + checkpoint, "old 1\r\n\n" + checkpoint, "old 1\n\n", "old 1\n" + hash[:43] + "\n\n" + checkpoint}
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := trust.ParseSubmission(text)
		if err != nil {
			if s.Checkpoint != "" || s.Old != 0 || s.Consistency != nil {
				t.Error("a submission beside an error")
			}
			return
		}
		if s.Text() != text || len(s.Consistency) > trust.MaxConsistency {
			t.Error("writes something else")
		}
		if _, tree, err := trust.ReadCheckpoint(s.Checkpoint); err == nil && (tree.N < 0 || tree.N > trust.MaxInteger) {
			t.Error("a size beyond what is read")
		}
	})
}
