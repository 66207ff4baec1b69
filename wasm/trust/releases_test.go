package trust_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"sealbook/wasm/trust"
)

// signerOf is a key for tests, by its name and a letter.
func signerOf(t testing.TB, name string, letter byte) (vkey string, signer note.Signer) {
	t.Helper()
	seed := sha256.Sum256([]byte{letter})
	private := ed25519.NewKeyFromSeed(seed[:])
	public := append([]byte{1}, private.Public().(ed25519.PublicKey)...)
	sum := sha256.Sum256(append([]byte(name+"\n"), public...))
	id := fmt.Sprintf("%08x", binary.BigEndian.Uint32(sum[:]))
	s, err := note.NewSigner("PRIVATE+KEY+" + name + "+" + id + "+" + base64.StdEncoding.EncodeToString(append([]byte{1}, seed[:]...)))
	if err != nil {
		t.Fatal(err)
	}
	return name + "+" + id + "+" + base64.StdEncoding.EncodeToString(public), s
}

func entry(t testing.TB, text string, signers ...note.Signer) []byte {
	t.Helper()
	b, err := note.Sign(&note.Note{Text: text}, signers...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// team are the keys of a host for tests: three for releases, two for logs.
type team struct {
	release, log []note.Signer
	keys         trust.Keys // all of them, with a threshold of 2
}

func newTeam(t testing.TB) team {
	k := team{keys: trust.Keys{Threshold: 2}}
	for i := range 3 {
		vkey, s := signerOf(t, "host.example/release", 'a'+byte(i))
		k.release, k.keys.Release = append(k.release, s), append(k.keys.Release, vkey)
	}
	for i := range 2 {
		vkey, s := signerOf(t, "host.example/log", 'x'+byte(i))
		k.log, k.keys.Log = append(k.log, s), append(k.keys.Log, vkey)
	}
	return k
}

var (
	day = 24 * time.Hour
	now = time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)
)

func made(version string, at time.Time) string {
	r := trust.Release{Version: version, Manifest: sha256.Sum256([]byte(version)), Time: at, Expires: at.Add(365 * day)}
	return r.Text()
}

func back(version string, at time.Time) string {
	w := trust.Withdrawal{Version: version, Reason: "it was not right", Time: at}
	return w.Text()
}

func TestVectorsWalk(t *testing.T) {
	v := readVectors(t)
	var entries [][]byte
	for _, e := range v.Release.Entries {
		entries = append(entries, []byte(e))
	}
	r, err := trust.Walk(entries, now)
	if err != nil {
		t.Fatal(err)
	}
	if r.Tree != (tlog.Tree{N: 3, Hash: v.Release.Root}) || len(r.List) != 2 || r.Keys.Origin() != "sealbook.example/log" {
		t.Errorf("%+v", r)
	}
	for _, text := range []string{v.Release.Checkpoint, v.Release.Cosigned} {
		if err := r.OpenCheckpoint(text); err != nil {
			t.Error(err)
		}
	}
	if err := r.OpenCheckpoint(v.Fork); !errors.Is(err, trust.Consistency) {
		t.Error(err)
	}
	m, err := trust.ParseManifest([]byte(v.Release.Manifest))
	if err != nil {
		t.Fatal(err)
	}
	newest, err := r.Newest(now)
	if err != nil || newest.Version != "1.1.0" || newest.Manifest != m.SHA256() || string(m.Text()) != v.Release.Manifest {
		t.Errorf("%v %+v", err, newest)
	}
	if f := m.File("site/index.html"); f == nil || !f.Is([]byte("hello\n")) || f.Is([]byte("hallo\n")) || m.File("site/x") != nil || len(m.Below("site/")) != 1 {
		t.Errorf("%+v", m.Files)
	}
	files, err := r.Tiles()
	if err != nil || len(files) != 2 || string(files[v.Release.BundlePath]) != string(v.Release.Bundle) || len(files["tile/0/000.p/3"]) != 96 {
		t.Errorf("%v: %d files", err, len(files))
	}
	p, err := r.Prove(2, v.Release.Cosigned)
	if err != nil || string(p.Append(nil)) != v.Release.Proof {
		t.Error("another proof", err)
	}
	if _, err := r.Newest(now.Add(400 * day)); !errors.Is(err, trust.Expired) {
		t.Error(err)
	}
}

// What a log may have, and what it may not: rotation, threshold, expiry,
// withdrawal.
func TestWalk(t *testing.T) {
	k := newTeam(t)
	two, one := k.keys, k.keys
	two.Log = two.Log[:1]
	one.Threshold, one.Release, one.Log = 1, one.Release[2:], one.Log[1:]
	all, ab, c := k.release, k.release[:2], k.release[2:]
	at := now.Add(-30 * day)
	begin := entry(t, two.Text(), all...)
	first := entry(t, made("1.0.0", at), ab...)
	rotated := entry(t, one.Text(), all...)
	other, err := trust.ParseKeys(two.Text())
	if err != nil || !other.Same(&two) || two.Same(&one) {
		t.Fatal(err)
	}
	elsewhere := trust.Keys{Threshold: 1}
	key, foreign := signerOf(t, "other.example/release", 'a')
	elsewhere.Release = []string{key}
	key, _ = signerOf(t, "other.example/log", 'a')
	elsewhere.Log = []string{key}
	unknown := entry(t, "sealbook deleted v1\nversion 1.0.0\n", ab...)
	broken := slices.Clone(first)
	broken[len(broken)-8] ^= 1

	for _, c := range []struct {
		name    string
		code    trust.Code // "": it may be
		entries [][]byte
	}{
		{"keys alone", "", [][]byte{begin}},
		{"a release by two of three", "", [][]byte{begin, first}},
		{"by all three", "", [][]byte{begin, entry(t, made("1.0.0", at), all...)}},
		{"two releases", "", [][]byte{begin, first, entry(t, made("1.1.0-rc.1", at), ab...), entry(t, made("1.1.0", at), ab...)}},
		{"withdrawn", "", [][]byte{begin, first, entry(t, back("1.0.0", at), ab...)}},
		{"rotated", "", [][]byte{begin, first, rotated, entry(t, made("1.1.0", at), c...)}},
		{"signed by a stranger too", "", [][]byte{begin, entry(t, made("1.0.0", at), all[0], all[1], foreign)}},
		{"4 minutes ahead", "", [][]byte{begin, entry(t, made("1.0.0", now.Add(4*time.Minute)), ab...)}},

		{"nothing", trust.Format, nil},
		{"not a note", trust.Format, [][]byte{[]byte("sealbook keys v1\n")}},
		{"a release first", trust.Rules, [][]byte{first}},
		{"keys without all new ones", trust.Signature, [][]byte{entry(t, two.Text(), ab...)}},
		{"keys by nobody known", trust.Signature, [][]byte{entry(t, two.Text(), foreign)}},
		{"a release by one of three", trust.Signature, [][]byte{begin, entry(t, made("1.0.0", at), all[0])}},
		{"by a stranger", trust.Signature, [][]byte{begin, entry(t, made("1.0.0", at), foreign)}},
		{"a byte of a signature", trust.Signature, [][]byte{begin, broken}},
		{"by an old key after a rotation", trust.Signature, [][]byte{begin, rotated, entry(t, made("1.0.0", at), ab...)}},
		{"rotated without the old keys", trust.Signature, [][]byte{begin, entry(t, one.Text(), c...)}},
		{"rotated without the new key", trust.Signature, [][]byte{begin, entry(t, one.Text(), ab...)}},
		{"rotated to another host", trust.Rules, [][]byte{begin, entry(t, elsewhere.Text(), append(slices.Clone(ab), foreign)...)}},
		{"a version that falls", trust.Rules, [][]byte{begin, first, entry(t, made("0.9.0", at), ab...)}},
		{"a version twice", trust.Rules, [][]byte{begin, first, entry(t, made("1.0.0", at), ab...)}},
		{"a pre-release after it", trust.Rules, [][]byte{begin, first, entry(t, made("1.0.0-rc.1", at), ab...)}},
		{"a time that falls", trust.Rules, [][]byte{begin, first, entry(t, made("1.1.0", at.Add(-time.Second)), ab...)}},
		{"a time of the future", trust.Rules, [][]byte{begin, entry(t, made("1.0.0", now.Add(6*time.Minute)), ab...)}},
		{"expires at once", trust.Rules, [][]byte{begin, entry(t, strings.Replace(made("1.0.0", at), "expires "+at.Add(365*day).Format(time.RFC3339), "expires "+at.Format(time.RFC3339), 1), ab...)}},
		{"expires after 401 days", trust.Rules, [][]byte{begin, entry(t, strings.Replace(made("1.0.0", at), "expires "+at.Add(365*day).Format(time.RFC3339), "expires "+at.Add(401*day).Format(time.RFC3339), 1), ab...)}},
		{"withdrawn twice", trust.Rules, [][]byte{begin, first, entry(t, back("1.0.0", at), ab...), entry(t, back("1.0.0", at), ab...)}},
		{"withdrawn before it is", trust.Rules, [][]byte{begin, entry(t, back("1.0.0", at), ab...), first}},
		{"a kind of later", trust.Kind, [][]byte{begin, unknown}},
		{"a release with a line more", trust.Format, [][]byte{begin, entry(t, made("1.0.0", at)+"more 1\n", ab...)}},
		{"a version with v", trust.Format, [][]byte{begin, entry(t, made("v1.0.0", at), ab...)}},
		{"a version with build metadata", trust.Format, [][]byte{begin, entry(t, made("1.0.0+1", at), ab...)}},
		{"a short version", trust.Format, [][]byte{begin, entry(t, made("1.0", at), ab...)}},
		{"a reason that a terminal obeys", trust.Format, [][]byte{begin, first, entry(t, strings.Replace(back("1.0.0", at), "it was", "it\u202ewas", 1), ab...)}},
		{"a threshold of 0", trust.Format, [][]byte{entry(t, strings.Replace(two.Text(), "threshold 2", "threshold 0", 1), all...)}},
		{"a threshold of 4 of 3", trust.Format, [][]byte{entry(t, strings.Replace(two.Text(), "threshold 2", "threshold 4", 1), all...)}},
		{"a key twice", trust.Format, [][]byte{entry(t, strings.Replace(two.Text(), "release "+two.Release[1], "release "+two.Release[0], 1), all...)}},
		{"no key of a log", trust.Format, [][]byte{entry(t, strings.Split(two.Text(), "log ")[0], all...)}},
	} {
		r, err := trust.Walk(c.entries, now)
		if c.code == "" && err != nil || c.code != "" && !errors.Is(err, c.code) {
			t.Errorf("%s: %v, not %q", c.name, err, string(c.code))
		}
		if (r == nil) != (c.code != "") {
			t.Errorf("%s: a result beside an error", c.name)
		}
	}

	r, err := trust.Walk([][]byte{begin, first, entry(t, made("1.1.0", at), ab...), entry(t, back("1.1.0", at), ab...), rotated}, now)
	if err != nil {
		t.Fatal(err)
	}
	if newest, err := r.Newest(now); err != nil || newest.Version != "1.0.0" {
		t.Errorf("%+v %v", newest, err)
	}
	if err := r.Version("1.1.0").Standing(now); !errors.Is(err, trust.Withdrawn) || r.Version("3.0.0") != nil {
		t.Error(err)
	}
	// After the rotation the other key signs checkpoints.
	for i, want := range []error{trust.Signature, nil} {
		text, err := trust.SignCheckpoint(r.Tree, k.log[i])
		if err != nil {
			t.Fatal(err)
		}
		if err := r.OpenCheckpoint(text); !errors.Is(err, want) {
			t.Errorf("log key %d: %v", i, err)
		}
	}
	for n := range int64(6) {
		root, err := r.Root(n)
		if err != nil || r.Grown(tlog.Tree{N: n, Hash: root}) != nil || r.Grown(tlog.Tree{N: n, Hash: tlog.Hash{1}}) == nil {
			t.Errorf("%d entries: %v", n, err)
		}
		proof, err := r.Consistency(n)
		if err != nil || trust.Follow(r.Tree, tlog.Tree{N: n, Hash: root}, proof) != nil {
			t.Errorf("%d entries: %v", n, err)
		}
	}
	if err := r.Grown(tlog.Tree{N: 6}); !errors.Is(err, trust.Rollback) {
		t.Error(err)
	}
}

// A log of several tiles is served whole, and older partial tiles still are.
func TestTiles(t *testing.T) {
	k := newTeam(t)
	k.keys.Threshold, k.keys.Release = 1, k.keys.Release[:1]
	entries := [][]byte{entry(t, k.keys.Text(), k.release[0])}
	for i := range 599 {
		entries = append(entries, entry(t, made(fmt.Sprintf("1.%d.0", i), now.Add(-day)), k.release[0]))
	}
	r, err := trust.Walk(entries, now)
	if err != nil {
		t.Fatal(err)
	}
	files, err := r.Tiles()
	if err != nil || len(files) != 7 {
		t.Fatalf("%v: %d files", err, len(files))
	}
	var again [][]byte
	for _, path := range []string{"tile/entries/000", "tile/entries/001", "tile/entries/002.p/88"} {
		list, err := trust.ParseBundle(files[path])
		if err != nil {
			t.Fatal(path, err)
		}
		again = append(again, list...)
	}
	if len(again) != 600 || string(again[599]) != string(entries[599]) {
		t.Errorf("%d entries", len(again))
	}
	for path, there := range map[string]bool{
		"tile/1/000.p/2": true, "tile/1/000.p/1": true, "tile/1/000.p/3": false, "tile/0/001.p/3": true, "tile/0/002.p/89": false, "tile/2/000.p/1": false,
		"tile/entries/002.p/88": true, "tile/entries/002.p/87": true, "tile/entries/002.p/89": false, "tile/entries/003": false, "tile/entries/x999/x999/x999/999": false, "tile/0/x999/x999/x999/999": false, "tile/7/000": false,
	} {
		tile, err := trust.ParseTile(path)
		if err != nil {
			t.Fatal(path, err)
		}
		if _, err := r.Tile(tile); (err == nil) != there {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestManifestRefuses(t *testing.T) {
	good := readVectors(t).Release.Manifest
	file := good[strings.Index(good, "file "):]
	change := func(from, to string) string {
		if !strings.Contains(good, from) {
			t.Fatal(from)
		}
		return strings.Replace(good, from, to, 1)
	}
	if _, err := trust.ParseManifest([]byte(change("go 1.26.8", "module example.org/sealbook h1:abc=\ngo 1.26.8"))); err != nil {
		t.Error(err)
	}
	for name, text := range map[string]string{
		"nothing": "", "another format": change("manifest v1", "manifest v2"), "no end of line": strings.TrimSuffix(good, "\n"), "an empty line": good + "\n",
		"carriage returns": strings.ReplaceAll(good, "\n", "\r\n"), "a file twice": good + file, "no file": strings.TrimSuffix(good, file), "no tool": change("go 1.26.8\n", ""),
		"lines that are not sorted": change(file, strings.Replace(file, "5891", "ffff", 1)+file),
		"a file before a header":    change("header *", file+"header *"), "a field for all and for one": change("header /index.html Content-Security-Policy", "header /index.html x-content-type-options"),
		"capitals": change("5891b5b5", "5891B5B5"), "a short commit": change("3f1c0de5", "3f1c"), "a size with zeros": change(" 6 sha384", " 06 sha384"), "a negative size": change(" 6 sha384", " -6 sha384"),
		"another hash": change("sha384-", "sha512-"), "loose base64": change("8rqM site", "8rqN= site"), "a blank more": change("nosniff", "nosniff "), "a blank in a path": change("site/index.html", "site/index html"),
		"out of the folder": change("site/index.html", "site/../index.html"), "an absolute path": change("site/index.html", "/site/index.html"), "another folder": change("site/index.html", "other/index.html"),
		"a path without a name": change("site/index.html", "site/"), "a device": change("site/index.html", "site/c:x"), "a backslash": change("site/index.html", `site/..\x`),
		"a field without a value": change("nosniff", ""), "a field's name with a blank": change("X-Content-Type-Options", "X Content"), "a tool twice": change("llvm 19.1.7", "tinygo 19"), "letters outside ASCII": change("nosniff", "nösniff"),
		"a version with v": change("version 1.1.0", "version v1.1.0"), "too long": good + strings.Repeat("x", trust.MaxManifest),
	} {
		if m, err := trust.ParseManifest([]byte(text)); !errors.Is(err, trust.Format) || m != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPolicy(t *testing.T) {
	v := readVectors(t)
	var entries [][]byte
	for _, e := range v.Release.Entries {
		entries = append(entries, []byte(e))
	}
	r, err := trust.Walk(entries, now)
	if err != nil {
		t.Fatal(err)
	}
	release, log, other := "release "+v.Keys["release"].Vkey+"\n", "log "+v.Keys["log"].Vkey+"\n", "log "+v.Keys["same_name_other_key"].Vkey+" https://log.example/\n"
	one, two := "witness one "+v.Keys["witness_one"].Vkey+"\n", "witness two "+v.Keys["witness_two"].Vkey+" https://witness.example/\n"
	for _, c := range []struct {
		name, text   string
		code         trust.Code // of the keys, "" for none
		of, cosigned trust.Code // of the witnesses, of a checkpoint without and with theirs
	}{
		{"the log's key", log + "quorum none\n", "", "", ""},
		{"the release keys", release + log + "quorum none # yet\n\n", "", "", ""},
		{"another log key", other + "quorum none\n", trust.Signature, "", ""},
		{"either", other + log + "quorum none\n", trust.Signature, "", ""},
		{"another threshold", release + strings.Replace(release, v.Keys["release"].Vkey, must(signerOf(t, "sealbook.example/release", 'q')), 1) + "threshold 2\nquorum none\n", trust.Key, "", ""},
		{"nobody", "quorum none\n", trust.Key, "", ""},
		{"a directory's log", "log " + v.Keys["directory_log"].Vkey + "\nquorum none\n", trust.Key, "", ""},
		{"one witness", log + one + "quorum one\n", "", trust.Witness, ""},
		{"any", log + one + two + "group g any one two\nquorum g\n", "", trust.Witness, ""},
		{"all", log + one + two + "group g all one two\nquorum g\n", "", trust.Witness, ""},
		{"a third", log + one + two + "witness three " + strings.TrimPrefix(other, "log ")[:len(v.Keys["same_name_other_key"].Vkey)] + "\ngroup g 2 one two\ngroup h all g three\nquorum h\n", "", trust.Witness, trust.Witness},
	} {
		p, err := trust.ParsePolicy(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if err := p.Check(r, v.Release.Checkpoint); c.code == "" && err != nil || c.code != "" && !errors.Is(err, c.code) {
			t.Errorf("%s: %v", c.name, err)
		}
		for text, want := range map[string]trust.Code{v.Release.Checkpoint: c.of, v.Release.Cosigned: c.cosigned} {
			list, err := p.Cosigned(text, now)
			if want == "" && err != nil || want != "" && !errors.Is(err, want) {
				t.Errorf("%s: %v", c.name, err)
			}
			if text == v.Release.Cosigned && len(list) != min(2, len(p.Witnesses)) {
				t.Errorf("%s: %v", c.name, list)
			}
		}
	}
	p, err := trust.ParsePolicy(log + one + "quorum none\n")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Cosigned(v.Release.Cosigned, now.Add(-300*day)); !errors.Is(err, trust.Signature) {
		t.Error("a cosignature of the future:", err)
	}
	for _, text := range []string{
		"", log, "quorum none\nquorum none\n", log + "quorum one\n", "nonsense\nquorum none\n", "log x\nquorum none\n", "release " + v.Keys["log"].Vkey + "\nquorum none\n",
		"witness one\nquorum none\n", one + one + "quorum one\n", one + "group g 2 one\nquorum g\n", one + "group g 0 one\nquorum g\n", one + "group g any one one\nquorum g\n", one + "group g any g\nquorum g\n",
		one + "group g any one\ngroup h any one\nquorum h\n", "witness none " + v.Keys["witness_one"].Vkey + "\nquorum none\n", release + "threshold 2\nquorum none\n", "threshold 0\nquorum none\n",
	} {
		if _, err := trust.ParsePolicy(text); !errors.Is(err, trust.Format) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func must(s string, _ note.Signer) string { return s }

func FuzzManifest(f *testing.F) {
	good := readVectors(f).Release.Manifest
	for _, s := range []string{good, strings.Replace(good, "go 1.26.8", "module a h1:b\ngo 1", 1), "", "sealbook manifest v1\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if m, err := trust.ParseManifest([]byte(text)); err == nil && string(m.Text()) != text {
			t.Error("writes something else")
		}
	})
}

func FuzzEntry(f *testing.F) {
	v := readVectors(f)
	for _, e := range v.Release.Entries {
		f.Add(e, e)
	}
	k := newTeam(f)
	f.Add(string(entry(f, k.keys.Text(), k.release...)), string(entry(f, back("1.0.0", now), k.release...)))
	f.Fuzz(func(t *testing.T, first, second string) {
		r, err := trust.Walk([][]byte{[]byte(first), []byte(second)}, now)
		if err == nil && r.Tree.N != 2 {
			t.Error("another size")
		}
		for _, text := range []string{first, second} {
			if k, err := trust.ParseKeys(text); err == nil && k.Text() != text {
				t.Error("keys: writes something else")
			}
			if r, err := trust.ParseRelease(text); err == nil && r.Text() != text {
				t.Error("release: writes something else")
			}
			if w, err := trust.ParseWithdrawal(text); err == nil && w.Text() != text {
				t.Error("withdrawal: writes something else")
			}
		}
	})
}

func FuzzPolicy(f *testing.F) {
	v := readVectors(f)
	f.Add("log "+v.Keys["log"].Vkey+"\nwitness a "+v.Keys["witness_one"].Vkey+"\ngroup g any a\nquorum g\n", v.Release.Cosigned)
	f.Add("quorum none\n", v.Release.Checkpoint)
	f.Fuzz(func(t *testing.T, text, checkpoint string) {
		if p, err := trust.ParsePolicy(text); err == nil {
			p.Cosigned(checkpoint, now)
		}
	})
}
