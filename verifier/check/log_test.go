package check_test

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"sealbook/site"
	"sealbook/verifier/check"
	"sealbook/verifier/release"
	"sealbook/wasm/trust"
)

// The life of a log: what is newer, older, expired, withdrawn, rotated, forked.
func TestLogs(t *testing.T) {
	p := newPublisher(t)
	one := p.publish(t, "1.0.0")
	two := p.publish(t, "1.1.0")
	see := func(files release.Files, policy string, o check.Options) *check.Report {
		h, err := site.Handler(files)
		if err != nil {
			t.Fatal(err)
		}
		return look(t, h, policy, o)
	}
	expect := func(name string, r *check.Report, code trust.Code, exit int) {
		t.Helper()
		if r.Exit() != exit || exit > 0 && (len(r.Findings) == 0 || r.Findings[0].Code != code) {
			t.Errorf("%s: %d %v", name, r.Exit(), r.Findings)
		}
	}
	known := func() *check.Known {
		k, err := check.OpenKnown(filepath.Join(t.TempDir(), "sealbook", "known.json"))
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	k := known()
	expect("the older one", see(one, p.policy, check.Options{Known: k}), "", 0)
	expect("the newer one", see(two, p.policy, check.Options{Known: k}), "", 0)
	expect("rolled back", see(one, p.policy, check.Options{Known: k}), trust.Rollback, 1)
	if k.Evidence == "" {
		t.Error("no evidence of the rollback")
	}
	// The older files, with the newer log: an old release replayed.
	mixed := maps.Clone(siteOf("1.0.0"))
	for name, data := range two {
		if strings.HasPrefix(name, "log/") {
			mixed[name] = data
		}
	}
	mixed["release.tlog-proof"] = two["release.tlog-proof"]
	expect("older files with a newer proof", see(mixed, p.policy, check.Options{}), trust.File, 1)
	mixed["release.tlog-proof"] = one["release.tlog-proof"]
	expect("an older release", see(mixed, p.policy, check.Options{}), trust.Stale, 1)
	expect("an older release, as asked for", see(mixed, p.policy, check.Options{Version: "1.0.0"}), "", 0)
	expect("another than asked for", see(two, p.policy, check.Options{Version: "1.0.0"}), trust.Stale, 1)
	expect("expired", see(two, p.policy, check.Options{Now: now.Add(301 * 24 * time.Hour)}), trust.Expired, 1)
	expect("of the future", see(two, p.policy, check.Options{Now: now.Add(-2 * time.Hour)}), trust.Rules, 1)
	expect("another publisher", see(two, newPublisherOf(t, 'q').policy, check.Options{}), trust.Key, 1)
	expect("no key at all", see(two, "quorum none\n", check.Options{}), trust.Key, 1)
	expect("the log's key alone", see(two, "log "+p.log.Verifier()+"\nquorum none\n", check.Options{}), "", 0)

	// A fork: the same two entries, then others; of the same size and greater.
	fork := newPublisher(t)
	forked := fork.publish(t, "2.0.0")
	expect("forked at a smaller size", see(forked, p.policy, check.Options{Known: k}), trust.Rollback, 1)
	same := fork.publish(t, "2.1.0")
	expect("forked at the same size", see(same, p.policy, check.Options{Known: k}), trust.Consistency, 1)
	expect("forked at a greater size", see(fork.publish(t, "2.2.0"), p.policy, check.Options{Known: k}), trust.Consistency, 1)

	withdrawal := trust.Withdrawal{Version: "1.1.0", Reason: "a mistake", Time: now}
	p.append(t, withdrawal.Text())
	expect("withdrawn", see(p.host(t, "1.1.0", siteOf("1.1.0"), p.log), p.policy, check.Options{}), trust.Withdrawn, 1)
	expect("the one before it", see(p.host(t, "1.0.0", siteOf("1.0.0"), p.log), p.policy, check.Options{}), "", 0)

	// Other keys, in two steps: both log keys sign, then the new one alone.
	newRelease, newLog := key("release", 'n'), key("log", 'm')
	keys := trust.Keys{Threshold: 2, Release: []string{p.release.Verifier(), newRelease.Verifier()}, Log: []string{p.log.Verifier(), newLog.Verifier()}}
	if err := p.entries.Append(keys.Text(), now, newRelease); !errors.Is(err, trust.Signature) {
		t.Error("rotated without the old key:", err)
	}
	p.append(t, keys.Text(), p.release, newRelease)
	files := siteOf("1.2.0")
	m := manifestOf(t, "1.2.0", files)
	made := trust.Release{Version: "1.2.0", Manifest: m.SHA256(), Time: now, Expires: now.Add(time.Hour)}
	if err := p.entries.Append(made.Text(), now, newRelease); !errors.Is(err, trust.Signature) {
		t.Error("one of two:", err)
	}
	p.append(t, made.Text(), p.release, newRelease)
	p.entries.Manifests[made.Manifest] = m.Text()
	if _, err := p.entries.Sign(now, newLog); !errors.Is(err, trust.Signature) {
		t.Error("by one of two log keys:", err)
	}
	rotated := p.host(t, "1.2.0", files, p.log, newLog)
	expect("rotated", see(rotated, p.policy, check.Options{Known: known()}), "", 0)
	keys.Log, keys.Release, keys.Threshold = keys.Log[1:], keys.Release[1:], 1
	p.append(t, keys.Text(), p.release, newRelease)
	last := p.host(t, "1.2.0", files, newLog)
	expect("the old keys gone", see(last, p.policy, check.Options{}), "", 0)
	expect("the old log key alone is pinned", see(last, "log "+p.log.Verifier()+"\nquorum none\n", check.Options{}), trust.Signature, 1)

	unknown, err := note.Sign(&note.Note{Text: "sealbook deleted v1\n"}, newRelease)
	if err != nil {
		t.Fatal(err)
	}
	later := append(slices.Clone(p.entries.Entries), unknown)
	expect("an entry of a later kind", see(hostRaw(t, last, later, newLog), p.policy, check.Options{}), trust.Kind, 2)
}

func newPublisherOf(t testing.TB, letter byte) *publisher {
	p := newPublisher(t)
	p.policy = "release " + key("release", letter).Verifier() + "\nquorum none\n"
	return p
}

// hostRaw puts entries into a host that no honest log would have.
func hostRaw(t testing.TB, files release.Files, entries [][]byte, k *release.Key) release.Files {
	t.Helper()
	all := maps.Clone(files)
	var bundle []byte
	var hashes []tlog.Hash
	for _, e := range entries {
		bundle, hashes = trust.AppendEntry(bundle, e), append(hashes, tlog.RecordHash(e))
	}
	all[fmt.Sprintf("log/tile/entries/000.p/%d", len(entries))] = bundle
	text, err := trust.SignCheckpoint(tlog.Tree{N: int64(len(entries)), Hash: trust.BlocksRoot(hashes)}, k)
	if err != nil {
		t.Fatal(err)
	}
	all["log/checkpoint"] = []byte(text)
	return all
}
